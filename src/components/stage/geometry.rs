//! Where things stand on the stage, in the units of its drawing.

use std::f64::consts::TAU;

use hustings_lab::{Flight, Link};
use hustings_raft::NodeId;

/// A place on the stage; x to the right, y downwards.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    /// A place on a circle around this one; angles in radians, 0 at the top,
    /// clockwise.
    pub(super) fn at_angle(self, angle: f64, radius: f64) -> Self {
        Self {
            x: self.x + radius * angle.sin(),
            y: self.y - radius * angle.cos(),
        }
    }

    /// The place a fraction of the way to another.
    pub(super) fn towards(self, other: Self, fraction: f64) -> Self {
        Self {
            x: self.x + (other.x - self.x) * fraction,
            y: self.y + (other.y - self.y) * fraction,
        }
    }

    /// The direction to another place.
    pub(super) fn angle_to(self, other: Self) -> f64 {
        (other.x - self.x).atan2(self.y - other.y)
    }
}

/// The servers in a ring, S1 at the top, clockwise.
pub(super) struct Ring {
    servers: u8,
    /// The radius of the ring.
    radius: f64,
    /// The radius of a server.
    pub(super) server: f64,
}

/// How far apart the two directions of a link run.
const LANE: f64 = 9.0;
/// How far a server reaches with its timer and its badge, in its own radii.
const ROOM: f64 = 1.4;
/// The gap between a server's edge and where messages start and end.
const GAP: f64 = 19.0;

impl Ring {
    pub(super) fn of(servers: u8) -> Self {
        let server = match servers {
            0..=5 => 58.0,
            6..=7 => 52.0,
            _ => 44.0,
        };
        let radius = if servers == 1 { 0.0 } else { 200.0 };
        Self {
            servers,
            radius,
            server,
        }
    }

    /// The part of the plane that the drawing needs. An odd ring is flat at the
    /// bottom, so it needs less there.
    pub(super) fn view_box(&self) -> String {
        let edge = self.radius + self.server * ROOM;
        let bottom = match self.servers % 2 {
            1 => edge - self.radius * (1.0 - (TAU / 2.0 / f64::from(self.servers)).cos()),
            _ => edge,
        };
        format!(
            "{:.0} {:.0} {:.0} {:.0}",
            -edge,
            -edge,
            2.0 * edge,
            edge + bottom
        )
    }

    /// The direction of a server from the middle.
    pub(super) fn angle(&self, id: NodeId) -> f64 {
        f64::from(id.number() - 1) / f64::from(self.servers) * TAU
    }

    pub(super) fn place(&self, id: NodeId) -> Point {
        Point { x: 0.0, y: 0.0 }.at_angle(self.angle(id), self.radius)
    }

    /// Where a link begins and ends. The two directions run side by side.
    pub(super) fn lane(&self, link: Link) -> (Point, Point) {
        let (from, to) = (self.place(link.from), self.place(link.to));
        let ahead = from.angle_to(to);
        let right = ahead + TAU / 4.0;
        let reach = self.server + GAP;
        (
            from.at_angle(ahead, reach).at_angle(right, LANE),
            to.at_angle(ahead, -reach).at_angle(right, LANE),
        )
    }

    /// Where a message is at a time in milliseconds.
    pub(super) fn flight(&self, flight: &Flight, clock: f64) -> Point {
        let (start, end) = self.lane(flight.link);
        let way = flight.due_at.since(flight.sent_at).0 as f64;
        let gone = clock - flight.sent_at.0 as f64;
        // What is due but held up by hand waits at its receiver's door.
        let fraction = if way > 0.0 { gone / way } else { 1.0 };
        start.towards(end, fraction.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    #[test]
    fn the_first_server_stands_at_the_top() {
        let place = Ring::of(5).place(id(1));
        assert!(place.x.abs() < 1e-9 && place.y < 0.0);
    }

    #[test]
    fn the_two_directions_of_a_link_do_not_overlap() {
        let ring = Ring::of(3);
        let link = Link {
            from: id(1),
            to: id(2),
        };
        let ((a, b), (c, d)) = (ring.lane(link), ring.lane(link.back()));
        let apart = |p: Point, q: Point| (p.x - q.x).hypot(p.y - q.y);
        assert!(apart(a, d) > LANE && apart(b, c) > LANE);
    }

    #[test]
    fn no_two_servers_touch_in_the_largest_cluster() {
        let ring = Ring::of(9);
        let (a, b) = (ring.place(id(1)), ring.place(id(2)));
        assert!((a.x - b.x).hypot(a.y - b.y) > 2.0 * (ring.server + GAP));
    }
}
