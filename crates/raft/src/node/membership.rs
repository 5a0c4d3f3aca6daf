//! Single-server membership changes (diss. chapter 4).

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
        // Removing a server may make a pending entry's holders a majority.
        self.advance_commit(None, out);
    }

    /// The members after a change, if the change is allowed now.
    fn members_after(&self, change: MemberChange) -> Result<NodeSet, ChangeRefusal> {
        let new = change.applied_to(self.members())?;
        let index = self.configuration_index();
        let under_way = index > self.commit;
        if under_way {
            return Err(ChangeRefusal::UnderWay { index });
        }
        let own_term_committed = self.log.term_at(self.commit) == Some(self.term);
        if self.rules.may_change_members(own_term_committed) {
            Ok(new)
        } else {
            Err(ChangeRefusal::NothingCommitted)
        }
    }

    /// Updates the configuration after the log changed from `from` on: uses a new
    /// configuration at once, and the previous one if the entry was deleted.
    pub(super) fn update_configuration(&mut self, from: LogIndex, out: &mut Output) {
        let old = self.configuration;
        let deleted = old.index >= from;
        let new = if deleted {
            old.of(&self.log)
        } else {
            old.with(&self.log, from)
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

    /// Starts to replicate to added servers, and stops for removed ones. An added
    /// server counts as active until the next check-quorum; otherwise the leader might
    /// step down before a new server can reply.
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

    /// A leader that is no longer a member steps down once its removal is committed
    /// (diss. §4.2.2).
    pub(super) fn step_down_if_removed(&mut self, out: &mut Output) {
        let index = self.configuration_index();
        if !self.members().contains(self.id) && index <= self.commit {
            out.reason(Reason::RemovalCommitted { index });
            self.become_follower(None, StepDownCause::Removed, out);
        }
    }
}
