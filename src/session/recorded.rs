//! Recordings: runs of which only what happened is known, as the servers that took the turns
//! are not here. One can go to any moment of them, and nothing else can happen.

use std::rc::Rc;

use hustings_lab::script::TooLong;
use hustings_lab::{Header, History, Run, Script};

use super::{Action, LoadedRun, Notice, Other, Session, Source, WhatIf};
use crate::files::first_of;
use crate::i18n::texts;
use crate::programs::{library, open_recording};

/// The text of the recording that a run with these settings is.
pub(super) fn recording_of(header: &Header) -> Option<&Rc<str>> {
    let mut programs = header.programs.iter();
    programs.find_map(|(_, program)| program.recording())
}

/// Has servers that are those of a recording run Raft's core: a script cannot name what they
/// ran.
pub(super) fn leave_recording(header: &mut Header) {
    let ids = header.servers().iter();
    for id in ids {
        let runs = header.programs.get(id);
        if runs.is_some_and(|it| it.recording().is_some()) {
            header.programs.remove(id);
        }
    }
}

/// The script of a run; of a recording, without what took its servers' turns.
///
/// # Errors
///
/// When the run is longer than a script may be.
pub fn script_of(run: &Run) -> Result<String, TooLong> {
    if !run.header().is_recording() {
        return Script::save(run);
    }
    let mut script = Script::of(run);
    leave_recording(&mut script.header);
    Ok(script.to_string())
}

/// What a recording was asked for that is not in it, if it was: it does not fit its script.
pub(super) fn strays(history: &History) -> Option<String> {
    let branch = history.branches().get(history.current())?;
    let mut failures = branch.tip().program_failures();
    // What failed when it was recorded has no place.
    let stray = failures.find(|it| it.program.recording().is_some() && it.place().is_some());
    stray.map(|it| it.failure.to_string())
}

impl LoadedRun {
    /// A recording, to be opened at its start, once programs can be run.
    ///
    /// # Errors
    ///
    /// Why it cannot be, in the user's language.
    pub fn of_recording(text: &Rc<str>) -> Result<Self, String> {
        let opened = open_recording(text)?;
        let read = Script::parse_with(&opened.script, &*library());
        let mut script = read.map_err(|errors| first_of(&errors))?;
        opened.join(&mut script);
        Ok(Self::as_tour(
            script,
            Source::Recording(opened.script.into()),
        ))
    }
}

impl Session {
    /// Whether the shown run is a recording.
    pub fn is_recording(&self) -> bool {
        self.run.header().is_recording()
    }

    /// The text of the recording that is shown.
    pub fn recording(&self) -> Option<&Rc<str>> {
        recording_of(self.run.header())
    }

    /// Refuses an action by which something would happen in a recording that is not in it;
    /// returns whether it did.
    pub(super) fn leaves_recording(&mut self, action: &Action) -> bool {
        if !self.is_recording() {
            return false;
        }
        match action {
            Action::Do(_)
            | Action::DoAll(_)
            | Action::Request(_)
            | Action::TryProgram { .. }
            | Action::Caption(_) => self.refuse_in_recording(),
            Action::PutBeside(Other::WhatIf(what_if)) if *what_if != WhatIf::Raft => {
                self.refuse_in_recording();
            }
            Action::ToggleCode | Action::ShowCode(_) if !self.has_code() => {
                self.notice = Some(Notice::Refused(texts().recording_no_code().into()));
            }
            Action::Step if !self.is_in_past() => self.end_recording(),
            Action::TogglePlay if !self.is_in_past() && !self.playing => self.end_recording(),
            Action::Tick(_) if self.history.is_at_tip() && self.playing => self.end_recording(),
            _ => return false,
        }
        true
    }

    fn refuse_in_recording(&mut self) {
        self.notice = Some(Notice::Refused(texts().recording_only().into()));
    }

    /// Stays at the end.
    fn end_recording(&mut self) {
        self.playing = false;
        self.notify(texts().recording_over());
    }
}
