//! A server's own clock.

use hustings_raft::Millis;

use crate::rate::Rate;

/// A server's own clock, which may run fast or slow. It counts in hundredths of
/// milliseconds, so that no rate loses a fraction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Clock {
    rate: Rate,
    /// When the rate was set, by true time.
    set_at: Millis,
    /// The local time then.
    local_at_set: LocalTime,
}

/// Local time of a server since the start, in hundredths of milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct LocalTime(u64);

impl LocalTime {
    pub(crate) fn from_hundredths(hundredths: u64) -> Self {
        Self(hundredths)
    }

    /// The local time a duration later.
    pub(crate) fn plus(self, duration: Millis) -> Self {
        Self(self.0.saturating_add(duration.0.saturating_mul(100)))
    }

    /// How long ago an earlier time is, in whole milliseconds.
    pub(crate) fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0) / 100)
    }
}

impl Clock {
    pub(crate) const TRUE: Self = Self {
        rate: Rate::TRUE,
        set_at: Millis::ZERO,
        local_at_set: LocalTime(0),
    };

    pub(crate) fn rate(self) -> Rate {
        self.rate
    }

    fn percent(self) -> u64 {
        self.rate.get().into()
    }

    pub(crate) fn local_time(self, now: Millis) -> LocalTime {
        let passed = now.since(self.set_at).0.saturating_mul(self.percent());
        LocalTime(self.local_at_set.0.saturating_add(passed))
    }

    /// The local time, in whole milliseconds.
    pub(crate) fn local_millis(self, now: Millis) -> Millis {
        Millis(self.local_time(now).0 / 100)
    }

    /// The true time at which the clock reaches a local time.
    pub(crate) fn true_time_at(self, shown: LocalTime) -> Millis {
        let left = shown.0.saturating_sub(self.local_at_set.0);
        self.set_at.plus(Millis(left.div_ceil(self.percent())))
    }

    /// Changes the rate from now on; the local time does not jump.
    pub(crate) fn set(&mut self, now: Millis, rate: Rate) {
        self.local_at_set = self.local_time(now);
        self.set_at = now;
        self.rate = rate;
    }
}
