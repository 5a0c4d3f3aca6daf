//! When members ran, as far as lines tell.
//!
//! A member that starts anew did not run between its last line and its start. From when on,
//! others may have seen: their connections to it broke. A member that is merely silent may
//! run, and after its last line nothing is known of it.

use std::collections::BTreeSet;

use super::{Event, Story};
use crate::known::Known;
use crate::known::Span;
use crate::names::Name;
use crate::observation::{Alarm, Observation, Refusal, Role};
use crate::shown::{EventId, MemberId, Presence};
use crate::time::{Micros, Moment};

/// How far apart the lines are that a process writes when it starts.
const START: Micros = Micros::from_millis(100);

/// A stretch in which a member did not run, or may not have.
struct Gap {
    from: Moment,
    to: Option<Moment>,
    presence: Presence,
}

/// Adds to the tracks when members did not run, and where their lines end.
pub(super) fn add(story: &mut Story) {
    for member in story.members.ids() {
        let gaps = gaps(story, member);
        if let Some(track) = story.tracks.get_mut(usize::from(member.0)) {
            *track = interrupted(std::mem::take(track), &gaps);
        }
    }
}

fn gaps(story: &Story, member: MemberId) -> Vec<Gap> {
    let own: Vec<&Event> = story
        .events
        .iter()
        .filter(|it| it.member == member)
        .collect();
    let mut gaps = Vec::new();
    for (at, event) in own.iter().enumerate() {
        if !matches!(event.what, Observation::Started(_)) {
            continue;
        }
        let first = first_of_start(own.get(..=at).unwrap_or_default());
        let before = first.checked_sub(1).and_then(|it| own.get(it));
        if let (Some(before), Some(first)) = (before, own.get(first)) {
            let led = story.known(member, before.at).role == Some(Role::Leader);
            let gone = seen_to_go(story, member, led, (before.at, first.at));
            // Whom nobody saw go may have run for a while after its last line.
            let stops = own.get(..at).unwrap_or_default().iter().rev();
            let stops = stops.take(STOPS_WITHIN).any(|it| ends_process(&it.what));
            gaps.push(Gap {
                from: gone.map_or(before.at, |(_, it)| it.at),
                to: Some(first.at),
                presence: if gone.is_some() || stops {
                    Presence::Down
                } else {
                    Presence::Unknown
                },
            });
        }
    }
    let ends = story.events.last().map(|it| it.at);
    if let Some(last) = own.last()
        && Some(last.at) < ends
    {
        let latest = own.len().saturating_sub(STOPS_WITHIN);
        let stops = own.iter().skip(latest).any(|it| ends_process(&it.what));
        gaps.push(Gap {
            from: last.at,
            to: None,
            presence: if stops {
                Presence::Down
            } else {
                Presence::Unknown
            },
        });
    }
    gaps
}

/// Within how many of its last lines a member has said that it stops.
const STOPS_WITHIN: usize = 20;

fn ends_process(what: &Observation) -> bool {
    let is_fatal = matches!(
        what,
        Observation::Alarm {
            kind: Alarm::Fatal,
            ..
        }
    );
    is_fatal || matches!(what, Observation::Stopping)
}

/// Of a member's events up to its start, the first that belongs to that start: etcd says the
/// term that it has read before it says that its state machine is there.
fn first_of_start(events: &[&Event]) -> usize {
    let mut first = events.len().saturating_sub(1);
    while let [.., before, now] = events.get(..=first).unwrap_or_default() {
        let apart = now.at - before.at;
        let belongs = match before.what {
            Observation::Became {
                role: Role::Follower,
                ..
            }
            | Observation::Members { .. }
            | Observation::State(_) => apart < START,
            _ => false,
        };
        if !belongs {
            break;
        }
        first -= 1;
    }
    first
}

/// The event by which others found that a member is gone: their connection to it broke, or,
/// if it led, they looked for another leader. Only events between the two moments count, both
/// included. If somebody heard from it later, it was not gone then; what follows once another
/// leads tells nothing of it any more.
pub(crate) fn seen_to_go(
    story: &Story,
    member: MemberId,
    led: bool,
    (after, before): (Moment, Moment),
) -> Option<(EventId, &Event)> {
    let mut gone = None;
    // Who has no connection to it may still wait for it, and take it for the leader.
    let mut unconnected = BTreeSet::new();
    let others = story.since(after).filter(|(_, it)| it.member != member);
    for (id, event) in others.take_while(|(_, it)| it.at <= before) {
        let is_it = |name: Name| story.members.get(name) == Some(member);
        match &event.what {
            Observation::Became {
                role: Role::Leader, ..
            } => break,
            what if reaches(what, is_it) => {
                unconnected.remove(&event.member);
                gone = None;
            }
            what if takes_for_leader(what, is_it) && !unconnected.contains(&event.member) => {
                gone = None;
            }
            what if is_lost_connection(what, is_it) => {
                unconnected.insert(event.member);
                gone = gone.or(Some((id, event)));
            }
            what if led && misses(what, is_it) => {
                gone = gone.or(Some((id, event)));
            }
            _ => {}
        }
    }
    gone
}

/// Whether whoever says this has lost its connection to a member.
fn is_lost_connection(what: &Observation, is_it: impl Fn(Name) -> bool) -> bool {
    match what {
        Observation::Alarm {
            kind: Alarm::PeerLost,
            peer: Some(peer),
            ..
        } => is_it(*peer),
        _ => false,
    }
}

/// Whether whoever says this reaches a member.
fn reaches(what: &Observation, is_it: impl Fn(Name) -> bool) -> bool {
    match what {
        Observation::Alarm {
            kind: Alarm::PeerFound,
            peer: Some(peer),
            ..
        }
        | Observation::Contact {
            peer,
            reached: true,
            ..
        } => is_it(*peer),
        _ => false,
    }
}

/// Whether whoever says this takes a member for its leader.
fn takes_for_leader(what: &Observation, is_it: impl Fn(Name) -> bool) -> bool {
    match what {
        Observation::LeaderFound { leader, .. } => is_it(*leader),
        Observation::Answered(reply) => match reply.refused {
            Some(Refusal::HasLeader { leader, .. }) => leader.is_none_or(is_it),
            _ => false,
        },
        _ => false,
    }
}

/// Whether whoever says this looks for another leader than a member that led.
fn misses(what: &Observation, is_it: impl Fn(Name) -> bool) -> bool {
    match what {
        Observation::LeaderLost { leader, .. } => leader.is_none_or(is_it),
        Observation::TimedOut { last_leader, .. } => last_leader.is_none_or(is_it),
        Observation::Stands { .. } => true,
        Observation::Became { role, .. } => {
            matches!(role, Role::Candidate | Role::PreCandidate)
        }
        _ => false,
    }
}

/// A track with gaps put into it; both are in order.
fn interrupted(track: Vec<Span>, gaps: &[Gap]) -> Vec<Span> {
    let mut whole = Vec::with_capacity(track.len() + gaps.len());
    let mut rest = track.into_iter().peekable();
    for gap in gaps {
        while let Some(span) = rest.next_if(|it| it.from <= gap.from) {
            whole.push(span);
        }
        while rest
            .next_if(|it| gap.to.is_none_or(|to| it.from < to))
            .is_some()
        {}
        let known = whole.last().map(|it: &Span| it.known).unwrap_or_default();
        whole.push(Span {
            from: gap.from,
            event: None,
            known: Known {
                presence: gap.presence,
                role: None,
                leader: None,
                ..known
            },
        });
    }
    whole.extend(rest);
    whole
}
