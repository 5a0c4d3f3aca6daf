//! Positions on the stage, in units of the drawing.
//!
//! Directions are unit vectors, not angles: a ring needs only the sine and cosine of the
//! angle between neighbours, which are in a table.

use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::{Add, Mul, Neg, Sub};

use hustings_lab::{Flight, Link, Run};
use hustings_raft::NodeId;

use super::super::network::groups;

/// A position on the stage, or a vector; x to the right, y downwards.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The origin: the centre of the stage, and of each drawing in its own coordinates.
pub(super) const CENTRE: Point = Point { x: 0.0, y: 0.0 };
/// Straight up, of length 1.
const UP: Point = Point { x: 0.0, y: -1.0 };

impl Add for Point {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

impl Sub for Point {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Point {
    type Output = Self;

    fn neg(self) -> Self {
        self * -1.0
    }
}

impl Mul<f64> for Point {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            x: self.x * factor,
            y: self.y * factor,
        }
    }
}

impl Point {
    pub(super) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The unit vector towards another point; up if they are equal.
    pub(super) fn towards(self, other: Self) -> Self {
        let way = other - self;
        let length = way.length();
        if length > 0.0 {
            way * (1.0 / length)
        } else {
            UP
        }
    }

    /// Linear interpolation.
    pub(super) fn between(self, other: Self, fraction: f64) -> Self {
        self + (other - self) * fraction
    }

    /// This direction turned clockwise by 90°.
    pub(super) fn right(self) -> Self {
        Self {
            x: -self.y,
            y: self.x,
        }
    }

    /// This direction turned clockwise by the angle of a sine and cosine.
    fn turned(self, (sine, cosine): (f64, f64)) -> Self {
        Self {
            x: self.x * cosine - self.y * sine,
            y: self.x * sine + self.y * cosine,
        }
    }
}

/// Sine and cosine of the angle between neighbours in a ring of n servers, at n − 1.
const STEPS: [(f64, f64); NodeId::MAX as usize] = [
    (0.0, 1.0),
    (0.0, -1.0),
    (0.866_025_403_784_438_6, -0.5),
    (1.0, 0.0),
    (0.951_056_516_295_153_6, 0.309_016_994_374_947_45),
    (0.866_025_403_784_438_6, 0.5),
    (0.781_831_482_468_029_8, 0.623_489_801_858_733_6),
    (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
    (0.642_787_609_686_539_3, 0.766_044_443_118_978),
];

/// The unit vectors to `count` positions in a ring, from the top, clockwise.
pub(super) fn around(count: u8) -> impl Iterator<Item = Point> {
    let step = usize::from(count)
        .checked_sub(1)
        .and_then(|place| STEPS.get(place))
        .copied()
        .unwrap_or((0.0, 1.0));
    std::iter::successors(Some(UP), move |direction| Some(direction.turned(step)))
        .take(usize::from(count))
}

/// The positions of the servers in a ring, S1 at the top, clockwise. The groups of a
/// partition are moved apart.
pub(super) struct Ring {
    places: Vec<Point>,
    /// The radius of a server.
    pub(super) server: f64,
    /// Distance between neighbours without a partition.
    chord: f64,
}

/// Offset of each direction of a link from the line between its servers, in units of the
/// drawing.
const LANE: f64 = 9.0;
/// Space for a server with its timer and badge, in multiples of its radius.
const EXTENT: f64 = 1.46;
/// Gap between a server's edge and the ends of a message's path, in units of the drawing.
const GAP: f64 = 23.0;
/// Distance by which an isolated server is moved out of the ring, in units of the drawing.
const SEPARATION: f64 = 56.0;
/// A server dropped further than this from all others, in multiples of the distance
/// between neighbours, is isolated.
const DETACH_DISTANCE: f64 = 1.12;

impl Ring {
    pub(super) fn of(run: &Run) -> Self {
        let servers = run.ids().len();
        let (server, radius) = match servers {
            1 => (58.0, 0.0),
            2..=5 => (58.0, 200.0),
            6..=7 => (52.0, 210.0),
            _ => (46.0, 230.0),
        };
        let directions: Vec<_> = around(servers).collect();
        let direction = |id: NodeId| {
            let place = usize::from(id.number()) - 1;
            directions.get(place).copied().unwrap_or(UP)
        };
        let groups = groups(run);
        let place = |id: NodeId| {
            let group = groups.iter().find(|group| group.contains(id));
            let members = group.into_iter().flat_map(|group| group.iter());
            // A ring without partition has its centre of gravity at the centre.
            let middle = members.clone().map(direction).fold(CENTRE, Add::add);
            let away = middle * (SEPARATION / members.count().max(1) as f64);
            direction(id) * radius + away
        };
        let neighbours = directions.get(1).map_or(0.0, |it| (*it - UP).length());
        Self {
            places: run.ids().iter().map(place).collect(),
            server,
            chord: neighbours * radius,
        }
    }

    /// The bounding box of the drawing: left, top, width, height.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let room = self.server * EXTENT;
        let span = |of: fn(&Point) -> f64| {
            let ends = self.places.iter().map(of);
            let (least, most) = ends.fold((f64::MAX, f64::MIN), |(least, most), it| {
                (least.min(it), most.max(it))
            });
            (least - room, most - least + 2.0 * room)
        };
        let ((left, width), (top, height)) = (span(|it| it.x), span(|it| it.y));
        [left, top, width, height]
    }

    /// The direction from the centre to a server.
    pub(super) fn direction(&self, id: NodeId) -> Point {
        CENTRE.towards(self.place(id))
    }

    pub(super) fn place(&self, id: NodeId) -> Point {
        let place = usize::from(id.number()) - 1;
        self.places.get(place).copied().unwrap_or(CENTRE)
    }

    /// The server whose group a server joins when dropped at a point; `None` if it is too
    /// far from all others.
    pub(super) fn nearest_in_reach(&self, id: NodeId, dropped: Point) -> Option<NodeId> {
        let others = NodeId::first(self.places.len() as u8).filter(|other| *other != id);
        let far = |other: NodeId| (self.place(other) - dropped).length();
        let near = others.filter(|other| far(*other) < self.chord * DETACH_DISTANCE);
        near.min_by(|one, other| far(*one).total_cmp(&far(*other)))
    }

    /// Start and end of a link's path. The two directions are side by side.
    pub(super) fn lane(&self, link: Link) -> (Point, Point) {
        let (from, to) = (self.place(link.from), self.place(link.to));
        let ahead = from.towards(to);
        let aside = ahead.right() * LANE;
        let reach = ahead * (self.server + GAP);
        (from + reach + aside, to - reach + aside)
    }

    /// The position of a message at a time in milliseconds.
    pub(super) fn flight(&self, flight: &Flight, clock: f64) -> Point {
        let (start, end) = self.lane(flight.link);
        let way = flight.due_at.since(flight.sent_at).0 as f64;
        let gone = clock - flight.sent_at.0 as f64;
        // Overdue messages are drawn next to the receiver.
        let fraction = if way > 0.0 { gone / way } else { 1.0 };
        start.between(end, fraction.clamp(0.0, 1.0))
    }
}

/// A number with one decimal. Formatting it as an integer avoids linking float formatting
/// (code size).
pub(in super::super) fn num(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// Joins numbers, each after a string.
pub(in super::super) fn path(parts: &[(&str, f64)]) -> String {
    let mut path = String::new();
    for (before, value) in parts {
        path.push_str(before);
        path.push_str(&num(*value));
    }
    path
}

/// The `transform` attribute that moves a drawing to a point.
pub(super) fn at(place: Point) -> String {
    path(&[("translate(", place.x), (" ", place.y)]) + ")"
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::Script;

    fn ring(servers: u8, cuts: &str) -> Ring {
        let script = Script::parse(&format!("cluster {servers}\n{cuts}\n")).expect("a script");
        Ring::of(&script.run().expect("a run").run)
    }

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn apart(p: Point, q: Point) -> f64 {
        (p.x - q.x).hypot(p.y - q.y)
    }

    #[test]
    fn a_ring_starts_at_the_top_goes_clockwise_and_closes() {
        for count in 1..=NodeId::MAX {
            let places: Vec<_> = around(count).collect();
            assert_eq!(places.len(), usize::from(count));
            assert_eq!(places[0], UP);
            let step = STEPS[usize::from(count) - 1];
            let last = places[places.len() - 1];
            assert!(apart(last.turned(step), UP) < 1e-9, "{count} close");
            assert!(count < 3 || places[1].x > 0.0, "{count} go clockwise");
        }
    }

    #[test]
    fn the_two_directions_of_a_link_do_not_overlap() {
        let ring = ring(3, "");
        let link = Link {
            from: id(1),
            to: id(2),
        };
        let ((a, b), (c, d)) = (ring.lane(link), ring.lane(link.back()));
        assert!(apart(a, d) > LANE && apart(b, c) > LANE);
    }

    #[test]
    fn no_two_servers_touch_in_the_largest_cluster() {
        let ring = ring(9, "");
        assert!(apart(ring.place(id(1)), ring.place(id(2))) > 2.0 * (ring.server + GAP));
    }

    #[test]
    fn a_partition_moves_its_groups_apart() {
        let (whole, cut) = (ring(5, ""), ring(5, "partition S1 S2 | S3 S4 S5"));
        let gap = |ring: &Ring, one, two| apart(ring.place(id(one)), ring.place(id(two)));
        assert!(gap(&cut, 2, 3) > gap(&whole, 2, 3) + SEPARATION);
        assert!((gap(&cut, 1, 2) - gap(&whole, 1, 2)).abs() < 1e-9);
        let one_way = ring(5, "cut S1->S2");
        assert!(apart(one_way.place(id(1)), whole.place(id(1))) < 1e-9);
    }

    #[test]
    fn a_dropped_server_joins_the_nearest_unless_it_is_far_from_all() {
        for servers in 2..=NodeId::MAX {
            let ring = ring(servers, "");
            let out = ring.place(id(1)) + UP * 70.0;
            assert_eq!(ring.nearest_in_reach(id(1), out), None, "{servers}");
            let near = ring.place(id(2)) + UP * 30.0;
            assert_eq!(ring.nearest_in_reach(id(1), near), Some(id(2)), "{servers}");
        }
    }

    #[test]
    fn numbers_have_one_decimal() {
        let written = [0.0, 1.25, -1.25, -0.01, 200.0].map(num);
        assert_eq!(written, ["0.0", "1.3", "-1.3", "0.0", "200.0"]);
    }
}
