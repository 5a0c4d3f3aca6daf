//! Captions of the user's own, at any moment of a run.

use hustings_lab::{Event, RecordId};

use super::Session;

impl Session {
    /// The caption at the current position, if the last record is one.
    pub fn caption_here(&self) -> Option<&str> {
        match &self.run.records().last()?.event {
            Event::Noted(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn caption(&mut self, text: &str) {
        let text = text.trim();
        let here = RecordId(self.run.records().len().saturating_sub(1));
        let is_caption = self.caption_here().is_some();
        let done = self.attempt(|history| match (is_caption, text) {
            (true, "") => history.recaption(here, None),
            (true, text) => history.recaption(here, Some(text.into())),
            (false, "") => Ok(()),
            (false, text) => history.caption(text.into()),
        });
        if done.is_some() {
            // Records have other numbers now, so views must not take one for another.
            self.history_number += 1;
            self.refresh();
            self.pause();
        }
    }
}
