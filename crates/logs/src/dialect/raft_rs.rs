//! tikv's crate `raft`, in TiKV and in whatever else is made with it.
//!
//! From the sources of 0.6, 0.7 and what came after. Its ids are decimal. The member that
//! writes stands beside the message, and so does the group in a server that runs many, as
//! TiKV's do.

use std::borrow::Cow;

use super::rows::{Message, Row, Rows};
use super::table::{Table, Words, rows};
use super::{Told, ballots, roles};
use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{Cause, Observation, Refusal, Role, State, TransferStep};

/// What it says.
pub(super) static TABLE: Table = Table {
    rows: Rows::new(ROWS),
    me: &["raft_id", "peer_id"],
    group: Some("region_id"),
    id: decimal,
};

/// Its messages, by subject.
const ROWS: &[Row] = rows! {
    // Roles.
    "became follower at term {term}" => |it| roles::became(it, Role::Follower),
    "became pre-candidate at term {term}" => |it| roles::became(it, Role::PreCandidate),
    "became candidate at term {term}" => |it| roles::became(it, Role::Candidate),
    "became leader at term {term}" => |it| roles::became(it, Role::Leader),
    "newRaft" => started,

    // Requests for votes, and the answers that came.
    "starting a new election" => |it| ballots::stands(it, Cause::Unsaid),
    "broadcasting vote request" => asked,
    "received votes response" => heard,

    // Answers to such requests.
    "[logterm: {logterm}, index: {index}, vote: {vote}] cast vote for {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}" => ballots::granted,
    "[logterm: {logterm}, index: {index}, vote: {vote}] rejected vote from {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}"
        => |it| ballots::refused(it, None),
    "{me} [log_term: {logterm}, index: {index}, vote: {vote}] rejected {kind} from {from} \
     [log_term: {theirterm}, index: {theirindex}] at term {term}"
        => |it| ballots::refused(it, Some(Refusal::OlderTerm)),
    "[logterm: {logterm}, index: {index}, vote: {vote}] ignored vote from {from} \
     [logterm: {theirterm}, index: {theirindex}]: lease is not expired"
        => |it| ballots::ignored(it, "remaining ticks"),

    // Terms.
    "received a message with higher term from {from}"
        => |it| roles::newer_term(it, "term", "message_term"),
    "ignored a message with lower term from {from}"
        => |it| roles::older_term(it, "term", "msg term"),

    // Leaders.
    "no leader at term {term}; dropping {what}" => roles::leaderless,
    "no leader; dropping request snapshot" => roles::leaderless,
    "{me} not forwarding to leader {leader} at term {term}; dropping proposal"
        => |it| roles::follows(it, "leader"),
    "stepped down to follower since quorum is not active" => roles::quorum_lost,

    // Leadership that is handed over.
    "[term {term}] starts to transfer leadership to {to}"
        => |it| roles::transfer(it, TransferStep::Begun),
    "[term {term}] abort previous transferring leadership to {to}"
        => |it| roles::transfer(it, TransferStep::GivenUp),
    "sends MsgTimeoutNow to {to} immediately as {to} already has up-to-date log"
        => |it| roles::transfer(it, TransferStep::Sent),
    "sent MsgTimeoutNow to {to} after received MsgAppResp"
        => |it| roles::transfer(it, TransferStep::Sent),
    "[term {term}] received MsgTimeoutNow from {from} \
     and starts an election to get leadership." => ballots::stands_at_once,

    // Members.
    "switched to configuration" => |it| members(it, "config"),

    // Logs.
    "found conflict at index {index}" => roles::truncated,
    "[commit: {commit}, term: {own}] restored snapshot [index: {index}, term: {logterm}]"
        => restored,
    "fast-forwarded commit to snapshot" => |it| log(it, "last_term", "last_index", "snapshot_index"),
    "[commit: {commit}, lastindex: {index}, lastterm: {logterm}] \
     fast-forwarded commit to vote request [index: {theircommit}, term: {theirterm}]"
        => |it| log(it, "logterm", "index", "commit"),
    "rejected msgApp [logterm: {theirterm}, index: {theirindex}] from {from}"
        => roles::refused_entries,
    "received msgAppend rejection" => roles::refused_by,

    // What keeps a member from its work.
    "failed to send message to {to} because it is unreachable" => roles::unreachable,
};

pub(super) fn read(message: &Message<'_>, line: &Line<'_>, names: &mut Names) -> Option<Told> {
    TABLE.read(message, line, names)
}

/// A member's id: a number other than 0.
fn decimal(text: &str) -> Option<Cow<'_, str>> {
    let id = text.parse::<u64>().ok().filter(|id| *id != 0)?;
    Some(id.to_string().into())
}

fn started(it: &mut Words<'_>) -> Option<Observation> {
    let log = it.log_end("last term", "last index")?;
    if let Some(members) = members(it, "peers") {
        it.also(members);
    }
    roles::started(it, log)
}

/// One line for the requests to all others: `to=[2, 3]`.
fn asked(it: &mut Words<'_>) -> Option<Observation> {
    let ballot = ballots::ballot(it)?;
    let term = ballots::term_asked(it, ballot);
    let log = it.log_end("log_term", "log_index");
    let to = it.text("to")?.into_owned();
    let requests = ids(it, &to).into_iter().map(|to| Observation::Asked {
        to,
        ballot,
        term,
        log,
    });
    it.all(requests.collect())
}

fn heard(it: &mut Words<'_>) -> Option<Observation> {
    let granted = match &*it.text("vote")? {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    let ballot = ballots::ballot(it)?;
    let count = |name| it.number(name).and_then(|it| u32::try_from(it).ok());
    it.also(Observation::Counted {
        ballot,
        granted: count("approvals"),
        refused: count("rejections"),
        needed: None,
    });
    ballots::heard(it, granted)
}

/// The members of the cluster, as Rust prints them: `voters: {1, 2, 3}`, twice while one set of
/// voters is replaced by another, and `learners: {4}`.
fn members(it: &mut Words<'_>, field: &str) -> Option<Observation> {
    let text = it.text(field)?.into_owned();
    let sets = text.split("voters: {").skip(1);
    let mut voters: Vec<_> = sets.flat_map(|set| ids(it, set)).collect();
    voters.sort_unstable();
    voters.dedup();
    let learners = text.split_once(" learners: {");
    let learners = learners.map_or_else(Vec::new, |(_, set)| ids(it, set));
    (!voters.is_empty()).then_some(Observation::Members { voters, learners })
}

/// The members in the list or set that the text begins with.
fn ids(it: &mut Words<'_>, text: &str) -> Vec<Name> {
    let text = text.trim_start_matches('[');
    let ends = text.find([']', '}']).unwrap_or(text.len());
    let ids = text.get(..ends).unwrap_or_default().split(',');
    ids.filter_map(|id| it.member_of(id)).collect()
}

fn restored(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Restored(it.log_end("logterm", "index")?))
}

fn log(it: &mut Words<'_>, term: &str, index: &str, commit: &str) -> Option<Observation> {
    Some(Observation::State(State {
        log: Some(it.log_end(term, index)?),
        commit: it.number(commit),
        ..State::default()
    }))
}
