//! The logs that are open in a session, beside its run.

use std::rc::Rc;

use super::super::Session;
use super::{Story, StoryAction};
use crate::i18n::texts;
use crate::lesson_logs::LessonLogs;

impl Session {
    /// The logs that were opened, if there are any.
    pub fn story(&self) -> Option<&Rc<Story>> {
        self.story.as_ref()
    }

    /// Whether they are shown in place of the run.
    pub fn shows_story(&self) -> bool {
        self.story.is_some() && self.shows_story
    }

    /// The logs that the shown run tells of, if it is a lesson about logs.
    pub fn lesson_logs(&self) -> Option<&'static LessonLogs> {
        let logs = LessonLogs::of(&self.run.header().title);
        logs.filter(|_| self.is_lesson())
    }

    /// Shows the lesson whose logs are open: the run behind them, or one that was shown before.
    fn show_lesson_of_logs(&mut self) {
        let Some(lesson) = self.story().and_then(|story| story.lesson()) else {
            return;
        };
        self.shows_story = false;
        if self.lesson_logs() == Some(lesson) {
            return;
        }
        let kept = self
            .kept
            .iter()
            .position(|kept| kept.header().title == lesson.title);
        match kept {
            Some(number) => self.bring_back(number),
            None => self.notify(texts().lesson_gone()),
        }
    }

    pub(in crate::session) fn tell(&mut self, action: StoryAction) {
        match action {
            StoryAction::Begin(lesson) => {
                if self.story().is_some_and(|story| story.shown().is_some()) {
                    self.notify(texts().logs_replaced());
                }
                self.story = Some(Rc::new(Story::begin(lesson)));
                self.shows_story = true;
            }
            StoryAction::Show(shows) => self.shows_story = shows,
            StoryAction::ToLesson => self.show_lesson_of_logs(),
            StoryAction::Close => self.story = None,
            action => {
                if let Some(story) = &mut self.story {
                    Rc::make_mut(story).change(action);
                }
            }
        }
    }
}
