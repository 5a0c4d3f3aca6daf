//! Candidacies of systems that say when a member begins to stand, and not what it becomes.
//!
//! HashiCorp's raft enters its candidate state before it asks for pre-votes, if it does, and
//! raises its term only when it stands in earnest; at its usual level it says no more than
//! that. Whether it asks for pre-votes first, other lines of the same cluster tell; or a
//! member stands twice at the same term, as only an election raises it. A cluster of which
//! neither is told has no pre-votes.

use std::collections::BTreeSet;

use crate::observation::{Ballot, Observation, Role};
use crate::reading::Sighting;
use crate::shown::MemberId;

/// Says what members become when they begin to stand, where no line of theirs says it.
pub(super) fn tell_apart(sightings: &mut Vec<(MemberId, Sighting)>) {
    let tells = |(_, it): &(_, Sighting)| tells_of_pre_votes(&it.what);
    let has_pre_votes = stand_twice(sightings) || sightings.iter().any(tells);
    let became: Vec<_> = (0..sightings.len())
        .map(|at| became(sightings, at, has_pre_votes))
        .collect();
    if became.iter().all(Option::is_none) {
        return;
    }
    let told = std::mem::take(sightings).into_iter().zip(became);
    for ((member, sighting), became) in told {
        let added = became.map(|what| Sighting {
            what,
            ..sighting.clone()
        });
        sightings.push((member, sighting));
        sightings.extend(added.map(|it| (member, it)));
    }
}

/// Whether a member stands twice at the same term, as one does that only asks.
fn stand_twice(sightings: &[(MemberId, Sighting)]) -> bool {
    let mut seen = BTreeSet::new();
    let mut stood = sightings.iter().filter_map(|(member, it)| match it.what {
        Observation::Stands {
            ballot: None,
            term: Some(term),
            ..
        } => Some((*member, term)),
        _ => None,
    });
    stood.any(|it| !seen.insert(it))
}

fn tells_of_pre_votes(what: &Observation) -> bool {
    match what {
        Observation::Became { role, .. } => *role == Role::PreCandidate,
        Observation::Stands { ballot, .. } => *ballot == Some(Ballot::PreVote),
        Observation::Asked { ballot, .. }
        | Observation::Heard { ballot, .. }
        | Observation::Counted { ballot, .. } => *ballot == Ballot::PreVote,
        Observation::Answered(reply) => reply.ballot == Ballot::PreVote,
        _ => false,
    }
}

/// What a member becomes with the sighting at this place, if it begins to stand there, and
/// its next lines do not say it.
fn became(
    sightings: &[(MemberId, Sighting)],
    at: usize,
    has_pre_votes: bool,
) -> Option<Observation> {
    let (_, sighting) = sightings.get(at)?;
    let Observation::Stands { ballot, term, .. } = sighting.what else {
        return None;
    };
    let kind = ballot.unwrap_or(match has_pre_votes {
        true => Ballot::PreVote,
        false => Ballot::Vote,
    });
    match next_step(sightings, at) {
        Step::Role(Role::Candidate | Role::PreCandidate) => return None,
        // The later one says the same, and more.
        Step::Stands(said, from) if ballot.is_none() && (said, from) == (Some(kind), term) => {
            return None;
        }
        _ => {}
    }
    let (role, term) = match kind {
        Ballot::PreVote => (Role::PreCandidate, term),
        // Whoever stands in earnest does so in the next term.
        Ballot::Vote => (Role::Candidate, term.map(|it| it.saturating_add(1))),
    };
    Some(Observation::Became {
        role,
        term,
        leader: None,
    })
}

/// What goes on with a candidacy, or ends it.
enum Step {
    /// A line tells a role.
    Role(Role),
    /// It stands (again): for which kind of vote, and the term before.
    Stands(Option<Ballot>, Option<u64>),
    Other,
}

/// The next step of the member with this sighting, in the same file.
fn next_step(sightings: &[(MemberId, Sighting)], at: usize) -> Step {
    /// How many sightings are looked at: the lines that go with one are close by.
    const NEAR: usize = 200;
    let mut next = sightings.iter().skip(at).take(NEAR);
    let Some((member, first)) = next.next() else {
        return Step::Other;
    };
    let same = |(by, it): &&(MemberId, Sighting)| by == member && it.place.file == first.place.file;
    let step = next.filter(same).find_map(|(_, it)| match &it.what {
        Observation::Became { role, .. } => Some(Step::Role(*role)),
        Observation::Stands { ballot, term, .. } => Some(Step::Stands(*ballot, *term)),
        Observation::TimedOut { .. } | Observation::Started(_) => Some(Step::Other),
        _ => None,
    });
    step.unwrap_or(Step::Other)
}
