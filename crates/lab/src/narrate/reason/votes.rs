//! Votes and pre-votes that are granted or refused.

use hustings_raft::{BrokenRule, NodeId, Position, Reason, RoleName, Term, VoteRefusal};

use super::super::lang::Texts;
use super::super::{Lang, log_end};
use super::leases::contact_with;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::VoteGranted {
            candidate,
            term,
            voted_for,
            theirs,
            mine,
        } => {
            let free = vote_free(me, candidate, voted_for, t);
            let log = log_suffices(me, candidate, (theirs, mine), t);
            t.vote_granted(me, candidate, term, free, log)
        }
        Reason::VoteRefused {
            candidate,
            term,
            refusal,
        } => {
            let cause = refusal_cause(me, candidate, term, refusal, t);
            t.vote_refused(me, candidate, term, cause)
        }
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => t.pre_vote_granted(me, candidate, term, log_end(theirs, t), log_end(mine, t)),
        Reason::PreVoteRefused {
            candidate,
            term,
            refusal,
        } => {
            let cause = refusal_cause(me, candidate, term, refusal, t);
            t.pre_vote_refused(me, candidate, cause)
        }
        _ => return None,
    })
}

pub(in crate::narrate) fn refusal_cause(
    me: NodeId,
    candidate: NodeId,
    term: Term,
    refusal: VoteRefusal,
    t: Texts,
) -> String {
    match refusal {
        VoteRefusal::AlreadyVoted { voted_for, role } if voted_for == me => match role {
            RoleName::Leader => t.leads_this_term(me),
            RoleName::Candidate => t.stands_itself(me),
            RoleName::Follower | RoleName::PreCandidate => t.has_voted_for_itself(me),
        },
        VoteRefusal::AlreadyVoted { voted_for, .. } => t.has_voted_for(me, voted_for),
        VoteRefusal::TermTaken { mine } if mine > term => t.term_over(me, mine),
        VoteRefusal::TermTaken { mine } => t.term_taken(me, mine),
        VoteRefusal::LeaderAlive { leader, contact } => contact_with(me, leader, contact, t),
        VoteRefusal::LogBehind { theirs, mine } => {
            let (their_end, my_end) = (log_end(theirs, t), log_end(mine, t));
            if theirs.at_least_as_up_to_date_as(mine) {
                let rule = BrokenRule::LongerLogWins.name();
                t.log_judged_behind(candidate, their_end, me, my_end, rule)
            } else if mine.term > theirs.term {
                t.log_behind_in_term(candidate, their_end, me, my_end)
            } else {
                t.log_behind_in_length(candidate, their_end, me, my_end)
            }
        }
    }
}

/// Why a vote was free for a candidate.
fn vote_free(me: NodeId, candidate: NodeId, voted_for: Option<NodeId>, t: Texts) -> String {
    match voted_for {
        None => t.vote_free(me),
        Some(before) if before == candidate => t.vote_given_so(me, before),
        Some(before) => t.vote_given_otherwise(me, before, BrokenRule::ManyVotesPerTerm.name()),
    }
}

/// Why a candidate's log was up to date enough.
fn log_suffices(
    me: NodeId,
    candidate: NodeId,
    (theirs, mine): (Position, Position),
    t: Texts,
) -> String {
    let (their_end, my_end) = (log_end(theirs, t), log_end(mine, t));
    if theirs.at_least_as_up_to_date_as(mine) {
        t.log_up_to_date(candidate, their_end, me, my_end)
    } else {
        t.log_judged_up_to_date(candidate, their_end, me, my_end)
    }
}
