//! The reasons for what a step did, as typed facts.

use crate::{
    BrokenRule, ChangeRefusal, LogIndex, MemberChange, MessageKind, Millis, NodeId, NodeSet,
    Position, RoleName, Rule, Term, Timer,
};

/// One application of a rule, with the numbers that were compared. "I" is the
/// server that took the step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Reason {
    /// I start with my persistent state.
    Started {
        /// My stored term.
        term: Term,
        /// My stored vote in that term, if any.
        voted_for: Option<NodeId>,
        /// Where my stored log ends.
        last: Position,
    },
    /// I adopted a higher term and cleared my vote.
    TermAdopted {
        /// My old term.
        old: Term,
        /// My new term.
        new: Term,
        /// The server whose message carried it.
        sender: NodeId,
    },
    /// I am no longer pre-candidate, candidate or leader.
    SteppedDown {
        /// My former role.
        role: RoleName,
        /// Why I gave it up.
        cause: StepDownCause,
    },
    /// I start an election.
    ElectionStarted {
        /// Why.
        cause: ElectionCause,
        /// The term of the election.
        term: Term,
        /// Where my log ends.
        last: Position,
        /// How many votes I need.
        needed: u8,
        /// Of whom I need them.
        members: NodeSet,
    },
    /// I start a pre-vote.
    PreVoteStarted {
        /// The term of the election that I would start.
        term: Term,
        /// Where my log ends.
        last: Position,
        /// How many pre-votes I need.
        needed: u8,
        /// Of whom they would have to.
        members: NodeSet,
    },
    /// I granted a pre-vote, which changes nothing in my state.
    PreVoteGranted {
        /// The pre-candidate.
        candidate: NodeId,
        /// The term of the election that it would start.
        term: Term,
        /// Where its log ends.
        theirs: Position,
        /// Where mine ends.
        mine: Position,
    },
    /// I refused a pre-vote.
    PreVoteRefused {
        /// The pre-candidate.
        candidate: NodeId,
        /// The term of the election that it would start.
        term: Term,
        /// Why not.
        refusal: VoteRefusal,
    },
    /// I counted a pre-vote for me.
    PreVoteCounted {
        /// The server.
        voter: NodeId,
        /// How many pre-votes I have now.
        granted: u8,
        /// How many I need.
        needed: u8,
    },
    /// A pre-vote was refused.
    PreVoteDenied {
        /// The server.
        voter: NodeId,
        /// How many have refused me now.
        refused: u8,
        /// Whether the servers that have not refused are still a majority.
        hope: bool,
    },
    /// A majority granted me its pre-votes.
    PreVoteWon {
        /// The term of the election that I now start.
        term: Term,
        /// The servers that granted a pre-vote.
        granted: NodeSet,
        /// How many are needed.
        needed: u8,
        /// The members among which they are needed.
        members: NodeSet,
    },
    /// I ignored a RequestVote because I consider the leader alive.
    LeaseHeld {
        /// The candidate.
        candidate: NodeId,
        /// Its term.
        term: Term,
        /// The leader.
        leader: NodeId,
        /// Why I consider it alive.
        contact: Contact,
    },
    /// I consider the leader alive, but handled a RequestVote because it is marked as
    /// part of a leadership transfer (diss. §4.2.3).
    LeasePassed {
        /// The candidate.
        candidate: NodeId,
        /// Its term.
        term: Term,
        /// The leader.
        leader: NodeId,
    },
    /// Check-quorum passed: a majority was active since the last check.
    QuorumHeard {
        /// The members that have replied since, and those added since; myself included
        /// if I am a member.
        active: NodeSet,
        /// How many are needed.
        needed: u8,
        /// The members among which they are needed.
        members: NodeSet,
    },
    /// Check-quorum failed: too few members were active since the last check, so I step
    /// down.
    QuorumLost {
        /// The members that have replied since, and those added since; myself included
        /// if I am a member.
        active: NodeSet,
        /// How many are needed.
        needed: u8,
        /// The members among which they are needed.
        members: NodeSet,
    },
    /// I start to transfer leadership, which completes once the target's log is as long
    /// as mine.
    TransferStarted {
        /// The target of the transfer.
        target: NodeId,
        /// How far its log is known to match mine.
        matched: LogIndex,
        /// Where mine ends.
        last: LogIndex,
    },
    /// I sent TimeoutNow to the target of the transfer.
    TimeoutNowSent {
        /// The target of the transfer.
        target: NodeId,
        /// Whether the message waits for a write of mine.
        after_write: bool,
    },
    /// I start an election at once because of a TimeoutNow.
    ToldToStand {
        /// Its sender, the leader of my term when it sent it.
        leader: NodeId,
    },
    /// I aborted a leadership transfer.
    TransferAborted {
        /// The target of the transfer.
        target: NodeId,
    },
    /// I refused to transfer leadership.
    TransferRefused {
        /// The target of the transfer.
        target: NodeId,
        /// Why not.
        refusal: TransferRefusal,
    },
    /// I rejected a client's request because I am transferring leadership.
    ProposalDeferred {
        /// The target of the transfer.
        target: NodeId,
    },
    /// My own vote must be durable before it counts.
    OwnVoteWaits,
    /// I voted for a candidate.
    VoteGranted {
        /// The candidate.
        candidate: NodeId,
        /// The term of the vote.
        term: Term,
        /// My vote in that term before, as far as I know it.
        voted_for: Option<NodeId>,
        /// Where the candidate's log ends.
        theirs: Position,
        /// Where mine ends.
        mine: Position,
    },
    /// I refused a vote.
    VoteRefused {
        /// The candidate.
        candidate: NodeId,
        /// The term of its request.
        term: Term,
        /// Why not.
        refusal: VoteRefusal,
    },
    /// I counted a vote for me.
    VoteCounted {
        /// The voter.
        voter: NodeId,
        /// How many I have now.
        granted: u8,
        /// How many I need.
        needed: u8,
    },
    /// A vote was refused.
    VoteDenied {
        /// The voter.
        voter: NodeId,
        /// How many have refused me now.
        refused: u8,
        /// Whether the servers that have not refused are still a majority.
        hope: bool,
    },
    /// I won the election of the term.
    ElectionWon {
        /// The term.
        term: Term,
        /// The members whose votes I have.
        granted: NodeSet,
        /// How many votes I counted; differs from the size of `granted` only under a
        /// broken rule.
        count: u8,
        /// How many were needed.
        needed: u8,
        /// The members among which they were needed.
        members: NodeSet,
    },
    /// I lead a term without an election, because a majority granted me its pre-votes;
    /// only a broken rule allows that.
    ElectionSkipped {
        /// The term.
        term: Term,
    },
    /// I learned who leads my term, and follow it.
    LeaderFollowed {
        /// The leader.
        leader: NodeId,
        /// Its term and mine.
        term: Term,
    },
    /// I started or restarted a timer.
    TimerArmed {
        /// Which.
        timer: Timer,
        /// What for.
        cause: TimerCause,
    },
    /// I sent AppendEntries to all others as a heartbeat.
    HeartbeatSent {
        /// My term.
        term: Term,
    },
    /// I appended a client's command, or a new leader's empty entry, to my log.
    EntryAppended {
        /// Its position in the log.
        position: Position,
        /// Whether it is a new leader's empty entry.
        no_op: bool,
    },
    /// As leader I deleted entries of my own log to put another in their place, which only
    /// a broken rule allows.
    OwnEntriesDeleted {
        /// The first entry deleted.
        from: LogIndex,
        /// The last entry deleted.
        through: LogIndex,
    },
    /// I rejected a client's request because I am not the leader.
    ProposalRefused {
        /// The leader that I named in the reply.
        leader: Option<NodeId>,
    },
    /// I accepted the leader's entries.
    EntriesAccepted {
        /// The entry before them.
        prev: Position,
        /// The entry of mine that they follow if I do not hold `prev`, which only
        /// a broken rule allows.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        instead_of_prev: Option<Position>,
        /// The last index that I acknowledge: my log matches the leader's up to there.
        matched: LogIndex,
        /// How many of the entries were new to me.
        new: u64,
        /// Whether the reply waits for a write of mine.
        after_write: bool,
    },
    /// I refused the leader's entries: I do not hold the entry before them.
    EntriesRefused {
        /// The entry that I lack.
        prev: Position,
        /// The term of my entry there; `None` if my log ends before it.
        mine: Option<Term>,
        /// The index after which the leader should retry.
        hint: LogIndex,
    },
    /// I deleted entries that conflict with the leader's.
    ConflictDeleted {
        /// The first entry deleted.
        from: LogIndex,
        /// The last entry deleted.
        through: LogIndex,
        /// The term of my entry at `from`.
        mine: Term,
        /// The term of the leader's. `None` if the leader sent none, which only
        /// a broken rule allows.
        theirs: Option<Term>,
        /// Whether I knew some of them to be committed. Raft rules that out: a rule is
        /// broken, or the message is forged.
        committed: bool,
    },
    /// A follower acknowledged more of my log.
    MatchAdvanced {
        /// The follower.
        follower: NodeId,
        /// The match index before.
        old: LogIndex,
        /// The match index now.
        new: LogIndex,
    },
    /// A follower acknowledged what it had already acknowledged.
    MatchConfirmed {
        /// The follower.
        follower: NodeId,
        /// The match index, unchanged.
        matched: LogIndex,
    },
    /// A late acknowledgement of a follower lowered its match index, which only a broken
    /// rule allows.
    MatchLowered {
        /// The follower.
        follower: NodeId,
        /// The match index before.
        old: LogIndex,
        /// The match index now.
        new: LogIndex,
    },
    /// A follower refused my entries; I lowered its next index.
    NextLowered {
        /// The follower.
        follower: NodeId,
        /// The next index before.
        old: LogIndex,
        /// The next index now.
        new: LogIndex,
    },
    /// I committed an entry of my term that a majority holds.
    CommitAdvanced {
        /// The commit index before.
        old: LogIndex,
        /// The commit index now.
        new: LogIndex,
        /// The members known to hold the entry on disk, myself included.
        holders: NodeSet,
        /// How many are needed.
        needed: u8,
        /// The members among which they are needed.
        members: NodeSet,
    },
    /// An entry was acknowledged, but too few members are known to hold it. It may be
    /// committed nevertheless: by an earlier leader, or if acknowledgements are still
    /// in flight.
    CommitWaits {
        /// The last entry that a follower, or my own disk, has just acknowledged.
        index: LogIndex,
        /// The members known to hold it on disk, myself included.
        holders: NodeSet,
        /// How many are needed.
        needed: u8,
        /// The members among which they are needed.
        members: NodeSet,
    },
    /// A majority holds an entry, but it is of an older term, so I do not commit it
    /// (§5.4.2). An earlier leader may have committed it.
    CommitWaitsForOwnTerm {
        /// The entry.
        entry: Position,
        /// My term.
        term: Term,
        /// The members known to hold the entry on disk, myself included.
        holders: NodeSet,
        /// How many are a majority.
        needed: u8,
        /// The members that the majority is of.
        members: NodeSet,
    },
    /// I raised my commit index to follow the leader's.
    CommitLearned {
        /// My commit index before.
        old: LogIndex,
        /// My commit index now.
        new: LogIndex,
        /// The leader's commit index.
        leader: LogIndex,
        /// The last entry that the message covered.
        matched: LogIndex,
    },
    /// I appended a membership change to my log.
    ChangeAppended {
        /// The change.
        change: MemberChange,
        /// Its position in the log.
        position: Position,
    },
    /// I refused a membership change.
    ChangeRefused {
        /// The requested change.
        change: MemberChange,
        /// Why not.
        refusal: ChangeRefusal,
    },
    /// My configuration changed: a configuration entry was added to my log or deleted
    /// from it.
    MembersChanged {
        /// The index of the entry in use; 0 for the initial configuration.
        index: LogIndex,
        /// The members before.
        old: NodeSet,
        /// The members now.
        new: NodeSet,
    },
    /// My own removal is committed, so I step down.
    RemovalCommitted {
        /// The entry that removed me.
        index: LogIndex,
    },
    /// A disabled rule made a difference in this step: under all rules of Raft, its
    /// effects or my state after it would have been different.
    RuleBroken {
        /// Which.
        broken: BrokenRule,
    },
    /// I refused a request of an older term.
    RequestStale {
        /// The sender.
        sender: NodeId,
        /// The kind of message.
        kind: MessageKind,
        /// The request's term.
        theirs: Term,
        /// Mine.
        mine: Term,
    },
    /// I ignored a message without a reply.
    Dropped {
        /// The sender.
        sender: NodeId,
        /// The kind of message.
        kind: MessageKind,
        /// Why.
        cause: DropCause,
    },
    /// I ignored a timer that my role or options do not use.
    TimerIgnored {
        /// Which.
        timer: Timer,
        /// My role.
        role: RoleName,
    },
    /// My election timer fired, but I may not start an election.
    MayNotStand {
        /// Why not.
        refusal: ElectionRefusal,
    },
}

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

/// Why a server may not start an election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ElectionRefusal {
    /// It is not a member of the cluster.
    NoMember,
    /// There is no term after its own ([`Term::LAST`]).
    LastTerm,
}

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

/// What Raft does in a step in which a broken rule made a difference: the decisions
/// that only Raft makes or, if there are none, in what it leads to something else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum StandardOutcome {
    /// I decide this.
    Decision(Reason),
    /// This is my vote in my term.
    Vote(Option<NodeId>),
    /// My log ends here.
    LogEnd(Position),
    /// This is my commit index.
    Commit(LogIndex),
    /// This is the match index of a follower.
    Match {
        /// The follower.
        follower: NodeId,
        /// Its match index.
        matched: LogIndex,
    },
    /// What I send waits for a write of mine.
    MessagesWait,
    /// My election timer goes on.
    ElectionTimerGoesOn,
}

/// The outcome of applying a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RuleOutcome {
    /// The rule allowed or required what was done.
    Done,
    /// The rule forbade it.
    Refused,
    /// The rule's condition is not met yet.
    Waiting,
    /// The rule requires nothing to be done.
    Ignored,
    /// The rule is disabled, which made a difference.
    Broken,
}

impl Reason {
    /// The rule that was applied.
    pub fn rule(&self) -> Rule {
        match self {
            Self::Started { .. } => Rule::StartAsFollower,
            Self::TermAdopted { .. } => Rule::HigherTerm,
            Self::SteppedDown { cause, .. } => cause.rule(),
            Self::ElectionStarted { cause, .. } => cause.rule(),
            Self::MayNotStand { refusal } => refusal.rule(),
            Self::PreVoteStarted { .. }
            | Self::PreVoteGranted { .. }
            | Self::PreVoteCounted { .. }
            | Self::PreVoteDenied { .. }
            | Self::PreVoteWon { .. }
            | Self::ElectionSkipped { .. } => Rule::PreVote,
            Self::LeaseHeld { .. } | Self::LeasePassed { .. } => Rule::Lease,
            Self::QuorumHeard { .. } | Self::QuorumLost { .. } => Rule::CheckQuorum,
            Self::TransferStarted { .. }
            | Self::TimeoutNowSent { .. }
            | Self::ToldToStand { .. }
            | Self::TransferAborted { .. }
            | Self::TransferRefused { .. }
            | Self::ProposalDeferred { .. } => Rule::Transfer,
            Self::OwnVoteWaits => Rule::DurableVote,
            Self::VoteGranted { .. } => Rule::UpToDateLog,
            Self::VoteRefused { refusal, .. } | Self::PreVoteRefused { refusal, .. } => {
                refusal.rule()
            }
            Self::VoteCounted { .. } | Self::VoteDenied { .. } | Self::ElectionWon { .. } => {
                Rule::Majority
            }
            Self::LeaderFollowed { .. } => Rule::FollowLeader,
            Self::TimerArmed { cause, .. } => cause.rule(),
            Self::HeartbeatSent { .. } => Rule::Heartbeat,
            Self::EntryAppended { no_op: true, .. } => Rule::NoOp,
            Self::EntryAppended { no_op: false, .. } | Self::OwnEntriesDeleted { .. } => {
                Rule::LeaderAppends
            }
            Self::ProposalRefused { .. } => Rule::ClientsAskLeader,
            Self::EntriesAccepted { .. } => Rule::Acknowledge,
            Self::EntriesRefused { .. } => Rule::LogMatching,
            Self::ConflictDeleted { .. } => Rule::DeleteConflict,
            Self::MatchAdvanced { .. } | Self::MatchConfirmed { .. } => Rule::Acknowledge,
            Self::MatchLowered { .. } | Self::NextLowered { .. } => Rule::BackUp,
            Self::CommitAdvanced { .. } | Self::CommitWaits { .. } => Rule::CommitByMajority,
            Self::CommitWaitsForOwnTerm { .. } => Rule::CommitOwnTerm,
            Self::CommitLearned { .. } => Rule::LearnCommit,
            Self::ChangeAppended { .. } => Rule::OneChange,
            Self::ChangeRefused { refusal, .. } => match refusal {
                ChangeRefusal::NothingCommitted => Rule::CommitBeforeChange,
                ChangeRefusal::UnderWay { .. }
                | ChangeRefusal::AlreadyMember
                | ChangeRefusal::NoMember
                | ChangeRefusal::LastMember => Rule::OneChange,
            },
            Self::MembersChanged { .. } => Rule::LatestMembers,
            Self::RemovalCommitted { .. } => Rule::RemovedLeader,
            Self::RuleBroken { broken } => broken.rule(),
            Self::RequestStale { .. } => Rule::StaleRequest,
            Self::Dropped { kind, cause, .. } => cause.rule(*kind),
            Self::TimerIgnored { .. } => Rule::SpuriousTimer,
        }
    }

    /// How the rule came out.
    pub fn outcome(&self) -> RuleOutcome {
        match self {
            Self::VoteRefused { .. }
            | Self::VoteDenied { .. }
            | Self::ProposalRefused { .. }
            | Self::EntriesRefused { .. }
            | Self::PreVoteRefused { .. }
            | Self::PreVoteDenied { .. }
            | Self::TransferRefused { .. }
            | Self::ProposalDeferred { .. }
            | Self::ChangeRefused { .. }
            | Self::MayNotStand { .. }
            | Self::RequestStale { .. } => RuleOutcome::Refused,
            Self::RuleBroken { .. } => RuleOutcome::Broken,
            Self::OwnVoteWaits | Self::CommitWaits { .. } | Self::CommitWaitsForOwnTerm { .. } => {
                RuleOutcome::Waiting
            }
            Self::Dropped { .. } | Self::TimerIgnored { .. } | Self::LeaseHeld { .. } => {
                RuleOutcome::Ignored
            }
            Self::Started { .. }
            | Self::TermAdopted { .. }
            | Self::SteppedDown { .. }
            | Self::ElectionStarted { .. }
            | Self::PreVoteStarted { .. }
            | Self::PreVoteGranted { .. }
            | Self::PreVoteCounted { .. }
            | Self::PreVoteWon { .. }
            | Self::LeasePassed { .. }
            | Self::QuorumHeard { .. }
            | Self::QuorumLost { .. }
            | Self::TransferStarted { .. }
            | Self::TimeoutNowSent { .. }
            | Self::ToldToStand { .. }
            | Self::TransferAborted { .. }
            | Self::VoteGranted { .. }
            | Self::VoteCounted { .. }
            | Self::ElectionWon { .. }
            | Self::ElectionSkipped { .. }
            | Self::LeaderFollowed { .. }
            | Self::TimerArmed { .. }
            | Self::HeartbeatSent { .. }
            | Self::EntryAppended { .. }
            | Self::OwnEntriesDeleted { .. }
            | Self::EntriesAccepted { .. }
            | Self::ConflictDeleted { .. }
            | Self::MatchAdvanced { .. }
            | Self::MatchConfirmed { .. }
            | Self::MatchLowered { .. }
            | Self::NextLowered { .. }
            | Self::CommitAdvanced { .. }
            | Self::CommitLearned { .. }
            | Self::ChangeAppended { .. }
            | Self::MembersChanged { .. }
            | Self::RemovalCommitted { .. } => RuleOutcome::Done,
        }
    }
}

impl ElectionCause {
    fn rule(self) -> Rule {
        match self {
            Self::TimedOut => Rule::ElectionTimeout,
            Self::PreVoteWon => Rule::PreVote,
            Self::ToldToStand => Rule::Transfer,
        }
    }
}

impl StepDownCause {
    fn rule(self) -> Rule {
        match self {
            Self::HigherTerm => Rule::HigherTerm,
            Self::LeaderHeard => Rule::FollowLeader,
            // Who votes for another gives it an election timeout's time.
            Self::VoteGranted => Rule::TimerReset,
            Self::QuorumLost => Rule::CheckQuorum,
            Self::Removed => Rule::RemovedLeader,
        }
    }
}

impl ElectionRefusal {
    fn rule(self) -> Rule {
        match self {
            Self::NoMember => Rule::LatestMembers,
            Self::LastTerm => Rule::ElectionTimeout,
        }
    }
}

impl VoteRefusal {
    fn rule(self) -> Rule {
        match self {
            Self::AlreadyVoted { .. } => Rule::OneVote,
            Self::LogBehind { .. } => Rule::UpToDateLog,
            Self::TermTaken { .. } | Self::LeaderAlive { .. } => Rule::PreVote,
        }
    }
}

impl DropCause {
    fn rule(self, kind: MessageKind) -> Rule {
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

impl TimerCause {
    fn rule(self) -> Rule {
        match self {
            Self::Started => Rule::StartAsFollower,
            Self::PreVoteStarted => Rule::PreVote,
            Self::ElectionStarted
            | Self::VoteGranted
            | Self::LeaderHeard
            | Self::MessageArrived => Rule::TimerReset,
            // Who leads no longer waits for a leader, as all followers do.
            Self::SteppedDown => Rule::ElectionTimeout,
            Self::CheckingQuorum => Rule::CheckQuorum,
            Self::TransferStarted => Rule::Transfer,
            Self::HeartbeatSent => Rule::Heartbeat,
        }
    }
}
