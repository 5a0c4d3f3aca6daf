//! `reseed`: other futures of one moment.

use std::collections::BTreeSet;

use hustings_lab::{Command, Condition, Run, Script};
use hustings_raft::{Millis, NodeId, RoleName, Timer};

fn played(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    let outcome = script.run().expect("sound");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

/// The runs that go on from this one with each of these seeds.
fn futures(run: &Run, seeds: u64) -> impl Iterator<Item = Run> {
    (0..seeds).map(|seed| {
        let mut future = run.clone();
        future.apply(Command::Reseed(seed)).expect("it can");
        future
    })
}

#[test]
fn one_moment_has_many_futures_and_each_seed_always_gives_the_same() {
    let run = played("cluster 3 / run 100ms");
    let first_to_stand = |mut run: Run| {
        let (server, role) = (id(1), RoleName::Candidate);
        let goal = Box::new(Condition::Role { server, role });
        let within = Millis(1_000);
        run.apply(Command::RunUntil { goal, within })
            .expect("it can");
        run.now()
    };
    let times: Vec<_> = futures(&run, 50).map(first_to_stand).collect();
    let again: Vec<_> = futures(&run, 50).map(first_to_stand).collect();
    assert_eq!(times, again);
    let different: BTreeSet<_> = times.into_iter().collect();
    assert!(different.len() > 20, "{different:?}");
}

#[test]
fn a_running_timer_is_drawn_anew_from_what_its_range_leaves() {
    let run = played("cluster 3 / run 140ms / latency S1-S2 5ms / wait 40ms / reseed 5");
    let mut seen = BTreeSet::new();
    for future in futures(&run, 2_000) {
        let timer = future.timer(id(1), Timer::Election);
        let Some(timer) = timer.filter(|timer| timer.due_at > future.now()) else {
            continue;
        };
        assert_eq!(timer.armed_at, Millis(0));
        assert!(timer.due_at <= Millis(300), "{timer:?}");
        seen.insert(timer.due_at);
    }
    assert_eq!(seen.first(), Some(&Millis(181)));
    assert_eq!(seen.last(), Some(&Millis(300)));
    assert_eq!(seen.len(), 120);
}

#[test]
fn a_timer_on_a_fast_clock_is_drawn_anew_in_local_time() {
    let run = played("cluster 3 / clock S1 200% / run 20ms");
    for future in futures(&run, 200) {
        let timer = future.timer(id(1), Timer::Election).expect("it runs");
        assert!((75..=150).contains(&timer.due_at.0), "{timer:?}");
    }
}

#[test]
fn messages_on_their_way_arrive_at_other_times_and_may_be_lost() {
    let run = played("cluster 3 / option loss 50% / timeout S1 / run 5ms");
    let (mut times, mut lost) = (BTreeSet::new(), BTreeSet::new());
    for future in futures(&run, 500) {
        for flight in future.in_flight() {
            let travels = flight.due_at.since(flight.sent_at);
            assert!((10..=20).contains(&travels.0), "{flight:?}");
            times.insert(travels);
            lost.insert(flight.lost);
        }
    }
    assert_eq!((times.len(), lost.len()), (11, 2));
}

#[test]
fn what_was_delayed_or_is_overdue_stays_so() {
    let run = played("cluster 3 / timeout S1 / delay S1->S2 1s / wait 30ms / reseed 9");
    let due: Vec<_> = run.in_flight().map(|flight| flight.due_at).collect();
    let before = played("cluster 3 / timeout S1 / delay S1->S2 1s / wait 30ms");
    let expected: Vec<_> = before.in_flight().map(|flight| flight.due_at).collect();
    assert_eq!(due, expected);
}

#[test]
fn pending_writes_become_durable_at_other_times_in_their_order() {
    let run = played("cluster 1 / option disk 10..50ms / timeout S1 / run 5ms");
    let mut ends = BTreeSet::new();
    for mut future in futures(&run, 300) {
        ends.insert(future.next_due().expect("a write"));
        future.apply(Command::Run(Millis(500))).expect("it can");
        assert!(future.server(id(1)).is_some_and(|it| it.view().leads()));
    }
    assert_eq!(ends.first(), Some(&Millis(10)));
    assert_eq!(ends.last(), Some(&Millis(50)));
}

#[test]
fn a_run_with_it_is_a_script_that_gives_the_same_records() {
    let run = played("cluster 5 / reseed 7 / run 1s / reseed 8 / crash S1 / run 2s");
    let text = Script::save(&run).expect("it fits");
    assert!(text.contains("\nreseed 7\nrun 1s\nreseed 8\n"), "{text}");
    let again = Script::parse(&text)
        .expect("a script")
        .run()
        .expect("sound");
    assert!(run.records().iter().eq(again.run.records().iter()));
}
