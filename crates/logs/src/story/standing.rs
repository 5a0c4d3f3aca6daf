//! Which kind of vote a member asks for, where its lines do not say.
//!
//! Some systems say that a member stands, and say of its role only that it is a candidate once
//! it asks for votes, or nothing at all (HashiCorp's raft at its usual level). Whether it asks
//! for pre-votes first, other lines of the same cluster tell; or a member stands twice at the
//! same term, as only an election raises it. A cluster of which neither is told has none.

use std::collections::BTreeSet;

use super::Event;
use crate::observation::{Ballot, Observation, Role};

/// Adds the roles that members take as they stand, where no line of theirs tells them.
pub(super) fn settle(events: Vec<Event>) -> Vec<Event> {
    let has_pre_votes =
        stands_twice(&events) || events.iter().any(|it| tells_of_pre_votes(&it.what));
    let roles: Vec<_> = (0..events.len())
        .map(|at| untold_role(&events, at, has_pre_votes))
        .collect();
    let added = roles.iter().flatten().count();
    let mut settled = Vec::with_capacity(events.len() + added);
    for (event, role) in events.into_iter().zip(roles) {
        let role = role.map(|what| Event {
            what,
            ..event.clone()
        });
        settled.push(event);
        settled.extend(role);
    }
    settled
}

/// Whether a member stands twice at the same term, as one does that only asks.
fn stands_twice(events: &[Event]) -> bool {
    let mut seen = BTreeSet::new();
    let mut stood = events.iter().filter_map(|it| match it.what {
        Observation::Stands {
            ballot: None,
            term: Some(term),
            ..
        } => Some((it.member, term)),
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

/// The role that a member takes with this event, if the event says that it stands, and none
/// of its next lines says the role.
fn untold_role(events: &[Event], at: usize, has_pre_votes: bool) -> Option<Observation> {
    let event = events.get(at)?;
    let Observation::Stands {
        ballot,
        term: Some(term),
        ..
    } = event.what
    else {
        return None;
    };
    // The lines that go with it are close by.
    let mut next = events.iter().skip(at + 1).take(NEAR);
    let next = next.find_map(|it| (it.member == event.member).then(|| step(&it.what))?);
    let asks_first = match ballot {
        Some(ballot) => ballot == Ballot::PreVote,
        None => has_pre_votes,
    };
    let asks_for = if asks_first {
        Ballot::PreVote
    } else {
        Ballot::Vote
    };
    match next {
        Some(Step::Role(Role::Candidate | Role::PreCandidate)) => return None,
        // The later one says the same, and more.
        Some(Step::Stands(said, Some(at)))
            if ballot.is_none() && (said, at) == (Some(asks_for), term) =>
        {
            return None;
        }
        _ => {}
    }
    let (role, term) = if asks_first {
        (Role::PreCandidate, term)
    } else {
        (Role::Candidate, term.checked_add(1)?)
    };
    Some(Observation::Became {
        role,
        term: Some(term),
        leader: None,
    })
}

/// How many events are looked through for the next step of a member.
const NEAR: usize = 200;

/// What ends or goes on with a candidacy.
enum Step {
    Role(Role),
    /// It stands (again): for which kind of vote, and the term before.
    Stands(Option<Ballot>, Option<u64>),
    Other,
}

fn step(what: &Observation) -> Option<Step> {
    match what {
        Observation::Became { role, .. } => Some(Step::Role(*role)),
        Observation::Stands { ballot, term, .. } => Some(Step::Stands(*ballot, *term)),
        Observation::TimedOut { .. } | Observation::Started(_) => Some(Step::Other),
        _ => None,
    }
}
