//! The logs that lessons tell of. They are files of their own (`samples/logs/lessons`),
//! which are fetched when they are asked for.

use crate::browser;
use crate::checksum::checksum;

/// The logs of a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LessonLogs {
    /// The title of the lesson, by which a run is known as that lesson.
    pub title: &'static str,
    /// Their folder, which is called as the lesson is.
    folder: &'static str,
    files: &'static [LogFile],
}

/// A file of them: its name, and its checksum, which changes with it.
type LogFile = (&'static str, &'static str);

// The table `LESSON_LOGS`, which build.rs makes of the folders.
include!(concat!(env!("OUT_DIR"), "/lesson_logs.rs"));

impl LessonLogs {
    /// Those of the lesson with this title, if it has any.
    pub fn of(title: &str) -> Option<&'static Self> {
        LESSON_LOGS.iter().find(|it| it.title == title)
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.files.iter().map(|(name, _)| *name)
    }

    /// Fetches the files, in the order of their names; `then` gets their texts, or `None` if
    /// one does not come, or is that of another version of the page.
    pub(crate) fn fetch(&'static self, then: impl FnOnce(Option<Vec<String>>) + 'static) {
        let address =
            |(name, version): &LogFile| format!("./lesson-logs/{}/{name}?{version}", self.folder);
        let addresses: Vec<_> = self.files.iter().map(address).collect();
        browser::fetch_texts(&addresses, move |texts| {
            let ours = |texts: &Vec<String>| {
                let mut both = texts.iter().zip(self.files);
                both.all(|(text, (_, version))| checksum(text.as_bytes()) == *version)
            };
            then(texts.filter(ours));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::Scenario;

    #[test]
    fn every_lesson_about_logs_has_its_own() {
        let lessons = Scenario::all();
        let lessons: Vec<_> = lessons.iter().filter(|it| it.group == "logs").collect();
        assert_eq!(lessons.len(), LESSON_LOGS.len());
        for lesson in lessons {
            let logs = LessonLogs::of(&lesson.title).expect("logs of a lesson");
            assert_eq!(logs.folder, lesson.name);
            assert!(logs.names().count() > 0);
        }
        assert_eq!(LessonLogs::of(""), None);
    }
}
