//! Which messages in flight a command is about.

use std::fmt;

use hustings_raft::{MessageKind, NodeId};

use crate::path::Link;

/// Selects one message in flight. `release` counts held messages, all other commands
/// those not held; `drop` then continues with held ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageSelector {
    /// The link on which it travels.
    pub link: Link,
    /// The kind of message; `None` matches any.
    pub kind: Option<MessageKind>,
    /// The number of older matching messages to skip; 0 selects the oldest. Written
    /// `nth=2` for the second oldest.
    pub skip: u32,
    /// Whether a missing message is not an error: `if any`.
    pub if_any: bool,
}

impl MessageSelector {
    /// The oldest message on a link.
    pub fn oldest(link: Link) -> Self {
        Self {
            link,
            kind: None,
            skip: 0,
            if_any: false,
        }
    }

    /// The index among the matching messages.
    pub(crate) fn skip(&self) -> usize {
        // A `u32` fits into a `usize` on all supported platforms.
        self.skip as usize
    }
}

/// `S1->S2 RequestVote nth=2`, without `if any`.
impl fmt::Display for MessageSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.link)?;
        if let Some(kind) = self.kind {
            write!(f, " {kind}")?;
        }
        if self.skip > 0 {
            write!(f, " nth={}", self.skip.saturating_add(1))?;
        }
        Ok(())
    }
}

/// Selects many messages in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageFilter {
    /// All of them.
    All,
    /// Messages to a server.
    To(NodeId),
    /// Messages from a server.
    From(NodeId),
    /// Messages on a link.
    OnLink(Link),
}

impl MessageFilter {
    /// Whether it includes messages on a link.
    pub fn matches(self, link: Link) -> bool {
        match self {
            Self::All => true,
            Self::To(server) => link.to == server,
            Self::From(server) => link.from == server,
            Self::OnLink(one) => link == one,
        }
    }
}
