//! Candidacies of systems that say when they begin to stand, and not for which kind of vote.
//!
//! HashiCorp's raft enters its candidate state before it asks for pre-votes, if it does, and
//! raises its term only when it stands in earnest. Which of both it is, its next lines tell.

use std::collections::BTreeMap;

use crate::observation::{Ballot, Observation, Role};
use crate::reading::Sighting;
use crate::shown::MemberId;

/// What a member's lines have come to.
#[derive(Clone, Copy)]
enum Stage {
    /// It has begun to stand, with the sighting at this place.
    Begun(usize),
    /// It asks for pre-votes.
    Asks,
}

/// Says of which kind each candidacy is, and when it became one in earnest.
pub(super) fn tell_apart(sightings: &mut Vec<(MemberId, Sighting)>) {
    let mut stages: BTreeMap<(u16, MemberId), (Stage, Option<u64>)> = BTreeMap::new();
    // What is to be told after the sighting at a place.
    let mut became: BTreeMap<usize, (MemberId, Sighting)> = BTreeMap::new();
    for (at, (member, sighting)) in sightings.iter().enumerate() {
        let key = (sighting.place.file, *member);
        let (stage, from) = match (&sighting.what, stages.remove(&key)) {
            (
                Observation::Stands {
                    ballot: None, term, ..
                },
                _,
            ) => {
                stages.insert(key, (Stage::Begun(at), *term));
                continue;
            }
            (_, Some(stage)) => stage,
            (_, None) => continue,
        };
        let role = match (stage, about(&sighting.what)) {
            (Stage::Begun(_), Some(Ballot::PreVote)) => Role::PreCandidate,
            (_, Some(Ballot::Vote)) => Role::Candidate,
            _ if ends_it(&sighting.what) => continue,
            _ => {
                stages.insert(key, (stage, from));
                continue;
            }
        };
        let (place, of) = match stage {
            Stage::Begun(begun) => (begun, sightings.get(begun)),
            Stage::Asks => (at, sightings.get(at)),
        };
        if let Some((member, line)) = of {
            let what = became_role(role, from);
            let told = Sighting {
                what,
                ..line.clone()
            };
            became.insert(place, (*member, told));
        }
        if role == Role::PreCandidate {
            stages.insert(key, (Stage::Asks, from));
        }
    }
    insert(sightings, became);
}

/// Whether it takes the member out of its candidacy.
fn ends_it(what: &Observation) -> bool {
    matches!(what, Observation::Became { .. } | Observation::Started(_))
}

/// Of which kind of vote, as a candidate, a member tells.
fn about(what: &Observation) -> Option<Ballot> {
    match what {
        Observation::Asked { ballot, .. }
        | Observation::Heard { ballot, .. }
        | Observation::Counted { ballot, .. } => Some(*ballot),
        _ => None,
    }
}

/// What it became, having begun to stand from this term on: whoever stands in earnest does so
/// in the next.
fn became_role(role: Role, from: Option<u64>) -> Observation {
    let raised = u64::from(role == Role::Candidate);
    Observation::Became {
        role,
        term: from.map(|it| it.saturating_add(raised)),
        leader: None,
    }
}

/// Puts in what is to be told: in earnest, before the line that shows it; otherwise after the
/// line with which it began.
fn insert(
    sightings: &mut Vec<(MemberId, Sighting)>,
    mut became: BTreeMap<usize, (MemberId, Sighting)>,
) {
    if became.is_empty() {
        return;
    }
    let told = std::mem::take(sightings).into_iter().enumerate();
    for (at, of) in told {
        let begins = matches!(of.1.what, Observation::Stands { .. });
        let new = became.remove(&at);
        match (begins, new) {
            (true, Some(new)) => sightings.extend([of, new]),
            (false, Some(new)) => sightings.extend([new, of]),
            (_, None) => sightings.push(of),
        }
    }
}
