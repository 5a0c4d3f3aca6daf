//! Times as loggers write them.

use jiff::civil;
use jiff::tz::Offset;

use crate::time::Moment;

/// A time as RFC 3339 has it, or with a space for the `T`, with a comma or point before the
/// fraction, or without a zone (which is UTC then); and what follows it.
///
/// `2026-11-28T02:27:19.933Z`, `2018-05-02 10:11:12.123456`, `2020/01/01 00:00:00.000 +00:00`,
/// `2020-01-01T00:00:00.000+0100`
pub(crate) fn leading(text: &str) -> Option<(Moment, &str)> {
    let mut digits = Digits(text);
    let year = digits.take(4)?;
    let dash = digits.one_of(b"-/")?;
    let month = digits.take(2)?;
    digits.one_of(&[dash])?;
    let day = digits.take(2)?;
    digits.one_of(b"T ")?;
    let (hour, minute, second) = clock(&mut digits)?;
    let nanos = fraction(&mut digits);
    let offset = zone(&mut digits);
    let date = civil::Date::new(small(year)?, small(month)?, small(day)?).ok()?;
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()?;
    let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some((Moment::from_micros(at.as_microsecond())?, digits.0))
}

/// A time without a year, as syslog and journald write it, and what follows it. It is put in
/// [`Moment::NO_YEAR`].
///
/// `Nov 28 02:27:21`, `Nov  8 02:27:21.123456`
pub(super) fn without_year(text: &str) -> Option<(Moment, &str)> {
    let (name, rest) = text.split_at_checked(3)?;
    let rest = rest.strip_prefix(' ')?.trim_start_matches(' ');
    let month = MONTHS.iter().position(|it| *it == name)? + 1;
    let month = i8::try_from(month).ok()?;
    let (day, rest) = rest.split_once(' ')?;
    let date = civil::Date::new(Moment::NO_YEAR, month, day.parse().ok()?).ok()?;
    at_day(date, &mut Digits(rest))
}

/// A time as klog and glog write it, with or without a year, and what follows it.
///
/// `1128 02:27:21.123456`, `20261128 02:27:21.123456`
pub(super) fn compact(text: &str) -> Option<(Moment, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut digits = Digits(text);
    let year = match length {
        4 => Moment::NO_YEAR,
        8 => small(digits.take(4)?)?,
        _ => return None,
    };
    let (month, day) = (digits.take(2)?, digits.take(2)?);
    digits.one_of(b" ")?;
    let date = civil::Date::new(year, small(month)?, small(day)?).ok()?;
    at_day(date, &mut digits)
}

/// A time as a number: of seconds since 1970 (zap's `epoch`), of milliseconds, microseconds or
/// nanoseconds since then, or, if it is small, of milliseconds since a program started, which is
/// taken to be in 1970.
pub(super) fn number(number: f64) -> Option<Moment> {
    /// What is below the first is to be multiplied by the second.
    const MICROS: [(f64, f64); 5] = [
        (1e8, 1e3),
        (1e11, 1e6),
        (1e14, 1e3),
        (1e17, 1.0),
        (1e20, 1e-3),
    ];
    let mut units = MICROS.iter().filter(|_| number >= 0.0);
    let (_, micros) = units.find(|(below, _)| number < *below)?;
    Moment::from_micros((number * micros) as i64)
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The moment of that day, in UTC, whose time of day stands there; and what follows it.
fn at_day<'t>(day: civil::Date, digits: &mut Digits<'t>) -> Option<(Moment, &'t str)> {
    let (hour, minute, second) = clock(digits)?;
    let nanos = fraction(digits);
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()?;
    let at = Offset::UTC.to_timestamp(day.to_datetime(time)).ok()?;
    Some((Moment::from_micros(at.as_microsecond())?, digits.0))
}

/// A time of day, `hours:minutes:seconds`.
fn clock(digits: &mut Digits<'_>) -> Option<(u32, u32, u32)> {
    let hour = digits.take(2)?;
    digits.one_of(b":")?;
    let minute = digits.take(2)?;
    digits.one_of(b":")?;
    Some((hour, minute, digits.take(2)?))
}

/// The fraction of a second, in nanoseconds; 0 if there is none.
fn fraction(digits: &mut Digits<'_>) -> i32 {
    const LENGTH: usize = 9;
    let before = digits.0;
    if digits.one_of(b".,").is_none() {
        return 0;
    }
    let length = digits.0.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = digits.0.split_at(length);
    digits.0 = if length > 0 { rest } else { before };
    let zeros = std::iter::repeat_n(b'0', LENGTH);
    let digits = fraction.bytes().chain(zeros).take(LENGTH);
    digits.fold(0, |nanos, it| nanos * 10 + i32::from(it - b'0'))
}

/// A zone, `Z` or an offset such as `+01:00`; UTC if there is none.
fn zone(digits: &mut Digits<'_>) -> Offset {
    let before = digits.0;
    if digits.one_of(b"Z").is_some() {
        return Offset::UTC;
    }
    digits.one_of(b" ");
    let read = |digits: &mut Digits<'_>| {
        let sign = digits.one_of(b"+-")?;
        let hours = digits.take(2)?;
        digits.one_of(b":");
        let minutes = digits.take(2)?;
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok()
    };
    read(digits).unwrap_or_else(|| {
        digits.0 = before;
        Offset::UTC
    })
}

fn small<T: TryFrom<u32>>(number: u32) -> Option<T> {
    T::try_from(number).ok()
}

/// The rest of a text that is being read.
struct Digits<'t>(&'t str);

impl Digits<'_> {
    /// A number of exactly so many digits.
    fn take(&mut self, length: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        let number = digits.bytes().try_fold(0, |number, it| {
            let digit = it.is_ascii_digit().then(|| u32::from(it - b'0'))?;
            Some(number * 10 + digit)
        })?;
        self.0 = rest;
        Some(number)
    }

    /// One of these characters, all of which are ASCII's.
    fn one_of(&mut self, those: &[u8]) -> Option<u8> {
        let first = self.0.bytes().next().filter(|it| those.contains(it))?;
        self.0 = self.0.get(1..)?;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, leading, number, without_year};
    use crate::time::Moment;

    #[test]
    fn times_are_read_as_loggers_write_them() {
        let noon = Moment::from_micros(1_578_225_600_250_000).map(|it| (it, " x"));
        for text in [
            "2020-01-05T12:00:00.250Z x",
            "2020-01-05 12:00:00.250000 x",
            "2020/01/05 12:00:00.250 +00:00 x",
            "2020-01-05T13:00:00,250+0100 x",
            "2020-01-05T07:30:00.25-04:30 x",
        ] {
            assert_eq!(leading(text), noon, "{text}");
        }
        assert_eq!(leading("2020-13-05T12:00:00Z"), None);
        assert_eq!(leading("20200105"), None);
    }

    #[test]
    fn numbers_are_told_apart_by_their_size() {
        let noon = Moment::from_micros(1_578_225_600_250_000);
        assert_eq!(number(1_578_225_600.25), noon);
        assert_eq!(number(1_578_225_600_250.0), noon);
        assert_eq!(number(1_578_225_600_250_000.0), noon);
        assert_eq!(number(1_578_225_600_250_000_000.0), noon);
        assert_eq!(number(1_250.0), Moment::from_micros(1_250_000));
        assert_eq!(number(-1.0), None);
        assert_eq!(number(f64::NAN), None);
    }

    #[test]
    fn a_time_without_a_year_is_put_in_a_leap_year_of_its_own() {
        let noon = Moment::from_micros(68_299_200_250_000).expect("a moment of 1972");
        assert_eq!(without_year("Mar  1 12:00:00.25 x"), Some((noon, " x")));
        assert_eq!(compact("0301 12:00:00.250000 x"), Some((noon, " x")));
        assert!(noon.lacks_year());
        assert!(compact("0229 12:00:00 x").is_some());
        let this_year = compact("20200301 12:00:00.250000 x").map(|(at, _)| at);
        let new_year = leading("2020-01-01T00:00:00Z").map(|(at, _)| at);
        assert_eq!(this_year, new_year.map(|it| noon.near(it)));
        assert_eq!(without_year("Foo 28 02:27:21"), None);
    }
}
