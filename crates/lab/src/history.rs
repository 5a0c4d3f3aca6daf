//! The branching history of a run: undo, seek, and commands in the past that start a
//! new branch.
//!
//! A [`History`] has branches, each a whole run from the start. A command at an earlier
//! position forks a new branch, and the old one is kept. Clones of a run are
//! cheap, so each branch keeps checkpoints at intervals. To go to a position, the
//! history replays commands from the last checkpoint before it, or from the current
//! position if that is nearer. The cost does not depend on the length of the run.

mod branch;
mod captions;
mod stored;
mod walk;

use std::rc::Rc;

use hustings_raft::{LogIndex, Millis, NodeId};

pub use self::branch::Branch;
pub use self::walk::Walk;
use crate::command::Command;
use crate::error::{CommandError, CommandResult};
use crate::header::{Header, HeaderError};
use crate::pattern::ServerPattern;
use crate::persistent_vec::PersistentVec;
use crate::play::Stage;
use crate::record::{RecordId, RunPosition};
use crate::run::{Applied, Execution, Run};
use crate::script::lines_of;

/// A tree of runs, and the current position in it.
#[derive(Clone, Debug)]
pub struct History {
    branches: Vec<Branch>,
    current: usize,
    here: Rc<Run>,
}

/// The name of a branch. No two branches have the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BranchName {
    /// Its number, from 1, which is displayed in the reader's language.
    Number(usize),
    /// A name given by the user.
    Given(String),
}

/// Where a branch was forked from an older one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ForkPoint {
    /// The older branch.
    pub from: usize,
    /// The last position that both share.
    pub at: RunPosition,
}

/// Errors of a [`History`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HistoryError {
    /// The run refused the command.
    Refused(CommandError),
    /// There is no such branch.
    NoBranch(usize),
    /// There is no such record in this branch.
    NoRecord(usize),
    /// There are [`History::BRANCHES_MAX`] branches already.
    TooManyBranches,
    /// The name is empty, too long, or taken by another branch.
    BadName,
    /// The current branch cannot be deleted.
    InUse,
}

/// How two branches differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The number of records that both share, from the start.
    pub common: usize,
    /// The time of the last shared record.
    pub forked_at: Millis,
    /// The servers that differ at the ends of the branches, with the differing fields
    /// in the first and in the second.
    pub servers: Vec<(NodeId, ServerPattern, ServerPattern)>,
    /// The servers whose logs differ there, and the first differing index: entries of
    /// the same terms may have different payloads.
    pub logs: Vec<(NodeId, LogIndex)>,
}

impl Comparison {
    /// Whether all servers are equal at the ends of both branches.
    pub fn ends_alike(&self) -> bool {
        self.servers.is_empty() && self.logs.is_empty()
    }
}

/// Why a run cannot be replayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// Its header is invalid.
    Header(HeaderError),
    /// A command cannot be executed.
    Command {
        /// The command's number, from 1.
        number: usize,
        /// The command.
        command: Box<Command>,
        /// Why not.
        error: CommandError,
    },
}

impl History {
    /// The maximum number of branches.
    pub const BRANCHES_MAX: usize = 100;
    /// The maximum length of a branch's name, in characters.
    pub const NAME_CHARS_MAX: usize = 60;
    /// The number of records between checkpoints of a branch.
    const RECORDS_PER_CHECKPOINT: usize = 256;

    /// A history with one branch, the run so far, with all its commands to undo.
    pub fn new(run: Run) -> Self {
        if run.commands().is_empty() {
            return Self::with_root(run);
        }
        let commands = run.commands().clone();
        // Replaying executed commands does not fail.
        Self::replay(run.header().clone(), commands.iter().cloned())
            .unwrap_or_else(|_| Self::with_root(run))
    }

    /// A history with one branch, in which these commands are executed.
    ///
    /// # Errors
    ///
    /// When no run can be started from the header, or a command is refused.
    pub fn replay(
        header: Header,
        commands: impl IntoIterator<Item = Command>,
    ) -> Result<Self, ReplayError> {
        let mut history = Self::with_root(Run::new(header).map_err(ReplayError::Header)?);
        let lines = commands.into_iter().flat_map(|command| lines_of(&command));
        for (number, command) in (1..).zip(lines) {
            let done = history.execute(command.clone());
            done.map_err(|error| ReplayError::Command {
                number,
                command: Box::new(command),
                error: *error,
            })?;
        }
        Ok(history)
    }

    fn with_root(run: Run) -> Self {
        let here = Rc::new(run);
        Self {
            branches: vec![Branch {
                name: BranchName::Number(1),
                fork: None,
                tip: Rc::clone(&here),
                checkpoints: PersistentVec::from_iter([Rc::clone(&here)]),
                command_ends: PersistentVec::from_iter([RunPosition::of(&here)]),
            }],
            current: 0,
            here,
        }
    }

    /// The run at the current position.
    pub fn run(&self) -> &Rc<Run> {
        &self.here
    }

    /// The branches, in the order of their creation.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The index of the current branch.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Whether the current position is the end of the current branch.
    pub fn is_at_tip(&self) -> bool {
        RunPosition::of(&self.here) == RunPosition::of(&self.branch().tip)
    }

    fn branch(&self) -> &Branch {
        // `current` is always the index of a branch.
        &self.branches[self.current]
    }

    /// Executes a command at the current position. Before the end of a branch, this
    /// forks a new branch, and the old one stays unchanged.
    ///
    /// # Errors
    ///
    /// When the run refuses the command, or there are too many branches. The
    /// history is unchanged then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, HistoryError> {
        self.check_room()?;
        self.execute(command)
            .map_err(|refused| HistoryError::Refused(*refused))
    }

    /// Checks that there may be one more branch, if a command here forks one.
    ///
    /// # Errors
    ///
    /// When there are too many branches.
    pub fn check_room(&self) -> Result<(), HistoryError> {
        if !self.is_at_tip() && self.branches.len() >= Self::BRANCHES_MAX {
            return Err(HistoryError::TooManyBranches);
        }
        Ok(())
    }

    fn execute(&mut self, command: Command) -> CommandResult<Applied> {
        let mut execution = self.begin_command(command)?;
        execution.go_on(usize::MAX)?;
        Ok(self.finish(execution))
    }

    fn begin_command(&self, command: Command) -> CommandResult<Execution> {
        let here = RunPosition::of(&self.here);
        let last = self.branch().checkpoints_until(here).next_back();
        let last = last.map_or(0, |checkpoint| checkpoint.records().len());
        let execution = self.here.begin(command)?;
        Ok(execution.with_copies(Self::RECORDS_PER_CHECKPOINT, last))
    }

    /// A branch forked from the current one at the current position.
    fn branch_off(&self) -> Branch {
        let (old, at) = (self.branch(), RunPosition::of(&self.here));
        let mut command_ends: PersistentVec<_> = old.command_ends_until(at).collect();
        if command_ends.last() != Some(&at) {
            command_ends.push(at);
        }
        let is_free = |name: &BranchName| self.branches.iter().all(|it| it.name != *name);
        let name = (2..).map(BranchName::Number).find(is_free);
        Branch {
            name: name.unwrap_or(BranchName::Number(2)),
            fork: Some(ForkPoint {
                from: self.current,
                at,
            }),
            tip: Rc::clone(&self.here),
            checkpoints: old.checkpoints_until(at).collect(),
            command_ends,
        }
    }

    /// Goes back to before the last command; returns whether there was one. Consecutive
    /// runs of time count as one command, except across a fork.
    pub fn undo(&mut self) -> bool {
        let (command_ends, here) = (&self.branch().command_ends, RunPosition::of(&self.here));
        let before = command_ends.partition_point(|end| *end < here);
        self.go_to_command_end(before.checked_sub(1))
    }

    /// Goes to after the next command of this branch; returns whether there was one.
    pub fn redo(&mut self) -> bool {
        let here = RunPosition::of(&self.here);
        let after = self
            .branch()
            .command_ends
            .partition_point(|end| *end <= here);
        self.go_to_command_end(Some(after))
    }

    fn go_to_command_end(&mut self, number: Option<usize>) -> bool {
        let end = number.and_then(|number| self.branch().command_ends.get(number));
        end.copied().map(|position| self.go_to(position)).is_some()
    }

    /// Goes to just after a record of this branch; after the crash in which a program fails,
    /// if that happens in the same step.
    ///
    /// # Errors
    ///
    /// When there is no such record.
    pub fn seek(&mut self, record: RecordId) -> Result<(), HistoryError> {
        let records = self.branch().tip.records();
        let found = records.get(record).map(|record| record.at);
        let Some(at) = found else {
            return Err(HistoryError::NoRecord(records.len()));
        };
        let records = record.0 + 1;
        self.go_to(RunPosition { records, time: at });
        Ok(())
    }

    /// Goes to a time of this branch, after all events up to then; beyond the end of
    /// the branch, to its end.
    pub fn seek_time(&mut self, time: Millis) {
        let tip = &self.branch().tip;
        let records = tip.records().by(time).max(1);
        let time = time.min(tip.now());
        self.go_to(RunPosition { records, time });
    }

    /// Switches to the end of another branch.
    ///
    /// # Errors
    ///
    /// When there is no such branch.
    pub fn switch(&mut self, branch: usize) -> Result<(), HistoryError> {
        let found = self.branches.get(branch);
        let tip = found.ok_or(HistoryError::NoBranch(branch))?.tip.clone();
        self.current = branch;
        self.here = tip;
        Ok(())
    }

    /// Renames a branch. [`crate::narrate::branch_name`] parses a name.
    ///
    /// # Errors
    ///
    /// When there is no such branch, or the name is invalid
    /// ([`HistoryError::BadName`]).
    pub fn rename(&mut self, branch: usize, name: BranchName) -> Result<(), HistoryError> {
        let mut others = self.branches.iter().enumerate();
        let taken = others.any(|(number, other)| number != branch && other.name == name);
        if taken || !name.is_valid() {
            return Err(HistoryError::BadName);
        }
        let found = self.branches.get_mut(branch);
        found.ok_or(HistoryError::NoBranch(branch))?.name = name;
        Ok(())
    }

    /// Deletes a branch. The branches forked from it stay complete and count as forked
    /// from its parent; if it is the first, the oldest of them takes its place. The
    /// indexes of later branches fall by one.
    ///
    /// # Errors
    ///
    /// When there is no such branch, or it is the current one.
    pub fn delete(&mut self, branch: usize) -> Result<(), HistoryError> {
        let gone = self.branches.get(branch);
        let mut heir = gone.ok_or(HistoryError::NoBranch(branch))?.fork;
        if branch == self.current {
            return Err(HistoryError::InUse);
        }
        for (number, child) in self.branches.iter_mut().enumerate() {
            let Some(ForkPoint { at, .. }) = child.fork.filter(|it| it.from == branch) else {
                continue;
            };
            child.fork = heir.map(|heir| ForkPoint {
                at: at.min(heir.at),
                ..heir
            });
            heir = heir.or(Some(ForkPoint { from: number, at }));
        }
        self.branches.remove(branch);
        let moved = |number: usize| number - usize::from(number > branch);
        for fork in self.branches.iter_mut().filter_map(|it| it.fork.as_mut()) {
            fork.from = moved(fork.from);
        }
        self.current = moved(self.current);
        Ok(())
    }

    /// Compares two branches: where they fork, and how the servers differ at their
    /// ends.
    ///
    /// # Errors
    ///
    /// When there is no such branch.
    pub fn compare(&self, first: usize, second: usize) -> Result<Comparison, HistoryError> {
        let tip = |number: usize| {
            let branch = self.branches.get(number);
            branch
                .map(|branch| &branch.tip)
                .ok_or(HistoryError::NoBranch(number))
        };
        let (first, second) = (tip(first)?, tip(second)?);
        let pairs = first.records().iter().zip(second.records().iter());
        let same = |((_, one), (_, other)): &((_, &Rc<_>), (_, &Rc<_>))| {
            Rc::ptr_eq(one, other) || one == other
        };
        let shared: Vec<_> = pairs.take_while(same).map(|((_, it), _)| it.at).collect();
        let servers = || first.servers().zip(second.servers());
        let facts = servers().filter_map(|(one, other)| {
            let facts = one.observed().difference(other.observed());
            facts.map(|(first, second)| (one.id(), first, second))
        });
        let logs = servers()
            .filter_map(|(one, other)| Some((one.id(), one.log().first_difference(other.log())?)));
        Ok(Comparison {
            common: shared.len(),
            forked_at: shared.last().copied().unwrap_or_default(),
            servers: facts.collect(),
            logs: logs.collect(),
        })
    }

    /// Goes to a position of this branch; beyond its end, to its end.
    pub fn go_to(&mut self, position: RunPosition) {
        self.here = self.branch().at(position, &self.here);
    }
}

impl BranchName {
    fn is_valid(&self) -> bool {
        match self {
            Self::Number(number) => *number > 0,
            Self::Given(name) => {
                !name.trim().is_empty() && name.chars().count() <= History::NAME_CHARS_MAX
            }
        }
    }
}

impl Stage for History {
    fn run(&self) -> &Run {
        &self.here
    }

    fn execute(&mut self, command: Command) -> Result<Applied, CommandError> {
        Self::execute(self, command).map_err(|refused| *refused)
    }

    fn begin(&self, command: Command) -> Result<Execution, CommandError> {
        self.begin_command(command).map_err(|refused| *refused)
    }

    fn finish(&mut self, execution: Execution) -> Applied {
        let merges = matches!(
            (self.here.commands().last(), execution.command()),
            (Some(Command::Run(_)), Command::Run(_))
        );
        let (run, applied, checkpoints) = execution.finish();
        if !self.is_at_tip() {
            self.branches.push(self.branch_off());
            self.current = self.branches.len() - 1;
        }
        // `current` is always the index of a branch.
        self.branches[self.current].extend(run, merges, checkpoints);
        self.here = Rc::clone(&self.branch().tip);
        applied
    }
}
