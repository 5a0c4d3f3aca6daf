//! The votes that a candidate counts, and elections that are won.

use hustings_raft::{BrokenRule, NodeId, Reason};

use super::super::Lang;
use super::super::lang::{Texts, servers};
use super::majority;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::VoteCounted {
            voter,
            granted,
            needed,
        } => t.vote_counted(me, voter, granted, needed),
        Reason::VoteDenied {
            voter,
            refused,
            hope,
        } => t.vote_denied(me, voter, refused, the_others(me, hope, t)),
        Reason::PreVoteCounted {
            voter,
            granted,
            needed,
        } => match voter == me {
            true => t.own_pre_vote_counted(me, granted, needed),
            false => t.pre_vote_counted(voter, me, granted, needed),
        },
        Reason::PreVoteDenied {
            voter,
            refused,
            hope,
        } => t.pre_vote_denied(voter, me, refused, the_others(me, hope, t)),
        Reason::PreVoteWon {
            term,
            granted,
            needed,
            members,
        } => t.pre_vote_won(me, term, servers(granted, t), majority(needed, members, t)),
        Reason::ElectionWon {
            term,
            granted,
            count,
            needed,
            members,
        } => {
            let (voters, enough) = (servers(granted, t), majority(needed, members, t));
            if count == granted.len() {
                t.election_won(me, term, voters, enough)
            } else {
                t.election_won_by_count(me, term, count, voters, enough)
            }
        }
        Reason::ElectionSkipped { term } => {
            t.election_skipped(me, term, BrokenRule::PreVotesElect.name())
        }
        _ => return None,
    })
}

/// What is left to a candidate after a refusal.
fn the_others(me: NodeId, hope: bool, t: Texts) -> String {
    if hope {
        t.others_suffice().to_owned()
    } else {
        t.others_do_not_suffice(me)
    }
}
