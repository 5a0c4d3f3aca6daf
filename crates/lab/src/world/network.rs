//! Links, and the messages on them.

use std::rc::Rc;

use hustings_raft::{Input, Message, Millis, MillisRange, NodeId};

use super::digest::message_digest;
use super::{Chance, Done, Sent, World};
use crate::message::{InFlight, Loss};
use crate::path::Link;
use crate::schedule::{PendingId, Schedule, What};
use crate::server::Server;
use crate::vec_map::VecMap;

/// What became of a message that arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Its receiver took a step.
    Delivered,
    /// It was lost.
    Lost(Loss),
}

/// The part of a world through which messages are sent.
pub(super) struct Network<'a> {
    pub(super) now: Millis,
    /// The number of servers.
    pub(super) servers: usize,
    pub(super) schedule: &'a mut Schedule,
    /// The number of messages that wait for a disk, at all servers.
    pub(super) waiting: &'a mut usize,
    pub(super) usual_latency: MillisRange,
    pub(super) latencies: &'a VecMap<Link, MillisRange>,
    pub(super) digest: &'a mut Option<u64>,
}

impl Network<'_> {
    /// Whether there is such a server.
    pub(super) fn has(&self, id: NodeId) -> bool {
        usize::from(id.number()) <= self.servers
    }

    /// Sends a message, and a copy of it if the network makes one.
    pub(super) fn send(
        &mut self,
        link: Link,
        message: Rc<Message>,
        forged: bool,
        chance: &mut impl Chance,
        sent: &mut Vec<Sent>,
    ) {
        let own = self.latencies.get(link).copied();
        let travel = chance.travel(link, own.unwrap_or(self.usual_latency));
        let flight = InFlight {
            link,
            message,
            lost: travel.lost,
            forged,
        };
        let copy = travel.copy.map(|latency| {
            let lost = false;
            (
                latency,
                InFlight {
                    lost,
                    ..flight.clone()
                },
            )
        });
        let id = self.add(self.now.plus(travel.latency), flight);
        let is_copy = false;
        sent.push(Sent { id, is_copy });
        if let Some((latency, flight)) = copy {
            let id = self.add(self.now.plus(latency), flight);
            let is_copy = true;
            sent.push(Sent { id, is_copy });
        }
    }

    fn add(&mut self, due_at: Millis, flight: InFlight) -> PendingId {
        let digest = self.digest.as_mut().map(|sum| {
            let digest = message_digest(&flight, false);
            *sum = sum.wrapping_add(digest);
            digest
        });
        let what = What::Arrival(flight);
        self.schedule.add_digested(due_at, what, digest)
    }
}

impl World {
    pub(super) fn network(&mut self) -> Network<'_> {
        Network {
            now: self.now,
            servers: self.servers.len(),
            schedule: &mut self.schedule,
            waiting: &mut self.waiting,
            usual_latency: self.usual_latency,
            latencies: &self.latencies,
            digest: &mut self.messages_digest,
        }
    }

    /// The messages on their way, oldest first.
    pub fn in_flight(&self) -> impl Iterator<Item = (PendingId, &InFlight)> {
        self.schedule.messages().map(|(id, flight, _)| (id, flight))
    }

    /// A message on its way.
    pub fn message(&self, id: PendingId) -> Option<&InFlight> {
        self.schedule.message(id)
    }

    /// A message on its way, and when it arrives unless it is held, lost or delivered by
    /// hand.
    pub(crate) fn departure(&self, id: PendingId) -> Option<(&InFlight, Millis)> {
        let pending = self.schedule.get(id)?;
        Some((pending.message()?, pending.due_at))
    }

    /// The number of messages on their way.
    pub fn in_flight_count(&self) -> usize {
        self.schedule.message_count()
    }

    /// The number of messages on their way or waiting for a disk.
    pub(crate) fn in_flight_or_waiting(&self) -> usize {
        self.in_flight_count() + self.waiting
    }

    /// Whether a message is held until it is released.
    pub fn is_held(&self, id: PendingId) -> bool {
        self.schedule.get(id).is_some_and(|pending| pending.held)
    }

    /// Whether a message can arrive now: it is not held and its receiver not paused.
    pub fn can_arrive(&self, id: PendingId) -> bool {
        let to = self.message(id).map(|flight| flight.link.to);
        to.is_some_and(|to| !self.is_held(id) && !self.is_paused(to))
    }

    /// Whether a link is cut, so that messages on it are lost when they arrive.
    pub fn is_cut(&self, link: Link) -> bool {
        self.cuts.contains(link)
    }

    /// Cuts or mends a link.
    pub fn set_cut(&mut self, link: Link, cut: bool) {
        self.cuts.set(link, cut);
    }

    /// The range of latencies of a link.
    pub fn latency(&self, link: Link) -> MillisRange {
        let own = self.latencies.get(link).copied();
        own.unwrap_or(self.usual_latency)
    }

    /// Sets the latency of a link for new messages.
    pub fn set_latency(&mut self, link: Link, range: MillisRange) {
        self.latencies.insert(link, range);
    }

    /// Why a message would be lost if it arrived now; `None` if it would be delivered.
    pub fn would_be_lost(&self, flight: &InFlight) -> Option<Loss> {
        self.loss_on(flight.link)
            .or(flight.lost.then_some(Loss::Chance))
    }

    /// Why any message on a link would be lost if it arrived now.
    pub fn loss_on(&self, link: Link) -> Option<Loss> {
        if self.is_cut(link) {
            return Some(Loss::LinkCut);
        }
        let is_up = self.server(link.to).is_some_and(Server::is_up);
        (!is_up).then_some(Loss::ServerDown)
    }

    /// Has a message arrive, or be lost. `None` if it is not on its way.
    pub fn arrive(
        &mut self,
        id: PendingId,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<Fate> {
        let flight = self.take(id)?;
        let loss = self.would_be_lost(&flight);
        self.reach(flight, loss, chance, done)
    }

    /// As [`World::arrive`], by hand: chance does not have the message lost.
    pub fn deliver(
        &mut self,
        id: PendingId,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<Fate> {
        let flight = self.take(id)?;
        let loss = self.loss_on(flight.link);
        self.reach(flight, loss, chance, done)
    }

    fn reach(
        &mut self,
        flight: InFlight,
        loss: Option<Loss>,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<Fate> {
        if let Some(loss) = loss {
            return Some(Fate::Lost(loss));
        }
        let input = Input::Message {
            from: flight.link.from,
            message: (*flight.message).clone(),
        };
        self.step(flight.link.to, input, chance, done)?;
        Some(Fate::Delivered)
    }

    /// Takes a message off its way: it is lost.
    pub fn take(&mut self, id: PendingId) -> Option<InFlight> {
        let (flight, digest) = self.schedule.remove_message(id)?;
        if let (Some(sum), Some(digest)) = (&mut self.messages_digest, digest) {
            *sum = sum.wrapping_sub(digest);
        }
        Some(flight)
    }

    /// Adds a second copy of a message, which arrives at the same time.
    pub fn duplicate(&mut self, id: PendingId) -> Option<PendingId> {
        let pending = self.schedule.get(id)?;
        let (due_at, flight) = (pending.due_at, self.schedule.message(id)?.clone());
        let lost = false;
        Some(self.network().add(due_at, InFlight { lost, ..flight }))
    }

    /// Has a message arrive later by a duration; returns when.
    pub fn delay(&mut self, id: PendingId, by: Millis) -> Option<Millis> {
        self.schedule.message(id)?;
        let due_at = self.schedule.get(id)?.due_at.max(self.now).plus(by);
        self.schedule.set_due(id, due_at);
        Some(due_at)
    }

    /// Holds or releases a message.
    pub fn set_held(&mut self, id: PendingId, held: bool) {
        let mut digest = None;
        if let (Some(sum), Some(pending)) = (&mut self.messages_digest, self.schedule.get(id)) {
            let before = pending.digest.unwrap_or_default();
            digest = pending.message().map(|it| message_digest(it, held));
            let after = digest.unwrap_or_default();
            *sum = sum.wrapping_sub(before).wrapping_add(after);
        }
        self.schedule.set_held(id, held, digest);
    }

    /// Sends a message that no server has sent.
    pub fn forge(&mut self, link: Link, message: Message, chance: &mut impl Chance) -> Vec<Sent> {
        let message = chance.share(message);
        let mut sent = Vec::new();
        self.network().send(link, message, true, chance, &mut sent);
        sent
    }
}
