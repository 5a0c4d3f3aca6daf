//! What a search finds, and that what it leaves out makes no difference.

use std::sync::Arc;

use hustings_lab::script::Line;
use hustings_lab::{Condition, Invariant, Run, Script};
use hustings_search::{
    Bounds, BreadthFirst, Ending, Finder, Goal, Outcome, Phase, Plan, Progress, Reduction,
    Shrinker, State, Visited, Walks, parallel, replay,
};

fn run(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    script.run().expect("sound").run
}

fn explored(script: &str, bounds: &str, reduction: Reduction) -> (Outcome, Progress) {
    look_for(Goal::Violation(None), script, bounds, reduction)
}

fn look_for(goal: Goal, script: &str, bounds: &str, reduction: Reduction) -> (Outcome, Progress) {
    let bounds: Bounds = bounds.parse().expect("bounds");
    let start = State::new(run(script).world().clone(), &bounds);
    assert!(reduction.is_sound(&start, &bounds, &goal), "{script}");
    let visited = Arc::new(Visited::default());
    let mut search = BreadthFirst::with_reduction(start, bounds, goal, visited, reduction);
    while *search.go_on(10_000) == Outcome::Going {}
    (search.go_on(0).clone(), search.progress())
}

#[test]
fn steps_of_different_servers_in_one_order_lead_to_all_states() {
    for (script, bounds) in [
        ("cluster 3", "timeouts=2 requests=0 crashes=0"),
        (
            "cluster 3",
            "timeouts=2 crashes=1 copies=1 heartbeats=1 depth=9",
        ),
        ("cluster 3", "timeouts=2 crashes=1 disks=slow depth=10"),
        ("cluster 3", "timeouts=2 losses=1 cuts=1 depth=7"),
        (
            "cluster 4 / option pre-vote on / option check-quorum on / members S1 S2 S3",
            "timeouts=2 transfers=1 changes=1 depth=8",
        ),
    ] {
        let (outcome, plain) = explored(script, bounds, Reduction::None);
        let (same, reduced) = explored(script, bounds, Reduction::Order);
        assert_eq!(outcome, same, "{script}, {bounds}");
        assert_eq!(plain.states, reduced.states, "{script}, {bounds}");
        assert!(reduced.generated < plain.generated, "{script}, {bounds}");
    }
}

/// How far away a violation of each invariant is, within bounds.
fn distances(script: &str, bounds: &str, reduction: Reduction) -> Vec<Option<usize>> {
    let distance = |invariant| {
        let goal = Goal::Violation(Some(invariant));
        match look_for(goal, script, bounds, reduction).0 {
            Outcome::Found(way) => Some(way.len()),
            _ => None,
        }
    };
    Invariant::ALL.into_iter().map(distance).collect()
}

#[test]
fn of_states_that_differ_in_names_alone_one_is_enough_to_find_every_violation() {
    for (script, bounds) in [
        (
            "cluster 3 / break quorum-of-half",
            "timeouts=2 requests=1 crashes=0 depth=7",
        ),
        (
            "cluster 3 / break forget-vote-on-restart",
            "timeouts=2 requests=0 crashes=1 depth=8",
        ),
        (
            "cluster 3 / break reply-before-persist",
            "timeouts=2 crashes=1 disks=slow depth=6",
        ),
        (
            "cluster 3 / break count-stale-votes",
            "timeouts=3 requests=0 crashes=0 depth=7",
        ),
        (
            "cluster 3 / break no-up-to-date-check",
            "timeouts=2 requests=0 crashes=0 depth=9",
        ),
        (
            "cluster 4 / break many-votes-per-term",
            "timeouts=2 cuts=1 crashes=0 depth=5",
        ),
        // From a leader with a follower that is behind.
        (
            "cluster 3 / option check-quorum on / break longer-log-wins / timeout S1 / deliver all / cut S1-S3 / propose S1 \"a\"",
            "timeouts=2 transfers=1 crashes=0 depth=6",
        ),
    ] {
        let plain = distances(script, bounds, Reduction::Order);
        assert_eq!(
            distances(script, bounds, Reduction::Names),
            plain,
            "{script}"
        );
    }
}

#[test]
fn of_states_that_differ_in_names_alone_one_in_six_is_looked_at_with_three_servers() {
    for (script, bounds, share) in [
        ("cluster 3", "timeouts=2 requests=0 crashes=0", 5.9),
        (
            "cluster 3 / option check-quorum on",
            "timeouts=2 crashes=1 heartbeats=1 depth=9",
            5.5,
        ),
        (
            "cluster 3",
            "timeouts=2 copies=1 losses=1 cuts=1 depth=7",
            5.0,
        ),
        (
            "cluster 4 / option pre-vote on",
            "timeouts=2 crashes=0 depth=9",
            15.0,
        ),
    ] {
        let (outcome, plain) = explored(script, bounds, Reduction::Order);
        let (same, reduced) = explored(script, bounds, Reduction::Names);
        assert_eq!(outcome, same, "{script}, {bounds}");
        let ratio = plain.states as f64 / reduced.states as f64;
        assert!(
            share <= ratio && ratio <= 24.0,
            "{script}, {bounds}: {ratio}"
        );
    }
}

#[test]
fn servers_that_differ_in_more_than_their_names_are_told_apart() {
    let bounds: Bounds = "timeouts=2 changes=1".parse().expect("bounds");
    let fixed: Bounds = "timeouts=2".parse().expect("bounds");
    for (script, bounds, goal) in [
        ("cluster 3", bounds, Goal::Violation(None)),
        ("cluster 3 / members S1 S2", fixed, Goal::Violation(None)),
        ("cluster 3 / clock S1 120%", fixed, Goal::Violation(None)),
        ("cluster 3 / disk S1 20ms", fixed, Goal::Violation(None)),
        ("cluster 6", fixed, Goal::Violation(None)),
        ("cluster 3", fixed, Goal::from(condition_of("S1 leader"))),
    ] {
        let start = State::new(run(script).world().clone(), &bounds);
        assert!(
            !Reduction::Names.is_sound(&start, &bounds, &goal),
            "{script}"
        );
    }
}

#[test]
fn the_first_violation_that_is_found_is_a_shortest_one() {
    let script = "cluster 3 / break forget-vote-on-restart";
    let (outcome, _) = explored(script, "timeouts=2 requests=0", Reduction::Names);
    let Outcome::Found(way) = outcome else {
        panic!("{outcome:?}");
    };
    // S1 votes for itself, crashes, forgets that, and votes for S2.
    assert_eq!(way.len(), 5);
}

#[test]
fn what_a_random_walk_finds_is_shrunk_to_steps_none_of_which_can_be_left_out() {
    let script = "cluster 3 / option no-op off / break commit-old-term-by-counting";
    let goal = Goal::Violation(Some(Invariant::LeaderCompleteness));
    let before = run(script);
    let bounds = Walks::usual_bounds();
    let start = State::new(before.world().clone(), &bounds);
    let mut walks = Walks::new(start, bounds, goal.clone(), 1);
    let (start, way) = walks.go_on(2_000_000).expect("a violation");
    let steps = start.steps_of(&way);
    let mut shrinker = Shrinker::new(start, goal.clone(), steps);
    while !shrinker.go_on(100) {}
    let (start, steps) = (shrinker.start(), shrinker.steps());
    for left_out in 0..steps.len() {
        let rest = [&steps[..left_out], &steps[left_out + 1..]].concat();
        assert!(!start.take_all(&rest, &goal).reached, "step {left_out}");
    }
    let run = replay(&before, start, steps).expect("the run takes them");
    let violated = run.violations().last().map(|it| it.invariant());
    assert_eq!(violated, Some(Invariant::LeaderCompleteness));
    let saved = Script::save(&run).expect("short");
    assert_eq!(run.violations(), self::run(&saved).violations(), "{saved}");
}

#[test]
fn threads_look_at_the_same_states_as_one_does() {
    let script = "cluster 3";
    let text = "timeouts=2 crashes=1 depth=8";
    let bounds: Bounds = text.parse().expect("bounds");
    let start = || State::new(run(script).world().clone(), &bounds);
    let goal = Goal::Violation(None);
    for reduction in [Reduction::Order, Reduction::Names] {
        let (outcome, one) = explored(script, text, reduction);
        for threads in [1, 2, 5] {
            let watch = |_| std::ops::ControlFlow::Continue(());
            let (same, all) = parallel::search(&start, bounds, &goal, reduction, threads, watch);
            assert_eq!((&same, all.states), (&outcome, one.states), "{threads}");
        }
    }
}

#[test]
fn a_search_ends_with_the_shortest_run_when_it_has_looked_at_all_shorter_ones() {
    let before = run("cluster 3 / break forget-log-on-restart");
    let plan = Plan::default();
    let start = State::new(before.world().clone(), &plan.breadth);
    let goal = Goal::Violation(Some(Invariant::LeaderCompleteness));
    let mut finder = Finder::new(start, goal, plan);
    while !matches!(finder.go_on(), Phase::Ended(_)) {}
    let found = finder.found().expect("a run");
    assert!(found.is_shortest);
    assert_eq!(found.steps.len(), 10);
    let run = replay(&before, &found.start, &found.steps).expect("the run takes them");
    let violated = run.violations().last().map(|it| it.invariant());
    assert_eq!(violated, Some(Invariant::LeaderCompleteness));
}

#[test]
fn without_a_broken_rule_nothing_is_found_within_bounds() {
    let plan = Plan::within("timeouts=2 requests=0".parse().expect("bounds"));
    let start = State::new(run("cluster 3").world().clone(), &plan.breadth);
    let mut finder = Finder::new(start, Goal::Violation(None), plan);
    while !matches!(finder.go_on(), Phase::Ended(_)) {}
    assert_eq!(finder.phase(), Phase::Ended(Ending::Nothing));
    assert!(finder.found().is_none());
}

#[test]
fn what_could_be_is_found_by_any_condition() {
    for (condition, len) in [
        ("2 leaders", Some(6)),
        ("refused S2", Some(3)),
        ("S3 leader term=1", Some(3)),
        ("delivered AppendEntries S1->S2", Some(4)),
        ("sent AppendEntriesReply S2->S1 success=no", Some(5)),
        ("term 4", None),
        ("quiet", Some(0)),
    ] {
        let bounds: Bounds = "timeouts=2 requests=1 crashes=0".parse().expect("bounds");
        let start = State::new(run("cluster 3").world().clone(), &bounds);
        let goal = Goal::from(condition_of(condition));
        let visited = Arc::new(Visited::default());
        let mut search = BreadthFirst::new(start, bounds, goal, visited);
        while *search.go_on(10_000) == Outcome::Going && search.progress().depth < 12 {}
        let found = match search.outcome() {
            Outcome::Found(way) => Some(way.len()),
            _ => None,
        };
        assert_eq!(found, len, "{condition}");
    }
}

fn condition_of(text: &str) -> Condition {
    let line = Line::parse(&format!("expect {text}"), run("cluster 3").ids());
    match line.expect("a line") {
        Some(Line::Expect(condition)) => condition,
        other => panic!("{other:?}"),
    }
}
