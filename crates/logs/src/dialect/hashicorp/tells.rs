//! What the library's messages tell, old and new. Their holes and fields have the names that
//! the fields have since 1.1.2.

use super::servers;
use crate::dialect::table::Words;
use crate::names::Name;
use crate::observation::{
    Alarm, Ballot, Cause, LogEnd, Observation, Refusal, Role, State, TransferStep, VoteReply,
};
use crate::time::Micros;

/// The member's Raft starts, and prints the members that it finds in its log.
pub(super) fn started(it: &mut Words<'_>) -> Option<Observation> {
    if let Some(members) = servers::members(it) {
        it.also(members);
    }
    Some(Observation::Started(State::default()))
}

pub(super) fn members(it: &mut Words<'_>) -> Option<Observation> {
    servers::members(it)
}

pub(super) fn stopping(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Stopping)
}

/// Snapshots are called `TERM-INDEX-TIME`.
pub(super) fn restored(it: &mut Words<'_>) -> Option<Observation> {
    let end = it.log_end("last-term", "last-index").or_else(|| {
        let id = it.text("id")?;
        let (term, rest) = id.split_once('-')?;
        let (index, _time) = rest.split_once('-')?;
        Some(LogEnd {
            term: term.parse().ok()?,
            index: index.parse().ok()?,
        })
    });
    end.map(Observation::Restored)
}

pub(super) fn became(role: Role, term: Option<u64>) -> Option<Observation> {
    Some(Observation::Became {
        role,
        term,
        leader: None,
    })
}

/// The member follows, or is about to: the message is one of those that precede
/// `entering follower state`.
pub(super) fn follows(it: &mut Words<'_>) -> Option<Observation> {
    let leader = leader(it, "leader-id", "leader-address").or_else(|| it.member("leader"));
    Some(Observation::Became {
        role: Role::Follower,
        term: None,
        leader,
    })
}

/// Only a leader says this.
pub(super) fn leads(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::State(State {
        role: Some(Role::Leader),
        ..State::default()
    }))
}

/// The member enters the state of a candidate, and will stand in `term`. With pre-votes,
/// which the line does not mention, it only asks whether it would get the votes.
pub(super) fn stands(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Stands {
        ballot: None,
        term: term_before(it),
        cause: Cause::Unsaid,
    })
}

pub(super) fn asks_first(it: &mut Words<'_>) -> Option<Observation> {
    also_called_by_id(it);
    Some(Observation::Stands {
        ballot: Some(Ballot::PreVote),
        term: term_before(it),
        cause: Cause::Unsaid,
    })
}

pub(super) fn pre_vote_won(it: &mut Words<'_>) -> Option<Observation> {
    if let Some(counted) = counted(it, Ballot::PreVote) {
        it.also(counted);
    }
    Some(Observation::Stands {
        ballot: Some(Ballot::Vote),
        term: term_before(it),
        cause: Cause::PreVoteWon,
    })
}

fn term_before(it: &Words<'_>) -> Option<u64> {
    it.number("term")?.checked_sub(1)
}

pub(super) fn votes_for_itself(it: &mut Words<'_>) -> Option<Observation> {
    let term = it.number("term");
    let vote = also_called_by_id(it);
    it.also(Observation::State(State {
        term,
        vote: vote.map(Some),
        ..State::default()
    }));
    became(Role::Candidate, term)
}

/// The member's id, which the line tells.
fn also_called_by_id(it: &mut Words<'_>) -> Option<Name> {
    let id = it.member("id")?;
    it.also(Observation::AlsoCalled(id));
    Some(id)
}

/// A leader of whom the id and the address are told, or one of them.
pub(super) fn leader(it: &mut Words<'_>, id: &str, address: &str) -> Option<Name> {
    let (id, address) = (it.member(id), it.member(address));
    if let (Some(member), Some(also)) = (id, address)
        && member != also
    {
        it.also(Observation::Alias { member, also });
    }
    id.or(address)
}

pub(super) fn timed_out(it: &mut Words<'_>) -> Option<Observation> {
    let last_leader = leader(it, "last-leader-id", "last-leader-addr");
    Some(Observation::TimedOut {
        last_leader: last_leader.or_else(|| it.member("last-leader")),
        term: None,
    })
}

/// Whom the member asks stands in `from`.
pub(super) fn asked(it: &mut Words<'_>, ballot: Ballot) -> Option<Observation> {
    Some(Observation::Asked {
        to: leader(it, "from", "address")?,
        ballot,
        term: it.number("term"),
        log: None,
    })
}

pub(super) fn heard(it: &mut Words<'_>, ballot: Ballot, granted: bool) -> Option<Observation> {
    if let Some(counted) = counted(it, ballot) {
        it.also(counted);
    }
    Some(Observation::Heard {
        from: it.member("from")?,
        ballot,
        granted,
        term: it.number("term"),
    })
}

/// A member that knows no pre-votes answered, and is taken to grant.
pub(super) fn counts_as_granted(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Heard {
        from: servers::server(it, "target")?,
        ballot: Ballot::PreVote,
        granted: true,
        term: None,
    })
}

pub(super) fn counted(it: &mut Words<'_>, ballot: Ballot) -> Option<Observation> {
    let count = |name| it.number(name).and_then(|count| u32::try_from(count).ok());
    let granted = count("tally");
    let needed = count("needed").or_else(|| count("votesNeeded"));
    (granted.is_some() || needed.is_some()).then_some(Observation::Counted {
        ballot,
        granted,
        refused: count("refused"),
        needed,
    })
}

pub(super) fn won(it: &mut Words<'_>) -> Option<Observation> {
    if let Some(counted) = counted(it, Ballot::Vote) {
        it.also(counted);
    }
    became(Role::Leader, it.number("term"))
}

/// An answer to a candidate had a newer term; up to 1.3.9, the line does not say which.
pub(super) fn newer_term(it: &mut Words<'_>) -> Option<Observation> {
    steps_down(it, None, false)
}

/// A candidate's request had a newer term. Followers say this, too.
pub(super) fn newer_request(it: &mut Words<'_>) -> Option<Observation> {
    steps_down(it, None, true)
}

/// A follower's answer to its leader had a newer term.
pub(super) fn newer_answer(it: &mut Words<'_>) -> Option<Observation> {
    let from = servers::server(it, "peer");
    steps_down(it, from, false)
}

fn steps_down(it: &mut Words<'_>, from: Option<Name>, stands: bool) -> Option<Observation> {
    let newer = it.number("term");
    it.also(Observation::Became {
        role: Role::Follower,
        term: newer,
        leader: None,
    });
    Some(Observation::NewerTerm {
        from,
        stands,
        own: None,
        newer,
    })
}

/// The member refused a vote or pre-vote, as the hole `vote` says, to the one in this field.
pub(super) fn refused_by(
    it: &mut Words<'_>,
    candidate: &str,
    why: impl FnOnce(&mut Words<'_>) -> Refusal,
) -> Option<Observation> {
    let is_pre_vote = it.text("vote").is_some_and(|it| it == "pre-vote");
    let refused = Some(why(it));
    let candidate = it.member(candidate)?;
    Some(answered(candidate, ballot_of(is_pre_vote), refused))
}

fn ballot_of(is_pre_vote: bool) -> Ballot {
    if is_pre_vote {
        Ballot::PreVote
    } else {
        Ballot::Vote
    }
}

fn answered(candidate: Name, ballot: Ballot, refused: Option<Refusal>) -> Observation {
    Observation::Answered(Box::new(VoteReply {
        candidate,
        ballot,
        term: None,
        theirs: None,
        own: None,
        refused,
    }))
}

pub(super) fn no_member(it: &mut Words<'_>) -> Option<Observation> {
    refused_by(it, "from", |_| Refusal::NotAMember)
}

pub(super) fn older_term_of_log(it: &mut Words<'_>) -> Option<Observation> {
    let (theirs, own) = (it.number("last-candidate-term")?, it.number("last-term")?);
    refused_by(it, "candidate", |_| Refusal::OlderLogTerm { theirs, own })
}

pub(super) fn shorter_log(it: &mut Words<'_>) -> Option<Observation> {
    let (theirs, own) = (it.number("last-candidate-index")?, it.number("last-index")?);
    refused_by(it, "candidate", |_| Refusal::ShorterLog { theirs, own })
}

/// Somebody asked for a vote in the member's own term, in which it has voted. If that was for
/// the same candidate, the next line says so.
pub(super) fn has_voted(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::VotedAlready {
        term: it.number("term")?,
    })
}

pub(super) fn voted_again(it: &mut Words<'_>) -> Option<Observation> {
    Some(answered(it.member("candidate")?, Ballot::Vote, None))
}

pub(super) fn contact(it: &mut Words<'_>, peer: &str, reached: bool) -> Option<Observation> {
    // In JSON, a time is a number of nanoseconds.
    let nanos = it.number("time").and_then(|it| i64::try_from(it).ok());
    Some(Observation::Contact {
        peer: servers::server(it, peer)?,
        reached,
        silent: nanos
            .map(|it| Micros::new(it / 1_000))
            .or_else(|| it.took("time")),
    })
}

pub(super) fn quorum_lost(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::QuorumLost { term: None })
}

pub(super) fn transfer(it: &mut Words<'_>, step: TransferStep) -> Option<Observation> {
    let to = leader(it, "id", "address");
    Some(Observation::Transfer { to, step })
}

pub(super) fn entries_refused(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::EntriesRefused {
        by: servers::server(it, "peer"),
        end: None,
    })
}

pub(super) fn truncated(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Truncated {
        from: it.number("from")?,
    })
}

pub(super) fn disk_failed(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Alarm {
        kind: Alarm::DiskFailed,
        peer: None,
        took: None,
    })
}
