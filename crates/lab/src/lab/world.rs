//! Steps of the nodes, and the execution of their effects.

use std::rc::Rc;

use hustings_raft::{
    ClientReply, Effect, Input, LogIndex, Message, Millis, MillisRange, NodeId, Output, Reason,
    Rule, Timer, Write, WriteId,
};

use super::Lab;
use crate::checker::{ServerSnapshot, StepDelta, may_become};
use crate::command::Link;
use crate::event_queue::{EventKind, ScheduledEvent};
use crate::random::{RandomDraw, RandomStream};
use crate::record::{Change, Event, Flight, MessageId, Record, RecordId, WaitingMessage};
use crate::server::{LocalTime, RunningTimer, Server, Summary};

/// The outcome of a step, collected for its record.
#[derive(Default)]
pub(super) struct StepOutcome {
    delta: StepDelta,
    waiting: Vec<Rc<WaitingMessage>>,
    answers: Vec<ClientReply>,
    /// The last write that became durable at once.
    durable: Option<WriteId>,
}

impl StepOutcome {
    pub(super) fn into_sent(self) -> Box<[Rc<Flight>]> {
        self.delta.sent.into()
    }
}

impl Lab {
    pub(super) fn server_mut(&mut self, id: NodeId) -> Option<&mut Server> {
        self.servers
            .get_mut(usize::from(id.number()) - 1)
            .map(Rc::make_mut)
    }

    /// Records an event without a step of a node.
    pub(super) fn record(&mut self, event: Event, cause: Option<RecordId>) {
        self.record_sent(event, cause, Box::default());
    }

    pub(super) fn record_sent(
        &mut self,
        event: Event,
        cause: Option<RecordId>,
        sent: Box<[Rc<Flight>]>,
    ) {
        self.records.push(Record {
            sent,
            ..Record::plain(self.now, cause, event)
        });
    }

    /// Records a crash, with the changes that it caused.
    pub(super) fn record_crash(&mut self, event: Event, before: Option<Summary>, id: NodeId) {
        self.records.push(Record {
            changes: self.changes_since(before, id),
            ..Record::plain(self.now, None, event)
        });
    }

    /// Runs a step of a node, executes its effects and records them. A write to a disk
    /// without delay is durable within the same record.
    pub(super) fn input(
        &mut self,
        id: NodeId,
        input: Input,
        event: Event,
        cause: Option<RecordId>,
    ) {
        let before = self.server(id).map(Server::summary);
        let mut outcome = StepOutcome::default();
        let mut out = std::mem::take(&mut self.output.0);
        let snapshot = self.server(id).and_then(ServerSnapshot::of);
        if let Event::WriteDone { .. } = event {
            self.finish_oldest_write(id, &mut outcome);
            self.send_ready(id, &mut outcome);
        }
        if let Event::Restarted(_) = event {
            // A broken rule may have removed entries from the disk.
            outcome.delta.disk_from = Some(LogIndex(1));
            outcome.delta.stored_term = before.map(|before| before.term);
        }
        let mut next = Some(input);
        while let Some(input) = next {
            self.step_node(id, input, &mut out, &mut outcome);
            for effect in out.effects.drain(..) {
                self.apply_effect(id, effect, &mut outcome);
            }
            next = outcome.durable.take().map(Input::WriteDone);
        }
        let writes = self.server(id).map_or(0, Server::pending_writes);
        if writes == 0 && !self.header.broken.is_empty() {
            out.reasons.retain(|reason| !is_about_waiting(reason));
        }
        let is_broken = |reason: &Reason| matches!(reason, Reason::RuleBroken { .. });
        if !out.reasons.iter().any(is_broken) {
            out.standard.clear();
        }
        let standard = out.standard.as_slice().into();
        let reasons = self.recent_reasons.intern(&*out.reasons);
        out.clear();
        self.output.0 = out;
        let changes = self.changes_since(before, id);
        let record = self.records.next_id();
        let StepOutcome { delta, .. } = &outcome;
        self.checker
            .step(record, &self.servers, id, snapshot.as_ref(), delta);
        self.records.push(Record {
            at: self.now,
            cause,
            event,
            reasons,
            standard,
            changes,
            sent: outcome.delta.sent.into(),
            waiting: outcome.waiting.into(),
            answers: outcome.answers.into(),
        });
    }

    fn changes_since(&self, before: Option<Summary>, id: NodeId) -> Box<[Change]> {
        let after = self.server(id).map(Server::summary);
        match before.zip(after) {
            Some((before, after)) => before.changes_to(after),
            None => Box::default(),
        }
    }

    /// Checks the messages in flight of a server that may have lost its term.
    pub(super) fn recheck_in_flight(&mut self, id: NodeId) {
        let latest = RecordId(self.records.len().saturating_sub(1));
        let flights = self.queue.in_flight();
        self.checker
            .check_in_flight(latest, &self.servers, id, flights);
    }

    fn step_node(&mut self, id: NodeId, input: Input, out: &mut Output, outcome: &mut StepOutcome) {
        let now = self.now;
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let (old, before) = (server.role(), out.reasons.len());
        server.step(now, input, out);
        let down = |reason: &Reason| matches!(reason, Reason::SteppedDown { .. });
        let stepped_down = out.reasons.iter().skip(before).any(down);
        if let Some((old, new)) = old.zip(server.role())
            && !may_become(old, new, stepped_down)
        {
            outcome.delta.wrong_transition = Some((old, new));
        }
    }

    fn apply_effect(&mut self, id: NodeId, effect: Effect, outcome: &mut StepOutcome) {
        match effect {
            Effect::Persist(write) => self.write(id, write, outcome),
            Effect::Send { to, message, after } => {
                let link = Link { from: id, to };
                let message = self.recent_messages.intern(message);
                let waits = after.filter(|write| {
                    self.server(id)
                        .is_some_and(|server| server.disk.is_pending(*write))
                });
                match (waits, self.server_mut(id)) {
                    (Some(write), Some(server)) => {
                        let waiting = Rc::new(WaitingMessage {
                            link,
                            message,
                            write,
                        });
                        server.disk.waiting.push(Rc::clone(&waiting));
                        outcome.waiting.push(waiting);
                    }
                    _ => self.send_message(link, message, false, outcome),
                }
            }
            Effect::Arm { timer, duration } => self.arm(id, timer, duration),
            Effect::Disarm(timer) => self.disarm(id, timer),
            // The state machines are the committed prefixes of the logs.
            Effect::Apply { .. } => {}
            Effect::Reply(answer) => outcome.answers.push(answer),
        }
    }

    fn write(&mut self, id: NodeId, write: Write, outcome: &mut StepOutcome) {
        let seed = self.header.seed;
        let (now, cause) = (self.now, self.records.next_id());
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.write();
        let delay =
            RandomDraw::new(seed, RandomStream::Disk(id), count).duration(server.disk.delay);
        let earlier = server.disk.writes.last().map(|(_, done_at)| *done_at);
        let done_at = now.plus(delay).max(earlier.unwrap_or_default());
        let number = write.id;
        let changed = write.log.as_ref().map(|(from, _)| *from);
        outcome.delta.log_from = earlier_of(outcome.delta.log_from, changed);
        server.disk.writes.push((write, done_at));
        if earlier.is_none() && done_at == now {
            self.finish_oldest_write(id, outcome);
            outcome.durable = Some(number);
        } else {
            let kind = EventKind::Write(id);
            self.queue.push(done_at, ScheduledEvent { cause, kind });
        }
    }

    fn finish_oldest_write(&mut self, id: NodeId, outcome: &mut StepOutcome) {
        let changed = self
            .server_mut(id)
            .and_then(|server| server.disk.finish_write());
        outcome.delta.disk_from = earlier_of(outcome.delta.disk_from, changed);
    }

    /// Sends the messages whose writes are durable now.
    fn send_ready(&mut self, id: NodeId, outcome: &mut StepOutcome) {
        let free = self.server_mut(id).map(|server| server.disk.take_ready());
        for waiting in free.unwrap_or_default() {
            self.send_message(waiting.link, Rc::clone(&waiting.message), false, outcome);
        }
    }

    /// Sends a message, and a copy of it if the network duplicates it.
    pub(super) fn send_message(
        &mut self,
        link: Link,
        message: Rc<Message>,
        forged: bool,
        outcome: &mut StepOutcome,
    ) {
        let count = self.sent_count.get(link);
        self.sent_count.set(link, count.wrapping_add(1));
        let draw = |stream| RandomDraw::new(self.header.seed, stream, count.into());
        let lost = draw(RandomStream::Loss(link)).chance(self.header.loss);
        let twice = draw(RandomStream::Duplicate(link)).chance(self.header.duplicate);
        let range = self.latency(link);
        let latency = draw(RandomStream::Latency(link)).duration(range);
        let copy_latency = draw(RandomStream::CopyLatency(link)).duration(range);
        self.messages += 1;
        let flight = Flight {
            id: MessageId(self.messages),
            link,
            message,
            sent_at: self.now,
            due_at: self.now.plus(latency),
            lost,
            copy_of: None,
            forged,
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
            outcome.delta.sent.push(self.enqueue(flight));
        }
    }

    /// Schedules the arrival of a message.
    pub(super) fn enqueue(&mut self, flight: Flight) -> Rc<Flight> {
        let flight = Rc::new(flight);
        let cause = self.records.next_id();
        let kind = EventKind::Arrival(Rc::clone(&flight));
        self.queue
            .push(flight.due_at, ScheduledEvent { cause, kind });
        flight
    }

    fn arm(&mut self, id: NodeId, timer: Timer, duration: MillisRange) {
        let (now, seed) = (self.now, self.header.seed);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.timer(timer);
        let drawn = RandomDraw::new(seed, RandomStream::Timer(id, timer), count).duration(duration);
        let due_local = server.clock.local_time_after(now, drawn);
        self.set_timer(id, timer, (now, due_local), self.records.next_id());
    }

    /// Runs a timer until a local time of the server; replaces the timer if it was
    /// running.
    pub(super) fn set_timer(
        &mut self,
        id: NodeId,
        timer: Timer,
        (armed_at, due_local): (Millis, LocalTime),
        cause: RecordId,
    ) {
        self.disarm(id, timer);
        let Some(clock) = self.server(id).map(|server| server.clock) else {
            return;
        };
        let due_at = clock.true_time_at(due_local);
        let kind = EventKind::Timer(id, timer);
        let queue_key = self.queue.push(due_at, ScheduledEvent { cause, kind });
        if let Some(server) = self.server_mut(id) {
            *server.timers.get_mut(timer) = Some(RunningTimer {
                armed_at,
                due_at,
                due_local,
                queue_key,
                cause,
            });
        }
    }

    pub(super) fn disarm(&mut self, id: NodeId, timer: Timer) {
        let running = self
            .server_mut(id)
            .and_then(|server| server.timers.get_mut(timer).take());
        if let Some(running) = running {
            self.queue.remove(running.queue_key);
        }
    }
}

/// Whether a reason concerns a message that did not wait for the disk, which makes no
/// difference while no write is pending.
fn is_about_waiting(reason: &Reason) -> bool {
    let rule = match reason {
        Reason::RuleBroken { broken } => broken.rule(),
        _ => return false,
    };
    matches!(rule, Rule::DurableVote | Rule::DurableEntries)
}

fn earlier_of(one: Option<LogIndex>, other: Option<LogIndex>) -> Option<LogIndex> {
    [one, other].into_iter().flatten().min()
}
