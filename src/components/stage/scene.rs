//! Where everything stands on the stage, in units of the drawing.

use hustings_lab::{Flight, Link, Run};
use hustings_raft::{NodeId, NodeSet};

use super::super::network::groups;
use super::ellipse::on_ellipse;
use super::point::{CENTRE, Point};

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rect {
    /// Its corner at the top left.
    pub(super) corner: Point,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    fn is_wide(self) -> bool {
        self.width >= self.height
    }

    pub(super) fn contains(self, point: Point) -> bool {
        let Point { x, y } = point - self.corner;
        (0.0..=self.width).contains(&x) && (0.0..=self.height).contains(&y)
    }

    /// The area that it shares with another, or with what is so near to the other.
    pub(super) fn overlap(self, other: Self, near: f64) -> f64 {
        let shared = |from: f64, length: f64, other: f64, its_length: f64| {
            let end = (from + length).min(other + its_length + near);
            (end - from.max(other - near)).max(0.0)
        };
        let (at, its) = (self.corner, other.corner);
        shared(at.x, self.width, its.x, other.width)
            * shared(at.y, self.height, its.y, other.height)
    }

    /// How far another is away from it, edge to edge.
    pub(super) fn distance(self, other: Self) -> f64 {
        let gap = |from: f64, length: f64, other: f64, its_length: f64| {
            (other - from - length)
                .max(from - other - its_length)
                .max(0.0)
        };
        let (at, its) = (self.corner, other.corner);
        Point {
            x: gap(at.x, self.width, its.x, other.width),
            y: gap(at.y, self.height, its.y, other.height),
        }
        .length()
    }

    /// Parts of it side by side or, if it is high, one below the other; each as large as
    /// its weight, with gaps between them.
    fn split(self, weights: &[f64]) -> Vec<Self> {
        let gaps = GAP_OF_ISLANDS * (weights.len().max(1) - 1) as f64;
        let whole: f64 = weights.iter().sum();
        let length = if self.is_wide() {
            self.width
        } else {
            self.height
        };
        let mut from = 0.0;
        let part = |weight: &f64| {
            let long = (length - gaps) * weight / whole;
            let at = from;
            from += long + GAP_OF_ISLANDS;
            if self.is_wide() {
                let corner = self.corner + Point { x: at, y: 0.0 };
                Self {
                    corner,
                    width: long,
                    ..self
                }
            } else {
                let corner = self.corner + Point { x: 0.0, y: at };
                Self {
                    corner,
                    height: long,
                    ..self
                }
            }
        };
        weights.iter().map(part).collect()
    }
}

/// Servers that are connected, and the ground that they stand on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Island {
    pub(super) members: NodeSet,
    pub(super) ground: Rect,
}

/// Where everything stands on the stage, in units of the drawing: connected servers in a
/// ring, clockwise; those of a partition on islands of their own.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Scene {
    places: Vec<Point>,
    pub(super) islands: Vec<Island>,
    /// The radius of a server.
    pub(super) server: f64,
    pub(super) size: Point,
}

/// Offset of each direction of a link from the line between its servers.
const LANE: f64 = 10.0;
/// Space beside, above and below a server's body: for its timer with votes on it, its
/// crown and words.
const BESIDE: f64 = 30.0;
const ABOVE: f64 = 45.0;
const BELOW: f64 = 42.0;
/// Between a server's edge and the ends of a message's path.
const GAP: f64 = 24.0;
const GAP_OF_ISLANDS: f64 = 22.0;
/// The height of an island's label.
const LABEL: f64 = 32.0;
/// The least space between the bodies of two servers.
const APART: f64 = 40.0;
/// An island is never smaller than for this much more than its members.
const EXTRA_MEMBERS: f64 = 0.7;
/// The most islands side by side.
const ISLANDS_IN_A_ROW: usize = 4;
/// How much wider than high a ring may be.
const WIDEST: f64 = 3.0;

/// The size of the drawing, in units, for a stage of a size in pixels: a server is about
/// as large whatever the shape of the stage.
fn canvas(shown: Point) -> Point {
    let aspect = (shown.x / shown.y.max(1.0)).clamp(0.45, 3.4);
    let (width, height) = if aspect >= 1.25 {
        (400.0 * aspect, 400.0)
    } else {
        (500.0, 500.0 / aspect)
    };
    Point {
        x: width,
        y: height,
    }
}

impl Scene {
    /// The scene of a run on a stage of a size in pixels.
    pub(super) fn of(run: &Run, shown: Point) -> Self {
        let size = canvas(shown);
        let servers = run.ids().len();
        let server: f64 = match servers {
            0..=5 => 64.0,
            6..=7 => 54.0,
            _ => 48.0,
        };
        let islands = islands(groups(run), size);
        let mut scene = Self {
            places: vec![CENTRE; usize::from(servers)],
            islands,
            server,
            size,
        };
        scene.place_all();
        scene.server = scene.largest_server(server);
        scene.place_all();
        scene
    }

    fn place_all(&mut self) {
        let labelled = self.islands.len() > 1;
        for Island { members, ground } in &self.islands {
            let places = places(members.iter().count(), *ground, self.server, labelled);
            for (id, place) in members.iter().zip(places) {
                if let Some(it) = self.places.get_mut(usize::from(id.number()) - 1) {
                    *it = place;
                }
            }
        }
    }

    /// The largest radius up to `wished` with which no two servers touch.
    fn largest_server(&self, wished: f64) -> f64 {
        let pairs = self.places.iter().enumerate().flat_map(|(number, one)| {
            let others = self.places.iter().skip(number + 1);
            others.map(move |other| (*one - *other).length())
        });
        let narrow = self.islands.iter().map(|island| {
            let Rect { width, height, .. } = island.ground;
            (width - 2.0 * BESIDE).min(height - LABEL - ABOVE - BELOW)
        });
        let apart = pairs.map(|it| it - APART);
        let room = apart.chain(narrow).fold(2.0 * wished, f64::min);
        (room / 2.0).max(18.0)
    }

    /// The same with a server elsewhere, while it is dragged.
    pub(super) fn with(mut self, server: NodeId, place: Point) -> Self {
        if let Some(it) = self.places.get_mut(usize::from(server.number()) - 1) {
            *it = place;
        }
        self
    }

    /// The direction from the centre of its island to a server.
    pub(super) fn direction(&self, id: NodeId) -> Point {
        let here = self.place(id);
        let island = self.island_of(id);
        let middle = island.map_or(CENTRE, |Island { ground, .. }| {
            ground.corner
                + Point {
                    x: ground.width / 2.0,
                    y: ground.height / 2.0,
                }
        });
        middle.towards(here)
    }

    pub(super) fn place(&self, id: NodeId) -> Point {
        let place = usize::from(id.number()) - 1;
        self.places.get(place).copied().unwrap_or(CENTRE)
    }

    /// What a server takes up: its timer, its crown and the role below.
    pub(super) fn room_of(&self, id: NodeId) -> Rect {
        let beside = self.server * 1.16 + 8.0;
        let (above, below) = (self.server + ABOVE * 0.6, self.server + BELOW);
        let up = Point {
            x: beside,
            y: above,
        };
        Rect {
            corner: self.place(id) - up,
            width: 2.0 * beside,
            height: above + below,
        }
    }

    /// What all servers take up.
    pub(super) fn servers(&self) -> impl Iterator<Item = Rect> {
        let all = NodeId::first(self.places.len() as u8);
        all.map(|id| self.room_of(id))
    }

    /// What messages on a link and its ends take up, in parts.
    pub(super) fn room_of_lane(&self, link: Link) -> Vec<Rect> {
        let (from, to) = self.lane(link);
        let part = |number: u8| {
            let half = Point { x: 16.0, y: 16.0 };
            Rect {
                corner: from.between(to, f64::from(number) / 8.0) - half,
                width: 32.0,
                height: 32.0,
            }
        };
        let ends = [self.room_of(link.from), self.room_of(link.to)];
        (0..=8).map(part).chain(ends).collect()
    }

    pub(super) fn island_of(&self, id: NodeId) -> Option<&Island> {
        self.islands.iter().find(|it| it.members.contains(id))
    }

    /// What dropping a server at a point does to the network.
    pub(super) fn drop_at(&self, id: NodeId, point: Point) -> Drop {
        let near = |other: &NodeId| (self.place(*other) - point).length() < self.server * 1.8;
        let mut others = self.others(id);
        if let Some(other) = others.find(near) {
            return Drop::Joins(other);
        }
        if (self.place(id) - point).length() < self.server * 1.2 {
            return Drop::Stays;
        }
        if self.islands.len() < 2 {
            return Drop::Alone;
        }
        match self.islands.iter().find(|it| it.ground.contains(point)) {
            Some(island) if island.members.contains(id) => Drop::Stays,
            Some(island) => island
                .members
                .iter()
                .next()
                .map_or(Drop::Alone, Drop::Joins),
            None => Drop::Alone,
        }
    }

    fn others(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        NodeId::first(self.places.len() as u8).filter(move |other| *other != id)
    }

    /// Start and end of a link's path. The two directions are side by side.
    pub(super) fn lane(&self, link: Link) -> (Point, Point) {
        let (from, to) = (self.place(link.from), self.place(link.to));
        let ahead = from.towards(to);
        let aside = ahead.right() * LANE;
        let reach = ahead * (self.server + GAP).min((to - from).length() * 0.45);
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

/// What dropping a dragged server does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Drop {
    /// Nothing: it was dropped among its own.
    Stays,
    /// It joins the group of another.
    Joins(NodeId),
    /// It is cut off from all others.
    Alone,
}

/// The grounds of groups of servers, on a stage of this size. A single group has all of it.
fn islands(groups: Vec<NodeSet>, size: Point) -> Vec<Island> {
    let whole = Rect {
        corner: CENTRE,
        width: size.x,
        height: size.y,
    };
    let weight = |group: &NodeSet| group.iter().count() as f64 + EXTRA_MEMBERS;
    let rows: Vec<_> = if groups.len() > ISLANDS_IN_A_ROW {
        groups.chunks(groups.len().div_ceil(2)).collect()
    } else {
        vec![&*groups]
    };
    // Rows lie across the longer side of the stage.
    let height = whole.height / rows.len() as f64;
    let width = whole.width / rows.len() as f64;
    let row = |number: usize| {
        let number = number as f64;
        if whole.is_wide() {
            let corner = Point {
                x: 0.0,
                y: number * height,
            };
            Rect {
                corner,
                height: height - GAP_OF_ISLANDS.min(height) / 4.0,
                ..whole
            }
        } else {
            let corner = Point {
                x: number * width,
                y: 0.0,
            };
            Rect {
                corner,
                width: width - GAP_OF_ISLANDS.min(width) / 4.0,
                ..whole
            }
        }
    };
    let in_row = |(number, groups): (usize, &&[NodeSet])| {
        let weights: Vec<_> = groups.iter().map(weight).collect();
        let grounds = row(number).split(&weights);
        let islands = groups.iter().zip(grounds);
        islands
            .map(|(members, ground)| Island {
                members: *members,
                ground,
            })
            .collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(in_row).collect()
}

/// The places of `count` servers of this radius in a ring that fills its ground.
fn places(count: usize, ground: Rect, server: f64, labelled: bool) -> Vec<Point> {
    let label = if labelled { LABEL } else { 0.0 };
    let above = server + ABOVE + label / 2.0;
    let below = server + BELOW + label;
    let beside = server + BESIDE;
    let inner = Point {
        x: (ground.width - 2.0 * beside).max(0.0),
        y: (ground.height - above - below).max(0.0),
    };
    let middle = ground.corner
        + Point {
            x: ground.width / 2.0,
            y: (ground.height + above - below) / 2.0,
        };
    let radii = Point {
        x: inner.x.min(inner.y.max(server * 2.0) * WIDEST) / 2.0,
        y: inner.y.min(inner.x.max(server * 2.0) * WIDEST) / 2.0,
    };
    let beside_top = count.is_multiple_of(2) && ground.is_wide();
    let ring = on_ellipse(count, radii, beside_top);
    let ends = |of: fn(&Point) -> f64| {
        let all = ring.iter().map(of);
        all.fold((f64::MAX, f64::MIN), |(least, most), it| {
            (least.min(it), most.max(it))
        })
    };
    let ((left, right), (top, bottom)) = (ends(|it| it.x), ends(|it| it.y));
    // A ring of few servers does not reach the edges of its ellipse everywhere.
    let stretch = |radius: f64, from: f64, to: f64| {
        if to - from > 1.0 {
            2.0 * radius / (to - from)
        } else {
            1.0
        }
    };
    let (wider, higher) = (stretch(radii.x, left, right), stretch(radii.y, top, bottom));
    let centre = |from: f64, to: f64| (from + to) / 2.0;
    ring.iter()
        .map(|it| {
            middle
                + Point {
                    x: (it.x - centre(left, right)) * wider,
                    y: (it.y - centre(top, bottom)) * higher,
                }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::Script;

    /// A stage of 1280 by 720, one of 1920 by 1080, a phone's.
    const STAGES: [Point; 3] = [
        Point { x: 774.0, y: 345.0 },
        Point {
            x: 1184.0,
            y: 690.0,
        },
        Point { x: 380.0, y: 420.0 },
    ];

    fn scene(servers: u8, cuts: &str, shown: Point) -> Scene {
        let script = Script::parse(&format!("cluster {servers}\n{cuts}\n")).expect("a script");
        Scene::of(&script.run().expect("a run").run, shown)
    }

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn apart(p: Point, q: Point) -> f64 {
        (p - q).length()
    }

    #[test]
    fn no_two_servers_touch_and_all_are_on_the_stage_whatever_its_shape_and_partition() {
        for shown in STAGES {
            for servers in 1..=NodeId::MAX {
                for cuts in ["", "isolate S1", "partition S1"] {
                    if servers == 1 && !cuts.is_empty() {
                        continue;
                    }
                    let scene = scene(servers, cuts, shown);
                    for one in NodeId::first(servers) {
                        let place = scene.place(one);
                        let r = scene.server;
                        assert!(
                            (r..=scene.size.x - r).contains(&place.x)
                                && (r..=scene.size.y - r).contains(&place.y),
                            "{one} of {servers} at {place:?} with {cuts:?} on {shown:?}"
                        );
                        for other in scene.others(one) {
                            let gap = apart(place, scene.place(other)) - 2.0 * r;
                            assert!(gap > 10.0, "{one}, {other} of {servers}: {gap}, {cuts:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_server_of_five_is_at_least_110_pixels_wide_at_1280_by_720_and_190_at_1920_by_1080() {
        for (shown, least) in [(STAGES[0], 110.0), (STAGES[1], 190.0)] {
            let scene = scene(5, "", shown);
            let scale = shown.y / scene.size.y;
            assert!(2.0 * scene.server * scale >= least, "{shown:?}");
        }
    }

    #[test]
    fn the_two_directions_of_a_link_do_not_overlap() {
        let scene = scene(3, "", STAGES[0]);
        let link = Link {
            from: id(1),
            to: id(2),
        };
        let ((a, b), (c, d)) = (scene.lane(link), scene.lane(link.back()));
        assert!(apart(a, d) > LANE && apart(b, c) > LANE);
    }

    #[test]
    fn the_groups_of_a_partition_stand_on_grounds_that_do_not_overlap() {
        for shown in STAGES {
            let scene = scene(5, "partition S1 S2 | S3 S4 S5", shown);
            let [one, other] = &*scene.islands else {
                panic!("two islands")
            };
            for member in one.members.iter() {
                assert!(one.ground.contains(scene.place(member)));
                assert!(!other.ground.contains(scene.place(member)));
            }
        }
    }

    #[test]
    fn one_cut_one_way_makes_no_islands() {
        assert_eq!(scene(5, "cut S1->S2", STAGES[0]).islands.len(), 1);
    }

    #[test]
    fn a_server_dropped_on_another_joins_it_and_in_the_middle_stands_alone() {
        let scene = scene(5, "", STAGES[0]);
        assert_eq!(scene.drop_at(id(1), scene.place(id(2))), Drop::Joins(id(2)));
        assert_eq!(scene.drop_at(id(1), scene.place(id(1))), Drop::Stays);
        let middle = scene.size * 0.5;
        assert_eq!(scene.drop_at(id(1), middle), Drop::Alone);
    }
}
