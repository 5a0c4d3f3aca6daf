//! What a server starts with, and its terms and roles.

use hustings_raft::{NodeId, Reason, StepDownCause};

use super::super::lang::Texts;
use super::super::{Lang, log_end, role};

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::Started {
            term,
            voted_for,
            last,
        } => t.begins(me, term, vote(voted_for, t), log_end(last, t)),
        Reason::TermAdopted { old, new, sender } => t.term_adopted(me, new, sender, old),
        Reason::SteppedDown { role: old, cause } => {
            t.stepped_down(me, role(old, lang), step_down_cause(cause, t))
        }
        Reason::LeaderFollowed { leader, term } => t.leader_followed(me, leader, term),
        _ => return None,
    })
}

/// Whether a server has voted in its term, and for whom.
pub(in crate::narrate) fn vote(voted_for: Option<NodeId>, t: Texts) -> String {
    voted_for.map_or_else(|| t.no_vote().to_owned(), |it| t.a_vote_for(it))
}

fn step_down_cause(cause: StepDownCause, t: Texts) -> &'static str {
    match cause {
        StepDownCause::HigherTerm => t.because_higher_term(),
        StepDownCause::LeaderHeard => t.because_leader_heard(),
        StepDownCause::VoteGranted => t.because_vote_granted(),
        StepDownCause::QuorumLost => t.because_quorum_lost(),
        StepDownCause::Removed => t.because_removed(),
    }
}
