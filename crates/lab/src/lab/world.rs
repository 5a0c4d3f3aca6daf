//! Steps of the nodes, and what becomes of their effects.

use std::rc::Rc;

use hustings_raft::{
    Answer, Effect, Input, LogIndex, Message, Millis, MillisRange, NodeId, Output, Reason, Rule,
    Timer, Write, WriteId,
};

use super::Lab;
use crate::agenda::{Item, Pending};
use crate::command::Link;
use crate::draw::{Draw, Stream};
use crate::record::{Change, Event, Flight, MessageId, Record, RecordId, Waiting};
use crate::server::{Hundredths, RunningTimer, Server, Summary};
use crate::watch::{Before, Deeds, may_become};

/// What a record gathers while it is being made.
#[derive(Default)]
pub(super) struct Gathered {
    deeds: Deeds,
    waiting: Vec<Rc<Waiting>>,
    answers: Vec<Answer>,
    /// The last write that became durable at once.
    durable: Option<WriteId>,
}

impl Gathered {
    pub(super) fn into_sent(self) -> Box<[Rc<Flight>]> {
        self.deeds.sent.into()
    }
}

impl Lab {
    pub(super) fn server_mut(&mut self, id: NodeId) -> Option<&mut Server> {
        self.servers
            .get_mut(usize::from(id.number()) - 1)
            .map(Rc::make_mut)
    }

    /// Records something that makes no node take a step.
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

    /// Records that a server crashed, with what it has lost by that.
    pub(super) fn record_crash(&mut self, event: Event, before: Option<Summary>, id: NodeId) {
        self.records.push(Record {
            changes: self.changes_since(before, id),
            ..Record::plain(self.now, None, event)
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
        let before = self.server(id).map(Server::summary);
        let mut gathered = Gathered::default();
        let mut out = std::mem::take(&mut self.scratch.0);
        let watched = self.server(id).and_then(Before::of);
        if let Event::WriteDone { .. } = event {
            self.finish_oldest_write(id, &mut gathered);
            self.let_go(id, &mut gathered);
        }
        if let Event::Restarted(_) = event {
            // What the server did not find on its disk is gone from there.
            gathered.deeds.disk_from = Some(LogIndex(1));
            gathered.deeds.stored_term = before.map(|before| before.term);
        }
        let mut next = Some(input);
        while let Some(input) = next {
            self.step_node(id, input, &mut out, &mut gathered);
            for effect in out.effects.drain(..) {
                self.carry_out(id, effect, &mut gathered);
            }
            next = gathered.durable.take().map(Input::WriteDone);
        }
        let writes = self.server(id).map_or(0, Server::pending_writes);
        if writes == 0 && !self.header.broken.is_empty() {
            out.reasons.retain(|reason| !is_about_waiting(reason));
        }
        let reasons = self.recent_reasons.share(&*out.reasons);
        out.clear();
        self.scratch.0 = out;
        let changes = self.changes_since(before, id);
        let record = self.records.next_id();
        let Gathered { deeds, .. } = &gathered;
        self.watch
            .step(record, &self.servers, id, watched.as_ref(), deeds);
        self.records.push(Record {
            at: self.now,
            cause,
            event,
            reasons,
            changes,
            sent: gathered.deeds.sent.into(),
            waiting: gathered.waiting.into(),
            answers: gathered.answers.into(),
        });
    }

    fn changes_since(&self, before: Option<Summary>, id: NodeId) -> Box<[Change]> {
        let after = self.server(id).map(Server::summary);
        match before.zip(after) {
            Some((before, after)) => before.changes_to(after),
            None => Box::default(),
        }
    }

    /// Looks again at the messages of a server that may have lost its term.
    pub(super) fn watch_flights(&mut self, id: NodeId) {
        let latest = RecordId(self.records.len().saturating_sub(1));
        let flights = self.agenda.flights();
        self.watch.check_flights(latest, &self.servers, id, flights);
    }

    fn step_node(&mut self, id: NodeId, input: Input, out: &mut Output, gathered: &mut Gathered) {
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
            gathered.deeds.wrong_transition = Some((old, new));
        }
    }

    fn carry_out(&mut self, id: NodeId, effect: Effect, gathered: &mut Gathered) {
        match effect {
            Effect::Persist(write) => self.write(id, write, gathered),
            Effect::Send { to, message, after } => {
                let link = Link { from: id, to };
                let message = self.recent_messages.share(message);
                let waits = after.filter(|write| {
                    self.server(id)
                        .is_some_and(|server| server.disk.waits_for(*write))
                });
                match (waits, self.server_mut(id)) {
                    (Some(write), Some(server)) => {
                        let waiting = Rc::new(Waiting {
                            link,
                            message,
                            write,
                        });
                        server.disk.waiting.push(Rc::clone(&waiting));
                        gathered.waiting.push(waiting);
                    }
                    _ => self.post(link, message, false, gathered),
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
        let seed = self.header.seed;
        let (now, cause) = (self.now, self.records.next_id());
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.write();
        let delay = Draw::new(seed, Stream::Disk(id), count).duration(server.disk.delay);
        let earlier = server.disk.writes.last().map(|(_, done_at)| *done_at);
        let done_at = now.plus(delay).max(earlier.unwrap_or_default());
        let number = write.id;
        let changed = write.log.as_ref().map(|(from, _)| *from);
        gathered.deeds.log_from = earlier_of(gathered.deeds.log_from, changed);
        server.disk.writes.push((write, done_at));
        if earlier.is_none() && done_at == now {
            self.finish_oldest_write(id, gathered);
            gathered.durable = Some(number);
        } else {
            let what = Pending::Write(id);
            self.agenda.enter(done_at, Item { cause, what });
        }
    }

    fn finish_oldest_write(&mut self, id: NodeId, gathered: &mut Gathered) {
        let changed = self
            .server_mut(id)
            .and_then(|server| server.disk.finish_write());
        gathered.deeds.disk_from = earlier_of(gathered.deeds.disk_from, changed);
    }

    /// Sends the messages that waited for what is durable now.
    fn let_go(&mut self, id: NodeId, gathered: &mut Gathered) {
        let free = self.server_mut(id).map(|server| server.disk.take_free());
        for waiting in free.unwrap_or_default() {
            self.post(waiting.link, Rc::clone(&waiting.message), false, gathered);
        }
    }

    /// Puts a message on its way, and perhaps a copy of it.
    pub(super) fn post(
        &mut self,
        link: Link,
        message: Rc<Message>,
        forged: bool,
        gathered: &mut Gathered,
    ) {
        let count = self.sent_count.get(link);
        self.sent_count.set(link, count.wrapping_add(1));
        let draw = |stream| Draw::new(self.header.seed, stream, count.into());
        let lost = draw(Stream::Loss(link)).chance(self.header.loss);
        let twice = draw(Stream::Duplicate(link)).chance(self.header.duplicate);
        let range = self.latency(link);
        let latency = draw(Stream::Latency(link)).duration(range);
        let copy_latency = draw(Stream::CopyLatency(link)).duration(range);
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
            gathered.deeds.sent.push(self.take_off(flight));
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
        let (now, seed) = (self.now, self.header.seed);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let count = server.draws.timer(timer);
        let drawn = Draw::new(seed, Stream::Timer(id, timer), count).duration(duration);
        let due_shown = server.clock.shows_after(now, drawn);
        self.set_timer(id, timer, (now, due_shown), self.records.next_id());
    }

    /// Lets a timer run from a time until the server's clock shows another, and
    /// the one that ran before no more.
    pub(super) fn set_timer(
        &mut self,
        id: NodeId,
        timer: Timer,
        (armed_at, due_shown): (Millis, Hundredths),
        cause: RecordId,
    ) {
        self.disarm(id, timer);
        let Some(clock) = self.server(id).map(|server| server.clock) else {
            return;
        };
        let due_at = clock.time_of(due_shown);
        let what = Pending::Timer(id, timer);
        let slot = self.agenda.enter(due_at, Item { cause, what });
        if let Some(server) = self.server_mut(id) {
            *server.timers.get_mut(timer) = Some(RunningTimer {
                armed_at,
                due_at,
                due_shown,
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

/// Whether a reason tells of a message that did not wait for the disk. That makes no
/// difference while nothing is being written.
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
