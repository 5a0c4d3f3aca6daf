//! Playing: the run goes on with the clock; in the past, it is replayed.

use std::rc::Rc;

use hustings_lab::{History, HistoryError, RecordId, Weight, weight};
use hustings_raft::Millis;

use super::pace::{dwell, is_eventful, next_pace};
use super::{Breakpoints, Landmark, Selection, Session, Speed};

/// The caption is shown this long before its part begins, in milliseconds at the default
/// speed.
const LEAD_IN_MS: f64 = 800.0;

/// A part of a lesson should not take longer than this; a longer one plays faster.
const PART_MAX_MS: f64 = 15_000.0;

/// The most that it takes to play an event that is news and not the user's, in
/// milliseconds.
const NEWS_MS: f64 = 300.0;

impl Session {
    pub(super) fn toggle_play(&mut self) {
        self.go_on();
        if self.playing {
            self.playing = false;
            return;
        }
        if !self.play_lesson() {
            self.set_off();
        }
    }

    /// Plays from here.
    pub(super) fn set_off(&mut self) {
        self.playing = true;
        // Playing shows the latest events instead of the selected record.
        if matches!(self.selected, Selection::Record(_)) {
            self.selected = Selection::Nothing;
        }
        self.pace = 0.0;
        self.hurry = 1.0;
        if self.is_lesson() && self.is_in_past() {
            self.dwell_ms = -LEAD_IN_MS;
            let length: f64 = self.rest_of_part().map(|id| self.length_of(id)).sum();
            self.hurry = (length / PART_MAX_MS).max(1.0);
        }
    }

    /// About how long a record of this branch takes to play, in milliseconds.
    fn length_of(&self, id: RecordId) -> f64 {
        let record = self.tip.records().get(id);
        let weight = record.map_or(Weight::Routine, |record| weight(record));
        match weight {
            _ if self.is_by_hand(id) => dwell(weight),
            Weight::Routine => 0.0,
            Weight::News | Weight::Turn => NEWS_MS,
        }
    }

    /// Pauses, and sets the clock to the run's time.
    pub(super) fn pause(&mut self) {
        self.playing = false;
        self.dwell_ms = 0.0;
        self.clock = self.run.now().0 as f64;
    }

    /// The clock, rounded down to whole milliseconds.
    pub(super) fn whole_clock(&self) -> Millis {
        Millis(self.clock as u64)
    }

    pub(super) fn tick(&mut self, elapsed: f64) {
        if !self.playing || self.lets_answer_be_read(elapsed) {
            return;
        }
        let is_replay = !self.history.is_at_tip();
        let is_lesson = is_replay && self.is_lesson();
        let slow = self.speed.factor() * if is_lesson { self.hurry } else { 1.0 };
        self.pace = if is_lesson || self.speed.is_auto() {
            next_pace(self.pace, slow, &self.run, elapsed)
        } else {
            slow
        };
        let until = self.clock + elapsed * self.pace;
        if is_replay {
            self.dwell_ms += elapsed * slow / Speed::default().factor();
            self.replay(until, self.pace > slow);
        } else {
            self.play_on(until, self.pace > slow);
        }
    }

    /// Lets time pass up to a time; if it passes fast, up to where something begins.
    fn play_on(&mut self, until: f64, is_fast: bool) {
        let due = self.run.next_due();
        if due.is_none_or(|due| due.0 as f64 > until) {
            self.clock = until;
            return;
        }
        if self.asks_until(Millis(until as u64)) {
            return;
        }
        let (end, breakpoints) = (Millis(until as u64), Rc::clone(&self.breakpoints));
        let passed = self.attempt(|history| {
            if is_fast {
                pass_quiet_time(history, end, &breakpoints)
            } else {
                breakpoints.pass_time(history, end)
            }
        });
        match passed {
            Some(None) if is_fast && is_eventful(&self.run) => self.slow_down(),
            Some(None) => self.clock = until,
            Some(Some(number)) => self.stop_at(number),
            None => self.pause(),
        }
    }

    /// Something begins: from here on, time passes as slowly as one can follow.
    fn slow_down(&mut self) {
        self.pace = 0.0;
        self.clock = self.run.now().0 as f64;
    }

    /// Replays the branch up to a time, showing each record that the user caused for a
    /// while; if time passes fast, up to where something begins. A lesson pauses before
    /// each caption and at its end.
    fn replay(&mut self, until: f64, is_fast: bool) {
        while let Some(next) = self.tip.records().get(RecordId(self.run.records().len())) {
            let at = next.at.0 as f64;
            if at > until {
                self.clock = until;
                return;
            }
            let record = RecordId(self.run.records().len());
            if Landmark::Note.is(next) {
                self.stand_before(record);
                return;
            }
            if self.is_by_hand(record) {
                let dwell = self.dwell_of(record);
                if self.dwell_ms < dwell {
                    self.clock = at.max(self.clock);
                    return;
                }
                // Time since the last record counts, but only for one dwell.
                self.dwell_ms = (self.dwell_ms - dwell).min(dwell);
            }
            if self.asks_in_past() {
                return;
            }
            let (before, breakpoints) = (Rc::clone(&self.run), Rc::clone(&self.breakpoints));
            let mut moved = false;
            let seek = || moved = self.navigate(|history| history.seek(record));
            let traces = breakpoints.watched(&before, seek);
            let line = breakpoints.line_in(&self.history, record, &traces);
            if !moved || self.stop_if_hit(&before, line) {
                return;
            }
            if is_fast && self.is_in_past() && is_eventful(&self.run) {
                self.slow_down();
                return;
            }
        }
        self.clock = until;
        if until >= self.tip.now().0 as f64 {
            self.reach_end();
        }
    }

    fn reach_end(&mut self) {
        if self.is_lesson() {
            self.go_to_end();
        } else {
            self.navigate(|history| history.switch(history.current()));
        }
    }

    fn dwell_of(&self, record: RecordId) -> f64 {
        let record = self.tip.records().get(record);
        record.map_or(0.0, |record| dwell(weight(record)))
    }

    /// Whether a command of the user caused a record while time stood still.
    pub(super) fn is_by_hand(&self, record: RecordId) -> bool {
        let command = self.tip.command_of(record);
        command.is_some_and(|command| !command.passes_time())
    }
}

/// Lets time pass up to a time, to a breakpoint, whose number it gives, or to where
/// something begins.
fn pass_quiet_time(
    history: &mut History,
    until: Millis,
    breakpoints: &Breakpoints,
) -> Result<Option<usize>, HistoryError> {
    while history.run().now() < until {
        // What a step has left behind is due already: time passes all the same.
        let soon = history.run().now().plus(Millis(1));
        let due = history.run().next_due().unwrap_or(until);
        let hit = breakpoints.pass_time(history, due.max(soon).min(until))?;
        if hit.is_some() || is_eventful(history.run()) {
            return Ok(hit);
        }
    }
    Ok(None)
}
