//! When what is under way comes to its end, drawn anew.
//!
//! What has gone on for a while could not have ended yet, so only what is left of its range is
//! drawn from: as often as without a second draw, each duration comes up.

use hustings_raft::{Millis, MillisRange, NodeId, Timer};

use super::{Chance, World};
use crate::schedule::PendingId;

/// What a range leaves to something that has taken some time already and is not over; `None`
/// if nothing.
fn left_of(range: MillisRange, passed: Millis) -> Option<MillisRange> {
    let min = range.min().max(passed.plus(Millis(1)));
    (min <= range.max()).then(|| MillisRange::between(min.0, range.max().0))
}

impl World {
    /// Draws anew when a running timer fires; not if it is overdue.
    pub(crate) fn redraw_timer(&mut self, id: NodeId, timer: Timer, chance: &mut impl Chance) {
        let now = self.now;
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let clock = server.clock;
        let running = server.timers.get_mut(timer).as_mut();
        let Some(running) = running.filter(|running| running.due_at > now) else {
            return;
        };
        let ran = clock.local_time(now).since(running.drawn.since);
        if let Some(left) = left_of(running.drawn.range, ran) {
            let runs = chance.timer(id, timer, left);
            running.due_local = running.drawn.since.plus(runs);
            running.due_at = clock.true_time_at(running.due_local);
            let (pending, due_at) = (running.pending, running.due_at);
            self.schedule.set_due(pending, due_at);
        }
    }

    /// Draws anew when a message arrives that was sent at some time, unless it is overdue or
    /// was delayed; and, if it may be, whether it is lost. Returns both.
    pub(crate) fn redraw_message(
        &mut self,
        id: PendingId,
        sent_at: Millis,
        may_be_lost: bool,
        chance: &mut impl Chance,
    ) -> Option<(Millis, bool)> {
        let pending = self.schedule.get(id)?;
        let (due_at, flight) = (pending.due_at, pending.message()?.clone());
        let range = self.latency(flight.link);
        let is_delayed = due_at.since(sent_at) > range.max();
        if due_at <= self.now || is_delayed {
            return None;
        }
        let left = left_of(range, self.now.since(sent_at))?;
        let travel = chance.travel(flight.link, left);
        let (due_at, lost) = (sent_at.plus(travel.latency), travel.lost && may_be_lost);
        // All digests that it goes into are of the message as it was.
        self.messages_digest = None;
        self.schedule.set_lost(id, lost);
        self.schedule.set_due(id, due_at);
        Some((due_at, lost))
    }

    /// Draws anew when the pending writes of a server become durable, which began at these
    /// times, the oldest first. None is before the one that it comes after.
    pub(crate) fn redraw_writes(&mut self, id: NodeId, began: &[Millis], chance: &mut impl Chance) {
        let now = self.now;
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let range = server.disk.delay;
        let (mut earlier, mut moved) = (Millis::ZERO, Vec::new());
        for (write, began) in server.disk.writes.iter_mut().zip(began) {
            if write.done_at > now {
                let left = left_of(range, now.since(*began));
                let drawn = left.map(|left| began.plus(chance.write(id, left)));
                write.done_at = match drawn {
                    Some(drawn) => drawn.max(earlier),
                    None if earlier > now => earlier,
                    None => write.done_at,
                };
                moved.push((write.pending, write.done_at));
            }
            earlier = write.done_at;
        }
        for (pending, done_at) in moved {
            self.schedule.set_due(pending, done_at);
        }
    }
}
