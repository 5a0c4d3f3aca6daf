//! What leaders do besides replication: check-quorum and transfers of leadership.

use hustings_raft::{LogIndex, NodeId, NodeSet, Reason, TransferRefusal};

use super::super::Lang;
use super::super::lang::{Texts, servers};
use super::majority;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::HeartbeatSent { term } => t.heartbeat_sent(me, term),
        Reason::QuorumHeard {
            active,
            needed,
            members,
        } => t.quorum_heard(me, servers(active, t), majority(needed, members, t)),
        Reason::QuorumLost {
            active,
            needed,
            members,
        } => t.quorum_lost(me, only(active, t), majority(needed, members, t)),
        Reason::ProposalRefused { leader } => match leader {
            Some(leader) => t.client_sent_on(me, leader),
            None => t.client_sent_away(me),
        },
        Reason::ProposalDeferred { target } => t.proposal_deferred(me, target),
        Reason::TransferStarted {
            target,
            matched,
            last,
        } => match matched {
            LogIndex::ZERO => t.transfer_started_blank(me, target, last),
            _ => t.transfer_started(me, target, matched, last),
        },
        Reason::TimeoutNowSent {
            target,
            after_write,
        } => {
            if after_write {
                t.timeout_now_waits(me, target)
            } else {
                t.timeout_now_sent(me, target)
            }
        }
        Reason::ToldToStand { leader } => t.told_to_stand(me, leader),
        Reason::TransferAborted { target } => t.transfer_aborted(me, target),
        Reason::TransferRefused { target, refusal } => {
            t.transfer_refused(me, target, transfer_refusal(me, target, refusal, t))
        }
        _ => return None,
    })
}

fn only(active: NodeSet, t: Texts) -> String {
    if active.is_empty() {
        t.nobody_active().to_owned()
    } else {
        t.only_active(servers(active, t))
    }
}

fn transfer_refusal(me: NodeId, target: NodeId, refusal: TransferRefusal, t: Texts) -> String {
    match refusal {
        TransferRefusal::NotLeader => t.does_not_lead(me),
        TransferRefusal::NoMember => t.has_no_vote(me, target),
        TransferRefusal::LeadsAlready => t.leads_already(me),
        TransferRefusal::UnderWay => t.under_way_already().to_owned(),
    }
}
