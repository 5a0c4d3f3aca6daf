//! Courses of events: time that passes, and deliveries until none is left.

use std::ops::ControlFlow;

use super::Run;
use super::plan::{Course, Until};
use crate::condition::Condition;
use crate::error::{CommandError, CommandResult};
use crate::record::{MessageId, RecordId, RunPosition};
use crate::schedule::PendingId;

/// A course of events, event by event.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    way: Way,
    /// The limit of messages in flight: if it is exceeded at the start already, their
    /// number must not rise further.
    most: usize,
}

#[derive(Clone, Debug)]
enum Way {
    Time(Until),
    /// A goal, and the record from which on it was not reached.
    Goal(Box<Condition>, Until, RecordId),
    /// So many deliveries that are left. Messages that cannot arrive now cannot until the
    /// end of the command, so each is checked once.
    Deliveries(MessageId, usize),
}

impl Progress {
    pub(super) fn of(course: Course, run: &Run) -> Self {
        let way = match course {
            Course::Time(until) => Way::Time(until),
            Course::Goal(goal, until) => Way::Goal(goal, until, run.records.next_id()),
            Course::Deliveries => Way::Deliveries(MessageId(0), Run::DELIVERIES_MAX),
        };
        let most = run.in_flight_or_waiting().max(Run::IN_FLIGHT_MAX);
        Self { way, most }
    }

    /// Whether time passes.
    pub(super) fn passes_time(&self) -> bool {
        !matches!(self.way, Way::Deliveries(..))
    }

    /// Takes the next event; at the end, breaks with whether a goal was reached. If a
    /// limit ends the course on the way, the run must be discarded.
    pub(super) fn next(&mut self, run: &mut Run) -> CommandResult<ControlFlow<bool>> {
        match &mut self.way {
            Way::Time(Until(end)) => {
                if !run.happen_until(*end) {
                    run.world.pass_to(*end);
                    return Ok(ControlFlow::Break(true));
                }
            }
            Way::Goal(goal, Until(end), seen) => {
                if run.holds_since(goal, *seen) {
                    return Ok(ControlFlow::Break(true));
                }
                *seen = run.records.next_id();
                if !run.happen_until(*end) {
                    run.world.pass_to(*end);
                    return Ok(ControlFlow::Break(false));
                }
            }
            Way::Deliveries(from, left) => {
                if *left == 0 {
                    let max = Run::DELIVERIES_MAX;
                    return Err(CommandError::TooManyDeliveries { max }.into());
                }
                let Some((message, number)) = run.first_to_arrive(*from) else {
                    return Ok(ControlFlow::Break(true));
                };
                *left -= 1;
                *from = MessageId(number.0 + 1);
                run.check_record_limit(1)?;
                run.deliver(message);
                run.check_in_flight_limit(self.most)?;
                return Ok(ControlFlow::Continue(()));
            }
        }
        run.check_record_limit(1)?;
        run.check_in_flight_limit(self.most)?;
        Ok(ControlFlow::Continue(()))
    }
}

impl Run {
    /// The first message from a number on that can arrive, with its number.
    fn first_to_arrive(&self, from: MessageId) -> Option<(PendingId, MessageId)> {
        let mut messages = self.origins.messages_from(from);
        let can_arrive = |(id, _): &(PendingId, _)| self.world.can_arrive(*id);
        messages
            .find(can_arrive)
            .map(|(id, flight)| (id, flight.id))
    }

    /// Replays time up to a position that a clone of this run has reached.
    pub(crate) fn replay_to(&mut self, place: RunPosition) {
        while self.records.len() < place.records && self.happen_until(place.time) {}
        self.world.pass_to(place.time);
    }
}
