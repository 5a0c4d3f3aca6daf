//! The browser's clock. Nothing else on the page reads one.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::browser;

/// How often the session hears that time has passed, in milliseconds: once a
/// frame at 60 Hz.
const TICK_MS: u32 = 16;

/// The same for those who want less motion: what would glide goes from place to
/// place.
const CALM_TICK_MS: u32 = 400;

/// The most that passes in one tick, in ticks. A tab that was hidden, or a machine
/// that was asleep, goes on where it was and does not catch up.
const ELAPSED_MAX: u32 = 6;

/// Calls `on_tick` with the milliseconds of real time that have passed since
/// the last call, as long as `running` holds. It stays with the `on_tick` that it had
/// when that began.
#[hook]
pub fn use_scheduler(running: bool, on_tick: Callback<f64>) {
    use_effect_with(running, move |running| {
        let interval = running.then(|| start(on_tick));
        // The interval stops when it is dropped.
        move || drop(interval)
    });
}

fn start(on_tick: Callback<f64>) -> Interval {
    let tick = match browser::wants_less_motion() {
        true => CALM_TICK_MS,
        false => TICK_MS,
    };
    let mut before = now();
    Interval::new(tick, move || {
        let now = now();
        on_tick.emit(elapsed(before, now, tick));
        before = now;
    })
}

/// What counts of the time between two readings, in milliseconds.
fn elapsed(before: f64, now: f64, tick: u32) -> f64 {
    // `clamp` would bring all that prints numbers with a fraction into the page.
    (now - before).max(0.0).min(f64::from(tick * ELAPSED_MAX))
}

/// Milliseconds since the page was opened.
#[expect(
    clippy::disallowed_methods,
    reason = "the scheduler is the one reader of a clock"
)]
fn now() -> f64 {
    browser::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

#[cfg(test)]
mod tests {
    use super::{TICK_MS, elapsed};

    #[test]
    fn a_tab_that_was_hidden_does_not_catch_up() {
        assert_eq!(elapsed(1_000.0, 61_000.0, TICK_MS), 96.0);
    }

    #[test]
    fn a_clock_that_goes_back_lets_no_time_pass() {
        assert_eq!(elapsed(1_000.0, 900.0, TICK_MS), 0.0);
    }

    #[test]
    fn a_frame_counts_in_full() {
        assert_eq!(elapsed(1_000.0, 1_016.5, TICK_MS), 16.5);
    }
}
