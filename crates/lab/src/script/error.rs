//! What can be wrong with a script.

use std::fmt;

use hustings_raft::{Millis, NodeId, NodeSet};

use super::text::quote;
use crate::HeaderError;

/// A stretch of one line of a script. Lines and columns count from 1, columns
/// and lengths in characters.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The line.
    pub line: usize,
    /// Where in the line it starts.
    pub column: usize,
    /// How many characters it covers; 0 at the end of a line.
    pub length: usize,
}

impl Span {
    /// The beginning of a script.
    pub const START: Self = Self {
        line: 1,
        column: 1,
        length: 0,
    };
}

/// `3:9`: line 3, column 9.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why a script cannot be read: where, what, and perhaps how to mend it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// Where.
    pub at: Span,
    /// What.
    pub mistake: Mistake,
    /// How to mend it, if that can be guessed.
    pub help: Option<Help>,
}

/// What a piece of a script says. A mistake is large and rare, so it stands behind
/// a pointer on its way out.
pub(super) type ParseResult<T> = Result<T, Box<ScriptError>>;

/// What is wrong at one place of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// Something stands where only something else can.
    Unexpected {
        /// What stands there.
        found: Token,
        /// What could stand there.
        expected: Vec<Token>,
    },
    /// A setting that no laboratory can have.
    Header(HeaderError),
    /// What can be said once is said again.
    Twice {
        /// What, in quotes.
        what: String,
    },
    /// A setting stands after the first step.
    SettingAfterStep {
        /// The setting, in quotes.
        what: String,
        /// The line of the first step.
        first_step: usize,
    },
    /// What happens at a point in time cannot itself let time pass.
    TimeAtTime {
        /// The word that starts the command, in quotes.
        what: String,
    },
    /// Two parts of a line that can never be so at once.
    Contradiction {
        /// The later one, in quotes.
        what: String,
        /// The earlier one, in quotes.
        with: String,
    },
    /// A link needs two ends.
    LinkToSelf(NodeId),
    /// A text is too long.
    LongText {
        /// How many characters are allowed.
        max: usize,
    },
    /// The script is too long.
    LongScript {
        /// How many bytes are allowed.
        max: usize,
    },
    /// The script has too many lines.
    ManyLines {
        /// How many are allowed.
        max: usize,
    },
}

/// What stands, or could stand, at one place of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// A word of the language, or whatever a script says, in quotes: `` `cut` ``.
    Written(String),
    /// The end of the line.
    End,
    /// Nothing, though the line goes on.
    Nothing,
    /// One of these servers.
    Server(NodeSet),
    /// How many servers there are.
    ClusterSize,
    /// A number.
    Number,
    /// The how-manieth message.
    Place,
    /// A term.
    Term,
    /// An index.
    Index,
    /// The term of an entry.
    EntryTerm,
    /// The index of an entry.
    EntryIndex,
    /// How many leaders there can be among so many servers.
    LeaderCount(u8),
    /// A number of some kind that is not larger.
    AtMost(Box<Self>, u64),
    /// An index with its term.
    Position,
    /// An index, with or without its term.
    Last,
    /// The terms of a log.
    Terms,
    /// An entry with its term.
    Entry,
    /// A link one way.
    Link,
    /// A link one way or both ways.
    Path,
    /// A duration.
    Duration,
    /// A duration that is not longer.
    DurationUpTo(Millis),
    /// A range of durations.
    Range,
    /// A chance.
    Chance,
    /// The speed of a clock.
    Speed,
    /// A text in quotes.
    Text,
    /// What ends a text.
    ClosingQuote,
    /// A space.
    Blank,
    /// A character as a number.
    Character,
}

impl Token {
    /// A word of the language, or a piece of a script.
    pub(super) fn word(text: &str) -> Self {
        Self::Written(quote(text))
    }

    /// A field of this name, with any value.
    pub(super) fn field(name: &str) -> Self {
        Self::Written(format!("`{name}=…`"))
    }
}

/// How a mistake could be mended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Help {
    /// What was most likely meant.
    Meant(String),
    /// A line that is right.
    Example(&'static str),
    /// The link is written from its sender to its receiver.
    SenderFirst,
    /// This should be written.
    Write(String),
    /// The script should be split.
    Split,
}

impl ScriptError {
    /// What stands where the error is, if the error is about that.
    pub fn found(&self) -> Option<&Token> {
        match &self.mistake {
            Mistake::Unexpected { found, .. } => Some(found),
            _ => None,
        }
    }

    /// What could stand there; empty if the error is not about that.
    pub fn expected(&self) -> &[Token] {
        match &self.mistake {
            Mistake::Unexpected { expected, .. } => expected,
            _ => &[],
        }
    }

    /// Adds to what could stand there, for a caller that knows of more.
    pub(super) fn or(self: Box<Self>, more: Token) -> Box<Self> {
        self.or_all(vec![more])
    }

    /// One of these words could stand there, too.
    pub(super) fn or_keywords(self: Box<Self>, words: &[&str]) -> Box<Self> {
        self.or_all(words.iter().map(|word| Token::word(word)).collect())
    }

    pub(super) fn or_all(mut self: Box<Self>, more: Vec<Token>) -> Box<Self> {
        if let Mistake::Unexpected { expected, .. } = &mut self.mistake {
            expected.extend(more);
        }
        self
    }

    /// The line could end where the error is.
    pub(super) fn or_end(self: Box<Self>) -> Box<Self> {
        self.or(Token::End)
    }

    /// Shows an example if the line ends too early, for then its form is not
    /// clear; unless there is better help.
    pub(super) fn example(self: Box<Self>, example: &'static str) -> Box<Self> {
        let ends_early = self.at.length == 0;
        self.help(ends_early.then_some(Help::Example(example)))
    }

    /// Gives help unless there is some.
    pub(super) fn help(mut self: Box<Self>, help: Option<Help>) -> Box<Self> {
        self.help = self.help.take().or(help);
        self
    }
}
