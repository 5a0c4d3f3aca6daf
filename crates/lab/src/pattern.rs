//! Patterns: what is known or expected of a server or a message.

mod message;
mod server;

use hustings_raft::{LogIndex, Position};

pub use self::message::{FieldsPattern, MessagePattern};
pub use self::server::{ServerPattern, Variable};

/// The end of a log: `3`, or with the term of its last entry `3:2`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogEnd {
    /// The index of the last entry; 0 if there is none.
    Index(LogIndex),
    /// The index and the term of the last entry.
    Position(Position),
}

impl LogEnd {
    /// The index of the last entry.
    pub fn index(self) -> LogIndex {
        match self {
            Self::Index(index) => index,
            Self::Position(position) => position.index,
        }
    }

    /// Whether a log that ends at `last` ends here.
    pub fn matches(self, last: Position) -> bool {
        match self {
            Self::Index(index) => last.index == index,
            Self::Position(position) => last == position,
        }
    }
}
