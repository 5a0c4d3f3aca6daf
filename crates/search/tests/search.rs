//! What a search finds, and that what it leaves out makes no difference.

use std::sync::Arc;

use hustings_lab::{Invariant, Run, Script};
use hustings_search::{
    Bounds, BreadthFirst, Goal, Outcome, Progress, Shrinker, State, Visited, Walks, replay,
};

fn run(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    script.run().expect("sound").run
}

fn explored(script: &str, bounds: &str, reduced: bool) -> (Outcome, Progress) {
    let bounds: Bounds = bounds.parse().expect("bounds");
    let start = State::new(run(script).world().clone(), &bounds);
    let goal = Goal::Violation(None);
    let mut search = BreadthFirst::new(start, bounds, goal, Arc::new(Visited::default()));
    if !reduced {
        search = search.without_reduction();
    }
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
        let (outcome, plain) = explored(script, bounds, false);
        let (same, reduced) = explored(script, bounds, true);
        assert_eq!(outcome, same, "{script}, {bounds}");
        assert_eq!(plain.states, reduced.states, "{script}, {bounds}");
        assert!(reduced.generated < plain.generated, "{script}, {bounds}");
    }
}

#[test]
fn the_first_violation_that_is_found_is_a_shortest_one() {
    let script = "cluster 3 / break forget-vote-on-restart";
    let (outcome, _) = explored(script, "timeouts=2 requests=0", true);
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
    let bounds = Walks::usual_bounds(false);
    let start = State::new(before.world().clone(), &bounds);
    let mut walks = Walks::new(start.clone(), bounds, goal.clone(), 1);
    let way = walks.go_on(2_000_000).expect("a violation");
    let mut shrinker = Shrinker::new(start, goal.clone(), way_steps(&before, &bounds, &way));
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

fn way_steps(run: &Run, bounds: &Bounds, way: &Vec<u16>) -> Vec<hustings_search::Step> {
    State::new(run.world().clone(), bounds).steps_of(way)
}
