//! Samples: what a stable leader is, and that what comes of runs depends on nothing else.

use std::ops::ControlFlow;

use hustings_lab::script::Line;
use hustings_lab::{Condition, Run, Script};
use hustings_raft::{Millis, NodeSet};
use hustings_search::sample::{Awaited, FirstStep, Plan, Sampled, Sampler, Summary, threads};

fn played(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    let outcome = script.run().expect("sound");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

fn plan(time: u64) -> Plan {
    Plan {
        awaited: Awaited::StableLeader,
        time: Millis(time),
        seed: 1,
        steps: Vec::new(),
        after: None,
    }
}

/// What comes of one run of so many milliseconds from a script's end.
fn sampled(script: &str, time: u64) -> Sampled {
    let sampler = Sampler::new(played(script), plan(time));
    sampler.sample(1).expect("it can be played")
}

const LED: &str = "cluster 3 / timeout S1 / deliver all";

#[test]
fn a_leader_that_leads_already_and_stays_came_at_once() {
    assert_eq!(sampled(LED, 1_000).reached, Some(Millis::ZERO));
}

#[test]
fn a_leader_is_not_stable_before_all_that_miss_it_would_have_stood() {
    let script = format!("{LED} / isolate S1");
    assert_eq!(sampled(&script, 100).reached, None);
    assert_eq!(sampled(LED, 300).reached, None);
    assert_eq!(sampled(LED, 301).reached, Some(Millis::ZERO));
}

#[test]
fn a_leader_without_a_majority_is_not_stable_but_the_one_with_it_is() {
    let four = "cluster 5 / timeout S1 / deliver all / partition S1 S2 | S3 S4 S5";
    let reached = sampled(four, 5_000).reached.expect("of three");
    assert!(reached > Millis(100), "{reached}");
    let nobody = "cluster 4 / timeout S1 / deliver all / partition S1 S2 | S3 S4";
    assert_eq!(sampled(nobody, 5_000).reached, None);
}

#[test]
fn a_server_on_its_own_leads_itself_and_one_that_is_paused_leads_nobody() {
    assert!(sampled("cluster 1", 2_000).reached.is_some());
    let paused = "cluster 1 / timeout S1 / deliver all / pause S1";
    assert_eq!(sampled(paused, 2_000).reached, None);
}

#[test]
fn a_server_that_is_no_member_does_not_matter_whatever_its_term() {
    let removed = "cluster 4 / option check-quorum on / timeout S4 / deliver all \
                   / member remove S1 at S4 / deliver all";
    let run = sampled(removed, 5_000);
    assert_eq!(run.reached, Some(Millis::ZERO));
    assert!(run.elections.started > 5, "{run:?}");
}

#[test]
fn elections_and_lost_terms_are_those_of_the_wait() {
    let before = "cluster 3 / timeout S1 / deliver all / timeout S1 / deliver all / crash S1";
    let run = sampled(before, 1_000);
    let after = sampled(&format!("{before} / timeout S2 / deliver all"), 1_000);
    assert!(
        run.elections.started >= 1 && run.elections.won == 1,
        "{run:?}"
    );
    assert_eq!(after.elections.started, 0);
    assert_eq!(after.waited, Millis(1_000));
}

#[test]
fn a_run_ends_with_the_condition_that_is_waited_for() {
    let condition = Condition::parse("leader", NodeSet::first(3)).expect("a condition");
    let awaited = Awaited::Condition(Box::new(condition));
    let plan = Plan {
        awaited,
        ..plan(10_000)
    };
    let sampler = Sampler::new(played("cluster 3"), plan);
    for number in 1..=20 {
        let run = sampler.sample(number).expect("it can be played");
        assert_eq!(run.reached, Some(run.waited));
        let whole = sampler.run(number).expect("it can be played");
        assert_eq!(whole.now(), run.waited);
    }
}

#[test]
fn steps_are_taken_at_every_moment_between_two_heartbeats() {
    let step = Line::parse("crash S1", NodeSet::first(3)).expect("a step");
    let Some(Line::Command(crash)) = step else {
        panic!("{step:?}");
    };
    let plan = Plan {
        steps: vec![FirstStep::Command(crash)],
        ..plan(1)
    };
    let script = "cluster 3 / option heartbeat 20ms / timeout S1 / deliver all";
    let sampler = Sampler::new(played(script), plan);
    let moment = |number| sampler.run(number).expect("it can be played").now().0 - 1;
    let moments: std::collections::BTreeSet<_> = (1..=500).map(moment).collect();
    assert_eq!(moments, (0..=20).collect());
}

#[test]
fn threads_give_the_same_and_broken_off_the_first_of_it() {
    let sampler = || Some(Sampler::new(played("cluster 5"), plan(2_000)));
    let all = |threads| {
        threads::sample(&sampler, 40, threads, |_| ControlFlow::Continue(()))
            .expect("all can be played")
    };
    let one = all(1);
    assert_eq!(one.len(), 40);
    assert_eq!(one, all(3));
    let part = threads::sample(&sampler, 40, 3, |done| match done {
        10.. => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    let part = part.expect("all can be played");
    assert!((10..20).contains(&part.len()), "{}", part.len());
    assert_eq!(part, one[..part.len()]);
}

#[test]
fn quantiles_are_of_all_runs_those_that_never_came_included() {
    let run = |number, reached| Sampled {
        number,
        seed: 0,
        reached,
        waited: Millis(100),
        elections: Default::default(),
        terms_without_winner: 0,
        violated: Vec::new(),
        program_failed: false,
    };
    let times = [Some(30), None, Some(10), Some(20)].into_iter().zip(1..);
    let runs: Vec<_> = times
        .map(|(time, number)| run(number, time.map(Millis)))
        .collect();
    let summary = Summary::of(&runs);
    assert_eq!((summary.runs, summary.never()), (4, 1));
    assert_eq!(summary.quantile(500), Some(Millis(20)));
    assert_eq!(summary.quantile(750), Some(Millis(30)));
    assert_eq!(summary.quantile(751), None);
    assert_eq!(summary.within(Millis(20)), 2);
    assert_eq!(summary.mean(), Some(20.0));
    assert_eq!(Summary::of(&[]).quantile(500), None);
}
