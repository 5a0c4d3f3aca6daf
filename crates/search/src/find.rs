//! Finds a run, makes it short, and looks for a shorter one.
//!
//! Two ways of looking take turns. Breadth first, within small bounds, finds what is few steps
//! away, and then there is nothing shorter. Random walks find what is too far for that. What a
//! walk has found is shrunk; after that, what is looked for is something shorter.

use std::sync::Arc;

use hustings_raft::NodeSet;

use crate::bounds::{Bounds, Budget, Limited};
use crate::breadth::{BreadthFirst, Outcome, Progress};
use crate::frontier::Way;
use crate::goal::Goal;
use crate::shrink::Shrinker;
use crate::state::State;
use crate::step::Step;
use crate::visited::Visited;
use crate::walk::{Walked, Walks};

/// How many states are gone on from breadth first, and how many steps walks take, before it is
/// the other's turn: about as much work.
const TURN: (usize, usize) = (250, 1_500);

/// How many times what walks have found is shrunk in the hope of something shorter.
const OTHERS_MAX: u32 = 100;

/// Within what to look, and how much may be spent on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Within what to look breadth first.
    pub breadth: Bounds,
    /// Within what to walk at random; `None` not to.
    pub walks: Option<Bounds>,
    /// How many steps walks take at most before they give up.
    pub steps_max: u64,
    /// About how many bytes the search may take.
    pub bytes_max: usize,
    /// From what walks are drawn.
    pub seed: u64,
}

impl Default for Plan {
    /// The default bounds, and walks of 100 million steps beyond them.
    fn default() -> Self {
        Self {
            breadth: Bounds::default(),
            walks: Some(Walks::usual_bounds()),
            steps_max: 100_000_000,
            bytes_max: 1 << 30,
            seed: 1,
        }
    }
}

impl Plan {
    /// Only what is within these bounds: all of it, if there is nothing to find.
    pub fn within(bounds: Bounds) -> Self {
        Self {
            breadth: bounds,
            walks: None,
            ..Self::default()
        }
    }
}

/// A run that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The state from which its steps are taken.
    pub start: State,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Whether there is none with fewer steps in which each limited thing happens at most as
    /// often as in this one, and disks are as slow.
    pub is_shortest: bool,
}

/// What a search is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It looks for a run.
    Looking,
    /// It makes a run shorter that it has found.
    Shrinking,
    /// It looks for a shorter run.
    Shortening,
    /// It is at its end.
    Ended(Ending),
}

/// How a search has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// With a run, [`Finder::found`].
    Found,
    /// Without: all states within the bounds were looked at.
    Nothing,
    /// Without: all states that are at most so many steps away were looked at.
    TooDeep,
    /// Without: some states had too many messages in flight, and were not gone on from.
    Crowded,
    /// Without: there was no more memory to look on.
    Full,
}

/// How far a search has come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Breadth first, the last time.
    pub breadth: Progress,
    /// How many states were generated breadth first, each time.
    pub generated: u64,
    /// At random.
    pub walks: Walked,
    /// How many runs were tried to make one shorter.
    pub tries: u64,
}

/// Finds a run, a slice at a time.
#[derive(Debug)]
pub struct Finder {
    start: State,
    goal: Goal,
    plan: Plan,
    phase: Phase,
    /// `None` once there is nothing left to look at, or no memory.
    breadth: Option<BreadthFirst>,
    /// How the first one ended.
    ending: Ending,
    walks: Option<Walks>,
    shrinker: Option<Shrinker>,
    found: Option<Found>,
    others: u32,
    reached: Reached,
}

impl Finder {
    /// Looks for something from a state.
    pub fn new(start: State, goal: Goal, plan: Plan) -> Self {
        let from = |bounds: Bounds| State::new(start.world.clone(), &bounds);
        let visited = Arc::new(Visited::default());
        let breadth = BreadthFirst::new(from(plan.breadth), plan.breadth, goal.clone(), visited);
        let walks = plan
            .walks
            .map(|bounds| Walks::new(start.clone(), bounds, goal.clone(), plan.seed));
        Self {
            start,
            goal,
            plan,
            phase: Phase::Looking,
            breadth: Some(breadth),
            ending: Ending::Nothing,
            walks,
            shrinker: None,
            found: None,
            others: 0,
            reached: Reached::default(),
        }
    }

    /// What it is doing.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The shortest run so far.
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// How far it has come. While it looks for something shorter, what was done breadth first
    /// is for that.
    pub fn reached(&self) -> Reached {
        let breadth = self.breadth.as_ref().map(BreadthFirst::progress);
        let breadth = breadth.unwrap_or(self.reached.breadth);
        let before = self.reached.generated;
        let now = self.breadth.as_ref().map_or(0, |_| breadth.generated);
        Reached {
            breadth,
            generated: before + now,
            walks: self
                .walks
                .as_ref()
                .map(Walks::progress)
                .unwrap_or(self.reached.walks),
            tries: self.reached.tries + self.shrinker.as_ref().map_or(0, Shrinker::tries),
        }
    }

    /// Works for about a millisecond.
    pub fn go_on(&mut self) -> Phase {
        if let Phase::Ended(_) = self.phase {
        } else if self.shrinker.is_some() {
            self.shrink();
        } else {
            self.look();
        }
        self.phase
    }

    /// As if one of its own walks had found this: another thread's has, on which these disks
    /// were slow. Nothing if there are no walks.
    pub fn also_found(&mut self, slow: NodeSet, way: &Way) {
        if let (Some(bounds), None) = (self.plan.walks, &self.shrinker) {
            let start = self.start.clone().with_budget(bounds.budget);
            self.shrink_too(start.with_slow(slow), way);
        }
    }

    /// What was looked at breadth first, if that is at its end and nothing was found; walks may
    /// go on.
    pub fn looked_at(&self) -> Option<Ending> {
        (self.breadth.is_none() && self.found.is_none()).then_some(self.ending)
    }

    /// Whether it has nothing to shrink at the moment.
    pub fn wants_more(&self) -> bool {
        self.shrinker.is_none()
    }

    fn shrink_too(&mut self, start: State, way: &Way) {
        if let Phase::Ended(_) = self.phase {
            return;
        }
        let steps = start.steps_of(way);
        self.shrinker = Some(Shrinker::new(start, self.goal.clone(), steps));
        if self.phase == Phase::Looking {
            self.phase = Phase::Shrinking;
        }
    }

    fn look(&mut self) {
        let (states, steps) = TURN;
        if let Some(breadth) = &mut self.breadth {
            let outcome = breadth.go_on(states).clone();
            let progress = breadth.progress();
            self.after_breadth(outcome, progress);
        }
        if self.shrinker.is_none()
            && let Some(walks) = &mut self.walks
        {
            let found = walks.go_on(steps);
            self.reached.walks = walks.progress();
            if let Some((start, way)) = found {
                self.shrink_too(start, &way);
            } else if self.reached.walks.steps >= self.plan.steps_max {
                self.walks = None;
            }
        }
        if self.breadth.is_none() && self.walks.is_none() && self.shrinker.is_none() {
            self.end(self.ending);
        }
    }

    fn after_breadth(&mut self, outcome: Outcome, progress: Progress) {
        let ending = match outcome {
            Outcome::Going
                if progress.visited_bytes + progress.frontier_bytes > self.plan.bytes_max =>
            {
                Ending::Full
            }
            Outcome::Going => return,
            Outcome::Found(way) => return self.found_first(&way),
            Outcome::Nothing | Outcome::TooDeep if progress.crowded > 0 => Ending::Crowded,
            Outcome::Nothing => Ending::Nothing,
            Outcome::TooDeep => Ending::TooDeep,
        };
        self.leave_breadth(progress);
        let Some(found) = &mut self.found else {
            self.ending = ending;
            return;
        };
        found.is_shortest = matches!(ending, Ending::Nothing | Ending::TooDeep);
        if found.is_shortest {
            self.end(Ending::Found);
        }
    }

    /// No more is looked at breadth first, for now.
    fn leave_breadth(&mut self, progress: Progress) {
        self.breadth = None;
        self.reached.breadth = progress;
        self.reached.generated += progress.generated;
    }

    /// Breadth first, what is found first is a shortest one.
    fn found_first(&mut self, way: &Way) {
        let Some(breadth) = &self.breadth else {
            return;
        };
        let (start, progress) = (breadth.start().clone(), breadth.progress());
        self.leave_breadth(progress);
        let steps = start.steps_of(way);
        let mut shrinker = Shrinker::new(start, self.goal.clone(), steps);
        // No step can be left out; the servers get their usual names.
        while !shrinker.go_on(1) {}
        self.keep(&shrinker, true);
        self.end(Ending::Found);
    }

    fn shrink(&mut self) {
        let Some(mut shrinker) = self.shrinker.take() else {
            return;
        };
        if !shrinker.go_on(4) {
            self.shrinker = Some(shrinker);
            return;
        }
        self.reached.tries += shrinker.tries();
        self.others += 1;
        let len = shrinker.steps().len();
        if self
            .found
            .as_ref()
            .is_none_or(|found| len < found.steps.len())
        {
            self.keep(&shrinker, len <= 1);
            self.look_for_shorter();
        }
        self.phase = Phase::Shortening;
        if self.others >= OTHERS_MAX {
            self.walks = None;
        }
    }

    fn keep(&mut self, shrinker: &Shrinker, is_shortest: bool) {
        self.found = Some(Found {
            start: shrinker.start().clone(),
            steps: shrinker.steps().to_vec(),
            is_shortest,
        });
    }

    /// Looks for something shorter than what was found, with no more of what is limited.
    fn look_for_shorter(&mut self) {
        let Some(found) = &self.found else {
            return;
        };
        let len = found.steps.len();
        let bounds = Bounds {
            budget: spent_on(&found.steps),
            in_flight: Bounds::IN_FLIGHT_MAX,
            depth: len.saturating_sub(1),
            slow_disks: false,
        };
        let start = found.start.clone().with_budget(bounds.budget);
        if let Some(breadth) = &self.breadth {
            let progress = breadth.progress();
            self.leave_breadth(progress);
        }
        let visited = Arc::new(Visited::default());
        self.breadth = Some(BreadthFirst::new(start, bounds, self.goal.clone(), visited));
        if let Some(walks) = &mut self.walks {
            walks.shorten(4 * len);
        }
    }

    fn end(&mut self, ending: Ending) {
        let ending = if self.found.is_some() {
            Ending::Found
        } else {
            ending
        };
        self.phase = Phase::Ended(ending);
    }
}

/// How often each limited thing happens in some steps.
pub fn spent_on(steps: &[Step]) -> Budget {
    let mut spent = Budget::default();
    for limited in steps.iter().filter_map(Step::limited) {
        spent.set(limited, spent.left(limited).saturating_add(1));
    }
    spent
}

impl Step {
    /// The limited thing that it is, if it is one.
    pub fn limited(&self) -> Option<Limited> {
        use hustings_raft::Timer;
        match self {
            Self::Fire(_, Timer::Election) => Some(Limited::Timeouts),
            Self::Fire(_, Timer::Heartbeat) => Some(Limited::Heartbeats),
            Self::Request(_) => Some(Limited::Requests),
            Self::Crash(_) => Some(Limited::Crashes),
            Self::Copy(_) => Some(Limited::Copies),
            Self::Lose(_) => Some(Limited::Losses),
            Self::Cut(..) => Some(Limited::Cuts),
            Self::Transfer(..) => Some(Limited::Transfers),
            Self::Change(..) => Some(Limited::Changes),
            Self::Fire(..)
            | Self::Deliver(_)
            | Self::Persist(_)
            | Self::Restart(_)
            | Self::Lapse => None,
        }
    }
}
