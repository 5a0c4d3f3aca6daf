//! The decisions of Raft that can be broken.

use alloc::vec::Vec;
use core::fmt;

use crate::{
    BrokenRules, Entry, Log, LogIndex, Message, MessageKind, NodeId, NodeSet, Position, Stored,
    Term, WriteId,
};

/// The decisions that a [`Node`](crate::Node) leaves to somebody else, so that
/// one of them can be taken wrongly and the consequences watched.
///
/// The provided methods are Raft, and [`Standard`] takes them as they are: a
/// node with standard rules compiles to what it would be if they stood in its
/// handlers. [`BrokenRules`](crate::BrokenRules) overrides them.
pub trait Rules: Clone + PartialEq + fmt::Debug {
    /// The rules of Raft that are broken. While there are any, a node compares
    /// each of its steps with the one that it would take if they held, and tells
    /// of those that made a difference ([`Reason::RuleBroken`](crate::Reason)).
    fn broken(&self) -> BrokenRules {
        BrokenRules::NONE
    }

    /// The same, with no rules broken but these.
    fn with_broken(&self, _broken: BrokenRules) -> Self {
        self.clone()
    }

    /// What a server that starts again after a crash knows: all that its disk
    /// holds (§5.1).
    fn restored(&mut self, stored: Stored) -> Stored {
        stored
    }

    /// How many servers make a majority (§5.2).
    fn majority(&self, members: NodeSet) -> u8 {
        members.majority()
    }

    /// For whom a server votes when it stands for election: itself (§5.2).
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

    /// Whether a message restarts the election timer of a server that does not
    /// lead, whatever it says and whatever becomes of it (Figure 2, Followers).
    fn any_message_restarts_timer(&self) -> bool {
        false
    }

    /// Whether a majority of pre-votes makes a leader (diss. §9.6).
    fn pre_votes_elect(&self) -> bool {
        false
    }

    /// Whether such a message counts as one of an older term, given that its
    /// term is lower than the receiver's (§5.1).
    fn is_stale(&self, _kind: MessageKind) -> bool {
        true
    }

    /// How many votes a candidate has, when `granted` are the members that have
    /// voted for it in its term and the last of them has just said so, maybe
    /// `again` (§5.2). `None` if the last one does not count.
    fn count_votes(&mut self, _term: Term, granted: NodeSet, duplicate: bool) -> Option<u8> {
        (!duplicate).then(|| granted.len())
    }

    /// The vote of a server that gives up its role but stays in its term: it
    /// keeps it (§5.2).
    fn vote_after_stepping_down(&self, voted_for: Option<NodeId>) -> Option<NodeId> {
        voted_for
    }

    /// The write that must be durable before such a message leaves, when `last`
    /// is not durable yet (§5.1). A leader may send entries while its own disk
    /// still works on them (diss. §10.2.1), for it does not count itself before.
    fn required_write(&self, message: &Message, last: Option<WriteId>) -> Option<WriteId> {
        last.filter(|_| message.kind() != MessageKind::AppendEntries)
    }

    /// The entry after which a leader appends a new one: its last (§5.3).
    fn appends_after(&self, _commit: LogIndex, last: LogIndex) -> LogIndex {
        last
    }

    /// The last of its own entries that a leader counts: the last one on its
    /// disk (diss. §10.2.1).
    fn leader_match_index(&self, durable: LogIndex, _last: LogIndex) -> LogIndex {
        durable
    }

    /// Those who count when an entry is to be committed: the members, whether
    /// the leader is one of them or not (diss. §4.2.2).
    fn commit_voters(&self, members: NodeSet, _leader: NodeId) -> NodeSet {
        members
    }

    /// Whether a leader of a term may commit an entry by counting who holds it
    /// (§5.4.2).
    fn may_commit(&self, entry: Term, leader: Term) -> bool {
        entry == leader
    }

    /// What a leader takes a follower's log to match, so far up to `matched`, after
    /// the follower has confirmed it up to `confirmed`: never less than before
    /// (Figure 2, matchIndex).
    fn match_after_confirmation(&self, matched: LogIndex, confirmed: LogIndex) -> LogIndex {
        matched.max(confirmed)
    }

    /// What a leader takes a follower's log to match after the follower has
    /// refused its entries: no more than before (§5.3).
    fn match_after_refusal(&self, matched: LogIndex, _hint: LogIndex) -> LogIndex {
        matched
    }

    /// Whether a follower may take entries that follow `prev` (§5.3).
    fn matches_previous(&self, log: &Log, prev: Position) -> bool {
        log.contains(prev)
    }

    /// Takes a leader's entries, which follow `prev`, into a follower's log.
    /// What matches already stays, however long the log is: a short or late
    /// message must not cut it. A conflicting entry goes, and all that follow
    /// it (§5.3).
    fn merge(&self, log: &mut Log, prev: LogIndex, entries: Vec<Entry>) -> Merged {
        if entries.is_empty() {
            return Merged::default();
        }
        let held = matching_prefix(log, prev, &entries);
        let first = prev.plus(held).next();
        let conflict = (held < entries.len())
            .then(|| delete_from(log, first))
            .flatten();
        let new = entries.len() - held;
        for entry in entries.into_iter().skip(held) {
            log.append(entry);
        }
        Merged {
            changed_from: (new > 0).then_some(first),
            deleted: conflict,
            new: new as u64,
        }
    }

    /// What a follower confirms: what the message brought (§5.3).
    fn acknowledged(&self, matched: LogIndex, _last: LogIndex) -> LogIndex {
        matched
    }

    /// A follower's new commit index: the leader's, but no further than what the
    /// message vouches for, and never lower than before (Figure 2,
    /// AppendEntries 5).
    fn learned_commit(&self, learned: LearnedCommit) -> LogIndex {
        learned.mine.max(learned.leader.min(learned.matched))
    }

    /// Whether a leader may change the members, given whether it has committed
    /// an entry of its own term (Ongaro, raft-dev, 2015).
    fn may_change_members(&self, own_term_committed: bool) -> bool {
        own_term_committed
    }
}

/// Raft as it is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Standard;

impl Rules for Standard {}

/// What became of a log that took entries.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The first index at which the log differs from what it was.
    pub changed_from: Option<LogIndex>,
    /// The old entries that went.
    pub deleted: Option<Deleted>,
    /// How many entries of the message are new to the log.
    pub new: u64,
}

/// Entries that a follower gave up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deleted {
    /// The first.
    pub from: Position,
    /// The last.
    pub through: LogIndex,
}

/// What a follower compares to find its new commit index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LearnedCommit {
    /// Its commit index.
    pub mine: LogIndex,
    /// The leader's.
    pub leader: LogIndex,
    /// The last entry that the message vouches for.
    pub matched: LogIndex,
    /// The last entry of its log.
    pub last: LogIndex,
}

/// How many of the entries after `prev` stand in the log already, up to the
/// first that does not.
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
