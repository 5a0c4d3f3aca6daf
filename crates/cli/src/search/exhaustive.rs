//! All states within bounds, on several threads.

use std::ops::ControlFlow;

use hustings_lab::narrate::Lang;
use hustings_search::{Ending, Found, Outcome, Progress, Reached, Shrinker, State, parallel, told};

use super::{Result, Task};
use crate::clock::Clock;

pub(super) fn search(task: &Task<'_>, clock: &mut Clock) -> Result {
    // It was played once already, so it plays again.
    let start = || {
        let run = task.run().unwrap_or_default();
        State::new(run.world().clone(), &task.bounds)
    };
    let reduction = task.reduction(&start());
    let mut is_full = false;
    let watch = |progress: Progress| {
        let seconds = clock.seconds();
        clock.show(|| told::breadth(&progress, progress.generated, seconds, Lang::En));
        is_full = progress.visited_bytes + progress.frontier_bytes > task.bytes_max();
        if is_full || clock.is_up() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let (outcome, progress) = parallel::search(
        &start,
        task.bounds,
        &task.goal,
        reduction,
        task.threads,
        watch,
    );
    let found = match &outcome {
        Outcome::Found(way) => Some(found(task, start(), way)),
        _ => None,
    };
    let ending = match outcome {
        Outcome::Found(_) => Some(Ending::Found),
        Outcome::Nothing | Outcome::TooDeep if progress.crowded > 0 => Some(Ending::Crowded),
        Outcome::Nothing => Some(Ending::Nothing),
        Outcome::TooDeep => Some(Ending::TooDeep),
        Outcome::Going => is_full.then_some(Ending::Full),
    };
    let reached = Reached {
        breadth: progress,
        generated: progress.generated,
        ..Reached::default()
    };
    Result {
        first_found: found.as_ref().map(|_| clock.seconds()),
        found,
        reached,
        reduction,
        ending,
    }
}

/// No step can be left out of a shortest run; its servers get their usual names.
fn found(task: &Task<'_>, start: State, way: &[u16]) -> Found {
    let steps = start.steps_of(way);
    let mut shrinker = Shrinker::new(start, task.goal.clone(), steps);
    while !shrinker.go_on(1) {}
    Found {
        start: shrinker.start().clone(),
        steps: shrinker.steps().to_vec(),
        is_shortest: true,
    }
}
