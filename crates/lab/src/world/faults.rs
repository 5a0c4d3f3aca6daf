//! What happens to servers, but for messages: timers that fire, crashes and restarts,
//! pauses, requests, slow clocks and disks.

use std::rc::Rc;

use hustings_raft::{Input, LogIndex, MillisRange, NodeId, Timer};

use super::step::armed;
use super::{Chance, Done, World, new_machine};
use crate::header::Header;
use crate::judge::Judgement;
use crate::machine::{Program, Start, View};
use crate::message::WaitingMessage;
use crate::rate::Rate;

/// What a crash did.
#[derive(Debug)]
pub struct Crashed {
    /// What could be seen of the server before.
    pub before: Rc<View>,
    /// The number of writes that were not durable.
    pub lost_writes: usize,
    /// The messages that waited for them.
    pub unsent: Vec<Rc<WaitingMessage>>,
    /// What the judge has found.
    pub judgement: Judgement,
}

impl World {
    /// Has a running timer fire now. `None` if it does not run.
    pub fn fire(
        &mut self,
        id: NodeId,
        timer: Timer,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        self.disarm(id, timer)?;
        self.step(id, Input::Timer(timer), chance, done)
    }

    fn disarm(&mut self, id: NodeId, timer: Timer) -> Option<()> {
        let running = self.server_mut(id)?.timers.get_mut(timer).take()?;
        self.schedule.remove(running.pending);
        Some(())
    }

    /// Stops a server. It keeps what is on its disk; its unfinished writes, the messages
    /// that wait for them and its timers are lost. `None` if there is no such server.
    pub fn crash(&mut self, id: NodeId) -> Option<Crashed> {
        self.schedule.set_paused(id, false);
        for timer in Timer::ALL {
            self.disarm(id, timer);
        }
        let server = self.server_mut(id)?;
        let writes = std::mem::take(&mut server.disk.writes);
        let unsent = std::mem::take(&mut server.disk.waiting);
        let before = server.crash();
        self.waiting -= unsent.len();
        let lost_writes = writes.len();
        for lost in writes {
            self.schedule.remove(lost.pending);
        }
        let mut judgement = Judgement::default();
        self.judge_messages_of(id, &mut judgement);
        Some(Crashed {
            before,
            lost_writes,
            unsent,
            judgement,
        })
    }

    /// Starts a server that is down, from its disk. `None` if there is no such server, or
    /// it runs.
    pub fn restart(&mut self, id: NodeId, chance: &mut impl Chance, done: &mut Done) -> Option<()> {
        let server = self.server(id).filter(|server| !server.is_up())?;
        let stored = server.stored().clone();
        self.step(id, Input::Restart(stored), chance, done)?;
        self.judge_messages_of(id, &mut done.judgement);
        Some(())
    }

    /// Starts a server that is down, from its disk, with another program than before, or
    /// with Raft's core, in a world of this header. `None` if there is no such server, or it
    /// runs.
    pub fn install(
        &mut self,
        id: NodeId,
        program: Option<Rc<dyn Program>>,
        header: &Header,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        let server = self.server_mut(id).filter(|server| !server.is_up())?;
        let start = Start {
            id,
            members: header.members(),
            options: header.raft,
            stored: server.stored().clone(),
            commit: LogIndex::ZERO,
        };
        let machine = new_machine(program.as_deref(), start, header);
        server.install(program, machine);
        self.restart(id, chance, done)
    }

    /// A server that has lost its term may have sent messages of a later one.
    pub(super) fn judge_messages_of(&mut self, id: NodeId, judgement: &mut Judgement) {
        let Some(server) = self.servers.get(super::slot(id)) else {
            return;
        };
        let messages = self.schedule.messages().map(|(_, flight, _)| flight);
        let own = messages.filter(|flight| flight.link.from == id);
        self.judge.messages_of(server, own, judgement);
    }

    /// Pauses or resumes a server: what concerns it waits.
    pub fn set_paused(&mut self, id: NodeId, paused: bool) {
        self.schedule.set_paused(id, paused);
    }

    /// Sets how long new writes of a server take.
    pub fn set_disk(&mut self, id: NodeId, range: MillisRange) {
        if let Some(server) = self.server_mut(id) {
            server.disk.delay = range;
        }
    }

    /// Sets the rate of a server's clock. Its running timers fire at the same local times
    /// as before.
    pub fn set_clock(&mut self, id: NodeId, rate: Rate) {
        let now = self.now;
        let Some(server) = self.server_mut(id).filter(|it| it.clock_rate() != rate) else {
            return;
        };
        server.clock.set(now, rate);
        for timer in Timer::ALL {
            self.reschedule(id, timer);
        }
    }

    /// Reschedules a timer that is not overdue by its server's clock.
    fn reschedule(&mut self, id: NodeId, timer: Timer) {
        let Some(server) = self.server(id) else {
            return;
        };
        let (clock, running) = (server.clock, server.timer(timer).copied());
        if let Some(running) = running.filter(|running| running.due_at > self.now) {
            self.schedule.remove(running.pending);
            let due = (running.due_local, running.drawn);
            let again = armed(id, timer, clock, due, &mut self.network());
            if let Some(server) = self.server_mut(id) {
                *server.timers.get_mut(timer) = Some(again);
            }
        }
    }
}
