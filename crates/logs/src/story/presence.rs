//! When members ran, as far as lines tell.
//!
//! A member that starts anew did not run between its last line and its start. From when on,
//! others may have seen: their connections to it broke. A member that is merely silent may
//! run, and after its last line nothing is known of it.

use super::{Event, Span, Story};
use crate::known::Known;
use crate::observation::{Alarm, Observation, Role};
use crate::shown::{MemberId, Presence};
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
            for gap in gaps {
                interrupt(track, &gap);
            }
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
            let gone = seen_to_go(story, member, before.at, first.at);
            gaps.push(Gap {
                from: gone.unwrap_or(before.at),
                to: Some(first.at),
                presence: Presence::Down,
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

/// When others first saw that a member had gone, between two moments: their connection to it
/// broke, or, while it led, they looked for another leader.
fn seen_to_go(story: &Story, member: MemberId, after: Moment, before: Moment) -> Option<Moment> {
    let led = story.known(member, after).role == Some(Role::Leader);
    let is_it = |name| story.members.get(name) == Some(member);
    let mut later = story.since(after).take_while(|(_, it)| it.at < before);
    let gone = later.find(|(_, it)| {
        let sees = match it.what {
            Observation::Alarm {
                kind: Alarm::PeerLost,
                peer: Some(peer),
                ..
            } => is_it(peer),
            Observation::LeaderLost {
                leader: Some(leader),
                ..
            } => led && is_it(leader),
            Observation::TimedOut { .. } | Observation::Stands { .. } => led,
            Observation::Became { role, .. } => {
                led && matches!(role, Role::Candidate | Role::PreCandidate)
            }
            _ => false,
        };
        sees && it.member != member
    });
    gone.map(|(_, it)| it.at)
}

/// Puts a gap into a track.
fn interrupt(track: &mut Vec<Span>, gap: &Gap) {
    let before = track.partition_point(|it| it.from <= gap.from);
    let after = match gap.to {
        Some(to) => track.partition_point(|it| it.from < to),
        None => track.len(),
    };
    let known = before.checked_sub(1).and_then(|it| track.get(it));
    let known = known.map(|it| it.known).unwrap_or_default();
    let span = Span {
        from: gap.from,
        event: None,
        known: Known {
            presence: gap.presence,
            role: None,
            leader: None,
            ..known
        },
    };
    track.splice(before..after.max(before), [span]);
}

/// Has a track begin with what was known before.
pub(super) fn begin_with(track: &mut Vec<Span>, from: Moment, known: Known) {
    let begins = track.first().is_none_or(|it| it.from > from);
    if begins {
        let span = Span {
            from,
            event: None,
            known,
        };
        track.insert(0, span);
    }
}
