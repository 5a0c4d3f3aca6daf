//! Leadership transfer (diss. §3.10).

use crate::{
    DropCause, Effect, ElectionCause, Message, MessageKind, Node, NodeId, Output, Reason, Role,
    Rules, Term, Timer, TimerCause, TransferRefusal,
};

impl<R: Rules> Node<R> {
    pub(super) fn handle_transfer(&mut self, target: NodeId, out: &mut Output) {
        if self.transfer_target().is_some() && target == self.id {
            out.effect(Effect::Disarm(Timer::Transfer));
            self.abort_transfer(out);
            return;
        }
        if let Some(refusal) = self.transfer_refusal(target) {
            out.reason(Reason::TransferRefused { target, refusal });
            return;
        }
        // A new target replaces the current one.
        self.abort_transfer(out);
        let last = self.log.last_index();
        if let Role::Leader { progress, transfer } = &mut self.role {
            *transfer = Some(target);
            let known = progress.get(target);
            out.reason(Reason::TransferStarted {
                target,
                matched: known.map(|known| known.match_index).unwrap_or_default(),
                last,
            });
        }
        self.arm(Timer::Transfer, TimerCause::TransferStarted, out);
        if !self.send_timeout_now_if_ready(target, out) {
            self.send_entries(target.into(), out);
        }
    }

    fn transfer_refusal(&self, target: NodeId) -> Option<TransferRefusal> {
        if !matches!(self.role, Role::Leader { .. }) {
            Some(TransferRefusal::NotLeader)
        } else if target == self.id {
            Some(TransferRefusal::LeadsAlready)
        } else if !self.members().contains(target) {
            Some(TransferRefusal::NoMember)
        } else if self.transfer_target() == Some(target) {
            Some(TransferRefusal::UnderWay)
        } else {
            None
        }
    }

    /// Sends TimeoutNow to the transfer target if its match index has reached the end
    /// of this leader's log; returns whether it did.
    pub(super) fn send_timeout_now_if_ready(&mut self, follower: NodeId, out: &mut Output) -> bool {
        let Role::Leader { progress, transfer } = &self.role else {
            return false;
        };
        if *transfer != Some(follower) {
            return false;
        }
        let last = self.log.last_index();
        let known = progress.get(follower);
        if known.is_none_or(|known| known.match_index != last) {
            return false;
        }
        let message = Message::TimeoutNow { term: self.term };
        let (to, after) = (follower, self.required_write(&message, out));
        out.reason(Reason::TimeoutNowSent {
            target: follower,
            after_write: after.is_some(),
        });
        out.effect(Effect::Send { to, message, after });
        true
    }

    pub(super) fn abort_transfer(&mut self, out: &mut Output) {
        if let Role::Leader { transfer, .. } = &mut self.role
            && let Some(target) = transfer.take()
        {
            out.reason(Reason::TransferAborted { target });
        }
    }

    /// The target of the transfer in progress.
    pub(super) fn transfer_target(&self) -> Option<NodeId> {
        match self.role {
            Role::Leader { transfer, .. } => transfer,
            _ => None,
        }
    }

    pub(super) fn handle_timeout_now(&mut self, leader: NodeId, term: Term, out: &mut Output) {
        let cause = if term < self.term {
            let (theirs, mine) = (term, self.term);
            DropCause::StaleTerm { theirs, mine }
        } else if matches!(self.role, Role::Leader { .. }) {
            DropCause::LeadingMyself
        } else if let Some(refusal) = self.election_refusal() {
            DropCause::CannotStand { refusal }
        } else {
            out.reason(Reason::ToldToStand { leader });
            self.start_election(ElectionCause::ToldToStand, out);
            return;
        };
        self.ignore_message(leader, MessageKind::TimeoutNow, cause, out);
    }
}
