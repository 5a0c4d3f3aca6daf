//! Messages that chance has lost.

use hustings_lab::{Chance, Done, Fate, Link, Loss, NoTime, Travel, World};
use hustings_raft::{Message, Millis, MillisRange, NodeId, Term, Timer};

use super::{id, link, plain};

/// Loses every message.
struct AllLost;

impl Chance for AllLost {
    fn timer(&mut self, server: NodeId, timer: Timer, range: MillisRange) -> Millis {
        NoTime.timer(server, timer, range)
    }

    fn write(&mut self, server: NodeId, range: MillisRange) -> Millis {
        NoTime.write(server, range)
    }

    fn travel(&mut self, link: Link, range: MillisRange) -> Travel {
        Travel {
            lost: true,
            ..NoTime.travel(link, range)
        }
    }
}

#[test]
fn what_chance_has_lost_arrives_only_if_it_is_delivered_by_hand() {
    let (mut world, _) = World::new(&plain(3));
    let message = Message::TimeoutNow { term: Term(1) };
    world.forge(link(1, 2), message, &mut AllLost);
    let (pending, _) = world.in_flight().next().expect("a message");
    let mut done = Done::default();
    let mut other = world.clone();
    let fate = other.arrive(pending, &mut AllLost, &mut done);
    assert_eq!(fate, Some(Fate::Lost(Loss::Chance)));
    assert_eq!(other.server(id(2)).expect("S2").term(), Term(0));
    let fate = world.deliver(pending, &mut AllLost, &mut done);
    assert_eq!(fate, Some(Fate::Delivered));
    assert_ne!(world.server(id(2)).expect("S2").term(), Term(0));
}

#[test]
fn what_is_delivered_by_hand_does_not_cross_a_cut() {
    let (mut world, _) = World::new(&plain(3));
    let message = Message::TimeoutNow { term: Term(1) };
    world.forge(link(1, 2), message, &mut NoTime);
    world.set_cut(link(1, 2), true);
    let (pending, _) = world.in_flight().next().expect("a message");
    let fate = world.deliver(pending, &mut NoTime, &mut Done::default());
    assert_eq!(fate, Some(Fate::Lost(Loss::LinkCut)));
}
