//! Days and times of day, in UTC, and steps of an axis that are round by a clock.
//!
//! It has a calendar of its own, so that a page which shows moments needs none of those that
//! also know of time zones.

use std::fmt;

use super::{Micros, Moment};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Round steps of less than a day.
const STEPS: [i64; 26] = [
    SECOND / 1_000,
    SECOND / 500,
    SECOND / 200,
    SECOND / 100,
    SECOND / 50,
    SECOND / 20,
    SECOND / 10,
    SECOND / 5,
    SECOND / 2,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

/// The smallest step of an axis that is at least so long and round by a clock: a millisecond
/// or more, and 1, 2 or 5 times a power of ten if it has to be days.
pub fn round_step(least: Micros) -> Micros {
    let days = (0..).map_while(|power| 10_i64.checked_pow(power)?.checked_mul(DAY));
    let days = days.flat_map(|it| [1, 2, 5].map(|times| it.saturating_mul(times)));
    let found = STEPS.into_iter().chain(days).find(|it| *it >= least.0);
    Micros(found.unwrap_or(i64::MAX))
}

/// A day of the Gregorian calendar, as RFC 3339 writes it: `2026-11-28`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// The day without its year: `11-28`.
    pub fn without_year(self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }

    /// By the number of days since the beginning of 1970.
    fn numbered(days: i64) -> Self {
        // Years begin in March here, so that the odd day is their last; and eras of 400 years,
        // after which the calendar is the same again, with the year 0.
        let days = days.saturating_add(719_468);
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let march = (5 * of_year + 2) / 153;
        let month = if march < 10 { march + 3 } else { march - 9 };
        Self {
            year: 400 * era + years + i64::from(month <= 2),
            month,
            day: of_year - (153 * march + 2) / 5 + 1,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Moment {
    /// The day.
    pub fn day(self) -> Day {
        Day::numbered(self.0.div_euclid(DAY))
    }

    /// The time of day with as many digits as steps of this length need: `02:27`, `02:27:31`,
    /// `02:27:31.9`; no more than three of a second's fraction.
    pub fn time_of_day(self, step: Micros) -> String {
        let in_day = self.0.rem_euclid(DAY);
        let (hours, minutes) = (in_day / HOUR, in_day / MINUTE % 60);
        let (seconds, millis) = (in_day / SECOND % 60, in_day % SECOND / 1_000);
        match step.millis() {
            60_000.. => format!("{hours:02}:{minutes:02}"),
            1_000.. => format!("{hours:02}:{minutes:02}:{seconds:02}"),
            100.. => format!("{hours:02}:{minutes:02}:{seconds:02}.{}", millis / 100),
            10.. => format!("{hours:02}:{minutes:02}:{seconds:02}.{:02}", millis / 10),
            _ => format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"),
        }
    }

    /// What it is called at an axis with such steps: its time of day; its day at steps of days;
    /// and at midnight its day without the year.
    pub fn label(self, step: Micros) -> String {
        let is_midnight = self.0.rem_euclid(DAY) == 0;
        if step.0 >= DAY && !self.lacks_year() {
            self.day().to_string()
        } else if step.0 >= DAY || (is_midnight && step.0 >= MINUTE) {
            self.day().without_year()
        } else {
            self.time_of_day(step)
        }
    }

    /// The moments from this one up to another that are at whole steps.
    pub fn steps_to(self, last: Self, step: Micros) -> impl Iterator<Item = Self> {
        let length = step.0.max(1);
        let first = self.0.div_euclid(length) + i64::from(self.0.rem_euclid(length) > 0);
        let numbers = first..=last.0.div_euclid(length);
        numbers.filter_map(move |it| Self::from_micros(it.checked_mul(length)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: Moment = Moment(1_795_824_000_000_000);

    fn at() -> Moment {
        Moment::parse("2026-11-28T02:27:19.933Z", Moment::default()).expect("a time")
    }

    #[test]
    fn steps_are_round_by_a_clock() {
        for (least, step) in [
            (200, 1_000),
            (3_000, 5_000),
            (700_000, SECOND),
            (16 * SECOND, 30 * SECOND),
            (3 * MINUTE, 5 * MINUTE),
            (13 * HOUR, DAY),
            (DAY + 1, 2 * DAY),
            (11 * DAY, 20 * DAY),
            (40_000 * DAY, 50_000 * DAY),
        ] {
            assert_eq!(round_step(Micros(least)), Micros(step), "{least}");
        }
        assert!(round_step(Micros(i64::MAX)) > Micros(i64::MAX / 3));
        assert_eq!(round_step(Micros(i64::MIN)), Micros(1_000));
    }

    #[test]
    fn labels_have_the_digits_that_the_step_needs() {
        let of = |step| at().label(Micros(step));
        assert_eq!([of(MINUTE), of(SECOND)], ["02:27", "02:27:19"]);
        assert_eq!([of(SECOND / 10), of(1)], ["02:27:19.9", "02:27:19.933"]);
        assert_eq!([of(SECOND / 50), of(DAY)], ["02:27:19.93", "2026-11-28"]);
        assert_eq!(MIDNIGHT.label(Micros(HOUR)), "11-28");
        assert_eq!(MIDNIGHT.label(Micros(SECOND)), "00:00:00");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let mut jiff = jiff::civil::date(1, 1, 1);
        let mut number = Moment::FIRST.0 / DAY;
        while jiff.year() < 2500 {
            assert_eq!(Day::numbered(number).to_string(), jiff.to_string());
            jiff = jiff.tomorrow().expect("a day before the year 10000");
            number += 1;
        }
    }

    #[test]
    fn steps_stand_at_whole_multiples() {
        let ticks: Vec<_> = at()
            .steps_to(at() + Micros(2 * MINUTE), Micros(MINUTE))
            .map(|it| it.label(Micros(MINUTE)))
            .collect();
        assert_eq!(ticks, ["02:28", "02:29"]);
        let none = at().steps_to(MIDNIGHT, Micros(MINUTE));
        assert_eq!(none.count(), 0);
    }
}
