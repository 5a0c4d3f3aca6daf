//! Storing a history: a branch as a script, and a branch begun anew where it was forked.

use super::{Branch, BranchName, ForkPoint, History, HistoryError};
use crate::command::Command;
use crate::record::RunPosition;
use crate::script::{Script, lines_of};

impl Branch {
    /// Its whole run as a script, and how many of its lines lead up to where it was forked:
    /// played after [`History::fork`], the others bring about the rest of the branch.
    pub fn script(&self) -> (Script, usize) {
        let Some(fork) = self.fork else {
            return (Script::of(&self.tip), 0);
        };
        let before = self.commands_to(fork.at);
        let mut commands: Vec<Command> = before.iter().cloned().collect();
        let shared = commands.iter().flat_map(lines_of).count();
        commands.extend(self.commands_from(fork.at));
        (Script::of_commands(self.tip.header(), commands), shared)
    }
}

impl History {
    /// Begins a branch at a position of another one and goes to its end. The two are the
    /// same until a command is executed.
    ///
    /// # Errors
    ///
    /// When there is no such branch or position, there are too many branches, or another
    /// one has the name. The history is unchanged then.
    pub fn fork(&mut self, name: BranchName, fork: ForkPoint) -> Result<(), HistoryError> {
        if self.branches.len() >= Self::BRANCHES_MAX {
            return Err(HistoryError::TooManyBranches);
        }
        let mut forked = self.clone();
        forked.switch(fork.from)?;
        let records = forked.here.records().len();
        forked.go_to(fork.at);
        if RunPosition::of(&forked.here) != fork.at {
            return Err(HistoryError::NoRecord(records));
        }
        forked.branches.push(forked.branch_off());
        forked.current = forked.branches.len() - 1;
        forked.rename(forked.current, name)?;
        *self = forked;
        Ok(())
    }
}
