//! Why a server did something: what caused an election, a step-down, a timer's start, or
//! a message to be ignored; each with its rule.

use super::ElectionRefusal;
use crate::{LogIndex, MessageKind, RoleName, Rule, Term};

/// Why a server starts an election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ElectionCause {
    /// Its election timer fired (§5.2).
    TimedOut,
    /// A majority granted its pre-votes (diss. §9.6).
    PreVoteWon,
    /// It received a TimeoutNow from the leader (diss. §3.10).
    ToldToStand,
}

/// Why a server gave up its role as pre-candidate, candidate or leader.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum StepDownCause {
    /// It adopted a higher term (§5.1).
    HigherTerm,
    /// It received AppendEntries from the leader of its term (§5.2).
    LeaderHeard,
    /// It voted for another candidate of its term (Figure 2, Followers).
    VoteGranted,
    /// Check-quorum failed (diss. §6.2).
    QuorumLost,
    /// Its removal is committed (diss. §4.2.2).
    Removed,
}

/// Why a timer was started.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimerCause {
    /// The server started.
    Started,
    /// It started a pre-vote.
    PreVoteStarted,
    /// It started an election.
    ElectionStarted,
    /// It voted for another server.
    VoteGranted,
    /// It received AppendEntries from the leader of its term.
    LeaderHeard,
    /// A message arrived; only under a broken rule.
    MessageArrived,
    /// It stepped down as leader.
    SteppedDown,
    /// It leads, with check-quorum on.
    CheckingQuorum,
    /// It started a leadership transfer.
    TransferStarted,
    /// It sent heartbeats as leader.
    HeartbeatSent,
}

/// Why a message was ignored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum DropCause {
    /// It is of an older term.
    StaleTerm {
        /// The message's term.
        theirs: Term,
        /// Mine.
        mine: Term,
    },
    /// It is a granted pre-vote for another term than the requested one.
    OtherTerm {
        /// Its term.
        theirs: Term,
        /// The term that I requested.
        asked: Term,
    },
    /// It is a reply that my role does not expect.
    Unasked {
        /// My role.
        role: RoleName,
    },
    /// I have already counted it.
    NothingNew,
    /// It refuses entries, although its sender has acknowledged everything before them.
    /// Such a refusal is treated as a late one: acknowledged entries stay acknowledged.
    ///
    /// A follower that lost acknowledged entries is therefore not repaired by this
    /// leader. Raft does not allow a server to lose them (Figure 2; diss. §3.8: a
    /// server that lost its disk must rejoin with a new identity), and a late refusal
    /// cannot be distinguished from a current one. The sources differ: with Figure 2,
    /// raft.tla, LogCabin and hashicorp/raft the leader retries from below the match
    /// index, and so repairs such a follower; with etcd and raft-rs it does not, and
    /// the follower panics when it receives a commit index beyond its log.
    Confirmed {
        /// The last index that the sender has acknowledged.
        matched: LogIndex,
    },
    /// Its sender is not a member of the cluster.
    NoMember,
    /// Its sender is myself.
    FromMyself,
    /// I am the leader of this term.
    LeadingMyself,
    /// It is a TimeoutNow, but I may not start an election.
    CannotStand {
        /// Why not.
        refusal: ElectionRefusal,
    },
}

impl ElectionCause {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::TimedOut => Rule::ElectionTimeout,
            Self::PreVoteWon => Rule::PreVote,
            Self::ToldToStand => Rule::Transfer,
        }
    }
}

impl StepDownCause {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::HigherTerm => Rule::HigherTerm,
            Self::LeaderHeard => Rule::FollowLeader,
            // A server that grants a vote puts off its own candidacy (Figure 2, Followers).
            Self::VoteGranted => Rule::TimerReset,
            Self::QuorumLost => Rule::CheckQuorum,
            Self::Removed => Rule::RemovedLeader,
        }
    }
}

impl TimerCause {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Started => Rule::StartAsFollower,
            Self::PreVoteStarted => Rule::PreVote,
            Self::ElectionStarted
            | Self::VoteGranted
            | Self::LeaderHeard
            | Self::MessageArrived => Rule::TimerReset,
            // As a follower, it waits for a leader again.
            Self::SteppedDown => Rule::ElectionTimeout,
            Self::CheckingQuorum => Rule::CheckQuorum,
            Self::TransferStarted => Rule::Transfer,
            Self::HeartbeatSent => Rule::Heartbeat,
        }
    }
}

impl DropCause {
    pub(super) fn rule(self, kind: MessageKind) -> Rule {
        match self {
            Self::StaleTerm { .. } if kind.is_reply() => Rule::StaleReply,
            Self::StaleTerm { .. } => Rule::StaleRequest,
            Self::OtherTerm { .. } => Rule::PreVote,
            Self::Unasked { .. } if kind == MessageKind::PreVoteReply => Rule::PreVote,
            Self::Unasked { .. } => Rule::UnaskedReply,
            Self::NothingNew if kind == MessageKind::PreVoteReply => Rule::PreVote,
            Self::NothingNew => Rule::Majority,
            Self::Confirmed { .. } => Rule::BackUp,
            Self::NoMember => Rule::LatestMembers,
            Self::FromMyself => Rule::OthersOnly,
            Self::LeadingMyself => Rule::Majority,
            Self::CannotStand { refusal } => refusal.rule(),
        }
    }
}
