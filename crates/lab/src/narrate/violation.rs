//! Sentences for violations.

use hustings_raft::Position;

use super::lang::servers;
use super::{Lang, role};
use crate::invariant::{Evidence, Violation};

/// What shows that an invariant does not hold, in one sentence.
pub fn violation(violation: &Violation, lang: Lang) -> String {
    let t = lang.texts();
    match violation.evidence {
        Evidence::TwoLeaders {
            term,
            first,
            second,
        } => t.two_leaders(second, term, first),
        Evidence::TwoVotes {
            voter,
            term,
            first,
            second,
        } => t.two_votes(voter, first, second, term),
        Evidence::TermFell { server, old, new } => t.term_fell(server, old, new),
        Evidence::LeaderRewrote { leader, index } => t.leader_rewrote(leader, index),
        Evidence::EntriesDiffer {
            server,
            position: Position { index, term },
            same_entry,
        } => {
            if same_entry {
                t.entries_differ_before(server, index, term)
            } else {
                t.entries_differ(server, index, term)
            }
        }
        Evidence::LeaderLacks {
            leader,
            term,
            entry,
            committed_in,
        } => t.leader_lacks(leader, term, entry.index, entry.term, committed_in),
        Evidence::AppliedDiffers {
            server,
            index,
            first,
        } if first == server => t.applied_differs_itself(server, index),
        Evidence::AppliedDiffers {
            server,
            index,
            first,
        } => t.applied_differs(server, index, first),
        Evidence::TooFewHold {
            entry,
            holders,
            members,
        } => {
            let members = servers(members, t);
            match holders.is_empty() {
                true => t.nobody_holds(entry.index, entry.term, members),
                false => t.too_few_hold(entry.index, entry.term, servers(holders, t), members),
            }
        }
        Evidence::OldTermCommitted {
            leader,
            term,
            entry,
        } => t.old_term_committed(leader, term, entry.index, entry.term),
        Evidence::CommitFell { server, old, new } => t.commit_fell(server, old, new),
        Evidence::CommitBeyondLog {
            server,
            commit,
            last,
        } => t.commit_beyond_log(server, commit, last),
        Evidence::MatchWrong {
            leader,
            follower,
            old,
            new,
        } => t.match_wrong(leader, follower, new, old),
        Evidence::TermsDecrease { server, position } => {
            t.terms_decrease(server, position.index, position.term)
        }
        Evidence::FromLaterTerm {
            sender,
            kind,
            term,
            own,
        } => t.from_later_term(kind, sender, term, own),
        Evidence::WrongTransition { server, old, new } => {
            t.wrong_transition(server, role(old, lang), role(new, lang))
        }
    }
}
