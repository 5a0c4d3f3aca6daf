//! Names, times and lists, as sentences have them.

use hustings_lab::narrate::Lang;

use crate::names::Name;
use crate::observation::LogEnd;
use crate::shown::MemberId;
use crate::story::Story;
use crate::texts::{Texts, texts};
use crate::time::{Micros, Moment};

/// So many of a unit, to the nearest.
fn rounded(lasts: Micros, unit: i64) -> i64 {
    lasts.get().saturating_add(unit / 2).div_euclid(unit)
}

/// What sentences about a story are made with.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The story.
    pub story: &'a Story,
    /// The language.
    pub lang: Lang,
}

impl Words<'_> {
    pub(super) fn texts(self) -> Texts {
        texts(self.lang)
    }

    pub(crate) fn member(&self, id: MemberId) -> &str {
        self.story.members.name(id)
    }

    /// What a member is called here, by a name that a line uses; that name, if it is no
    /// member's.
    pub(super) fn name(&self, name: Name) -> &str {
        match self.story.members.get(name) {
            Some(id) => self.member(id),
            None => self.story.names.text(name),
        }
    }

    /// The time of day, to the millisecond, in UTC.
    pub fn time(self, at: Moment) -> String {
        at.time_of_day(Micros::from_millis(1))
    }

    /// The day and the time of day.
    pub(super) fn day_and_time(self, at: Moment) -> String {
        if at.lacks_year() {
            return self.time(at);
        }
        let (day, time) = (at.day(), self.time(at));
        self.texts().in_utc(format_args!("{day} {time}"))
    }

    /// How long something took.
    pub fn lasting(self, micros: Micros) -> String {
        let t = self.texts();
        let millis = rounded(micros, 1_000);
        let tenths = rounded(micros, 100_000);
        let seconds = rounded(micros, 1_000_000);
        let minutes = rounded(micros, 60_000_000);
        if millis < 1_000 {
            t.millis(millis)
        } else if tenths < 600 {
            t.seconds(format_args!("{}.{}", tenths / 10, tenths % 10))
        } else if seconds < 3_600 {
            t.minutes(seconds / 60, seconds % 60)
        } else {
            t.hours(minutes / 60, minutes % 60)
        }
    }

    /// Several things in a row: `a, b and c`.
    pub(super) fn listed<S: AsRef<str>>(self, things: &[S]) -> String {
        let t = self.texts();
        match things {
            [] => String::new(),
            [one] => one.as_ref().to_owned(),
            [before @ .., last] => {
                let before: Vec<_> = before.iter().map(AsRef::as_ref).collect();
                t.and(before.join(t.between()), last.as_ref())
            }
        }
    }

    /// What a file is called: its name without the folders that all files share.
    pub(super) fn file(&self, number: usize) -> &str {
        let texts = &self.story.texts;
        let name = texts.get(number).map_or("?", |it| &it.name);
        let folder = |name: &str| name.rfind('/').map_or(0, |it| it + 1);
        let first = texts.first().map_or("", |it| &it.name);
        let shared = first.get(..folder(first)).unwrap_or_default();
        let is_shared = texts
            .iter()
            .all(|it| it.name.get(..folder(&it.name)) == Some(shared));
        match name.strip_prefix(shared) {
            Some(rest) if is_shared => rest,
            _ => name,
        }
    }

    pub(super) fn members(self, members: &[MemberId]) -> String {
        let mut sorted = members.to_vec();
        sorted.sort_unstable();
        let names: Vec<_> = sorted.iter().map(|it| self.member(*it)).collect();
        self.listed(&names)
    }

    pub(crate) fn log_end(self, end: LogEnd) -> String {
        match end.index {
            0 => self.texts().empty_log().to_owned(),
            index => self.texts().log_end(index, end.term),
        }
    }

    /// Sentences in a row.
    pub(super) fn in_a_row(self, sentences: impl IntoIterator<Item = String>) -> String {
        let t = self.texts();
        let told = sentences.into_iter().filter(|it| !it.is_empty());
        told.reduce(|one, other| t.sentences(one, other))
            .unwrap_or_default()
    }
}
