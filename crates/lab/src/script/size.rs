//! How long a script may be. What can be saved can be opened: whoever writes scripts
//! and whoever reads them have the same limits.

use hustings_raft::Millis;

use super::Script;
use crate::{Command, Header, Lab};

/// How long a script is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct ScriptSize {
    lines: usize,
    bytes: usize,
}

/// A run is longer than a script may be. That is so only in the middle of what its last
/// command did: at the end of each command, a run fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

impl ScriptSize {
    /// The settings, and the empty line behind them.
    pub(crate) fn of(header: &Header) -> Self {
        let settings = header.to_string();
        Self {
            lines: settings.lines().count() + 1,
            bytes: settings.len() + 1,
        }
    }

    /// The same with a command behind it.
    pub(crate) fn and(self, command: &Command) -> Self {
        let (hours, rest) = hours_of(command);
        // A run of time may be longer than any number of lines.
        let hours = usize::try_from(hours).unwrap_or(usize::MAX);
        let hour = Self::line(&Command::Run(Lab::DURATION_MAX));
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

    /// Whether a script may be so long.
    pub(crate) fn fits(self) -> bool {
        self.lines <= Script::LINES_MAX && self.bytes <= Script::BYTES_MAX
    }
}

impl Script {
    /// A run so far as the text of a script that can be read again.
    ///
    /// # Errors
    ///
    /// When that is longer than a script may be.
    pub fn save(lab: &Lab) -> Result<String, TooLong> {
        if lab.commands().size().fits() {
            Ok(Self::of(lab).to_string())
        } else {
            Err(TooLong)
        }
    }
}

/// A command as lines of a script. A laboratory adds up runs of time, to more than a
/// single line may ask for.
pub(crate) fn lines_of(command: &Command) -> impl Iterator<Item = Command> + use<> {
    let (hours, rest) = hours_of(command);
    let hours = (0..hours).map(|_| Command::Run(Lab::DURATION_MAX));
    hours.chain([rest])
}

/// How often a run of time takes as long as a single line may ask for, and what is left.
fn hours_of(command: &Command) -> (u64, Command) {
    let Command::Run(whole) = command else {
        return (0, command.clone());
    };
    let most = Lab::DURATION_MAX.0;
    let hours = whole.0.saturating_sub(1) / most;
    (hours, Command::Run(Millis(whole.0 - hours * most)))
}
