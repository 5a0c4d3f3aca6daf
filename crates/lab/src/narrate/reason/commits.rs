//! Commitment.

use hustings_raft::{NodeId, NodeSet, Reason};

use super::super::lang::{Texts, servers};
use super::super::{Lang, place};
use super::majority;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::CommitAdvanced {
            new,
            holders,
            needed,
            members,
            ..
        } => t.commit_advanced(me, new, hold_it(holders, t), majority(needed, members, t)),
        Reason::CommitWaits {
            index,
            holders,
            needed,
            members,
        } => t.commit_waits(
            me,
            index,
            only_hold_it(holders, t),
            majority(needed, members, t),
        ),
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
            needed,
            members,
        } => t.commit_waits_for_own_term(
            me,
            place(entry, t),
            term,
            hold_it(holders, t),
            majority(needed, members, t),
        ),
        Reason::CommitLearned {
            old,
            new,
            leader,
            matched,
        } => {
            if new < old {
                t.commit_lowered(me, old, new)
            } else if new == leader {
                t.commit_learned(me, leader)
            } else if new == matched {
                t.commit_learned_in_part(me, leader, new)
            } else {
                t.commit_learned_otherwise(me, leader, new)
            }
        }
        _ => return None,
    })
}

/// Who holds an entry, as far as its leader knows.
fn hold_it(holders: NodeSet, t: Texts) -> String {
    match holders.len() {
        0 => t.nobody_has_it().to_owned(),
        1 => t.one_has_it(servers(holders, t)),
        _ => t.some_have_it(servers(holders, t)),
    }
}

fn only_hold_it(holders: NodeSet, t: Texts) -> String {
    match holders.len() {
        0 => t.nobody_has_it().to_owned(),
        1 => t.only_one_has_it(servers(holders, t)),
        _ => t.only_some_have_it(servers(holders, t)),
    }
}
