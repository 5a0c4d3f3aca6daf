//! Moving within the history of a run.

use std::rc::Rc;

use hustings_lab::{Command, History, HistoryError, RecordId};

use super::{Landmark, Selection, Session};
use crate::i18n::texts;

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
        if records > first {
            self.navigate_and_pause(|history| history.seek(RecordId(records - 2)));
        } else {
            self.pause();
        }
    }

    pub(super) fn rewind(&mut self) {
        let first = usize::from(self.run.ids().len()) - 1;
        self.navigate_and_pause(|history| history.seek(RecordId(first)));
    }

    pub(super) fn next(&mut self, landmark: Landmark) {
        let here = RecordId(self.run.records().len());
        if let Some(record) = landmark.first_from(&self.tip, here) {
            if self.asks_on_the_way(record) {
                return;
            }
            self.navigate_and_pause(|history| history.seek(record));
            return;
        }
        // After the last note of a tour comes its end.
        if self.is_in_past() && landmark == Landmark::Note && self.is_tour() {
            self.go_to_end();
            return;
        }
        match landmark.ahead_of(&self.tip, LOOKAHEAD_EVENTS) {
            Some((record, wait)) => {
                self.navigate_and_pause(|history| {
                    history.switch(history.current())?;
                    history.apply(Command::Run(wait))?;
                    history.seek(record)
                });
            }
            None => self.notify(texts().none_ahead(landmark.describe())),
        }
    }

    pub(super) fn go_to_end(&mut self) {
        self.navigate_and_pause(|history| history.switch(history.current()));
    }

    pub(super) fn previous(&mut self, landmark: Landmark) {
        let before = RecordId(self.run.records().len().saturating_sub(1));
        match landmark.last_before(&self.run, before) {
            Some(record) => {
                self.navigate_and_pause(|history| history.seek(record));
            }
            None => self.rewind(),
        }
    }

    pub(super) fn undo_or_redo(&mut self, change: fn(&mut History) -> bool) {
        change(Rc::make_mut(&mut self.history));
        self.refresh();
        self.pause();
    }

    pub(super) fn visit(&mut self, record: RecordId) {
        if self.navigate_and_pause(|history| history.seek(record)) {
            self.selected = Selection::Record(record);
        }
    }
}
