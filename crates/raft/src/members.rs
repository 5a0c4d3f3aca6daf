//! Who votes, and how that changes (diss. chapter 4).

use crate::{Log, LogIndex, NodeId, NodeSet};

/// A change of the cluster by one server. Majorities of the old and of the new
/// cluster always share a server, so no two leaders can come of it (diss. §4.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MemberChange {
    /// The server gets a vote.
    Add(NodeId),
    /// The server loses its vote.
    Remove(NodeId),
}

impl MemberChange {
    /// The server that comes or goes.
    pub fn server(self) -> NodeId {
        match self {
            Self::Add(server) | Self::Remove(server) => server,
        }
    }

    /// The members after the change.
    ///
    /// # Errors
    ///
    /// When the change would change nothing, or would leave nobody.
    pub fn applied_to(self, members: NodeSet) -> Result<NodeSet, ChangeRefusal> {
        let mut new = members;
        match self {
            Self::Add(server) if !new.insert(server) => Err(ChangeRefusal::AlreadyMember),
            Self::Remove(server) if !new.remove(server) => Err(ChangeRefusal::NoMember),
            _ if new.is_empty() => Err(ChangeRefusal::LastMember),
            _ => Ok(new),
        }
    }
}

/// Why the members do not change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ChangeRefusal {
    /// The server to add has a vote already.
    AlreadyMember,
    /// The server to remove has no vote.
    NoMember,
    /// Without the server to remove, nobody would be left.
    LastMember,
    /// The change before this one is not known here to be committed (diss. §4.1).
    /// It may be: a new leader learns that only with an entry of its own term.
    UnderWay {
        /// Its entry.
        index: LogIndex,
    },
    /// The leader has not committed an entry of its own term yet, so the change
    /// of an earlier leader may be under way (Ongaro, raft-dev, 2015).
    NothingCommitted,
}

/// The configuration that a server uses: the last one in its log, committed or
/// not (diss. §4.1); if there is none, the one that the cluster started with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Configuration {
    initial: NodeSet,
    /// The entry that says so; 0 if none does.
    pub(crate) index: LogIndex,
    pub(crate) members: NodeSet,
}

impl Configuration {
    pub(crate) fn new(initial: NodeSet, log: &Log) -> Self {
        let (index, members) = log
            .last_configuration(LogIndex(1))
            .unwrap_or((LogIndex::ZERO, initial));
        Self {
            initial,
            index,
            members,
        }
    }

    /// The configuration of a log that may have lost the entry of this one.
    pub(crate) fn of(self, log: &Log) -> Self {
        Self::new(self.initial, log)
    }

    /// The configuration once the log has new entries from `from` on.
    pub(crate) fn with(self, log: &Log, from: LogIndex) -> Self {
        let (index, members) = log
            .last_configuration(from)
            .unwrap_or((self.index, self.members));
        Self {
            index,
            members,
            ..self
        }
    }
}
