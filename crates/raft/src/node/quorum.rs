//! Leaders that make sure of their majority, and the leases that this allows
//! (diss. §4.2.3, §6.2).

use crate::{
    Message, Millis, Node, NodeId, NodeSet, Output, Reason, Role, Rules, StepDownCause, Timer,
    TimerCause,
};

impl<R: Rules> Node<R> {
    /// Steps down unless a majority has answered since the last check.
    pub(super) fn check_quorum(&mut self, out: &mut Output) {
        let me = self.id;
        let Role::Leader { progress, .. } = &mut self.role else {
            return;
        };
        let answered = progress.iter().filter(|(_, known)| known.active);
        let active: NodeSet = answered.map(|(id, _)| id).chain([me]).collect();
        for other in active.without(me).iter() {
            if let Some(known) = progress.get_mut(other) {
                known.active = false;
            }
        }
        let needed = self.majority();
        let active = active.intersection(self.members());
        if self.is_majority(active.len()) {
            out.because(Reason::QuorumHeard { active, needed });
            self.arm(Timer::CheckQuorum, TimerCause::CheckingQuorum, out);
        } else {
            out.because(Reason::QuorumLost { active, needed });
            self.become_follower(None, StepDownCause::QuorumLost, out);
        }
    }

    /// Whether this server, whose leaders check for a majority, ignores a
    /// candidate because it hears from one.
    pub(super) fn holds_lease_against(
        &self,
        now: Millis,
        candidate: NodeId,
        message: &Message,
        out: &mut Output,
    ) -> bool {
        let Message::RequestVote {
            term,
            transfer: false,
            ..
        } = *message
        else {
            return false;
        };
        // In its own term or an earlier one, a candidate can depose nobody.
        let protects = term > self.term;
        match self.living_leader(now) {
            Some(leader) if protects => {
                out.because(Reason::LeaseHeld {
                    candidate,
                    term,
                    leader,
                });
                true
            }
            _ => false,
        }
    }

    /// The leader that this server has heard from within the shortest election
    /// timeout, if any; a leader hears from itself.
    pub(super) fn living_leader(&self, now: Millis) -> Option<NodeId> {
        match self.role {
            Role::Leader { .. } => Some(self.id),
            Role::Follower {
                leader: Some((leader, heard_at)),
            } => {
                let lease = self.options.election_timeout.min;
                (now.since(heard_at) < lease).then_some(leader)
            }
            _ => None,
        }
    }
}
