//! Errors of scripts.

use std::fmt;

use hustings_raft::{Millis, NodeId, NodeSet};

use super::quote::quote;
use crate::header::HeaderError;

/// A source span within one line of a script. Lines and columns count from 1, columns
/// and lengths in characters.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The line.
    pub line: usize,
    /// The column where it starts.
    pub column: usize,
    /// Its length in characters; 0 at the end of a line.
    pub length: usize,
}

impl Span {
    /// The start of a script.
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

/// An error in a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// Its position.
    pub at: Span,
    /// What is wrong.
    pub mistake: Mistake,
    /// A suggested fix, if there is one.
    pub help: Option<Help>,
}

/// The result of parsing a part of a script. The error is boxed because it is large
/// and rare.
pub(super) type ParseResult<T> = Result<T, Box<ScriptError>>;

/// What is wrong at a position of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// An unexpected word or character.
    Unexpected {
        /// What was found.
        found: Token,
        /// What was expected.
        expected: Vec<Token>,
    },
    /// Something else than a script.
    NoScript {
        /// What its first line starts with, in quotes; `None` if it is no text.
        what: Option<String>,
    },
    /// An invalid setting.
    Header(HeaderError),
    /// A setting or field is given twice.
    Twice {
        /// Its name, in quotes.
        what: String,
    },
    /// A program where none can run.
    NoPrograms {
        /// Its name, in quotes.
        what: String,
    },
    /// A program without source.
    NoSource {
        /// Its name, in quotes.
        what: String,
    },
    /// A program, or a mend of one, that no server runs.
    NotRun {
        /// Its name, in quotes.
        what: String,
    },
    /// A line of source that belongs to no program.
    StraySource,
    /// The source of a program is wrong: in the interpreter's words.
    Source(String),
    /// No flaw of a program is known.
    NoFlaws {
        /// Its name, in quotes.
        what: String,
    },
    /// Flaws cannot be mended: in the words of who would.
    CannotMend(String),
    /// A setting after the first step.
    SettingAfterStep {
        /// The setting, in quotes.
        what: String,
        /// The line of the first step.
        first_step: usize,
    },
    /// A command that passes time cannot be scheduled with `at`.
    TimeAtTime {
        /// The first word of the command, in quotes.
        what: String,
    },
    /// Two parts of a line contradict each other.
    Contradiction {
        /// The later one, in quotes.
        what: String,
        /// The earlier one, in quotes.
        with: String,
    },
    /// A link from a server to itself.
    LinkToSelf(NodeId),
    /// A text is too long.
    LongText {
        /// The maximum number of characters.
        max: usize,
    },
    /// The script is too long.
    LongScript {
        /// The maximum number of bytes.
        max: usize,
    },
    /// The script has too many lines.
    ManyLines {
        /// The maximum number of lines.
        max: usize,
    },
}

/// What was found or is expected at a position of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// A word of the language, or a piece of a script, in quotes: `` `cut` ``.
    Written(String),
    /// The end of the line.
    End,
    /// An empty piece before the end of the line.
    Nothing,
    /// One of these servers.
    Server(NodeSet),
    /// The number of servers of a cluster.
    ClusterSize,
    /// A number.
    Number,
    /// An ordinal of a message (`nth=`).
    Place,
    /// A term.
    Term,
    /// An index.
    Index,
    /// The term of an entry.
    EntryTerm,
    /// The index of an entry.
    EntryIndex,
    /// A number of leaders, at most this number of servers.
    LeaderCount(u8),
    /// A number of some kind up to a maximum.
    AtMost(Box<Self>, u64),
    /// An index with its term.
    Position,
    /// An index, with or without its term.
    Last,
    /// The terms of a log.
    Terms,
    /// An entry with its term.
    Entry,
    /// A link in one direction.
    Link,
    /// A link in one or both directions.
    Path,
    /// A duration.
    Duration,
    /// A duration up to a maximum.
    DurationUpTo(Millis),
    /// A range of durations.
    Range,
    /// A probability in per cent.
    Chance,
    /// The rate of a clock in per cent.
    Speed,
    /// A text in quotes.
    Text,
    /// The quote that ends a text.
    ClosingQuote,
    /// A space.
    Blank,
    /// A character by its code point, `\u{…}`.
    Character,
    /// The name of a program.
    Program,
    /// A program that the script carries.
    CarriedProgram,
    /// The name of a flaw.
    Flaw,
    /// The name of a program's variable, or of what is in it.
    VariableName,
    /// The value of a program's variable.
    VariableValue,
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

/// How an error could be fixed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Help {
    /// What was probably meant.
    Meant(String),
    /// An example of a valid line.
    Example(String),
    /// What a line can start with.
    Starts {
        /// Whether a setting could stand here.
        settings: bool,
    },
    /// Where all rules are listed that can be broken, and the one that was probably meant.
    Rules {
        /// Its name.
        meant: Option<&'static str>,
    },
    /// The link is written from its sender to its receiver.
    SenderFirst,
    /// The text should be written like this.
    Write(String),
    /// The script should be split.
    Split,
}

impl ScriptError {
    /// What was found, for unexpected tokens.
    pub fn found(&self) -> Option<&Token> {
        match &self.mistake {
            Mistake::Unexpected { found, .. } => Some(found),
            _ => None,
        }
    }

    /// What was expected, for unexpected tokens; otherwise empty.
    pub fn expected(&self) -> &[Token] {
        match &self.mistake {
            Mistake::Unexpected { expected, .. } => expected,
            _ => &[],
        }
    }

    /// Adds a valid alternative.
    pub(super) fn or(self: Box<Self>, more: Token) -> Box<Self> {
        self.or_all(vec![more])
    }

    /// Adds words as valid alternatives.
    pub(super) fn or_keywords(self: Box<Self>, words: &[&str]) -> Box<Self> {
        self.or_all(words.iter().map(|word| Token::word(word)).collect())
    }

    pub(super) fn or_all(mut self: Box<Self>, more: Vec<Token>) -> Box<Self> {
        if let Mistake::Unexpected { expected, .. } = &mut self.mistake {
            expected.extend(more);
        }
        self
    }

    /// Adds the end of the line as a valid alternative.
    pub(super) fn or_end(self: Box<Self>) -> Box<Self> {
        self.or(Token::End)
    }

    /// Adds an example if the line ends too early, unless there is other help.
    pub(super) fn example(self: Box<Self>, example: &str) -> Box<Self> {
        let ends_early = self.at.length == 0;
        self.help(ends_early.then(|| Help::Example(example.to_owned())))
    }

    /// Puts the words before a condition before its example.
    pub(super) fn example_after(mut self: Box<Self>, words: &str) -> Box<Self> {
        if let Some(Help::Example(example)) = &mut self.help {
            *example = format!("{words} {example}");
        }
        self
    }

    /// Adds a word as a valid alternative to the end of the line.
    pub(super) fn or_instead_of_end(self: Box<Self>, word: &str) -> Box<Self> {
        if self.expected().contains(&Token::End) {
            self.or_keywords(&[word])
        } else {
            self
        }
    }

    /// Adds help unless there is some already.
    pub(super) fn help(mut self: Box<Self>, help: Option<Help>) -> Box<Self> {
        self.help = self.help.take().or(help);
        self
    }
}
