//! The rules of Raft by name.

/// A rule of Raft that the core applies. Every [`crate::Reason`] names one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Rule {
    /// Who starts, starts as a follower with what its disk holds.
    StartAsFollower,
    /// A higher term in any message is adopted before the message is handled.
    HigherTerm,
    /// A request of an older term is refused, with the current term, or dropped
    /// if it is one that has no answer.
    StaleRequest,
    /// A reply of an older term is dropped.
    StaleReply,
    /// A reply for which the server's role has no use is dropped.
    UnaskedReply,
    /// Servers send messages to others only.
    OthersOnly,
    /// A timer that is not running does nothing.
    SpuriousTimer,
    /// Who does not hear from a leader stands for election in the next term.
    ElectionTimeout,
    /// A vote counts once it is on disk, one's own too.
    DurableVote,
    /// A majority of the votes of one term makes a leader.
    Majority,
    /// A candidate that hears from the leader of its term follows it.
    FollowLeader,
    /// The election timer starts again only for a leader, a granted vote or an
    /// election of one's own.
    TimerReset,
    /// One vote a term, first come, first served.
    OneVote,
    /// A vote only for a log at least as up to date as one's own.
    UpToDateLog,
    /// A leader speaks up at once and at regular intervals.
    Heartbeat,
    /// Only the leader takes requests from clients.
    ClientsAskLeader,
    /// A leader only ever appends to its own log.
    LeaderAppends,
    /// A new leader appends an empty entry of its term.
    NoOp,
    /// New entries are taken only right after a matching one.
    LogMatching,
    /// A conflicting entry goes, and all that follow it.
    DeleteConflict,
    /// A follower confirms what the message brought, not what it has.
    Acknowledge,
    /// A refused leader tries again further back.
    BackUp,
    /// An entry of the leader's term commits once a majority has it on disk.
    CommitByMajority,
    /// An entry of an older term commits only along with one of the leader's term.
    CommitOwnTerm,
    /// A follower commits what the leader committed, up to the last new entry.
    LearnCommit,
    /// A server that would stand for election first asks whether it could win.
    PreVote,
    /// Who leads, or hears from a leader, protects that from candidates.
    Lease,
    /// A leader checks at intervals for a majority, and steps down without one.
    CheckQuorum,
    /// A leader hands over to a server whose log is as long as its own.
    Transfer,
    /// The members change by one server at a time, through the log.
    OneChange,
    /// The last configuration in the log counts, committed or not.
    LatestMembers,
    /// A leader commits an entry of its own term before it changes the members.
    CommitBeforeChange,
    /// A leader that is removed does not count itself, and leaves once that is
    /// committed.
    RemovedLeader,
}

impl Rule {
    /// Every rule, in the order of the paper.
    pub const ALL: [Self; 33] = [
        Self::StartAsFollower,
        Self::HigherTerm,
        Self::StaleRequest,
        Self::StaleReply,
        Self::UnaskedReply,
        Self::OthersOnly,
        Self::SpuriousTimer,
        Self::ElectionTimeout,
        Self::DurableVote,
        Self::Majority,
        Self::FollowLeader,
        Self::TimerReset,
        Self::OneVote,
        Self::UpToDateLog,
        Self::Heartbeat,
        Self::ClientsAskLeader,
        Self::LeaderAppends,
        Self::NoOp,
        Self::LogMatching,
        Self::DeleteConflict,
        Self::Acknowledge,
        Self::BackUp,
        Self::CommitByMajority,
        Self::CommitOwnTerm,
        Self::LearnCommit,
        Self::PreVote,
        Self::Lease,
        Self::CheckQuorum,
        Self::Transfer,
        Self::OneChange,
        Self::LatestMembers,
        Self::CommitBeforeChange,
        Self::RemovedLeader,
    ];

    /// The rule in one sentence, and where it stands.
    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::StartAsFollower => (
                "A server that starts is a follower that waits for a leader; it knows only its term, its vote and its log.",
                "§5.1, §5.2",
            ),
            Self::HigherTerm => (
                "A server that sees a higher term adopts it and becomes a follower before anything else.",
                "§5.1",
            ),
            Self::StaleRequest => (
                "A request of an older term is refused, and the refusal carries the current term; TimeoutNow, which has no answer, is dropped.",
                "§5.1, Figure 2",
            ),
            Self::StaleReply => (
                "A reply of an older term answers a question that nobody asks any more.",
                "§5.1; raft.tla, DropStaleResponse",
            ),
            Self::UnaskedReply => (
                "Votes are for candidates and acknowledgements for leaders; to any other role they mean nothing.",
                "Figure 2",
            ),
            Self::OthersOnly => (
                "Servers send messages to others only; one that seems to come from its own receiver is not real.",
                "§5.2, Figure 2",
            ),
            Self::SpuriousTimer => ("A timer that is not running does nothing.", "§5.2"),
            Self::ElectionTimeout => (
                "A server that hears from no leader for an election timeout raises its term, votes for itself and asks all others for their votes.",
                "§5.2",
            ),
            Self::DurableVote => (
                "A vote counts once it is on disk; that holds for a candidate's own vote, too.",
                "Figure 2; diss. §3.8",
            ),
            Self::Majority => (
                "A candidate with the votes of a majority for one term is that term's leader; each server's vote counts once.",
                "§5.2",
            ),
            Self::FollowLeader => (
                "AppendEntries of the current term comes from its one leader: the receiver follows it and keeps its vote.",
                "§5.2",
            ),
            Self::TimerReset => (
                "The election timer starts again for a leader of the current term, a granted vote or an election of one's own, and for nothing else.",
                "Figure 2, Followers",
            ),
            Self::OneVote => (
                "A server votes for at most one candidate in a term, first come, first served.",
                "§5.2",
            ),
            Self::UpToDateLog => (
                "A vote goes only to a log at least as up to date as the voter's: a later last term wins; with equal terms, the longer log.",
                "§5.4.1",
            ),
            Self::Heartbeat => (
                "A leader sends AppendEntries to all at once and then at regular intervals, so that nobody else stands for election.",
                "§5.2",
            ),
            Self::ClientsAskLeader => (
                "Only the leader takes requests from clients; others name the leader that they know.",
                "§8",
            ),
            Self::LeaderAppends => (
                "A leader appends new entries to its log and never overwrites or deletes one.",
                "§5.3, Figure 3",
            ),
            Self::NoOp => (
                "A new leader appends an empty entry of its own term, so that what came before it can commit.",
                "§8; diss. §6.4",
            ),
            Self::LogMatching => (
                "A follower takes new entries only if it holds the entry just before them, of the same term.",
                "§5.3",
            ),
            Self::DeleteConflict => (
                "Where an entry conflicts with the leader's, the follower deletes it and all that follow it.",
                "§5.3, Figure 2",
            ),
            Self::Acknowledge => (
                "A follower confirms the entries that the message brought, not the end of its own log.",
                "§5.3; raft.tla, mmatchIndex",
            ),
            Self::BackUp => (
                "A leader whose entries are refused tries again further back, but never before what it knows to match.",
                "§5.3",
            ),
            Self::CommitByMajority => (
                "An entry of the leader's own term is committed once a majority of the servers hold it on disk.",
                "§5.3, §5.4.2",
            ),
            Self::CommitOwnTerm => (
                "An entry of an older term is never committed by counting; it commits with the first entry of the leader's own term after it.",
                "§5.4.2, Figure 8",
            ),
            Self::LearnCommit => (
                "A follower's commit index follows the leader's, but no further than the last entry that the message vouches for.",
                "Figure 2, AppendEntries 5",
            ),
            Self::PreVote => (
                "A server that would stand for election asks first whether a majority would vote for it; until then its term stays.",
                "diss. §9.6",
            ),
            Self::Lease => (
                "A server that leads, or that has heard from the leader within the shortest election timeout, ignores candidates, unless the leader sent them.",
                "diss. §4.2.3, §6.2",
            ),
            Self::CheckQuorum => (
                "A leader checks once in every shortest election timeout whether a majority has answered since the last check, and steps down if not.",
                "diss. §6.2",
            ),
            Self::Transfer => (
                "A leader that hands over takes no requests, brings the other's log up to date and then asks it to stand at once; after an election timeout it gives up.",
                "diss. §3.10",
            ),
            Self::OneChange => (
                "The members change by one server at a time, as an entry of the log, and the next change waits until that entry is known to be committed.",
                "diss. §4.1",
            ),
            Self::LatestMembers => (
                "A server goes by the last configuration in its log, committed or not, and goes back to the one before it if that entry is deleted.",
                "diss. §4.1",
            ),
            Self::CommitBeforeChange => (
                "A leader changes the members only after it has committed an entry of its own term.",
                "Ongaro, raft-dev, 2015 (bug in single-server membership changes)",
            ),
            Self::RemovedLeader => (
                "A leader that is removed goes on without counting itself and steps down once its removal is committed.",
                "diss. §4.2.2",
            ),
        }
    }

    /// The rule in one sentence.
    pub fn statement(self) -> &'static str {
        self.text().0
    }

    /// Where the rule stands: a section or figure of the paper ("§5.4.1"), of
    /// the dissertation ("diss. §6.4") or an action of the TLA+ specification.
    pub fn source(self) -> &'static str {
        self.text().1
    }
}
