//! Sentences for violations.

use crate::{Evidence, Violation};

/// What shows that an invariant does not hold, in one sentence.
pub fn violation(violation: &Violation) -> String {
    match &violation.evidence {
        Evidence::TwoLeaders {
            term,
            first,
            second,
        } => format!("{second} leads term {term}, which {first} has led."),
        Evidence::TwoVotes {
            voter,
            term,
            first,
            second,
        } => format!("{voter} has voted for {first} and for {second} in term {term}."),
        Evidence::TermFell { server, old, new } => {
            format!("{server} has gone back from term {old} to term {new}.")
        }
        Evidence::LeaderRewrote { leader, index } => {
            format!("{leader} has changed its own log from index {index} on while it led.")
        }
        Evidence::EntriesDiffer { server, position } => format!(
            "{server} holds another entry at index {} of term {} than stood there before, or other entries before it.",
            position.index, position.term
        ),
        Evidence::LeaderLacks {
            leader,
            term,
            entry,
            committed_in,
        } => format!(
            "{leader} leads term {term} without the entry at index {} of term {}, which was committed in term {committed_in}.",
            entry.index, entry.term
        ),
        Evidence::AppliedDiffers {
            server,
            index,
            first,
        } => format!("{server} applies another entry at index {index} than {first} did."),
        Evidence::TooFewHold {
            entry,
            holders,
            members,
        } => {
            let held = match holders.is_empty() {
                true => "nobody\u{2019}s disk".to_owned(),
                false => format!("the disks of {holders} only"),
            };
            format!(
                "The committed entry at index {} of term {} is on {held}; a majority of {members} is needed.",
                entry.index, entry.term
            )
        }
        Evidence::OldTermCommitted {
            leader,
            term,
            entry,
        } => format!(
            "{leader}, the leader of term {term}, commits index {} of term {} by counting who holds it.",
            entry.index, entry.term
        ),
        Evidence::CommitFell { server, old, new } => {
            format!("The commit index of {server} falls from {old} to {new}.")
        }
        Evidence::CommitBeyondLog {
            server,
            commit,
            last,
        } => format!("{server} has committed up to index {commit}, but its log ends at {last}."),
        Evidence::MatchWrong {
            leader,
            follower,
            old,
            new,
        } => format!(
            "{leader} takes {follower} to hold its log up to index {new}; before it was {old}."
        ),
        Evidence::TermsDecrease { server, position } => format!(
            "In the log of {server}, index {} of term {} follows a later term, or is of a later term than the server.",
            position.index, position.term
        ),
        Evidence::FromLaterTerm {
            sender,
            kind,
            term,
            own,
        } => format!("{kind} from {sender} is of term {term}, but {sender} is in term {own}."),
        Evidence::WrongTransition { server, old, new } => {
            format!("{server} was {old} and is {new} now, which Raft does not allow.")
        }
    }
}
