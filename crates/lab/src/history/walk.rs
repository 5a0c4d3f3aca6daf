//! A walk along a branch.

use super::Branch;
use crate::record::{RecordId, RunPosition};
use crate::run::Run;

/// The run of a branch, taken again record by record, to look at its state after each of
/// them.
#[derive(Clone, Debug)]
pub struct Walk(Run);

impl Walk {
    /// A walk that is at the start of a branch.
    pub fn along(branch: &Branch) -> Self {
        let start = branch.checkpoints.get(0).unwrap_or(&branch.tip);
        Self(Run::clone(start))
    }

    /// A walk that is where a run of a branch ends.
    pub fn at(run: Run) -> Self {
        Self(run)
    }

    /// The run so far. Of its commands, it may lack the last ones.
    pub fn run(&self) -> &Run {
        &self.0
    }

    /// Goes on by one record of the branch, which may have grown; returns whether there
    /// was one.
    pub fn go_on(&mut self, branch: &Branch) -> bool {
        let run = &mut self.0;
        let records = run.records().len() + 1;
        let Some(next) = branch.tip.records().get(RecordId(records - 1)) else {
            return false;
        };
        let position = RunPosition {
            records,
            time: next.at,
        };
        while run.records().len() < records {
            let from = RunPosition::of(run);
            branch.replay_towards(position, run);
            if RunPosition::of(run) == from {
                return false;
            }
        }
        true
    }
}
