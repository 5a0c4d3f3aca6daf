//! A server's timers.

use hustings_raft::{Millis, MillisRange, Timer};

use super::clock::LocalTime;
use crate::schedule::PendingId;

/// A running timer. Two are equal if they fire at the same time.
#[derive(Clone, Copy, Debug)]
pub struct ArmedTimer {
    /// When it fires, in true time.
    pub due_at: Millis,
    /// When it fires, in local time.
    pub(crate) due_local: LocalTime,
    pub(crate) drawn: Drawn,
    pub(crate) pending: PendingId,
}

/// How a timer came to fire when it does, so that this can be drawn anew.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// When the timer was started, in local time.
    pub(crate) since: LocalTime,
    /// From what its duration was drawn.
    pub(crate) range: MillisRange,
}

impl PartialEq for ArmedTimer {
    fn eq(&self, other: &Self) -> bool {
        (self.due_at, self.due_local) == (other.due_at, other.due_local)
    }
}

impl Eq for ArmedTimer {}

/// A value for each timer.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub(crate) struct TimerMap<T> {
    election: T,
    heartbeat: T,
    check_quorum: T,
    transfer: T,
}

impl<T> TimerMap<T> {
    pub(crate) fn get(&self, timer: Timer) -> &T {
        match timer {
            Timer::Election => &self.election,
            Timer::Heartbeat => &self.heartbeat,
            Timer::CheckQuorum => &self.check_quorum,
            Timer::Transfer => &self.transfer,
        }
    }

    pub(crate) fn get_mut(&mut self, timer: Timer) -> &mut T {
        match timer {
            Timer::Election => &mut self.election,
            Timer::Heartbeat => &mut self.heartbeat,
            Timer::CheckQuorum => &mut self.check_quorum,
            Timer::Transfer => &mut self.transfer,
        }
    }
}

impl<T> TimerMap<Option<T>> {
    /// Which timers have a value, one bit each.
    pub(crate) fn running(&self) -> u8 {
        let bit = |timer| u8::from(self.get(timer).is_some());
        let bits = Timer::ALL.into_iter().map(bit);
        bits.fold(0, |bits, bit| bits << 1 | bit)
    }
}
