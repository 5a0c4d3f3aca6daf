//! How a search goes on, and what it came to, in sentences.

use hustings_lab::Run;
use hustings_lab::narrate::{self, Lang};
use hustings_search::{
    Bounds, Ending, Finder, Found, Goal, Phase, Progress, Reduction, State, collision, spent_on,
};

use super::{Result, Task};
use crate::clock::Clock;
use crate::number::thousands;

/// How far a search has come, in a line.
pub(super) fn progress(finder: &Finder, seconds: f64) -> String {
    let reached = finder.reached();
    let doing = match (finder.phase(), finder.found()) {
        (Phase::Shrinking, None) => "shrinking what was found; ".to_owned(),
        (_, Some(found)) => format!("{}, looking for fewer; ", steps(found.steps.len())),
        _ => String::new(),
    };
    let walks = thousands(reached.walks.walks);
    let breadth = breadth(&reached.breadth, reached.generated, seconds);
    format!("{doing}{breadth}; {walks} random walks")
}

/// How far a search breadth first has come, in a line, and how many states were generated in
/// all.
pub(super) fn breadth(progress: &Progress, generated: u64, seconds: f64) -> String {
    let megabytes = (progress.visited_bytes + progress.frontier_bytes) / 1_000_000;
    format!(
        "{seconds:.0} s: {} states, {} a second, {} deep, {} left there, {megabytes} MB",
        thousands(progress.states),
        thousands((generated as f64 / seconds.max(0.001)) as u64),
        steps(progress.depth),
        thousands(progress.left),
    )
}

/// What a search came to.
pub(super) fn result(task: &Task<'_>, run: &Run, result: &Result, clock: &Clock) -> String {
    let mut told = match &result.found {
        Some(found) => found_it(task, found),
        None => found_nothing(task, result),
    };
    let before: Vec<_> = run
        .violations()
        .iter()
        .map(|it| it.invariant().name())
        .collect();
    if task.looks_for_violation() && !before.is_empty() {
        let before = before.join(", ");
        told.push_str(&format!(
            "\nIt starts where {before} is violated already: only others were looked for."
        ));
    }
    told.push_str(&format!("\n{}", effort(result, clock)));
    told
}

fn found_it(task: &Task<'_>, found: &Found) -> String {
    let what = match &task.goal {
        Goal::Violation(Some(invariant)) => format!("a violation of {}", invariant.name()),
        Goal::Violation(None) => "a violation".to_owned(),
        Goal::Condition(condition) => format!("`{condition}`"),
    };
    let steps = steps(found.steps.len());
    let spent = spent_on(&found.steps);
    let disks = if found.start.slow.is_empty() {
        "fast disks".to_owned()
    } else {
        format!(
            "slow disks at {}",
            narrate::names(found.start.slow, Lang::En)
        )
    };
    if found.is_shortest {
        format!(
            "Found {what}, {steps} away. With no more than {spent}and {disks}, it is not nearer."
        )
    } else {
        format!("Found {what}, {steps} away: no step can be left out. There may be a shorter run.")
    }
}

fn found_nothing(task: &Task<'_>, result: &Result) -> String {
    let what = match &task.goal {
        Goal::Violation(Some(invariant)) => format!("No violation of {}", invariant.name()),
        Goal::Violation(None) => "No violation".to_owned(),
        Goal::Condition(condition) => format!("No state or step with `{condition}`"),
    };
    let Progress {
        depth,
        states,
        crowded,
        ..
    } = result.reached.breadth;
    let (bounds, states, fewer) = (task.bounds, thousands(states), depth.saturating_sub(1));
    let all = match result.ending {
        Some(Ending::Nothing) => {
            let walks = result.reached.walks.walks;
            let beyond = if walks > 0 {
                ", nor on random walks beyond"
            } else {
                ""
            };
            let chance = chance(result.reached.breadth.states);
            let names = match result.reduction {
                Reduction::Names => {
                    " States that differ only in the names of servers count as one."
                }
                Reduction::Order | Reduction::None => "",
            };
            return format!(
                "{what} within {bounds}{beyond}: all {states} states were looked at, the last of \
                 them {} away.{names} {chance}",
                steps(fewer)
            );
        }
        Some(Ending::TooDeep) => format!("all {states} states up to {} away", steps(depth)),
        Some(Ending::Crowded) => format!(
            "{states} states; {} of them, with more messages in flight than that, were not gone \
             on from",
            thousands(crowded)
        ),
        Some(Ending::Full) => format!(
            "{states} states, all up to {} away; there was no memory for more (--memory)",
            steps(fewer)
        ),
        Some(Ending::Found) | None => format!(
            "{states} states, all up to {} away, before the time was up (--seconds)",
            steps(fewer)
        ),
    };
    format!("{what} was found. Within {bounds}, these were looked at: {all}.")
}

/// How likely it is that a state was left out, taken for another.
fn chance(states: u64) -> String {
    let chance = collision(usize::try_from(states).unwrap_or(usize::MAX));
    format!(
        "That two of them had one digest, and one was left out, has a chance of about {chance:.0e}."
    )
}

fn effort(result: &Result, clock: &Clock) -> String {
    let (reached, seconds) = (&result.reached, clock.seconds());
    let Progress {
        states,
        visited_bytes,
        ..
    } = reached.breadth;
    let generated = thousands(reached.generated);
    let mut told = format!("{seconds:.1} s: {generated} states generated breadth first");
    if result.found.is_none() {
        let bytes = visited_bytes as f64 / (states.max(1) as f64);
        let states = thousands(states);
        told.push_str(&format!(
            ", {states} of them different ({bytes:.1} bytes each)"
        ));
    }
    if reached.walks.steps > 0 {
        told.push_str(&format!(
            ", {} random walks of {} steps in all",
            thousands(reached.walks.walks),
            thousands(reached.walks.steps)
        ));
    }
    told.push('.');
    if let Some(first) = result.first_found {
        told.push_str(&format!(" The first run was found after {first:.1} s."));
    }
    told
}

/// Why a search cannot start where it should.
pub(super) fn crowded_start(state: &State) -> String {
    format!(
        "{} messages are in flight there, and a search can start with at most {}: deliver or drop \
         some first, as with `deliver all`",
        state.world.in_flight_count(),
        Bounds::IN_FLIGHT_MAX
    )
}

fn steps(number: usize) -> String {
    if number == 1 {
        "1 step".to_owned()
    } else {
        format!("{number} steps")
    }
}
