//! What is going to happen, in order of time.

use std::hash::{Hash, Hasher};

use hustings_raft::{Millis, NodeId, NodeSet, Timer};

use crate::message::InFlight;
use crate::vec_map::VecMap;

/// Orders what is pending by when it was added. Once it is over, its number may be given
/// to something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PendingId(u64);

impl PendingId {
    /// Whatever is added gets a number from here on. Those before it are for what is pending at
    /// servers that are put into worlds as they are kept.
    const ADDED: u64 = 1 << 32;

    /// The n-th number of a server that is kept.
    pub(crate) fn of_server(server: NodeId, place: u32) -> Self {
        let first = u64::from(server.number()) << 28;
        // There are never so many that they reach those of the next server.
        Self(first + u64::from(place.min((1 << 28) - 1)))
    }

    /// The number of the n-th message, in a world that is unpacked.
    pub(crate) fn of_message(place: u64) -> Self {
        Self(Self::ADDED.saturating_add(place))
    }
}

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// When, in true time.
    pub(crate) due_at: Millis,
    /// Whether it is a message that is held until it is released.
    pub(crate) held: bool,
    pub(crate) what: What,
    /// The digest of a message, if that of the world was asked for. It follows from the rest.
    pub(crate) digest: Option<u64>,
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        (self.due_at, self.held, &self.what) == (other.due_at, other.held, &other.what)
    }
}

impl Eq for Pending {}

impl Hash for Pending {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.due_at, self.held, &self.what).hash(state);
    }
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
/// it was added, or put off.
///
/// Numbers only put things into an order, so two schedules are equal if the same is pending
/// in the same order and happens in the same order, whatever the numbers.
#[derive(Default, Debug)]
pub(crate) struct Schedule {
    all: VecMap<PendingId, Pending>,
    /// All of it in the order in which it happens.
    queue: Vec<Due>,
    /// How many wait in front of the first that can happen: a server that is paused for
    /// long has many.
    first: usize,
    paused: NodeSet,
    messages: usize,
}

/// A place in the queue.
#[derive(Clone, Copy, Debug)]
struct Due {
    at: Millis,
    id: PendingId,
    /// Whether it cannot happen, as it is held or its server paused.
    waits: bool,
}

impl Clone for Schedule {
    fn clone(&self) -> Self {
        Self {
            all: self.all.clone(),
            queue: self.queue.clone(),
            ..*self
        }
    }

    /// Copies into the memory of a schedule that is not needed any more.
    fn clone_from(&mut self, other: &Self) {
        let Self {
            all,
            queue,
            first,
            paused,
            messages,
        } = other;
        self.all.clone_from(all);
        self.queue.clone_from(queue);
        (self.first, self.paused, self.messages) = (*first, *paused, *messages);
    }
}

impl Pending {
    pub(crate) fn message(&self) -> Option<&InFlight> {
        match &self.what {
            What::Arrival(flight) => Some(flight),
            What::Timer(..) | What::Write(_) => None,
        }
    }

    fn waits(&self, paused: NodeSet) -> bool {
        self.held || paused.contains(self.what.server())
    }
}

impl Schedule {
    pub(crate) fn add(&mut self, due_at: Millis, what: What) -> PendingId {
        self.add_digested(due_at, what, None)
    }

    /// Adds something with its digest, if it is a message and that is known.
    pub(crate) fn add_digested(
        &mut self,
        due_at: Millis,
        what: What,
        digest: Option<u64>,
    ) -> PendingId {
        let next = self.all.last_key().map_or(0, |last| last.0 + 1);
        let id = PendingId(next.max(PendingId::ADDED));
        self.add_as(id, due_at, what, digest);
        id
    }

    /// Adds something with a number that nothing has.
    pub(crate) fn add_as(
        &mut self,
        id: PendingId,
        due_at: Millis,
        what: What,
        digest: Option<u64>,
    ) {
        self.messages += usize::from(matches!(what, What::Arrival(_)));
        let pending = Pending {
            due_at,
            held: false,
            what,
            digest,
        };
        self.enqueue(Due {
            at: due_at,
            id,
            waits: pending.waits(self.paused),
        });
        self.all.insert(id, pending);
    }

    /// Nothing is pending any more, and these servers are paused.
    pub(crate) fn begin_anew(&mut self, paused: NodeSet) {
        self.all.clear();
        self.queue.clear();
        (self.first, self.messages, self.paused) = (0, 0, paused);
    }

    /// Puts something after all that is due by its time.
    fn enqueue(&mut self, due: Due) {
        let place = self.queue.partition_point(|other| other.at <= due.at);
        if place <= self.first {
            self.first = if due.waits { self.first + 1 } else { place };
        }
        self.queue.insert(place, due);
    }

    fn dequeue(&mut self, id: PendingId, at: Millis) -> Option<Due> {
        let place = match self.queue.get(self.first) {
            // Mostly it is what happens next.
            Some(first) if first.id == id => self.first,
            _ => {
                let earlier = self.queue.partition_point(|other| other.at < at);
                let mut rest = self.queue.iter().skip(earlier);
                earlier + rest.position(|due| due.id == id)?
            }
        };
        let due = self.queue.remove(place);
        if place < self.first {
            self.first -= 1;
        } else if place == self.first {
            let rest = self.queue.iter().skip(place);
            self.first += rest.take_while(|due| due.waits).count();
        }
        Some(due)
    }

    fn find_first(&mut self) {
        self.first = self.queue.iter().take_while(|due| due.waits).count();
    }

    pub(crate) fn remove(&mut self, id: PendingId) -> Option<Pending> {
        let pending = self.all.remove(id)?;
        self.dequeue(id, pending.due_at);
        self.messages -= usize::from(matches!(pending.what, What::Arrival(_)));
        Some(pending)
    }

    /// Removes a message; returns its digest, too, if that is known. `None` if it is no message.
    pub(crate) fn remove_message(&mut self, id: PendingId) -> Option<(InFlight, Option<u64>)> {
        self.message(id)?;
        let pending = self.remove(id)?;
        match pending.what {
            What::Arrival(flight) => Some((flight, pending.digest)),
            What::Timer(..) | What::Write(_) => None,
        }
    }

    /// Changes when something happens; what is due then, too, happens before.
    pub(crate) fn set_due(&mut self, id: PendingId, due_at: Millis) {
        let Some(pending) = self.all.get_mut(id) else {
            return;
        };
        let before = std::mem::replace(&mut pending.due_at, due_at);
        if let Some(due) = self.dequeue(id, before) {
            self.enqueue(Due { at: due_at, ..due });
        }
    }

    /// Says whether chance will have a message lost.
    pub(crate) fn set_lost(&mut self, id: PendingId, lost: bool) {
        let what = self.all.get_mut(id).map(|pending| &mut pending.what);
        if let Some(What::Arrival(flight)) = what {
            flight.lost = lost;
        }
    }

    /// Holds or releases a message, which has this digest then, if that is known.
    pub(crate) fn set_held(&mut self, id: PendingId, held: bool, digest: Option<u64>) {
        let pending = self.all.get_mut(id);
        let Some(pending) = pending.filter(|pending| pending.message().is_some()) else {
            return;
        };
        (pending.held, pending.digest) = (held, digest);
        let waits = pending.waits(self.paused);
        if let Some(due) = self.queue.iter_mut().find(|due| due.id == id) {
            due.waits = waits;
        }
        self.find_first();
    }

    /// Pauses or resumes what concerns a server.
    pub(crate) fn set_paused(&mut self, server: NodeId, paused: bool) {
        if paused {
            self.paused.insert(server);
        } else {
            self.paused.remove(server);
        }
        for due in &mut self.queue {
            let pending = self.all.get(due.id);
            due.waits = pending.is_some_and(|pending| pending.waits(self.paused));
        }
        self.find_first();
    }

    pub(crate) fn paused(&self) -> NodeSet {
        self.paused
    }

    /// What happens next, and when; it may be overdue.
    pub(crate) fn next(&self) -> Option<(Millis, PendingId)> {
        let first = self.queue.get(self.first)?;
        Some((first.at, first.id))
    }

    pub(crate) fn get(&self, id: PendingId) -> Option<&Pending> {
        self.all.get(id)
    }

    /// A message.
    pub(crate) fn message(&self, id: PendingId) -> Option<&InFlight> {
        self.get(id)?.message()
    }

    /// The order in which everything happens, each by its place in the order of adding.
    fn order(&self) -> impl Iterator<Item = Option<usize>> {
        self.queue.iter().map(|due| self.all.place(due.id))
    }

    /// The messages, oldest first, and whether each is held.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (PendingId, &InFlight, bool)> {
        let all = self.all.iter();
        all.filter_map(|(id, pending)| Some((id, pending.message()?, pending.held)))
    }

    /// The messages, oldest first.
    pub(crate) fn pending_messages(&self) -> impl Iterator<Item = &Pending> {
        self.numbered_messages().map(|(_, pending)| pending)
    }

    /// The messages with their numbers, oldest first.
    pub(crate) fn numbered_messages(&self) -> impl Iterator<Item = (PendingId, &Pending)> {
        self.all.iter().filter(|(_, it)| it.message().is_some())
    }

    /// Has each message know its digest; returns their sum.
    pub(crate) fn digest_messages(&mut self, of: impl Fn(&InFlight, bool) -> u64) -> u64 {
        let mut sum: u64 = 0;
        for pending in self.all.values_mut() {
            pending.digest = pending.message().map(|flight| of(flight, pending.held));
            sum = sum.wrapping_add(pending.digest.unwrap_or_default());
        }
        sum
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
            pending.hash(state);
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

    #[test]
    fn a_number_is_free_again_once_nothing_after_it_is_pending() {
        let mut schedule = Schedule::default();
        let first = schedule.add(Millis(1), timer(1));
        let second = schedule.add(Millis(1), timer(2));
        schedule.remove(first);
        let third = schedule.add(Millis(1), timer(1));
        assert!(first < second && second < third);
        schedule.remove(third);
        schedule.remove(second);
        assert_eq!(schedule.add(Millis(9), timer(1)), first);
    }

    /// Whatever is done with it.
    #[test]
    fn next_is_the_first_of_the_queue_that_does_not_wait() {
        let mut schedule = Schedule::default();
        let mut pending = Vec::new();
        let mut random: u64 = 1;
        let mut below = |limit: u64| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (random >> 33) % limit
        };
        for _ in 0..20_000 {
            let (due_at, id) = (Millis(below(10)), pending.get(below(20) as usize).copied());
            let number = below(3) as u8 + 1;
            match (below(7), id) {
                (0..=2, _) if pending.len() < 20 => {
                    pending.push(schedule.add(due_at, timer(number)))
                }
                (3 | 4, Some(id)) => {
                    schedule.remove(id);
                    pending.retain(|other| *other != id);
                }
                (5, Some(id)) => schedule.set_due(id, due_at),
                (6, _) => schedule.set_paused(server(number), below(2) == 0),
                _ => {}
            }
            let waits = |due: &&Due| {
                let pending = schedule.get(due.id).expect("it is pending");
                assert_eq!(pending.due_at, due.at);
                schedule.paused.contains(pending.what.server())
            };
            let first = schedule.queue.iter().find(|due| !waits(due));
            assert_eq!(schedule.next(), first.map(|due| (due.at, due.id)));
            assert!(schedule.queue.is_sorted_by_key(|due| due.at));
            assert_eq!(schedule.queue.len(), pending.len());
        }
    }
}
