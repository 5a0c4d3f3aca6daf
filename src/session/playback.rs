//! Playing: the run goes on with the clock; in the past, it is replayed.

use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_raft::Millis;

use super::{Selection, Session, Speed};

/// How long replay shows each record that the user caused while time stood still, in
/// milliseconds at the default speed.
const REPLAY_DWELL_MS: f64 = 350.0;

impl Session {
    pub(super) fn toggle_play(&mut self) {
        self.playing = !self.playing;
        self.go_on();
        // Playing shows the latest events instead of the selected record.
        if self.playing && matches!(self.selected, Selection::Record(_)) {
            self.selected = Selection::Nothing;
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
        let passed = elapsed * self.speed.factor();
        if self.is_in_past() {
            self.dwell_ms += passed / Speed::default().factor();
            self.replay(self.clock + passed);
            return;
        }
        self.clock += passed;
        let due = self.run.next_due();
        if due.is_none_or(|due| due.0 as f64 > self.clock) {
            return;
        }
        let (clock, breakpoints) = (self.whole_clock(), Rc::clone(&self.breakpoints));
        if self.asks_until(clock) {
            return;
        }
        match self.attempt(|history| breakpoints.pass_time(history, clock)) {
            Some(None) => {}
            Some(Some(number)) => self.stop_at(number),
            None => self.pause(),
        }
    }

    /// Replays the branch up to a time, showing each record that the user caused for
    /// [`REPLAY_DWELL_MS`].
    pub(super) fn replay(&mut self, until: f64) {
        while let Some(next) = self.tip.records().get(RecordId(self.run.records().len())) {
            let at = next.at.0 as f64;
            if at > until {
                self.clock = until;
                return;
            }
            let record = RecordId(self.run.records().len());
            if self.is_by_hand(record) {
                if self.dwell_ms < REPLAY_DWELL_MS {
                    self.clock = at.max(self.clock);
                    return;
                }
                // Time since the last record counts, but only for one dwell.
                self.dwell_ms = (self.dwell_ms - REPLAY_DWELL_MS).min(REPLAY_DWELL_MS);
            }
            if self.asks_in_past() {
                return;
            }
            let before = Rc::clone(&self.run);
            if !self.navigate(|history| history.seek(record)) || self.stop_if_hit(&before) {
                return;
            }
        }
        self.clock = self.clock.max(self.run.now().0 as f64);
        self.navigate(|history| history.switch(history.current()));
    }

    /// Whether a command of the user caused a record while time stood still.
    pub(super) fn is_by_hand(&self, record: RecordId) -> bool {
        let command = self.tip.command_of(record);
        command.is_some_and(|command| !command.passes_time())
    }
}
