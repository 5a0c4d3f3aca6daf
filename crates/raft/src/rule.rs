//! The rules of Raft by name.

/// A rule of Raft that the core applies. Every [`crate::Reason`] has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Rule {
    /// A server starts as a follower with its persistent state.
    StartAsFollower,
    /// A higher term in any message is adopted before the message is handled.
    HigherTerm,
    /// A request of an older term is refused, with the current term, or ignored if it
    /// has no reply.
    StaleRequest,
    /// A reply of an older term is ignored.
    StaleReply,
    /// A reply that the server's role does not expect is ignored.
    UnaskedReply,
    /// A server does not send messages to itself.
    OthersOnly,
    /// A timer that is not running does nothing.
    SpuriousTimer,
    /// A server that hears from no leader starts an election in the next term.
    ElectionTimeout,
    /// A vote counts once it is on disk, including the candidate's own.
    DurableVote,
    /// A follower acknowledges entries once they are on its disk.
    DurableEntries,
    /// A candidate with votes of a majority in its term becomes leader.
    Majority,
    /// A candidate that receives AppendEntries from the leader of its term follows it.
    FollowLeader,
    /// The election timer is reset only by the current leader's AppendEntries, a
    /// granted vote or the start of an election.
    TimerReset,
    /// One vote per term, first come, first served.
    OneVote,
    /// A vote is granted only to a log at least as up to date as the voter's.
    UpToDateLog,
    /// A leader sends heartbeats immediately and periodically.
    Heartbeat,
    /// Only the leader accepts requests from clients.
    ClientsAskLeader,
    /// A leader only appends to its own log.
    LeaderAppends,
    /// A new leader appends an empty entry of its term.
    NoOp,
    /// New entries are accepted only directly after a matching one.
    LogMatching,
    /// A conflicting entry is deleted, with all that follow it.
    DeleteConflict,
    /// A follower acknowledges the entries of the message, not its whole log.
    Acknowledge,
    /// After a refusal, a leader retries with earlier entries.
    BackUp,
    /// An entry of the leader's term commits once a majority has it on disk.
    CommitByMajority,
    /// An entry of an older term commits only along with one of the leader's term.
    CommitOwnTerm,
    /// A follower's commit index follows the leader's, up to the last new entry.
    LearnCommit,
    /// Before it starts an election, a server finds out with a pre-vote whether it
    /// could win.
    PreVote,
    /// A leader, and servers that recently heard from it, ignore candidates.
    Lease,
    /// A leader periodically checks that it hears from a majority, and steps down
    /// otherwise.
    CheckQuorum,
    /// A leader transfers leadership to a server whose log is as long as its own.
    Transfer,
    /// The members change by one server at a time, through the log.
    OneChange,
    /// A server uses the last configuration in its log, committed or not.
    LatestMembers,
    /// A leader commits an entry of its own term before it changes the members.
    CommitBeforeChange,
    /// A leader that is removed does not count itself, and steps down once its removal
    /// is committed.
    RemovedLeader,
}

impl Rule {
    /// Every rule, in the order of the paper.
    pub const ALL: [Self; 34] = [
        Self::StartAsFollower,
        Self::HigherTerm,
        Self::StaleRequest,
        Self::StaleReply,
        Self::UnaskedReply,
        Self::OthersOnly,
        Self::SpuriousTimer,
        Self::ElectionTimeout,
        Self::DurableVote,
        Self::DurableEntries,
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

    /// The source of the rule: a section or figure of the paper ("§5.4.1"), of the
    /// dissertation ("diss. §6.4") or an action of the TLA+ specification.
    pub fn source(self) -> &'static str {
        match self {
            Self::StartAsFollower => "§5.1, §5.2",
            Self::HigherTerm => "§5.1",
            Self::StaleRequest => "§5.1, Figure 2",
            Self::StaleReply => "§5.1; raft.tla, DropStaleResponse",
            Self::UnaskedReply => "Figure 2",
            Self::OthersOnly => "§5.2, Figure 2",
            Self::SpuriousTimer => "§5.2",
            Self::ElectionTimeout => "§5.2",
            Self::DurableVote => "Figure 2; diss. §3.8",
            Self::DurableEntries => "Figure 2; diss. §3.8",
            Self::Majority => "§5.2",
            Self::FollowLeader => "§5.2",
            Self::TimerReset => "Figure 2, Followers",
            Self::OneVote => "§5.2",
            Self::UpToDateLog => "§5.4.1",
            Self::Heartbeat => "§5.2",
            Self::ClientsAskLeader => "§8",
            Self::LeaderAppends => "§5.3, Figure 3",
            Self::NoOp => "§8; diss. §6.4",
            Self::LogMatching => "§5.3",
            Self::DeleteConflict => "§5.3, Figure 2",
            Self::Acknowledge => "§5.3; raft.tla, mmatchIndex",
            Self::BackUp => "§5.3",
            Self::CommitByMajority => "§5.3, §5.4.2",
            Self::CommitOwnTerm => "§5.4.2, Figure 8",
            Self::LearnCommit => "Figure 2, AppendEntries 5",
            Self::PreVote => "diss. §9.6",
            Self::Lease => "diss. §4.2.3, §6.2",
            Self::CheckQuorum => "diss. §6.2",
            Self::Transfer => "diss. §3.10",
            Self::OneChange => "diss. §4.1",
            Self::LatestMembers => "diss. §4.1",
            Self::CommitBeforeChange => {
                "Ongaro, raft-dev, 2015 (bug in single-server membership changes)"
            }
            Self::RemovedLeader => "diss. §4.2.2",
        }
    }
}
