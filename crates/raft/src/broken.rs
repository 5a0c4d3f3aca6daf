//! Raft with rules switched off, to see what each of them is for.

use alloc::vec::Vec;

use crate::rules::{cut, held};
use crate::{
    Deleted, Entry, LearnedCommit, Log, LogIndex, Merged, MessageKind, NodeId, NodeSet, Position,
    Rule, Rules, Standard, Stored, Term, WriteId,
};

/// A rule that can be switched off: a mistake that real implementations of Raft
/// have made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[allow(missing_docs, reason = "`statement` says what each does without")]
pub enum BrokenRule {
    ForgetVoteOnRestart,
    ForgetTermAndVoteOnRestart,
    ForgetLogOnRestart,
    ReplyBeforePersist,
    LeaderCountsUnsyncedEntry,
    NoUpToDateCheck,
    LongerLogWins,
    CompareLastTermOnly,
    CommitOldTermByCounting,
    TruncateOnAnyAppend,
    KeepTailAfterConflict,
    CommitToLeaderCommit,
    NoPreviousEntryCheck,
    CountStaleVotes,
    CountDuplicateVotes,
    QuorumOfHalf,
    ManyVotesPerTerm,
    ClearVoteOnStepDown,
    AcceptStaleAppend,
    CountStaleAcknowledgements,
    AcknowledgeLastIndex,
    MatchFromRejection,
    ForgetOwnVote,
    VoteWithoutAdoptingTerm,
    ReconfigureBeforeOwnCommit,
    CommitIndexMayFall,
    RemovedLeaderCountsItself,
}

impl BrokenRule {
    /// Every rule that can be switched off.
    pub const ALL: [Self; 27] = [
        Self::ForgetVoteOnRestart,
        Self::ForgetTermAndVoteOnRestart,
        Self::ForgetLogOnRestart,
        Self::ReplyBeforePersist,
        Self::LeaderCountsUnsyncedEntry,
        Self::NoUpToDateCheck,
        Self::LongerLogWins,
        Self::CompareLastTermOnly,
        Self::CommitOldTermByCounting,
        Self::TruncateOnAnyAppend,
        Self::KeepTailAfterConflict,
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
        Self::ForgetOwnVote,
        Self::VoteWithoutAdoptingTerm,
        Self::ReconfigureBeforeOwnCommit,
        Self::CommitIndexMayFall,
        Self::RemovedLeaderCountsItself,
    ];

    /// The name in scripts, what a server does without the rule, and the rule.
    fn text(self) -> (&'static str, &'static str, Rule) {
        match self {
            Self::ForgetVoteOnRestart => (
                "forget-vote-on-restart",
                "A server that restarts keeps its term and its log, but not its vote.",
                Rule::StartAsFollower,
            ),
            Self::ForgetTermAndVoteOnRestart => (
                "forget-term-and-vote-on-restart",
                "A server that restarts keeps its log, but neither its term nor its vote.",
                Rule::StartAsFollower,
            ),
            Self::ForgetLogOnRestart => (
                "forget-log-on-restart",
                "A server that restarts keeps its term and its vote, but not its log.",
                Rule::StartAsFollower,
            ),
            Self::ReplyBeforePersist => (
                "reply-before-persist",
                "A server answers a candidate before its vote is on disk.",
                Rule::DurableVote,
            ),
            Self::LeaderCountsUnsyncedEntry => (
                "leader-counts-unsynced-entry",
                "A leader counts itself among the holders of an entry that is not on its disk yet.",
                Rule::CommitByMajority,
            ),
            Self::NoUpToDateCheck => (
                "no-up-to-date-check",
                "A server votes for any candidate, whatever the candidate's log lacks.",
                Rule::UpToDateLog,
            ),
            Self::LongerLogWins => (
                "longer-log-wins",
                "A server votes for a candidate whose log is as long as its own, whatever the terms in it.",
                Rule::UpToDateLog,
            ),
            Self::CompareLastTermOnly => (
                "compare-last-term-only",
                "A server votes for a candidate whose last entry has as late a term, however short its log.",
                Rule::UpToDateLog,
            ),
            Self::CommitOldTermByCounting => (
                "commit-old-term-by-counting",
                "A leader commits an entry of an older term because a majority holds it.",
                Rule::CommitOwnTerm,
            ),
            Self::TruncateOnAnyAppend => (
                "truncate-on-any-append",
                "A follower deletes all that follows the previous entry of any AppendEntries, matching or not.",
                Rule::DeleteConflict,
            ),
            Self::KeepTailAfterConflict => (
                "keep-tail-after-conflict",
                "A follower replaces a conflicting entry and keeps the entries after it.",
                Rule::DeleteConflict,
            ),
            Self::CommitToLeaderCommit => (
                "commit-to-leader-commit",
                "A follower commits up to the leader's commit index, even past what the message vouches for.",
                Rule::LearnCommit,
            ),
            Self::NoPreviousEntryCheck => (
                "no-previous-entry-check",
                "A follower takes entries without comparing the one before them.",
                Rule::LogMatching,
            ),
            Self::CountStaleVotes => (
                "count-stale-votes",
                "A candidate counts votes that were given to it in an earlier term.",
                Rule::StaleReply,
            ),
            Self::CountDuplicateVotes => (
                "count-duplicate-votes",
                "A candidate counts messages, not voters: a vote that arrives twice counts twice.",
                Rule::Majority,
            ),
            Self::QuorumOfHalf => (
                "quorum-of-half",
                "Half of the servers are enough in a cluster of an even number.",
                Rule::Majority,
            ),
            Self::ManyVotesPerTerm => (
                "many-votes-per-term",
                "A server votes for every candidate that asks, also twice in a term.",
                Rule::OneVote,
            ),
            Self::ClearVoteOnStepDown => (
                "clear-vote-on-step-down",
                "A server that gives up its role forgets its vote, though the term is the same.",
                Rule::OneVote,
            ),
            Self::AcceptStaleAppend => (
                "accept-stale-append",
                "A server takes entries from a leader of an older term.",
                Rule::StaleRequest,
            ),
            Self::CountStaleAcknowledgements => (
                "count-stale-acknowledgements",
                "A leader counts acknowledgements of entries that it sent in an earlier term.",
                Rule::StaleReply,
            ),
            Self::AcknowledgeLastIndex => (
                "acknowledge-last-index",
                "A follower confirms its whole log, not just what the message brought.",
                Rule::Acknowledge,
            ),
            Self::MatchFromRejection => (
                "match-from-rejection",
                "A leader takes the hint of a refusal for an acknowledgement.",
                Rule::BackUp,
            ),
            Self::ForgetOwnVote => (
                "forget-own-vote",
                "A candidate counts its own vote without recording it, and can vote for another.",
                Rule::OneVote,
            ),
            Self::VoteWithoutAdoptingTerm => (
                "vote-without-adopting-term",
                "A server votes in a higher term without entering it.",
                Rule::HigherTerm,
            ),
            Self::ReconfigureBeforeOwnCommit => (
                "reconfigure-before-own-commit",
                "A leader changes the members before it has committed an entry of its own term.",
                Rule::CommitBeforeChange,
            ),
            Self::CommitIndexMayFall => (
                "commit-index-may-fall",
                "A follower sets its commit index to what the message says, also when that is lower.",
                Rule::LearnCommit,
            ),
            Self::RemovedLeaderCountsItself => (
                "removed-leader-counts-itself",
                "A leader that is being removed counts itself towards the majority that removes it.",
                Rule::RemovedLeader,
            ),
        }
    }

    /// The name in the script language: `break forget-vote-on-restart`.
    pub fn name(self) -> &'static str {
        self.text().0
    }

    /// What servers do without the rule, in one sentence.
    pub fn statement(self) -> &'static str {
        self.text().1
    }

    /// The rule that is broken.
    pub fn rule(self) -> Rule {
        self.text().2
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Raft without some of its rules.
///
/// Every method that differs from [`Standard`] stands here, and so does the
/// state that only the mistakes need. Where a mistake has made a difference,
/// [`Rules::take_breach`] tells of it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "Vec<BrokenRule>", into = "Vec<BrokenRule>")
)]
pub struct BrokenRules {
    broken: u32,
    breaches: u32,
    /// Votes that a candidate has counted twice, and the term of its election.
    again: (Term, u8),
}

impl BrokenRules {
    /// No rule is broken.
    pub const NONE: Self = Self {
        broken: 0,
        breaches: 0,
        again: (Term::ZERO, 0),
    };

    /// Breaks a rule; says whether it held before.
    pub fn insert(&mut self, rule: BrokenRule) -> bool {
        let new = !self.contains(rule);
        self.broken |= rule.bit();
        new
    }

    /// Whether a rule is broken.
    pub fn contains(&self, rule: BrokenRule) -> bool {
        self.broken & rule.bit() != 0
    }

    /// Whether all rules hold.
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

    /// What the mistake makes of a decision, if its rule is broken; remembers
    /// whether that is another decision than Raft's.
    fn decide<T: PartialEq>(&mut self, rule: BrokenRule, raft: T, mistake: T) -> T {
        if !self.contains(rule) {
            return raft;
        }
        if raft != mistake {
            self.breaches |= rule.bit();
        }
        mistake
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
    fn recovered(&mut self, stored: Stored) -> Stored {
        let (term, vote, empty) = (stored.term, stored.voted_for, Log::default());
        let none = (Term::ZERO, None);
        let kept = self.decide(BrokenRule::ForgetVoteOnRestart, (term, vote), (term, None));
        let (term, voted_for) = self.decide(BrokenRule::ForgetTermAndVoteOnRestart, kept, none);
        let log = self.decide(BrokenRule::ForgetLogOnRestart, stored.log, empty);
        Stored {
            term,
            voted_for,
            log,
        }
    }

    fn majority(&self, members: NodeSet) -> u8 {
        match self.contains(BrokenRule::QuorumOfHalf) {
            true => members.len().div_ceil(2),
            false => members.majority(),
        }
    }

    fn suffices(&mut self, count: u8, members: NodeSet) -> bool {
        let raft = count >= members.majority();
        let mistake = count >= self.majority(members);
        self.decide(BrokenRule::QuorumOfHalf, raft, mistake)
    }

    fn own_vote(&mut self, me: NodeId) -> Option<NodeId> {
        self.decide(BrokenRule::ForgetOwnVote, Some(me), None)
    }

    fn vote_is_free(&mut self, voted_for: Option<NodeId>, candidate: NodeId) -> bool {
        let raft = Standard.vote_is_free(voted_for, candidate);
        self.decide(BrokenRule::ManyVotesPerTerm, raft, true)
    }

    fn up_to_date(&mut self, theirs: Position, mine: Position) -> bool {
        let raft = Standard.up_to_date(theirs, mine);
        let longer = theirs.index >= mine.index;
        let later = theirs.term >= mine.term;
        let it_is = self.decide(BrokenRule::LongerLogWins, raft, longer);
        let it_is = self.decide(BrokenRule::CompareLastTermOnly, it_is, later);
        self.decide(BrokenRule::NoUpToDateCheck, it_is, true)
    }

    fn adopts_term(&mut self, kind: MessageKind) -> bool {
        let asked = kind == MessageKind::RequestVote;
        self.decide(BrokenRule::VoteWithoutAdoptingTerm, true, !asked)
    }

    fn is_stale(&mut self, kind: MessageKind) -> bool {
        let rule = match kind {
            MessageKind::RequestVoteReply => BrokenRule::CountStaleVotes,
            MessageKind::AppendEntriesReply => BrokenRule::CountStaleAcknowledgements,
            MessageKind::AppendEntries => BrokenRule::AcceptStaleAppend,
            MessageKind::RequestVote
            | MessageKind::PreVote
            | MessageKind::PreVoteReply
            | MessageKind::TimeoutNow => return true,
        };
        self.decide(rule, true, false)
    }

    fn tally(&mut self, term: Term, granted: NodeSet, again: bool) -> Option<u8> {
        if self.again.0 != term {
            self.again = (term, 0);
        }
        let raft = Standard.tally(term, granted, again);
        if again && self.contains(BrokenRule::CountDuplicateVotes) {
            self.again.1 = self.again.1.saturating_add(1);
        }
        let mistake = granted.len().saturating_add(self.again.1);
        self.decide(BrokenRule::CountDuplicateVotes, raft, Some(mistake))
    }

    fn vote_after_stepping_down(&mut self, voted_for: Option<NodeId>) -> Option<NodeId> {
        self.decide(BrokenRule::ClearVoteOnStepDown, voted_for, None)
    }

    fn waits_for(&mut self, kind: MessageKind, last: Option<WriteId>) -> Option<WriteId> {
        let raft = Standard.waits_for(kind, last);
        if kind != MessageKind::RequestVoteReply {
            return raft;
        }
        self.decide(BrokenRule::ReplyBeforePersist, raft, None)
    }

    fn own_match(&mut self, durable: LogIndex, last: LogIndex) -> LogIndex {
        self.decide(BrokenRule::LeaderCountsUnsyncedEntry, durable, last)
    }

    fn counted(&mut self, members: NodeSet, leader: NodeId) -> NodeSet {
        let with_leader = members.iter().chain([leader]).collect();
        self.decide(BrokenRule::RemovedLeaderCountsItself, members, with_leader)
    }

    fn may_commit(&mut self, entry: Term, leader: Term) -> bool {
        self.decide(BrokenRule::CommitOldTermByCounting, entry == leader, true)
    }

    fn committed_by(&mut self, count: impl FnOnce() -> u8, members: NodeSet) {
        self.suffices(count(), members);
    }

    fn match_after_refusal(&mut self, matched: LogIndex, hint: LogIndex) -> LogIndex {
        self.decide(BrokenRule::MatchFromRejection, matched, matched.max(hint))
    }

    fn holds_previous(&mut self, log: &Log, prev: Position) -> bool {
        let raft = log.contains(prev);
        self.decide(BrokenRule::NoPreviousEntryCheck, raft, true)
    }

    fn merge(&mut self, log: &mut Log, prev: LogIndex, entries: Vec<Entry>) -> Merged {
        // Without the check of the previous entry, the log may end before it.
        let prev = prev.min(log.last_index());
        let held = held(log, prev, &entries);
        let (first, end) = (prev.plus(held).next(), prev.plus(entries.len()));
        if held == entries.len() {
            if self.contains(BrokenRule::TruncateOnAnyAppend) {
                return self.cut_what_matches(log, first);
            }
        } else if self.contains(BrokenRule::KeepTailAfterConflict) && log.last_index() > end {
            return self.replace_in_the_middle(log, first, end, entries);
        }
        Standard.merge(log, prev, entries)
    }

    fn acknowledged(&mut self, matched: LogIndex, last: LogIndex) -> LogIndex {
        self.decide(BrokenRule::AcknowledgeLastIndex, matched, last)
    }

    fn learned_commit(&mut self, learned: LearnedCommit) -> LogIndex {
        let LearnedCommit {
            mine,
            leader,
            matched,
            last,
        } = learned;
        // Without the check of the previous entry, a message may vouch for entries
        // that are not there; not even then are they committed.
        let matched = matched.min(last);
        let learned = LearnedCommit { matched, ..learned };
        let raft = Standard.learned_commit(learned);
        let to_the_end = mine.max(leader.min(last));
        let commit = self.decide(BrokenRule::CommitToLeaderCommit, raft, to_the_end);
        let assigned = match commit == raft {
            true => leader.min(matched),
            false => commit,
        };
        self.decide(BrokenRule::CommitIndexMayFall, commit, assigned)
    }

    fn may_change_members(&mut self, own_term_committed: bool) -> bool {
        let rule = BrokenRule::ReconfigureBeforeOwnCommit;
        self.decide(rule, own_term_committed, true)
    }

    fn take_breach(&mut self) -> Option<BrokenRule> {
        let breached = |rule: &BrokenRule| self.breaches & rule.bit() != 0;
        let rule = BrokenRule::ALL.into_iter().find(breached)?;
        self.breaches &= !rule.bit();
        Some(rule)
    }
}

impl BrokenRules {
    fn cut_what_matches(&mut self, log: &mut Log, first: LogIndex) -> Merged {
        let deleted = cut(log, first);
        if deleted.is_some() {
            self.breaches |= BrokenRule::TruncateOnAnyAppend.bit();
        }
        Merged {
            changed_from: deleted.map(|deleted| deleted.from.index),
            deleted,
            new: 0,
        }
    }

    fn replace_in_the_middle(
        &mut self,
        log: &mut Log,
        first: LogIndex,
        end: LogIndex,
        entries: Vec<Entry>,
    ) -> Merged {
        self.breaches |= BrokenRule::KeepTailAfterConflict.bit();
        let tail = log.copy(end.next(), usize::MAX);
        let new = end.0 - first.previous().0;
        let deleted = cut(log, first).map(|deleted| Deleted {
            through: end,
            ..deleted
        });
        let skipped = entries.len() - new as usize;
        for entry in entries.into_iter().skip(skipped).chain(tail) {
            log.append(entry);
        }
        Merged {
            changed_from: Some(first),
            deleted,
            new,
        }
    }
}
