//! Makes a run that was found as short and as plain as it can be.
//!
//! Steps are left out, many at a time at first, as in Zeller and Hildebrandt, Simplifying and
//! Isolating Failure-Inducing Input (2002), until none can be left out any more: the run is
//! 1-minimal. What cannot be taken without them goes, too.

use hustings_raft::{NodeId, NodeMap};

use crate::goal::Goal;
use crate::state::State;
use crate::step::Step;

/// Shrinks a run, a slice at a time.
#[derive(Debug)]
pub struct Shrinker {
    start: State,
    goal: Goal,
    steps: Vec<Step>,
    stage: Stage,
    tries: u64,
}

/// What is tried next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// So many steps are left out, from a place on.
    LeaveOut {
        len: usize,
        from: usize,
        /// Whether some could be left out since the first place.
        shorter: bool,
    },
    /// A server's disk is as fast as any.
    Fast(u8),
    /// The servers are numbered in the order in which they come into it.
    Rename,
    Done,
}

impl Shrinker {
    /// Shrinks steps that bring about what is looked for.
    pub fn new(start: State, goal: Goal, steps: Vec<Step>) -> Self {
        let stage = leave_out(steps.len().div_ceil(2).max(1));
        Self {
            start,
            goal,
            steps,
            stage,
            tries: 0,
        }
    }

    /// The steps so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The state from which they are taken.
    pub fn start(&self) -> &State {
        &self.start
    }

    /// How many runs were tried.
    pub fn tries(&self) -> u64 {
        self.tries
    }

    /// Tries so many shorter or plainer runs; returns whether there is none left to try.
    pub fn go_on(&mut self, tries: usize) -> bool {
        for _ in 0..tries {
            if self.stage == Stage::Done {
                return true;
            }
            self.tries += 1;
            self.stage = self.try_next();
        }
        self.stage == Stage::Done
    }

    fn try_next(&mut self) -> Stage {
        match self.stage {
            Stage::LeaveOut { len, from, shorter } => self.leave_out(len, from, shorter),
            Stage::Fast(number) => self.make_fast(number),
            Stage::Rename => {
                self.rename();
                Stage::Done
            }
            Stage::Done => Stage::Done,
        }
    }

    fn leave_out(&mut self, len: usize, from: usize, shorter: bool) -> Stage {
        if from >= self.steps.len() {
            return match (len, shorter) {
                (1, false) => Stage::Fast(1),
                (_, true) => leave_out(len),
                (_, false) => leave_out(len / 2),
            };
        }
        let end = (from + len).min(self.steps.len());
        let rest = [&self.steps[..from], &self.steps[end..]].concat();
        let accepted = self.accept(self.start.clone(), &rest);
        Stage::LeaveOut {
            len,
            from: if accepted { from } else { end },
            shorter: shorter || accepted,
        }
    }

    fn make_fast(&mut self, number: u8) -> Stage {
        let Some(server) = NodeId::new(number).filter(|it| self.start.world.ids().contains(*it))
        else {
            return Stage::Rename;
        };
        let is_slow = self.start.slow.contains(server);
        let by_itself = self.start.world.server(server);
        let may = by_itself.is_some_and(|it| it.disk_delay().max().0 == 0);
        let mut start = self.start.clone();
        start.slow.remove(server);
        let steps = self.steps.clone();
        if is_slow && may && self.accept(start, &steps) {
            // Less may be needed now.
            return leave_out(1);
        }
        Stage::Fast(number + 1)
    }

    fn rename(&mut self) {
        let mut names = NodeMap::default();
        let ids = self.start.world.ids();
        let mut new = ids.iter();
        for server in self.steps.iter().flat_map(Step::servers).chain(ids.iter()) {
            if names.get(server).is_none()
                && let Some(name) = new.next()
            {
                names.insert(server, name);
            }
        }
        let name = |server| names.get(server).copied().unwrap_or(server);
        let steps: Vec<_> = self.steps.iter().map(|step| step.renamed(name)).collect();
        let mut start = self.start.clone();
        start.slow = start.slow.iter().map(name).collect();
        if start.slow.is_empty() || start.world.servers().all(|it| it.disk_delay().max().0 == 0) {
            self.accept(start, &steps);
        }
    }

    /// Takes steps instead of the present ones if they do as well.
    fn accept(&mut self, start: State, steps: &[Step]) -> bool {
        let taken = start.take_all(steps, &self.goal);
        let better = taken.reached && taken.steps.len() <= self.steps.len();
        if better {
            (self.start, self.steps) = (start, taken.steps);
        }
        better
    }
}

fn leave_out(len: usize) -> Stage {
    Stage::LeaveOut {
        len: len.max(1),
        from: 0,
        shorter: false,
    }
}
