//! Courses of events: time that passes, and deliveries until none is left.

use super::Run;
use super::plan::{Course, Until};
use crate::condition::Condition;
use crate::error::{CommandError, CommandResult};
use crate::record::{MessageId, RunPosition};
use crate::schedule::PendingId;

impl Run {
    /// Takes a course of events; `observe` is called after every event while time passes.
    /// Returns whether a goal was reached. If a limit ends the course on the way, the run
    /// must be discarded.
    pub(super) fn take(
        &mut self,
        course: Course,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult<bool> {
        match course {
            Course::Time(until) => self.run(until, observe).map(|()| true),
            Course::Goal(goal, until) => self.run_until(&goal, until, observe),
            Course::Deliveries => self.deliver_all().map(|()| true),
        }
    }

    fn deliver_all(&mut self) -> CommandResult {
        let most = self.in_flight_limit();
        // Messages that cannot arrive now cannot until the end of the command, so each
        // is checked once.
        let mut from = MessageId(0);
        for _ in 0..Self::DELIVERIES_MAX {
            let Some((message, number)) = self.first_to_arrive(from) else {
                return Ok(());
            };
            from = MessageId(number.0 + 1);
            self.check_record_limit(1)?;
            self.deliver(message);
            self.check_in_flight_limit(most)?;
        }
        let max = Self::DELIVERIES_MAX;
        Err(CommandError::TooManyDeliveries { max }.into())
    }

    /// The first message from a number on that can arrive, with its number.
    fn first_to_arrive(&self, from: MessageId) -> Option<(PendingId, MessageId)> {
        let mut messages = self.origins.messages_from(from);
        let can_arrive = |(id, _): &(PendingId, _)| self.world.can_arrive(*id);
        messages
            .find(can_arrive)
            .map(|(id, flight)| (id, flight.id))
    }

    fn run(&mut self, Until(end): Until, observe: &mut dyn FnMut(&Self)) -> CommandResult {
        let most = self.in_flight_limit();
        while self.happen_until(end) {
            self.check_record_limit(1)?;
            self.check_in_flight_limit(most)?;
            observe(self);
        }
        self.world.pass_to(end);
        Ok(())
    }

    /// Returns whether the goal was reached.
    fn run_until(
        &mut self,
        goal: &Condition,
        Until(end): Until,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult<bool> {
        let most = self.in_flight_limit();
        let mut seen = self.records.next_id();
        while !self.holds_since(goal, seen) {
            seen = self.records.next_id();
            if !self.happen_until(end) {
                self.world.pass_to(end);
                return Ok(false);
            }
            self.check_record_limit(1)?;
            self.check_in_flight_limit(most)?;
            observe(self);
        }
        Ok(true)
    }

    /// Replays time up to a position that a clone of this run has reached.
    pub(crate) fn replay_to(&mut self, place: RunPosition) {
        while self.records.len() < place.records && self.happen_until(place.time) {}
        self.world.pass_to(place.time);
    }

    /// The limit of messages in flight while time passes: if the limit is exceeded
    /// already, it must not rise further.
    fn in_flight_limit(&self) -> usize {
        self.in_flight_or_waiting().max(Self::IN_FLIGHT_MAX)
    }
}
