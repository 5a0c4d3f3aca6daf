//! Raft with individual rules disabled.

use alloc::vec::Vec;

use crate::rules::{delete_from, matching_prefix};
use crate::{
    AppendResult, Deleted, Entry, LearnedCommit, Log, LogIndex, Merged, Message, MessageKind,
    NodeId, NodeSet, Position, Rule, Rules, Standard, Stored, Term, WriteId,
};

/// A rule that can be disabled, as some real implementations of Raft have done by
/// mistake.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum BrokenRule {
    /// A server loses its vote when it restarts.
    ForgetVoteOnRestart,
    /// A server loses its term and its vote when it restarts.
    ForgetTermAndVoteOnRestart,
    /// A server loses its log when it restarts.
    ForgetLogOnRestart,
    /// A voter replies before its vote is on disk.
    ReplyBeforePersist,
    /// A follower acknowledges entries before they are on disk.
    ConfirmBeforePersist,
    /// A leader counts an entry of its own that is not on its disk.
    LeaderCountsUnsyncedEntry,
    /// A voter does not check the candidate's log.
    NoUpToDateCheck,
    /// Of two logs, the longer one is more up to date.
    LongerLogWins,
    /// Of two logs, only the last terms are compared.
    CompareLastTermOnly,
    /// Entries of older terms are committed by counting.
    CommitOldTermByCounting,
    /// Any AppendEntries truncates a follower's log after its entries.
    TruncateOnAnyAppend,
    /// Entries after a conflicting one are kept.
    KeepTailAfterConflict,
    /// A leader appends after its last committed entry.
    OverwriteUncommitted,
    /// A follower commits entries that the message does not cover.
    CommitToLeaderCommit,
    /// Followers do not compare the previous entry.
    NoPreviousEntryCheck,
    /// Votes of older terms count.
    CountStaleVotes,
    /// A vote that arrives twice counts twice.
    CountDuplicateVotes,
    /// Half of an even number of servers is enough.
    QuorumOfHalf,
    /// A server votes more than once in a term.
    ManyVotesPerTerm,
    /// A server that steps down clears its vote of the same term.
    ClearVoteOnStepDown,
    /// AppendEntries of older terms are accepted.
    AcceptStaleAppend,
    /// Acknowledgements of older terms count.
    CountStaleAcknowledgements,
    /// A follower acknowledges its whole log.
    AcknowledgeLastIndex,
    /// The hint of a refusal counts as an acknowledgement.
    MatchFromRejection,
    /// A late acknowledgement lowers the match index.
    MatchIndexMayFall,
    /// A candidate does not record its own vote.
    ForgetOwnVote,
    /// A server votes in a higher term without adopting it.
    VoteWithoutAdoptingTerm,
    /// A majority of pre-votes makes a leader.
    PreVotesElect,
    /// Members change before an entry of the leader's term is committed.
    ReconfigureBeforeOwnCommit,
    /// A follower's commit index also falls to the leader's.
    CommitIndexMayFall,
    /// A leader that is being removed counts itself.
    RemovedLeaderCountsItself,
    /// Any message restarts the election timer.
    AnyMessageRestartsElectionTimer,
    /// The higher term of a reply is not adopted.
    IgnoreHigherTermInReplies,
    /// A candidate with too short a log is refused before its term is adopted.
    RefuseBeforeAdoptingTerm,
}

impl BrokenRule {
    /// Every rule that can be disabled.
    pub const ALL: [Self; 34] = [
        Self::ForgetVoteOnRestart,
        Self::ForgetTermAndVoteOnRestart,
        Self::ForgetLogOnRestart,
        Self::ReplyBeforePersist,
        Self::ConfirmBeforePersist,
        Self::LeaderCountsUnsyncedEntry,
        Self::NoUpToDateCheck,
        Self::LongerLogWins,
        Self::CompareLastTermOnly,
        Self::CommitOldTermByCounting,
        Self::TruncateOnAnyAppend,
        Self::KeepTailAfterConflict,
        Self::OverwriteUncommitted,
        Self::CommitToLeaderCommit,
        Self::NoPreviousEntryCheck,
        Self::CountStaleVotes,
        Self::CountDuplicateVotes,
        Self::QuorumOfHalf,
        Self::ManyVotesPerTerm,
        Self::ClearVoteOnStepDown,
        Self::AcceptStaleAppend,
        Self::CountStaleAcknowledgements,
        Self::AcknowledgeLastIndex,
        Self::MatchFromRejection,
        Self::MatchIndexMayFall,
        Self::ForgetOwnVote,
        Self::VoteWithoutAdoptingTerm,
        Self::PreVotesElect,
        Self::ReconfigureBeforeOwnCommit,
        Self::CommitIndexMayFall,
        Self::RemovedLeaderCountsItself,
        Self::AnyMessageRestartsElectionTimer,
        Self::IgnoreHigherTermInReplies,
        Self::RefuseBeforeAdoptingTerm,
    ];

    /// The name in scripts, and the rule that is broken.
    fn text(self) -> (&'static str, Rule) {
        match self {
            Self::ForgetVoteOnRestart => ("forget-vote-on-restart", Rule::StartAsFollower),
            Self::ForgetTermAndVoteOnRestart => {
                ("forget-term-and-vote-on-restart", Rule::StartAsFollower)
            }
            Self::ForgetLogOnRestart => ("forget-log-on-restart", Rule::StartAsFollower),
            Self::ReplyBeforePersist => ("reply-before-persist", Rule::DurableVote),
            Self::ConfirmBeforePersist => ("confirm-before-persist", Rule::DurableEntries),
            Self::LeaderCountsUnsyncedEntry => {
                ("leader-counts-unsynced-entry", Rule::CommitByMajority)
            }
            Self::NoUpToDateCheck => ("no-up-to-date-check", Rule::UpToDateLog),
            Self::LongerLogWins => ("longer-log-wins", Rule::UpToDateLog),
            Self::CompareLastTermOnly => ("compare-last-term-only", Rule::UpToDateLog),
            Self::CommitOldTermByCounting => ("commit-old-term-by-counting", Rule::CommitOwnTerm),
            Self::TruncateOnAnyAppend => ("truncate-on-any-append", Rule::DeleteConflict),
            Self::KeepTailAfterConflict => ("keep-tail-after-conflict", Rule::DeleteConflict),
            Self::OverwriteUncommitted => ("overwrite-uncommitted", Rule::LeaderAppends),
            Self::CommitToLeaderCommit => ("commit-to-leader-commit", Rule::LearnCommit),
            Self::NoPreviousEntryCheck => ("no-previous-entry-check", Rule::LogMatching),
            Self::CountStaleVotes => ("count-stale-votes", Rule::StaleReply),
            Self::CountDuplicateVotes => ("count-duplicate-votes", Rule::Majority),
            Self::QuorumOfHalf => ("quorum-of-half", Rule::Majority),
            Self::ManyVotesPerTerm => ("many-votes-per-term", Rule::OneVote),
            Self::ClearVoteOnStepDown => ("clear-vote-on-step-down", Rule::OneVote),
            Self::AcceptStaleAppend => ("accept-stale-append", Rule::StaleRequest),
            Self::CountStaleAcknowledgements => ("count-stale-acknowledgements", Rule::StaleReply),
            Self::AcknowledgeLastIndex => ("acknowledge-last-index", Rule::Acknowledge),
            Self::MatchFromRejection => ("match-from-rejection", Rule::BackUp),
            Self::MatchIndexMayFall => ("match-index-may-fall", Rule::BackUp),
            Self::ForgetOwnVote => ("forget-own-vote", Rule::OneVote),
            Self::VoteWithoutAdoptingTerm => ("vote-without-adopting-term", Rule::HigherTerm),
            Self::PreVotesElect => ("pre-votes-elect", Rule::PreVote),
            Self::ReconfigureBeforeOwnCommit => {
                ("reconfigure-before-own-commit", Rule::CommitBeforeChange)
            }
            Self::CommitIndexMayFall => ("commit-index-may-fall", Rule::LearnCommit),
            Self::RemovedLeaderCountsItself => {
                ("removed-leader-counts-itself", Rule::RemovedLeader)
            }
            Self::AnyMessageRestartsElectionTimer => {
                ("any-message-restarts-election-timer", Rule::TimerReset)
            }
            Self::IgnoreHigherTermInReplies => ("ignore-higher-term-in-replies", Rule::HigherTerm),
            Self::RefuseBeforeAdoptingTerm => ("refuse-before-adopting-term", Rule::HigherTerm),
        }
    }

    /// The name in the script language: `break forget-vote-on-restart`.
    pub fn name(self) -> &'static str {
        self.text().0
    }

    /// The rule that is broken.
    pub fn rule(self) -> Rule {
        self.text().1
    }

    fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// Raft without some of its rules.
///
/// Overrides the decisions of [`Standard`] that the broken rules change, and keeps the
/// state that only broken rules need.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "Vec<BrokenRule>", into = "Vec<BrokenRule>")
)]
pub struct BrokenRules {
    broken: u64,
    /// The term of an election, and how many duplicate votes the candidate has counted
    /// in it.
    duplicate_votes: (Term, u8),
}

impl BrokenRules {
    /// No rule is broken.
    pub const NONE: Self = Self {
        broken: 0,
        duplicate_votes: (Term::ZERO, 0),
    };

    /// Breaks a rule; returns whether it held before.
    pub fn insert(&mut self, rule: BrokenRule) -> bool {
        let new = !self.contains(rule);
        self.broken |= rule.bit();
        new
    }

    /// The set without one rule.
    pub fn without(mut self, rule: BrokenRule) -> Self {
        self.broken &= !rule.bit();
        self
    }

    /// Whether a rule is broken.
    pub fn contains(&self, rule: BrokenRule) -> bool {
        self.broken & rule.bit() != 0
    }

    /// Whether all rules hold.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.broken == 0
    }

    /// The rules that are broken.
    pub fn iter(&self) -> impl Iterator<Item = BrokenRule> + use<> {
        let set = *self;
        BrokenRule::ALL
            .into_iter()
            .filter(move |rule| set.contains(*rule))
    }

    /// How many duplicate votes have been counted in this term.
    pub fn duplicates_in(&self, term: Term) -> u8 {
        let (counted_in, count) = self.duplicate_votes;
        if counted_in == term { count } else { 0 }
    }
}

impl FromIterator<BrokenRule> for BrokenRules {
    fn from_iter<I: IntoIterator<Item = BrokenRule>>(rules: I) -> Self {
        let mut set = Self::NONE;
        for rule in rules {
            set.insert(rule);
        }
        set
    }
}

impl From<Vec<BrokenRule>> for BrokenRules {
    fn from(rules: Vec<BrokenRule>) -> Self {
        rules.into_iter().collect()
    }
}

impl From<BrokenRules> for Vec<BrokenRule> {
    fn from(rules: BrokenRules) -> Self {
        rules.iter().collect()
    }
}

impl Rules for BrokenRules {
    fn broken(&self) -> BrokenRules {
        *self
    }

    fn with_broken(&self, BrokenRules { broken, .. }: BrokenRules) -> Self {
        Self { broken, ..*self }
    }

    fn restored(&mut self, stored: Stored) -> Stored {
        self.duplicate_votes = Self::NONE.duplicate_votes;
        let no_term = self.contains(BrokenRule::ForgetTermAndVoteOnRestart);
        let no_vote = no_term || self.contains(BrokenRule::ForgetVoteOnRestart);
        let no_log = self.contains(BrokenRule::ForgetLogOnRestart);
        Stored {
            term: if no_term { Term::ZERO } else { stored.term },
            voted_for: stored.voted_for.filter(|_| !no_vote),
            log: if no_log { Log::default() } else { stored.log },
        }
    }

    fn majority(&self, members: NodeSet) -> u8 {
        if self.contains(BrokenRule::QuorumOfHalf) {
            members.len().div_ceil(2)
        } else {
            members.majority()
        }
    }

    fn own_vote(&self, me: NodeId) -> Option<NodeId> {
        (!self.contains(BrokenRule::ForgetOwnVote)).then_some(me)
    }

    fn may_vote_for(&self, voted_for: Option<NodeId>, candidate: NodeId) -> bool {
        self.contains(BrokenRule::ManyVotesPerTerm) || Standard.may_vote_for(voted_for, candidate)
    }

    /// If several of these rules are broken, the weakest comparison applies.
    fn up_to_date(&self, theirs: Position, mine: Position) -> bool {
        if self.contains(BrokenRule::NoUpToDateCheck) {
            true
        } else if self.contains(BrokenRule::CompareLastTermOnly) {
            theirs.term >= mine.term
        } else if self.contains(BrokenRule::LongerLogWins) {
            theirs.index >= mine.index
        } else {
            Standard.up_to_date(theirs, mine)
        }
    }

    fn adopts_term(&self, message: &Message, mine: Position) -> bool {
        match *message {
            Message::RequestVote { .. } if self.contains(BrokenRule::VoteWithoutAdoptingTerm) => {
                false
            }
            Message::RequestVote { last, .. }
                if self.contains(BrokenRule::RefuseBeforeAdoptingTerm) =>
            {
                self.up_to_date(last, mine)
            }
            ref other if other.kind().is_reply() => {
                !self.contains(BrokenRule::IgnoreHigherTermInReplies)
            }
            _ => true,
        }
    }

    fn any_message_restarts_timer(&self) -> bool {
        self.contains(BrokenRule::AnyMessageRestartsElectionTimer)
    }

    fn pre_votes_elect(&self) -> bool {
        self.contains(BrokenRule::PreVotesElect)
    }

    fn is_stale(&self, kind: MessageKind) -> bool {
        let rule = match kind {
            MessageKind::RequestVoteReply => BrokenRule::CountStaleVotes,
            MessageKind::AppendEntriesReply => BrokenRule::CountStaleAcknowledgements,
            MessageKind::AppendEntries => BrokenRule::AcceptStaleAppend,
            MessageKind::RequestVote
            | MessageKind::PreVote
            | MessageKind::PreVoteReply
            | MessageKind::TimeoutNow => return true,
        };
        !self.contains(rule)
    }

    fn count_votes(&mut self, term: Term, granted: NodeSet, duplicate: bool) -> Option<u8> {
        if !self.contains(BrokenRule::CountDuplicateVotes) {
            return Standard.count_votes(term, granted, duplicate);
        }
        if duplicate {
            let count = self.duplicates_in(term).saturating_add(1);
            self.duplicate_votes = (term, count);
        }
        Some(granted.len().saturating_add(self.duplicates_in(term)))
    }

    fn vote_after_stepping_down(&self, voted_for: Option<NodeId>) -> Option<NodeId> {
        voted_for.filter(|_| !self.contains(BrokenRule::ClearVoteOnStepDown))
    }

    fn required_write(&self, message: &Message, last: Option<WriteId>) -> Option<WriteId> {
        let waits = match message {
            Message::RequestVoteReply { .. } => !self.contains(BrokenRule::ReplyBeforePersist),
            Message::AppendEntriesReply {
                result: AppendResult::Accepted { .. },
                ..
            } => !self.contains(BrokenRule::ConfirmBeforePersist),
            _ => true,
        };
        Standard.required_write(message, last).filter(|_| waits)
    }

    fn appends_after(&self, commit: LogIndex, last: LogIndex) -> LogIndex {
        if self.contains(BrokenRule::OverwriteUncommitted) {
            commit.min(last)
        } else {
            last
        }
    }

    fn leader_match_index(&self, durable: LogIndex, last: LogIndex) -> LogIndex {
        if self.contains(BrokenRule::LeaderCountsUnsyncedEntry) {
            last
        } else {
            durable
        }
    }

    fn commit_voters(&self, members: NodeSet, leader: NodeId) -> NodeSet {
        let itself = self.contains(BrokenRule::RemovedLeaderCountsItself);
        members.iter().chain(itself.then_some(leader)).collect()
    }

    fn may_commit(&self, entry: Term, leader: Term) -> bool {
        self.contains(BrokenRule::CommitOldTermByCounting) || Standard.may_commit(entry, leader)
    }

    fn match_after_confirmation(&self, matched: LogIndex, confirmed: LogIndex) -> LogIndex {
        if self.contains(BrokenRule::MatchIndexMayFall) {
            confirmed
        } else {
            Standard.match_after_confirmation(matched, confirmed)
        }
    }

    fn match_after_refusal(&self, matched: LogIndex, hint: LogIndex) -> LogIndex {
        if self.contains(BrokenRule::MatchFromRejection) {
            matched.max(hint)
        } else {
            matched
        }
    }

    fn may_append_after(&self, held: bool) -> bool {
        self.contains(BrokenRule::NoPreviousEntryCheck) || Standard.may_append_after(held)
    }

    fn merge(&self, log: &mut Log, prev: LogIndex, entries: &[Entry]) -> Merged {
        // Without the check of the previous entry, the log may end before it.
        let prev = prev.min(log.last_index());
        let held = matching_prefix(log, prev, entries);
        let (first, end) = (prev.plus(held).next(), prev.plus(entries.len()));
        if held == entries.len() {
            if self.contains(BrokenRule::TruncateOnAnyAppend) {
                return delete_after_match(log, first);
            }
        } else if self.contains(BrokenRule::KeepTailAfterConflict) && log.last_index() > end {
            return replace_in_the_middle(log, first, end, entries);
        }
        Standard.merge(log, prev, entries)
    }

    fn acknowledged(&self, matched: LogIndex, last: LogIndex) -> LogIndex {
        if self.contains(BrokenRule::AcknowledgeLastIndex) {
            last
        } else {
            matched
        }
    }

    fn learned_commit(&self, learned: LearnedCommit) -> LogIndex {
        let LearnedCommit {
            mine,
            leader,
            matched,
            last,
        } = learned;
        let vouched = if self.contains(BrokenRule::CommitToLeaderCommit) {
            last
        } else {
            // Without the check of the previous entry, a message may cover entries that
            // the log does not have; those are not committed.
            matched.min(last)
        };
        let commit = leader.min(vouched);
        if self.contains(BrokenRule::CommitIndexMayFall) {
            commit
        } else {
            mine.max(commit)
        }
    }

    fn may_change_members(&self, own_term_committed: bool) -> bool {
        own_term_committed || self.contains(BrokenRule::ReconfigureBeforeOwnCommit)
    }
}

/// Deletes the entries after those of a message, although they match.
fn delete_after_match(log: &mut Log, first: LogIndex) -> Merged {
    let deleted = delete_from(log, first);
    Merged {
        changed_from: deleted.map(|deleted| deleted.from.index),
        deleted,
        new: 0,
    }
}

/// Replaces conflicting entries from `first` to `end` and keeps those after them.
fn replace_in_the_middle(
    log: &mut Log,
    first: LogIndex,
    end: LogIndex,
    entries: &[Entry],
) -> Merged {
    let tail = log.copy(end.next(), usize::MAX);
    let new = end.0 - first.previous().0;
    let deleted = delete_from(log, first).map(|deleted| Deleted {
        through: end,
        ..deleted
    });
    let skipped = entries.len() - new as usize;
    for entry in entries.iter().skip(skipped).chain(&tail) {
        log.append(entry.clone());
    }
    Merged {
        changed_from: Some(first),
        deleted,
        new,
    }
}
