//! Why a server refused a vote, an election or a leadership transfer.

use crate::{Millis, NodeId, Position, RoleName, Rule, Term};

/// Why a vote was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum VoteRefusal {
    /// I have already voted in this term.
    AlreadyVoted {
        /// The candidate that I voted for.
        voted_for: NodeId,
        /// My role. A server that voted for itself may be a candidate or the leader, or
        /// have restarted since.
        role: RoleName,
    },
    /// The term is not later than mine, and I have already voted in it. Pre-votes only:
    /// a RequestVote of such a term is stale.
    TermTaken {
        /// My term.
        mine: Term,
    },
    /// I consider the leader alive. Pre-votes only: a RequestVote is ignored because of
    /// a lease.
    LeaderAlive {
        /// The leader.
        leader: NodeId,
        /// Why I consider it alive.
        contact: Contact,
    },
    /// The candidate's log is behind mine.
    LogBehind {
        /// Where the candidate's log ends.
        theirs: Position,
        /// Where mine ends.
        mine: Position,
    },
}

/// Why a server considers the leader of its term alive (diss. §4.2.3, §9.6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Contact {
    /// It is the leader itself. When it last heard from others matters only to
    /// check-quorum, which makes it step down (diss. §6.2). LogCabin's leaders also
    /// refuse as long as they lead; those of etcd only with check-quorum.
    Leads {
        /// Whether check-quorum is on. If not, it may lead, and refuse, until it learns
        /// of a later term.
        checks_quorum: bool,
    },
    /// It recently received a message from the leader.
    Heard {
        /// How long ago, by its own clock, in milliseconds.
        ago: Millis,
        /// The minimum election timeout, which is longer than that.
        lease: Millis,
    },
}

/// Why a server may not start an election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ElectionRefusal {
    /// It is not a member of the cluster.
    NoMember,
    /// There is no term after its own ([`Term::LAST`]).
    LastTerm,
}

/// Why leadership is not transferred.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TransferRefusal {
    /// The server is not the leader.
    NotLeader,
    /// The target is not a member of the cluster.
    NoMember,
    /// The target is the leader already.
    LeadsAlready,
    /// A transfer to this target is already in progress.
    UnderWay,
}

impl VoteRefusal {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::AlreadyVoted { .. } => Rule::OneVote,
            Self::LogBehind { .. } => Rule::UpToDateLog,
            Self::TermTaken { .. } | Self::LeaderAlive { .. } => Rule::PreVote,
        }
    }
}

impl ElectionRefusal {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::NoMember => Rule::LatestMembers,
            Self::LastTerm => Rule::ElectionTimeout,
        }
    }
}
