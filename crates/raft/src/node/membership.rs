//! Servers that come and go, one at a time (diss. chapter 4).

use crate::{
    ChangeRefusal, ClientReply, Effect, LogIndex, MemberChange, Node, NodeSet, Output, Payload,
    Progress, Reason, Role, Rules, StepDownCause,
};

impl<R: Rules> Node<R> {
    pub(super) fn handle_change_members(&mut self, change: MemberChange, out: &mut Output) {
        if self.rejects_proposals(out) {
            return;
        }
        let new = match self.members_after(change) {
            Ok(new) => new,
            Err(refusal) => {
                out.reason(Reason::ChangeRefused { change, refusal });
                out.effect(Effect::Reply(ClientReply::ChangeRefused(refusal)));
                return;
            }
        };
        let old = self.members();
        let position = self.append(Payload::Members(new), out);
        out.reason(Reason::ChangeAppended { change, position });
        out.effect(Effect::Reply(ClientReply::Accepted(position)));
        self.update_configuration(position.index, out);
        self.update_progress(old);
        self.send_entries_to_all(out);
        // A smaller cluster needs fewer holders.
        self.advance_commit(None, out);
    }

    /// The members after a change that may be made now.
    fn members_after(&self, change: MemberChange) -> Result<NodeSet, ChangeRefusal> {
        let new = change.applied_to(self.members())?;
        let index = self.configuration_index();
        let under_way = index > self.commit;
        if under_way {
            return Err(ChangeRefusal::UnderWay { index });
        }
        let own_term_committed = self.log.term_at(self.commit) == Some(self.term);
        match self.rules.may_change_members(own_term_committed) {
            true => Ok(new),
            false => Err(ChangeRefusal::NothingCommitted),
        }
    }

    /// Uses the last configuration of the log, which has changed from `from` on:
    /// a new one at once, and the one before it if it has been deleted.
    pub(super) fn update_configuration(&mut self, from: LogIndex, out: &mut Output) {
        let old = self.configuration;
        let deleted = old.index >= from;
        let new = match deleted {
            true => old.of(&self.log),
            false => old.with(&self.log, from),
        };
        self.configuration = new;
        if old.members != new.members {
            out.reason(Reason::MembersChanged {
                index: new.index,
                old: old.members,
                new: new.members,
            });
        }
    }

    /// Starts to replicate to servers that have come, and stops for those that
    /// have gone. Who has just come counts as active until the next check, or a
    /// leader would have to step down before a new server can answer.
    pub(super) fn update_progress(&mut self, old: NodeSet) {
        let (me, members, last) = (self.id, self.members(), self.log.last_index());
        let Role::Leader { progress, .. } = &mut self.role else {
            return;
        };
        for gone in old.minus(members).iter() {
            progress.remove(gone);
        }
        for new in members.minus(old).without(me).iter() {
            let active = true;
            let unknown = Progress::new(last.previous());
            progress.insert(new, Progress { active, ..unknown });
        }
    }

    /// A leader that is no member any more has done its last duty once that is
    /// committed (diss. §4.2.2).
    pub(super) fn step_down_if_removed(&mut self, out: &mut Output) {
        let index = self.configuration_index();
        if !self.members().contains(self.id) && index <= self.commit {
            out.reason(Reason::RemovalCommitted { index });
            self.become_follower(None, StepDownCause::Removed, out);
        }
    }
}
