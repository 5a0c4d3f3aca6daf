//! Votes, and how requests for them were answered.

use serde::{Deserialize, Serialize};

use super::LogEnd;
use crate::names::Name;

/// A kind of vote.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Ballot {
    /// A vote in an election.
    Vote,
    /// A pre-vote: whether a vote would be given (Ongaro's thesis, 9.6).
    PreVote,
}

/// How a member answered a request for a vote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VoteReply {
    /// Whose request.
    pub candidate: Name,
    /// For which kind of vote.
    pub ballot: Ballot,
    /// In which term, as the request says.
    pub term: Option<u64>,
    /// The end of the candidate's log, as the request says.
    pub theirs: Option<LogEnd>,
    /// The end of the log of whoever answers.
    pub own: Option<LogEnd>,
    /// Why it refused; `None` if it gave its vote.
    pub refused: Option<Refusal>,
}

/// Why a vote was refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Refusal {
    /// It has voted in that term (for this member, if the line says for whom).
    Voted(Option<Name>),
    /// The candidate's log is less up to date than its own.
    OlderLog,
    /// The candidate's log ends in an older term than its own; the line tells the terms only
    /// (HashiCorp's raft).
    OlderLogTerm {
        /// The last term of the candidate's log.
        theirs: u64,
        /// That of its own.
        own: u64,
    },
    /// The candidate's log ends in the same term as its own, which the line does not tell, and
    /// is shorter (HashiCorp's raft).
    ShorterLog {
        /// The last index of the candidate's log.
        theirs: u64,
        /// That of its own.
        own: u64,
    },
    /// It hears from a leader, so it ignores whoever stands (Ongaro's thesis, 4.2.3).
    HasLeader {
        /// The leader.
        leader: Option<Name>,
        /// For how many ticks more it would ignore them, in etcd's lines.
        ticks_left: Option<u64>,
    },
    /// The request is of an older term.
    OlderTerm,
    /// Whoever asks, or is asked, is not a member or has no vote.
    NotAMember,
    /// The line does not say why.
    Unsaid,
}

impl Refusal {
    /// Whether the candidate's log is why.
    pub fn is_for_log(self) -> bool {
        matches!(
            self,
            Self::OlderLog | Self::OlderLogTerm { .. } | Self::ShorterLog { .. }
        )
    }
}
