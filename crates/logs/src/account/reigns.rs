//! Who led, from when to when.

mod before;

use std::collections::BTreeSet;

use super::{Voters, majority};
use crate::known::Span;
use crate::observation::{Observation, Role, TransferStep};
use crate::shown::{EventId, MemberId, Presence};
use crate::story::{Event, Story, presence};
use crate::time::{Micros, Moment};

/// A time in which a member led.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reign {
    /// Who.
    pub leader: MemberId,
    /// In which term, if it is told.
    pub term: Option<u64>,
    /// From when on.
    pub from: Moment,
    /// The event with which it began.
    pub event: EventId,
    /// To when.
    pub to: Moment,
    /// How it ended.
    pub end: End,
    /// The event that tells so.
    pub ended_by: Option<EventId>,
    /// Whether only others tell of it, as the leader has no lines of that time.
    pub by_others: bool,
    /// Whether it began before the first line: then `from` is when the lines begin, and
    /// `event` tells of it later.
    pub began_before: bool,
}

/// How a time of leading ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The lines end, and it led still.
    Goes,
    /// It handed over its leadership.
    HandedOver,
    /// It had not heard from a majority in time (check-quorum, or a leader's lease).
    LostQuorum,
    /// It heard of a newer term.
    NewerTerm,
    /// It was stopped in order.
    Stopped,
    /// It did not run any more: it crashed or was killed.
    Gone,
    /// It did not run any more, from then on at the latest: that is when others missed it.
    Missed,
    /// Its lines end while others' go on: it may have led on, unseen.
    Silent,
    /// It started anew, and nobody saw when it had gone.
    StartedAnew,
    /// It became something else, and the lines do not say why.
    Unsaid,
}

/// Two leaders at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overlap {
    /// The one of the older term, or who led first.
    pub old: Reign,
    /// The other.
    pub new: Reign,
    /// From when on.
    pub from: Moment,
    /// To when.
    pub to: Moment,
    /// Whether both lead one term, which Raft rules out (Raft paper, Figure 3).
    pub is_fault: bool,
}

/// The times of leading, in the order of their beginnings.
pub(crate) fn reigns(story: &Story) -> Vec<Reign> {
    let mut reigns = Vec::new();
    for member in story.members.ids() {
        own(story, member, &mut reigns);
    }
    by_others(story, &mut reigns);
    reigns.extend(before::before(story, &reigns));
    reigns.sort_by_key(|it| (it.from, it.term));
    reigns
}

/// Those of which a member itself tells.
fn own(story: &Story, member: MemberId, reigns: &mut Vec<Reign>) {
    let track = story.track(member);
    let leads = |span: &Span| span.known.role == Some(Role::Leader);
    let mut at = 0;
    while let Some(span) = track.get(at) {
        let begins = leads(span);
        let rest = track.get(at + 1..).unwrap_or_default();
        let same = |it: &&Span| leads(it) && it.known.term == span.known.term;
        let lasts = rest.iter().take_while(same).count();
        if begins && let Some(event) = span.event.or(first_event(story, member, span.from)) {
            let (to, end, ended_by) = end(story, member, rest.get(lasts));
            reigns.push(Reign {
                leader: member,
                term: span.known.term,
                from: span.from,
                event,
                to,
                end,
                ended_by,
                by_others: false,
                began_before: false,
            });
        }
        at += if begins { lasts + 1 } else { 1 };
    }
}

fn first_event(story: &Story, member: MemberId, from: Moment) -> Option<EventId> {
    story.own_since(member, from).next().map(|(id, _)| id)
}

/// How it ended: with this span.
fn end(story: &Story, member: MemberId, next: Option<&Span>) -> (Moment, End, Option<EventId>) {
    let Some(next) = next else {
        return (story.ends, End::Goes, None);
    };
    match next.known.presence {
        Presence::Unknown => silent(story, member, next.from),
        Presence::Down => {
            let stopped = said_before(story, member, next.from, |what| {
                matches!(what, Observation::Stopping)
            })
            .is_some();
            // Who did not run any more was missed at the moment at which the span begins.
            let missed = presence::seen_to_go(story, member, true, (next.from, next.from));
            let end = match missed {
                _ if stopped => End::Stopped,
                Some((_, it)) if !matches!(it.what, Observation::Alarm { .. }) => End::Missed,
                _ => End::Gone,
            };
            (next.from, end, missed.map(|(id, _)| id))
        }
        Presence::Running => {
            let (end, why) = why_ended(story, member, next.from);
            (next.from, end, why.or(next.event))
        }
    }
}

/// A leader's lines end. A leader that has nothing to say is quiet: only if others miss it is
/// it silent.
fn silent(story: &Story, member: MemberId, from: Moment) -> (Moment, End, Option<EventId>) {
    let mut own = story.own_since(member, from);
    let starts = own.find(|(_, it)| it.at > from && matches!(it.what, Observation::Started(_)));
    let ends = starts.map_or(story.ends, |(_, it)| it.at);
    match (
        presence::seen_to_go(story, member, true, (from, ends)),
        starts,
    ) {
        (Some((id, event)), _) => (event.at, End::Silent, Some(id)),
        (None, Some((id, event))) => (event.at, End::StartedAnew, Some(id)),
        (None, None) => (ends, End::Goes, None),
    }
}

/// Whether an observation says so.
type Says = fn(&Observation) -> bool;

/// How many of a member's last events may say why something happened.
const REASONS: usize = 6;

/// How long before a reason may stand.
const SHORTLY: Micros = Micros::from_millis(2_000);

fn said_before(story: &Story, member: MemberId, at: Moment, says: Says) -> Option<EventId> {
    let own = story.own_until(member, at).take(REASONS);
    let mut recent = own.take_while(|(_, it)| (at - it.at) < SHORTLY);
    recent.find(|(_, it)| says(&it.what)).map(|(id, _)| id)
}

/// Why a leader became something else, and the event that says so.
fn why_ended(story: &Story, member: MemberId, at: Moment) -> (End, Option<EventId>) {
    let said = |says: fn(&Observation) -> bool| said_before(story, member, at, says);
    let hands_over = |what: &Observation| {
        let given_up = Some(TransferStep::GivenUp);
        matches!(what, Observation::Transfer { step, .. } if Some(*step) != given_up)
    };
    let reasons: [(End, Says); 4] = [
        (End::LostQuorum, |it| {
            matches!(it, Observation::QuorumLost { .. })
        }),
        (End::HandedOver, hands_over),
        (End::Stopped, |it| matches!(it, Observation::Stopping)),
        (End::NewerTerm, |it| {
            matches!(it, Observation::NewerTerm { .. })
        }),
    ];
    let mut found = reasons
        .into_iter()
        .filter_map(|(end, says)| Some((end, Some(said(says)?))));
    found.next().unwrap_or((End::Unsaid, None))
}

/// Those of which only others tell: leaders that were found, and have no lines of that term.
fn by_others(story: &Story, reigns: &mut Vec<Reign>) {
    let voters = Voters::of(story);
    let mut seen: BTreeSet<_> = reigns.iter().map(|it| (it.leader, it.term)).collect();
    for (id, event) in story.numbered() {
        let found = match event.what {
            Observation::LeaderFound { leader, term } => Some((leader, term)),
            Observation::Became {
                role: Role::Follower,
                leader: Some(leader),
                term,
            } => Some((leader, term)),
            _ => None,
        };
        let Some((Some(leader), term)) = found.map(|(it, term)| (story.members.get(it), term))
        else {
            continue;
        };
        let term = term.or(story.known(event.member, event.at).term);
        // One who says that it led, in a term that it does not tell, led this one.
        let led_unsaid = seen.contains(&(leader, None));
        if leader == event.member || led_unsaid || !seen.insert((leader, term)) {
            continue;
        }
        let (to, end, ended_by) = end_by_others(story, &voters, id, (leader, term));
        reigns.push(Reign {
            leader,
            term,
            from: event.at,
            event: id,
            to,
            end,
            ended_by,
            by_others: true,
            began_before: false,
        });
    }
}

fn end_by_others(
    story: &Story,
    voters: &Voters,
    since: EventId,
    (leader, term): (MemberId, Option<u64>),
) -> (Moment, End, Option<EventId>) {
    let at = story.event(since).map_or(Moment::default(), |it| it.at);
    // Without a majority it can go on, and leads nobody.
    let mut looking = BTreeSet::new();
    let needed = majority(voters.at(at).len());
    let mut later = story.since(at).filter(|(id, _)| *id > since);
    let mut ended = |event: &Event| match event.what {
        Observation::LeaderLost { leader: lost, .. } => {
            lost.is_none_or(|it| story.members.get(it) == Some(leader))
        }
        Observation::Became {
            role: Role::Candidate | Role::Leader,
            term: newer,
            ..
        } => newer > term,
        Observation::LeaderFound { term: newer, .. } => newer > term,
        Observation::TimedOut { .. }
        | Observation::Became {
            role: Role::PreCandidate,
            ..
        } => {
            looking.insert(event.member);
            looking.len() >= needed
        }
        _ => false,
    };
    match later.find(|(_, it)| ended(it)) {
        Some((id, event)) => (event.at, End::Silent, Some(id)),
        None => (story.ends, End::Goes, None),
    }
}

/// Two leaders at once, as the leaders themselves tell.
pub(super) fn overlaps(reigns: &[Reign]) -> Vec<Overlap> {
    let own: Vec<_> = reigns.iter().filter(|it| !it.by_others).collect();
    let mut overlaps = Vec::new();
    for (at, first) in own.iter().enumerate() {
        let later = own.iter().skip(at + 1);
        for second in later.take_while(|it| it.from < first.to) {
            let (from, to) = (second.from, first.to.min(second.to));
            let is_fault = first.term.is_some() && first.term == second.term;
            let together = from < to;
            if first.leader != second.leader && together {
                let (old, new) = if second.term < first.term {
                    (second, first)
                } else {
                    (first, second)
                };
                overlaps.push(Overlap {
                    old: **old,
                    new: **new,
                    from,
                    to,
                    is_fault,
                });
            }
        }
    }
    overlaps
}
