//! A server of a world: its machine, its disk, its timers and its clock.

mod clock;
mod digest;
mod disk;
mod equal;
mod renamed;
mod timers;

use std::rc::Rc;

use hustings_raft::{
    Input, Log, LogIndex, Message, Millis, MillisRange, NodeId, Output, RoleName, Stored, Term,
    Timer,
};

pub(crate) use self::clock::{Clock, LocalTime};
use self::digest::ServerDigest;
pub(crate) use self::disk::{Disk, PendingWrite};
pub use self::timers::ArmedTimer;
pub(crate) use self::timers::{Drawn, TimerMap};
use crate::digest::digest_of;
use crate::machine::{Failure, Machine, Program, View};
use crate::message::WaitingMessage;
use crate::pattern::{LogEnd, ServerPattern};
use crate::rate::Rate;

/// A server: a machine that is running or has crashed, a disk, timers and a clock.
#[derive(Debug)]
pub struct Server {
    id: NodeId,
    /// What it runs; `None` for Raft's core.
    program: Option<Rc<dyn Program>>,
    /// A number for the program, which may have a long source.
    program_digest: u64,
    /// Kept while the server is down, only for its restart.
    machine: Box<dyn Machine>,
    /// What can be seen now: of the machine, or while the server is down of the disk.
    /// Shared for as long as nothing changes.
    view: Rc<View>,
    pub(crate) disk: Disk,
    pub(crate) timers: TimerMap<Option<ArmedTimer>>,
    pub(crate) clock: Clock,
    digest: ServerDigest,
}

impl Clone for Server {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            program: self.program.clone(),
            program_digest: self.program_digest,
            machine: self.machine.copy(),
            view: Rc::clone(&self.view),
            disk: self.disk.clone(),
            timers: self.timers,
            clock: self.clock,
            digest: self.digest.clone(),
        }
    }
}

impl Server {
    /// A running server whose machine has not taken a step.
    pub(crate) fn new(
        id: NodeId,
        program: Option<Rc<dyn Program>>,
        machine: Box<dyn Machine>,
        disk: Disk,
    ) -> Self {
        Self {
            id,
            program_digest: digest_of_program(program.as_deref()),
            program,
            view: Rc::new(running_view(&*machine)),
            machine,
            disk,
            timers: TimerMap::default(),
            clock: Clock::TRUE,
            digest: ServerDigest::default(),
        }
    }

    /// Puts another program, whose machine has not taken a step, in the place of one that
    /// is down.
    pub(crate) fn install(&mut self, program: Option<Rc<dyn Program>>, machine: Box<dyn Machine>) {
        self.program_digest = digest_of_program(program.as_deref());
        (self.program, self.machine) = (program, machine);
    }

    /// Stops the machine. Returns what could be seen before.
    pub(crate) fn crash(&mut self) -> Rc<View> {
        std::mem::replace(&mut self.view, Rc::new(View::down(&self.disk.stored)))
    }

    /// Has the machine take a step, and returns what could be seen before; one that is
    /// down can only restart. If a broken rule has reduced what it restored, that is all
    /// that the disk then holds. After a failure it is for the world to stop it.
    pub(crate) fn step(
        &mut self,
        now: Millis,
        input: Input,
        out: &mut Output,
    ) -> Result<Rc<View>, Box<Failure>> {
        let restarts = matches!(input, Input::Restart(_));
        if !restarts && !self.is_up() {
            return Ok(Rc::clone(&self.view));
        }
        self.machine
            .step(self.clock.local_millis(now), input, out)?;
        let view = running_view(&*self.machine);
        if restarts && self.machine.loses_disk_on_restart() {
            self.disk.stored = Stored {
                term: view.term,
                voted_for: view.voted_for,
                log: view.log.clone(),
            };
        }
        if *self.view == view {
            return Ok(Rc::clone(&self.view));
        }
        Ok(std::mem::replace(&mut self.view, Rc::new(view)))
    }

    /// Whether its machine can do anything with an input.
    pub(crate) fn knows(&self, input: &Input) -> bool {
        self.machine.knows(input)
    }

    /// What its program printed in its last step.
    pub(crate) fn printed(&self) -> &[Rc<str>] {
        self.machine.printed()
    }

    /// As [`Machine::dealt_with`].
    pub(crate) fn dealt_with(&self) -> Option<(NodeId, &Message)> {
        self.machine.dealt_with()
    }

    /// As [`Server::view`]; shared for as long as nothing changes.
    pub(crate) fn shared_view(&self) -> &Rc<View> {
        &self.view
    }

    /// What can be seen of it.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Its complete state.
    pub(crate) fn observed(&self) -> ServerPattern {
        let log = self.log();
        ServerPattern {
            role: self.role(),
            term: Some(self.term()),
            voted_for: Some(self.voted_for()),
            log: Some(log.iter().map(|(_, entry)| entry.term).collect()),
            last: Some(LogEnd::Position(log.last())),
            commit: Some(self.commit()),
            leader: Some(self.leader()),
            members: self.view().members,
            up: Some(self.is_up()),
            variables: Vec::new(),
        }
    }

    /// The server's name.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The program that it runs, or runs when it is restarted; `None` for Raft's core.
    pub fn program(&self) -> Option<&Rc<dyn Program>> {
        self.program.as_ref()
    }

    /// Whether the server is running.
    pub fn is_up(&self) -> bool {
        self.view.is_up()
    }

    /// The role, if the server runs.
    pub fn role(&self) -> Option<RoleName> {
        self.view.role
    }

    /// The term; of a crashed server the one on its disk.
    pub fn term(&self) -> Term {
        self.view.term
    }

    /// The vote in that term; of a crashed server the one on its disk.
    pub fn voted_for(&self) -> Option<NodeId> {
        self.view.voted_for
    }

    /// The log; of a crashed server the one on its disk.
    pub fn log(&self) -> &Log {
        &self.view.log
    }

    /// The commit index; 0 for a crashed server, which has forgotten it (§5.1).
    pub fn commit(&self) -> LogIndex {
        self.view.commit
    }

    /// The leader that the server follows, if it runs.
    pub fn leader(&self) -> Option<NodeId> {
        self.view.leader
    }

    /// A timer, if it is running.
    pub fn timer(&self, timer: Timer) -> Option<&ArmedTimer> {
        self.timers.get(timer).as_ref()
    }

    /// The rate of its clock.
    pub fn clock_rate(&self) -> Rate {
        self.clock.rate()
    }

    /// What is on its disk.
    pub fn stored(&self) -> &Stored {
        &self.disk.stored
    }

    /// The range of its write durations.
    pub fn disk_delay(&self) -> MillisRange {
        self.disk.delay
    }

    /// The messages that are sent once a write is durable, oldest first.
    pub fn waiting(&self) -> &[Rc<WaitingMessage>] {
        &self.disk.waiting
    }

    /// The number of pending writes.
    pub fn pending_writes(&self) -> usize {
        self.disk.writes.len()
    }
}

fn digest_of_program(program: Option<&dyn Program>) -> u64 {
    program.map_or(0, |it| digest_of(&(it.name(), it.source(), it.mended())))
}

/// What can be seen of a machine that runs: whether it does is not for itself to say.
fn running_view(machine: &dyn Machine) -> View {
    let mut view = machine.view();
    view.role.get_or_insert(RoleName::Follower);
    view
}
