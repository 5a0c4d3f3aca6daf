//! The commands of a run.

use std::rc::Rc;

use crate::command::Command;
use crate::persistent_vec::PersistentVec;
use crate::record::{RecordId, RunPosition};
use crate::script::ScriptSize;

/// The commands of a run, in order, with the position at the end of each. Clones share
/// their data, copy-on-write.
#[derive(Clone, Default, Debug)]
pub struct Commands {
    /// Shared, so that copying a leaf is cheap.
    list: PersistentVec<Rc<ExecutedCommand>>,
    /// The size of the header as a script.
    header: ScriptSize,
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
    /// An empty list, for a header of this size as a script.
    pub(crate) fn after(header: ScriptSize) -> Self {
        let list = PersistentVec::default();
        Self { list, header }
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
        self.list.last().map_or(self.header, |last| last.size)
    }

    /// The size with one more command.
    pub(crate) fn size_with(&self, command: &Command) -> ScriptSize {
        match self.merged(command) {
            Some(merged) => self.before_last().and(&merged),
            None => self.size().and(command),
        }
    }

    fn before_last(&self) -> ScriptSize {
        let before = self.len().checked_sub(2);
        let before = before.and_then(|index| self.list.get(index));
        before.map_or(self.header, |executed| executed.size)
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
