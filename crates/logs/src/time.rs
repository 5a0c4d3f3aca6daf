//! Moments by the clocks of the servers that wrote the lines.

use std::fmt;
use std::ops::{Add, Sub};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A moment by some server's clock: microseconds since the beginning of 1970 (UTC).
///
/// Loggers that write no time zone are taken to mean UTC.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Moment(pub i64);

impl Moment {
    /// The year of moments whose lines tell no year (syslog's and klog's): a leap year, so
    /// that it has every date, and long before there was a Raft to write logs.
    pub const NO_YEAR: i16 = 1972;

    /// Whether its line told no year.
    pub fn lacks_year(self) -> bool {
        self.date_time()
            .is_some_and(|it| it.year() == Self::NO_YEAR)
    }

    /// The same date and time of day in another year. The 29th of February becomes the 28th
    /// where there is none.
    #[must_use]
    pub fn in_year(self, year: i16) -> Self {
        let moved = self.date_time().and_then(|it| {
            let moved = it.with().year(year).day(it.day().min(28)).build();
            let whole = it.with().year(year).build().or(moved).ok()?;
            Offset::UTC.to_timestamp(whole).ok()
        });
        moved.map_or(self, |it| Self(it.as_microsecond()))
    }

    /// In UTC; `None` if it is in no year that there is a calendar for.
    fn date_time(self) -> Option<DateTime> {
        let at = jiff::Timestamp::from_microsecond(self.0).ok()?;
        Some(Offset::UTC.to_datetime(at))
    }
}

/// Gives a year to the moments of a file whose lines tell none: the year of the line before,
/// or the next one where the months begin again. Before the first line that tells a year, they
/// stay as they are, in [`Moment::NO_YEAR`], and years are counted from there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Years {
    last: Option<Moment>,
}

impl Years {
    /// The moment of the next line.
    pub fn place(&mut self, at: Moment) -> Moment {
        let placed = match self.last.and_then(Moment::date_time) {
            Some(last) if at.lacks_year() => {
                let same = at.in_year(last.year());
                let back = self.last.map_or(Micros::ZERO, |last| last - same);
                if back > Self::HALF {
                    at.in_year(last.year().saturating_add(1))
                } else if back < Micros(-Self::HALF.0) && last.year() > Moment::NO_YEAR {
                    // A late line of the year before.
                    return at.in_year(last.year() - 1);
                } else {
                    same
                }
            }
            _ => at,
        };
        self.last = Some(placed);
        placed
    }

    /// Half a year: what goes back further is of the next year.
    const HALF: Micros = Micros(183 * 86_400 * 1_000_000);
}

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

#[cfg(test)]
mod tests {
    use super::{Moment, Years};

    fn at(text: &str) -> Moment {
        let at: jiff::Timestamp = text.parse().expect("a time");
        Moment(at.as_microsecond())
    }

    #[test]
    fn a_line_without_a_year_is_of_that_of_the_line_before_it() {
        let mut years = Years::default();
        let mut place = |text| years.place(at(text)).to_string();
        let first = "1972-12-31T23:59:58Z";
        assert_eq!(place(first), "1972-12-31T23:59:58.000Z");
        assert_eq!(place("2025-12-31T23:59:59Z"), "2025-12-31T23:59:59.000Z");
        assert_eq!(place("1972-01-01T00:00:01Z"), "2026-01-01T00:00:01.000Z");
        assert_eq!(place(first), "2025-12-31T23:59:58.000Z");
        assert_eq!(place("1972-02-29T00:00:01Z"), "2026-02-28T00:00:01.000Z");
    }
}
