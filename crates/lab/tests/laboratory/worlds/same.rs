//! The same state, reached in two ways, has one digest.

use hustings_raft::{Millis, RoleName, Timer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::description::Description;
use super::walk::{Choice, Luck, Walk};
use super::{append, id, link, plain, with_leases};

/// Takes random walks, always the same ones, and calls `check` after every step.
pub fn on_walks(cases: u32, check: impl Fn(&Walk)) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let walks = (any::<u64>(), any::<bool>(), vec(any::<u32>(), 50));
    let walked = runner.run(&walks, |(seed, leases, numbers)| {
        let header = if leases { with_leases(3) } else { plain(3) };
        let mut walk = Walk::new(&header, Luck::of_seed(seed));
        for number in numbers {
            walk.wander(number);
            check(&walk);
        }
        Ok(())
    });
    walked.expect("no failure");
}

fn after(walk: &Walk, choices: &[Choice]) -> Walk {
    let mut walk = walk.clone();
    for choice in choices {
        walk.take(*choice);
    }
    walk
}

fn assert_same(one: &Walk, other: &Walk) {
    let differences = Description::of(one).differences(&Description::of(other));
    assert_eq!(differences, [""; 0]);
    assert_eq!(one.world.clone().digest(), other.world.clone().digest());
}

fn leads(walk: &Walk, number: u8) -> bool {
    let server = walk.world.server(id(number)).expect("there");
    server.role() == Some(RoleName::Leader)
}

/// S1 of three leads, has committed its first entry, and all know; nothing is on its way.
fn settled() -> Walk {
    let mut walk = Walk::new(&plain(3), Luck::NONE);
    walk.take(Choice::Fire(id(1), Timer::Election));
    walk.settle();
    walk.take(Choice::Fire(id(1), Timer::Heartbeat));
    walk.settle();
    assert!(leads(&walk, 1));
    walk
}

#[test]
fn deliveries_to_different_servers_may_come_in_either_order() {
    let pairs = std::cell::Cell::new(0);
    on_walks(20, |walk| {
        // How long things take is drawn in the order in which they happen, and so are
        // losses: without them the orders can be compared.
        let walk = walk.without_luck();
        let receivers: Vec<_> = walk.world.in_flight().map(|(_, it)| it.link.to).collect();
        let later = receivers.iter().enumerate().skip(1);
        for (second, _) in later.filter(|(_, to)| **to != receivers[0]).take(2) {
            // Once one has arrived, those after it have moved up by one place.
            let one = after(&walk, &[Choice::Deliver(0), Choice::Deliver(second - 1)]);
            let other = after(&walk, &[Choice::Deliver(second), Choice::Deliver(0)]);
            assert_same(&one, &other);
            pairs.set(pairs.get() + 1);
        }
    });
    assert!(pairs.get() > 300, "{} pairs", pairs.get());
}

#[test]
fn what_is_undone_or_makes_no_difference_leaves_no_trace() {
    on_walks(20, |walk| {
        let mut ways = vec![
            vec![Choice::Cut(link(1, 2), !walk.world.is_cut(link(1, 2))); 2],
            vec![
                Choice::Pause(id(3), !walk.world.is_paused(id(3))),
                Choice::Pause(id(3), walk.world.is_paused(id(3))),
            ],
        ];
        ways[0][1] = Choice::Cut(link(1, 2), walk.world.is_cut(link(1, 2)));
        let count = walk.world.in_flight_count();
        if let Some((first, flight)) = walk.world.in_flight().next() {
            let held = walk.world.is_held(first);
            ways.push(vec![Choice::SetHeld(0, !held), Choice::SetHeld(0, held)]);
            ways.push(vec![Choice::Duplicate(0), Choice::Drop(count)]);
            // Of a message and its copy, which are the same, either can be lost.
            if !held && !flight.lost {
                ways.push(vec![Choice::Duplicate(0), Choice::Drop(0)]);
            }
        }
        for way in ways {
            assert_same(walk, &after(walk, &way));
        }
    });
}

#[test]
fn time_makes_no_difference_but_for_freshness() {
    let walk = settled();
    let later = after(&walk, &[Choice::Pass(Millis(1_000_000))]);
    assert_same(&walk, &later);
    assert_ne!(walk.world, later.world, "for something is due earlier");
    let [mut one, mut other] = [walk, later];
    for walk in [&mut one, &mut other] {
        walk.take(Choice::Propose(id(1)));
        walk.settle();
    }
    assert_same(&one, &other);
}

#[test]
fn how_many_writes_and_messages_there_have_been_makes_no_difference() {
    let walk = settled();
    let mut busier = walk.clone();
    // A leader's heartbeats, all lost; a candidate that crashes before it has written
    // anything, twice; requests to a follower.
    for _ in 0..5 {
        busier.take(Choice::Fire(id(1), Timer::Heartbeat));
        busier.take(Choice::Propose(id(2)));
        busier.drop_all();
    }
    for _ in 0..2 {
        busier.take(Choice::Fire(id(3), Timer::Election));
        busier.crash_and_restart(id(3));
    }
    let [mut one, mut other] = [walk, busier];
    one.crash_and_restart(id(3));
    assert_same(&one, &other);
    for walk in [&mut one, &mut other] {
        walk.take(Choice::Fire(id(3), Timer::Election));
        assert_eq!(walk.world.server(id(3)).expect("there").pending_writes(), 1);
    }
    assert_same(&one, &other);
    for walk in [&mut one, &mut other] {
        walk.settle();
        assert!(leads(walk, 3));
    }
    assert_same(&one, &other);
}

/// Facts come to be in any order.
#[test]
fn in_which_order_the_judge_has_learned_makes_no_difference() {
    let start = Walk::new(&plain(3), Luck::NONE);
    let way = |order: [u8; 2]| {
        let mut walk = start.clone();
        for number in order {
            let entries = [(u64::from(number), "x")];
            walk.receive(id(1), id(number), append(number.into(), &entries, 0));
        }
        walk.drop_all();
        walk.settle();
        walk
    };
    let (one, other) = (way([2, 3]), way([3, 2]));
    assert_same(&one, &other);
    assert_eq!(one.world.judge(), other.world.judge());
}
