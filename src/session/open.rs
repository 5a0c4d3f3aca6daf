//! Starting a run, and opening one that was loaded.

use std::rc::Rc;

use hustings_lab::link::LinkError;
use hustings_lab::narrate::Tell;
use hustings_lab::play::Failure;
use hustings_lab::{Header, History, Run, Transcript};

use super::recorded::leave_recording;
use super::work::Played;
use super::{LoadedRun, Notice, PlayedScript, Session, Source};
use crate::i18n::{lang, texts};

impl Session {
    /// Starts a run with the settings of another, but not with what that was called and
    /// was for.
    pub(super) fn begin(&mut self, settings: Header) {
        let mut header = Header {
            title: String::new(),
            goals: Vec::new(),
            ..settings
        };
        let was_recorded = header.is_recording();
        leave_recording(&mut header);
        match Run::new(header) {
            Ok(run) => {
                self.show(Rc::new(History::new(run)), None);
                self.playing = !self.is_calm;
                if was_recorded {
                    self.notify(texts().recording_on_core());
                }
            }
            Err(error) => self.refuse(&error),
        }
    }

    pub(super) fn open(&mut self, opened: LoadedRun) {
        match Run::new(opened.script.header.clone()) {
            Ok(run) => self.play_loaded(opened, run),
            Err(error) => self.refuse(&error),
        }
    }

    /// Shows a run that has been played, unless a command of it is refused.
    pub(super) fn end_opening(
        &mut self,
        played: Played,
        transcript: Rc<Transcript>,
        opened: &LoadedRun,
    ) {
        if let (Source::Link, Some(refused)) = (&opened.source, refused(&played)) {
            let error = LinkError::Refused(Box::new(refused.clone()));
            self.notice = Some(Notice::Refused(texts().bad_link(error.tell(lang())).into()));
            return;
        }
        let edits_recording = matches!(opened.source, Source::Editor(_)) && self.is_recording();
        self.transcript = transcript;
        let script = opened.source.text().map(|text| {
            Rc::new(PlayedScript {
                text: Rc::clone(text),
                failures: played.failures,
                expectations: played.expectations,
                lines: played.lines,
            })
        });
        self.show(Rc::new(played.run), script.clone());
        self.pause();
        let failure = script.as_ref().and_then(|it| it.first_failure(&self.tip));
        if let Some(failure) = failure {
            self.stand_at_failure(&failure);
        } else if let Some(caption) = opened.caption {
            // Such a lesson asks for a line of the program.
            if self.has_programs() && opened.source == Source::Page {
                self.show_code(None);
            }
            self.rewind();
            self.open_lesson(caption);
            if self.is_recording() {
                self.notify(texts().recording_opened());
            }
        } else if let Source::Editor(_) = opened.source {
            self.go_to_end();
            self.notify(texts().script_played(played.expectations));
            if edits_recording && !self.has_programs() {
                self.notify(texts().recording_on_core());
            }
        }
        if self.draft.as_ref() == opened.source.text() {
            self.draft = None;
        }
    }
}

/// The command that was refused, after which nothing was played.
fn refused(played: &Played) -> Option<&Failure> {
    played.failures.iter().find(|it| it.fault.is_fatal())
}
