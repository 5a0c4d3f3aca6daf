//! Where what is pending comes from.

use std::rc::Rc;

use hustings_raft::{Millis, NodeId, Timer};

use crate::record::{Flight, MessageId, RecordId};
use crate::schedule::PendingId;
use crate::vec_map::VecMap;

/// Where what is pending in the world comes from: the record that caused it, and what is
/// told of it.
#[derive(Clone, Default, Debug)]
pub(super) struct Origins {
    messages: VecMap<PendingId, Departure>,
    /// The last start of each timer.
    timers: VecMap<(NodeId, Timer), Armed>,
    /// The records of the pending writes, those of each server in order.
    writes: Vec<(NodeId, RecordId)>,
    /// The number of messages sent so far.
    sent: u64,
}

/// A message on its way, and the record in which it was sent.
#[derive(Clone, Debug)]
pub(super) struct Departure {
    pub(super) flight: Rc<Flight>,
    pub(super) cause: RecordId,
}

/// The start of a timer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Armed {
    pub(super) at: Millis,
    pub(super) cause: RecordId,
}

impl Origins {
    /// The number of the next message.
    pub(super) fn take_message_id(&mut self) -> MessageId {
        self.sent += 1;
        MessageId(self.sent)
    }

    pub(super) fn add_message(&mut self, id: PendingId, departure: Departure) {
        self.messages.insert(id, departure);
    }

    pub(super) fn take_message(&mut self, id: PendingId) -> Option<Departure> {
        self.messages.remove(id)
    }

    pub(super) fn message(&self, id: PendingId) -> Option<&Departure> {
        self.messages.get(id)
    }

    pub(super) fn message_mut(&mut self, id: PendingId) -> Option<&mut Departure> {
        self.messages.get_mut(id)
    }

    /// The messages on their way, oldest first.
    pub(super) fn messages(&self) -> impl Iterator<Item = (PendingId, &Rc<Flight>)> {
        self.messages.iter().map(|(id, it)| (id, &it.flight))
    }

    /// The messages on their way from a number on, oldest first. What they are pending as
    /// rises with their numbers.
    pub(super) fn messages_from(
        &self,
        first: MessageId,
    ) -> impl Iterator<Item = (PendingId, &Rc<Flight>)> {
        let messages = self.messages.iter_after(move |it| it.flight.id < first);
        messages.map(|(id, it)| (id, &it.flight))
    }

    /// What a message is pending as.
    pub(super) fn pending(&self, message: MessageId) -> Option<PendingId> {
        let first = self.messages_from(message).next();
        first.filter(|(_, it)| it.id == message).map(|(id, _)| id)
    }

    pub(super) fn arm(&mut self, server: NodeId, timer: Timer, armed: Armed) {
        self.timers.insert((server, timer), armed);
    }

    /// The last start of a timer.
    pub(super) fn armed(&self, server: NodeId, timer: Timer) -> Option<Armed> {
        self.timers.get((server, timer)).copied()
    }

    pub(super) fn add_writes(&mut self, server: NodeId, count: usize, cause: RecordId) {
        let writes = std::iter::repeat_n((server, cause), count);
        self.writes.extend(writes);
    }

    /// Removes the oldest pending write of a server, and returns its record.
    pub(super) fn take_write(&mut self, server: NodeId) -> Option<RecordId> {
        let oldest = self.writes.iter().position(|(other, _)| *other == server)?;
        Some(self.writes.remove(oldest).1)
    }

    /// The records of the pending writes of a server, the oldest first.
    pub(super) fn writes_of(&self, server: NodeId) -> impl Iterator<Item = RecordId> {
        let own = self.writes.iter().filter(move |(it, _)| *it == server);
        own.map(|(_, record)| *record)
    }

    /// Forgets the pending writes of a server that crashes.
    pub(super) fn drop_writes(&mut self, server: NodeId) {
        self.writes.retain(|(other, _)| *other != server);
    }
}
