//! A state of a search: a world, and what may still happen in it.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::quality::FixedState;
use hustings_lab::{InFlight, Link, PendingId, Server, Symmetry, World};
use hustings_raft::{MemberChange, Millis, NodeId, NodeSet, Timer};

use crate::bounds::{Bounds, Budget, Limited};
use crate::step::Happening;

/// One thing that can happen next, in one state: messages are known by their numbers there.
pub type Choice = Happening<PendingId>;

/// What is, and what may still happen.
///
/// Time is abstract: a timer runs or does not, what a server remembers of its leader is
/// fresh or not ([`World::digest`]).
#[derive(Debug)]
pub struct State {
    /// What is.
    pub world: World,
    /// What may still happen.
    pub left: Budget,
    /// How many client's requests there were, by which they are told apart.
    pub requests: u8,
    /// The servers whose writes are pending until they become durable by choice; those of
    /// others are durable at once.
    pub slow: NodeSet,
    pub(crate) last: Option<Last>,
}

/// The last step, if one server took it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Last {
    pub(crate) server: NodeId,
    /// Whether it was a client's request: the number of another depends on it.
    pub(crate) was_request: bool,
    /// The first of the messages that were sent in it. Those after it were, too.
    pub(crate) first_sent: Option<PendingId>,
}

/// A search copies a state for each one that it generates, into memory of an earlier one.
impl Clone for State {
    fn clone(&self) -> Self {
        Self {
            world: self.world.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &Self) {
        let Self {
            world,
            left,
            requests,
            slow,
            last,
        } = other;
        self.world.clone_from(world);
        (self.left, self.requests) = (*left, *requests);
        (self.slow, self.last) = (*slow, *last);
    }
}

impl State {
    /// A world from which a search starts. Servers whose writes take a while in it have slow
    /// disks whatever the bounds.
    pub fn new(world: World, bounds: &Bounds) -> Self {
        let is_slow =
            |server: &&Server| bounds.slow_disks || server.disk_delay().max() > Millis::ZERO;
        let slow = world.servers().filter(is_slow).map(Server::id).collect();
        Self {
            slow,
            world,
            left: bounds.budget,
            requests: 0,
            last: None,
        }
    }

    /// The same with another budget.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.left = budget;
        self
    }

    /// The same with other slow disks.
    #[must_use]
    pub fn with_slow(mut self, slow: NodeSet) -> Self {
        self.slow = slow;
        self
    }

    /// A number for the state: two states with equal digests are the same, but for a chance
    /// of about one in 2⁶⁴ for each pair.
    pub fn digest(&mut self) -> u64 {
        with_budget(self.world.digest(), &self.left)
    }

    /// As [`State::digest`], the same for all states that differ only in the names of servers.
    pub fn digest_by(&mut self, symmetry: &mut Symmetry) -> u64 {
        with_budget(symmetry.digest(&mut self.world), &self.left)
    }

    /// Appends what can happen next, in an order that depends on nothing but how the state
    /// came about.
    pub fn choices(&self, choices: &mut Vec<Choice>) {
        let world = &self.world;
        for (place, (id, flight)) in world.in_flight().enumerate() {
            // Of equal messages, one is as good as another.
            let mut earlier = world.in_flight().take(place).map(|(_, other)| other);
            if world.can_arrive(id) && !earlier.any(|other| is_same(other, flight)) {
                self.choices_of_message(id, flight, choices);
            }
        }
        for server in world.servers().filter(|it| !world.is_paused(it.id())) {
            if server.is_up() {
                self.choices_of_server(server, choices);
            } else {
                choices.push(Choice::Restart(server.id()));
            }
        }
        if self.left.has(Limited::Cuts) {
            let ids = world.ids();
            let links = ids
                .iter()
                .flat_map(|from| ids.iter().map(move |to| Link { from, to }));
            let cuts = links.filter(|link| link.from < link.to);
            choices.extend(cuts.map(|link| Choice::Cut(link, !world.is_cut(link))));
        }
        if world.fresh_until().is_some() {
            choices.push(Choice::Lapse);
        }
    }

    fn choices_of_message(&self, id: PendingId, flight: &InFlight, choices: &mut Vec<Choice>) {
        if self.world.loss_on(flight.link).is_none() {
            choices.push(Choice::Deliver(id));
        }
        if self.left.has(Limited::Losses) {
            choices.push(Choice::Lose(id));
        }
        if self.left.has(Limited::Copies) {
            choices.push(Choice::Copy(id));
        }
    }

    fn choices_of_server(&self, server: &Server, choices: &mut Vec<Choice>) {
        let id = server.id();
        for timer in Timer::ALL {
            let may = match timer {
                Timer::Election => self.left.has(Limited::Timeouts),
                Timer::Heartbeat => self.left.has(Limited::Heartbeats),
                Timer::CheckQuorum | Timer::Transfer => true,
            };
            if may && server.timer(timer).is_some() {
                choices.push(Choice::Fire(id, timer));
            }
        }
        if server.pending_writes() > 0 {
            choices.push(Choice::Persist(id));
        }
        if self.left.has(Limited::Crashes) {
            choices.push(Choice::Crash(id));
        }
        if server.view().leads() {
            self.choices_of_leader(server, choices);
        }
    }

    fn choices_of_leader(&self, leader: &Server, choices: &mut Vec<Choice>) {
        let id = leader.id();
        if self.left.has(Limited::Requests) {
            choices.push(Choice::Request(id));
        }
        let members = leader.view().members.unwrap_or_default();
        if self.left.has(Limited::Transfers) {
            let targets = members.without(id);
            choices.extend(targets.iter().map(|target| Choice::Transfer(id, target)));
        }
        if self.left.has(Limited::Changes) {
            let change = |server| match members.contains(server) {
                true => MemberChange::Remove(server),
                false => MemberChange::Add(server),
            };
            let all = self.world.ids();
            choices.extend(all.iter().map(|it| Choice::Change(id, change(it))));
        }
    }

    /// Whether a choice could as well have been made before the last one, at another server of
    /// a lower number. Steps of two servers lead to the same state in either order, so a search
    /// that leaves such choices out comes to the same states: of the orders of steps that do
    /// not depend on each other, one with ascending numbers is left.
    ///
    /// Once an invariant is violated, what the judge remembers depends on the order.
    pub fn is_covered(&self, choice: Choice) -> bool {
        let (Some(last), Some(server)) = (self.last, self.server_of(choice)) else {
            return false;
        };
        let depends = match choice {
            Choice::Deliver(id) => last.first_sent.is_some_and(|first| id >= first),
            Choice::Request(_) => last.was_request,
            _ => false,
        };
        server < last.server && !depends && !self.world.judge().has_violations()
    }

    /// The server that takes a step, if nothing else changes but for messages that it sends.
    pub(crate) fn server_of(&self, choice: Choice) -> Option<NodeId> {
        match choice {
            Choice::Deliver(id) => Some(self.world.message(id)?.link.to),
            Choice::Fire(server, _)
            | Choice::Persist(server)
            | Choice::Request(server)
            | Choice::Crash(server)
            | Choice::Restart(server)
            | Choice::Transfer(server, _)
            | Choice::Change(server, _) => Some(server),
            Choice::Lose(_) | Choice::Copy(_) | Choice::Cut(..) | Choice::Lapse => None,
        }
    }
}

/// The digest of a world and of what may still happen in it.
pub(crate) fn with_budget(world: u64, left: &Budget) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u64(world);
    left.hash(&mut hasher);
    hasher.finish()
}

/// The command of the n-th request.
pub fn request(number: u8) -> std::sync::Arc<str> {
    format!("r{number}").into()
}

fn is_same(one: &InFlight, other: &InFlight) -> bool {
    one.link == other.link && one.message == other.message
}
