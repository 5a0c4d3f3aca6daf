//! Cluster membership (diss. chapter 4).

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
    /// The server that is added or removed.
    pub fn server(self) -> NodeId {
        match self {
            Self::Add(server) | Self::Remove(server) => server,
        }
    }

    /// The members after the change.
    ///
    /// # Errors
    ///
    /// When the change has no effect, or would remove the last member.
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

/// Why a membership change was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ChangeRefusal {
    /// The server to add is already a member.
    AlreadyMember,
    /// The server to remove is not a member.
    NoMember,
    /// The server to remove is the last member.
    LastMember,
    /// The previous change is not known to be committed (diss. §4.1). It may be
    /// committed nevertheless: a new leader learns that only with an entry of its own
    /// term.
    UnderWay {
        /// Its entry.
        index: LogIndex,
    },
    /// The leader has not committed an entry of its own term yet, so the change of an
    /// earlier leader may still be uncommitted (Ongaro, raft-dev, 2015).
    NothingCommitted,
}

/// The configuration that a server uses: the last one in its log, committed or not
/// (diss. §4.1); if there is none, the initial configuration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Configuration {
    initial: NodeSet,
    /// The index of its entry; 0 for the initial configuration.
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

    /// The configuration after the entry of this one may have been deleted from the
    /// log.
    pub(crate) fn of(self, log: &Log) -> Self {
        Self::new(self.initial, log)
    }

    /// The same with other names.
    pub(crate) fn renamed(self, set: impl Fn(NodeSet) -> NodeSet) -> Self {
        Self {
            initial: set(self.initial),
            members: set(self.members),
            ..self
        }
    }

    /// The configuration after entries were added to the log from `from` on.
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
