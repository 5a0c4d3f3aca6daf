//! The commands of a run.

use std::rc::Rc;

use crate::command::Command;
use crate::header::{Header, HeaderError};
use crate::machine::{CORE_NAME, Program};
use crate::persistent_vec::PersistentVec;
use crate::record::{RecordId, RunPosition};
use crate::script::{ScriptSize, installed};

/// The commands of a run, in order, with the position at the end of each. Clones share
/// their data, copy-on-write.
#[derive(Clone, Debug)]
pub struct Commands {
    /// Shared, so that copying a leaf is cheap.
    list: PersistentVec<Rc<ExecutedCommand>>,
    header: Rc<Header>,
    /// The size of the header as a script.
    start: ScriptSize,
}

/// An executed command.
#[derive(Clone, Debug)]
struct ExecutedCommand {
    command: Command,
    end: RunPosition,
    /// The size of the run as a script, up to and including this command.
    size: ScriptSize,
}

impl Commands {
    /// An empty list.
    pub(crate) fn after(header: Rc<Header>) -> Self {
        Self {
            list: PersistentVec::default(),
            start: ScriptSize::of(&header),
            header,
        }
    }

    /// The number of commands.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The command at an index, from 0.
    pub fn get(&self, index: usize) -> Option<&Command> {
        self.list.get(index).map(|executed| &executed.command)
    }

    /// The last command.
    pub fn last(&self) -> Option<&Command> {
        self.list.last().map(|executed| &executed.command)
    }

    /// All commands, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Command> {
        self.list.iter().map(|executed| &executed.command)
    }

    /// The position at the end of the command at an index, from 0.
    pub fn end(&self, index: usize) -> Option<RunPosition> {
        self.list.get(index).map(|executed| executed.end)
    }

    /// The number of commands that were complete at a position of the run.
    pub fn ended_by(&self, place: RunPosition) -> usize {
        self.list.partition_point(|executed| executed.end <= place)
    }

    /// The command that produced a record, if any.
    pub(crate) fn of_record(&self, record: RecordId) -> Option<&Command> {
        let is_before = |executed: &Rc<ExecutedCommand>| executed.end.records <= record.0;
        self.get(self.list.partition_point(is_before))
    }

    /// The first `count` commands.
    pub(crate) fn first(&self, count: usize) -> Self {
        let mut first = self.clone();
        first.list.truncate(count);
        first
    }

    /// The size of the run as a script.
    pub(crate) fn size(&self) -> ScriptSize {
        self.list.last().map_or(self.start, |last| last.size)
    }

    /// The size with one more command.
    pub(crate) fn size_with(&self, command: &Command) -> ScriptSize {
        match self.merged(command) {
            Some(merged) => self.before_last().and(&merged),
            None => match command {
                Command::Install {
                    program: Some(program),
                    ..
                } if !self.programs().any(|known| known == program) => {
                    self.size().and_program(&**program).and(command)
                }
                _ => self.size().and(command),
            },
        }
    }

    /// The programs that the header and the commands name.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Rc<dyn Program>> {
        let first = self.header.programs.iter().map(|(_, program)| program);
        first.chain(installed(self.iter()))
    }

    /// Checks that no other program has the name of one, or of Raft's core.
    pub(super) fn check_name(&self, program: Option<&Rc<dyn Program>>) -> Result<(), HeaderError> {
        let name = program.map_or(CORE_NAME, |program| program.name());
        let mut same = self.programs().filter(|other| other.name() == name);
        let runs_core = || {
            let mut commands = self.iter();
            commands.any(|it| matches!(it, Command::Install { program: None, .. }))
        };
        let is_of_core = name == CORE_NAME && program.is_some() && runs_core();
        if is_of_core || same.any(|other| Some(other) != program) {
            let name = name.into();
            return Err(HeaderError::TwoPrograms { name });
        }
        Ok(())
    }

    fn before_last(&self) -> ScriptSize {
        let before = self.len().checked_sub(2);
        let before = before.and_then(|index| self.list.get(index));
        before.map_or(self.start, |executed| executed.size)
    }

    /// The last command merged with another: consecutive runs of time add up, so that
    /// the run does not depend on how the scheduler divided the time.
    fn merged(&self, command: &Command) -> Option<Command> {
        match (self.last(), command) {
            (Some(Command::Run(before)), Command::Run(more)) => {
                Some(Command::Run(before.plus(*more)))
            }
            _ => None,
        }
    }

    /// Adds a command that ended at a position.
    pub(crate) fn push(&mut self, command: Command, end: RunPosition) {
        let size = self.size_with(&command);
        self.push_sized(command, end, size);
    }

    /// As [`Commands::push`], with the size that [`Commands::size_with`] has found.
    pub(super) fn push_sized(&mut self, command: Command, end: RunPosition, size: ScriptSize) {
        let merged = self.merged(&command);
        match (merged, self.list.last_mut()) {
            (Some(command), Some(last)) => *last = Rc::new(ExecutedCommand { command, end, size }),
            (_, _) => self
                .list
                .push(Rc::new(ExecutedCommand { command, end, size })),
        }
    }
}

impl PartialEq for Commands {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Commands {}

impl<const LEN: usize> PartialEq<[Command; LEN]> for Commands {
    fn eq(&self, other: &[Command; LEN]) -> bool {
        self.iter().eq(other)
    }
}
