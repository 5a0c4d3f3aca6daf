//! Walks: worlds that are driven by choices.

use std::collections::BTreeMap;

use hustings_lab::{Chance, Done, Fact, Header, Invariant, Judgement, Link, Travel, World};
use hustings_raft::{
    Input, LogIndex, MemberChange, Message, Millis, MillisRange, NodeId, RoleName, Timer,
};

/// One thing that can happen. Messages are given by their place among those on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    Deliver(usize),
    Drop(usize),
    Duplicate(usize),
    SetHeld(usize, bool),
    Fire(NodeId, Timer),
    FinishWrite(NodeId),
    Crash(NodeId),
    Restart(NodeId),
    Pause(NodeId, bool),
    Cut(Link, bool),
    Propose(NodeId),
    Transfer(NodeId, NodeId),
    Change(NodeId, MemberChange),
    Pass(Millis),
}

/// What a walk leaves to chance: nothing, or everything, drawn from a seed.
#[derive(Clone, Copy, Debug)]
pub struct Luck(Option<u64>);

impl Luck {
    /// No message takes time or is lost, and every write is pending until it is finished.
    pub const NONE: Self = Self(None);

    pub fn of_seed(seed: u64) -> Self {
        Self(Some(seed))
    }

    /// A number below a bound, by the generator of Numerical Recipes.
    fn draw(&mut self, bound: u64) -> Option<u64> {
        let state = self.0.as_mut()?;
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xFFFF_FFFF;
        Some((*state * bound) >> 32)
    }

    fn duration(&mut self, range: MillisRange) -> Option<Millis> {
        let width = range.max().since(range.min()).0;
        self.draw(width + 1)
            .map(|more| range.min().plus(Millis(more)))
    }
}

impl Chance for Luck {
    fn timer(&mut self, _: NodeId, _: Timer, range: MillisRange) -> Millis {
        self.duration(range).unwrap_or_default()
    }

    fn write(&mut self, _: NodeId, _: MillisRange) -> Millis {
        self.draw(3).map_or(Millis(1), Millis)
    }

    fn travel(&mut self, _: Link, range: MillisRange) -> Travel {
        Travel {
            latency: self.duration(range).unwrap_or_default(),
            lost: self.draw(10) == Some(0),
            copy: (self.draw(10) == Some(0)).then_some(Millis(30)),
        }
    }
}

/// What a judge should remember, as far as its facts are told: the content of each, taken
/// from what can be seen of the server whose step established it.
pub type Memory = BTreeMap<Fact, String>;

/// A world on its way, with a memory of what has been that is independent of the judge's.
#[derive(Clone, Debug)]
pub struct Walk {
    pub world: World,
    pub memory: Memory,
    /// Whether any server asks for pre-votes or checks its quorum. If none does, nothing
    /// depends on when a leader was heard.
    pub has_leases: bool,
    luck: Luck,
}

impl Walk {
    /// The servers of a header, started.
    pub fn new(header: &Header, luck: Luck) -> Self {
        let (world, judgements) = World::new(header);
        let mut walk = Self {
            world,
            memory: Memory::new(),
            has_leases: header.raft.pre_vote || header.raft.check_quorum,
            luck,
        };
        for (server, judgement) in NodeId::first(header.cluster).zip(&judgements) {
            walk.learn(server, judgement, &[]);
        }
        for server in NodeId::first(header.cluster) {
            walk.input(server, Input::Start);
        }
        walk
    }

    /// The same, but from now on nothing is left to chance.
    pub fn without_luck(&self) -> Self {
        Self {
            luck: Luck::NONE,
            ..self.clone()
        }
    }

    /// Has a server handle an input.
    pub fn input(&mut self, server: NodeId, input: Input) {
        let mut done = Done::default();
        self.world.step(server, input, &mut self.luck, &mut done);
        self.keep(server, &done);
    }

    /// Has a server receive a message that is not on its way.
    pub fn receive(&mut self, from: NodeId, server: NodeId, message: Message) {
        self.input(server, Input::Message { from, message });
    }

    /// Sends a message that no server has sent.
    pub fn forge(&mut self, link: Link, message: Message) {
        self.world.forge(link, message, &mut self.luck);
    }

    /// The message that is on its way on a link.
    pub fn only_on(&self, link: Link) -> Choice {
        let places: Vec<_> = self.world.in_flight().map(|(_, it)| it.link).collect();
        let place = places.iter().position(|it| *it == link);
        Choice::Deliver(place.expect("a message on the link"))
    }

    pub fn drop_all(&mut self) {
        while self.world.in_flight_count() > 0 {
            self.take(Choice::Drop(0));
        }
    }

    /// Has messages arrive and writes become durable until none is left.
    pub fn settle(&mut self) {
        loop {
            let ids = self.world.ids();
            let writes = |id: &NodeId| self.world.server(*id).expect("there").pending_writes() > 0;
            match ids.iter().find(writes) {
                Some(id) => self.take(Choice::FinishWrite(id)),
                None if self.world.in_flight_count() > 0 => self.take(Choice::Deliver(0)),
                None => return,
            }
        }
    }

    pub fn crash_and_restart(&mut self, server: NodeId) {
        self.take(Choice::Crash(server));
        self.take(Choice::Restart(server));
    }

    pub fn take(&mut self, choice: Choice) {
        let mut done = Done::default();
        let (world, luck) = (&mut self.world, &mut self.luck);
        let place = |world: &World, place: usize| {
            let (id, flight) = world.in_flight().nth(place).expect("a message");
            (id, flight.link.to)
        };
        let stepped = match choice {
            Choice::Deliver(number) => {
                let (message, to) = place(world, number);
                world.deliver(message, luck, &mut done);
                Some(to)
            }
            Choice::Drop(number) => {
                world.take(place(world, number).0);
                None
            }
            Choice::Duplicate(number) => {
                world.duplicate(place(world, number).0);
                None
            }
            Choice::SetHeld(number, held) => {
                world.set_held(place(world, number).0, held);
                None
            }
            Choice::Fire(server, timer) => {
                world.fire(server, timer, luck, &mut done);
                Some(server)
            }
            Choice::FinishWrite(server) => {
                world.finish_write(server, luck, &mut done);
                Some(server)
            }
            Choice::Crash(server) => {
                let crashed = world.crash(server).expect("there");
                done.judgement = crashed.judgement;
                Some(server)
            }
            Choice::Restart(server) => {
                world.restart(server, luck, &mut done);
                Some(server)
            }
            Choice::Pause(server, paused) => {
                world.set_paused(server, paused);
                None
            }
            Choice::Cut(link, cut) => {
                world.set_cut(link, cut);
                None
            }
            Choice::Propose(server) => return self.input(server, Input::Propose("x".into())),
            Choice::Transfer(server, to) => return self.input(server, Input::Transfer(to)),
            Choice::Change(server, change) => {
                return self.input(server, Input::ChangeMembers(change));
            }
            Choice::Pass(duration) => {
                world.pass_to(world.now().plus(duration));
                None
            }
        };
        if let Some(server) = stepped {
            self.keep(server, &done);
        }
    }

    fn keep(&mut self, server: NodeId, done: &Done) {
        let sent = done.sent.iter().filter_map(|it| self.world.message(it.id));
        let granted: Vec<_> = sent
            .filter(|it| matches!(*it.message, Message::RequestVoteReply { granted: true, .. }))
            .map(|it| it.link.to)
            .collect();
        self.learn(server, &done.judgement, &granted);
    }

    fn learn(&mut self, server: NodeId, judgement: &Judgement, granted: &[NodeId]) {
        let of = self.world.server(server).expect("there");
        let entry = |index: LogIndex| format!("{:?}", of.log().get(index));
        for fact in &judgement.learned {
            let content = match *fact {
                Fact::Leader(_) => format!("{server}"),
                Fact::Vote(term, _) => {
                    let stored = of.stored();
                    let own = stored.term == term && stored.voted_for == Some(server);
                    let vote = if own { server } else { granted[0] };
                    format!("{vote}")
                }
                Fact::Entry(index, _) => {
                    format!("{:?} {}", of.log().term_at(index.previous()), entry(index))
                }
                Fact::Committed(index) => {
                    format!("{} {:?} {}", of.term(), of.view().members, entry(index))
                }
                Fact::Applied(index) => entry(index),
            };
            assert_eq!(self.memory.insert(*fact, content), None, "learned once");
        }
    }

    /// What can happen, the likely things first.
    pub fn choices(&self) -> (Vec<Choice>, Vec<Choice>) {
        let (mut likely, mut faults) = (Vec::new(), Vec::new());
        for (place, (id, _)) in self.world.in_flight().enumerate() {
            likely.push(Choice::Deliver(place));
            faults.extend([Choice::Drop(place), Choice::Duplicate(place)]);
            faults.push(Choice::SetHeld(place, !self.world.is_held(id)));
        }
        for server in self.world.servers() {
            let id = server.id();
            for timer in Timer::ALL {
                if server.timer(timer).is_some() {
                    likely.push(Choice::Fire(id, timer));
                }
            }
            if server.pending_writes() > 0 {
                likely.push(Choice::FinishWrite(id));
            }
            if server.role() == Some(RoleName::Leader) {
                likely.push(Choice::Propose(id));
            }
            faults.push(match server.is_up() {
                true => Choice::Crash(id),
                false => Choice::Restart(id),
            });
            faults.push(Choice::Pause(id, !self.world.is_paused(id)));
            for other in self.world.ids().without(id).iter() {
                let link = Link {
                    from: id,
                    to: other,
                };
                faults.push(Choice::Cut(link, !self.world.is_cut(link)));
                faults.push(Choice::Transfer(id, other));
                faults.push(Choice::Change(id, MemberChange::Remove(other)));
                faults.push(Choice::Change(id, MemberChange::Add(other)));
            }
        }
        faults.push(Choice::Pass(Millis(40)));
        faults.push(Choice::Pass(Millis(160)));
        (likely, faults)
    }

    /// Does what a number selects; returns what that was.
    pub fn wander(&mut self, number: u32) -> Choice {
        let (likely, faults) = self.choices();
        let from = if number.is_multiple_of(5) || likely.is_empty() {
            faults
        } else {
            likely
        };
        let choice = from[number as usize / 5 % from.len()];
        self.take(choice);
        choice
    }

    pub fn violated(&self) -> Vec<Invariant> {
        let judge = self.world.judge();
        let all = Invariant::ALL.into_iter();
        all.filter(|it| judge.is_violated(*it)).collect()
    }
}
