//! What is: servers, disks, timers, messages on their way, cuts, time, and what the judge
//! remembers.
//!
//! A [`World`] is a value. It knows nothing of how it came about: no record, no command,
//! no cause. [`Run`](crate::Run) drives one and keeps what has been; a search drives many.
//! Each way to change it is a method that carries out one thing and returns what it did.

mod chance;
mod copy;
mod digest;
mod done;
mod equal;
mod faults;
mod holds;
mod known;
mod network;
mod packed;
mod redraw;
mod step;
mod symmetry;

use std::rc::Rc;

use hustings_raft::{Millis, MillisRange, NodeId, NodeSet, Timer};

pub use self::chance::{Chance, NoTime, Travel};
pub use self::done::{Done, Failed, Sent};
pub use self::faults::Crashed;
pub use self::known::{Foreseen, Prompt};
pub use self::network::Fate;
pub use self::packed::Parts;
pub use self::symmetry::Symmetry;
use crate::header::Header;
use crate::judge::{Judge, Judgement};
use crate::link_map::LinkSet;
use crate::machine::{Core, Machine, Program, Start};
use crate::path::Link;
use crate::schedule::{PendingId, Schedule, What};
use crate::server::{Disk, Server};
use crate::vec_map::VecMap;

/// A cluster of servers and everything between them, at one moment.
///
/// Two worlds are equal if the same can happen next in both, at the same times. What is
/// pending counts in the order in which it was added, since that decides what comes first
/// of what is due at one time. For worlds that differ in time and order alone, see
/// [`World::digest`].
#[derive(Debug)]
pub struct World {
    now: Millis,
    servers: Vec<Rc<Server>>,
    schedule: Schedule,
    cuts: LinkSet,
    /// The latency of links that have none of their own.
    usual_latency: MillisRange,
    latencies: VecMap<Link, MillisRange>,
    judge: Judge,
    /// The number of messages that wait for a disk, at all servers.
    waiting: usize,
    /// The sum of the digests of the messages on their way, once it was asked for.
    messages_digest: Option<u64>,
}

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// A message arrives: [`World::arrive`].
    Arrival(PendingId),
    /// A timer fires: [`World::fire`].
    Timer(NodeId, Timer),
    /// The oldest write of a server becomes durable: [`World::finish_write`].
    Write(NodeId),
}

impl World {
    /// The servers of a valid header, none of which has taken a step, and the judgement on
    /// what each starts with.
    pub fn new(header: &Header) -> (Self, Vec<Judgement>) {
        let servers: Vec<_> = header
            .servers()
            .iter()
            .map(|id| Rc::new(new_server(id, header)))
            .collect();
        let mut judge = Judge::default();
        let judged = judge.start(header.members(), &servers);
        let world = Self {
            now: Millis::ZERO,
            servers,
            schedule: Schedule::default(),
            cuts: LinkSet::default(),
            usual_latency: header.latency,
            latencies: VecMap::default(),
            judge,
            waiting: 0,
            messages_digest: None,
        };
        (world, judged)
    }

    /// The time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// Lets time pass without anything happening; it never goes back.
    pub fn pass_to(&mut self, time: Millis) {
        self.now = self.now.max(time);
    }

    /// The names of the servers.
    pub fn ids(&self) -> NodeSet {
        self.servers.iter().map(|server| server.id()).collect()
    }

    /// The servers, in order.
    pub fn servers(&self) -> impl ExactSizeIterator<Item = &Server> {
        self.servers.iter().map(Rc::as_ref)
    }

    /// A server, if the cluster has it.
    pub fn server(&self, id: NodeId) -> Option<&Server> {
        self.servers.get(slot(id)).map(Rc::as_ref)
    }

    /// Whether a server is paused: it keeps its state, and what concerns it waits.
    pub fn is_paused(&self, server: NodeId) -> bool {
        self.schedule.paused().contains(server)
    }

    /// When the next event is due, which may be past; `None` if none is pending that can
    /// happen.
    pub fn next_due(&self) -> Option<Millis> {
        self.schedule.next().map(|(due_at, _)| due_at)
    }

    /// What happens next, and when, which may be past; `None` if nothing is pending that
    /// can happen.
    pub fn next(&self) -> Option<(Millis, Next)> {
        let (due_at, id) = self.schedule.next()?;
        let next = match self.schedule.get(id)?.what {
            What::Arrival(_) => Next::Arrival(id),
            What::Timer(server, timer) => Next::Timer(server, timer),
            What::Write(server) => Next::Write(server),
        };
        Some((due_at, next))
    }

    /// Whether no message is on its way and no write pending.
    pub fn is_quiet(&self) -> bool {
        self.schedule.is_quiet()
    }

    /// Until when something is fresh that a server remembers: of its leader, or that it
    /// holds a lease. `None` if nothing is, or for ever.
    pub fn fresh_until(&self) -> Option<Millis> {
        let until = |server: &Rc<Server>| server.fresh_until(self.now);
        self.servers.iter().filter_map(until).max()
    }

    /// What the judge remembers.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    fn server_mut(&mut self, id: NodeId) -> Option<&mut Server> {
        let server = Rc::make_mut(self.servers.get_mut(slot(id))?);
        server.forget_digest();
        Some(server)
    }
}

fn slot(id: NodeId) -> usize {
    usize::from(id.number()) - 1
}

fn new_server(id: NodeId, header: &Header) -> Server {
    let start = header.start_of(id);
    let stored = start.stored.clone();
    let program = header.programs.get(id).cloned();
    let machine = new_machine(program.as_deref(), start, header);
    Server::new(id, program, machine, Disk::new(stored, header.disk))
}

/// A machine of a program, or of Raft's core, that has not taken a step.
fn new_machine(program: Option<&dyn Program>, start: Start, header: &Header) -> Box<dyn Machine> {
    let broken = header.broken;
    let core = Core { broken };
    program.unwrap_or(&core).machine(start)
}
