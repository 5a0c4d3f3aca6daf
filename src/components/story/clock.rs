//! Times of day, in UTC where lines tell of a time zone.

use hustings_logs::Moment;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Steps of an axis that are round by a clock, in milliseconds; longer ones are whole days.
const STEPS: [i64; 27] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
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
    DAY,
];

/// The smallest round step of at least this many milliseconds.
pub(super) fn round_step(least: f64) -> i64 {
    let mut steps = STEPS.into_iter();
    let found = steps.find(|step| *step as f64 >= least);
    found.unwrap_or((least / DAY as f64) as i64 * DAY + DAY)
}

/// A time of day with as many digits as a step needs, in milliseconds since the beginning of
/// 1970: `02:27`, `02:27:31.9`; at steps of days, and at midnight, the day: `11-28`.
pub(super) fn label(millis: i64, step: i64) -> String {
    let in_day = millis.rem_euclid(DAY);
    if in_day == 0 && step >= MINUTE {
        return day(millis);
    }
    let (hours, minutes) = (in_day / HOUR, in_day / MINUTE % 60);
    if step >= MINUTE {
        return format!("{hours:02}:{minutes:02}");
    }
    let seconds = in_day / SECOND % 60;
    let decimals = match step {
        100.. => 1,
        10.. => 2,
        _ => 3,
    };
    let fraction = format!("{:03}", in_day % SECOND);
    let fraction = fraction.get(..decimals).unwrap_or_default();
    if step >= SECOND {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}.{fraction}")
    }
}

/// A moment, to the millisecond; with its day if the story has several.
pub(super) fn moment(at: Moment, with_day: bool) -> String {
    let millis = at.0.div_euclid(1_000);
    let time = label(millis, 1);
    if with_day {
        format!("{} {time}", day(millis))
    } else {
        time
    }
}

/// How long something took, as the account says it: `310 ms`, `6.2 s`, `2 min 5 s`, `1 h 40 min`.
pub(super) fn lasting(millis: i64) -> String {
    let (tenths, seconds) = ((millis + 50) / 100, (millis + 500) / SECOND);
    let minutes = (millis + MINUTE / 2) / MINUTE;
    match millis {
        ..SECOND => format!("{millis} ms"),
        _ if tenths < 600 => format!("{}.{} s", tenths / 10, tenths % 10),
        _ if seconds < 3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

/// The day: `11-28`.
fn day(millis: i64) -> String {
    let (month, day) = date(millis.div_euclid(DAY));
    format!("{month:02}-{day:02}")
}

/// Whether two moments are on different days.
pub(super) fn are_days_apart(one: Moment, other: Moment) -> bool {
    one.0.div_euclid(1_000 * DAY) != other.0.div_euclid(1_000 * DAY)
}

/// Month and day of a day, counted from the beginning of 1970, in the Gregorian calendar.
/// Years begin in March here, so that the odd day is their last.
fn date(days: i64) -> (i64, i64) {
    let of_era = (days + 719_468).rem_euclid(146_097);
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    (if month < 10 { month + 3 } else { month - 9 }, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-28T02:27:19.933Z.
    const MILLIS: i64 = 1_795_832_839_933;

    #[test]
    fn steps_are_round_by_a_clock() {
        let steps = [0.2, 3.0, 700.0, 16_000.0, 3.0 * MINUTE as f64].map(round_step);
        assert_eq!(steps, [1, 5, SECOND, 30 * SECOND, 5 * MINUTE]);
        assert_eq!(round_step(2.5 * DAY as f64), 3 * DAY);
    }

    #[test]
    fn labels_have_the_digits_that_the_step_needs() {
        let of = |step| label(MILLIS, step);
        assert_eq!([of(MINUTE), of(SECOND)], ["02:27", "02:27:19"]);
        assert_eq!([of(100), of(1)], ["02:27:19.9", "02:27:19.933"]);
        assert_eq!(label(MILLIS - MILLIS % DAY, HOUR), "11-28");
    }

    #[test]
    fn what_took_long_is_told_in_larger_units() {
        let of = [310, 6_249, 59_960, 125_400, 6_000_000].map(lasting);
        assert_eq!(
            of,
            ["310 ms", "6.2 s", "1 min 0 s", "2 min 5 s", "1 h 40 min"]
        );
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let of = |days: i64| day(days * DAY);
        assert_eq!([of(0), of(-1), of(11_016)], ["01-01", "12-31", "02-29"]);
        assert!(are_days_apart(Moment(0), Moment(-1)));
    }
}
