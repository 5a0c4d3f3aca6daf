//! When there was no leader.
//!
//! A leader counts until it steps down or is gone, or until a majority of those that vote is
//! known to be in a newer term: from then on it can commit nothing, whatever it believes.

use std::collections::{BTreeMap, BTreeSet};

use super::reigns::{End, Reign};
use super::{Voters, majority};
use crate::observation::Observation;
use crate::shown::MemberId;
use crate::story::Story;
use crate::time::{Micros, Moment};

/// A time without a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// From when.
    pub from: Moment,
    /// Whether it began then at the latest: from when on its leader did not run, no line tells.
    pub is_latest: bool,
    /// To when: a leader's beginning, or the end of the lines.
    pub to: Moment,
    /// Who led before, as its place among the times of leading.
    pub before: Option<usize>,
    /// Who led after, as its place among them; `None` if nobody did by the end of the lines.
    pub after: Option<usize>,
}

impl Gap {
    /// How long it lasted.
    pub fn lasts(&self) -> Micros {
        self.to - self.from
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
    let (mut covered, mut before) = (begins, None);
    let mut order: Vec<usize> = (0..reigns.len()).collect();
    order.sort_by_key(|it| reigns.get(*it).map(|it| it.from));
    for at in order {
        let Some(reign) = reigns.get(at) else {
            continue;
        };
        if reign.from > covered {
            gaps.push(Gap {
                from: covered,
                is_latest: is_latest(reigns, before, covered),
                to: reign.from,
                before,
                after: Some(at),
            });
        }
        let counts_to = match newer.majority_since(reign.term) {
            Some(since) if since >= reign.from => reign.to.min(since),
            _ => reign.to,
        };
        if counts_to >= covered {
            (covered, before) = (counts_to, Some(at));
        }
    }
    let last_goes_on = before
        .and_then(|it| reigns.get(it))
        .is_some_and(|it| it.end == End::Goes && it.to == covered);
    if covered < ends && !last_goes_on {
        gaps.push(Gap {
            from: covered,
            is_latest: is_latest(reigns, before, covered),
            to: ends,
            before,
            after: None,
        });
    }
    gaps
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

/// From when on a majority was in a term or a newer one, for each term that was told.
struct Newer(BTreeMap<u64, Option<Moment>>);

impl Newer {
    fn of(story: &Story) -> Self {
        let known = Voters::of(story);
        let voters: BTreeSet<_> = known.latest().iter().copied().collect();
        let mut first: BTreeMap<u64, BTreeMap<MemberId, Moment>> = BTreeMap::new();
        for event in &story.events {
            let term = match event.what {
                Observation::NewerTerm { newer, .. } => newer,
                _ => event.what.term(),
            };
            if let Some(term) = term.filter(|_| voters.contains(&event.member)) {
                let of = first.entry(term).or_default();
                of.entry(event.member).or_insert(event.at);
            }
        }
        let needed = majority(voters.len());
        let mut since: BTreeMap<MemberId, Moment> = BTreeMap::new();
        let by_term = first.into_iter().rev().map(|(term, members)| {
            for (member, at) in members {
                let first = since.entry(member).or_insert(at);
                *first = (*first).min(at);
            }
            let mut moments: Vec<_> = since.values().copied().collect();
            moments.sort_unstable();
            (term, moments.get(needed - 1).copied())
        });
        Self(by_term.collect())
    }

    /// From when on a majority was in terms newer than this one.
    fn majority_since(&self, term: Option<u64>) -> Option<Moment> {
        let newer = self.0.range(term?.checked_add(1)?..);
        newer.map(|(_, since)| *since).next()?
    }
}
