//! What is going to happen, in order of time.

use std::hash::{Hash, Hasher};

use hustings_raft::{Millis, NodeId, NodeSet, Timer};

use crate::message::InFlight;
use crate::vec_map::VecMap;

/// Orders what is pending by when it was added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PendingId(u64);

impl PendingId {
    /// The first of all.
    pub(crate) const FIRST: Self = Self(0);

    /// The number after this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// When, in true time.
    pub(crate) due_at: Millis,
    /// Orders what is due at the same time.
    order: PendingId,
    /// Whether it is a message that is held until it is released.
    pub(crate) held: bool,
    pub(crate) what: What,
}

/// What is pending.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum What {
    Arrival(InFlight),
    Timer(NodeId, Timer),
    /// The oldest pending write of a server becomes durable.
    Write(NodeId),
}

impl What {
    /// The server at which it happens.
    fn server(&self) -> NodeId {
        match self {
            Self::Arrival(flight) => flight.link.to,
            Self::Timer(server, _) | Self::Write(server) => *server,
        }
    }
}

/// Everything that is pending. What is due at the same time happens in the order in which
/// it was added.
///
/// Numbers only put things into an order, so two schedules are equal if the same is pending
/// in the same order and happens in the same order, whatever the numbers.
#[derive(Clone, Default, Debug)]
pub(crate) struct Schedule {
    all: VecMap<PendingId, Pending>,
    /// What can happen: everything but held messages and what concerns paused servers.
    /// In order of time.
    ready: Vec<ReadyKey>,
    paused: NodeSet,
    messages: usize,
    /// The number of what is added next.
    next: u64,
}

/// Orders what can happen: by time, then by when it was added.
type ReadyKey = (Millis, PendingId, PendingId);

impl Pending {
    pub(crate) fn message(&self) -> Option<&InFlight> {
        match &self.what {
            What::Arrival(flight) => Some(flight),
            What::Timer(..) | What::Write(_) => None,
        }
    }

    fn key(&self, id: PendingId) -> ReadyKey {
        (self.due_at, self.order, id)
    }
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        (self.due_at, self.held, &self.what) == (other.due_at, other.held, &other.what)
    }
}

impl Eq for Pending {}

impl Schedule {
    fn take_number(&mut self) -> PendingId {
        let id = PendingId(self.next);
        self.next += 1;
        id
    }

    pub(crate) fn add(&mut self, due_at: Millis, what: What) -> PendingId {
        let id = self.take_number();
        self.messages += usize::from(matches!(what, What::Arrival(_)));
        let pending = Pending {
            due_at,
            order: id,
            held: false,
            what,
        };
        if !self.paused.contains(pending.what.server()) {
            self.make_ready(pending.key(id));
        }
        self.all.insert(id, pending);
        id
    }

    fn make_ready(&mut self, key: ReadyKey) {
        let at = self.ready.partition_point(|other| *other < key);
        self.ready.insert(at, key);
    }

    fn unready(&mut self, key: ReadyKey) {
        // Mostly it is what happens next.
        if self.ready.first() == Some(&key) {
            self.ready.remove(0);
        } else if let Ok(at) = self.ready.binary_search(&key) {
            self.ready.remove(at);
        }
    }

    pub(crate) fn remove(&mut self, id: PendingId) -> Option<Pending> {
        let pending = self.all.remove(id)?;
        self.unready(pending.key(id));
        self.messages -= usize::from(matches!(pending.what, What::Arrival(_)));
        Some(pending)
    }

    /// Removes a message; returns whether it was held, too. `None` if it is no message.
    pub(crate) fn remove_message(&mut self, id: PendingId) -> Option<(InFlight, bool)> {
        self.message(id)?;
        let pending = self.remove(id)?;
        match pending.what {
            What::Arrival(flight) => Some((flight, pending.held)),
            What::Timer(..) | What::Write(_) => None,
        }
    }

    /// Changes when something happens; what is due then, too, happens before.
    pub(crate) fn set_due(&mut self, id: PendingId, due_at: Millis) {
        let order = self.take_number();
        let Some(pending) = self.all.get_mut(id) else {
            return;
        };
        let before = pending.key(id);
        (pending.due_at, pending.order) = (due_at, order);
        let after = pending.key(id);
        if let Ok(at) = self.ready.binary_search(&before) {
            self.ready.remove(at);
            self.make_ready(after);
        }
    }

    /// Holds or releases a message.
    pub(crate) fn set_held(&mut self, id: PendingId, held: bool) {
        let pending = self.all.get_mut(id);
        let Some(pending) = pending.filter(|pending| pending.message().is_some()) else {
            return;
        };
        pending.held = held;
        let key = pending.key(id);
        let waits = held || self.paused.contains(pending.what.server());
        self.unready(key);
        if !waits {
            self.make_ready(key);
        }
    }

    /// Pauses or resumes what concerns a server.
    pub(crate) fn set_paused(&mut self, server: NodeId, paused: bool) {
        if paused {
            self.paused.insert(server);
        } else {
            self.paused.remove(server);
        }
        let paused = self.paused;
        let can_happen = |(_, pending): &(PendingId, &Pending)| {
            !pending.held && !paused.contains(pending.what.server())
        };
        let ready = self.all.iter().filter(can_happen);
        self.ready = ready.map(|(id, pending)| pending.key(id)).collect();
        self.ready.sort_unstable();
    }

    pub(crate) fn paused(&self) -> NodeSet {
        self.paused
    }

    /// What happens next, and when; it may be overdue.
    pub(crate) fn next(&self) -> Option<(Millis, PendingId)> {
        let (due_at, _, id) = *self.ready.first()?;
        Some((due_at, id))
    }

    pub(crate) fn get(&self, id: PendingId) -> Option<&Pending> {
        self.all.get(id)
    }

    /// A message.
    pub(crate) fn message(&self, id: PendingId) -> Option<&InFlight> {
        self.get(id)?.message()
    }

    /// The order in which everything is due, each by its place in the order of adding.
    fn order(&self) -> impl Iterator<Item = usize> {
        let keys = self.all.iter().map(|(id, pending)| pending.key(id));
        let mut places: Vec<_> = keys.enumerate().map(|(place, key)| (key, place)).collect();
        places.sort_unstable();
        places.into_iter().map(|(_, place)| place)
    }

    /// The messages from a number on, oldest first, and whether each is held.
    pub(crate) fn messages_from(
        &self,
        first: PendingId,
    ) -> impl Iterator<Item = (PendingId, &InFlight, bool)> {
        self.all
            .iter_from(first)
            .filter_map(|(id, pending)| Some((id, pending.message()?, pending.held)))
    }

    /// The messages, oldest first, and whether each is held.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (PendingId, &InFlight, bool)> {
        self.messages_from(PendingId::FIRST)
    }

    /// Everything, in the order of adding.
    fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.all.iter().map(|(_, pending)| pending)
    }

    /// The number of messages.
    pub(crate) fn message_count(&self) -> usize {
        self.messages
    }

    /// Whether no message is in flight and no write pending.
    pub(crate) fn is_quiet(&self) -> bool {
        let is_timer = |pending: &Pending| matches!(pending.what, What::Timer(..));
        self.messages == 0 && self.pending().all(is_timer)
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        self.paused == other.paused
            && self.pending().eq(other.pending())
            && self.order().eq(other.order())
    }
}

impl Eq for Schedule {}

impl Hash for Schedule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.paused.hash(state);
        for pending in self.pending() {
            (pending.due_at, pending.held, &pending.what).hash(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn timer(number: u8) -> What {
        What::Timer(server(number), Timer::Election)
    }

    #[test]
    fn what_is_due_at_one_time_happens_in_the_order_of_adding_even_after_a_pause() {
        let mut schedule = Schedule::default();
        let early = schedule.add(Millis(1), timer(1));
        let same_time = schedule.add(Millis(2), timer(2));
        let late = schedule.add(Millis(2), timer(1));
        schedule.set_paused(server(1), true);
        let waiting = schedule.add(Millis(0), timer(1));
        assert_eq!(schedule.next(), Some((Millis(2), same_time)));
        schedule.set_paused(server(1), false);
        let order: Vec<_> = std::iter::from_fn(|| {
            let (_, next) = schedule.next()?;
            schedule.remove(next).map(|_| next)
        })
        .collect();
        assert_eq!(order, [waiting, early, same_time, late]);
    }
}
