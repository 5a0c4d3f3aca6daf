//! Moments by the clocks of the servers that wrote the lines.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A moment by some server's clock: microseconds since the beginning of 1970 (UTC).
///
/// Loggers that write no time zone are taken to mean UTC.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Moment(pub i64);

/// A stretch of time in microseconds; negative if it goes back.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Micros(pub i64);

impl Micros {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// So many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// In whole milliseconds, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }
}

impl Add<Micros> for Moment {
    type Output = Self;

    fn add(self, by: Micros) -> Self {
        Self(self.0.saturating_add(by.0))
    }
}

impl Sub for Moment {
    type Output = Micros;

    fn sub(self, earlier: Self) -> Micros {
        Micros(self.0.saturating_sub(earlier.0))
    }
}

/// As RFC 3339, in UTC, to the millisecond.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}
