//! Settings of a cluster.

use crate::Millis;

/// A range of durations, both ends included. A range whose ends are equal is
/// one fixed duration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Ends")
)]
pub struct MillisRange {
    min: Millis,
    /// Not below `min`.
    max: Millis,
}

impl MillisRange {
    /// A fixed duration in milliseconds.
    pub const fn exactly(duration: u64) -> Self {
        Self::between(duration, duration)
    }

    /// From `min` to `max` milliseconds; `None` if the range would end before it begins.
    pub const fn new(min: u64, max: u64) -> Option<Self> {
        if min <= max {
            Some(Self::between(min, max))
        } else {
            None
        }
    }

    /// From the shorter to the longer of two durations in milliseconds.
    pub const fn between(one: u64, other: u64) -> Self {
        let (min, max) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        Self {
            min: Millis(min),
            max: Millis(max),
        }
    }

    /// The shortest duration.
    #[inline]
    pub const fn min(self) -> Millis {
        self.min
    }

    /// The longest duration.
    #[inline]
    pub const fn max(self) -> Millis {
        self.max
    }
}

/// The ends of a range as they are read, in any order.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Ends {
    min: Millis,
    max: Millis,
}

#[cfg(feature = "serde")]
impl TryFrom<Ends> for MillisRange {
    type Error = &'static str;

    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        Self::new(ends.min.0, ends.max.0).ok_or("a range that ends before it begins")
    }
}

/// A server's settings, the same for all servers of a cluster. All values are valid: the
/// server itself does not mind a timer of 0 ms, but a driver whose timers take no time to
/// fire should refuse one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Options {
    /// How long a server waits for a leader before it starts an election (§5.2); drawn
    /// at every reset of the timer. Default 150 to 300 ms (§9.3).
    pub election_timeout: MillisRange,
    /// The interval of a leader's heartbeats (§5.2). Default 50 ms.
    pub heartbeat: Millis,
    /// Whether a new leader appends an empty entry of its term (diss. §6.4), so
    /// that entries of earlier terms can commit without a client. Default on.
    pub no_op: bool,
    /// Whether a server starts a pre-vote before it increments its term (diss. §9.6).
    /// Default off.
    pub pre_vote: bool,
    /// Whether a leader that has not heard from a majority for an election timeout
    /// steps down (diss. §6.2), and servers that recently heard from a leader ignore
    /// candidates (diss. §4.2.3). Default off.
    pub check_quorum: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            election_timeout: MillisRange::between(150, 300),
            heartbeat: Millis(50),
            no_op: true,
            pre_vote: false,
            check_quorum: false,
        }
    }
}
