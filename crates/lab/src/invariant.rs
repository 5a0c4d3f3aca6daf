//! Safety invariants, and the evidence of their violations.

use hustings_raft::{LogIndex, MessageKind, NodeId, NodeSet, Position, RoleName, Term};

use crate::record::RecordId;

/// A property that holds after every step of every run of Raft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Invariant {
    /// At most one server ever leads a term.
    ElectionSafety,
    /// No server votes for two candidates in one term.
    VoteOnce,
    /// The term on a server's disk never falls.
    MonotonicTerm,
    /// A leader never changes or deletes an entry of its log.
    LeaderAppendOnly,
    /// Entries of the same index and term are the same, and so is all before them.
    LogMatching,
    /// A committed entry is in the logs of all leaders of that and later terms.
    LeaderCompleteness,
    /// No two servers apply different entries at the same index.
    StateMachineSafety,
    /// A committed entry is on the disks of a majority.
    QuorumLog,
    /// The last entry that a leader commits at a time is of its own term.
    CommitOwnTerm,
    /// The commit index of a running server never falls, nor exceeds its log.
    MonotonicCommit,
    /// A leader's match indexes never fall, nor exceed its log.
    MonotonicMatch,
    /// Terms never decrease along a log, nor exceed the server's term.
    MonotonicLog,
    /// No message is of a later term than its sender.
    MessageTerm,
    /// Roles change only as Figure 4 of the paper allows.
    Transitions,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 14] = [
        Self::ElectionSafety,
        Self::VoteOnce,
        Self::MonotonicTerm,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::QuorumLog,
        Self::CommitOwnTerm,
        Self::MonotonicCommit,
        Self::MonotonicMatch,
        Self::MonotonicLog,
        Self::MessageTerm,
        Self::Transitions,
    ];

    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::ElectionSafety => ("election-safety", "Figure 3"),
            Self::VoteOnce => ("vote-once", "§5.2"),
            Self::MonotonicTerm => ("monotonic-term", "§5.1"),
            Self::LeaderAppendOnly => ("leader-append-only", "Figure 3"),
            Self::LogMatching => ("log-matching", "Figure 3"),
            Self::LeaderCompleteness => ("leader-completeness", "Figure 3, §5.4"),
            Self::StateMachineSafety => ("state-machine-safety", "Figure 3"),
            Self::QuorumLog => ("quorum-log", "§5.3; etcdraft.tla, QuorumLogInv"),
            Self::CommitOwnTerm => ("commit-own-term", "§5.4.2"),
            Self::MonotonicCommit => ("monotonic-commit", "Figure 2"),
            Self::MonotonicMatch => ("monotonic-match", "Figure 2"),
            Self::MonotonicLog => ("monotonic-log", "§5.3"),
            Self::MessageTerm => ("message-term", "§5.1"),
            Self::Transitions => ("transitions", "Figure 4"),
        }
    }

    /// The name in the script language: `expect violation election-safety`.
    pub fn name(self) -> &'static str {
        self.text().0
    }

    /// Where it is from.
    pub fn source(self) -> &'static str {
        self.text().1
    }
}

/// A violated invariant.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Violation {
    /// The evidence.
    pub evidence: Evidence,
    /// The record in which it was violated.
    pub record: RecordId,
    /// The earlier record that this one contradicts, if any.
    pub contradicts: Option<RecordId>,
}

impl Violation {
    /// The invariant.
    pub fn invariant(&self) -> Invariant {
        self.evidence.invariant()
    }
}

/// The evidence of a violation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Evidence {
    /// Two servers have led one term.
    TwoLeaders {
        /// The term.
        term: Term,
        /// The server that led it first.
        first: NodeId,
        /// The server that led it later.
        second: NodeId,
    },
    /// A server has voted for two candidates in one term.
    TwoVotes {
        /// The voter.
        voter: NodeId,
        /// The term.
        term: Term,
        /// The candidate that got its first vote.
        first: NodeId,
        /// The candidate that got its second vote.
        second: NodeId,
    },
    /// The term on a server's disk fell.
    TermFell {
        /// The server.
        server: NodeId,
        /// The term before.
        old: Term,
        /// The term now.
        new: Term,
    },
    /// A leader has changed or deleted entries of its log.
    LeaderRewrote {
        /// The leader.
        leader: NodeId,
        /// The first entry that it changed.
        index: LogIndex,
    },
    /// An entry differs from another one of its index and term, or the entries
    /// before them differ.
    EntriesDiffer {
        /// The server that holds the entry.
        server: NodeId,
        /// The entry.
        position: Position,
        /// Whether the entry is the same, so that the difference is before it.
        same_entry: bool,
    },
    /// A leader lacks a committed entry.
    LeaderLacks {
        /// The leader.
        leader: NodeId,
        /// The leader's term.
        term: Term,
        /// The entry that was committed.
        entry: Position,
        /// The term of the leader that committed it.
        committed_in: Term,
    },
    /// A server applies another entry than one that was applied before.
    AppliedDiffers {
        /// The server.
        server: NodeId,
        /// The index.
        index: LogIndex,
        /// The server that applied another entry first.
        first: NodeId,
    },
    /// Too few servers hold a committed entry on disk.
    TooFewHold {
        /// The entry.
        entry: Position,
        /// The servers that hold it on disk.
        holders: NodeSet,
        /// The members when it was committed.
        members: NodeSet,
    },
    /// A leader has committed up to an entry of another term.
    OldTermCommitted {
        /// The leader.
        leader: NodeId,
        /// Its term.
        term: Term,
        /// The entry.
        entry: Position,
    },
    /// A running server's commit index fell.
    CommitFell {
        /// The server.
        server: NodeId,
        /// The commit index before.
        old: LogIndex,
        /// The commit index now.
        new: LogIndex,
    },
    /// A server's commit index exceeds its log.
    CommitBeyondLog {
        /// The server.
        server: NodeId,
        /// Its commit index.
        commit: LogIndex,
        /// The last index of its log.
        last: LogIndex,
    },
    /// A leader's match index for a follower fell, or exceeds its log.
    MatchWrong {
        /// The leader.
        leader: NodeId,
        /// The follower.
        follower: NodeId,
        /// The match index before.
        old: LogIndex,
        /// The match index now.
        new: LogIndex,
    },
    /// An entry's term is below that of the one before it, or above its server's.
    TermsDecrease {
        /// The server.
        server: NodeId,
        /// The entry.
        position: Position,
    },
    /// A message is of a later term than its sender.
    FromLaterTerm {
        /// The sender.
        sender: NodeId,
        /// The kind of message.
        kind: MessageKind,
        /// The message's term.
        term: Term,
        /// The sender's term.
        own: Term,
    },
    /// A server took a role that it cannot take from the one it had.
    WrongTransition {
        /// The server.
        server: NodeId,
        /// The role before.
        old: RoleName,
        /// The role now.
        new: RoleName,
    },
}

impl Evidence {
    /// The violated invariant.
    pub fn invariant(&self) -> Invariant {
        match self {
            Self::TwoLeaders { .. } => Invariant::ElectionSafety,
            Self::TwoVotes { .. } => Invariant::VoteOnce,
            Self::TermFell { .. } => Invariant::MonotonicTerm,
            Self::LeaderRewrote { .. } => Invariant::LeaderAppendOnly,
            Self::EntriesDiffer { .. } => Invariant::LogMatching,
            Self::LeaderLacks { .. } => Invariant::LeaderCompleteness,
            Self::AppliedDiffers { .. } => Invariant::StateMachineSafety,
            Self::TooFewHold { .. } => Invariant::QuorumLog,
            Self::OldTermCommitted { .. } => Invariant::CommitOwnTerm,
            Self::CommitFell { .. } | Self::CommitBeyondLog { .. } => Invariant::MonotonicCommit,
            Self::MatchWrong { .. } => Invariant::MonotonicMatch,
            Self::TermsDecrease { .. } => Invariant::MonotonicLog,
            Self::FromLaterTerm { .. } => Invariant::MessageTerm,
            Self::WrongTransition { .. } => Invariant::Transitions,
        }
    }
}
