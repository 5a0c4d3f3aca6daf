//! Why a step did what it did, as typed facts.

use crate::{
    BrokenRule, ChangeRefusal, LogIndex, MemberChange, MessageKind, Millis, NodeId, NodeSet,
    Position, RoleName, Rule, Term, Timer,
};

/// One application of a rule, with the numbers that were compared. "I" is the
/// server that took the step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Reason {
    /// I start with what my disk holds.
    Started {
        /// My stored term.
        term: Term,
        /// My stored vote in that term.
        voted_for: Option<NodeId>,
        /// Where my stored log ends.
        last: Position,
    },
    /// I adopted a higher term and forgot my vote of the old one.
    TermAdopted {
        /// My old term.
        old: Term,
        /// My new term.
        new: Term,
        /// Who told me.
        sender: NodeId,
    },
    /// I am no longer pre-candidate, candidate or leader.
    SteppedDown {
        /// What I was.
        role: RoleName,
        /// Why I am it no longer.
        cause: StepDownCause,
    },
    /// I stand for election.
    ElectionStarted {
        /// Why.
        cause: ElectionCause,
        /// The term in which I stand.
        term: Term,
        /// Where my log ends.
        last: Position,
        /// How many votes I need.
        needed: u8,
    },
    /// I ask whether I would win.
    PreVoteStarted {
        /// The term in which I would stand.
        term: Term,
        /// Where my log ends.
        last: Position,
        /// How many would have to vote for me.
        needed: u8,
    },
    /// I would vote for a pre-candidate. Nothing changes here for that.
    PreVoteGranted {
        /// The pre-candidate.
        candidate: NodeId,
        /// The term in which it would stand.
        term: Term,
        /// Where its log ends.
        theirs: Position,
        /// Where mine ends.
        mine: Position,
    },
    /// I would not vote for a pre-candidate.
    PreVoteRefused {
        /// The pre-candidate.
        candidate: NodeId,
        /// The term in which it would stand.
        term: Term,
        /// Why not.
        refusal: VoteRefusal,
    },
    /// A server would vote for me.
    PreVoteCounted {
        /// The server.
        voter: NodeId,
        /// How many would vote for me now.
        granted: u8,
        /// How many I need.
        needed: u8,
    },
    /// A server would not vote for me.
    PreVoteDenied {
        /// The server.
        voter: NodeId,
        /// How many would not vote for me now.
        refused: u8,
        /// Whether those who have not refused are still a majority.
        hope: bool,
    },
    /// A majority would vote for me.
    PreVoteWon {
        /// The term in which I now stand.
        term: Term,
        /// Who would vote for me.
        granted: NodeSet,
        /// How many are needed.
        needed: u8,
        /// Of whom they are needed.
        members: NodeSet,
    },
    /// I do not let a candidate depose the leader that I take to be alive.
    LeaseHeld {
        /// The candidate.
        candidate: NodeId,
        /// Its term.
        term: Term,
        /// The leader.
        leader: NodeId,
        /// Why I take it to be alive.
        contact: Contact,
    },
    /// I would not let a candidate depose the leader that I take to be alive,
    /// but its request says that the leader sent it (diss. §4.2.3).
    LeasePassed {
        /// The candidate.
        candidate: NodeId,
        /// Its term.
        term: Term,
        /// The leader.
        leader: NodeId,
    },
    /// I count a majority as active since I last checked.
    QuorumHeard {
        /// The members that have answered since, and those that have become
        /// members since; I am among them if I am a member.
        active: NodeSet,
        /// How many are needed.
        needed: u8,
        /// Of whom they are needed.
        members: NodeSet,
    },
    /// I count too few as active since I last checked, so I lead no longer.
    QuorumLost {
        /// The members that have answered since, and those that have become
        /// members since; I am among them if I am a member.
        active: NodeSet,
        /// How many are needed.
        needed: u8,
        /// Of whom they are needed.
        members: NodeSet,
    },
    /// I hand leadership over as soon as the other's log is as long as mine.
    TransferStarted {
        /// The server that is to lead.
        target: NodeId,
        /// How far its log is known to match mine.
        matched: LogIndex,
        /// Where mine ends.
        last: LogIndex,
    },
    /// I tell the server that is to lead to stand for election.
    TimeoutNowSent {
        /// The server that is to lead.
        target: NodeId,
        /// Whether the message waits for a write of mine.
        after_write: bool,
    },
    /// I stand at once because a TimeoutNow told me to.
    ToldToStand {
        /// Its sender, which leads my term or did so when it sent that.
        leader: NodeId,
    },
    /// I gave up handing leadership over.
    TransferAborted {
        /// The server that was to lead.
        target: NodeId,
    },
    /// I do not hand leadership over.
    TransferRefused {
        /// The server that was to lead.
        target: NodeId,
        /// Why not.
        refusal: TransferRefusal,
    },
    /// I take no requests while I hand leadership over.
    ProposalDeferred {
        /// The server that is to lead.
        target: NodeId,
    },
    /// My own vote must reach the disk before it counts.
    OwnVoteWaits,
    /// I voted for a candidate.
    VoteGranted {
        /// The candidate.
        candidate: NodeId,
        /// The term of the vote.
        term: Term,
        /// Where the candidate's log ends.
        theirs: Position,
        /// Where mine ends.
        mine: Position,
    },
    /// I did not vote for a candidate.
    VoteRefused {
        /// The candidate.
        candidate: NodeId,
        /// The term for which it asked.
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
    /// A voter refused me.
    VoteDenied {
        /// The voter.
        voter: NodeId,
        /// How many have refused me now.
        refused: u8,
        /// Whether those who have not refused are still a majority.
        hope: bool,
    },
    /// I lead the term.
    ElectionWon {
        /// The term.
        term: Term,
        /// The members whose votes I have.
        granted: NodeSet,
        /// How many votes I counted: as many as there are voters, unless a rule
        /// is broken.
        count: u8,
        /// How many were needed.
        needed: u8,
        /// Of whom they were needed.
        members: NodeSet,
    },
    /// I follow the leader of my term, whom I did not know before.
    LeaderFollowed {
        /// The leader.
        leader: NodeId,
        /// Its term and mine.
        term: Term,
    },
    /// I started a timer, or started it again.
    TimerArmed {
        /// Which.
        timer: Timer,
        /// What for.
        cause: TimerCause,
    },
    /// I sent AppendEntries to all others because it was time to.
    HeartbeatSent {
        /// My term.
        term: Term,
    },
    /// I took a client's command, or my own first entry, into my log.
    EntryAppended {
        /// Where it stands.
        position: Position,
        /// Whether it is a new leader's empty entry.
        no_op: bool,
    },
    /// I do not lead, so I sent the client away.
    ProposalRefused {
        /// The leader that I named.
        leader: Option<NodeId>,
    },
    /// The leader's entries fit my log.
    EntriesAccepted {
        /// The entry before them, which I hold.
        prev: Position,
        /// What I confirm: the last index at which I now agree with the leader.
        matched: LogIndex,
        /// How many of the entries were new to me.
        new: u64,
        /// Whether the confirmation waits for a write of mine.
        after_write: bool,
    },
    /// I do not hold the entry before the leader's.
    EntriesRefused {
        /// The entry that I should have.
        prev: Position,
        /// The term of my entry there; `None` if my log ends before it.
        mine: Option<Term>,
        /// After which entry the leader should try next.
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
        /// Whether I knew some of them to be committed, which Raft rules out: a
        /// rule is broken, or the message forged.
        committed: bool,
    },
    /// A follower confirmed more of my log.
    MatchAdvanced {
        /// The follower.
        follower: NodeId,
        /// The match index before.
        old: LogIndex,
        /// The match index now.
        new: LogIndex,
    },
    /// A follower answered, and I knew already how far its log matches mine.
    MatchConfirmed {
        /// The follower.
        follower: NodeId,
        /// The match index, which stays.
        matched: LogIndex,
    },
    /// A follower refused my entries; I go back.
    NextLowered {
        /// The follower.
        follower: NodeId,
        /// The next index before.
        old: LogIndex,
        /// The next index now.
        new: LogIndex,
    },
    /// A majority holds an entry of my term.
    CommitAdvanced {
        /// The commit index before.
        old: LogIndex,
        /// The commit index now.
        new: LogIndex,
        /// Who has confirmed to hold the entry on disk, and I if my disk does.
        holders: NodeSet,
        /// How many are needed.
        needed: u8,
        /// Of whom they are needed.
        members: NodeSet,
    },
    /// I have learned that one more server holds an entry on disk, but I know of
    /// too few to commit it. It may be committed all the same: by an earlier
    /// leader, or by confirmations that are still under way.
    CommitWaits {
        /// The last entry that the server, or my own disk, has just confirmed.
        index: LogIndex,
        /// Who has confirmed to hold it on disk, and I if my disk does.
        holders: NodeSet,
        /// How many are needed.
        needed: u8,
        /// Of whom they are needed.
        members: NodeSet,
    },
    /// A majority holds an entry, but it is of an older term. It may be committed
    /// all the same, by an earlier leader.
    CommitWaitsForOwnTerm {
        /// The entry.
        entry: Position,
        /// My term.
        term: Term,
        /// Who has confirmed to hold the entry on disk, and I if my disk does.
        holders: NodeSet,
        /// How many are a majority.
        needed: u8,
        /// Of whom they are.
        members: NodeSet,
    },
    /// The leader told me that more is committed.
    CommitLearned {
        /// My commit index before.
        old: LogIndex,
        /// My commit index now.
        new: LogIndex,
        /// The leader's commit index.
        leader: LogIndex,
        /// The last entry that the message vouched for.
        matched: LogIndex,
    },
    /// I took a change of the members into my log.
    ChangeAppended {
        /// The change.
        change: MemberChange,
        /// Where it stands.
        position: Position,
    },
    /// I do not change the members.
    ChangeRefused {
        /// The change that was asked for.
        change: MemberChange,
        /// Why not.
        refusal: ChangeRefusal,
    },
    /// Others vote from now on: an entry that says so has come into my log, or
    /// has gone from it.
    MembersChanged {
        /// The entry that counts now; 0 if those vote who did at the start.
        index: LogIndex,
        /// Who voted before.
        old: NodeSet,
        /// Who votes now.
        new: NodeSet,
    },
    /// My own removal is committed, so I lead no longer.
    RemovalCommitted {
        /// The entry that removed me.
        index: LogIndex,
    },
    /// A rule that is switched off made a difference in this step: with all rules
    /// of Raft, its effects or my state after it would have been others.
    RuleBroken {
        /// Which.
        broken: BrokenRule,
    },
    /// I refused a request because its term has passed.
    RequestStale {
        /// The sender.
        sender: NodeId,
        /// What it sent.
        kind: MessageKind,
        /// The request's term.
        theirs: Term,
        /// Mine.
        mine: Term,
    },
    /// I dropped a message without an answer.
    Dropped {
        /// The sender.
        sender: NodeId,
        /// What it sent.
        kind: MessageKind,
        /// Why.
        cause: DropCause,
    },
    /// A timer ran out that I was not waiting for.
    TimerIgnored {
        /// Which.
        timer: Timer,
        /// What I am.
        role: RoleName,
    },
    /// My election timer ran out, but I may not stand for election.
    MayNotStand {
        /// Why not.
        refusal: ElectionRefusal,
    },
}

/// Why a server stands for election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ElectionCause {
    /// Its election timer ran out (§5.2).
    TimedOut,
    /// A majority said that it would vote for it (diss. §9.6).
    PreVoteWon,
    /// The leader told it to (diss. §3.10).
    ToldToStand,
}

/// Why a server stands no longer, or leads no longer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum StepDownCause {
    /// It has adopted a higher term (§5.1).
    HigherTerm,
    /// It has heard from the leader of its term (§5.2).
    LeaderHeard,
    /// It has voted for another candidate of its term (Figure 2, Followers).
    VoteGranted,
    /// Too few have answered it (diss. §6.2).
    QuorumLost,
    /// Its removal is committed (diss. §4.2.2).
    Removed,
}

/// Why a server may not stand for election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ElectionRefusal {
    /// It has no vote in this cluster.
    NoMember,
    /// There is no term after its own ([`Term::LAST`]).
    LastTerm,
}

/// Why a vote was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum VoteRefusal {
    /// My vote in this term is given.
    AlreadyVoted {
        /// To whom.
        voted_for: NodeId,
        /// What I am: who voted for itself may stand, or lead, or have started
        /// again since.
        role: RoleName,
    },
    /// The term is not later than mine, and my vote is not free. Said of
    /// pre-votes only: a request for a vote in such a term is stale.
    TermTaken {
        /// My term.
        mine: Term,
    },
    /// I take the leader to be alive. Said of pre-votes only: a request for a
    /// vote comes up against a lease.
    LeaderAlive {
        /// The leader.
        leader: NodeId,
        /// Why I take it to be alive.
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

/// Why a server takes the leader of its term to be alive (diss. §4.2.3, §9.6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Contact {
    /// It leads itself, and that is all that it looks at. When it last heard from
    /// others matters only to the check for a majority, which makes it step down
    /// (diss. §6.2). LogCabin's leaders refuse as long as they lead, too; those
    /// of etcd do so only if they check.
    Leads {
        /// Whether it checks for a majority at all. If not, it may lead, and
        /// refuse, for as long as it hears of no later term.
        checks_quorum: bool,
    },
    /// It has heard from the leader a short while ago.
    Heard {
        /// How long ago, by its own clock.
        ago: Millis,
        /// What that is shorter than: the shortest election timeout.
        lease: Millis,
    },
}

/// Why leadership is not transferred.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TransferRefusal {
    /// Only a leader can hand over.
    NotLeader,
    /// The target has no vote in this cluster.
    NoMember,
    /// The target leads already.
    LeadsAlready,
    /// It is under way already.
    UnderWay,
}

/// Why a message was dropped.
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
    /// It would vote for me in another term than the one I ask about.
    OtherTerm {
        /// The term that it is about.
        theirs: Term,
        /// The term that I ask about.
        asked: Term,
    },
    /// It is a reply for which my role has no use.
    Unasked {
        /// My role.
        role: RoleName,
    },
    /// It says what I have already counted.
    NothingNew,
    /// It refuses entries, though its sender has confirmed all before them. Such
    /// a refusal counts as one that a later confirmation has overtaken: what is
    /// confirmed stays confirmed.
    ///
    /// A follower that has lost entries which it had confirmed is therefore not
    /// sent them again by this leader, as long as it leads. Raft does not allow a
    /// server to lose them (Figure 2; diss. §3.8: who has lost its disk must come
    /// back under another name), and refusals bear no mark by which a late one
    /// could be told from a true one. The sources differ: with Figure 2, raft.tla,
    /// LogCabin and hashicorp/raft the leader goes back, below what was confirmed,
    /// too, and so repairs what should not have happened; with etcd and raft-rs it
    /// does not, as here, and the follower gives up as soon as it hears of a
    /// commit index beyond its log.
    Confirmed {
        /// The last index that the sender has confirmed.
        matched: LogIndex,
    },
    /// Its sender has no vote in this cluster.
    NoMember,
    /// It bears my own name.
    FromMyself,
    /// I lead this term myself.
    LeadingMyself,
    /// It asks me to stand for election, which I may not.
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
    /// It asks whether it would win an election.
    PreVoteStarted,
    /// It stands for election.
    ElectionStarted,
    /// It voted for another server.
    VoteGranted,
    /// It heard from the leader of its term.
    LeaderHeard,
    /// A message arrived, which is enough only for a broken rule.
    MessageArrived,
    /// It no longer leads.
    SteppedDown,
    /// It leads, and will check for a majority.
    CheckingQuorum,
    /// It hands leadership over.
    TransferStarted,
    /// It leads and has just sent AppendEntries to all.
    HeartbeatSent,
}

/// How a rule came out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RuleOutcome {
    /// The rule allowed or demanded what was done.
    Done,
    /// The rule forbade it.
    Refused,
    /// The rule's condition is not met yet.
    Waiting,
    /// The rule says to do nothing.
    Ignored,
    /// The rule is switched off, and that made a difference.
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
            | Self::PreVoteWon { .. } => Rule::PreVote,
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
            Self::EntryAppended { no_op: false, .. } => Rule::LeaderAppends,
            Self::ProposalRefused { .. } => Rule::ClientsAskLeader,
            Self::EntriesAccepted { .. } => Rule::Acknowledge,
            Self::EntriesRefused { .. } => Rule::LogMatching,
            Self::ConflictDeleted { .. } => Rule::DeleteConflict,
            Self::MatchAdvanced { .. } | Self::MatchConfirmed { .. } => Rule::Acknowledge,
            Self::NextLowered { .. } => Rule::BackUp,
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
            | Self::LeaderFollowed { .. }
            | Self::TimerArmed { .. }
            | Self::HeartbeatSent { .. }
            | Self::EntryAppended { .. }
            | Self::EntriesAccepted { .. }
            | Self::ConflictDeleted { .. }
            | Self::MatchAdvanced { .. }
            | Self::MatchConfirmed { .. }
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
