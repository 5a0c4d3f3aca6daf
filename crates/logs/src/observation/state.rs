//! A member's state, as its lines tell it.

use serde::{Deserialize, Serialize};

use crate::names::Name;

/// A role, as systems call them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// A follower.
    Follower,
    /// Asks for pre-votes (Ongaro's thesis, 9.6).
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Leads.
    Leader,
    /// Follows without a vote.
    Learner,
}

/// The end of a log: its last entry.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize,
)]
pub struct LogEnd {
    /// The term of the last entry; 0 for an empty log. It decides before the index does
    /// which of two logs is more up to date (Raft paper, 5.4.1).
    pub term: u64,
    /// Its index; 0 for an empty log.
    pub index: u64,
}

impl LogEnd {
    /// The end of a log whose last entry has this index, if that alone tells it: 0, of an
    /// empty log.
    pub(crate) fn of_empty(index: u64) -> Option<Self> {
        (index == 0).then_some(Self { term: 0, index })
    }
}

/// A member's state, as far as a line tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// The role.
    pub role: Option<Role>,
    /// The term.
    pub term: Option<u64>,
    /// For whom it has voted in that term: `Some(None)` if for nobody.
    pub vote: Option<Option<Name>>,
    /// The leader that it knows: `Some(None)` if it knows none.
    pub leader: Option<Option<Name>>,
    /// The end of its log.
    pub log: Option<LogEnd>,
    /// The commit index.
    pub commit: Option<u64>,
}
