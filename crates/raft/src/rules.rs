//! The decisions of Raft that broken rules can change.

use core::fmt;
use core::hash::Hash;

use crate::{
    BrokenRules, Entry, Log, LogIndex, Message, MessageKind, NodeId, NodeSet, Position, Stored,
    Term, WriteId,
};

/// The decisions of a [`Node`](crate::Node) that can be overridden, to watch the
/// consequences of a wrong one.
///
/// The provided methods are Raft, and [`Standard`] overrides none of them, so a node
/// with standard rules compiles as if they were inlined in its handlers.
/// [`BrokenRules`] overrides them.
pub trait Rules: Clone + Eq + Hash + fmt::Debug {
    /// The broken rules. If there are any, a node compares each of its steps with the
    /// one that it would take if they held, and reports those that made a difference
    /// ([`Reason::RuleBroken`](crate::Reason)).
    fn broken(&self) -> BrokenRules {
        BrokenRules::NONE
    }

    /// The same rules, of which exactly `broken` are broken.
    fn with_broken(&self, _broken: BrokenRules) -> Self {
        self.clone()
    }

    /// The persistent state that a server restarts with: all that is on its disk
    /// (§5.1).
    fn restored(&mut self, stored: Stored) -> Stored {
        stored
    }

    /// How many servers make a majority (§5.2).
    fn majority(&self, members: NodeSet) -> u8 {
        members.majority()
    }

    /// The candidate that a server votes for when it starts an election: itself (§5.2).
    fn own_vote(&self, me: NodeId) -> Option<NodeId> {
        Some(me)
    }

    /// Whether a server whose vote in this term is `voted_for` may vote for the
    /// candidate (§5.2).
    fn may_vote_for(&self, voted_for: Option<NodeId>, candidate: NodeId) -> bool {
        voted_for.is_none_or(|vote| vote == candidate)
    }

    /// Whether a candidate whose log ends at `theirs` is at least as up to date
    /// as a voter whose log ends at `mine` (§5.4.1).
    fn up_to_date(&self, theirs: Position, mine: Position) -> bool {
        theirs.at_least_as_up_to_date_as(mine)
    }

    /// Whether the higher term of a message is adopted by a server whose log ends
    /// at `mine` (§5.1).
    fn adopts_term(&self, _message: &Message, _mine: Position) -> bool {
        true
    }

    /// Whether any message, even an ignored one, restarts the election timer of a
    /// server that is not the leader (Figure 2, Followers).
    fn any_message_restarts_timer(&self) -> bool {
        false
    }

    /// Whether a majority of pre-votes makes a leader (diss. §9.6).
    fn pre_votes_elect(&self) -> bool {
        false
    }

    /// Whether a message of this kind is treated as stale, given that its term is lower
    /// than the receiver's (§5.1).
    fn is_stale(&self, _kind: MessageKind) -> bool {
        true
    }

    /// How many votes a candidate has, where `granted` are the members that voted for
    /// it in its term (§5.2). `None` if the vote just received is a `duplicate` that
    /// does not count.
    fn count_votes(&mut self, _term: Term, granted: NodeSet, duplicate: bool) -> Option<u8> {
        (!duplicate).then(|| granted.len())
    }

    /// The vote of a server after it steps down within its term: unchanged (§5.2).
    fn vote_after_stepping_down(&self, voted_for: Option<NodeId>) -> Option<NodeId> {
        voted_for
    }

    /// The write that must be durable before a message may be sent, where `last` is the
    /// last pending write (§5.1). A leader may send entries while its own write of them
    /// is pending (diss. §10.2.1), because it does not count itself before that.
    fn required_write(&self, message: &Message, last: Option<WriteId>) -> Option<WriteId> {
        last.filter(|_| message.kind() != MessageKind::AppendEntries)
    }

    /// The index after which a leader appends a new entry: its last (§5.3).
    fn appends_after(&self, _commit: LogIndex, last: LogIndex) -> LogIndex {
        last
    }

    /// The leader's own match index: the last entry on its disk (diss. §10.2.1).
    fn leader_match_index(&self, durable: LogIndex, _last: LogIndex) -> LogIndex {
        durable
    }

    /// The servers that count towards a commit: the members, whether or not the leader
    /// is one of them (diss. §4.2.2).
    fn commit_voters(&self, members: NodeSet, _leader: NodeId) -> NodeSet {
        members
    }

    /// Whether a leader of term `leader` may commit an entry of term `entry` by
    /// counting its holders (§5.4.2).
    fn may_commit(&self, entry: Term, leader: Term) -> bool {
        entry == leader
    }

    /// A follower's match index, so far `matched`, after the follower acknowledged up
    /// to `confirmed`: it never falls (Figure 2, matchIndex).
    fn match_after_confirmation(&self, matched: LogIndex, confirmed: LogIndex) -> LogIndex {
        matched.max(confirmed)
    }

    /// A follower's match index after it refused entries: unchanged (§5.3).
    fn match_after_refusal(&self, matched: LogIndex, _hint: LogIndex) -> LogIndex {
        matched
    }

    /// Whether a follower may accept entries that follow one that it has `held` or not
    /// (§5.3).
    fn may_append_after(&self, held: bool) -> bool {
        held
    }

    /// Merges a leader's entries, which follow `prev`, into a follower's log. Matching
    /// entries stay, and so do those after them: a short or late message must not
    /// truncate the log. A conflicting entry is deleted, with all that follow it
    /// (§5.3).
    fn merge(&self, log: &mut Log, prev: LogIndex, entries: &[Entry]) -> Merged {
        if entries.is_empty() {
            return Merged::default();
        }
        let held = matching_prefix(log, prev, entries);
        let first = prev.plus(held).next();
        let conflict = (held < entries.len())
            .then(|| delete_from(log, first))
            .flatten();
        let new = entries.len() - held;
        for entry in entries.iter().skip(held) {
            log.append(entry.clone());
        }
        Merged {
            changed_from: (new > 0).then_some(first),
            deleted: conflict,
            new: new as u64,
        }
    }

    /// The index that a follower acknowledges: the last entry of the message (§5.3).
    fn acknowledged(&self, matched: LogIndex, _last: LogIndex) -> LogIndex {
        matched
    }

    /// A follower's new commit index: the leader's, but at most the last entry that the
    /// message covers, and never lower than before (Figure 2, AppendEntries 5).
    fn learned_commit(&self, learned: LearnedCommit) -> LogIndex {
        learned.mine.max(learned.leader.min(learned.matched))
    }

    /// Whether a leader may change the members, given whether it has committed
    /// an entry of its own term (Ongaro, raft-dev, 2015).
    fn may_change_members(&self, own_term_committed: bool) -> bool {
        own_term_committed
    }
}

/// The rules of Raft, none broken.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Standard;

impl Rules for Standard {}

/// The result of merging entries into a log.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The first index that changed, if any did.
    pub changed_from: Option<LogIndex>,
    /// The conflicting entries that were deleted.
    pub deleted: Option<Deleted>,
    /// How many entries of the message are new to the log.
    pub new: u64,
}

/// Entries that a follower deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deleted {
    /// The first.
    pub from: Position,
    /// The last.
    pub through: LogIndex,
}

/// The inputs of a follower's new commit index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LearnedCommit {
    /// Its commit index.
    pub mine: LogIndex,
    /// The leader's.
    pub leader: LogIndex,
    /// The last entry that the message covers.
    pub matched: LogIndex,
    /// The last entry of its log.
    pub last: LogIndex,
}

/// How many of the entries after `prev` the log already holds, up to the first
/// mismatch.
pub(crate) fn matching_prefix(log: &Log, prev: LogIndex, entries: &[Entry]) -> usize {
    let mine = log.from(prev.next());
    let same = |(mine, theirs): &(&Entry, &Entry)| mine.term == theirs.term;
    mine.zip(entries).take_while(same).count()
}

/// Deletes the entry at `from` and all after it.
pub(crate) fn delete_from(log: &mut Log, from: LogIndex) -> Option<Deleted> {
    let term = log.get(from)?.term;
    let through = log.last_index();
    log.truncate_from(from);
    let from = Position { index: from, term };
    Some(Deleted { from, through })
}
