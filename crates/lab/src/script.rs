//! The script language: election scripts that people write and programs print.
//!
//! A script is a run and what is expected of it. [`Script::parse`] reads one,
//! [`Script::run`] plays it, [`Script::of`] gives a run so far as a script, and
//! its `Display` prints it. There is one canonical way to print each line; a
//! printed script reads back as the same script, and plays to the same records.
//!
//! ```text
//! title "A vote counts once"
//! cluster 3
//!
//! timeout S1              # S1 stands for election
//! deliver S1->S2          # S2 gives it its vote
//! timeout S3              # so does S3, in the same term
//! deliver S3->S2
//! expect sent RequestVoteReply S2->S3 granted=no
//! ```
//!
//! Each part of the language is described once, with how it is read next to how
//! it is written: values in `value`, settings in `header`, commands in
//! `command`, expectations in `expect`. A line is read on its own; so one
//! mistake does not hide the next, and a single line can be read, too
//! ([`Line::parse`]).

mod command;
mod cursor;
mod error;
mod expect;
mod field;
mod format;
mod header;
#[cfg(test)]
mod reference;
mod run;
mod size;
mod suggest;
mod text;
mod value;

use std::fmt;

use hustings_raft::{Millis, NodeMap, NodeSet};

pub use self::error::{Help, Mistake, ScriptError, Span, Token};
pub(crate) use self::expect::{Not, Written};
pub use self::run::{Failure, Fault, Outcome};
pub use self::size::TooLong;
pub(crate) use self::size::{ScriptSize, lines_of};
pub(crate) use self::value::duration;

use self::cursor::{Cursor, Piece};
use self::error::ParseResult;
use self::header::Builder;
use self::text::quote;
use self::value::Value as _;
use crate::{Command, Expectation, Header, Lab};

/// A script: what a run starts from, what happens, and what is expected.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Script {
    /// What the run starts from.
    pub header: Header,
    /// What happens and what is expected, in order.
    pub steps: Vec<Step>,
    /// Where the `state` line of each server stands that has one.
    pub states: Box<NodeMap<Span>>,
}

/// A line of a script that does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Where it stands in the text.
    pub at: Span,
    /// What it says.
    pub line: Line,
}

/// What a line after the settings can say. Its `Display` is the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// Something happens.
    Command(Command),
    /// `at 120ms crash S1`: it happens when a `run` gets to that time.
    At {
        /// The time, from the start.
        time: Millis,
        /// What happens then.
        command: Command,
    },
    /// Something should be so.
    Expect(Expectation),
}

impl Script {
    /// The longest script that is read, in bytes: 1 MiB.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The most lines that a script may have.
    pub const LINES_MAX: usize = 10_000;
    /// How many errors are reported at most.
    pub const ERRORS_MAX: usize = 50;

    /// Reads a script.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, at most one error a line and
    /// [`Script::ERRORS_MAX`] in all, in the order of the lines.
    pub fn parse(source: &str) -> Result<Self, Vec<ScriptError>> {
        check_length(source).map_err(|error| vec![*error])?;
        // Some editors mark a file's encoding with this invisible character.
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut parser = Parser {
            header: Builder::new(source),
            steps: Vec::new(),
            first_step: None,
        };
        let mut errors = Vec::new();
        for (number, line) in (1..).zip(source.lines()) {
            if let Err(error) = parser.read(number, line) {
                errors.push(*error);
            }
            if errors.len() == Self::ERRORS_MAX {
                break;
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            header: parser.header.finish(),
            steps: parser.steps,
            states: header::state_lines(source),
        })
    }

    /// A run so far as a script: played, it makes the same records. [`Script::save`]
    /// gives it as text.
    pub fn of(lab: &Lab) -> Self {
        let header = lab.header().clone();
        let settings = header.to_string();
        let before = settings.lines().count() + 1;
        let mut steps = Vec::new();
        let commands = lab.commands().iter().flat_map(lines_of);
        for (line, command) in (before + 1..).zip(commands) {
            let at = Span {
                line,
                column: 1,
                length: command.to_string().chars().count(),
            };
            let line = Line::Command(command);
            steps.push(Step { at, line });
        }
        let states = header::state_lines(&settings);
        Self {
            header,
            steps,
            states,
        }
    }
}

/// The script as text: its settings, an empty line, its steps.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.header)?;
        for step in &self.steps {
            writeln!(f, "{}", step.line)?;
        }
        Ok(())
    }
}

impl Line {
    /// Reads a single line, as from a command line; `None` if there is nothing
    /// on it but perhaps a comment. `servers` are those that it may name.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is a setting. The error is on line 1.
    pub fn parse(line: &str, servers: NodeSet) -> Result<Option<Self>, ScriptError> {
        let mut line = Cursor::new(line, 1, servers);
        let Some(first) = line.next() else {
            return Ok(None);
        };
        let read = read_step(first, &mut line);
        match read.and_then(|read| line.end().map(|()| read)) {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(*error),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command) => command.fmt(f),
            Self::At { time, command } => {
                let mut at = String::new();
                time.write(&mut at);
                write!(f, "at {at} {command}")
            }
            Self::Expect(expectation) => expectation.fmt(f),
        }
    }
}

/// A script while it is being read.
struct Parser {
    header: Builder,
    steps: Vec<Step>,
    /// The line of the first step, even if that cannot be read.
    first_step: Option<usize>,
}

impl Parser {
    fn read(&mut self, number: usize, line: &str) -> ParseResult<()> {
        let mut line = Cursor::new(line, number, self.header.servers());
        let Some(first) = line.next() else {
            return Ok(());
        };
        if header::KEYWORDS.contains(&first.text) {
            self.read_setting(first, &mut line)?;
            return line.end();
        }
        let is_step = is_step(first);
        if is_step {
            self.first_step.get_or_insert(number);
        }
        let read = read_step(first, &mut line).map_err(|error| match is_step {
            true => error,
            // Before the first step, settings are valid, too.
            false => line.unknown_word(first, &starts(self.first_step.is_none())),
        })?;
        line.end()?;
        let at = line.span(line.since(first));
        self.steps.push(Step { at, line: read });
        Ok(())
    }

    fn read_setting(&mut self, first: Piece<'_>, line: &mut Cursor<'_>) -> ParseResult<()> {
        if let Some(first_step) = self.first_step {
            let what = quote(first.text);
            return Err(line.mistake(first, Mistake::SettingAfterStep { what, first_step }));
        }
        self.header.read(first, line)
    }
}

const AT: &str = "at";
const AT_EXAMPLE: &str = "at 120ms crash S1";
const EXPECT: &str = "expect";

fn is_step(first: Piece<'_>) -> bool {
    starts(false).contains(&first.text)
}

/// The words that can start a line.
fn starts(settings: bool) -> Vec<&'static str> {
    let mut words = Vec::new();
    if settings {
        words.extend(header::KEYWORDS);
    }
    words.extend(command_words());
    words.extend([AT, EXPECT]);
    words
}

/// The words that can start a command.
fn command_words() -> Vec<&'static str> {
    command::KEYWORDS.iter().map(|(word, _)| *word).collect()
}

/// Reads what a line says after its first word.
fn read_step(first: Piece<'_>, line: &mut Cursor<'_>) -> ParseResult<Line> {
    if first.text == EXPECT {
        return expect::read(line).map(Line::Expect);
    }
    if first.text == AT {
        let time = line.value();
        let time = time.map_err(|error: Box<ScriptError>| error.example(AT_EXAMPLE))?;
        let piece = line.next_or_end();
        let command = read_command(piece, line)?;
        if command.passes_time() {
            let what = quote(piece.text);
            return Err(line.mistake(piece, Mistake::TimeAtTime { what }));
        }
        return Ok(Line::At { time, command });
    }
    if !is_step(first) {
        return Err(line.unknown_word(first, &starts(false)));
    }
    read_command(first, line).map(Line::Command)
}

fn read_command(first: Piece<'_>, line: &mut Cursor<'_>) -> ParseResult<Command> {
    let (Some(command), Some(example)) = (
        command::read(first, line),
        command::KEYWORDS
            .iter()
            .find(|(word, _)| *word == first.text),
    ) else {
        return Err(line.unknown_word(first, &command_words()));
    };
    command.map_err(|error| error.example(example.1))
}

fn check_length(source: &str) -> ParseResult<()> {
    let too_long = |line, mistake| {
        let at = Span {
            line,
            ..Span::START
        };
        let help = Some(Help::Split);
        Box::new(ScriptError { at, mistake, help })
    };
    if source.len() > Script::BYTES_MAX {
        let max = Script::BYTES_MAX;
        return Err(too_long(1, Mistake::LongScript { max }));
    }
    let max = Script::LINES_MAX;
    match source.lines().count() > max {
        true => Err(too_long(max + 1, Mistake::ManyLines { max })),
        false => Ok(()),
    }
}
