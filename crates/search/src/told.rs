//! How a search goes on, and what it came to, in sentences.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Run, VecSet};

use crate::bounds::{Bounds, Budget};
use crate::breadth::Progress;
use crate::find::{Ending, Finder, Found, Phase, Reached, spent_on};
use crate::goal::Goal;
use crate::reduction::Reduction;
use crate::state::State;
use crate::texts::{Texts, texts};
use crate::visited::collision;

/// A search that is over, for those who want to know what it came to.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The run from whose end was searched.
    pub run: &'a Run,
    /// What was looked for.
    pub goal: &'a Goal,
    /// Within what was looked breadth first.
    pub bounds: Bounds,
    /// What was left out breadth first, as it makes no difference.
    pub reduction: Reduction,
    /// The shortest run that was found.
    pub found: Option<&'a Found>,
    /// How far the search has come.
    pub reached: Reached,
    /// Why it is over.
    pub end: End,
    /// How many seconds it took.
    pub seconds: f64,
    /// After how many seconds the first run was found, if somebody has looked.
    pub first_found: Option<f64>,
}

/// Why a search is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It has come to its end.
    Ending(Ending),
    /// There was no more time.
    TimeUp,
    /// Somebody has stopped it.
    Stopped,
}

impl Account<'_> {
    /// What was found, or what was looked at without finding it.
    pub fn result(&self, lang: Lang) -> String {
        let t = texts(lang);
        let told = match self.found {
            Some(found) => self.found_it(found, lang),
            None => self.found_nothing(t),
        };
        let before = self.run.violations().iter().map(|it| it.invariant().name());
        let before: VecSet<_> = before.collect();
        let before = before.items().map(|it| (*it).to_owned());
        match before.reduce(|one, other| t.listed(one, other)) {
            Some(before) if matches!(self.goal, Goal::Violation(_)) => {
                t.sentences(told, t.violated_before(before))
            }
            _ => told,
        }
    }

    fn found_it(&self, found: &Found, lang: Lang) -> String {
        let t = texts(lang);
        let what = sought(self.goal, t);
        let distance = steps(found.steps.len(), t);
        let disks = match found.start.slow {
            slow if slow.is_empty() => t.fast_disks().to_owned(),
            slow => t.slow_disks(narrate::names(slow, lang)),
        };
        let spent = spent_on(&found.steps);
        if found.steps.is_empty() {
            t.found_here(what)
        } else if !found.is_shortest {
            t.found_some(what, distance)
        } else if spent == Budget::default() {
            t.found_shortest_alone(what, distance, disks)
        } else {
            let spent = spent.to_string();
            t.found_shortest(what, distance, spent.trim_end(), disks)
        }
    }

    fn found_nothing(&self, t: Texts) -> String {
        let what = match self.goal {
            Goal::Violation(Some(invariant)) => t.no_violation_of(invariant.name()),
            Goal::Violation(None) => t.no_violation().to_owned(),
            Goal::Condition(condition) => t.no_condition_found(condition),
        };
        let progress = self.reached.breadth;
        let states = thousands(progress.states);
        let (here, fewer) = (
            steps(progress.depth, t),
            steps(progress.depth.saturating_sub(1), t),
        );
        let looked = match self.end {
            End::Ending(Ending::Nothing) => {
                let beyond = match self.reached.walks.walks {
                    0 => "",
                    _ => t.nor_beyond(),
                };
                let none = t.none_within(what, self.bounds, beyond, states, fewer);
                return t.sentences(self.with_names(none, t), chance(progress.states, t));
            }
            End::Ending(Ending::TooDeep) => t.looked_deep(states, here),
            End::Ending(Ending::Crowded) => t.looked_crowded(states, thousands(progress.crowded)),
            End::Ending(Ending::Full) => t.looked_full(states, fewer),
            End::Ending(Ending::Found) | End::TimeUp => t.looked_time_up(states, fewer),
            End::Stopped => t.looked_stopped(states, fewer),
        };
        self.with_names(t.not_found(what, self.bounds, looked), t)
    }

    /// With what else the number of states depends on.
    fn with_names(&self, told: String, t: Texts) -> String {
        match self.reduction {
            Reduction::Names => t.sentences(told, t.names_count_once()),
            Reduction::Order | Reduction::None => told,
        }
    }

    /// How much was done, and how long it took.
    pub fn effort(&self, lang: Lang) -> String {
        let t = texts(lang);
        let Reached {
            breadth,
            generated,
            walks,
            ..
        } = self.reached;
        let mut told = t.effort(tenths(self.seconds), thousands(generated));
        if self.found.is_none() {
            let bytes = breadth.visited_bytes as f64 / (breadth.states.max(1) as f64);
            told.push_str(&t.effort_different(thousands(breadth.states), tenths(bytes)));
        }
        if walks.steps > 0 {
            told.push_str(&t.effort_walks(thousands(walks.walks), thousands(walks.steps)));
        }
        told.push_str(t.effort_end());
        match self.first_found {
            Some(first) => t.sentences(told, t.first_found(tenths(first))),
            None => told,
        }
    }
}

/// How far a search has come after some seconds, in a line.
pub fn progress(finder: &Finder, seconds: f64, lang: Lang) -> String {
    let t = texts(lang);
    let reached = finder.reached();
    let line = breadth(&reached.breadth, reached.generated, seconds, lang);
    let line = t.progress_walks(line, thousands(reached.walks.walks));
    match (finder.phase(), finder.found()) {
        (Phase::Shrinking, None) => t.progress_shrinking(line),
        (_, Some(found)) => t.progress_shortening(steps(found.steps.len(), t), line),
        _ => line,
    }
}

/// How far a search breadth first has come after some seconds, in a line, and how many states
/// were generated in all.
pub fn breadth(progress: &Progress, generated: u64, seconds: f64, lang: Lang) -> String {
    let t = texts(lang);
    let megabytes = (progress.visited_bytes + progress.frontier_bytes) / 1_000_000;
    t.progress(
        format!("{seconds:.0}"),
        thousands(progress.states),
        thousands((generated as f64 / seconds.max(0.001)) as u64),
        steps(progress.depth, t),
        thousands(progress.left),
        megabytes,
    )
}

/// Why no search can start from a state; `None` if one can.
pub fn crowded_start(state: &State, lang: Lang) -> Option<String> {
    let in_flight = state.world.in_flight_count();
    let is_crowded = in_flight > Bounds::IN_FLIGHT_MAX;
    is_crowded.then(|| texts(lang).crowded_start(in_flight, Bounds::IN_FLIGHT_MAX))
}

/// What a run that was found is called.
pub(crate) fn title(goal: &Goal, found: &Found, lang: Lang) -> String {
    let t = texts(lang);
    t.title_found(sought(goal, t), steps(found.steps.len(), t))
}

/// What is looked for, within a sentence.
fn sought(goal: &Goal, t: Texts) -> String {
    match goal {
        Goal::Violation(Some(invariant)) => t.a_violation_of(invariant.name()),
        Goal::Violation(None) => t.a_violation().to_owned(),
        Goal::Condition(condition) => t.a_condition(condition),
    }
}

/// How likely it is that a state was left out, taken for another.
fn chance(states: u64, t: Texts) -> String {
    let chance = collision(usize::try_from(states).unwrap_or(usize::MAX));
    t.collision(format!("{chance:.0e}"))
}

fn steps(number: usize, t: Texts) -> String {
    match number {
        1 => t.one_step().to_owned(),
        _ => t.steps(number),
    }
}

pub(crate) fn tenths(number: f64) -> String {
    format!("{number:.1}")
}

/// What the numbers of elections in the table of a sample are.
pub fn sample_means(lang: Lang) -> &'static str {
    texts(lang).sample_means()
}

/// What the table of shares of a sample is called.
pub fn came_within(lang: Lang) -> &'static str {
    texts(lang).sample_came_within()
}

/// A number with a comma after each thousand.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}
