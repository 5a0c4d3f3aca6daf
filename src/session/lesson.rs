//! Lessons: runs with notes. A note is the caption of a part of the run, which goes from
//! the note to just before the next one, or to the end.

use std::rc::Rc;

use hustings_lab::{Event, RecordId, Run};

use super::{Landmark, Session};
use crate::i18n::texts;

/// Where in a lesson the session is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lesson {
    /// The current caption; before the first, the title of the run.
    pub text: Rc<str>,
    /// Its number, from 1; before the first, 0.
    pub number: usize,
    /// The number of captions.
    pub count: usize,
    /// Whether all of the caption's part of the run has been shown.
    pub is_part_over: bool,
    /// Whether the last part has been shown, so that there is no next caption.
    pub is_over: bool,
}

/// The records of a branch that are notes. They are searched once, though the branch grows.
#[derive(Clone, Default)]
pub(super) struct Notes {
    branch: (u32, usize),
    searched: usize,
    records: Vec<RecordId>,
}

impl Notes {
    /// Whether the notes of all records of a branch are known.
    pub(super) fn are_of(&self, branch: (u32, usize), tip: &Run) -> bool {
        self.branch == branch && self.searched == tip.records().len()
    }

    /// Finds the notes of a branch.
    pub(super) fn follow(&mut self, branch: (u32, usize), tip: &Run) {
        if self.branch != branch {
            *self = Self {
                branch,
                ..Self::default()
            };
        }
        let from = RecordId(self.searched);
        let new = tip.records().since(from);
        let notes = new.filter(|(_, record)| Landmark::Note.is(record));
        self.records.extend(notes.map(|(id, _)| id));
        self.searched = tip.records().len();
    }
}

impl Session {
    /// Whether the branch has notes.
    pub fn is_lesson(&self) -> bool {
        !self.notes.records.is_empty()
    }

    /// The current caption and its number; `None` if the branch has no notes.
    pub fn lesson(&self) -> Option<Lesson> {
        if !self.is_lesson() {
            return None;
        }
        let (number, count) = (self.captions_passed(), self.notes.records.len());
        let is_part_over = self.part_end() == self.run.records().len();
        Some(Lesson {
            text: self.caption_text(number),
            number,
            count,
            is_part_over,
            is_over: is_part_over && number == count,
        })
    }

    fn caption_text(&self, number: usize) -> Rc<str> {
        let note = number.checked_sub(1).and_then(|it| self.note(it));
        let record = note.and_then(|note| self.tip.records().get(note));
        match record.map(|record| &record.event) {
            Some(Event::Noted(text)) => Rc::from(&**text),
            _ => Rc::from(self.run.header().title.as_str()),
        }
    }

    fn note(&self, number: usize) -> Option<RecordId> {
        self.notes.records.get(number).copied()
    }

    fn captions_passed(&self) -> usize {
        let here = self.run.records().len();
        self.notes.records.partition_point(|note| note.0 < here)
    }

    /// The number of records up to the end of the current part.
    fn part_end(&self) -> usize {
        let next = self.note(self.captions_passed());
        next.map_or(self.tip.records().len(), |next| next.0)
    }

    /// Whether the end of a lesson is shown, and nobody has done anything to it or put another
    /// future beside it yet.
    pub fn stands_at_end(&self) -> bool {
        let is_over = self.lesson().is_some_and(|lesson| lesson.is_over);
        is_over && !self.touched && self.beside().is_none()
    }

    /// What is said at the end of a lesson.
    pub fn told_at_end(&self) -> &'static str {
        let has_open_goals = !self.run.header().goals.is_empty() && self.run.goals_met().is_none();
        if self.is_recording() {
            texts().recording_over()
        } else if has_open_goals {
            texts().your_turn()
        } else {
            texts().lesson_over()
        }
    }

    /// Shows the next caption and plays its part. Before the end of a part, goes to that
    /// end, so that nothing is left out.
    pub(super) fn next_caption(&mut self) {
        let is_over = self.part_end() == self.run.records().len();
        match self.note(self.captions_passed()) {
            _ if !is_over && self.captions_passed() > 0 => self.go_to_part_end(),
            Some(note) => self.play_from(note),
            None => self.notify(self.told_at_end()),
        }
    }

    /// Goes back to the end of the part before; from the first part, to its beginning.
    pub(super) fn previous_caption(&mut self) {
        let (passed, here) = (self.captions_passed(), self.run.records().len());
        match passed.checked_sub(1).and_then(|current| self.note(current)) {
            Some(current) if passed > 1 => self.stand_before(current),
            Some(first) if here > first.0 + 1 => {
                self.navigate_and_pause(|history| history.seek(first));
            }
            _ => self.rewind(),
        }
    }

    /// Shows a caption, and plays its part; if motion is to be reduced, goes to its end.
    pub(super) fn play_from(&mut self, note: RecordId) {
        if !self.navigate_and_pause(|history| history.seek(note)) {
            return;
        }
        if self.is_calm {
            self.go_to_part_end();
        } else if !self.history.is_at_tip() {
            self.set_off();
        }
    }

    /// Shows a caption, counted from 1, or the nearest that there is.
    pub(super) fn open_lesson(&mut self, caption: usize) {
        let last = self.notes.records.len().saturating_sub(1);
        if let Some(note) = self.note(caption.saturating_sub(1).min(last)) {
            self.play_from(note);
        }
    }

    fn go_to_part_end(&mut self) {
        let last = RecordId(self.part_end().saturating_sub(1));
        if self.asks_on_the_way(last) {
            return;
        }
        match self.note(self.captions_passed()) {
            Some(next) => self.stand_before(next),
            None => self.go_to_end(),
        }
    }

    /// Pauses at the time of a note, with all that came before it.
    pub(super) fn stand_before(&mut self, note: RecordId) {
        let before = RecordId(note.0.saturating_sub(1));
        if self.navigate_and_pause(|history| history.seek(before)) {
            let at = self.tip.records().get(note).map(|record| record.at);
            self.clock = at.map_or(self.clock, |at| at.0 as f64);
        }
    }

    /// In a lesson, playing from the end of a part begins with the next caption; and if
    /// motion is to be reduced, goes to the end of a part at once. Returns whether it did.
    pub(super) fn play_lesson(&mut self) -> bool {
        let is_ahead = self.is_lesson() && self.is_in_past();
        let is_part_over = self.part_end() == self.run.records().len();
        if is_ahead && (is_part_over || self.is_calm) {
            self.next_caption();
            return true;
        }
        false
    }

    /// The records of the current part that are ahead.
    pub(super) fn rest_of_part(&self) -> impl Iterator<Item = RecordId> + use<> {
        (self.run.records().len()..self.part_end()).map(RecordId)
    }
}
