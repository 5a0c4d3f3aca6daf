//! Which events of a story are listed.
//!
//! A story may have millions, so a search for words looks at some of them at a time.

use std::rc::Rc;

use hustings_logs::shown::{EventId, MemberId, Shown, ShownEvent, Topic};

use crate::session::words::Words;

/// Which events are listed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct EventFilter {
    /// Those of this member, or about it.
    pub member: Option<MemberId>,
    /// Those about this.
    pub topic: Option<Topic>,
    /// Those with these words, in any order: in what they come to, or in their lines.
    pub words: Rc<str>,
}

/// The search for the events that a filter lets through.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    filter: EventFilter,
    words: Words,
    /// The members' names, in lower case.
    names: Rc<[String]>,
    /// The number of events that were looked at.
    seen: usize,
    /// What was found, in order, in the parts in which it was looked for: so that nothing is
    /// copied when this is cloned.
    found: Vec<Rc<[EventId]>>,
}

impl Listing {
    /// How many events are searched for words at a time.
    const EVENTS_AT_ONCE: usize = 20_000;

    pub(super) fn new(filter: &EventFilter, shown: &Shown) -> Self {
        let names = shown.members.iter().map(|it| it.name.to_ascii_lowercase());
        Self {
            words: Words::of(&filter.words),
            filter: filter.clone(),
            names: names.collect(),
            seen: 0,
            found: Vec::new(),
        }
    }

    /// Looks at some more events, of which these are known to have the words in their lines.
    /// Once there are no more, it returns those that are listed, in order.
    pub(super) fn go_on(&mut self, shown: &Shown, in_lines: &[EventId]) -> Option<Rc<[EventId]>> {
        let all = shown.events.len();
        let end = if self.words.is_empty() {
            all
        } else {
            all.min(self.seen + Self::EVENTS_AT_ONCE)
        };
        let events = shown.events.get(self.seen..end).unwrap_or_default();
        let numbers = (self.seen..end).filter_map(|it| u32::try_from(it).ok().map(EventId));
        let found = numbers.zip(events).filter(|(id, event)| {
            self.lets(event) && (self.has_words(event) || in_lines.binary_search(id).is_ok())
        });
        let found = found.map(|(id, _)| id).collect();
        self.found.push(found);
        self.seen = end;
        let is_done = end == all;
        is_done.then(|| {
            self.found
                .iter()
                .flat_map(|it| it.iter().copied())
                .collect()
        })
    }

    fn lets(&self, event: &ShownEvent) -> bool {
        let about = |member| event.member == member || event.other == Some(member);
        self.filter.member.is_none_or(about)
            && self.filter.topic.is_none_or(|topic| event.topic == topic)
    }

    /// Whether its sentence, or the name of its member, has all the words.
    fn has_words(&self, event: &ShownEvent) -> bool {
        let name = self.names.get(usize::from(event.member.0));
        let name = name.map_or("", String::as_str);
        self.words.are_in(&event.says, name)
    }
}
