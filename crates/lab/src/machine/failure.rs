//! Why a server's program failed.

use std::fmt;

/// Why a server's program could not take a step: an error of its own, a limit, or an
/// answer that makes no sense.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Failure {
    /// What is wrong, in English, without a full stop: the interpreter's or the program's
    /// own words.
    pub message: String,
    /// The line and column of the program's source, from 1, if it has any.
    pub at: Option<(u32, u32)>,
}

impl Failure {
    /// A failure at no place of a source.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}
