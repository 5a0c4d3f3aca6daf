//! Moments by the clocks of the servers that wrote the lines.

mod calendar;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

pub use self::calendar::{Day, round_step};
use crate::line::stamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A moment by some server's clock: microseconds since the beginning of 1970 (UTC).
///
/// Loggers that write no time zone are taken to mean UTC. All moments are between
/// [`Moment::FIRST`] and [`Moment::LAST`]: sums that would leave that range end at its ends.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Moment(i64);

impl Moment {
    /// The beginning of the year 1.
    pub const FIRST: Self = Self(-62_135_596_800_000_000);

    /// The last that has a date of four digits in all time zones: 26 hours before the year
    /// 10000.
    pub const LAST: Self = Self(253_402_207_200_000_000);

    /// The year of moments whose lines tell no year (syslog's and klog's): a leap year, so
    /// that it has every date, and long before there was a Raft to write logs.
    pub const NO_YEAR: i16 = 1972;

    /// The beginning of 2000.
    const BEGIN_OF_2000: Self = Self(946_684_800_000_000);

    /// So many microseconds after the beginning of 1970; `None` if no calendar of a log has that
    /// moment.
    pub fn from_micros(since_1970: i64) -> Option<Self> {
        let at = Self(since_1970);
        (Self::FIRST..=Self::LAST).contains(&at).then_some(at)
    }

    /// The time since the beginning of 1970; negative before that.
    pub const fn since_1970(self) -> Micros {
        Micros(self.0)
    }

    /// Whether its line told no year.
    pub fn lacks_year(self) -> bool {
        self < Self::BEGIN_OF_2000
    }

    /// Whether it is a whole second, as all are that a logger without fractions writes.
    pub fn is_whole_second(self) -> bool {
        self.0.rem_euclid(1_000_000) == 0
    }

    /// A whole second that a line tells after another line of the same second was later than
    /// that one.
    #[must_use]
    pub(crate) fn not_before(self, line_before: Option<Self>) -> Self {
        let within = |it: &Self| self < *it && *it - self < Micros::from_millis(1_000);
        let later = line_before.filter(|it| self.is_whole_second() && within(it));
        later.unwrap_or(self)
    }

    /// The same date and time of day in the year in which it is nearest to another moment.
    /// The 29th of February becomes the 28th where there is none.
    #[must_use]
    pub fn near(self, other: Self) -> Self {
        let Some(year) = other.date_time().map(|it| it.year()) else {
            return self;
        };
        let years = [year, year.saturating_sub(1), year.saturating_add(1)].into_iter();
        let placed = years.filter_map(|year| self.in_year(year));
        placed.min_by_key(|it| (other - *it).abs()).unwrap_or(self)
    }

    /// A time as whoever asks for a part of a story writes it: with its day, in any form that
    /// loggers use, or as a time of day (UTC) on the day of another moment; `None` if it is
    /// neither.
    pub fn parse(text: &str, day: Self) -> Option<Self> {
        let text = text.trim();
        let whole = |text: &str| {
            let (at, rest) = stamp::leading(text)?;
            rest.is_empty().then_some(at)
        };
        let today = day.to_string();
        whole(text).or_else(|| {
            let (date, _) = today.split_once('T')?;
            let seconds = if text.matches(':').count() == 1 {
                ":00"
            } else {
                ""
            };
            whole(&format!("{date}T{text}{seconds}"))
        })
    }

    fn in_year(self, year: i16) -> Option<Self> {
        let it = self.date_time()?;
        let same = it.with().year(year).build();
        let moved = same
            .or_else(|_| it.with().year(year).day(28).build())
            .ok()?;
        let at = Offset::UTC.to_timestamp(moved).ok()?;
        Self::from_micros(at.as_microsecond())
    }

    /// In UTC; `None` if it is in no year that there is a calendar for.
    fn date_time(self) -> Option<DateTime> {
        let at = jiff::Timestamp::from_microsecond(self.0).ok()?;
        Some(Offset::UTC.to_datetime(at))
    }
}

/// A stretch of time in microseconds; negative if it goes back.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct Micros(i64);

/// Sums and differences that are too long to be counted are as long as can be counted.
impl Micros {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// So many microseconds.
    pub const fn new(micros: i64) -> Self {
        Self(micros)
    }

    /// The number of microseconds.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// So many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// In whole milliseconds, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// How long it is, whether it goes on or back.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// The middle between two.
    #[must_use]
    pub const fn midpoint(self, other: Self) -> Self {
        Self(self.0.midpoint(other.0))
    }

    /// A stretch of time as Go and Rust print it, such as `1m2.5s`, `100ms` or `12.3µs`;
    /// `None` if it is none, or longer than 100 years.
    pub fn parse(text: &str) -> Option<Self> {
        const UNITS: [(&str, f64); 7] = [
            ("ns", 1e-3),
            ("us", 1.0),
            ("µs", 1.0),
            ("ms", 1e3),
            ("s", 1e6),
            ("m", 60e6),
            ("h", 3_600e6),
        ];
        const MOST: f64 = 100.0 * 366.0 * 24.0 * 3_600e6;
        let text = text.trim();
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text),
        };
        let mut sum = 0.0;
        loop {
            let length = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
            let (number, unit) = rest.split_at(length);
            let length = unit.find(|it: char| it.is_ascii_digit());
            let (unit, next) = unit.split_at(length.unwrap_or(unit.len()));
            let (_, micros) = UNITS.iter().find(|(name, _)| *name == unit)?;
            sum += number.parse::<f64>().ok()? * micros;
            rest = next;
            if rest.is_empty() {
                let micros = (sign * sum).round();
                return (sum <= MOST).then_some(Self(micros as i64));
            }
        }
    }
}

impl Add<Micros> for Moment {
    type Output = Self;

    fn add(self, by: Micros) -> Self {
        Self(self.0.saturating_add(by.0)).clamp(Self::FIRST, Self::LAST)
    }
}

impl Sub for Moment {
    type Output = Micros;

    fn sub(self, earlier: Self) -> Micros {
        Micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Micros {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Micros {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Micros {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Micros {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

/// As RFC 3339, in UTC, to the millisecond.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millisecond = Micros::from_millis(1);
        write!(f, "{}T{}Z", self.day(), self.time_of_day(millisecond))
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, Moment};

    #[test]
    fn stretches_of_time_are_read_as_go_prints_them() {
        for (text, micros) in [
            ("1.061234567s", 1_061_235),
            ("100ms", 100_000),
            ("12.3µs", 12),
            ("1h2m3.5s", 3_723_500_000),
            ("-1.5s", -1_500_000),
            ("800ns", 1),
            ("0s", 0),
        ] {
            assert_eq!(Micros::parse(text), Some(Micros(micros)), "{text}");
        }
        for text in ["", "5", "s", "1.2.3s", "5 s", "5x", "99999999999h", "-"] {
            assert_eq!(Micros::parse(text), None, "{text}");
        }
    }

    #[test]
    fn no_sum_leaves_the_calendar() {
        let longest = Micros::new(i64::MAX);
        assert_eq!(Moment::FIRST.to_string(), "0001-01-01T00:00:00.000Z");
        assert_eq!(Moment::LAST.to_string(), "9999-12-30T22:00:00.000Z");
        assert_eq!(Moment::LAST + longest, Moment::LAST);
        assert_eq!(Moment::FIRST + -longest, Moment::FIRST);
        assert_eq!(Micros::new(i64::MIN).abs(), longest);
        assert_eq!([longest, longest].into_iter().sum::<Micros>(), longest);
        assert_eq!(Moment::from_micros(i64::MIN), None);
        assert_eq!(Moment::from_micros(i64::MAX), None);
    }
}
