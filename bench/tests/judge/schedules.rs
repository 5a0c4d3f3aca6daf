//! Random schedules with the same outcome in both cores.

use crate::cluster::{Disk, Rules};
use crate::judge::{Event, Judge};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

fn event(size: u64) -> impl Strategy<Value = Event> {
    let id = || 1..=size;
    let ids = || (1..=size, 1..=size);
    prop_oneof![
        6 => id().prop_map(Event::Timeout),
        12 => id().prop_map(Event::Round),
        16 => ids().prop_map(|(from, to)| Event::Deliver(from, to)),
        8 => (ids(), 0..3usize).prop_map(|((from, to), nth)| Event::Ballot(from, to, nth)),
        3 => ids().prop_map(|(from, to)| Event::Repeat(from, to)),
        4 => ids().prop_map(|(from, to)| Event::Lose(from, to)),
        10 => id().prop_map(Event::Propose),
        3 => id().prop_map(Event::Beat),
        8 => ids().prop_map(|(leader, follower)| Event::Talk(leader, follower)),
        3 => id().prop_map(Event::Restart),
        2 => (0..1u64 << (size + 1)).prop_map(Event::Cut),
        2 => Just(Event::Heal),
        3 => Just(Event::Wait),
        2 => Just(Event::Settle),
    ]
}

/// Logs that are possible after elections and crashes: each server holds a prefix of a
/// common history and, if it has led, entries of its own. All are in the latest term, so
/// nothing is committed.
fn disks(size: u64) -> impl Strategy<Value = Vec<Disk>> {
    let count = usize::try_from(size).expect("a small number");
    let history = vec(0..3u64, 0..6);
    let held = vec(
        (0..6usize, prop_oneof![3 => Just(0), 1 => 1..4usize]),
        count,
    );
    (history, held).prop_map(move |(history, held)| {
        let rises = history.into_iter().scan(1, |term, rise| {
            *term += rise;
            Some(*term)
        });
        let common: Vec<u64> = rises.collect();
        let latest = common.last().copied().unwrap_or_default();
        let led_in = (1..).map(|id| latest + id);
        let servers = held.into_iter().zip(led_in);
        let logs = servers.map(|((first, own), led_in)| {
            let common = common.iter().copied().take(first);
            let terms = common.chain(std::iter::repeat_n(led_in, own));
            terms.map(|term| (term, format!("t{term}"))).collect()
        });
        let (term, vote) = (latest + size, 0);
        logs.map(|log| Disk { term, vote, log }).collect()
    })
}

fn seeded(seed: u64) -> Config {
    Config {
        cases: 400,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Applies the events, then heals the network and checks that all agree on a leader in the
/// end.
fn live(mut judge: Judge, size: u64, events: &[Event]) {
    judge.run(events);
    judge.run(&[Event::Heal, Event::Settle]);
    for attempt in 0.. {
        let everybody = |leader: &u64| {
            let term = judge.view(*leader).term;
            (1..=size).all(|id| judge.view(id).term == term && judge.view(id).leader == *leader)
        };
        let agreed = judge.leaders().iter().any(everybody);
        if agreed {
            return;
        }
        assert!(attempt < 12, "nobody can win");
        // Alternates between the server with the best log and the one with the latest term.
        let best = (1..=size).max_by_key(|id| {
            let view = judge.view(*id);
            let log = (view.log.last().map_or(0, |last| last.0), view.log.len());
            match attempt % 2 {
                0 => (0, log),
                _ => (view.term, log),
            }
        });
        let best = best.expect("there are servers");
        judge.run(&[Event::Wait, Event::Timeout(best), Event::Settle]);
    }
}

const DEFAULT: Rules = Rules {
    pre_vote: false,
    check_quorum: false,
};

macro_rules! schedules {
    ($($name:ident: $size:literal servers, $rules:expr, seed $seed:literal;)*) => {
        $(proptest! {
            #![proptest_config(seeded($seed))]
            #[test]
            fn $name(disks in disks($size), events in vec(event($size), 0..80)) {
                live(Judge::with_disks(&disks, $rules), $size, &events);
            }
        })*
    };
}

schedules! {
    whatever_happens_to_one_server_both_cores_agree: 1 servers, DEFAULT, seed 1;
    whatever_happens_to_three_servers_both_cores_agree: 3 servers, DEFAULT, seed 3;
    whatever_happens_to_five_servers_both_cores_agree: 5 servers, DEFAULT, seed 5;
    whatever_happens_with_pre_vote_both_cores_agree: 5 servers,
        Rules { pre_vote: true, ..DEFAULT }, seed 15;
    whatever_happens_with_check_quorum_both_cores_agree: 5 servers,
        Rules { check_quorum: true, ..DEFAULT }, seed 25;
    whatever_happens_with_pre_vote_and_check_quorum_both_cores_agree: 3 servers,
        Rules { pre_vote: true, check_quorum: true }, seed 33;
}
