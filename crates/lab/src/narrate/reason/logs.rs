//! Entries of logs.

use hustings_raft::{BrokenRule, LogIndex, NodeId, Position, Reason};

use super::super::lang::Texts;
use super::super::{Lang, place};

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::EntryAppended { position, no_op } => match no_op {
            true => t.no_op_appended(me, place(position, t)),
            false => t.command_appended(me, place(position, t)),
        },
        Reason::OwnEntriesDeleted { from, through } => {
            let rule = BrokenRule::OverwriteUncommitted.name();
            t.own_entries_deleted(me, indexes(from, through, t), rule)
        }
        Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            after_write,
        } => {
            let after = instead_of_prev.unwrap_or(prev);
            // What is acknowledged ends with the message, or by a broken rule with the log.
            let whole = [prev, after].iter().any(|it| it.index.0 + new == matched.0);
            let taken = accepted(me, (after, whole), (new, matched), after_write, t);
            match instead_of_prev {
                Some(_) => taken_without(me, prev, taken, t),
                None => taken,
            }
        }
        Reason::EntriesRefused { prev, mine, hint } => match mine {
            Some(term) => t.entries_refused_other(me, place(prev, t), term, hint.next()),
            None => t.entries_refused_short(me, place(prev, t), hint.next()),
        },
        Reason::ConflictDeleted {
            from,
            through,
            mine,
            theirs,
            committed,
        } => {
            let mut which = indexes(from, through, t);
            which.push_str(match (committed, from == through) {
                (true, true) => t.though_committed(),
                (true, false) => t.though_in_part_committed(),
                (false, _) => "",
            });
            match theirs {
                Some(theirs) => t.conflict_deleted(me, which, from, mine, theirs),
                None => t.unmentioned_deleted(me, which),
            }
        }
        _ => return None,
    })
}

/// How a follower took a leader's entries, the `whole` of them or only some, after one
/// of its own. A confirmation that waits for the disk is told as what comes once that
/// has written; a fast disk has at once.
fn accepted(
    me: NodeId,
    (after, whole): (Position, bool),
    (new, matched): (u64, LogIndex),
    after_write: bool,
    t: Texts,
) -> String {
    let which = if whole {
        t.after(place(after, t))
    } else {
        t.among_those_after(place(after, t))
    };
    let confirms = if after_write {
        t.confirms_once_on_disk(matched)
    } else {
        t.confirms(matched)
    };
    match new {
        0 if matched == LogIndex::ZERO => t.nothing_new_at_start(me),
        0 if after_write => t.nothing_new_accepted_later(me, matched),
        0 => t.nothing_new_accepted(me, matched),
        1 => t.entry_accepted(me, which, confirms),
        _ => t.entries_accepted(me, new, which, confirms),
    }
}

/// What a follower does that does not hold the entry before those of a message.
fn taken_without(me: NodeId, prev: Position, taken: String, t: Texts) -> String {
    let rule = BrokenRule::NoPreviousEntryCheck.name();
    t.taken_without_previous(me, place(prev, t), rule, taken)
}

pub(in crate::narrate) fn indexes(from: LogIndex, through: LogIndex, t: Texts) -> String {
    match from == through {
        true => t.one_index(from),
        false => t.indexes(from, through),
    }
}
