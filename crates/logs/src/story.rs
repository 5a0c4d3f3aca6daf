//! The story: what happened, in order, and what was known of every member after each event.

mod others;
pub(crate) mod presence;
mod stands;
mod votes;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::clocks::{self, Clocks};
use crate::known::{Known, Span};
use crate::members::{self, Given, Members};
use crate::names::{Name, Names};
use crate::observation::{Cause, Observation, Role};
use crate::reading::{FileRead, Reading, Sighting, Untold};
use crate::shown::{EventId, MemberId, Place, ShownArrow};
use crate::text::Text;
use crate::time::{Micros, Moment};

/// What happened, in order.
#[derive(Clone, Debug)]
pub struct Story {
    /// The files.
    pub texts: Vec<Text>,
    /// What became of each.
    pub files: Vec<FileRead>,
    /// Lines that told nothing.
    pub untold: Untold,
    /// The names in the lines.
    pub names: Names,
    /// The members.
    pub members: Members,
    /// What was found out about their clocks.
    pub clocks: Clocks,
    /// The events, in order.
    pub events: Vec<Event>,
    /// How many observations there was room for, if the lines told more.
    pub room: Option<usize>,
    /// When its lines end: at the last that has a time, whether or not it tells anything.
    pub ends: Moment,
    /// What was known of each member, in the order of the members.
    pub tracks: Vec<Vec<Span>>,
    /// Requests for votes and answers, from their sending to their receipt.
    pub arrows: Vec<ShownArrow>,
    /// Each member's events, in the order of the members.
    own: Vec<Vec<EventId>>,
    /// Of which time it is told, if not of all.
    window: Option<(Moment, Moment)>,
}

/// An event: what a line tells.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// When, in the one time of all members.
    pub at: Moment,
    /// Whose line it is.
    pub member: MemberId,
    /// The line.
    pub place: Place,
    /// What it tells.
    pub what: Observation,
}

impl Story {
    /// The story that these files tell.
    pub fn of(mut reading: Reading, given: &Given) -> Self {
        let (members, mut sightings) = members::settle(&mut reading, given);
        leave_out_known(&mut sightings);
        stands::tell_apart(&mut sightings);
        let clocks = clocks::settle(&members, &mut sightings);
        let events = sightings.into_iter().map(|(member, it)| Event {
            at: it.at,
            member,
            place: it.place,
            what: it.what,
        });
        let mut story = Self {
            texts: reading.texts,
            files: reading.files,
            untold: reading.untold,
            names: reading.names,
            room: reading.room,
            events: leave_out_repeated(&members, events),
            ends: Moment::default(),
            tracks: Vec::new(),
            arrows: Vec::new(),
            own: Vec::new(),
            window: None,
            members,
            clocks,
        };
        story.ends = story.end_of_lines();
        story.tell();
        story
    }

    /// This story, told of the time between two moments only, both included. What is said of
    /// that time rests on all lines, on those before and after it, too.
    #[must_use]
    pub fn between(self, from: Option<Moment>, to: Option<Moment>) -> Self {
        let (begins, ends) = self.told_of();
        Self {
            window: Some((from.unwrap_or(begins), to.unwrap_or(ends))),
            ..self
        }
    }

    /// Of which time it is told: from its first event to its last line, unless a part was asked
    /// for.
    pub fn told_of(&self) -> (Moment, Moment) {
        let whole = (self.begins().unwrap_or_default(), self.ends);
        self.window.unwrap_or(whole)
    }

    /// Whether anything of the time between two moments is told.
    pub(crate) fn tells_of(&self, from: Moment, to: Moment) -> bool {
        let (first, last) = self.told_of();
        from <= last && to >= first
    }

    /// Whether an event is told.
    pub fn tells(&self, id: EventId) -> bool {
        self.event(id).is_some_and(|it| self.tells_of(it.at, it.at))
    }

    /// Tells the tracks and arrows from the events.
    fn tell(&mut self) {
        let members = self.members.all.len();
        let mut tracks = Tracks {
            known: vec![Known::default(); members],
            spans: vec![Vec::new(); members],
        };
        let mut own = vec![Vec::new(); members];
        let own_terms = others::own_terms(self);
        for (number, event) in self.events.iter().enumerate() {
            let (me, id) = (event.member, event_id(number));
            if let Some(own) = own.get_mut(usize::from(me.0)) {
                own.extend(id);
            }
            tracks.learn(me, event.at, id, |known| {
                known.learn(me, &event.what, &self.members);
            });
            if let Some((other, term, seen)) = others::tells(event, &self.members)
                && !own_terms.contains(&(other, term))
            {
                tracks.learn(other, event.at, id, |known| {
                    known.is_told_of(other, term, seen);
                });
            }
        }
        (self.tracks, self.own) = (tracks.spans, own);
        presence::add(self);
        self.arrows = votes::arrows(self);
    }

    /// When it begins: the time of its first event.
    pub fn begins(&self) -> Option<Moment> {
        self.events.first().map(|it| it.at)
    }

    /// When the lines end, in the one time of all members: at the latest event, or the latest
    /// line of a file whose times are taken as they are.
    fn end_of_lines(&self) -> Moment {
        let last = self.events.last().map_or(Moment::default(), |it| it.at);
        let set_back = self.clocks.set_back.iter();
        let set_back: BTreeSet<_> = set_back.map(|it| it.place.file).collect();
        let is_moved = |file: u16| !self.clocks.moved.is_empty() || set_back.contains(&file);
        let files = (0_u16..).zip(&self.files);
        let lines = files.filter(|(file, _)| !is_moved(*file));
        lines.filter_map(|(_, it)| it.ends).fold(last, Ord::max)
    }

    /// How long it lasts.
    pub fn lasts(&self) -> Micros {
        self.begins()
            .map_or(Micros::ZERO, |begins| self.ends - begins)
    }

    /// The event with this number.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(usize::try_from(id.0).ok()?)
    }

    /// The events with their numbers.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (EventId, &Event)> {
        let numbered = self.events.iter().enumerate();
        numbered.filter_map(|(number, event)| Some((event_id(number)?, event)))
    }

    /// A member's events up to a moment, everything at it included, the newest first.
    pub fn own_until(
        &self,
        member: MemberId,
        at: Moment,
    ) -> impl Iterator<Item = (EventId, &Event)> {
        let own = self.own_events(member);
        let end = own.partition_point(|id| self.event(*id).is_some_and(|it| it.at <= at));
        let own = own.get(..end).unwrap_or_default().iter().rev();
        own.filter_map(|id| Some((*id, self.event(*id)?)))
    }

    /// A member's events before another of its own, the newest first.
    pub fn own_before(
        &self,
        member: MemberId,
        id: EventId,
    ) -> impl Iterator<Item = (EventId, &Event)> {
        let own = self.own_events(member);
        let end = own.partition_point(|it| *it < id);
        let own = own.get(..end).unwrap_or_default().iter().rev();
        own.filter_map(|id| Some((*id, self.event(*id)?)))
    }

    /// A member's events after an event, in order.
    pub fn own_after(
        &self,
        member: MemberId,
        id: EventId,
    ) -> impl Iterator<Item = (EventId, &Event)> {
        let own = self.own_events(member);
        let begin = own.partition_point(|it| *it <= id);
        let own = own.get(begin..).unwrap_or_default().iter();
        own.filter_map(|id| Some((*id, self.event(*id)?)))
    }

    /// A member's events from a moment on, in order.
    pub fn own_since(
        &self,
        member: MemberId,
        at: Moment,
    ) -> impl Iterator<Item = (EventId, &Event)> {
        let own = self.own_events(member);
        let begin = own.partition_point(|id| self.event(*id).is_some_and(|it| it.at < at));
        let own = own.get(begin..).unwrap_or_default().iter();
        own.filter_map(|id| Some((*id, self.event(*id)?)))
    }

    fn own_events(&self, member: MemberId) -> &[EventId] {
        let own = self.own.get(usize::from(member.0));
        own.map_or(&[], |it| it)
    }

    /// The events from a moment on, in order.
    pub fn since(&self, at: Moment) -> impl Iterator<Item = (EventId, &Event)> {
        let begin = self.events.partition_point(|it| it.at < at);
        let numbered = self.events.iter().enumerate().skip(begin);
        numbered.filter_map(|(number, event)| Some((event_id(number)?, event)))
    }

    /// What was known of a member in time; spans, in order.
    pub fn track(&self, member: MemberId) -> &[Span] {
        let track = self.tracks.get(usize::from(member.0));
        track.map_or(&[], |it| it)
    }

    /// What was known of a member at a moment, everything up to it included.
    pub fn known(&self, member: MemberId, at: Moment) -> Known {
        let track = self.track(member);
        let after = track.partition_point(|it| it.from <= at);
        let span = after.checked_sub(1).and_then(|it| track.get(it));
        span.map(|it| it.known).unwrap_or_default()
    }

    /// A line, as it was read.
    pub fn line(&self, place: Place) -> Option<Cow<'_, str>> {
        self.texts.get(usize::from(place.file))?.line(place.line)
    }
}

/// What is known of members, as events are told.
struct Tracks {
    known: Vec<Known>,
    spans: Vec<Vec<Span>>,
}

impl Tracks {
    /// An event tells of a member.
    fn learn(
        &mut self,
        member: MemberId,
        from: Moment,
        event: Option<EventId>,
        learn: impl FnOnce(&mut Known),
    ) {
        let at = usize::from(member.0);
        let (Some(known), Some(spans)) = (self.known.get_mut(at), self.spans.get_mut(at)) else {
            return;
        };
        let before = *known;
        learn(known);
        if before != *known {
            let known = *known;
            spans.push(Span { from, event, known });
        }
    }
}

/// Leaves out roles and states that are as they were known: some systems tell them twice.
fn leave_out_repeated(members: &Members, events: impl Iterator<Item = Event>) -> Vec<Event> {
    let mut known = vec![Known::default(); members.all.len()];
    let tells = |event: &Event| {
        let Some(known) = known.get_mut(usize::from(event.member.0)) else {
            return false;
        };
        let before = *known;
        known.learn(event.member, &event.what, members);
        let repeats = match &event.what {
            Observation::State(_) => true,
            // Whoever asks for pre-votes again has the same role and term as before.
            Observation::Became { role, .. } => *role != Role::PreCandidate,
            _ => false,
        };
        !repeats || before != *known
    };
    let mut events: Vec<_> = events.filter(tells).collect();
    events.shrink_to_fit();
    events
}

/// Leaves out what tells nothing new: names, which are settled; configurations that are as
/// their member has told them before; and that a member stands which has just been told to.
fn leave_out_known(sightings: &mut Vec<(MemberId, Sighting)>) {
    let mut configured: BTreeMap<(u16, MemberId), (Vec<Name>, Vec<Name>)> = BTreeMap::new();
    let mut told_to_stand: BTreeSet<(u16, MemberId)> = BTreeSet::new();
    sightings.retain(|(member, it)| {
        let key = (it.place.file, *member);
        let was_told = told_to_stand.remove(&key);
        match &it.what {
            Observation::AlsoCalled(_) | Observation::Alias { .. } => false,
            Observation::Members { voters, learners } => {
                let now = (voters.clone(), learners.clone());
                let before = configured.insert(key, now);
                configured.get(&key) != before.as_ref()
            }
            Observation::Stands { cause, .. } => {
                if *cause == Cause::Transfer {
                    told_to_stand.insert(key);
                }
                !was_told
            }
            _ => true,
        }
    });
}

fn event_id(number: usize) -> Option<EventId> {
    u32::try_from(number).ok().map(EventId)
}
