//! Who stands, where lines leave it open whether for votes or for pre-votes first.
//!
//! HashiCorp's raft says that it enters the state of a candidate, and not what it asks for
//! there. What a member asks for is plain from its other lines: whoever never speaks of
//! pre-votes has none, and stands.

use std::collections::BTreeSet;

use crate::observation::{Ballot, Cause, Observation, Role};
use crate::reading::Sighting;
use crate::shown::MemberId;

/// Tells candidates that never speak of pre-votes to be what they are, unless another of
/// their lines does.
pub(super) fn settle(sightings: &mut [(MemberId, Sighting)]) {
    let mut pre_vote = BTreeSet::new();
    let mut said = BTreeSet::new();
    for (member, sighting) in sightings.iter() {
        match sighting.what {
            Observation::Became {
                role: Role::Candidate,
                term: Some(term),
                ..
            } => {
                said.insert((*member, term));
            }
            _ if is_about_pre_votes(&sighting.what) => {
                pre_vote.insert(*member);
            }
            _ => {}
        }
    }
    for (member, sighting) in sightings {
        let Observation::Stands {
            ballot: None,
            term: Some(before),
            ..
        } = sighting.what
        else {
            continue;
        };
        let term = before.saturating_add(1);
        if !pre_vote.contains(member) && !said.contains(&(*member, term)) {
            sighting.what = Observation::Became {
                role: Role::Candidate,
                term: Some(term),
                leader: None,
            };
        }
    }
}

fn is_about_pre_votes(what: &Observation) -> bool {
    match what {
        Observation::Became { role, .. } => *role == Role::PreCandidate,
        Observation::Stands { ballot, cause, .. } => {
            *ballot == Some(Ballot::PreVote) || *cause == Cause::PreVoteWon
        }
        Observation::Asked { ballot, .. }
        | Observation::Heard { ballot, .. }
        | Observation::Counted { ballot, .. } => *ballot == Ballot::PreVote,
        Observation::Answered(reply) => reply.ballot == Ballot::PreVote,
        _ => false,
    }
}
