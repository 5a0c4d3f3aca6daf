//! Rows about votes, as etcd's raft library and tikv's, which is made after it, have them.
//!
//! Their patterns call what varies by the same names: `kind` is the type of the message,
//! `logterm` and `index` are the end of the member's log, `theirterm` and `theirindex` that
//! of the candidate's, `vote` is for whom the member had voted before it answered, and
//! `term` is the member's own term.

use std::borrow::Cow;

use super::table::Words;
use crate::observation::{Ballot, Cause, Observation, Refusal, State, VoteReply};

/// The type of the message that the line is about. In etcd's lines it stands in the message,
/// in tikv's beside it.
fn kind<'w>(it: &'w Words<'_>) -> Option<Cow<'w, str>> {
    let names = ["kind", "type", "msg type"];
    names.iter().find_map(|name| it.text(name))
}

/// The kind of vote that the message is about; `None` if it is about none.
pub(super) fn ballot(it: &Words<'_>) -> Option<Ballot> {
    match &*kind(it)? {
        "vote" | "MsgVote" | "MsgVoteResp" => Some(Ballot::Vote),
        "MsgRequestVote" | "MsgRequestVoteResponse" => Some(Ballot::Vote),
        "MsgPreVote" | "MsgPreVoteResp" => Some(Ballot::PreVote),
        "MsgRequestPreVote" | "MsgRequestPreVoteResponse" => Some(Ballot::PreVote),
        _ => None,
    }
}

/// Whether the message that the line is about asks for a vote or for a pre-vote.
pub(super) fn asks(it: &Words<'_>) -> bool {
    let requests = [
        "MsgVote",
        "MsgPreVote",
        "MsgRequestVote",
        "MsgRequestPreVote",
    ];
    kind(it).is_some_and(|kind| requests.contains(&&*kind))
}

/// The term of a request, and of an answer that grants it. A pre-vote is asked for the term
/// after the member's own (Ongaro's thesis, 9.6).
pub(super) fn term_asked(it: &Words<'_>, ballot: Ballot) -> Option<u64> {
    let own = it.number("term")?;
    match ballot {
        Ballot::Vote => Some(own),
        Ballot::PreVote => own.checked_add(1),
    }
}

/// The member begins to stand, as its leader told it to.
pub(super) fn stands_at_once(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Stands {
        ballot: Some(Ballot::Vote),
        term: it.number("term"),
        cause: Cause::Transfer,
    })
}

/// The member begins to stand. The next line says whether it asks for votes or pre-votes,
/// the one before whether a leader told it to.
pub(super) fn stands(it: &mut Words<'_>, cause: Cause) -> Option<Observation> {
    Some(Observation::Stands {
        ballot: None,
        term: it.number("term"),
        cause,
    })
}

/// The member asked another for its vote.
pub(super) fn asked(it: &mut Words<'_>) -> Option<Observation> {
    let ballot = ballot(it)?;
    Some(Observation::Asked {
        to: it.member("to")?,
        ballot,
        term: term_asked(it, ballot),
        log: it.log_end("logterm", "index"),
    })
}

/// The member, which stands, received an answer.
pub(super) fn heard(it: &mut Words<'_>, granted: bool) -> Option<Observation> {
    let ballot = ballot(it)?;
    Some(Observation::Heard {
        from: it.member("from")?,
        ballot,
        granted,
        // Whoever refuses a pre-vote says its own term, which the line does not.
        term: match (ballot, granted) {
            (Ballot::PreVote, false) => None,
            _ => term_asked(it, ballot),
        },
    })
}

/// The member gave its vote.
pub(super) fn granted(it: &mut Words<'_>) -> Option<Observation> {
    let ballot = ballot(it)?;
    answered(it, ballot, None)
}

/// The member refused its vote, for this reason or, if there is none, for what the numbers in
/// the line show.
pub(super) fn refused(it: &mut Words<'_>, why: Option<Refusal>) -> Option<Observation> {
    let ballot = ballot(it)?;
    let why = why.or_else(|| shown_reason(it, ballot));
    answered(it, ballot, Some(why.unwrap_or(Refusal::Unsaid)))
}

/// The reason for a refusal that the numbers show. A pre-vote is refused for its term, too,
/// which the line does not say, but never for a vote.
pub(super) fn shown_reason(it: &mut Words<'_>, ballot: Ballot) -> Option<Refusal> {
    let vote = it.member("vote");
    if ballot == Ballot::Vote && vote.is_some() && vote != it.member("from") {
        return Some(Refusal::Voted(vote));
    }
    let theirs = it.log_end("theirterm", "theirindex")?;
    (theirs < it.log_end("logterm", "index")?).then_some(Refusal::OlderLog)
}

/// The member ignored a request, as it has heard from a leader of late; it would go on to for
/// so many `ticks`.
pub(super) fn ignored(it: &mut Words<'_>, ticks: &str) -> Option<Observation> {
    let ballot = ballot(it)?;
    let leader = it.member("leader_id");
    let ticks_left = Some(it.number(ticks)?);
    answered(it, ballot, Some(Refusal::HasLeader { leader, ticks_left }))
}

/// The member answered a request.
///
/// Once it answers one for a vote, its own term is that of the request. A pre-vote leaves its
/// term as it was, and so does a request that it ignores.
pub(super) fn answered(
    it: &mut Words<'_>,
    ballot: Ballot,
    refused: Option<Refusal>,
) -> Option<Observation> {
    let ignored = matches!(
        refused,
        Some(Refusal::HasLeader {
            ticks_left: Some(_),
            ..
        })
    );
    let own_term = it.number("term");
    let term = own_term.filter(|_| ballot == Ballot::Vote && !ignored);
    if term.is_none() {
        it.also(Observation::State(State {
            term: own_term,
            ..State::default()
        }));
    }
    Some(Observation::Answered(Box::new(VoteReply {
        candidate: it.member("from")?,
        ballot,
        term,
        theirs: it.log_end("theirterm", "theirindex"),
        own: it.log_end("logterm", "index"),
        refused,
    })))
}

/// The member counted its votes.
pub(super) fn counted(it: &mut Words<'_>) -> Option<Observation> {
    let ballot = ballot(it)?;
    count(it, ballot)
}

/// The member counted its votes of this kind.
pub(super) fn count(it: &mut Words<'_>, ballot: Ballot) -> Option<Observation> {
    let count = |name| it.number(name).and_then(|it| u32::try_from(it).ok());
    Some(Observation::Counted {
        ballot,
        granted: Some(count("granted")?),
        refused: Some(count("refused")?),
        needed: count("needed"),
    })
}
