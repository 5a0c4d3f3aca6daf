//! The script of a run.

use crate::command::Command;
use crate::header::Header;
use crate::record::RecordId;
use crate::run::Run;
use crate::script::{
    Line, Script, Settings, Span, Step, TooLong, goal_lines, lines_of, state_lines,
};

impl Script {
    /// The text of a run so far as a script that can be parsed again.
    ///
    /// # Errors
    ///
    /// When it exceeds the maximum size of a script.
    pub fn save(run: &Run) -> Result<String, TooLong> {
        if run.commands().size().fits() {
            Ok(Self::of(run).to_string())
        } else {
            Err(TooLong)
        }
    }

    /// Converts a run so far into a script that gives the same records. [`Script::save`]
    /// returns it as text.
    pub fn of(run: &Run) -> Self {
        Self::of_commands(run.header(), run.commands().iter().cloned().collect())
    }

    /// A script of commands that have been executed under a header.
    pub(crate) fn of_commands(header: &Header, commands: Vec<Command>) -> Self {
        let settings = Settings::of(header, commands.iter()).to_string();
        let before = settings.lines().count() + 1;
        let mut steps = Vec::new();
        for (line, command) in (before + 1..).zip(commands.iter().flat_map(lines_of)) {
            let at = Span {
                line,
                column: 1,
                length: command.to_string().chars().count(),
            };
            let line = Line::Command(command);
            steps.push(Step { at, line });
        }
        Self {
            header: header.clone(),
            steps,
            states: state_lines(&settings),
            goals: goal_lines(&settings),
        }
    }

    /// The lines of a run's script, as [`Script::of`] gives it, each with the first record
    /// of its command. For each command it is the first of its lines.
    pub fn lines(run: &Run) -> Vec<(RecordId, usize)> {
        let settings = Settings::of(run.header(), run.commands().iter()).to_string();
        let mut line = settings.lines().count() + 2;
        let mut first = run.servers().len();
        let mut lines = Vec::new();
        for (index, command) in run.commands().iter().enumerate() {
            lines.push((RecordId(first), line));
            line += lines_of(command).count();
            first = run.commands().end(index).map_or(first, |end| end.records);
        }
        lines
    }
}
