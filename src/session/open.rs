//! Starting a run, and opening one that was loaded.

use std::rc::Rc;

use hustings_lab::{Header, History, RecordId, Run};

use super::{Landmark, LoadedRun, Selection, Session};

impl Session {
    pub(super) fn begin(&mut self, header: Header) {
        match Run::new(header) {
            Ok(run) => {
                self.show(History::new(run));
                self.clock = 0.0;
                self.playing = true;
            }
            Err(error) => self.refuse(&error),
        }
    }

    pub(super) fn open(&mut self, opened: &LoadedRun) {
        let commands = opened.commands.iter().cloned();
        match History::replay(opened.header.clone(), commands) {
            Ok(history) => self.show(history),
            Err(error) => {
                self.refuse(&error);
                return;
            }
        }
        self.pause();
        if opened.from_start {
            self.rewind();
            self.next_note();
        }
    }

    /// Advances to the first note if it is the next record.
    fn next_note(&mut self) {
        let next = RecordId(self.run.records().len());
        let note = self.tip.records().get(next);
        if note.is_some_and(|record| Landmark::Note.is(record)) {
            self.navigate_and_pause(|history| history.seek(next));
        }
    }

    fn show(&mut self, history: History) {
        self.history = Rc::new(history);
        self.history_number += 1;
        self.dwell_ms = 0.0;
        self.selected = Selection::Nothing;
        self.hovered = Selection::Nothing;
        self.requests = 0;
        self.forget_questions();
        self.refresh();
    }
}
