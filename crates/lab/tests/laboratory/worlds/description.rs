//! A description of a world from what can be seen of it: what its digest stands for.

use std::collections::BTreeMap;

use hustings_lab::{Done, Fact, NoTime, Server, World};
use hustings_raft::{ClientReply, Input, LogIndex, Message, NodeId, Position, RoleName, Timer};

use super::walk::Walk;

/// The parts of a world by their names. Two are equal if the same can happen next, but for
/// the time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Description(BTreeMap<&'static str, String>);

impl Description {
    pub fn of(walk: &Walk) -> Self {
        let mut parts = BTreeMap::new();
        for server in walk.world.servers() {
            for (part, content) in of_server(walk, server) {
                let all: &mut String = parts.entry(part).or_default();
                *all += &format!("{}: {content}\n", server.id());
            }
        }
        parts.insert("messages", messages(&walk.world));
        parts.insert("cuts", cuts(&walk.world));
        let violated = format!("{:?}", walk.violated());
        parts.insert("violated", violated);
        for (name, is_of_kind) in FACTS {
            let facts = walk.memory.iter().filter(|(fact, _)| is_of_kind(fact));
            parts.insert(name, format!("{:?}", facts.collect::<Vec<_>>()));
        }
        Self(parts)
    }

    /// The names of the parts in which two differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = self.0.iter().zip(&other.0);
        let different = pairs.filter(|(one, other)| one != other);
        different.map(|((name, _), _)| *name).collect()
    }
}

/// Whether a fact is of a kind.
type IsOfKind = fn(&Fact) -> bool;

const FACTS: [(&str, IsOfKind); 5] = [
    ("leaders remembered", |it| matches!(it, Fact::Leader(_))),
    ("votes remembered", |it| matches!(it, Fact::Vote(..))),
    ("entries remembered", |it| matches!(it, Fact::Entry(..))),
    ("commits remembered", |it| matches!(it, Fact::Committed(_))),
    ("applied remembered", |it| matches!(it, Fact::Applied(_))),
];

fn of_server(walk: &Walk, server: &Server) -> Vec<(&'static str, String)> {
    let world = &walk.world;
    let view = server.view();
    let armed = Timer::ALL.map(|timer| server.timer(timer).is_some());
    let (writes, waiting) = disk(world, server);
    let id = server.id();
    vec![
        ("up", format!("{}", server.is_up())),
        ("paused", format!("{}", world.is_paused(id))),
        ("role", format!("{:?}", view.role)),
        ("term", format!("{}", view.term)),
        ("vote", format!("{:?}", view.voted_for)),
        ("leader", format!("{:?}", view.leader)),
        ("members", format!("{:?}", view.members)),
        ("commit", format!("{}", view.commit)),
        ("log", format!("{:?}", view.log)),
        ("votes", format!("{:?}", view.votes)),
        ("progress", format!("{:?}", view.progress)),
        ("stored", format!("{:?}", server.stored())),
        ("timers", format!("{armed:?}")),
        ("writes", writes),
        ("waiting", waiting),
        (
            "lease",
            format!("{}", walk.has_leases && lease_is_fresh(world, server)),
        ),
        ("transfer", format!("{:?}", transfer(world, server))),
    ]
}

/// What is on the disk after each pending write, and the messages that wait, each with
/// the place of its write: found out by finishing the writes of a copy.
fn disk(world: &World, server: &Server) -> (String, String) {
    let (mut world, mut done) = (world.clone(), Done::default());
    let (mut contents, mut writes) = (Vec::new(), Vec::new());
    for _ in 0..server.pending_writes() {
        let finished = world.finish_write(server.id(), &mut NoTime, &mut done);
        writes.push(finished.expect("a write"));
        let after = world.server(server.id()).expect("there").stored();
        contents.push(format!("{after:?}"));
    }
    let waiting = server.waiting().iter().map(|it| {
        let place = writes.iter().position(|write| *write == it.write);
        format!("{:?} {:?} {place:?}", it.link, it.message)
    });
    (contents.join(", "), waiting.collect::<Vec<_>>().join(", "))
}

/// Whether a server turns candidates away for the sake of the leader that it follows:
/// found out by asking a copy for a pre-vote.
fn lease_is_fresh(world: &World, server: &Server) -> bool {
    if server.role() != Some(RoleName::Follower) || server.leader().is_none() {
        return false;
    }
    let (mut world, mut done) = (world.clone(), Done::default());
    let from = world.ids().without(server.id()).iter().next();
    let term = server.term().next();
    let last = Position {
        index: LogIndex(1_000),
        term,
    };
    let input = Input::Message {
        from: from.expect("more than one server"),
        message: Message::PreVote { term, last },
    };
    world.step(server.id(), input, &mut NoTime, &mut done);
    let sent = done.sent.iter().filter_map(|it| world.message(it.id));
    let waiting = done.waiting.iter().map(|it| &it.message);
    let mut replies = sent.map(|it| &it.message).chain(waiting);
    replies.any(|it| matches!(**it, Message::PreVoteReply { granted: false, .. }))
}

/// To whom a leader is transferring its leadership: found out by asking a copy.
fn transfer(world: &World, server: &Server) -> Option<NodeId> {
    let (mut world, mut done) = (world.clone(), Done::default());
    let input = Input::Propose("probe".into());
    world.step(server.id(), input, &mut NoTime, &mut done);
    done.replies.iter().find_map(|reply| match reply {
        ClientReply::Transferring { target } => Some(*target),
        _ => None,
    })
}

fn messages(world: &World) -> String {
    let tell = |(id, flight)| format!("{flight:?} {}", world.is_held(id));
    let mut all: Vec<_> = world.in_flight().map(tell).collect();
    all.sort();
    all.join(", ")
}

fn cuts(world: &World) -> String {
    let ids = world.ids();
    let links = ids.iter().flat_map(|from| {
        let others = ids.without(from);
        others.iter().map(move |to| hustings_lab::Link { from, to })
    });
    let cut: Vec<_> = links.filter(|link| world.is_cut(*link)).collect();
    format!("{cut:?}")
}
