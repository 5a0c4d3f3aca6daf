//! A state of a search: a world, and what may still happen in it.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::quality::FixedState;
use hustings_lab::{
    Chance, Done, InFlight, Link, NoTime, Parts, PendingId, Prompt, Server, Symmetry, Travel, World,
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
        self.take_by(choice, came, |world, server, prompt, chance, done| {
            world.prompt(server, prompt, chance, done);
        });
    }

    /// As [`State::take`], looked up if a server took the like before. What is not among the
    /// parts is added to them if they may grow.
    pub(crate) fn take_known(
        &mut self,
        choice: Choice,
        came: &mut Came,
        parts: &mut Parts,
        may_grow: bool,
    ) {
        self.take_by(choice, came, |world, server, prompt, chance, done| {
            world.prompt_known(server, prompt, (parts, may_grow), chance, done);
        });
    }

    fn take_by(
        &mut self,
        choice: Choice,
        came: &mut Came,
        prompt: impl FnOnce(&mut World, NodeId, Prompt, &mut Untimed, &mut Done),
    ) {
        let server = self.server_of(choice);
        came.clear();
        match (server, self.prompt_of(choice)) {
            (Some(server), Some(what)) => {
                if let Prompt::Message(message) = what {
                    came.delivered = self.world.message(message).map(Letter::of);
                }
                let mut chance = Untimed { slow: self.slow };
                prompt(&mut self.world, server, what, &mut chance, &mut came.done);
            }
            _ => self.happen(choice, came),
        }
        if let Some(limited) = limited(choice) {
            self.left.spend(limited);
        }
        self.last = server.map(|server| Last {
            server,
            was_request: matches!(choice, Choice::Request(_)),
            first_sent: came.done.sent.first().map(|sent| sent.id),
        });
    }

    /// What has a server take a step, if one does; a request counts.
    fn prompt_of(&mut self, choice: Choice) -> Option<Prompt> {
        Some(match choice {
            Choice::Deliver(message) => Prompt::Message(message),
            Choice::Fire(_, timer) => Prompt::Timer(timer),
            Choice::Persist(_) => Prompt::Write,
            Choice::Restart(_) => Prompt::Restart,
            Choice::Request(_) => {
                self.requests = self.requests.saturating_add(1);
                Prompt::Input(Input::Propose(request(self.requests)))
            }
            Choice::Transfer(_, target) => Prompt::Input(Input::Transfer(target)),
            Choice::Change(_, change) => Prompt::Input(Input::ChangeMembers(change)),
            Choice::Lose(_)
            | Choice::Copy(_)
            | Choice::Crash(_)
            | Choice::Cut(..)
            | Choice::Lapse => return None,
        })
    }

    /// Has something happen in which no server takes a step.
    fn happen(&mut self, choice: Choice, came: &mut Came) {
        let world = &mut self.world;
        match choice {
            Choice::Lose(message) => came.lost = world.take(message).as_ref().map(Letter::of),
            Choice::Copy(message) => drop(world.duplicate(message)),
            Choice::Crash(server) => {
                let crashed = world.crash(server);
                came.done.judgement = crashed.map(|it| it.judgement).unwrap_or_default();
            }
            Choice::Cut(link, cut) => {
                let Link { from, to } = link;
                world.set_cut(link, cut);
                world.set_cut(Link { from: to, to: from }, cut);
            }
            Choice::Lapse => {
                if let Some(end) = world.fresh_until() {
                    world.pass_to(end);
                }
            }
            // A server takes a step.
            Choice::Deliver(_)
            | Choice::Fire(..)
            | Choice::Persist(_)
            | Choice::Restart(_)
            | Choice::Request(_)
            | Choice::Transfer(..)
            | Choice::Change(..) => {}
        }
    }
}

/// What may happen only so often, if this is of it.
fn limited(choice: Choice) -> Option<Limited> {
    match choice {
        Choice::Lose(_) => Some(Limited::Losses),
        Choice::Copy(_) => Some(Limited::Copies),
        Choice::Fire(_, Timer::Election) => Some(Limited::Timeouts),
        Choice::Fire(_, Timer::Heartbeat) => Some(Limited::Heartbeats),
        Choice::Request(_) => Some(Limited::Requests),
        Choice::Crash(_) => Some(Limited::Crashes),
        Choice::Cut(..) => Some(Limited::Cuts),
        Choice::Transfer(..) => Some(Limited::Transfers),
        Choice::Change(..) => Some(Limited::Changes),
        Choice::Fire(_, Timer::CheckQuorum | Timer::Transfer)
        | Choice::Deliver(_)
        | Choice::Persist(_)
        | Choice::Restart(_)
        | Choice::Lapse => None,
    }
}

/// The command of the n-th request.
pub fn request(number: u8) -> std::sync::Arc<str> {
    format!("r{number}").into()
}

fn is_same(one: &InFlight, other: &InFlight) -> bool {
    one.link == other.link && one.message == other.message
}
