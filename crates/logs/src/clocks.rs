//! One time for all members.
//!
//! A message is received after it was sent. So whoever answered a request, or adopted the
//! term of somebody who stood, did so after that somebody stood, whatever the clocks say:
//! each such pair of lines bounds how far one clock is ahead of another. Where no bound is
//! broken, clocks are taken at their word; otherwise a clock is moved by the least that
//! satisfies all bounds, or, if none does, by the middle of them.
//!
//! Within a file, the order of its lines is the order of what happened. A clock that goes
//! back there was set back (or the file was put together in the wrong order, which the terms
//! tell).

use std::collections::BTreeMap;

use crate::members::Members;
use crate::names::Name;
use crate::observation::{Ballot, Observation, Role};
use crate::reading::Sighting;
use crate::shown::{MemberId, Place};
use crate::time::{Micros, Moment};

/// What was found out about the clocks.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Clocks {
    /// By how much each member's times were moved, with the greatest error of that; members
    /// whose times were taken as they are have none.
    pub moved: BTreeMap<MemberId, Moved>,
    /// Where a clock went back within a file.
    pub set_back: Vec<SetBack>,
}

/// By how much a clock was moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// What was added to its times.
    pub by: Micros,
    /// How wrong that may be, either way; `None` if only one side is bounded.
    pub within: Option<Micros>,
    /// The pair of lines that asked for most: a sending, and a receipt dated before it.
    pub because: (Place, Place),
}

/// A place where a clock went back within a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SetBack {
    /// Whose.
    pub member: MemberId,
    /// The first line after it.
    pub place: Place,
    /// By how much.
    pub by: Micros,
    /// Whether terms go back there, too: the file was put together in the wrong order.
    pub is_disorder: bool,
}

/// How far a clock may go back between two lines of a file without being said to be set
/// back: loggers write lines of several threads.
const JITTER: Micros = Micros::from_millis(1_000);

/// Puts all sightings into one time and in order.
pub(crate) fn settle(members: &Members, sightings: &mut [(MemberId, Sighting)]) -> Clocks {
    let set_back = undo_setting_back(sightings);
    let bounds = Bounds::of(members, sightings);
    let moved = bounds.settle(members);
    for (member, sighting) in sightings.iter_mut() {
        if let Some(moved) = moved.get(member) {
            sighting.at = sighting.at + moved.by;
        }
    }
    sightings.sort_by_key(|(_, it)| (it.at, it.place));
    Clocks { moved, set_back }
}

/// Undoes where a clock was set back: what follows is moved so that it goes on from there.
fn undo_setting_back(sightings: &mut [(MemberId, Sighting)]) -> Vec<SetBack> {
    let highest = terms_by_piece(sightings);
    let mut found = Vec::new();
    let mut last: BTreeMap<(u16, MemberId), (Moment, Micros)> = BTreeMap::new();
    for (member, sighting) in sightings {
        let key = (sighting.place.file, *member);
        let (latest, added) = last
            .get(&key)
            .copied()
            .unwrap_or((sighting.at, Micros::ZERO));
        let at = sighting.at + added;
        let back = latest - at;
        let mut added = added;
        if back > JITTER {
            let is_disorder = highest.falls_at(key, sighting.place);
            found.push(SetBack {
                member: *member,
                place: sighting.place,
                by: back,
                is_disorder,
            });
            if is_disorder {
                last.insert(key, (at, added));
                sighting.at = at;
                continue;
            }
            added = added + back;
        }
        sighting.at = sighting.at + added;
        last.insert(key, (latest.max(sighting.at), added));
    }
    found
}

/// The terms of each file's lines, in their order.
struct Terms(BTreeMap<(u16, MemberId), Vec<(Place, u64)>>);

fn terms_by_piece(sightings: &[(MemberId, Sighting)]) -> Terms {
    let mut terms: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (member, sighting) in sightings {
        if let Some(term) = sighting.what.term() {
            let of = terms.entry((sighting.place.file, *member)).or_default();
            of.push((sighting.place, term));
        }
    }
    Terms(terms)
}

impl Terms {
    /// Whether the next term after a place is lower than the one before it.
    fn falls_at(&self, key: (u16, MemberId), place: Place) -> bool {
        let Some(terms) = self.0.get(&key) else {
            return false;
        };
        let at = terms.partition_point(|(it, _)| *it < place);
        let before = at.checked_sub(1).and_then(|it| terms.get(it));
        let after = terms.get(at);
        before
            .zip(after)
            .is_some_and(|(before, after)| after.1 < before.1)
    }
}

/// How far one member's clock is ahead of another's, at most, by pairs of lines.
#[derive(Debug, Default)]
struct Bounds(BTreeMap<(MemberId, MemberId), (Micros, (Place, Place))>);

/// What somebody sent, by which a receipt of it is known.
type Sent = (MemberId, u64, Ballot);

impl Bounds {
    fn of(members: &Members, sightings: &[(MemberId, Sighting)]) -> Self {
        let asked = first_asked(sightings);
        let answered = first_granted(members, sightings);
        let mut bounds = Self::default();
        for (receiver, sighting) in sightings {
            for (from, sent) in sendings(members, &sighting.what, &asked, *receiver, &answered) {
                let took = sighting.at - sent.0;
                if from != *receiver && took.abs() < DAY {
                    bounds.add((from, *receiver), took, (sent.1, sighting.place));
                }
            }
        }
        bounds
    }

    /// The receiver's clock is ahead of the sender's by this at most.
    fn add(&mut self, link: (MemberId, MemberId), most: Micros, lines: (Place, Place)) {
        let bound = self.0.entry(link).or_insert((most, lines));
        if most < bound.0 {
            *bound = (most, lines);
        }
    }

    /// Moves clocks until no bound is broken, member by member, those first whose bounds
    /// connect them to one that is settled.
    fn settle(&self, members: &Members) -> BTreeMap<MemberId, Moved> {
        let mut moved = BTreeMap::new();
        let mut settled: Vec<MemberId> = members.ids().take(1).collect();
        let mut left: Vec<MemberId> = members.ids().skip(1).collect();
        while !left.is_empty() {
            let connected = |it: &MemberId| {
                let bound = |other: &MemberId| {
                    self.0.contains_key(&(*other, *it)) || self.0.contains_key(&(*it, *other))
                };
                settled.iter().any(bound)
            };
            let at = left.iter().position(connected).unwrap_or(0);
            let member = left.remove(at);
            if let Some(by) = self.moved(member, &settled, &moved) {
                moved.insert(member, by);
            }
            settled.push(member);
        }
        leave_most_alone(&settled, moved)
    }

    /// By how much this member's clock is to be moved, given those of others.
    fn moved(
        &self,
        member: MemberId,
        settled: &[MemberId],
        moved: &BTreeMap<MemberId, Moved>,
    ) -> Option<Moved> {
        let by_others = |it: &MemberId| moved.get(it).map_or(Micros::ZERO, |it| it.by);
        // What is to be added lies between these.
        let mut least: Option<(Micros, (Place, Place))> = None;
        let mut most: Option<(Micros, (Place, Place))> = None;
        for other in settled {
            let moved_by = by_others(other);
            if let Some((bound, lines)) = self.0.get(&(*other, member)) {
                // It received after the other sent: its time plus this is no earlier.
                let add = moved_by - *bound;
                if least.is_none_or(|(it, _)| add > it) {
                    least = Some((add, *lines));
                }
            }
            if let Some((bound, lines)) = self.0.get(&(member, *other)) {
                let add = moved_by + *bound;
                if most.is_none_or(|(it, _)| add < it) {
                    most = Some((add, *lines));
                }
            }
        }
        let is_fine = least.is_none_or(|(it, _)| it <= Micros::ZERO)
            && most.is_none_or(|(it, _)| it >= Micros::ZERO);
        if is_fine {
            return None;
        }
        let (by, within) = match (least, most) {
            (Some((least, _)), Some((most, _))) => {
                let half = Micros::ZERO.midpoint((most - least).abs());
                (least.midpoint(most), Some(half))
            }
            (Some((one, _)), None) | (None, Some((one, _))) => (one, None),
            (None, None) => return None,
        };
        let because = match (least, most) {
            (Some((least, lines)), _) if least > Micros::ZERO => lines,
            (_, Some((_, lines))) | (Some((_, lines)), None) => lines,
            (None, None) => return None,
        };
        Some(Moved {
            by,
            within,
            because,
        })
    }
}

/// Moves the few rather than the many: whose clock is right is not known, but that of most
/// is the better guess.
fn leave_most_alone(
    members: &[MemberId],
    moved: BTreeMap<MemberId, Moved>,
) -> BTreeMap<MemberId, Moved> {
    let by = |it: &MemberId| moved.get(it).map_or(Micros::ZERO, |it| it.by);
    let mut all: Vec<_> = members.iter().map(by).collect();
    all.sort_unstable();
    let most = all.get(all.len() / 2).copied().unwrap_or_default();
    let Some(example) = moved.values().find(|it| it.by == most).copied() else {
        return moved;
    };
    let less = |it: &MemberId| {
        let now = moved.get(it).copied().unwrap_or(Moved {
            by: Micros::ZERO,
            ..example
        });
        let by = now.by - most;
        (by.abs() > now.within.unwrap_or_default()).then_some((*it, Moved { by, ..now }))
    };
    members.iter().filter_map(less).collect()
}

const DAY: Micros = Micros::from_millis(24 * 3_600_000);

/// When each first asked for votes of a term, or began to stand in it.
fn first_asked(sightings: &[(MemberId, Sighting)]) -> BTreeMap<Sent, (Moment, Place)> {
    let mut asked = BTreeMap::new();
    for (member, sighting) in sightings {
        let (term, ballot) = match sighting.what {
            Observation::Asked {
                term: Some(term),
                ballot,
                ..
            } => (term, ballot),
            Observation::Became {
                role: Role::Candidate,
                term: Some(term),
                ..
            } => (term, Ballot::Vote),
            _ => continue,
        };
        let first = asked.entry((*member, term, ballot));
        let first = first.or_insert((sighting.at, sighting.place));
        if sighting.at < first.0 {
            *first = (sighting.at, sighting.place);
        }
    }
    asked
}

/// When each first gave a vote of a term, by voter and candidate.
fn first_granted(
    members: &Members,
    sightings: &[(MemberId, Sighting)],
) -> BTreeMap<(MemberId, MemberId, u64, Ballot), (Moment, Place)> {
    let mut granted = BTreeMap::new();
    for (member, sighting) in sightings {
        if let Observation::Answered(reply) = &sighting.what
            && let (None, Some(term)) = (reply.refused, reply.term)
            && let Some(candidate) = members.get(reply.candidate)
        {
            let key = (*member, candidate, term, reply.ballot);
            granted.entry(key).or_insert((sighting.at, sighting.place));
        }
    }
    granted
}

/// The sendings of which an observation tells the receipt.
fn sendings(
    members: &Members,
    what: &Observation,
    asked: &BTreeMap<Sent, (Moment, Place)>,
    receiver: MemberId,
    granted: &BTreeMap<(MemberId, MemberId, u64, Ballot), (Moment, Place)>,
) -> Vec<(MemberId, (Moment, Place))> {
    let asked_by = |name: Name, term: u64, ballot: Ballot| {
        let from = members.get(name)?;
        Some((from, *asked.get(&(from, term, ballot))?))
    };
    let found = match what {
        Observation::Answered(reply) => {
            let term = reply.term.unwrap_or(0);
            asked_by(reply.candidate, term, reply.ballot)
        }
        Observation::NewerTerm {
            from: Some(from),
            stands: true,
            newer: Some(newer),
            ..
        } => asked_by(*from, *newer, Ballot::Vote),
        Observation::Heard {
            from,
            granted: true,
            ballot,
            term: Some(term),
        } => members.get(*from).and_then(|voter| {
            let sent = granted.get(&(voter, receiver, *term, *ballot))?;
            Some((voter, *sent))
        }),
        _ => None,
    };
    found.into_iter().collect()
}
