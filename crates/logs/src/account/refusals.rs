//! Votes that were refused, by reason.

use std::collections::BTreeMap;

use super::candidacies;
use crate::observation::{Ballot, LogEnd, Observation, Refusal};
use crate::shown::{EventId, MemberId};
use crate::story::Story;

/// A reason, without what differs between two refusals for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// The voter had voted in that term already.
    Voted,
    /// The candidate's log was behind the voter's.
    OlderLog,
    /// The voter heard from a leader.
    HasLeader,
    /// The request was of an older term.
    OlderTerm,
    /// One of them is no member, or has no vote.
    NotAMember,
    /// The lines do not say why.
    Unsaid,
}

/// Refusals for one reason, of one candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The reason.
    pub kind: Kind,
    /// Of which kind of vote.
    pub ballot: Ballot,
    /// Whose requests.
    pub candidate: MemberId,
    /// The ends of the candidate's log and of the voter's at the first of them, if the log is
    /// why and the line tells both.
    pub ends: Option<(LogEnd, LogEnd)>,
    /// Who refused them.
    pub voters: Vec<MemberId>,
    /// The events; the oldest first.
    pub events: Vec<EventId>,
}

impl From<Refusal> for Kind {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Voted(_) => Self::Voted,
            Refusal::OlderLog | Refusal::OlderLogTerm { .. } | Refusal::ShorterLog { .. } => {
                Self::OlderLog
            }
            Refusal::HasLeader { .. } => Self::HasLeader,
            Refusal::OlderTerm => Self::OlderTerm,
            Refusal::NotAMember => Self::NotAMember,
            Refusal::Unsaid => Self::Unsaid,
        }
    }
}

/// All refusals of which voters tell, the most frequent first.
pub(super) fn refusals(story: &Story) -> Vec<Refused> {
    let mut all: BTreeMap<(Kind, Ballot, MemberId), Refused> = BTreeMap::new();
    for (id, event) in story.numbered() {
        let (candidate, ballot, kind, ends) = match &event.what {
            Observation::Answered(reply) => match reply.refused {
                Some(refusal) => {
                    let kind = Kind::from(refusal);
                    let ends = reply.theirs.zip(reply.own);
                    let ends = ends.filter(|_| kind == Kind::OlderLog);
                    (reply.candidate, reply.ballot, kind, ends)
                }
                None => continue,
            },
            Observation::OlderTerm {
                from: Some(from),
                stands: true,
                ..
            } => {
                let candidate = story.members.get(*from);
                let ballot = candidate.map(|it| candidacies::asked(story, it, event.at));
                (*from, ballot.unwrap_or(Ballot::Vote), Kind::OlderTerm, None)
            }
            _ => continue,
        };
        let Some(candidate) = story.members.get(candidate) else {
            continue;
        };
        let refused = all.entry((kind, ballot, candidate)).or_insert(Refused {
            kind,
            ballot,
            candidate,
            ends,
            voters: Vec::new(),
            events: Vec::new(),
        });
        if !refused.voters.contains(&event.member) {
            refused.voters.push(event.member);
        }
        refused.events.push(id);
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.events.len()));
    all
}
