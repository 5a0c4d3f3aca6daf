//! Time: by hand, by itself, and until something happens.

use std::rc::Rc;

use hustings_raft::{Input, Millis, NodeId, RoleName, Timer};

use super::{HeldState, Lab};
use crate::command::{Goal, MessageSelector};
use crate::error::{CommandError, CommandResult};
use crate::event_queue::{EventKind, ScheduledEvent};
use crate::record::{Event, Flight, Loss, MessageId, RecordId, RunPosition};
use crate::server::Server;

/// Whether a message may still be lost by chance when it arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chance {
    /// Time brought it.
    Counts,
    /// Somebody delivers it by hand: then it arrives, if it can.
    Overruled,
}

impl Lab {
    pub(super) fn time_out(&mut self, id: NodeId, timer: Option<Timer>) -> CommandResult {
        let server = self.check_running(id)?;
        let role = server.role().unwrap_or(RoleName::Follower);
        let timer = timer.unwrap_or(match role {
            RoleName::Leader => Timer::Heartbeat,
            RoleName::Follower | RoleName::PreCandidate | RoleName::Candidate => Timer::Election,
        });
        let Some(running) = server.timer(timer).copied() else {
            let server = id;
            return Err(CommandError::TimerNotRunning {
                server,
                timer,
                role,
            }
            .into());
        };
        self.queue.remove(running.queue_key);
        self.fire(id, timer, running.cause, true);
        Ok(())
    }

    pub(super) fn deliver(&mut self, selector: MessageSelector) -> CommandResult {
        let found = self.select(selector, HeldState::NotHeld)?;
        if found.is_some() && self.is_paused(selector.link.to) {
            return Err(CommandError::ServerPaused(selector.link.to).into());
        }
        if let Some(id) = found
            && let Some((flight, cause)) = self.queue.remove_message(id)
        {
            self.arrive(flight, cause, Chance::Overruled);
        }
        Ok(())
    }

    pub(super) fn deliver_all(&mut self) -> CommandResult {
        let most = self.in_flight_limit();
        // What has to wait now waits to the end, so nobody looks at it twice.
        let mut from = MessageId(0);
        for _ in 0..Self::DELIVERIES_MAX {
            let oldest = self
                .queue
                .in_flight_from(from)
                .find(|flight| self.can_arrive(flight))
                .map(|flight| flight.id);
            let Some(id) = oldest else {
                return Ok(());
            };
            self.check_record_limit(1)?;
            if let Some((flight, cause)) = self.queue.remove_message(id) {
                self.arrive(flight, cause, Chance::Overruled);
            }
            self.check_in_flight_limit(most)?;
            from = MessageId(id.0 + 1);
        }
        let max = Self::DELIVERIES_MAX;
        Err(CommandError::TooManyDeliveries { max }.into())
    }

    pub(super) fn wait(&mut self, duration: Millis) -> CommandResult {
        self.now = self.end_of(duration)?;
        self.record(Event::Waited(duration), None);
        Ok(())
    }

    pub(super) fn step(&mut self) -> CommandResult {
        let due = self
            .next_due()
            .ok_or_else(|| Box::new(self.nothing_pending()))?;
        self.process_next_until(due);
        Ok(())
    }

    fn nothing_pending(&self) -> CommandError {
        let (held, more) = self.listed(HeldState::Held, self.messages(HeldState::Held));
        let ids = self.ids().iter();
        CommandError::NothingPending {
            paused: ids.filter(|id| self.is_paused(*id)).collect(),
            held,
            more,
        }
    }

    pub(super) fn run(
        &mut self,
        duration: Millis,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult {
        let (end, most) = (self.end_of(duration)?, self.in_flight_limit());
        while self.process_next_until(end) {
            self.check_record_limit(1)?;
            self.check_in_flight_limit(most)?;
            observe(self);
        }
        self.now = end;
        Ok(())
    }

    /// Says whether the goal was reached.
    pub(super) fn run_until(
        &mut self,
        goal: Goal,
        within: Millis,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult<bool> {
        self.check_goal(goal)?;
        let (end, most) = (self.end_of(within)?, self.in_flight_limit());
        let mut seen = self.records.next_id();
        while !self.is_reached_since(goal, seen) {
            seen = self.records.next_id();
            if !self.process_next_until(end) {
                self.now = end;
                return Ok(false);
            }
            self.check_record_limit(1)?;
            self.check_in_flight_limit(most)?;
            observe(self);
        }
        Ok(true)
    }

    /// Lets time pass again up to a place that it has passed in another copy of this
    /// laboratory.
    pub(crate) fn replay_to(&mut self, place: RunPosition) {
        while self.records.len() < place.records && self.process_next_until(place.time) {}
        self.now = self.now.max(place.time);
    }

    /// What can never be is nothing to wait for.
    fn check_goal(&self, goal: Goal) -> CommandResult {
        match goal {
            Goal::Role { server, role } => {
                self.check_server(server)?;
                if role == RoleName::PreCandidate && !self.header.raft.pre_vote {
                    return Err(CommandError::NoPreVote(server).into());
                }
            }
            Goal::Delivered {
                link: Some(link), ..
            } => self.check_path(link)?,
            Goal::Leaders(count) if usize::from(count) > self.servers.len() => {
                let servers = self.ids();
                return Err(CommandError::TooManyLeaders { count, servers }.into());
            }
            _ => {}
        }
        Ok(())
    }

    /// How many messages may be in flight while something goes on: where there
    /// are more already, they may become fewer.
    fn in_flight_limit(&self) -> usize {
        self.in_flight_or_waiting().max(Self::IN_FLIGHT_MAX)
    }

    /// Whether a goal is reached now, when the record `first` was the next to
    /// come when the wait for it began.
    pub fn is_reached_since(&self, goal: Goal, first: RecordId) -> bool {
        let running = || self.servers().filter(|server| server.is_up());
        match goal {
            Goal::Leaders(count) => {
                let leads = |server: &&Server| server.role() == Some(RoleName::Leader);
                running().filter(leads).count() >= usize::from(count)
            }
            Goal::Term(term) => running().any(|server| server.term() >= term),
            Goal::Committed(index) => running().any(|server| server.commit() >= index),
            Goal::Delivered { kind, link } => {
                let mut new = self.records.since(first);
                new.any(|(_, record)| match &record.event {
                    Event::Delivered(flight) => {
                        flight.message.kind() == kind && link.is_none_or(|link| link == flight.link)
                    }
                    _ => false,
                })
            }
            Goal::Leader => {
                let latest = running().map(Server::term).max();
                running().any(|server| {
                    server.role() == Some(RoleName::Leader) && Some(server.term()) == latest
                })
            }
            Goal::Role { server, role } => self.server(server).and_then(Server::role) == Some(role),
            Goal::Violation => {
                let latest = self.violations().last();
                latest.is_some_and(|violation| violation.record >= first)
            }
            Goal::Quiet => self.queue.is_quiet(),
        }
    }

    pub(super) fn end_of(&self, duration: Millis) -> CommandResult<Millis> {
        let max = Self::DURATION_MAX;
        if duration > max {
            return Err(CommandError::LongTime { duration, max }.into());
        }
        Ok(self.now.plus(duration))
    }

    /// Lets the next event happen if it is due by `end`; says whether one did.
    /// What was overdue happens now: time never goes back.
    fn process_next_until(&mut self, end: Millis) -> bool {
        let next = self.queue.next();
        let Some(key) = next.filter(|key| key.due_at <= end) else {
            return false;
        };
        let Some(ScheduledEvent { cause, kind }) = self.queue.remove(key) else {
            return false;
        };
        self.now = self.now.max(key.due_at);
        match kind {
            EventKind::Arrival(flight) => self.arrive(flight, cause, Chance::Counts),
            EventKind::Timer(id, timer) => self.fire(id, timer, cause, false),
            EventKind::Write(id) => self.finish_write(id, cause),
        }
        true
    }

    fn fire(&mut self, id: NodeId, timer: Timer, cause: RecordId, by_hand: bool) {
        if let Some(server) = self.server_mut(id) {
            *server.timers.get_mut(timer) = None;
        }
        let event = Event::TimerFired {
            server: id,
            timer,
            by_hand,
        };
        self.input(id, Input::Timer(timer), event, Some(cause));
    }

    fn finish_write(&mut self, id: NodeId, cause: RecordId) {
        let oldest = self.server(id).and_then(|server| {
            let (write, _) = server.disk.writes.first()?;
            Some(write.id)
        });
        if let Some(write) = oldest {
            let event = Event::WriteDone { server: id, write };
            self.input(id, Input::WriteDone(write), event, Some(cause));
        }
    }

    /// A message gets to the end of its link: only now is its fate decided.
    fn arrive(&mut self, flight: Rc<Flight>, cause: RecordId, chance: Chance) {
        let loss = self
            .would_be_lost(&flight)
            .filter(|loss| *loss != Loss::Chance || chance == Chance::Counts);
        if let Some(loss) = loss {
            self.record(
                Event::Lost {
                    flight,
                    cause: loss,
                },
                Some(cause),
            );
            return;
        }
        let input = Input::Message {
            from: flight.link.from,
            message: (*flight.message).clone(),
        };
        self.input(flight.link.to, input, Event::Delivered(flight), Some(cause));
    }
}
