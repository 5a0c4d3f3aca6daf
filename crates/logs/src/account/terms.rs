//! Who raised the term, and why.

use std::collections::BTreeMap;

use crate::observation::{Ballot, Cause, Observation, Role};
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::{Micros, Moment};

/// A term that was new.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rise {
    /// The term.
    pub term: u64,
    /// Who stood in it first; `None` if only others tell of the term, and not of whom.
    pub by: Option<MemberId>,
    /// Why that one stood.
    pub cause: Cause,
    /// When.
    pub at: Moment,
    /// The event that tells so.
    pub event: EventId,
}

/// How long before it stands a member may have said why.
const SHORTLY: Micros = Micros::from_millis(1_000);

/// Among how many of its lines before that.
const LINES: usize = 4;

/// The terms in the order of their numbers, from the first that somebody stood in.
pub(super) fn rises(story: &Story) -> Vec<Rise> {
    let mut rises: BTreeMap<u64, Rise> = BTreeMap::new();
    for (id, event) in story.numbered() {
        let (term, by, cause) = match event.what {
            Observation::Became {
                role: Role::Candidate,
                term: Some(term),
                ..
            } => (term, Some(event.member), cause(story, event.member, id)),
            Observation::NewerTerm {
                from,
                stands: true,
                newer: Some(newer),
                ..
            } => (
                newer,
                from.and_then(|it| story.members.get(it)),
                Cause::Unsaid,
            ),
            _ => continue,
        };
        let rise = Rise {
            term,
            by,
            cause,
            at: event.at,
            event: id,
        };
        let known = rises.entry(term).or_insert(rise);
        // Who stood knows better why than who heard of it.
        if known.cause == Cause::Unsaid && known.by == by {
            *known = Rise {
                at: known.at.min(event.at),
                ..rise
            };
        }
    }
    rises.into_values().collect()
}

/// Why a member stands, as its lines just before say.
pub(super) fn cause(story: &Story, member: MemberId, stands: EventId) -> Cause {
    let Some(at) = story.event(stands).map(|it| it.at) else {
        return Cause::Unsaid;
    };
    let own = story.own_before(member, stands).take(LINES);
    let recent = own.take_while(|(_, it)| (at - it.at) < SHORTLY);
    let said = recent.filter_map(|(_, it)| match it.what {
        Observation::Stands { cause, .. } => Some(cause),
        Observation::TimedOut { .. } => Some(Cause::Timeout),
        Observation::Counted {
            ballot: Ballot::PreVote,
            ..
        }
        | Observation::Heard {
            ballot: Ballot::PreVote,
            granted: true,
            ..
        } => Some(Cause::PreVoteWon),
        _ => None,
    });
    let said: Vec<_> = said.collect();
    let given = [Cause::PreVoteWon, Cause::Transfer, Cause::Timeout];
    given
        .into_iter()
        .find(|it| said.contains(it))
        .unwrap_or(Cause::Unsaid)
}
