//! A server that stands for election, or does not.

use hustings_raft::{BrokenRule, ElectionCause, ElectionRefusal, NodeId, NodeSet, Reason};

use super::super::Lang;
use super::super::lang::{Texts, servers};
use super::Said;

/// A reason of this subject in one sentence, after what is said already.
pub(super) fn tell(said: Said, me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::ElectionStarted {
            cause,
            term,
            needed,
            members,
            ..
        } => {
            let needed = votes(needed, members, t);
            match said {
                Said::Nothing => t.election_started(election_cause(me, cause, t), term, needed),
                Said::Cause => t.stands(me, term, needed),
                Said::Order(leader) => t.stands_when_told(me, term, leader, needed),
            }
        }
        Reason::PreVoteStarted {
            term,
            needed,
            members,
            ..
        } => {
            let needed = votes(needed, members, t);
            match said {
                Said::Nothing => t.pre_vote_started(me, term, needed),
                Said::Cause | Said::Order(_) => t.pre_stands(me, term, needed),
            }
        }
        Reason::MayNotStand { refusal } => {
            let cause = stand_refusal(me, refusal, t);
            match said {
                Said::Nothing => t.may_not_stand(me, cause),
                Said::Cause | Said::Order(_) => t.does_not_stand(me, cause),
            }
        }
        Reason::OwnVoteWaits => t.own_vote_waits(me),
        _ => return None,
    })
}

fn election_cause(me: NodeId, cause: ElectionCause, t: Texts) -> String {
    match cause {
        ElectionCause::TimedOut => t.timed_out(me),
        ElectionCause::PreVoteWon => t.would_win(me),
        ElectionCause::ToldToStand => t.to_lead(me),
    }
}

pub(super) fn stand_refusal(me: NodeId, refusal: ElectionRefusal, t: Texts) -> String {
    match refusal {
        ElectionRefusal::NoMember => t.has_no_vote(me, me),
        ElectionRefusal::LastTerm => t.last_term().to_owned(),
    }
}

/// How many votes are needed of whom; and by which rule, if that is no majority.
fn votes(count: u8, members: NodeSet, t: Texts) -> String {
    let names = servers(members, t);
    let votes = match count {
        1 => t.one_vote(names),
        _ => t.votes(count, names),
    };
    if count == members.majority() {
        votes
    } else {
        t.by_broken_rule(votes, BrokenRule::QuorumOfHalf.name())
    }
}
