//! A state of a search: a world, and what may still happen in it.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::quality::FixedState;
use hustings_lab::{
    Chance, Done, Fate, InFlight, Link, NoTime, PendingId, Server, Symmetry, Travel, World,
};
use hustings_raft::{Input, MemberChange, Millis, MillisRange, NodeId, NodeSet, Timer};

use crate::bounds::{Bounds, Budget, Limited};
use crate::step::{Happening, Letter};

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

/// What came of a step: a buffer, so that its memory is reused. Each step clears it first.
#[derive(Debug)]
pub struct Came {
    /// What the server did that took it, and what the judge has found.
    pub done: Done,
    /// The message that arrived.
    pub delivered: Option<Letter>,
    /// The message that was lost.
    pub lost: Option<Letter>,
}

impl Default for Came {
    fn default() -> Self {
        Self {
            done: Done::without_reasons(),
            delivered: None,
            lost: None,
        }
    }
}

impl Came {
    fn clear(&mut self) {
        self.done.clear();
        self.delivered = None;
        self.lost = None;
    }
}

/// Nothing takes time, but for the writes of some servers.
struct Untimed {
    slow: NodeSet,
}

impl Chance for Untimed {
    fn timer(&mut self, server: NodeId, timer: Timer, range: MillisRange) -> Millis {
        NoTime.timer(server, timer, range)
    }

    fn write(&mut self, server: NodeId, range: MillisRange) -> Millis {
        if self.slow.contains(server) {
            NoTime.write(server, range)
        } else {
            Millis::ZERO
        }
    }

    fn travel(&mut self, link: Link, range: MillisRange) -> Travel {
        NoTime.travel(link, range)
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
        let mut hasher = FixedState::default().build_hasher();
        hasher.write_u64(self.world.digest());
        self.left.hash(&mut hasher);
        hasher.finish()
    }

    /// As [`State::digest`], the same for all states that differ only in the names of servers.
    pub fn digest_by(&mut self, symmetry: &mut Symmetry) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        hasher.write_u64(symmetry.digest(&mut self.world));
        self.left.hash(&mut hasher);
        hasher.finish()
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
    fn server_of(&self, choice: Choice) -> Option<NodeId> {
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

    /// Has something happen that [`State::choices`] offers.
    pub fn take(&mut self, choice: Choice, came: &mut Came) {
        let server = self.server_of(choice);
        let slow = self.slow;
        came.clear();
        self.happen(choice, &mut Untimed { slow }, came);
        self.last = server.map(|server| Last {
            server,
            was_request: matches!(choice, Choice::Request(_)),
            first_sent: came.done.sent.first().map(|sent| sent.id),
        });
    }

    fn happen(&mut self, choice: Choice, chance: &mut Untimed, came: &mut Came) {
        let world = &mut self.world;
        let done = &mut came.done;
        match choice {
            Choice::Deliver(message) => {
                came.delivered = world.message(message).map(Letter::of);
                let fate = world.deliver(message, chance, done);
                debug_assert_eq!(fate, Some(Fate::Delivered), "only those are offered");
            }
            Choice::Lose(message) => {
                came.lost = world.take(message).as_ref().map(Letter::of);
                self.left.spend(Limited::Losses);
            }
            Choice::Copy(message) => {
                world.duplicate(message);
                self.left.spend(Limited::Copies);
            }
            Choice::Fire(server, timer) => {
                match timer {
                    Timer::Election => self.left.spend(Limited::Timeouts),
                    Timer::Heartbeat => self.left.spend(Limited::Heartbeats),
                    Timer::CheckQuorum | Timer::Transfer => {}
                }
                world.fire(server, timer, chance, done);
            }
            Choice::Persist(server) => {
                world.finish_write(server, chance, done);
            }
            Choice::Request(server) => {
                self.left.spend(Limited::Requests);
                self.requests = self.requests.saturating_add(1);
                let request = Input::Propose(request(self.requests));
                world.step(server, request, chance, done);
            }
            Choice::Crash(server) => {
                let crashed = world.crash(server);
                self.left.spend(Limited::Crashes);
                done.judgement = crashed.map(|it| it.judgement).unwrap_or_default();
            }
            Choice::Restart(server) => {
                world.restart(server, chance, done);
            }
            Choice::Cut(link, cut) => {
                let Link { from, to } = link;
                world.set_cut(link, cut);
                world.set_cut(Link { from: to, to: from }, cut);
                self.left.spend(Limited::Cuts);
            }
            Choice::Transfer(server, target) => {
                self.left.spend(Limited::Transfers);
                world.step(server, Input::Transfer(target), chance, done);
            }
            Choice::Change(server, change) => {
                self.left.spend(Limited::Changes);
                world.step(server, Input::ChangeMembers(change), chance, done);
            }
            Choice::Lapse => {
                if let Some(end) = world.fresh_until() {
                    world.pass_to(end);
                }
            }
        }
    }
}

/// The command of the n-th request.
pub fn request(number: u8) -> std::sync::Arc<str> {
    format!("r{number}").into()
}

fn is_same(one: &InFlight, other: &InFlight) -> bool {
    one.link == other.link && one.message == other.message
}
