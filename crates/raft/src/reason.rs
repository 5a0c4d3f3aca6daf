//! The reasons for what a step did, as typed facts.

mod cause;
mod outcome;
mod refusal;
mod standard;

use crate::{
    BrokenRule, ChangeRefusal, LogIndex, MemberChange, MessageKind, NodeId, NodeSet, Position,
    RoleName, Term, Timer,
};

pub use self::cause::{DropCause, ElectionCause, StepDownCause, TimerCause};
pub use self::outcome::RuleOutcome;
pub use self::refusal::{Contact, ElectionRefusal, TransferRefusal, VoteRefusal};
pub use self::standard::StandardOutcome;

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
        /// The members among which I need them.
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
        /// The members among which I need them.
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
