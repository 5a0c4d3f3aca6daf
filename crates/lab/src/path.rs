//! Links between servers.

use std::{fmt, iter};

use hustings_raft::NodeId;

/// A link between two servers, in one direction. Its ends differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Link {
    /// The sender of its messages.
    pub from: NodeId,
    /// Their receiver.
    pub to: NodeId,
}

impl Link {
    /// The link between two servers, or `None` from a server to itself.
    pub fn between(from: NodeId, to: NodeId) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// The link in the opposite direction.
    pub fn back(self) -> Self {
        Self {
            from: self.to,
            to: self.from,
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

/// One direction of a link, or both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Path {
    /// The link.
    pub link: Link,
    /// Whether it includes the opposite direction.
    pub both_ways: bool,
}

impl Path {
    /// The one or two links.
    pub fn links(self) -> impl Iterator<Item = Link> {
        let back = self.both_ways.then(|| self.link.back());
        iter::once(self.link).chain(back)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = if self.both_ways { "-" } else { "->" };
        write!(f, "{}{arrow}{}", self.link.from, self.link.to)
    }
}
