//! The maximum size of a script. Writing and reading have the same limits, so what can
//! be saved can be opened.

use hustings_raft::Millis;

use super::{Script, program};
use crate::command::Command;
use crate::header::Header;
use crate::machine::Program;

/// The size of a script.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct ScriptSize {
    lines: usize,
    bytes: usize,
}

/// A run exceeds the maximum size of a script. This happens only at a position within
/// its last command: at the end of each command, a run fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

impl ScriptSize {
    /// The size of the settings and the empty line after them.
    pub(crate) fn of(header: &Header) -> Self {
        let settings = header.to_string();
        Self {
            lines: settings.lines().count() + 1,
            bytes: settings.len() + 1,
        }
    }

    /// The size with what the settings say of one more program.
    pub(crate) fn and_program(self, program: &dyn Program) -> Self {
        let lines = program::description(program);
        let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
        Self {
            lines: self.lines.saturating_add(lines.len()),
            bytes: self.bytes.saturating_add(bytes),
        }
    }

    /// The size with one more command.
    pub(crate) fn and(self, command: &Command) -> Self {
        let (hours, rest) = hours_of(command);
        // A `run` may exceed the maximum number of lines by far.
        let hours = usize::try_from(hours).unwrap_or(usize::MAX);
        let hour = Self::line(&Command::Run(Command::DURATION_MAX));
        let rest = Self::line(&rest);
        let lines = hours.saturating_add(rest.lines);
        let bytes = hours.saturating_mul(hour.bytes).saturating_add(rest.bytes);
        Self {
            lines: self.lines.saturating_add(lines),
            bytes: self.bytes.saturating_add(bytes),
        }
    }

    fn line(command: &Command) -> Self {
        let bytes = command.to_string().len() + 1;
        Self { lines: 1, bytes }
    }

    /// Whether the size is within the limits.
    pub(crate) fn fits(self) -> bool {
        self.lines <= Script::LINES_MAX && self.bytes <= Script::BYTES_MAX
    }
}

impl Header {
    /// Whether its settings are no longer than a script may be.
    pub(crate) fn fits_script(&self) -> bool {
        ScriptSize::of(self).fits()
    }
}

/// A command as lines of a script. A run merges consecutive commands to let time pass, so they
/// may exceed the maximum of one line.
pub(crate) fn lines_of(command: &Command) -> impl Iterator<Item = Command> + use<> {
    let (hours, rest) = hours_of(command);
    let hours = (0..hours).map(|_| Command::Run(Command::DURATION_MAX));
    hours.chain([rest])
}

/// Splits a run of time into a number of maximum durations and the rest.
fn hours_of(command: &Command) -> (u64, Command) {
    let Command::Run(whole) = command else {
        return (0, command.clone());
    };
    let most = Command::DURATION_MAX.0;
    let hours = whole.0.saturating_sub(1) / most;
    (hours, Command::Run(Millis(whole.0 - hours * most)))
}
