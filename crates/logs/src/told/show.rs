//! A story as it is shown, put together.

use std::sync::Arc;

use hustings_lab::narrate::Lang;

use super::account::Sentences;
use super::event;
use super::words::Words;
use crate::account::Account;
use crate::account::logs::{LogTold, Logs};
use crate::known::Span;
use crate::shown::{
    EventId, Leaderless, MemberId, Place, Section, SectionKind, Sentence, Shown, ShownEvent,
    ShownFile, ShownLog, ShownMember, ShownSpan, Whose,
};
use crate::story::{Event, Story};
use crate::time::{Micros, Moment};

/// How many lines a sentence cites at most.
const LINES_MAX: usize = 12;

impl Story {
    /// The story as it is shown, in a language: of all its time, or of that of which it is told.
    pub fn shown(&self, lang: Lang) -> Shown {
        let begins = self.begins().unwrap_or_default();
        let (from, to) = self.told_of();
        self.shown_whole(lang).between(from - begins, to - begins)
    }

    fn longest_flight(&self) -> Micros {
        let flights = self.arrows.iter().filter_map(|it| {
            let (sent, received) = (self.event(it.sent)?, self.event(it.received?)?);
            Some(received.at - sent.at)
        });
        flights.max().unwrap_or_default()
    }

    fn shown_whole(&self, lang: Lang) -> Shown {
        let account = Account::of(self).told(self);
        let words = Words { story: self, lang };
        let begins = self.begins().unwrap_or_default();
        let logs = Logs::of(self, &account.reigns);
        Shown {
            files: (0..self.texts.len())
                .map(|it| words.shown_file(it))
                .collect(),
            begins,
            lasts: self.lasts(),
            members: self
                .members
                .ids()
                .map(|it| words.shown_member(it, &logs))
                .collect(),
            events: words.shown_events(),
            arrows: self.arrows.clone(),
            longest_flight: self.longest_flight(),
            account: words.account(&account),
            leaderless: account
                .leaderless
                .iter()
                .map(|gap| Leaderless {
                    from: gap.from - begins,
                    to: gap.to - begins,
                })
                .collect(),
        }
    }
}

impl Words<'_> {
    /// A moment, from the story's beginning on.
    fn since_begin(self, at: Moment) -> Micros {
        at - self.story.begins().unwrap_or_default()
    }

    fn shown_file(self, number: usize) -> ShownFile {
        let whose = self.story.members.whose.get(number).copied();
        ShownFile {
            name: self.file(number).into(),
            whose: whose.unwrap_or(Whose::Nobody),
        }
    }

    fn shown_member(self, id: MemberId, logs: &Logs) -> ShownMember {
        let member = self.story.members.member(id);
        let also = member.map_or(&[][..], |it| &it.also);
        let spans = self.story.track(id).iter();
        ShownMember {
            name: self.member(id).into(),
            also: also.iter().map(|it| it.as_str().into()).collect(),
            spans: spans.map(|it| self.shown_span(it)).collect(),
            logs: self.shown_logs(logs.of_member(id)),
            speaks: member.is_some_and(|it| it.speaks),
        }
    }

    /// What is told of a log; what says the same again, while it cannot have grown, as one.
    fn shown_logs(self, told: &[LogTold]) -> Vec<ShownLog> {
        let mut logs: Vec<ShownLog> = Vec::new();
        for it in told {
            let log = ShownLog {
                at: self.since_begin(it.at),
                end: it.end(),
                holds_until: it.holds_until.map(|at| self.since_begin(at)),
            };
            match logs.last_mut() {
                Some(last) if last.end == log.end && !last.may_have_grown(log.at) => {
                    last.holds_until = log.holds_until;
                }
                _ => logs.push(log),
            }
        }
        logs
    }

    fn shown_span(self, span: &Span) -> ShownSpan {
        Span {
            from: self.since_begin(span.from),
            event: span.event,
            known: span.known,
        }
    }

    fn shown_events(self) -> Vec<ShownEvent> {
        let events = self.story.numbered();
        let mut shown = Vec::with_capacity(self.story.events.len());
        shown.extend(events.map(|(_, event)| self.shown_event(event)));
        shown
    }

    fn shown_event(self, event: &Event) -> ShownEvent {
        let other = event.what.other();
        ShownEvent {
            at: self.since_begin(event.at),
            member: event.member,
            place: event.place,
            says: self.spaced(self.event(event).into()),
            topic: event::topic(&event.what),
            other: other.and_then(|it| self.story.members.get(it)),
        }
    }

    /// A sentence that these events support.
    pub(super) fn cited(self, says: String, events: impl IntoIterator<Item = EventId>) -> Sentence {
        let mut events: Vec<_> = events.into_iter().take(LINES_MAX).collect();
        events.dedup();
        let lines = events.iter().filter_map(|it| self.story.event(*it));
        Sentence {
            says: says.into(),
            span: None,
            lines: lines.map(|it| it.place).collect(),
            events,
            scenario: None,
            is_fault: false,
        }
    }

    /// A sentence about a time, that these events support.
    pub(super) fn cited_over(
        self,
        says: String,
        span: (Moment, Moment),
        events: impl IntoIterator<Item = EventId>,
    ) -> Sentence {
        let (from, to) = span;
        Sentence {
            span: Some((self.since_begin(from), self.since_begin(to))),
            ..self.cited(says, events)
        }
    }

    /// A sentence about lines that tell no event.
    pub(super) fn about_lines(self, says: String, lines: Vec<Place>) -> Sentence {
        Sentence {
            lines,
            ..self.cited(says, [])
        }
    }

    /// A part of the account, with so many sentences at most; `None` without any.
    pub(super) fn section(
        self,
        kind: SectionKind,
        title: &str,
        sentences: Sentences<'_>,
        most: usize,
    ) -> Option<Section> {
        let more = sentences.len().saturating_sub(most);
        let mut sentences: Vec<_> = sentences.take(most).collect();
        if more > 0 {
            sentences.push(self.cited(self.texts().and_more(more), []));
        }
        for sentence in &mut sentences {
            sentence.says = self.spaced(Arc::clone(&sentence.says));
        }
        (!sentences.is_empty()).then(|| Section {
            kind,
            title: title.into(),
            sentences,
        })
    }
}
