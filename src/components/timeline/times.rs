//! Times on an axis, as people read them.

/// The smallest round step of at least this many milliseconds: 1, 2 or 5 times a power of
/// ten.
pub(in super::super) fn round_step(least: f64) -> u64 {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if step as f64 >= least {
                return step;
            }
        }
        power *= 10;
    }
}

/// A time in milliseconds with as many decimals as a step needs: `1.2 s`, `5:00.2`.
pub(in super::super) fn time_label(time: u64, step: u64) -> String {
    let decimals = [1_000, 100, 10]
        .iter()
        .position(|it| step.is_multiple_of(*it));
    let decimals = decimals.unwrap_or(3);
    let thousandths = format!("{:03}", time % 1_000);
    let fraction = match thousandths.get(..decimals) {
        None | Some("") => String::new(),
        Some(digits) => format!(".{digits}"),
    };
    let seconds = time / 1_000;
    if seconds < 60 {
        format!("{seconds}{fraction} s")
    } else {
        format!("{}:{:02}{fraction}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let steps = [0.3, 1.5, 3.0, 12.0, 51.0, 900.0].map(round_step);
        assert_eq!(steps, [1, 2, 5, 20, 100, 1_000]);
    }

    #[test]
    fn times_have_the_decimals_that_the_step_needs() {
        assert_eq!(time_label(1_200, 200), "1.2 s");
        assert_eq!(time_label(1_234, 1), "1.234 s");
        assert_eq!(time_label(300_200, 100), "5:00.2");
        assert_eq!(time_label(305_000, 5_000), "5:05");
        assert_eq!(time_label(0, 20), "0.00 s");
    }
}
