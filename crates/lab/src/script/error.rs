//! What can be wrong with a script.

use std::fmt;

use hustings_raft::NodeId;

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
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{mistake}")]
pub struct ScriptError {
    /// Where.
    pub at: Span,
    /// What.
    pub mistake: Mistake,
    /// How to mend it, if that can be guessed.
    pub help: Option<String>,
}

/// What is wrong at one place of a script.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Mistake {
    /// Something stands where only something else can.
    #[error("expected {}, found {found}", either(expected))]
    Unexpected {
        /// What stands there, in quotes, or "the end of the line".
        found: String,
        /// What could stand there: words of the language in quotes, or what
        /// kind of thing ("a server S1 to S5").
        expected: Vec<String>,
    },
    /// A setting that no laboratory can have.
    #[error(transparent)]
    Header(HeaderError),
    /// What can be said once is said again.
    #[error("{what} is given twice")]
    Twice {
        /// What, in quotes.
        what: String,
    },
    /// A setting stands after the first step.
    #[error("{what} must stand before the first step, which is on line {first_step}")]
    SettingAfterStep {
        /// The setting, in quotes.
        what: String,
        /// The line of the first step.
        first_step: usize,
    },
    /// What happens at a point in time cannot itself let time pass.
    #[error("{what} lets time pass, so it cannot stand after `at`")]
    TimeAtTime {
        /// The word that starts the command, in quotes.
        what: String,
    },
    /// A link needs two ends.
    #[error("{0} has no link to itself")]
    LinkToSelf(NodeId),
    /// A text is too long.
    #[error("the text has more than {max} characters")]
    LongText {
        /// How many characters are allowed.
        max: usize,
    },
    /// The script is too long.
    #[error("the script has more than {max} {unit}")]
    LongScript {
        /// How many are allowed.
        max: usize,
        /// Of what.
        unit: &'static str,
    },
}

pub(super) const END_OF_LINE: &str = "the end of the line";

impl ScriptError {
    /// In one line, what is wrong, and how to mend it where that can be guessed. A
    /// good guess stands in for a long list of what could stand there.
    pub fn advice(&self) -> String {
        match (&self.help, &self.mistake) {
            (Some(help), Mistake::Unexpected { found, expected }) if expected.len() > 8 => {
                format!("{found} cannot stand here; {help}")
            }
            (Some(help), mistake) => format!("{mistake}; {help}"),
            (None, mistake) => mistake.to_string(),
        }
    }

    /// What stands where the error is, if the error is about that.
    pub fn found(&self) -> Option<&str> {
        match &self.mistake {
            Mistake::Unexpected { found, .. } => Some(found),
            _ => None,
        }
    }

    /// What could stand there; empty if the error is not about that.
    pub fn expected(&self) -> &[String] {
        match &self.mistake {
            Mistake::Unexpected { expected, .. } => expected,
            _ => &[],
        }
    }

    /// Adds to what could stand there, for a caller that knows of more.
    pub(super) fn or(mut self, more: impl IntoIterator<Item = String>) -> Self {
        if let Mistake::Unexpected { expected, .. } = &mut self.mistake {
            expected.extend(more);
        }
        self
    }

    /// The line could end where the error is.
    pub(super) fn or_end(self) -> Self {
        self.or([END_OF_LINE.to_owned()])
    }

    /// Shows an example if the line ends too early, for then its form is not
    /// clear; unless there is better help.
    pub(super) fn example(self, example: &str) -> Self {
        let ends_early = self.at.length == 0;
        self.help(|| ends_early.then(|| format!("for example: `{example}`")))
    }

    pub(super) fn help(mut self, help: impl FnOnce() -> Option<String>) -> Self {
        self.help = self.help.or_else(help);
        self
    }
}

/// "a, b or c".
fn either(things: &[String]) -> String {
    match things {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
