//! The queue of scheduled events, in order of time.

use std::rc::Rc;

use hustings_raft::{Millis, NodeId, NodeSet, Timer};

use crate::record::{Flight, MessageId, RecordId};
use crate::vec_map::VecMap;

/// The position of an event in the queue: its due time, then its sequence number.
/// Events that are due at the same time happen in the order in which they were added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct QueueKey {
    pub(crate) due_at: Millis,
    sequence: u64,
}

/// A scheduled event, and the record that caused it.
#[derive(Clone, Debug)]
pub(crate) struct ScheduledEvent {
    pub(crate) cause: RecordId,
    pub(crate) kind: EventKind,
}

#[derive(Clone, Debug)]
pub(crate) enum EventKind {
    Arrival(Rc<Flight>),
    Timer(NodeId, Timer),
    /// The oldest pending write of a server becomes durable.
    Write(NodeId),
}

#[derive(Clone, Default, Debug)]
pub(crate) struct EventQueue {
    /// Events that can happen.
    ready: VecMap<QueueKey, ScheduledEvent>,
    /// Events that cannot: held messages, and all events of paused servers. They are
    /// kept separately so that [`EventQueue::next`] need not skip them.
    parked: VecMap<QueueKey, ScheduledEvent>,
    /// The key of each message in flight, oldest first.
    in_flight: VecMap<MessageId, QueueKey>,
    /// The held messages.
    held: VecMap<MessageId, ()>,
    paused: NodeSet,
    next_sequence: u64,
}

impl EventKind {
    /// The server that it concerns.
    fn server(&self) -> NodeId {
        match self {
            Self::Arrival(flight) => flight.link.to,
            Self::Timer(server, _) | Self::Write(server) => *server,
        }
    }
}

impl EventQueue {
    pub(crate) fn push(&mut self, due_at: Millis, event: ScheduledEvent) -> QueueKey {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        let key = QueueKey { due_at, sequence };
        if let EventKind::Arrival(flight) = &event.kind {
            self.in_flight.insert(flight.id, key);
        }
        self.insert(key, event);
        key
    }

    /// Adds an event to the ready or the parked ones.
    fn insert(&mut self, key: QueueKey, event: ScheduledEvent) {
        let waits = match &event.kind {
            EventKind::Arrival(flight) if self.is_held(flight.id) => true,
            kind => self.paused.contains(kind.server()),
        };
        let place = if waits {
            &mut self.parked
        } else {
            &mut self.ready
        };
        place.insert(key, event);
    }

    fn take(&mut self, key: QueueKey) -> Option<ScheduledEvent> {
        let ready = self.ready.remove(key);
        ready.or_else(|| self.parked.remove(key))
    }

    fn get(&self, key: QueueKey) -> Option<&ScheduledEvent> {
        self.ready.get(key).or_else(|| self.parked.get(key))
    }

    pub(crate) fn remove(&mut self, key: QueueKey) -> Option<ScheduledEvent> {
        let event = self.take(key)?;
        if let EventKind::Arrival(flight) = &event.kind {
            self.in_flight.remove(flight.id);
            self.held.remove(flight.id);
        }
        Some(event)
    }

    /// Holds or releases a message.
    pub(crate) fn set_held(&mut self, id: MessageId, held: bool) {
        if held {
            self.held.insert(id, ());
        } else {
            self.held.remove(id);
        }
        if let Some(&key) = self.in_flight.get(id)
            && let Some(event) = self.take(key)
        {
            self.insert(key, event);
        }
    }

    pub(crate) fn is_held(&self, id: MessageId) -> bool {
        self.held.get(id).is_some()
    }

    /// Pauses or resumes the events of a server.
    pub(crate) fn set_paused(&mut self, server: NodeId, paused: bool) {
        let moving = if paused {
            &mut self.ready
        } else {
            &mut self.parked
        };
        let events = moving.split(&|event| event.kind.server() != server);
        if paused {
            self.paused.insert(server)
        } else {
            self.paused.remove(server)
        };
        for (key, event) in events {
            self.insert(key, event);
        }
    }

    pub(crate) fn is_paused(&self, server: NodeId) -> bool {
        self.paused.contains(server)
    }

    /// The key of the next event that can happen.
    pub(crate) fn next(&self) -> Option<QueueKey> {
        self.ready.first()
    }

    /// The number of messages in flight.
    pub(crate) fn in_flight_count(&self) -> usize {
        self.in_flight.len()
    }

    /// The messages in flight, oldest first.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Rc<Flight>> {
        self.in_flight_from(MessageId(0))
    }

    /// The messages in flight from an id on, oldest first.
    pub(crate) fn in_flight_from(&self, first: MessageId) -> impl Iterator<Item = &Rc<Flight>> {
        self.in_flight
            .values_from(first)
            .filter_map(|key| match &self.get(*key)?.kind {
                EventKind::Arrival(flight) => Some(flight),
                EventKind::Timer(..) | EventKind::Write(_) => None,
            })
    }

    /// Removes a message and returns it with the record in which it was sent.
    pub(crate) fn remove_message(&mut self, id: MessageId) -> Option<(Rc<Flight>, RecordId)> {
        let key = *self.in_flight.get(id)?;
        let event = self.remove(key)?;
        match event.kind {
            EventKind::Arrival(flight) => Some((flight, event.cause)),
            EventKind::Timer(..) | EventKind::Write(_) => None,
        }
    }

    /// Whether no message is in flight and no write pending.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut events = self.ready.values().chain(self.parked.values());
        events.all(|event| matches!(event.kind, EventKind::Timer(..)))
    }

    pub(crate) fn cancel_writes(&mut self, server: NodeId) {
        let stays = |event: &ScheduledEvent| !matches!(event.kind, EventKind::Write(whose) if whose == server);
        self.ready.split(&stays);
        self.parked.split(&stays);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn timer(number: u8) -> ScheduledEvent {
        ScheduledEvent {
            cause: RecordId(0),
            kind: EventKind::Timer(server(number), Timer::Election),
        }
    }

    /// Events of a paused server do not slow down the search for the next one.
    #[test]
    fn parked_events_are_kept_apart_in_order() {
        let mut queue = EventQueue::default();
        let early = queue.push(Millis(1), timer(1));
        let same_time = queue.push(Millis(2), timer(2));
        let late = queue.push(Millis(2), timer(1));
        queue.set_paused(server(1), true);
        let waiting = queue.push(Millis(0), timer(1));
        assert_eq!(queue.ready.len(), 1);
        assert_eq!(queue.next(), Some(same_time));
        queue.set_paused(server(1), false);
        let order: Vec<_> = std::iter::from_fn(|| {
            let next = queue.next()?;
            queue.remove(next).map(|_| next)
        })
        .collect();
        assert_eq!(order, [waiting, early, same_time, late]);
    }
}
