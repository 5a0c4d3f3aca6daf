//! Where ruler, lanes and footer of the diagram are, in pixels from its top.

use hustings_raft::NodeId;

/// The rows of the diagram of so many servers.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Rows(pub(super) u8);

/// The height of the ruler at the top.
pub(super) const TOP: f64 = 26.0;
/// The height of the row at the foot: captions, violations, and how many messages.
pub(super) const FOOT: f64 = 14.0;
/// The distance between lanes; more servers than this many have less of it.
const LANE: f64 = 28.0;
const LANES_WIDE: f64 = 5.0;
const LANE_MIN: f64 = 18.0;

impl Rows {
    /// The distance between lanes.
    pub(super) fn lane(self) -> f64 {
        (LANE * LANES_WIDE / f64::from(self.0).max(LANES_WIDE)).max(LANE_MIN)
    }

    pub(super) fn y(self, server: NodeId) -> f64 {
        TOP + (f64::from(server.number()) - 0.5) * self.lane()
    }

    /// Where the last lane ends.
    pub(super) fn bottom(self) -> f64 {
        TOP + f64::from(self.0) * self.lane()
    }

    pub(super) fn height(self) -> f64 {
        self.bottom() + FOOT
    }

    pub(super) fn is_ruler(self, y: f64) -> bool {
        y < TOP
    }
}
