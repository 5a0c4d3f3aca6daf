//! Reasons for the steps of a server whose machine gives none.
//!
//! They are inferred from what could be seen: the server before and after, what it was
//! given and what it sent. A reason is given only where all that is told from it is true of
//! what was seen; what cannot be seen (a rule that led to the same, a lease, a message that
//! was ignored) is not told. So some steps get no reason, and of some only a part is told.
//!
//! Two things are told as Raft has them: how many are needed is a majority, and where there
//! were two causes to refuse, the cause is the one that Raft looks at first.

mod leaders;
mod logs;
mod members;
mod terms;
mod votes;

use std::rc::Rc;

use hustings_raft::{ClientReply, Message, NodeId, NodeSet, Reason, RoleName, Stored};

use crate::machine::View;
use crate::message::WaitingMessage;
use crate::record::{Event, Flight};

/// A step, as it could be seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// The server that took it.
    pub(crate) server: NodeId,
    /// What it was given.
    pub(crate) event: &'a Event,
    /// What could be seen of it before.
    pub(crate) before: &'a View,
    /// What can be seen of it after.
    pub(crate) after: &'a View,
    /// What is on its disk after.
    pub(crate) stored: &'a Stored,
    /// The messages that left.
    pub(crate) sent: &'a [Rc<Flight>],
    /// The messages that wait for a write.
    pub(crate) waiting: &'a [Rc<WaitingMessage>],
    /// The replies to clients.
    pub(crate) replies: &'a [ClientReply],
    /// Whether it began a write, after which a program may go on.
    pub(crate) writes: bool,
    /// The message that it dealt with alone, if it says so.
    pub(crate) dealt_with: Option<(NodeId, &'a Message)>,
}

impl Step<'_> {
    /// The reasons, as far as they can be known, in the order of Raft's core.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        reasons.extend(self.started());
        reasons.extend(self.adopted_term());
        reasons.extend(self.stepped_down());
        reasons.extend(self.followed());
        self.answered_request(&mut reasons);
        self.stood(&mut reasons);
        self.counted(&mut reasons);
        self.took_entries(&mut reasons);
        self.heard_of_entries(&mut reasons);
        self.was_asked(&mut reasons);
        self.led(&mut reasons);
        self.changed_members(&mut reasons);
        reasons
    }

    /// The message that arrived, and its sender.
    fn arrived(&self) -> Option<(NodeId, &Message)> {
        match self.event {
            Event::Delivered(flight) => Some((flight.link.from, &flight.message)),
            _ => None,
        }
    }

    /// The message that arrived before, which a program goes on with as its write is done.
    fn resumed(&self) -> Option<(NodeId, &Message)> {
        let waited = matches!(self.event, Event::WriteDone { .. });
        self.dealt_with.filter(|_| waited)
    }

    /// The messages that it decided to send in this step, be it now or after a write. A
    /// finished write lets go of messages that were decided before, unless a program goes on.
    fn decided(&self) -> impl Iterator<Item = (NodeId, &Message)> {
        let released = matches!(self.event, Event::WriteDone { .. }) && self.resumed().is_none();
        let sent = self.sent.iter().filter(move |_| !released);
        let sent = sent.map(|flight| (flight.link.to, &*flight.message));
        let waiting = self.waiting.iter().map(|it| (it.link.to, &*it.message));
        sent.chain(waiting)
    }

    /// The messages that it decided to send to this server.
    fn answers_to(&self, server: NodeId) -> impl Iterator<Item = &Message> {
        let answers = self.decided().filter(move |(to, _)| *to == server);
        answers.map(|(_, message)| message)
    }

    fn keeps_term(&self) -> bool {
        self.before.term == self.after.term
    }

    fn keeps_log(&self) -> bool {
        self.before.log.first_difference(&self.after.log).is_none()
    }

    /// Whether it has led its term before, and leads on.
    fn leads_on(&self) -> bool {
        self.before.leads() && self.after.leads() && self.keeps_term()
    }

    /// Whether it leads a term that it has not led before.
    fn begins_to_lead(&self) -> bool {
        self.after.leads() && !self.leads_on()
    }

    fn becomes(&self, role: RoleName) -> bool {
        self.after.role == Some(role)
    }

    /// The members by its own log, and how many of them are a majority.
    fn majority(&self) -> Option<(NodeSet, u8)> {
        let members = self.after.members?;
        Some((members, members.majority()))
    }
}
