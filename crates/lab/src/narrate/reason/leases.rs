//! Leases of leaders.

use hustings_raft::{Contact, NodeId, Reason};

use super::super::Lang;
use super::super::lang::Texts;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
            contact,
        } => t.lease_held(me, candidate, term, contact_with(me, leader, contact, t)),
        Reason::LeasePassed {
            candidate, leader, ..
        } => {
            if leader == me {
                t.lease_of_leader_passed(me, candidate)
            } else {
                t.lease_passed(me, candidate, leader)
            }
        }
        _ => return None,
    })
}

pub(in crate::narrate) fn contact_with(
    me: NodeId,
    leader: NodeId,
    contact: Contact,
    t: Texts,
) -> String {
    match contact {
        Contact::Leads { checks_quorum } => {
            if checks_quorum {
                t.leads_and_checks(me)
            } else {
                t.leads_unchecked(me)
            }
        }
        Contact::Heard { ago, lease } => t.hears_from_leader(me, leader, ago, lease),
    }
}
