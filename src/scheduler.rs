//! The browser's clock. Nothing else on the page reads one.

use gloo_timers::callback::Interval;
use yew::prelude::*;

/// How often the session hears that time has passed, in milliseconds: once a
/// frame at 60 Hz.
const TICK_MS: u32 = 16;

/// The most that passes in one tick, in milliseconds. A tab that was hidden, or
/// a machine that was asleep, goes on where it was and does not catch up.
const ELAPSED_MAX_MS: f64 = 100.0;

/// Calls `on_tick` with the milliseconds of real time that have passed since
/// the last call, as long as `running` holds.
#[hook]
pub fn use_scheduler(running: bool, on_tick: Callback<f64>) {
    use_effect_with((running, on_tick), |(running, on_tick)| {
        let interval = running.then(|| start(on_tick.clone()));
        // The interval stops when it is dropped.
        move || drop(interval)
    });
}

fn start(on_tick: Callback<f64>) -> Interval {
    let mut before = now();
    Interval::new(TICK_MS, move || {
        let now = now();
        on_tick.emit(elapsed(before, now));
        before = now;
    })
}

/// What counts of the time between two readings, in milliseconds.
fn elapsed(before: f64, now: f64) -> f64 {
    (now - before).clamp(0.0, ELAPSED_MAX_MS)
}

/// Milliseconds since the page was opened.
#[expect(
    clippy::disallowed_methods,
    reason = "the scheduler is the one reader of a clock"
)]
fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

#[cfg(test)]
mod tests {
    use super::elapsed;

    #[test]
    fn a_tab_that_was_hidden_does_not_catch_up() {
        assert_eq!(elapsed(1_000.0, 61_000.0), 100.0);
    }

    #[test]
    fn a_clock_that_goes_back_lets_no_time_pass() {
        assert_eq!(elapsed(1_000.0, 900.0), 0.0);
    }

    #[test]
    fn a_frame_counts_in_full() {
        assert_eq!(elapsed(1_000.0, 1_016.5), 16.5);
    }
}
