//! A step of a machine, and the effects that the world carries out.

use std::rc::Rc;

use hustings_raft::{
    Effect, Input, Message, Millis, MillisRange, NodeId, RoleName, Timer, Write, WriteId,
};

use super::network::Network;
use super::{Chance, Done, Failed, World, slot};
use crate::judge::{Step, is_about_next_term, may_become};
use crate::machine::{Failure, View};
use crate::message::WaitingMessage;
use crate::path::Link;
use crate::schedule::What;
use crate::server::{ArmedTimer, Clock, Drawn, LocalTime, PendingWrite, Server};

/// The effects of steps of one server, being carried out.
struct Effects<'a, C> {
    now: Millis,
    server: &'a mut Server,
    network: Network<'a>,
    chance: &'a mut C,
    done: &'a mut Done,
    /// The last write that became durable at once.
    durable: Option<WriteId>,
    /// How many have.
    written_at_once: usize,
    /// Why the last step was not taken.
    failure: Option<Box<Failure>>,
}

impl World {
    /// The maximum number of writes that become durable within one step. A server that
    /// writes again whenever a write is done goes on in later steps.
    pub const WRITES_AT_ONCE_MAX: usize = 100;

    /// Has a server take a step, carries out the effects and judges them. A write to a
    /// disk without delay is durable within the same step. A server whose program fails
    /// crashes ([`Done::failed`]). `None` if there is no such server.
    pub fn step(
        &mut self,
        id: NodeId,
        input: Input,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        self.carry_out(id, chance, done, |effects| effects.take_steps(input))
    }

    /// Makes a server's oldest write durable, sends what waited for it, and tells the
    /// server. Returns the write; `None` if none is pending.
    pub fn finish_write(
        &mut self,
        id: NodeId,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<WriteId> {
        let write = self.server(id)?.disk.writes.first()?.write.id;
        self.carry_out(id, chance, done, |effects| {
            effects.finish_oldest_write();
            effects.send_ready();
            effects.take_steps(Input::WriteDone(write));
        })?;
        Some(write)
    }

    fn carry_out<C: Chance>(
        &mut self,
        id: NodeId,
        chance: &mut C,
        done: &mut Done,
        act: impl FnOnce(&mut Effects<'_, C>),
    ) -> Option<()> {
        done.clear();
        let servers = self.servers.len();
        let server = Rc::make_mut(self.servers.get_mut(slot(id))?);
        server.forget_digest();
        done.was_up = server.is_up();
        let mut effects = Effects {
            now: self.now,
            server,
            network: Network {
                now: self.now,
                servers,
                schedule: &mut self.schedule,
                waiting: &mut self.waiting,
                usual_latency: self.usual_latency,
                latencies: &self.latencies,
                digest: &mut self.messages_digest,
            },
            chance,
            done: &mut *done,
            durable: None,
            written_at_once: 0,
            failure: None,
        };
        act(&mut effects);
        let failure = effects.failure.take();
        self.judge_step(id, done)?;
        if let Some(failure) = failure {
            let crashed = self.crash(id)?;
            done.failed = Some(Box::new(Failed { failure, crashed }));
        }
        Some(())
    }

    /// Judges the step that was done, of a server.
    pub(super) fn judge_step(&mut self, id: NodeId, done: &mut Done) -> Option<()> {
        let sent = done.sent.iter();
        let messages = sent.filter_map(|it| self.schedule.message(it.id));
        let step = Step {
            server: id,
            before: done.before.as_deref()?,
            was_up: done.was_up,
            disk_before: done.disk_before.as_ref(),
            wrong_role: done.wrong_role,
        };
        self.judge
            .step(&self.servers, step, messages, &mut done.judgement);
        Some(())
    }
}

impl<C: Chance> Effects<'_, C> {
    /// Takes a step for an input, and one for each write that is durable at once.
    fn take_steps(&mut self, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next {
            self.take_step(input);
            let mut effects = std::mem::take(&mut self.done.output.effects);
            for effect in effects.drain(..) {
                self.carry_out(effect);
            }
            self.done.output.effects = effects;
            next = self.durable.take().map(Input::WriteDone);
        }
    }

    fn take_step(&mut self, input: Input) {
        let later_term = match &input {
            Input::Message { message, .. } => {
                !is_about_next_term(message) && message.term() > self.server.term()
            }
            _ => false,
        };
        if let Input::Restart(_) = input {
            self.keep_disk_before();
        }
        let was_up = self.server.is_up() || matches!(input, Input::Restart(_));
        let before = match self.server.step(self.now, input, &mut self.done.output) {
            Ok(before) => before,
            Err(failure) => {
                self.done.output.effects.clear();
                self.failure = Some(failure);
                Rc::clone(self.server.shared_view())
            }
        };
        if was_up {
            self.done.printed.extend_from_slice(self.server.printed());
        }
        let after = self.server.view();
        if !Rc::ptr_eq(&before, self.server.shared_view())
            && !may_become(&before, after, later_term)
        {
            let role = |view: &View| view.role.unwrap_or(RoleName::Follower);
            self.done.wrong_role = Some((role(&before), role(after)));
        }
        self.done.before.get_or_insert(before);
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Persist(write) => self.write(write),
            Effect::Send { to, message, after } => self.send(to, message, after),
            Effect::Arm { timer, duration } => self.arm(timer, duration),
            Effect::Disarm(timer) => self.disarm(timer),
            // The state machines are the committed prefixes of the logs.
            Effect::Apply { .. } => {}
            Effect::Reply(reply) => self.done.replies.push(reply),
        }
    }

    fn send(&mut self, to: NodeId, message: Message, after: Option<WriteId>) {
        let Some(link) = Link::between(self.server.id(), to).filter(|_| self.network.has(to))
        else {
            // No network takes a message from a server to itself, or to nobody.
            return;
        };
        let message = self.chance.share(message);
        match after.filter(|write| self.server.disk.is_pending(*write)) {
            Some(write) => {
                let waiting = Rc::new(WaitingMessage {
                    link,
                    message,
                    write,
                });
                self.server.disk.waiting.push(Rc::clone(&waiting));
                *self.network.waiting += 1;
                self.done.waiting.push(waiting);
            }
            None => {
                self.network
                    .send(link, message, false, self.chance, &mut self.done.sent);
            }
        }
    }

    /// Sends the messages whose writes are durable now.
    fn send_ready(&mut self) {
        for waiting in self.server.disk.take_ready() {
            *self.network.waiting -= 1;
            let message = Rc::clone(&waiting.message);
            self.network.send(
                waiting.link,
                message,
                false,
                self.chance,
                &mut self.done.sent,
            );
        }
    }

    fn write(&mut self, write: Write) {
        let id = self.server.id();
        let takes = self.chance.write(id, self.server.disk.delay);
        let earlier = self.server.disk.writes.last().map(|it| it.done_at);
        let at_once = takes == Millis::ZERO && earlier.is_none();
        if at_once && self.written_at_once < World::WRITES_AT_ONCE_MAX {
            self.written_at_once += 1;
            self.keep_disk_before();
            self.server.disk.stored.apply(&write);
            self.durable = Some(write.id);
            return;
        }
        let done_at = self.now.plus(takes).max(earlier.unwrap_or_default());
        let pending = self.network.schedule.add(done_at, What::Write(id));
        self.server.disk.writes.push(PendingWrite {
            write,
            done_at,
            pending,
        });
        self.done.writes += 1;
    }

    fn finish_oldest_write(&mut self) {
        self.keep_disk_before();
        if let Some(done) = self.server.disk.finish_write() {
            self.network.schedule.remove(done.pending);
        }
    }

    fn keep_disk_before(&mut self) {
        let stored = &self.server.disk.stored;
        self.done.disk_before.get_or_insert_with(|| stored.clone());
    }

    fn arm(&mut self, timer: Timer, range: MillisRange) {
        let id = self.server.id();
        let runs = self.chance.timer(id, timer, range);
        let clock = self.server.clock;
        let drawn = Drawn {
            since: clock.local_time(self.now),
            range,
        };
        let due_local = drawn.since.plus(runs);
        *self.done.armed.get_mut(timer) = true;
        self.disarm(timer);
        let armed = armed(id, timer, clock, (due_local, drawn), &mut self.network);
        *self.server.timers.get_mut(timer) = Some(armed);
    }

    fn disarm(&mut self, timer: Timer) {
        if let Some(running) = self.server.timers.get_mut(timer).take() {
            self.network.schedule.remove(running.pending);
        }
    }
}

/// Has a timer fire at a local time of its server.
pub(super) fn armed(
    id: NodeId,
    timer: Timer,
    clock: Clock,
    (due_local, drawn): (LocalTime, Drawn),
    network: &mut Network<'_>,
) -> ArmedTimer {
    let due_at = clock.true_time_at(due_local);
    ArmedTimer {
        due_at,
        due_local,
        drawn,
        pending: network.schedule.add(due_at, What::Timer(id, timer)),
    }
}
