//! Starting a run, and opening one that was loaded.

use std::rc::Rc;

use hustings_lab::link::LinkError;
use hustings_lab::narrate::Tell;
use hustings_lab::play::{Failure, Fault};
use hustings_lab::{Header, History, Run, Transcript};

use super::work::Played;
use super::{LoadedRun, Notice, Session, Source};
use crate::i18n::{lang, texts};

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

    pub(super) fn open(&mut self, opened: LoadedRun) {
        self.last_visit_waits |= opened.source == Source::LastVisit;
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
        let refused = played.failures.iter().find(|it| it.fault.is_fatal());
        let why = refused.and_then(|failure| match opened.source {
            Source::File => Some(located(failure)),
            Source::Link => {
                let error = LinkError::Refused(failure.clone());
                Some(texts().bad_link(error.tell(lang())))
            }
            // What there is of it is better than nothing.
            Source::LastVisit | Source::Page => None,
        });
        if let Some(why) = why {
            self.notice = Some(Notice::Refused(why.into()));
            return;
        }
        self.last_visit_waits &= opened.source != Source::LastVisit;
        self.transcript = transcript;
        self.show(Rc::new(played.run));
        self.pause();
        if let Some(caption) = opened.caption {
            self.rewind();
            self.open_lesson(caption);
        }
        // Violations and goals are shown in the run itself.
        let is_shown =
            |it: &&Failure| matches!(it.fault, Fault::Violated(_) | Fault::GoalNotMet(_));
        let first = played.failures.iter().find(|it| !is_shown(it));
        if let (Source::File, Some(first)) = (opened.source, first) {
            self.notify(located(first));
        }
    }
}

/// What failed, with its place in the file.
fn located(failure: &Failure) -> String {
    let (at, why) = (failure.at, failure.tell(lang()));
    texts().bad_script(at.line, at.column, why)
}
