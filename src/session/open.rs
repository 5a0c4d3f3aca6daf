//! Starting a run, and opening one that was loaded.

use std::rc::Rc;

use hustings_lab::{Header, History, Run};

use super::{LoadedRun, Opened, PlayedRun, Session};
use crate::i18n::texts;

impl Session {
    /// Starts a run with the settings of another, but not with what that was called and
    /// was for.
    pub(super) fn begin(&mut self, settings: Header) {
        let header = Header {
            title: String::new(),
            goals: Vec::new(),
            ..settings
        };
        match Run::new(header) {
            Ok(run) => {
                self.show(Rc::new(History::new(run)), None);
                self.playing = !self.is_calm;
            }
            Err(error) => self.refuse(&error),
        }
    }

    pub(super) fn open(&mut self, opened: &LoadedRun) {
        let commands = opened.commands.iter().cloned();
        match History::replay(opened.header.clone(), commands) {
            Ok(history) => self.show(Rc::new(history), None),
            Err(error) => {
                self.refuse(&error);
                return;
            }
        }
        self.pause();
        if let Some(caption) = opened.caption {
            self.open_tour(caption);
        }
    }

    pub(super) fn open_played(&mut self, played: PlayedRun) {
        let PlayedRun {
            script,
            at,
            history,
            transcript,
        } = played;
        self.transcript = transcript;
        self.show(history, Some(Rc::clone(&script)));
        if self.draft.as_ref() == Some(&script.text) {
            self.draft = None;
        }
        match (script.first_failure(), at) {
            (Some(failure), _) => self.stand_at_failure(failure),
            (None, Opened::AtStart) => self.open_tour(1),
            (None, Opened::AtEnd) => {
                self.go_to_end();
                self.notify(texts().script_played(script.expectations));
            }
        }
    }

    fn open_tour(&mut self, caption: usize) {
        self.rewind();
        self.open_lesson(caption);
    }
}
