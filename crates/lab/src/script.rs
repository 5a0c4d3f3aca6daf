//! The script language, for runs that people write and programs print.
//!
//! A script is a run with expectations. [`Script::parse`] parses one, and its `Display`
//! prints it; `play` runs it ([`Script::run`]), and `save` converts a run so far into one
//! ([`Script::of`]). Each line has one canonical form; a printed script parses to the
//! same script, and runs to the same records.
//!
//! ```text
//! title "A vote counts once"
//! cluster 3
//!
//! timeout S1              # S1 starts an election
//! deliver S1->S2          # S2 votes for it
//! timeout S3              # so does S3, in the same term
//! deliver S3->S2
//! expect sent RequestVoteReply S2->S3 granted=no
//! ```
//!
//! Parser and printer of each part of the language are next to each other: values in
//! `value`, settings in `header`, commands in `command`, messages in `message`,
//! conditions in `condition` and `server`. Each line is parsed on its own, so one error
//! does not hide the next, and a single line can be parsed, too ([`Line::parse`]).

mod agreement;
mod command;
mod condition;
mod cursor;
mod error;
mod field;
mod format;
mod header;
mod message;
mod paint;
mod program;
mod quote;
#[cfg(test)]
mod reference;
mod server;
mod size;
mod suggest;
mod text;
mod value;
mod variable;

use std::fmt;

use hustings_raft::{Millis, NodeMap, NodeSet};

pub(crate) use self::condition::write_entry;
pub use self::error::{Help, Mistake, ScriptError, Span, Token};
pub(crate) use self::header::{Settings, goal_lines, state_lines};
pub(crate) use self::message::write_message;
pub use self::paint::{PieceKind, pieces};
pub(crate) use self::program::installed;
pub use self::program::{needs_programs, place_of_source, without_programs};
pub(crate) use self::program::{source_line, write_source_line};
pub(crate) use self::server::write_properties;
pub use self::size::TooLong;
pub(crate) use self::size::{ScriptSize, lines_of};
pub(crate) use self::value::duration;
pub use self::value::parse_range;

use self::cursor::{Cursor, Piece};
use self::error::ParseResult;
use self::header::Builder;
use self::program::Programs;
use self::quote::quote;
use self::value::Value as _;
use crate::command::Command;
use crate::condition::Condition;
use crate::header::Header;
use crate::machine::{Library, NoLibrary};

/// A script: the initial settings of a run, its commands, and what is expected of it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Script {
    /// The initial settings of the run.
    pub header: Header,
    /// Commands and expectations, in order.
    pub steps: Vec<Step>,
    /// The positions of the servers' `state` lines.
    pub states: Box<NodeMap<Span>>,
    /// The positions of the `goal` lines.
    pub goals: Vec<Span>,
}

/// A line of a script after the settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its position in the text.
    pub at: Span,
    /// Its content.
    pub line: Line,
}

/// The content of a line after the settings. Its `Display` is the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// A command.
    Command(Command),
    /// `at 120ms crash S1`: a command that is executed when a `run` reaches that time.
    At {
        /// The time, from the start.
        time: Millis,
        /// The command to execute then.
        command: Command,
    },
    /// `expect one leader`: a condition that is expected to hold.
    Expect(Condition),
}

impl Script {
    /// The maximum size of a script in bytes: 1 MiB.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The maximum number of lines of a script.
    pub const LINES_MAX: usize = 10_000;
    /// The maximum number of errors reported.
    pub const ERRORS_MAX: usize = 50;

    /// Parses a script whose servers all run Raft's core.
    ///
    /// # Errors
    ///
    /// As [`Script::parse_with`]; to run a program is an error, too.
    pub fn parse(source: &str) -> Result<Self, Vec<ScriptError>> {
        Self::parse_with(source, &NoLibrary)
    }

    /// Parses a script whose servers may run programs instead of Raft's core: those of a
    /// library, and those that the script carries and the library can interpret.
    ///
    /// # Errors
    ///
    /// All errors, at most one per line and [`Script::ERRORS_MAX`] in total, in the
    /// order of the lines.
    pub fn parse_with(source: &str, library: &dyn Library) -> Result<Self, Vec<ScriptError>> {
        check_length(source).map_err(|error| vec![*error])?;
        // Some editors add a byte order mark.
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut parser = Parser {
            header: Builder::new(source, library),
            steps: Vec::new(),
            first_step: None,
            knows_a_word: false,
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
        let (header, wrong) = parser.header.finish();
        for error in wrong {
            let place = errors.partition_point(|it| it.at <= error.at);
            errors.insert(place, error);
        }
        if !errors.is_empty() {
            errors.dedup_by_key(|error| error.at.line);
            errors.truncate(Self::ERRORS_MAX);
            return Err(if parser.knows_a_word {
                errors
            } else {
                no_script(source, errors)
            });
        }
        Ok(Self {
            header,
            steps: parser.steps,
            states: state_lines(source),
            goals: goal_lines(source),
        })
    }
}

/// The script as text: its settings, an empty line, its steps.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands = self.steps.iter().filter_map(|step| step.line.command());
        writeln!(f, "{}", Settings::of(&self.header, commands))?;
        for step in &self.steps {
            writeln!(f, "{}", step.line)?;
        }
        Ok(())
    }
}

impl Line {
    /// Parses a single line, for a command line; `None` if it is empty or only a
    /// comment. `servers` are those that it may name.
    ///
    /// # Errors
    ///
    /// When it is invalid or a setting. The error is on line 1.
    pub fn parse(line: &str, servers: NodeSet) -> Result<Option<Self>, ScriptError> {
        Self::parse_with(line, servers, &NoLibrary)
    }

    /// As [`Line::parse`], where servers may run the programs of a library.
    ///
    /// # Errors
    ///
    /// As [`Line::parse`].
    pub fn parse_with(
        line: &str,
        servers: NodeSet,
        library: &dyn Library,
    ) -> Result<Option<Self>, ScriptError> {
        let mut programs = Programs::of(library);
        let mut line = Cursor::new(line, 1, servers);
        let Some(first) = line.next() else {
            return Ok(None);
        };
        let read = read_step(first, &mut line, &mut programs);
        match read.and_then(|read| line.end().map(|()| read)) {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(*error),
        }
    }

    /// Its command, if it has one.
    fn command(&self) -> Option<&Command> {
        match self {
            Self::Command(command) | Self::At { command, .. } => Some(command),
            Self::Expect(_) => None,
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
            Self::Expect(condition) => write!(f, "{EXPECT} {condition}"),
        }
    }
}

/// A parser of whole scripts.
struct Parser<'a> {
    header: Builder<'a>,
    steps: Vec<Step>,
    /// The line of the first step, even if it is invalid.
    first_step: Option<usize>,
    /// Whether any line starts with a word of the language.
    knows_a_word: bool,
}

impl<'a> Parser<'a> {
    fn read(&mut self, number: usize, text: &'a str) -> ParseResult<()> {
        let mut line = Cursor::new(text, number, self.header.servers());
        if let Some(source) = source_line(text) {
            return self.header.programs.read_source(text, source, &mut line);
        }
        let first = line.next();
        self.header.programs.end_source(first);
        let Some(first) = first else {
            return Ok(());
        };
        let is_step_by_place = self.first_step.is_some() && first.text == program::RUN;
        if !is_step_by_place && header::is_setting(first, &line) {
            self.knows_a_word = true;
            self.read_setting(first, &mut line)?;
            return line.end();
        }
        let is_step = is_step(first);
        if is_step {
            self.knows_a_word = true;
            self.first_step.get_or_insert(number);
        }
        let programs = &mut self.header.programs;
        let read = read_step(first, &mut line, programs).map_err(|error| {
            if is_step {
                error
            } else {
                // Before the first step, a setting would be valid, too.
                unknown_start(first, &line, self.first_step.is_none())
            }
        })?;
        line.end()?;
        let at = line.span(line.since(first));
        self.steps.push(Step { at, line: read });
        Ok(())
    }

    fn read_setting(&mut self, first: Piece<'a>, line: &mut Cursor<'a>) -> ParseResult<()> {
        if let Some(first_step) = self.first_step {
            let mut setting = first;
            if is_step(first) {
                // The first word alone would be a step.
                while line.next().is_some() {}
                setting = line.since(first);
            }
            let what = quote(setting.text);
            return Err(line.mistake(setting, Mistake::SettingAfterStep { what, first_step }));
        }
        self.header.read(first, line)
    }
}

/// The words that start a setting's line.
pub fn settings() -> &'static [&'static str] {
    &header::KEYWORDS
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

/// An error: no line starts with that word.
fn unknown_start(first: Piece<'_>, line: &Cursor<'_>, settings: bool) -> Box<ScriptError> {
    let error = line.unknown_word(first, &starts(settings));
    error.help(Some(Help::Starts { settings }))
}

/// The errors of a text in which no line starts with a word of the language. If none of
/// them was nearly one, that is the only error.
fn no_script(source: &str, mut errors: Vec<ScriptError>) -> Vec<ScriptError> {
    let is_near = |error: &ScriptError| matches!(error.help, Some(Help::Meant(_)));
    let (Some(first), false) = (errors.first(), errors.iter().any(is_near)) else {
        return errors;
    };
    // What a file that is not in UTF-8 has become.
    let is_text = !source.contains(['\0', '\u{fffd}']);
    let what = match first.found() {
        Some(Token::Written(found)) if is_text => Some(found.clone()),
        _ => None,
    };
    let at = first.at;
    errors.clear();
    let (mistake, help) = (Mistake::NoScript { what }, None);
    errors.push(ScriptError { at, mistake, help });
    errors
}

/// Parses a line after its first word.
fn read_step<'a>(
    first: Piece<'a>,
    line: &mut Cursor<'a>,
    programs: &mut Programs<'a>,
) -> ParseResult<Line> {
    if first.text == EXPECT {
        let read = condition::read(line).map(Line::Expect);
        return read.map_err(|error| error.example_after(EXPECT));
    }
    if first.text == AT {
        let time = line.value();
        let time = time.map_err(|error: Box<ScriptError>| error.example(AT_EXAMPLE))?;
        let piece = line.next_or_end();
        let command = read_command(piece, line, programs)?;
        if command.passes_time() {
            let what = quote(piece.text);
            return Err(line.mistake(piece, Mistake::TimeAtTime { what }));
        }
        return Ok(Line::At { time, command });
    }
    if !is_step(first) {
        return Err(unknown_start(first, line, false));
    }
    read_command(first, line, programs).map(Line::Command)
}

fn read_command<'a>(
    first: Piece<'a>,
    line: &mut Cursor<'a>,
    programs: &mut Programs<'a>,
) -> ParseResult<Command> {
    let (Some(command), Some(example)) = (
        command::read(first, line, programs),
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
    if source.lines().count() > max {
        Err(too_long(max + 1, Mistake::ManyLines { max }))
    } else {
        Ok(())
    }
}
