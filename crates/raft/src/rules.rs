//! The decisions of Raft that can be broken.

use alloc::vec::Vec;
use core::fmt;

use crate::{
    BrokenRule, Entry, Log, LogIndex, MessageKind, NodeId, NodeSet, Position, Stored, Term, WriteId,
};

/// The decisions that a [`Node`](crate::Node) leaves to somebody else, so that
/// one of them can be taken wrongly and the consequences watched.
///
/// The provided methods are Raft, and [`Standard`] takes them as they are: a
/// node with standard rules compiles to what it would be if they stood in its
/// handlers. [`BrokenRules`](crate::BrokenRules) overrides them.
pub trait Rules: Clone + PartialEq + fmt::Debug {
    /// What a server that starts again after a crash knows: all that its disk
    /// holds (§5.1). Whoever restarts a server asks this first.
    fn recovered(&mut self, stored: Stored) -> Stored {
        stored
    }

    /// How many servers make a majority (§5.2).
    fn majority(&self, members: NodeSet) -> u8 {
        members.majority()
    }

    /// Whether so many of the members are a majority (§5.2).
    fn suffices(&mut self, count: u8, members: NodeSet) -> bool {
        count >= self.majority(members)
    }

    /// For whom a server votes when it stands for election: itself (§5.2).
    fn own_vote(&mut self, me: NodeId) -> Option<NodeId> {
        Some(me)
    }

    /// Whether a server whose vote in this term is `voted_for` may vote for the
    /// candidate (§5.2).
    fn vote_is_free(&mut self, voted_for: Option<NodeId>, candidate: NodeId) -> bool {
        voted_for.is_none_or(|vote| vote == candidate)
    }

    /// Whether a candidate whose log ends at `theirs` is at least as up to date
    /// as a voter whose log ends at `mine` (§5.4.1).
    fn up_to_date(&mut self, theirs: Position, mine: Position) -> bool {
        theirs.at_least_as_up_to_date_as(mine)
    }

    /// Whether a higher term in such a message is adopted (§5.1).
    fn adopts_term(&mut self, _kind: MessageKind) -> bool {
        true
    }

    /// Whether such a message counts as one of an older term, given that its
    /// term is lower than the receiver's (§5.1).
    fn is_stale(&mut self, _kind: MessageKind) -> bool {
        true
    }

    /// How many votes a candidate has, when `granted` are the members that have
    /// voted for it in its term and the last of them has just said so, maybe
    /// `again` (§5.2). `None` if the last one does not count.
    fn tally(&mut self, _term: Term, granted: NodeSet, again: bool) -> Option<u8> {
        (!again).then(|| granted.len())
    }

    /// The vote of a server that gives up its role but stays in its term: it
    /// keeps it (§5.2).
    fn vote_after_stepping_down(&mut self, voted_for: Option<NodeId>) -> Option<NodeId> {
        voted_for
    }

    /// The write that must be durable before such a message leaves, when `last`
    /// is not durable yet (§5.1). A leader may send entries while its own disk
    /// still works on them (diss. §10.2.1), for it does not count itself before.
    fn waits_for(&mut self, kind: MessageKind, last: Option<WriteId>) -> Option<WriteId> {
        last.filter(|_| kind != MessageKind::AppendEntries)
    }

    /// The last of its own entries that a leader counts: the last one on its
    /// disk (diss. §10.2.1).
    fn own_match(&mut self, durable: LogIndex, _last: LogIndex) -> LogIndex {
        durable
    }

    /// Those who count when an entry is to be committed: the members, whether
    /// the leader is one of them or not (diss. §4.2.2).
    fn counted(&mut self, members: NodeSet, _leader: NodeId) -> NodeSet {
        members
    }

    /// Whether a leader of a term may commit an entry by counting who holds it
    /// (§5.4.2).
    fn may_commit(&mut self, entry: Term, leader: Term) -> bool {
        entry == leader
    }

    /// Takes note that a leader commits an entry that so many of the members
    /// hold. Nothing depends on it.
    fn committed_by(&mut self, _count: impl FnOnce() -> u8, _members: NodeSet) {}

    /// What a leader takes a follower's log to match after the follower has
    /// refused its entries: no more than before (§5.3).
    fn match_after_refusal(&mut self, matched: LogIndex, _hint: LogIndex) -> LogIndex {
        matched
    }

    /// Whether a follower may take entries that follow `prev` (§5.3).
    fn holds_previous(&mut self, log: &Log, prev: Position) -> bool {
        log.contains(prev)
    }

    /// Takes a leader's entries, which follow `prev`, into a follower's log.
    /// What matches already stays, however long the log is: a short or late
    /// message must not cut it. A conflicting entry goes, and all that follow
    /// it (§5.3).
    fn merge(&mut self, log: &mut Log, prev: LogIndex, entries: Vec<Entry>) -> Merged {
        if entries.is_empty() {
            return Merged::default();
        }
        let held = held(log, prev, &entries);
        let first = prev.plus(held).next();
        let conflict = (held < entries.len()).then(|| cut(log, first)).flatten();
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
    fn acknowledged(&mut self, matched: LogIndex, _last: LogIndex) -> LogIndex {
        matched
    }

    /// A follower's new commit index: the leader's, but no further than what the
    /// message vouches for, and never lower than before (Figure 2,
    /// AppendEntries 5).
    fn learned_commit(&mut self, learned: LearnedCommit) -> LogIndex {
        learned.mine.max(learned.leader.min(learned.matched))
    }

    /// Whether a leader may change the members, given whether it has committed
    /// an entry of its own term (Ongaro, raft-dev, 2015).
    fn may_change_members(&mut self, own_term_committed: bool) -> bool {
        own_term_committed
    }

    /// A broken rule that has made a difference since this was last asked.
    fn take_breach(&mut self) -> Option<BrokenRule> {
        None
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
pub(crate) fn held(log: &Log, prev: LogIndex, entries: &[Entry]) -> usize {
    let mine = log.from(prev.next());
    let same = |(mine, theirs): &(&Entry, &Entry)| mine.term == theirs.term;
    mine.zip(entries).take_while(same).count()
}

/// Deletes the entry at `from` and all after it.
pub(crate) fn cut(log: &mut Log, from: LogIndex) -> Option<Deleted> {
    let term = log.get(from)?.term;
    let through = log.last_index();
    log.truncate_from(from);
    let from = Position { index: from, term };
    Some(Deleted { from, through })
}
