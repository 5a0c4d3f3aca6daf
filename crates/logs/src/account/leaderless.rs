//! When there was no leader.
//!
//! A leader counts until it steps down or is gone, or until a majority of those that vote is
//! known to be in a newer term: from then on it can commit nothing, whatever it believes. It
//! may have been unheard for a while before: since when at the earliest, is told, too.

mod heard;

use std::collections::{BTreeMap, BTreeSet};

use super::reigns::{End, Reign};
use super::{Voters, majority};
use crate::observation::Observation;
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::{Micros, Moment};

/// A time without a leader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// From when.
    pub from: Moment,
    /// Whether it began then at the latest: from when on its leader did not run, no line tells.
    pub is_latest: bool,
    /// When a majority is last known to have heard the leader before; `None` if that is too
    /// long ago to say anything.
    pub heard: Option<Moment>,
    /// The events that tell of its beginning.
    pub begun_by: Vec<EventId>,
    /// To when: a leader's beginning, or the end of the lines.
    pub to: Moment,
    /// Who led before, as its place among the times of leading.
    pub before: Option<usize>,
    /// Who led after, as its place among them; `None` if nobody did by the end of the lines.
    pub after: Option<usize>,
}

impl Gap {
    /// How long it lasted, at least.
    pub fn lasts(&self) -> Micros {
        self.to - self.from
    }

    /// From when on no majority may have heard a leader, if that is before nobody led.
    pub fn unheard_from(&self) -> Option<Moment> {
        self.heard.filter(|it| *it < self.from)
    }
}

/// The times without a leader, in order.
pub(super) fn gaps(story: &Story, reigns: &[Reign]) -> Vec<Gap> {
    let Some(begins) = first_sign(story).filter(|_| sees_majority(story)) else {
        return Vec::new();
    };
    let ends = story.ends;
    let newer = Newer::of(story);
    let mut gaps = Vec::new();
    let mut covered = Covered::from(begins);
    let mut order: Vec<usize> = (0..reigns.len()).collect();
    order.sort_by_key(|it| reigns.get(*it).map(|it| it.from));
    for at in order {
        let Some(reign) = reigns.get(at) else {
            continue;
        };
        if reign.from > covered.to {
            gaps.push(covered.gap(story, reigns, reign.from, Some(at)));
        }
        covered.by(at, reign, newer.majority_since(reign.term));
    }
    let last = covered.before.and_then(|it| reigns.get(it));
    let last_goes_on = last.is_some_and(|it| it.end == End::Goes && it.to == covered.to);
    if covered.to < ends && !last_goes_on {
        gaps.push(covered.gap(story, reigns, ends, None));
    }
    gaps
}

/// Up to when somebody led.
struct Covered {
    to: Moment,
    /// Who led then, as its place among the times of leading.
    before: Option<usize>,
    /// The events that tell that its leading ended.
    ended_by: Vec<EventId>,
}

impl Covered {
    fn from(to: Moment) -> Self {
        Self {
            to,
            before: None,
            ended_by: Vec::new(),
        }
    }

    /// Somebody led, up to its end or up to when a majority was in newer terms.
    fn by(&mut self, at: usize, reign: &Reign, newer: Option<&Majority>) {
        let newer = newer.filter(|it| (reign.from..reign.to).contains(&it.since));
        let to = newer.map_or(reign.to, |it| it.since);
        if to >= self.to {
            *self = Self {
                to,
                before: Some(at),
                ended_by: match newer {
                    Some(it) => it.events.clone(),
                    None => reign.ended_by.into_iter().collect(),
                },
            };
        }
    }

    /// Nobody led from then on.
    fn gap(&self, story: &Story, reigns: &[Reign], to: Moment, after: Option<usize>) -> Gap {
        let before = self.before.and_then(|it| reigns.get(it));
        Gap {
            from: self.to,
            is_latest: is_latest(reigns, self.before, self.to),
            heard: match before {
                Some(reign) => heard::until(story, reign, self.to),
                None => Some(self.to),
            },
            begun_by: self.ended_by.clone(),
            to,
            before: self.before,
            after,
        }
    }
}

/// Whether enough members have lines of their own to know that nobody leads: a majority, as
/// whoever leads is followed by one of each.
pub(crate) fn sees_majority(story: &Story) -> bool {
    let known = Voters::of(story);
    let voters = known.latest();
    let speaks = |it: &&MemberId| story.members.member(**it).is_some_and(|it| it.speaks);
    voters.iter().filter(speaks).count() >= majority(voters.len())
}

/// Whether the leader before was only missed at that moment.
fn is_latest(reigns: &[Reign], before: Option<usize>, from: Moment) -> bool {
    let before = before.and_then(|it| reigns.get(it));
    before.is_some_and(|it| {
        matches!(it.end, End::Missed | End::Silent | End::StartedAnew) && it.to == from
    })
}

/// When anything of Raft was first told: before, nobody was there to lead.
fn first_sign(story: &Story) -> Option<Moment> {
    let sign = story.events.iter().find(|it| {
        matches!(
            it.what,
            Observation::Started(_)
                | Observation::Became { .. }
                | Observation::LeaderFound { .. }
                | Observation::LeaderLost { .. }
                | Observation::State(_)
                | Observation::Stands { .. }
        )
    });
    sign.map(|it| it.at)
}

/// A majority in some term or newer ones.
struct Majority {
    /// From when on.
    since: Moment,
    /// The events that tell so, of a member each.
    events: Vec<EventId>,
}

/// From when on a majority was in a term or a newer one, for each term that was told.
struct Newer(BTreeMap<u64, Option<Majority>>);

impl Newer {
    fn of(story: &Story) -> Self {
        let known = Voters::of(story);
        let voters: BTreeSet<_> = known.latest().iter().copied().collect();
        let mut first: BTreeMap<u64, BTreeMap<MemberId, (Moment, EventId)>> = BTreeMap::new();
        for (id, event) in story.numbered() {
            let term = match event.what {
                Observation::NewerTerm { newer, .. } => newer,
                _ => event.what.term(),
            };
            if let Some(term) = term.filter(|_| voters.contains(&event.member)) {
                let of = first.entry(term).or_default();
                of.entry(event.member).or_insert((event.at, id));
            }
        }
        let needed = majority(voters.len());
        let mut since: BTreeMap<MemberId, (Moment, EventId)> = BTreeMap::new();
        let by_term = first.into_iter().rev().map(|(term, members)| {
            for (member, at) in members {
                let first = since.entry(member).or_insert(at);
                *first = (*first).min(at);
            }
            let mut moments: Vec<_> = since.values().copied().collect();
            moments.sort_unstable();
            let reached = moments.get(..needed).and_then(|it| it.last().zip(Some(it)));
            let majority = reached.map(|((since, _), all)| Majority {
                since: *since,
                // The last of them makes the majority.
                events: all.iter().rev().map(|(_, id)| *id).collect(),
            });
            (term, majority)
        });
        Self(by_term.collect())
    }

    /// From when on a majority was in terms newer than this one.
    fn majority_since(&self, term: Option<u64>) -> Option<&Majority> {
        let newer = self.0.range(term?.checked_add(1)?..);
        newer.map(|(_, since)| since.as_ref()).next()?
    }
}
