//! A search of all states within bounds, with every rule kept: no invariant is violated.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::thread;

use hustings_lab::Script;
use hustings_search::{Bounds, Goal, Outcome, Reduction, State, parallel};

/// Two elections and a request at three servers: 3.8 million states, those that differ only in
/// the names of servers counted once. Others are in `docs/search.md`.
#[test]
fn with_every_rule_kept_no_invariant_is_violated_within_bounds() {
    let bounds: Bounds = "timeouts=2 requests=1 crashes=0".parse().expect("bounds");
    let start = || {
        let script = Script::parse("cluster 3").expect("a script");
        let run = script.run().expect("sound").run;
        State::new(run.world().clone(), &bounds)
    };
    let (goal, threads) = (Goal::Violation(None), thread::available_parallelism());
    let (outcome, progress) = parallel::search(
        &start,
        bounds,
        &goal,
        Reduction::Names,
        threads.map_or(1, NonZero::get),
        |_| ControlFlow::Continue(()),
    );
    assert_eq!(outcome, Outcome::Nothing);
    // As many on any number of threads: none was left out.
    assert_eq!((progress.states, progress.depth), (3_806_746, 28));
}
