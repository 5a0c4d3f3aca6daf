//! Ticks from the browser's clock, and turns of what is done a part at a time. Nothing else on the page reads a clock.

use gloo_timers::callback::{Interval, Timeout};
use yew::prelude::*;

use crate::browser;

/// Interval between ticks in milliseconds: about a frame at 60 Hz.
const TICK_MS: u32 = 16;

/// The interval with reduced motion: animation proceeds in visible steps.
const REDUCED_MOTION_TICK_MS: u32 = 400;

/// The most time that one tick reports, in intervals. A tab that was hidden, or a machine
/// that was asleep, does not catch up.
const ELAPSED_MAX_TICKS: u32 = 6;

/// While `running`, calls `on_tick` with the milliseconds of real time since the last
/// call. It keeps the `on_tick` of when it started running.
#[hook]
pub fn use_scheduler(running: bool, on_tick: Callback<f64>) {
    use_effect_with(running, move |running| {
        let interval = running.then(|| start(on_tick));
        move || drop(interval)
    });
}

/// While `working`, calls `on_turn` over and over, with room for everything else in
/// between.
#[hook]
pub fn use_turns(working: bool, on_turn: Callback<()>) {
    use_effect(move || {
        let turn = working.then(|| Timeout::new(0, move || on_turn.emit(())));
        move || drop(turn)
    });
}

fn start(on_tick: Callback<f64>) -> Interval {
    let tick = if browser::prefers_reduced_motion() {
        REDUCED_MOTION_TICK_MS
    } else {
        TICK_MS
    };
    let mut before = now();
    Interval::new(tick, move || {
        let now = now();
        on_tick.emit(elapsed(before, now, tick));
        before = now;
    })
}

/// The time between two clock readings, at most [`ELAPSED_MAX_TICKS`], in milliseconds.
fn elapsed(before: f64, now: f64, tick: u32) -> f64 {
    // Not `clamp`, whose panic message would link float formatting (code size).
    (now - before)
        .max(0.0)
        .min(f64::from(tick * ELAPSED_MAX_TICKS))
}

/// Milliseconds since the page was opened.
#[expect(
    clippy::disallowed_methods,
    reason = "only the scheduler reads a clock"
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
    fn a_clock_that_goes_back_counts_as_no_time() {
        assert_eq!(elapsed(1_000.0, 900.0, TICK_MS), 0.0);
    }

    #[test]
    fn a_frame_counts_in_full() {
        assert_eq!(elapsed(1_000.0, 1_016.5, TICK_MS), 16.5);
    }
}
