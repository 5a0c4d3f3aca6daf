//! Check-quorum and leases (diss. §4.2.3, §6.2).

use crate::{
    Contact, Message, Millis, Node, NodeId, NodeSet, Output, Reason, Role, Rules, StepDownCause,
    Timer, TimerCause,
};

impl<R: Rules> Node<R> {
    /// Steps down unless a majority has replied since the last check.
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
        let (needed, members) = (self.majority(), self.members());
        let active = active.intersection(members);
        if self.is_majority(active.len()) {
            out.reason(Reason::QuorumHeard {
                active,
                needed,
                members,
            });
            self.arm(Timer::CheckQuorum, TimerCause::CheckingQuorum, out);
        } else {
            out.reason(Reason::QuorumLost {
                active,
                needed,
                members,
            });
            self.become_follower(None, StepDownCause::QuorumLost, out);
        }
    }

    /// Whether this server ignores a candidate because of a lease: with check-quorum,
    /// it considers the current leader alive.
    pub(super) fn lease_blocks(
        &self,
        now: Millis,
        candidate: NodeId,
        message: &Message,
        out: &mut Output,
    ) -> bool {
        let Message::RequestVote { term, transfer, .. } = *message else {
            return false;
        };
        // A candidate of the same or an earlier term cannot depose the leader.
        if term <= self.term {
            return false;
        }
        let Some((leader, contact)) = self.active_leader(now) else {
            return false;
        };
        out.reason(if transfer {
            Reason::LeasePassed {
                candidate,
                term,
                leader,
            }
        } else {
            Reason::LeaseHeld {
                candidate,
                term,
                leader,
                contact,
            }
        });
        !transfer
    }

    /// Until when, by its own clock, this server considers the leader that it follows
    /// alive, this time excluded: for the minimum election timeout after the last
    /// message. From then on the time of that message makes no difference.
    ///
    /// `None` if nothing depends on that time: the server follows nobody, or neither
    /// check-quorum nor pre-vote is on. A [`Message::PreVote`] that is received although
    /// no server sends any is not considered.
    pub fn lease_end(&self) -> Option<Millis> {
        let matters = self.options.check_quorum || self.options.pre_vote;
        match self.role {
            Role::Follower {
                leader: Some((_, heard_at)),
            } if matters => Some(heard_at.plus(self.options.election_timeout.min())),
            _ => None,
        }
    }

    /// The leader that this server considers alive, and why: itself while it leads, or
    /// one that it received a message from within the minimum election timeout.
    pub(super) fn active_leader(&self, now: Millis) -> Option<(NodeId, Contact)> {
        match self.role {
            Role::Leader { .. } => {
                let checks_quorum = self.options.check_quorum;
                Some((self.id, Contact::Leads { checks_quorum }))
            }
            Role::Follower {
                leader: Some((leader, heard_at)),
            } => {
                let (ago, lease) = (now.since(heard_at), self.options.election_timeout.min());
                (ago < lease).then_some((leader, Contact::Heard { ago, lease }))
            }
            _ => None,
        }
    }
}
