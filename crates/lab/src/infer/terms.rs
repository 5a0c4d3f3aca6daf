//! What a server starts with, and its terms and roles.

use hustings_raft::{Message, Reason, RoleName, StepDownCause};

use super::Step;
use crate::record::Event;

impl Step<'_> {
    pub(super) fn started(&self) -> Option<Reason> {
        let (before, after) = (self.before, self.after);
        let starts = matches!(self.event, Event::Started(_)) || self.event.is_restart();
        let keeps_vote = before.voted_for == after.voted_for;
        let as_stored = self.keeps_term() && keeps_vote && self.keeps_log();
        (starts && self.becomes(RoleName::Follower) && as_stored).then(|| Reason::Started {
            term: after.term,
            voted_for: after.voted_for,
            last: after.log.last(),
        })
    }

    /// A term that it has from a message. As a candidate, it may have entered the same term
    /// by itself.
    pub(super) fn adopted_term(&self) -> Option<Reason> {
        let (sender, message) = self.arrived()?;
        let (old, new) = (self.before.term, message.term());
        let about_next = matches!(
            message,
            Message::PreVote { .. } | Message::PreVoteReply { granted: true, .. }
        );
        let adopts = new > old && self.after.term == new && self.becomes(RoleName::Follower);
        (adopts && !about_next).then_some(Reason::TermAdopted { old, new, sender })
    }

    pub(super) fn stepped_down(&self) -> Option<Reason> {
        let stood_or_led = |role: &RoleName| *role != RoleName::Follower;
        let role = self.before.role.filter(stood_or_led)?;
        if !self.becomes(RoleName::Follower) {
            return None;
        }
        let cause = if self.adopted_term().is_some() {
            StepDownCause::HigherTerm
        } else if !self.keeps_term() {
            return None;
        } else if self.followed().is_some() {
            StepDownCause::LeaderHeard
        } else if self.grants_vote() {
            StepDownCause::VoteGranted
        } else {
            return None;
        };
        Some(Reason::SteppedDown { role, cause })
    }

    pub(super) fn followed(&self) -> Option<Reason> {
        let (sender, message) = self.arrived()?;
        let term = self.after.term;
        let from_leader =
            matches!(message, Message::AppendEntries { .. }) && message.term() == term;
        let follows = self.becomes(RoleName::Follower) && self.after.leader == Some(sender);
        let followed = self.before.role == Some(RoleName::Follower)
            && self.before.leader == Some(sender)
            && self.keeps_term();
        let leader = sender;
        (from_leader && follows && !followed).then_some(Reason::LeaderFollowed { leader, term })
    }
}
