//! What is going to happen by itself, in order of time.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hustings_raft::{Millis, NodeId, NodeSet, Timer};

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
    items: BTreeMap<Slot, Item>,
    /// Where each message in flight stands, oldest first.
    flights: BTreeMap<MessageId, Slot>,
    /// The messages that wait until they are released.
    held: BTreeSet<MessageId>,
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
        self.items.insert(slot, item);
        slot
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Item> {
        let item = self.items.remove(&slot)?;
        if let Pending::Arrival(flight) = &item.what {
            self.flights.remove(&flight.id);
            self.held.remove(&flight.id);
        }
        Some(item)
    }

    /// Holds a message, or lets it go.
    pub(crate) fn hold(&mut self, id: MessageId, hold: bool) {
        if hold {
            self.held.insert(id);
        } else {
            self.held.remove(&id);
        }
    }

    pub(crate) fn is_held(&self, id: MessageId) -> bool {
        self.held.contains(&id)
    }

    /// Where the next item stands that can happen: no message that is held,
    /// nothing at a paused server.
    pub(crate) fn next(&self, paused: NodeSet) -> Option<Slot> {
        let goes_on = |item: &Item| match &item.what {
            Pending::Arrival(flight) if self.is_held(flight.id) => false,
            what => !paused.contains(what.server()),
        };
        let mut items = self.items.iter();
        items.find_map(|(slot, item)| goes_on(item).then_some(*slot))
    }

    /// The messages in flight, oldest first.
    pub(crate) fn flights(&self) -> impl Iterator<Item = &Rc<Flight>> {
        self.flights
            .values()
            .filter_map(|slot| match &self.items.get(slot)?.what {
                Pending::Arrival(flight) => Some(flight),
                Pending::Timer(..) | Pending::Write(_) => None,
            })
    }

    /// Takes a message out, with the record in which it was sent.
    pub(crate) fn take_flight(&mut self, id: MessageId) -> Option<(Rc<Flight>, RecordId)> {
        let slot = *self.flights.get(&id)?;
        let item = self.remove(slot)?;
        match item.what {
            Pending::Arrival(flight) => Some((flight, item.cause)),
            Pending::Timer(..) | Pending::Write(_) => None,
        }
    }

    /// Whether no message is in flight and no write under way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.items
            .values()
            .all(|item| matches!(item.what, Pending::Timer(..)))
    }

    pub(crate) fn forget_writes(&mut self, server: NodeId) {
        self.items
            .retain(|_, item| !matches!(item.what, Pending::Write(whose) if whose == server));
    }
}
