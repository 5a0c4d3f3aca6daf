//! Steps of the nodes, and what becomes of their effects.

use std::rc::Rc;

use hustings_raft::{
    Answer, Effect, Input, Message, MillisRange, NodeId, Output, Timer, Write, WriteId,
};

use super::Lab;
use crate::agenda::{Item, Pending};
use crate::command::Link;
use crate::draw::{Draw, Stream};
use crate::record::{Event, Flight, MessageId, Record, RecordId};
use crate::server::{Gated, RunningTimer, Server};

/// What a record gathers while it is being made.
#[derive(Default)]
struct Gathered {
    sent: Vec<Rc<Flight>>,
    answers: Vec<Answer>,
    /// The last write that became durable at once.
    durable: Option<WriteId>,
}

impl Lab {
    pub(super) fn server_mut(&mut self, id: NodeId) -> Option<&mut Server> {
        self.servers
            .get_mut(usize::from(id.number()) - 1)
            .map(Rc::make_mut)
    }

    /// Records something that makes no node take a step.
    pub(super) fn record(&mut self, event: Event, cause: Option<RecordId>) {
        self.record_sent(event, cause, Vec::new());
    }

    pub(super) fn record_sent(
        &mut self,
        event: Event,
        cause: Option<RecordId>,
        sent: Vec<Rc<Flight>>,
    ) {
        self.records.push(Record {
            at: self.now,
            cause,
            event,
            reasons: Vec::new(),
            changes: Vec::new(),
            sent,
            answers: Vec::new(),
        });
    }

    /// Lets a node take a step, carries out its effects and records it all. A
    /// write to an immediate disk is durable within the same record.
    pub(super) fn input(
        &mut self,
        id: NodeId,
        input: Input,
        event: Event,
        cause: Option<RecordId>,
    ) {
        let mut gathered = Gathered::default();
        let mut out = std::mem::take(&mut self.scratch);
        let before = self.server(id).and_then(Server::summary);
        if let Event::WriteDone { .. } = event {
            self.release_gated(id, &mut gathered);
        }
        let mut reasons = Vec::new();
        let mut next = Some(input);
        while let Some(input) = next {
            self.step_node(id, input, &mut out);
            reasons.append(&mut out.reasons);
            for effect in out.effects.drain(..) {
                self.carry_out(id, effect, &mut gathered);
            }
            next = gathered.durable.take().map(Input::WriteDone);
        }
        self.scratch = out;
        let after = self.server(id).and_then(Server::summary);
        let changes = match (before, after) {
            (Some(before), Some(after)) => before.changes_to(after),
            _ => Vec::new(),
        };
        self.records.push(Record {
            at: self.now,
            cause,
            event,
            reasons,
            changes,
            sent: gathered.sent,
            answers: gathered.answers,
        });
    }

    fn step_node(&mut self, id: NodeId, input: Input, out: &mut Output) {
        let now = self.now;
        if let Some(node) = self.server_mut(id).and_then(|server| server.node.as_mut()) {
            node.step(now, input, out);
        }
    }

    fn carry_out(&mut self, id: NodeId, effect: Effect, gathered: &mut Gathered) {
        match effect {
            Effect::Persist(write) => self.write(id, write, gathered),
            Effect::Send { to, message, after } => {
                let waits = after.filter(|write| {
                    self.server(id)
                        .is_some_and(|server| server.disk.waits_for(*write))
                });
                match (waits, self.server_mut(id)) {
                    (Some(after), Some(server)) => {
                        server.disk.gated.push_back(Gated { after, to, message });
                    }
                    _ => self.post(Link { from: id, to }, message, gathered),
                }
            }
            Effect::Arm { timer, duration } => self.arm(id, timer, duration),
            Effect::Disarm(timer) => self.disarm(id, timer),
            // The state machines are the committed prefixes of the logs.
            Effect::Apply { .. } => {}
            Effect::Answer(answer) => gathered.answers.push(answer),
        }
    }

    fn write(&mut self, id: NodeId, write: Write, gathered: &mut Gathered) {
        let (seed, range) = (self.header.seed, self.header.disk);
        let (now, cause) = (self.now, self.records.next_id());
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.write();
        let delay = Draw::new(seed, Stream::Disk(id), count).duration(range);
        let earlier = server.disk.writes.back().map(|(_, done_at)| *done_at);
        let done_at = now.plus(delay).max(earlier.unwrap_or_default());
        let number = write.id;
        server.disk.writes.push_back((write, done_at));
        if earlier.is_none() && done_at == now {
            server.disk.finish_write();
            gathered.durable = Some(number);
        } else {
            let what = Pending::Write(id);
            self.agenda.enter(done_at, Item { cause, what });
        }
    }

    /// Sends the messages that waited for what is durable now.
    fn release_gated(&mut self, id: NodeId, gathered: &mut Gathered) {
        loop {
            let Some(server) = self.server_mut(id) else {
                return;
            };
            let disk = &mut server.disk;
            let free = disk
                .gated
                .front()
                .is_some_and(|gated| !disk.waits_for(gated.after));
            let Some(gated) = free.then(|| disk.gated.pop_front()).flatten() else {
                return;
            };
            self.post(
                Link {
                    from: id,
                    to: gated.to,
                },
                gated.message,
                gathered,
            );
        }
    }

    fn post(&mut self, link: Link, message: Message, gathered: &mut Gathered) {
        let count = self.sent_count.count(link);
        let draw = |stream| Draw::new(self.header.seed, stream, count);
        let lost = draw(Stream::Loss(link)).chance(self.header.loss);
        let twice = draw(Stream::Duplicate(link)).chance(self.header.duplicate);
        let latency = draw(Stream::Latency(link)).duration(self.header.latency);
        let copy_latency = draw(Stream::CopyLatency(link)).duration(self.header.latency);
        self.messages += 1;
        let flight = Flight {
            id: MessageId(self.messages),
            link,
            message,
            sent_at: self.now,
            due_at: self.now.plus(latency),
            lost,
            copy_of: None,
        };
        let copy = twice.then(|| {
            self.messages += 1;
            Flight {
                id: MessageId(self.messages),
                due_at: self.now.plus(copy_latency),
                lost: false,
                copy_of: Some(flight.id),
                ..flight.clone()
            }
        });
        for flight in [Some(flight), copy].into_iter().flatten() {
            gathered.sent.push(self.take_off(flight));
        }
    }

    /// Puts a message on its way.
    pub(super) fn take_off(&mut self, flight: Flight) -> Rc<Flight> {
        let flight = Rc::new(flight);
        let cause = self.records.next_id();
        let what = Pending::Arrival(Rc::clone(&flight));
        self.agenda.enter(flight.due_at, Item { cause, what });
        flight
    }

    fn arm(&mut self, id: NodeId, timer: Timer, duration: MillisRange) {
        self.disarm(id, timer);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.timer(timer);
        let stream = Stream::Timer(id, timer);
        let drawn = Draw::new(self.header.seed, stream, count).duration(duration);
        let (armed_at, cause) = (self.now, self.records.next_id());
        let due_at = armed_at.plus(drawn);
        let what = Pending::Timer(id, timer);
        let slot = self.agenda.enter(due_at, Item { cause, what });
        if let Some(server) = self.server_mut(id) {
            *server.timers.get_mut(timer) = Some(RunningTimer {
                armed_at,
                due_at,
                slot,
                cause,
            });
        }
    }

    pub(super) fn disarm(&mut self, id: NodeId, timer: Timer) {
        let running = self
            .server_mut(id)
            .and_then(|server| server.timers.get_mut(timer).take());
        if let Some(running) = running {
            self.agenda.remove(running.slot);
        }
    }
}
