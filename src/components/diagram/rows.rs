//! Where ruler, lanes and footer of the diagram are, in pixels from its top.

use hustings_raft::NodeId;

/// The rows of the diagram of so many servers.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::components) struct Rows {
    /// The distance between lanes.
    lane: f64,
    servers: f64,
}

/// The height of the ruler at the top.
pub(in super::super) const TOP: f64 = 26.0;
/// The height of the row at the foot: captions, violations, and how many messages.
pub(in super::super) const FOOT: f64 = 14.0;
/// The distance between lanes; more servers than this many have less of it.
const LANE: f64 = 28.0;
const LANES_WIDE: f64 = 5.0;
const LANE_MIN: f64 = 18.0;
/// Where there is a lot of room.
const LANE_MAX: f64 = 140.0;

impl Rows {
    /// The rows for so many servers, higher than usual if there is that much room for them.
    pub(in crate::components) fn within(room: f64, servers: u8) -> Self {
        let servers = f64::from(servers);
        let usual = (LANE * LANES_WIDE / servers.max(LANES_WIDE)).max(LANE_MIN);
        let lane = ((room - TOP - FOOT) / servers).clamp(usual, LANE_MAX);
        Self { lane, servers }
    }

    /// The distance between lanes.
    pub(in super::super) fn lane(self) -> f64 {
        self.lane
    }

    pub(super) fn y(self, server: NodeId) -> f64 {
        self.middle(server.number() - 1)
    }

    /// The middle of a lane, counted from 0.
    pub(in super::super) fn middle(self, lane: u8) -> f64 {
        TOP + (f64::from(lane) + 0.5) * self.lane
    }

    /// Where the last lane ends.
    pub(in super::super) fn bottom(self) -> f64 {
        TOP + self.servers * self.lane
    }

    pub(in crate::components) fn height(self) -> f64 {
        self.bottom() + FOOT
    }

    pub(in super::super) fn is_ruler(self, y: f64) -> bool {
        y < TOP
    }
}
