//! The logs of real servers, which are read elsewhere (`crate::reading`): how far that has come,
//! the story that they tell, and the place in it.

mod filter;
mod opened;

use std::rc::Rc;
use std::sync::Arc;

use hustings_logs::Micros;
use hustings_logs::shown::{
    EventId, Opened, Place, SectionKind, Sentence, Shown, ShownEvent, ShownMember, ShownSpan,
};
use hustings_logs::wire::{Answer, Progress, RawLine, Read};

pub use self::filter::EventFilter;
use self::filter::Listing;
use crate::lesson_logs::LessonLogs;

/// What changes what is shown of logs.
#[derive(Clone, PartialEq, Debug)]
pub enum StoryAction {
    /// Files are being read; those of a lesson, if they are.
    Begin(Option<&'static LessonLogs>),
    /// What reads them has answered.
    Answered(Rc<Answer>),
    /// It cannot go on, or was stopped, for this reason.
    Fail(Rc<str>),
    /// Shows the logs in place of the run, or the run again.
    Show(bool),
    /// Shows the lesson whose logs they are.
    ToLesson,
    /// Closes them.
    Close,
    /// Goes to an event.
    GoTo(EventId),
    /// Goes to the last event up to a time.
    GoToTime(Micros),
    /// Goes by so many of the listed events.
    Step(isize),
    /// Goes to the first of the listed events.
    First,
    /// Goes to the last of them.
    Last,
    /// Goes to what a sentence tells of.
    Follow(Rc<Sentence>),
    /// Lists other events.
    List(EventFilter),
    /// Goes on with the search for those that are to be listed.
    ListOn,
    /// A run was opened from a moment.
    Played(Rc<Opened>),
}

/// How the reading of logs stands.
#[derive(Clone, Debug)]
pub enum Reading {
    /// It goes on.
    Going(Progress),
    /// It cannot go on, or was stopped, for this reason.
    Failed(Rc<str>),
    /// It is over.
    Over(Rc<Answer>),
}

/// Logs that were opened.
#[derive(Clone, Debug)]
pub struct Story {
    reading: Reading,
    /// The lesson whose logs they are.
    lesson: Option<&'static LessonLogs>,
    filter: EventFilter,
    /// The events whose lines have the words that were looked for last.
    found: Option<Rc<Answer>>,
    listed: Rc<[EventId]>,
    /// The search for those that are to be listed in their place.
    listing: Option<Listing>,
    at: Option<EventId>,
    line: Option<Rc<Answer>>,
    played: Option<Rc<Opened>>,
    /// The stretch that was last asked to be shown, and how many were.
    looked_at: (Option<(Micros, Micros)>, u32),
}

impl Story {
    fn begin(lesson: Option<&'static LessonLogs>) -> Self {
        Self {
            reading: Reading::Going(Progress::default()),
            lesson,
            filter: EventFilter::default(),
            found: None,
            listed: Rc::default(),
            listing: None,
            at: None,
            line: None,
            played: None,
            looked_at: (None, 0),
        }
    }

    /// How the reading stands.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The lesson whose logs they are, if they are.
    pub fn lesson(&self) -> Option<&'static LessonLogs> {
        self.lesson
    }

    /// What was read, once that is over.
    pub fn read(&self) -> Option<&Read> {
        match &self.reading {
            Reading::Over(answer) => match &**answer {
                Answer::Read(_, read) => Some(read),
                _ => None,
            },
            Reading::Going(_) | Reading::Failed(_) => None,
        }
    }

    /// The story, if the logs tell one.
    pub fn shown(&self) -> Option<&Arc<Shown>> {
        let shown = &self.read()?.shown;
        (!shown.events.is_empty()).then_some(shown)
    }

    /// Which events are listed.
    pub fn filter(&self) -> &EventFilter {
        &self.filter
    }

    /// The events that are listed, in order.
    pub fn listed(&self) -> &Rc<[EventId]> {
        &self.listed
    }

    /// Whether others are looked for, that are to be listed in their place.
    pub fn is_listing(&self) -> bool {
        self.listing.is_some()
    }

    /// The place in the story: an event.
    pub fn at(&self) -> Option<EventId> {
        self.at
    }

    /// That event.
    pub fn event(&self) -> Option<&ShownEvent> {
        self.shown()?.event(self.at?)
    }

    /// The first event that a line tells of.
    pub fn event_of(&self, line: Place) -> Option<EventId> {
        let mut events = self.shown()?.events.iter();
        let number = events.position(|event| event.place == line)?;
        u32::try_from(number).ok().map(EventId)
    }

    /// The place of the shown event in the list: that of the last listed event up to it.
    pub fn row(&self) -> Option<usize> {
        let at = self.at?;
        let after = self.listed.partition_point(|it| *it <= at);
        after.checked_sub(1)
    }

    /// The line of that event and what stands around it, once they are there.
    pub fn lines(&self) -> Option<(Place, &[RawLine])> {
        let here = self.event()?.place;
        match self.line.as_deref() {
            Some(Answer::Line(place, lines)) if *place == here => Some((here, lines)),
            _ => None,
        }
    }

    /// What was known of a member just after that event.
    pub fn state_of<'s>(&self, member: &'s ShownMember) -> Option<&'s ShownSpan> {
        let (id, at) = (self.at?, self.event()?.at);
        let has_begun = |span: &ShownSpan| {
            span.from < at || (span.from == at && span.event.is_none_or(|event| event <= id))
        };
        let after = member.spans.partition_point(has_begun);
        member.spans.get(after.checked_sub(1)?)
    }

    /// The run that was opened from it last.
    pub fn played(&self) -> Option<&Rc<Opened>> {
        self.played.as_ref()
    }

    /// The stretch that the picture was last asked to show, and how many there were so far.
    pub fn looked_at(&self) -> (Option<(Micros, Micros)>, u32) {
        self.looked_at
    }

    fn go_to(&mut self, event: EventId) {
        let exists = |shown: &Arc<Shown>| shown.event(event).is_some();
        if self.shown().is_some_and(exists) {
            self.at = Some(event);
        }
    }

    /// What the account begins with: in the verdict, if that tells of an event.
    fn first_to_see(&self) -> EventId {
        let account = self.shown().into_iter().flat_map(|shown| &shown.account);
        let verdict = account.filter(|section| section.kind == SectionKind::Verdict);
        let mut events = verdict
            .flat_map(|it| &it.sentences)
            .flat_map(|it| &it.events);
        events.next().copied().unwrap_or(EventId(0))
    }

    fn go_to_time(&mut self, time: Micros) {
        let Some(shown) = self.shown() else {
            return;
        };
        let after = shown.events.partition_point(|event| event.at <= time);
        if let Ok(event) = u32::try_from(after.saturating_sub(1)) {
            self.go_to(EventId(event));
        }
    }

    fn go_to_row(&mut self, row: usize) {
        let last = self.listed.len().saturating_sub(1);
        if let Some(event) = self.listed.get(row.min(last)) {
            self.go_to(*event);
        }
    }

    /// Before an event that is not listed, the step is to the one before it, as after it.
    fn step(&mut self, by: isize) {
        let is_listed = self
            .at
            .is_some_and(|at| self.listed.binary_search(&at).is_ok());
        match self.row() {
            Some(row) if by < 0 && !is_listed => self.go_to_row(row),
            Some(row) => self.go_to_row(row.saturating_add_signed(by)),
            None => self.go_to_row(0),
        }
    }

    fn follow(&mut self, sentence: &Sentence) {
        match (sentence.events.first(), sentence.span) {
            (Some(event), _) => self.go_to(*event),
            (None, Some((from, _))) => self.go_to_time(from),
            (None, None) => return,
        }
        self.looked_at = (sentence.span, self.looked_at.1 + 1);
    }

    fn list(&mut self, filter: EventFilter) {
        self.listing = self.shown().map(|shown| Listing::new(&filter, shown));
        self.filter = filter;
        self.list_on();
    }

    fn list_on(&mut self) {
        let (Some(mut listing), Some(shown)) = (self.listing.take(), self.shown()) else {
            return;
        };
        match listing.go_on(shown, self.found_in_lines()) {
            Some(listed) => self.listed = listed,
            None => self.listing = Some(listing),
        }
    }

    /// The events whose lines have the words of the filter, as far as that is known.
    fn found_in_lines(&self) -> &[EventId] {
        match self.found.as_deref() {
            Some(Answer::Found(of, events)) if **of == *self.filter.words => events,
            _ => &[],
        }
    }

    /// Takes over what was read. Of files that are read again, the place in the story stays at
    /// its line, and a member that is another now is not filtered by.
    fn take_read(&mut self, answer: Rc<Answer>) {
        let names = |story: &Self| {
            let members = story.shown().into_iter().flat_map(|it| &it.members);
            members.map(|it| Arc::clone(&it.name)).collect::<Vec<_>>()
        };
        let (line, before) = (self.event().map(|it| it.place), names(self));
        (self.reading, self.found) = (Reading::Over(answer), None);
        // What was listed were events of what was read before.
        self.listed = Rc::default();
        if names(self) != before {
            self.filter.member = None;
        }
        self.list(self.filter.clone());
        let here = line.and_then(|line| self.event_of(line));
        self.at = here.or(self.at);
        if self.event().is_none() {
            self.go_to(self.first_to_see());
        }
    }

    fn take(&mut self, answer: Rc<Answer>) {
        match &*answer {
            // What was read stays in view while the files are read again.
            Answer::Going(..) if self.shown().is_some() => {}
            Answer::Going(_, progress) => self.reading = Reading::Going(*progress),
            Answer::Read(..) => self.take_read(answer),
            Answer::Found(words, _) => {
                // What was asked for before is too late.
                if **words == *self.filter.words {
                    self.found = Some(answer);
                    self.list(self.filter.clone());
                }
            }
            Answer::Line(..) => self.line = Some(answer),
            Answer::Exported(..) | Answer::Opened(_) => {}
        }
    }
}

impl Story {
    fn change(&mut self, action: StoryAction) {
        match action {
            StoryAction::Answered(answer) => self.take(answer),
            StoryAction::Fail(why) => self.reading = Reading::Failed(why),
            StoryAction::GoTo(event) => self.go_to(event),
            StoryAction::GoToTime(time) => self.go_to_time(time),
            StoryAction::Step(by) => self.step(by),
            StoryAction::First => self.go_to_row(0),
            StoryAction::Last => self.go_to_row(usize::MAX),
            StoryAction::Follow(sentence) => self.follow(&sentence),
            StoryAction::List(filter) => self.list(filter),
            StoryAction::ListOn => self.list_on(),
            StoryAction::Played(opened) => self.played = Some(opened),
            StoryAction::Begin(_)
            | StoryAction::Show(_)
            | StoryAction::ToLesson
            | StoryAction::Close => {}
        }
    }
}
