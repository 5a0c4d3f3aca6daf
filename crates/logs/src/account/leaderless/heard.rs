//! Until when a leader is known to have been heard by a majority.

use std::collections::BTreeMap;

use crate::account::reigns::{End, Reign};
use crate::account::{Voters, majority};
use crate::names::Name;
use crate::observation::{Observation, Role};
use crate::shown::MemberId;
use crate::story::{Event, Story};
use crate::time::{Micros, Moment};

/// How long before its end the last sign of a leader may be. One that has been quiet for
/// longer, and for longer than most election timers run, was most likely heard meanwhile: lines
/// do not tell of what goes well.
const QUIET: Micros = Micros::from_millis(10_000);

/// When a majority is last known to have heard a leader that counts no more from a moment on;
/// `None` if that was long before. One that stepped down for another reason than that it was
/// not heard is taken to have been heard until then.
pub(super) fn until(story: &Story, reign: &Reign, ended: Moment) -> Option<Moment> {
    let is_sudden = ended < reign.to;
    let was_lost = match reign.end {
        End::LostQuorum | End::Missed | End::Silent | End::StartedAnew | End::Unsaid => true,
        End::Goes | End::HandedOver | End::NewerTerm | End::Stopped | End::Gone => false,
    };
    if !is_sudden && !was_lost {
        return Some(ended);
    }
    let heard = last_sign(story, reign, ended);
    // The beginning of the lines is no sign.
    let is_sign = heard > reign.from || !reign.began_before;
    (is_sign && ended - heard <= QUIET).then_some(heard)
}

/// The last moment by which a majority gave a sign that it heard a leader; at the latest its
/// election was one.
fn last_sign(story: &Story, reign: &Reign, ended: Moment) -> Moment {
    let voters = Voters::of(story);
    let voters = voters.at(reign.from);
    let mut signs: BTreeMap<MemberId, Moment> = BTreeMap::new();
    let while_led = story.since(reign.from).map(|(_, it)| it);
    for event in while_led.take_while(|it| it.at <= ended) {
        let heard_by = sign(story, event, reign.leader);
        if let Some(member) = heard_by.filter(|it| voters.contains(it)) {
            signs.insert(member, event.at);
        }
    }
    let mut latest: Vec<_> = signs.into_values().collect();
    latest.sort_unstable_by(|one, other| other.cmp(one));
    // The leader is one of the majority itself.
    let others = majority(voters.len()).saturating_sub(1);
    match others.checked_sub(1) {
        Some(last) => latest.get(last).copied().unwrap_or(reign.from),
        None => ended,
    }
}

/// Who hears a leader, as an event tells. Whoever refuses a vote because it has a leader may
/// only not have missed it yet.
fn sign(story: &Story, event: &Event, leader: MemberId) -> Option<MemberId> {
    let is_it = |name: Name| story.members.get(name) == Some(leader);
    let is_own = event.member == leader;
    match &event.what {
        Observation::LeaderFound { leader, .. }
        | Observation::Became {
            role: Role::Follower,
            leader: Some(leader),
            ..
        } => (!is_own && is_it(*leader)).then_some(event.member),
        Observation::Contact {
            peer,
            reached: true,
            ..
        }
        | Observation::EntriesRefused { by: Some(peer), .. } => {
            story.members.get(*peer).filter(|_| is_own)
        }
        _ => None,
    }
}
