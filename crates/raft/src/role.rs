//! Roles; each owns only its own data.

use core::fmt;

use crate::{LogIndex, Millis, NodeId, NodeMap, NodeSet, WriteId};

/// A server's role (§5.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a leader keeps its book without the heap, and there is one role a server"
)]
pub enum Role {
    /// Responds to leaders and candidates; starts an election when it hears from
    /// neither.
    Follower {
        /// The leader of the current term and when it was last heard from.
        leader: Option<(NodeId, Millis)>,
    },
    /// Collects pre-votes (diss. §9.6). Its term and its vote are those of the follower
    /// it was.
    PreCandidate {
        /// The replies so far.
        votes: Votes,
    },
    /// Collects votes.
    Candidate {
        /// The replies so far.
        votes: Votes,
        /// The write that holds the candidate's own vote. The vote counts once
        /// that write is durable.
        own_vote: WriteId,
    },
    /// Replicates its log.
    Leader {
        /// What the leader knows about every other member's log.
        progress: NodeMap<Progress>,
        /// The target while leadership is being transferred (diss. §3.10).
        transfer: Option<NodeId>,
    },
}

/// The votes of one election. A server that has not replied is in neither set, and none
/// is in both.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Votes {
    /// The servers that granted their vote, including the candidate itself.
    pub granted: NodeSet,
    /// The servers that refused.
    pub refused: NodeSet,
}

impl Votes {
    /// Records a reply; returns false if it changes nothing. A later grant replaces a
    /// refusal, but not vice versa: a vote is valid for its whole term (§5.2), and
    /// pre-votes of different rounds cannot be distinguished.
    pub(crate) fn record(&mut self, voter: NodeId, granted: bool) -> bool {
        if granted {
            self.refused.remove(voter);
            self.granted.insert(voter)
        } else {
            !self.granted.contains(voter) && self.refused.insert(voter)
        }
    }
}

/// What a leader knows about a follower's log (§5.3), and what it does about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Progress {
    /// What the leader is doing with the follower.
    pub state: ProgressState,
    /// The next entry to send. Always beyond `match_index`.
    pub next_index: LogIndex,
    /// The last entry known to be on the follower's disk. Never falls while the
    /// leader leads.
    pub match_index: LogIndex,
    /// Whether the follower has replied since the last check-quorum.
    pub active: bool,
}

/// What a leader is doing with a follower, as etcd names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ProgressState {
    /// It looks for the last entry on which the logs agree, and resends the same entries
    /// until the follower accepts them (§5.3).
    Probe,
    /// It sends each entry once, without awaiting the replies (diss. §10.2.1).
    Replicate,
}

impl Progress {
    /// The progress of a follower that has not replied yet, for a leader whose log ends
    /// at `last`.
    pub(crate) fn new(last: LogIndex) -> Self {
        Self {
            state: ProgressState::Probe,
            next_index: last.next(),
            match_index: LogIndex::ZERO,
            active: false,
        }
    }

    /// Sets the match index to `matched` after the follower acknowledged up to
    /// `confirmed`.
    #[inline]
    pub(crate) fn advance(&mut self, confirmed: LogIndex, matched: LogIndex) {
        self.match_index = matched;
        if confirmed.next() >= self.next_index {
            self.state = ProgressState::Replicate;
            self.next_index = confirmed.next();
        }
    }

    /// Lowers the next index after a refusal with `hint`; returns it before and after,
    /// or `None` if it did not fall. Up to the match index the logs agree, so a refusal
    /// that points below it was overtaken by a later acknowledgement.
    pub(crate) fn lower_next_index(&mut self, hint: LogIndex) -> Option<(LogIndex, LogIndex)> {
        let old = self.next_index;
        let lower = old.previous().min(hint.next());
        let new = lower.max(self.match_index.next());
        if new >= old {
            return None;
        }
        self.next_index = new;
        self.state = ProgressState::Probe;
        Some((old, new))
    }
}

impl Role {
    /// The role without its data.
    pub fn name(&self) -> RoleName {
        match self {
            Self::Follower { .. } => RoleName::Follower,
            Self::PreCandidate { .. } => RoleName::PreCandidate,
            Self::Candidate { .. } => RoleName::Candidate,
            Self::Leader { .. } => RoleName::Leader,
        }
    }
}

/// A role's name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum RoleName {
    /// [`Role::Follower`]
    Follower,
    /// [`Role::PreCandidate`]
    PreCandidate,
    /// [`Role::Candidate`]
    Candidate,
    /// [`Role::Leader`]
    Leader,
}

impl RoleName {
    /// Every role.
    pub const ALL: [Self; 4] = [
        Self::Follower,
        Self::PreCandidate,
        Self::Candidate,
        Self::Leader,
    ];

    /// The name as the paper and the script language write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Follower => "follower",
            Self::PreCandidate => "pre-candidate",
            Self::Candidate => "candidate",
            Self::Leader => "leader",
        }
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
