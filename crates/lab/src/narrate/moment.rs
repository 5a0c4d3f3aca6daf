//! How a time of the run reads.

use hustings_raft::Millis;

/// A time of the run as people read it, the same in every language: `1.234 s`,
/// `5:00.272`, `1:05:00.272`. It always has milliseconds, so that it does not change its
/// width while time runs.
pub fn moment(at: Millis) -> String {
    let Millis(millis) = at;
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, rest) = (millis / 1_000 % 60, millis % 1_000);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}.{rest:03} s"),
        (0, _) => format!("{minutes}:{seconds:02}.{rest:03}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{rest:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_seconds_then_minutes_then_hours() {
        let read = |millis| moment(Millis(millis));
        assert_eq!(read(0), "0.000 s");
        assert_eq!(read(1_234), "1.234 s");
        assert_eq!(read(59_999), "59.999 s");
        assert_eq!(read(60_000), "1:00.000");
        assert_eq!(read(300_272), "5:00.272");
        assert_eq!(read(3_900_272), "1:05:00.272");
    }
}
