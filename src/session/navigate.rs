//! Moving within the history of a run.

use hustings_lab::{Command, History, HistoryError, RecordId};
use hustings_raft::Millis;

use super::{Landmark, Selection, Session};
use crate::i18n::texts;
use crate::moment::moment;

/// The most events simulated past the end of a run in search of a landmark.
const LOOKAHEAD_EVENTS: usize = 20_000;

impl Session {
    /// Moves within the history; returns whether that was possible.
    pub(super) fn navigate(
        &mut self,
        to: impl FnOnce(&mut History) -> Result<(), HistoryError>,
    ) -> bool {
        self.attempt(to).is_some()
    }

    /// Moves within the history and pauses; returns whether that was possible.
    pub(super) fn navigate_and_pause(
        &mut self,
        to: impl FnOnce(&mut History) -> Result<(), HistoryError>,
    ) -> bool {
        let moved = self.navigate(to);
        if moved {
            self.pause();
        }
        moved
    }

    pub(super) fn step(&mut self) {
        if self.asks_before_step() {
            return;
        }
        if self.is_in_past() {
            let next = RecordId(self.run.records().len());
            self.navigate_and_pause(|history| history.seek(next));
            return;
        }
        self.playing = false;
        // From the last event on, whatever the clock shows.
        if self
            .attempt(|history| history.apply(Command::Step))
            .is_some()
        {
            self.clock = self.clock.max(self.run.now().0 as f64);
        }
    }

    pub(super) fn step_back(&mut self) {
        // The first records are the servers' starts.
        let first = usize::from(self.run.ids().len());
        let records = self.run.records().len();
        // A step in which a program fails has two records, between which nobody stands.
        let before = (first..records).rev().take(2);
        for before in before {
            self.navigate_and_pause(|history| history.seek(RecordId(before - 1)));
            if self.run.records().len() < records {
                return;
            }
        }
        self.pause();
    }

    pub(super) fn rewind(&mut self) {
        let first = usize::from(self.run.ids().len()) - 1;
        self.navigate_and_pause(|history| history.seek(RecordId(first)));
    }

    pub(super) fn next(&mut self, landmark: Landmark) {
        if landmark == Landmark::Note && self.is_lesson() {
            self.next_caption();
            return;
        }
        let here = RecordId(self.run.records().len());
        if let Some(record) = landmark.first_from(&self.tip, here) {
            if self.asks_on_the_way(record) {
                return;
            }
            self.navigate_and_pause(|history| history.seek(record));
            return;
        }
        if self.is_recording() {
            self.notify(texts().none_in_run(landmark.describe()));
            return;
        }
        match landmark.ahead_of(&self.tip, LOOKAHEAD_EVENTS) {
            Ok((record, wait)) => {
                self.navigate_and_pause(|history| {
                    history.switch(history.current())?;
                    history.apply(Command::Run(wait))?;
                    history.seek(record)
                });
            }
            Err(until) if until > self.tip.now() => {
                self.notify(texts().none_ahead(landmark.describe(), moment(until)));
            }
            Err(_) => self.notify(texts().none_in_run(landmark.describe())),
        }
    }

    pub(super) fn go_to_end(&mut self) {
        self.navigate_and_pause(|history| history.switch(history.current()));
    }

    pub(super) fn previous(&mut self, landmark: Landmark) {
        if landmark == Landmark::Note && self.is_lesson() {
            self.previous_caption();
            return;
        }
        let before = RecordId(self.run.records().len().saturating_sub(1));
        match landmark.last_before(&self.run, before) {
            Some(record) => {
                self.navigate_and_pause(|history| history.seek(record));
            }
            None => self.rewind(),
        }
    }

    /// Goes to a time: between two records, the clock shows it.
    pub(super) fn go_to(&mut self, time: f64) {
        let time = Millis(time.max(0.0) as u64);
        let started = usize::from(self.run.ids().len());
        let records = self.tip.records().by(time).max(started);
        // After the last record, nothing happens up to the end.
        if records >= self.tip.records().len() {
            self.go_to_end();
            return;
        }
        let last = records - 1;
        if self.navigate_and_pause(|history| history.seek(RecordId(last))) {
            self.clock = time.0 as f64;
        }
    }

    pub(super) fn visit(&mut self, record: RecordId) {
        if self.navigate_and_pause(|history| history.seek(record)) {
            self.selected = Selection::Record(record);
        }
    }
}
