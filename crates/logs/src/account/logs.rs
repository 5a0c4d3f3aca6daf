//! The ends of members' logs, as far as lines tell them, and for how long each holds.
//!
//! A log grows while its member can hear a leader, and no line tells of that. So what a line
//! tells of a log is a fact at its moment, and from the next leader on no more than a least.

use super::reigns::{End, Reign};
use crate::observation::{LogEnd, Observation};
use crate::shown::{EventId, MemberId};
use crate::story::{Event, Story};
use crate::time::Moment;

/// What a line tells of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// It ends so.
    Ends(LogEnd),
    /// It was replaced by a snapshot, and ends so.
    Restored(LogEnd),
    /// Entries were dropped from its end: how it ends now is not told.
    Dropped,
}

/// What a line tells of a member's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogTold {
    /// When.
    pub at: Moment,
    /// The event.
    pub event: EventId,
    /// What.
    pub told: Told,
    /// Until when it cannot have grown, as nobody led whom its member would follow; `None` if
    /// nobody did to the end of the lines.
    pub holds_until: Option<Moment>,
}

impl LogTold {
    /// The end of the log, if that is what is told.
    pub fn end(&self) -> Option<LogEnd> {
        match self.told {
            Told::Ends(end) | Told::Restored(end) => Some(end),
            Told::Dropped => None,
        }
    }

    /// Whether the log ends so at a moment, this one or a later one.
    fn holds_at(&self, at: Moment) -> bool {
        at == self.at || self.holds_until.is_none_or(|it| at < it)
    }
}

/// What lines tell of all logs.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Logs(Vec<Vec<LogTold>>);

/// The end of a log at a moment, as far as lines tell it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogAt {
    /// No line tells it.
    Untold,
    /// It ends as this line tells.
    Exactly(LogTold),
    /// It ended as this earlier line tells, and may have grown since.
    AtLeast(LogTold),
    /// It had no more than this later line tells, and no line tells that entries were dropped
    /// in between.
    AtMost(LogTold),
    /// It became shorter between these two lines, and none tells when.
    Shrank(LogTold, LogTold),
}

impl Logs {
    pub(crate) fn of(story: &Story, reigns: &[Reign]) -> Self {
        let mut all = vec![Vec::new(); story.members.all.len()];
        let mut leading = Leading::of(reigns);
        for (id, event) in story.numbered() {
            let Some((member, told)) = told(story, event) else {
                continue;
            };
            let term = story.known(member, event.at).term;
            // Whoever starts for the first time appends the members that it was given.
            let may_begin = matches!(told, Told::Ends(end) if end.index == 0);
            let grows = leading.next_for(event.at, term);
            if let Some(of) = all.get_mut(usize::from(member.0)) {
                of.push(LogTold {
                    at: event.at,
                    event: id,
                    told,
                    holds_until: if may_begin { Some(event.at) } else { grows },
                });
            }
        }
        Self(all)
    }

    /// What is told of a member's log, in order.
    pub fn of_member(&self, member: MemberId) -> &[LogTold] {
        let told = self.0.get(usize::from(member.0));
        told.map_or(&[], |it| it)
    }

    /// The end of a member's log at a moment, everything told at it included. `may_have` are
    /// the terms of which it can have had entries.
    pub fn at(&self, member: MemberId, at: Moment, may_have: impl Fn(u64) -> bool) -> LogAt {
        let told = self.of_member(member);
        let after = told.partition_point(|it| it.at <= at);
        let before = after.checked_sub(1).and_then(|it| told.get(it)).copied();
        let next = told.get(after).copied();
        if let Some(before) = before.filter(|it| it.end().is_some() && it.holds_at(at)) {
            return LogAt::Exactly(before);
        }
        let before = before.filter(|it| it.end().is_some());
        let next = next.filter(|it| matches!(it.told, Told::Ends(_)));
        match (before, next) {
            (Some(before), Some(next)) if next.end() < before.end() => LogAt::Shrank(before, next),
            (_, Some(next)) if next.end().is_some_and(|it| may_have(it.term)) => {
                LogAt::AtMost(next)
            }
            (Some(before), _) => LogAt::AtLeast(before),
            (None, _) => LogAt::Untold,
        }
    }
}

/// What an event tells of a log, and of whose: its member's, or that of a candidate that has
/// no lines. What others tell of one that has is older than its own lines.
fn told(story: &Story, event: &Event) -> Option<(MemberId, Told)> {
    let own = |end: Option<LogEnd>| Some((event.member, Told::Ends(end?)));
    match &event.what {
        Observation::Started(state) | Observation::State(state) => own(state.log),
        Observation::Asked { log, .. } => own(*log),
        Observation::EntriesRefused { by: None, end } => own(*end),
        Observation::Restored(end) => Some((event.member, Told::Restored(*end))),
        Observation::Truncated { .. } => Some((event.member, Told::Dropped)),
        Observation::Answered(reply) => own(reply.own).or_else(|| {
            let candidate = story.members.get(reply.candidate)?;
            let is_mute = !story.members.member(candidate)?.speaks;
            Some((candidate, Told::Ends(reply.theirs.filter(|_| is_mute)?)))
        }),
        _ => None,
    }
}

/// How many of the next times of leading are looked at: their terms rise, so that one of them
/// is of a term that a member would follow, if not the first.
const NEXT_MAX: usize = 16;

/// Who leads, as time goes on.
struct Leading<'a> {
    going: Vec<&'a Reign>,
    next: &'a [Reign],
}

impl<'a> Leading<'a> {
    fn of(reigns: &'a [Reign]) -> Self {
        Self {
            going: Vec::new(),
            next: reigns,
        }
    }

    /// When somebody led, from a moment on, whom a member of this term would follow. Moments
    /// are asked for in order.
    fn next_for(&mut self, at: Moment, term: Option<u64>) -> Option<Moment> {
        while let Some((first, rest)) = self.next.split_first() {
            if first.from > at {
                break;
            }
            self.going.push(first);
            self.next = rest;
        }
        // Whose lines end may have led on.
        self.going.retain(|it| it.to >= at || it.end == End::Silent);
        let follows = |it: &Reign| it.term.is_none() || term.is_none() || it.term >= term;
        if self.going.iter().any(|it| follows(it)) {
            return Some(at);
        }
        let mut next = self.next.iter().take(NEXT_MAX);
        let first = next.find(|it| follows(it)).or(self.next.get(NEXT_MAX));
        first.map(|it| it.from)
    }
}
