//! What is going to happen by itself, in order of time.

use std::rc::Rc;

use hustings_raft::{Millis, NodeId, NodeSet, Timer};

use crate::sorted::Sorted;
use crate::{Flight, MessageId, RecordId};

/// Where an item stands in the agenda: when it is due, and as the how-manieth
/// it was entered. What is due at the same time happens in order of entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Slot {
    pub(crate) due_at: Millis,
    entry: u64,
}

/// What will happen, and the record that led to it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) cause: RecordId,
    pub(crate) what: Pending,
}

#[derive(Clone, Debug)]
pub(crate) enum Pending {
    Arrival(Rc<Flight>),
    Timer(NodeId, Timer),
    /// The oldest pending write of a server becomes durable.
    Write(NodeId),
}

#[derive(Clone, Default, Debug)]
pub(crate) struct Agenda {
    /// What can happen.
    ready: Sorted<Slot, Item>,
    /// What cannot: messages that are held, and all that is to happen to a
    /// paused server. It stands apart, so that nobody has to look past it.
    parked: Sorted<Slot, Item>,
    /// Where each message in flight stands, oldest first.
    flights: Sorted<MessageId, Slot>,
    /// The messages that wait until they are released.
    held: Sorted<MessageId, ()>,
    paused: NodeSet,
    entries: u64,
}

impl Pending {
    /// The server that it will happen to.
    fn server(&self) -> NodeId {
        match self {
            Self::Arrival(flight) => flight.link.to,
            Self::Timer(server, _) | Self::Write(server) => *server,
        }
    }
}

impl Agenda {
    pub(crate) fn enter(&mut self, due_at: Millis, item: Item) -> Slot {
        let entry = self.entries;
        self.entries += 1;
        let slot = Slot { due_at, entry };
        if let Pending::Arrival(flight) = &item.what {
            self.flights.insert(flight.id, slot);
        }
        self.put(slot, item);
        slot
    }

    /// Puts an item where it belongs.
    fn put(&mut self, slot: Slot, item: Item) {
        let waits = match &item.what {
            Pending::Arrival(flight) if self.is_held(flight.id) => true,
            what => self.paused.contains(what.server()),
        };
        let place = match waits {
            true => &mut self.parked,
            false => &mut self.ready,
        };
        place.insert(slot, item);
    }

    fn take(&mut self, slot: Slot) -> Option<Item> {
        let ready = self.ready.remove(slot);
        ready.or_else(|| self.parked.remove(slot))
    }

    fn get(&self, slot: Slot) -> Option<&Item> {
        self.ready.get(slot).or_else(|| self.parked.get(slot))
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Item> {
        let item = self.take(slot)?;
        if let Pending::Arrival(flight) = &item.what {
            self.flights.remove(flight.id);
            self.held.remove(flight.id);
        }
        Some(item)
    }

    /// Holds a message, or lets it go.
    pub(crate) fn hold(&mut self, id: MessageId, hold: bool) {
        match hold {
            true => self.held.insert(id, ()),
            false => drop(self.held.remove(id)),
        }
        if let Some(&slot) = self.flights.get(id)
            && let Some(item) = self.take(slot)
        {
            self.put(slot, item);
        }
    }

    pub(crate) fn is_held(&self, id: MessageId) -> bool {
        self.held.get(id).is_some()
    }

    /// Lets nothing happen to a server for a while, or again.
    pub(crate) fn pause(&mut self, server: NodeId, pause: bool) {
        let moving = match pause {
            true => &mut self.ready,
            false => &mut self.parked,
        };
        let items = moving.split(&|item| item.what.server() != server);
        match pause {
            true => self.paused.insert(server),
            false => self.paused.remove(server),
        };
        for (slot, item) in items {
            self.put(slot, item);
        }
    }

    pub(crate) fn is_paused(&self, server: NodeId) -> bool {
        self.paused.contains(server)
    }

    /// Where the next item stands that can happen.
    pub(crate) fn next(&self) -> Option<Slot> {
        self.ready.first()
    }

    /// How many messages are in flight.
    pub(crate) fn flight_count(&self) -> usize {
        self.flights.len()
    }

    /// The messages in flight, oldest first.
    pub(crate) fn flights(&self) -> impl Iterator<Item = &Rc<Flight>> {
        self.flights_from(MessageId(0))
    }

    /// The messages in flight from a number on, oldest first.
    pub(crate) fn flights_from(&self, first: MessageId) -> impl Iterator<Item = &Rc<Flight>> {
        self.flights
            .values_from(first)
            .filter_map(|slot| match &self.get(*slot)?.what {
                Pending::Arrival(flight) => Some(flight),
                Pending::Timer(..) | Pending::Write(_) => None,
            })
    }

    /// Takes a message out, with the record in which it was sent.
    pub(crate) fn take_flight(&mut self, id: MessageId) -> Option<(Rc<Flight>, RecordId)> {
        let slot = *self.flights.get(id)?;
        let item = self.remove(slot)?;
        match item.what {
            Pending::Arrival(flight) => Some((flight, item.cause)),
            Pending::Timer(..) | Pending::Write(_) => None,
        }
    }

    /// Whether no message is in flight and no write under way.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut items = self.ready.values().chain(self.parked.values());
        items.all(|item| matches!(item.what, Pending::Timer(..)))
    }

    pub(crate) fn forget_writes(&mut self, server: NodeId) {
        let stays = |item: &Item| !matches!(item.what, Pending::Write(whose) if whose == server);
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

    fn timer(number: u8) -> Item {
        Item {
            cause: RecordId(0),
            what: Pending::Timer(server(number), Timer::Election),
        }
    }

    /// However much waits for a paused server, what is next is at hand.
    #[test]
    fn what_waits_stands_apart_and_keeps_its_turn() {
        let mut agenda = Agenda::default();
        let early = agenda.enter(Millis(1), timer(1));
        let same_time = agenda.enter(Millis(2), timer(2));
        let late = agenda.enter(Millis(2), timer(1));
        agenda.pause(server(1), true);
        let waiting = agenda.enter(Millis(0), timer(1));
        assert_eq!(agenda.ready.len(), 1);
        assert_eq!(agenda.next(), Some(same_time));
        agenda.pause(server(1), false);
        let order: Vec<_> = std::iter::from_fn(|| {
            let next = agenda.next()?;
            agenda.remove(next).map(|_| next)
        })
        .collect();
        assert_eq!(order, [waiting, early, same_time, late]);
    }
}
