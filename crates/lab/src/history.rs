//! Every run that has been: going back in time, and acting there without
//! losing what came after.
//!
//! A [`History`] has branches. Each is one run from the start: whoever goes back
//! and does something else parts from it, and both are kept. A laboratory is a
//! value that copies share, so each branch keeps a copy of itself every so many
//! records; to go to a place is to take the last copy before it, or the place one is
//! at if that is nearer, and to carry out the commands from there. That costs the same however long the run is.

mod branch;

use std::rc::Rc;

use hustings_raft::{Log, LogIndex, Millis, NodeId};

pub use self::branch::Branch;
use self::branch::CheckpointBuilder;
use crate::error::CommandResult;
use crate::narrate::{self, Lang};
use crate::persistent_vec::PersistentVec;
use crate::record::RunPosition;
use crate::script::lines_of;
use crate::{Applied, Command, CommandError, Header, HeaderError, Lab, RecordId, ServerFacts};

/// A tree of runs, and the place in it that is looked at.
#[derive(Clone, Debug)]
pub struct History {
    branches: Vec<Branch>,
    current: usize,
    here: Rc<Lab>,
}

/// What a branch is called.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Name {
    /// Nobody has named it: the how-manieth it is, in the reader's language.
    Number(usize),
    /// What somebody has named it.
    Given(String),
}

/// Where a branch begins to differ from an older one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ForkPoint {
    /// The older branch.
    pub from: usize,
    /// The last place that both share.
    pub at: RunPosition,
}

/// Why something could not be done with a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HistoryError {
    /// The laboratory refused the command.
    Refused(CommandError),
    /// There is no such branch.
    NoBranch(usize),
    /// There is no such record in this branch.
    NoRecord(usize),
    /// There are as many branches as there may be.
    TooManyBranches,
    /// A name is empty, too long, or another branch has it.
    BadName,
    /// The branch that is looked at cannot be deleted.
    InUse,
}

/// How two branches differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The records that both have, from the start.
    pub common: usize,
    /// The time of the last of these.
    pub forked_at: Millis,
    /// The servers that differ at the ends of the two: what they are in the
    /// first and in the second, of each only what differs.
    pub servers: Vec<(NodeId, ServerFacts, ServerFacts)>,
    /// The servers whose logs differ there, and the first index at which they
    /// do: entries of the same terms may ask for different things.
    pub logs: Vec<(NodeId, LogIndex)>,
}

impl Comparison {
    /// Whether no server differs at the ends of the two.
    pub fn ends_alike(&self) -> bool {
        self.servers.is_empty() && self.logs.is_empty()
    }
}

/// Why a run cannot be played again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// What it starts from cannot be.
    Header(HeaderError),
    /// A command cannot be carried out.
    Command {
        /// The how-manieth command it is, from 1.
        number: usize,
        /// The command.
        command: Box<Command>,
        /// Why not.
        error: CommandError,
    },
}

impl History {
    /// The most branches that are kept.
    pub const BRANCHES_MAX: usize = 100;
    /// The longest name of a branch, in characters.
    pub const NAME_CHARS_MAX: usize = 60;
    /// A branch keeps a copy of itself at least every so many records.
    const RECORDS_PER_CHECKPOINT: usize = 256;

    /// A history of one branch, which is a run so far. It can be gone back in as
    /// if it had been done here.
    pub fn new(lab: Lab) -> Self {
        if lab.commands().is_empty() {
            return Self::with_root(lab);
        }
        let commands = lab.commands().clone();
        // What could be done once can be done again.
        Self::replay(lab.header().clone(), commands.iter().cloned())
            .unwrap_or_else(|_| Self::with_root(lab))
    }

    /// A history of one branch, in which these commands have been given.
    ///
    /// # Errors
    ///
    /// When no laboratory can be built from the header, or a command is refused.
    pub fn replay(
        header: Header,
        commands: impl IntoIterator<Item = Command>,
    ) -> Result<Self, ReplayError> {
        let mut history = Self::with_root(Lab::new(header).map_err(ReplayError::Header)?);
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

    fn with_root(lab: Lab) -> Self {
        let here = Rc::new(lab);
        Self {
            branches: vec![Branch {
                name: Name::Number(1),
                fork: None,
                tip: Rc::clone(&here),
                checkpoints: PersistentVec::from_iter([Rc::clone(&here)]),
                command_ends: PersistentVec::from_iter([RunPosition::of(&here)]),
            }],
            current: 0,
            here,
        }
    }

    /// The laboratory at the place that is looked at.
    pub fn lab(&self) -> &Rc<Lab> {
        &self.here
    }

    /// The branches, in the order in which they began.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The number of the branch that is looked at.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Whether the place that is looked at is the end of its branch.
    pub fn is_at_tip(&self) -> bool {
        RunPosition::of(&self.here) == RunPosition::of(&self.branch().tip)
    }

    fn branch(&self) -> &Branch {
        // `current` is always the number of a branch.
        &self.branches[self.current]
    }

    /// Does something at the place that is looked at. Anywhere but at the end of
    /// a branch, a new branch begins, and the old one stays as it is.
    ///
    /// # Errors
    ///
    /// When the laboratory refuses the command, or there are too many branches.
    /// Nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, HistoryError> {
        if !self.is_at_tip() && self.branches.len() >= Self::BRANCHES_MAX {
            return Err(HistoryError::TooManyBranches);
        }
        self.execute(command)
            .map_err(|refused| HistoryError::Refused(*refused))
    }

    fn execute(&mut self, command: Command) -> CommandResult<Applied> {
        let mut lab = Lab::clone(&self.here);
        let merges = matches!(
            (lab.commands().last(), &command),
            (Some(Command::Run(_)), Command::Run(_))
        );
        let mut checkpoints = CheckpointBuilder::after(
            self.branch()
                .checkpoints_until(RunPosition::of(&lab))
                .next_back(),
        );
        let applied = lab.apply_in_place(command, &mut |lab| checkpoints.keep(lab))?;
        checkpoints.keep(&lab);
        if !self.is_at_tip() {
            self.branches.push(self.branch_off());
            self.current = self.branches.len() - 1;
        }
        // `current` is always the number of a branch.
        self.branches[self.current].extend(lab, merges, checkpoints.new);
        self.here = Rc::clone(&self.branch().tip);
        Ok(applied)
    }

    /// A branch that parts from the current one here.
    fn branch_off(&self) -> Branch {
        let (old, at) = (self.branch(), RunPosition::of(&self.here));
        let mut command_ends: PersistentVec<_> = old.command_ends_until(at).collect();
        if command_ends.last() != Some(&at) {
            command_ends.push(at);
        }
        let free = |name: &Name| {
            let mut names = Lang::ALL.map(|lang| name.display(lang)).into_iter();
            names.all(|name| !self.branches.iter().any(|it| it.is_called(&name)))
        };
        let name = (2..).map(Name::Number).find(free);
        Branch {
            name: name.unwrap_or(Name::Number(2)),
            fork: Some(ForkPoint {
                from: self.current,
                at,
            }),
            tip: Rc::clone(&self.here),
            checkpoints: old.checkpoints_until(at).collect(),
            command_ends,
        }
    }

    /// Goes back to before the last thing that was done; says whether there was
    /// one. Time that passed in several pieces is one thing, but not across the
    /// place where a branch begins.
    pub fn undo(&mut self) -> bool {
        let (command_ends, here) = (&self.branch().command_ends, RunPosition::of(&self.here));
        let before = command_ends.partition_point(|end| *end < here);
        self.go_to_command_end(before.checked_sub(1))
    }

    /// Goes on to after the next thing that was done on this branch; says whether
    /// there was one.
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

    /// Goes to just after a record of this branch.
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

    /// Goes to a time of this branch: to after all that had happened by then.
    /// Past the end of the branch, to its end.
    pub fn seek_time(&mut self, time: Millis) {
        let tip = &self.branch().tip;
        let records = tip.records().by(time).max(1);
        let time = time.min(tip.now());
        self.go_to(RunPosition { records, time });
    }

    /// Looks at the end of another branch.
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

    /// Gives a branch a name.
    ///
    /// # Errors
    ///
    /// When there is no such branch, or the name will not do.
    pub fn rename(&mut self, branch: usize, name: &str) -> Result<(), HistoryError> {
        let name = name.trim();
        let length = name.chars().count();
        let others = self.branches.iter().enumerate();
        let taken = others
            .filter(|(number, _)| *number != branch)
            .any(|(_, other)| other.is_called(name));
        if length == 0 || length > Self::NAME_CHARS_MAX || taken {
            return Err(HistoryError::BadName);
        }
        let found = self.branches.get_mut(branch);
        found.ok_or(HistoryError::NoBranch(branch))?.name = Name::Given(name.to_owned());
        Ok(())
    }

    /// Forgets a branch. The branches that part from it keep all that they have,
    /// and part from where it came from; if it is the first, the oldest of them
    /// takes its place. The branches after it get the number before theirs.
    ///
    /// # Errors
    ///
    /// When there is no such branch, or it is the one that is looked at.
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

    /// Holds two branches against each other: where they part, and how the
    /// servers differ at their ends.
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
            let facts = ServerFacts::of(one).difference(ServerFacts::of(other));
            facts.map(|(first, second)| (one.id(), first, second))
        });
        let logs = servers()
            .filter_map(|(one, other)| Some((one.id(), first_difference(one.log(), other.log())?)));
        Ok(Comparison {
            common: shared.len(),
            forked_at: shared.last().copied().unwrap_or_default(),
            servers: facts.collect(),
            logs: logs.collect(),
        })
    }

    fn go_to(&mut self, position: RunPosition) {
        self.here = self.branch().at(position, &self.here);
    }
}

impl Name {
    fn display(&self, lang: Lang) -> String {
        match self {
            Self::Number(number) => narrate::branch(*number, lang),
            Self::Given(name) => name.clone(),
        }
    }
}

/// The first index at which two logs differ, if they do.
fn first_difference(one: &Log, other: &Log) -> Option<LogIndex> {
    let last = one.last_index().max(other.last_index());
    let mut indexes = (1..=last.0).map(LogIndex);
    indexes.find(|index| one.get(*index) != other.get(*index))
}
