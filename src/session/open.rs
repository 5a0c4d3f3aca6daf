//! Starting a run, and opening one that was loaded.

use std::rc::Rc;

use hustings_lab::{Header, History, Run};

use super::{LoadedRun, PlayedRun, Session};

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
                self.show(Rc::new(History::new(run)));
                self.playing = !self.is_calm;
            }
            Err(error) => self.refuse(&error),
        }
    }

    pub(super) fn open(&mut self, opened: &LoadedRun) {
        let commands = opened.commands.iter().cloned();
        match History::replay(opened.header.clone(), commands) {
            Ok(history) => self.show(Rc::new(history)),
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
        self.transcript = played.transcript;
        self.show(played.history);
        self.open_tour(1);
    }

    fn open_tour(&mut self, caption: usize) {
        self.rewind();
        self.open_lesson(caption);
    }
}
