//! Does what is planned, and records it.

use std::rc::Rc;

use hustings_raft::{Input, Message, Millis, NodeId, Timer};

use super::Run;
use super::origins::Departure;
use super::plan::{Act, Partition, Until};
use crate::machine::{Failure, Program};
use crate::message::Loss;
use crate::path::Link;
use crate::record::{Event, Flight, Record, RecordId};
use crate::schedule::PendingId;
use crate::server::Server;
use crate::world::{Crashed, Fate, Next};

impl Run {
    pub(super) fn act(&mut self, act: Act) {
        match act {
            Act::Nothing => {}
            Act::Fire(server, timer) => self.fire(server, timer, true),
            Act::Persist(server) => self.finish_write(server),
            Act::Deliver(message) => self.deliver(message),
            Act::Drop(messages) => messages.into_iter().for_each(|it| self.drop_message(it)),
            Act::Duplicate(message) => self.duplicate(message),
            Act::Hold(message) => self.set_held(message, true),
            Act::Release(message) => self.set_held(message, false),
            Act::Delay(message, by) => self.delay(message, by),
            Act::Forge(link, message) => self.forge(link, message),
            Act::Crash(server) => self.crash(server),
            Act::Restart(server) => self.restart(server),
            Act::Install(servers, program) => {
                servers
                    .iter()
                    .for_each(|it| self.install(it, program.clone()));
            }
            Act::Pause(server) => {
                self.world.set_paused(server, true);
                self.record(Event::Paused(server));
            }
            Act::Resume(server) => {
                self.world.set_paused(server, false);
                self.record(Event::Resumed(server));
            }
            Act::Cut(links) => {
                self.set_cut(&links, true);
                self.record(Event::Cut(links));
            }
            Act::Mend(links) => {
                self.set_cut(&links, false);
                self.record(Event::Mended(links));
            }
            Act::Partition(partition) => self.partition(partition),
            Act::Ask(server, input, event) => self.ask(server, input, event),
            Act::Latency(path, range) => {
                for link in path.links() {
                    self.world.set_latency(link, range);
                }
                self.record(Event::LatencySet { path, range });
            }
            Act::Disk(server, range) => {
                self.world.set_disk(server, range);
                self.record(Event::DiskSet { server, range });
            }
            Act::Clock(server, rate) => {
                self.world.set_clock(server, rate);
                self.record(Event::ClockSet { server, rate });
            }
            Act::Reseed(seed) => {
                self.reseed(seed);
                self.record(Event::Reseeded(seed));
            }
            Act::Wait(duration, Until(time)) => {
                self.world.pass_to(time);
                self.record(Event::Waited(duration));
            }
            Act::Next => {
                self.happen_until(Millis(u64::MAX));
            }
            Act::Note(text) => self.record(Event::Noted(text)),
        }
    }

    /// Has the next event happen if it is due by a time; returns whether there was one.
    /// Overdue events happen now: time never goes back.
    pub(super) fn happen_until(&mut self, end: Millis) -> bool {
        let next = self.world.next();
        let Some((due_at, next)) = next.filter(|(due_at, _)| *due_at <= end) else {
            return false;
        };
        self.world.pass_to(due_at);
        match next {
            Next::Arrival(message) => self.arrive(message),
            Next::Timer(server, timer) => self.fire(server, timer, false),
            Next::Write(server) => self.finish_write(server),
        }
        true
    }

    /// Has a server handle a request.
    pub(super) fn ask(&mut self, server: NodeId, input: Input, event: Event) {
        let world = &mut self.world;
        if world
            .step(server, input, &mut self.draws, self.done.get())
            .is_some()
        {
            self.keep_step(server, event, None);
        }
    }

    fn fire(&mut self, server: NodeId, timer: Timer, by_hand: bool) {
        let cause = self.origins.armed(server, timer).map(|armed| armed.cause);
        let event = Event::TimerFired {
            server,
            timer,
            by_hand,
        };
        let world = &mut self.world;
        if world
            .fire(server, timer, &mut self.draws, self.done.get())
            .is_some()
        {
            self.keep_step(server, event, cause);
        }
    }

    fn finish_write(&mut self, server: NodeId) {
        let cause = self.origins.take_write(server);
        let world = &mut self.world;
        let finished = world.finish_write(server, &mut self.draws, self.done.get());
        if let Some(write) = finished {
            let event = Event::WriteDone { server, write };
            self.keep_step(server, event, cause);
        }
    }

    /// Has a message arrive, or be lost; cuts and crashes are checked on arrival.
    fn arrive(&mut self, message: PendingId) {
        if let Some(departure) = self.origins.take_message(message) {
            let world = &mut self.world;
            let fate = world.arrive(message, &mut self.draws, self.done.get());
            self.keep_fate(departure, fate);
        }
    }

    /// As [`Run::arrive`], by hand.
    pub(super) fn deliver(&mut self, message: PendingId) {
        if let Some(departure) = self.origins.take_message(message) {
            let world = &mut self.world;
            let fate = world.deliver(message, &mut self.draws, self.done.get());
            self.keep_fate(departure, fate);
        }
    }

    fn keep_fate(&mut self, departure: Departure, fate: Option<Fate>) {
        let Departure { flight, cause } = departure;
        let (receiver, cause) = (flight.link.to, Some(cause));
        match fate {
            Some(Fate::Delivered) => self.keep_step(receiver, Event::Delivered(flight), cause),
            Some(Fate::Lost(loss)) => {
                let event = Event::Lost {
                    flight,
                    cause: loss,
                };
                self.keep(Record::plain(self.now(), cause, event));
            }
            None => {}
        }
    }

    fn drop_message(&mut self, message: PendingId) {
        self.world.take(message);
        if let Some(Departure { flight, cause }) = self.origins.take_message(message) {
            let event = Event::Lost {
                flight,
                cause: Loss::Dropped,
            };
            self.keep(Record::plain(self.now(), Some(cause), event));
        }
    }

    fn duplicate(&mut self, message: PendingId) {
        let original = self.origins.message(message);
        let original = original.map(|departure| Rc::clone(&departure.flight));
        if let (Some(original), Some(copy)) = (original, self.world.duplicate(message)) {
            let flight = Flight {
                id: self.origins.take_message_id(),
                copy_of: Some(original.id),
                lost: false,
                ..(*original).clone()
            };
            let copy = self.depart(copy, flight);
            self.keep(Record {
                sent: [copy].into(),
                ..Record::plain(self.now(), None, Event::Duplicated(original))
            });
        }
    }

    fn delay(&mut self, message: PendingId, by: Millis) {
        let due_at = self.world.delay(message, by);
        let departure = self.origins.message_mut(message);
        if let (Some(departure), Some(due_at)) = (departure, due_at) {
            departure.flight = Rc::new(Flight {
                due_at,
                ..(*departure.flight).clone()
            });
            let flight = Rc::clone(&departure.flight);
            self.record(Event::Delayed { flight, by });
        }
    }

    fn set_held(&mut self, message: PendingId, held: bool) {
        self.world.set_held(message, held);
        if let Some(Departure { flight, .. }) = self.origins.message(message) {
            let flight = Rc::clone(flight);
            self.record(if held {
                Event::Held(flight)
            } else {
                Event::Released(flight)
            });
        }
    }

    /// Sends a message that no server has sent.
    fn forge(&mut self, link: Link, message: Message) {
        let sent = self.world.forge(link, message, &mut self.draws);
        let sent = self.depart_all(&sent);
        self.keep(Record {
            sent,
            ..Record::plain(self.now(), None, Event::Forged(link))
        });
    }

    fn crash(&mut self, server: NodeId) {
        if let Some(crashed) = self.world.crash(server) {
            self.keep_crash(server, crashed, None, None);
        }
    }

    /// Keeps a crash: by command, or of a server whose program failed in a record.
    pub(super) fn keep_crash(
        &mut self,
        server: NodeId,
        crashed: Crashed,
        failure: Option<Box<Failure>>,
        cause: Option<RecordId>,
    ) {
        self.origins.drop_writes(server);
        let event = Event::Crashed {
            server,
            failure: failure.map(|failure| Rc::new(*failure)),
            lost_writes: crashed.lost_writes,
            unsent: crashed.unsent.into(),
        };
        let id = self.records.next_id();
        self.keep_judgement(id, &crashed.judgement);
        self.keep(Record {
            changes: self.changes_since(Some(&crashed.before), server),
            ..Record::plain(self.now(), cause, event)
        });
    }

    fn restart(&mut self, server: NodeId) {
        let world = &mut self.world;
        if world
            .restart(server, &mut self.draws, self.done.get())
            .is_some()
        {
            self.keep_step(server, Event::Restarted(server), None);
        }
    }

    /// Has a server run another program; one that is up crashes before.
    fn install(&mut self, server: NodeId, program: Option<Rc<dyn Program>>) {
        if self.server(server).is_some_and(Server::is_up) {
            self.crash(server);
        }
        let name = program.as_deref().map(|program| program.name().into());
        let (world, done) = (&mut self.world, self.done.get());
        if world
            .install(server, program, &self.header, &mut self.draws, done)
            .is_some()
        {
            let program = name;
            self.keep_step(server, Event::Installed { server, program }, None);
        }
    }

    fn set_cut(&mut self, links: &[Link], cut: bool) {
        for link in links {
            self.world.set_cut(*link, cut);
        }
    }

    fn partition(&mut self, partition: Partition) {
        let Partition {
            groups,
            cut,
            mended,
        } = partition;
        self.set_cut(&cut, true);
        self.set_cut(&mended, false);
        self.record(Event::Partitioned {
            groups,
            cut,
            mended,
        });
    }

    /// Records an event without a step of a server.
    fn record(&mut self, event: Event) {
        self.keep(Record::plain(self.now(), None, event));
    }
}
