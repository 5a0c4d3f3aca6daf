//! Who led before the first line that tells of a leader.
//!
//! Logs are cut out of a longer time: who led then is told only by how that ended.

use super::{End, Reign, SHORTLY, why_ended};
use crate::observation::{Observation, Refusal};
use crate::shown::{EventId, MemberId};
use crate::story::{Event, Story};

/// The leader whose end, or whose followers, are told of before any leader's beginning.
pub(super) fn before(story: &Story, reigns: &[Reign]) -> Option<Reign> {
    let begins = story.begins()?;
    let first = reigns.iter().min_by_key(|it| it.from);
    let mut early = story
        .numbered()
        .take_while(|(id, _)| first.is_none_or(|it| *id < it.event));
    let told = early.find_map(|(id, event)| Some((id, event, leader(story, event)?)));
    let (told_by, event, leader) = told?;
    let (ended_by, ended) = own_end(story, leader).unwrap_or((told_by, event));
    let own = ended.member == leader;
    let end = match ended.what {
        Observation::QuorumLost { .. } => End::LostQuorum,
        _ if own => why_ended(story, leader, ended.at).0,
        _ => End::Silent,
    };
    Some(Reign {
        leader,
        term: term(story, told_by, event).or_else(|| term(story, ended_by, ended)),
        from: begins,
        event: told_by,
        to: ended.at,
        end,
        ended_by: Some(ended_by),
        by_others: !own,
        began_before: true,
    })
    .filter(|it| it.from < it.to)
}

/// Whom an event tells of as a leader until then.
fn leader(story: &Story, event: &Event) -> Option<MemberId> {
    match &event.what {
        Observation::LeaderLost { leader, .. } => story.members.get((*leader)?),
        Observation::TimedOut { last_leader, .. } => story.members.get((*last_leader)?),
        Observation::Answered(reply) => match reply.refused? {
            Refusal::HasLeader { leader, .. } => story.members.get(leader?),
            _ => None,
        },
        Observation::QuorumLost { .. } => Some(event.member),
        _ => None,
    }
}

/// The first of a leader's own lines that tells of another role.
fn own_end(story: &Story, leader: MemberId) -> Option<(EventId, &Event)> {
    let mut own = story.own_since(leader, story.begins()?);
    own.find(|(_, it)| {
        matches!(
            it.what,
            Observation::QuorumLost { .. }
                | Observation::Became { .. }
                | Observation::LeaderLost { .. }
                | Observation::Started(_)
        )
    })
}

/// The term in which a member was just before an event, as it says.
fn term(story: &Story, id: EventId, event: &Event) -> Option<u64> {
    let own = story.own_before(event.member, id);
    let mut recent = own.take_while(|(_, it)| (event.at - it.at) < SHORTLY);
    let before = recent.find_map(|(_, it)| match it.what {
        Observation::NewerTerm { own, .. } => own,
        Observation::Stands { term, .. } | Observation::TimedOut { term, .. } => term,
        _ => None,
    });
    before.or(match event.what {
        Observation::TimedOut { term, .. } | Observation::QuorumLost { term } => term,
        _ => None,
    })
}
