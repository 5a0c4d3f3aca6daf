//! The trace of CCF's raft, which is checked against its specification in TLA+: a line a
//! step, as its test driver and its nodes write them since 2023.
//!
//! Its terms are called views. Its votes compare the last entries that are signed, which are
//! those that can be committed.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Told;
use super::rows::{Message, Row, Rows};
use super::table::{Table, Words, rows};
use super::trace::{Paths, Trace, first};
use crate::line::Line;
use crate::names::Names;
use crate::observation::{Alarm, Ballot, Cause, LogEnd, Observation, Role, State, TransferStep};

/// What it says.
pub(super) static TABLE: Table = Table {
    rows: Rows::new(ROWS),
    me: &["msg.state.node_id", "msg.state.my_node_id"],
    group: None,
    id: any,
};

/// Its functions.
const ROWS: &[Row] = rows! {
    "become_follower" => |it| became(it, Role::Follower),
    "become_pre_vote_candidate" => |it| became(it, Role::PreCandidate),
    "become_candidate" => |it| became(it, Role::Candidate),
    "become_leader" => |it| became(it, Role::Leader),
    "send_request_vote" => asked,
    "recv_request_vote" => |it| TRACE.received(it, true),
    "send_request_vote_response" => |it| TRACE.answered(it, ballot(it), granted(it)?),
    "recv_request_vote_response" => |it| TRACE.heard(it, ballot(it), granted(it)?),
    "recv_append_entries" => |it| TRACE.led(it),
    "recv_append_entries_response" => |it| TRACE.received(it, false),
    "step_down_and_nominate_successor" => hands_over,
    "recv_propose_request_vote" => stands_at_once,
    "add_configuration" => members,
    "drop_pending_to" => dropped,
    "{function}" => |it| TRACE.state(it),
};

const TRACE: Trace = Trace {
    term: &["msg.packet.term", "msg.paket.term"],
    from: &["msg.from_node_id", "msg.from"],
    to: &["msg.to_node_id", "msg.to"],
    state,
};

/// Where the message's type, the end of the candidate's log and the answer stand.
const KIND: Paths = &["msg.packet.msg", "msg.paket.msg"];
const LOG_TERM: Paths = &[
    "msg.packet.term_of_last_committable_idx",
    "msg.paket.term_of_last_committable_idx",
];
const LOG_INDEX: Paths = &[
    "msg.packet.last_committable_idx",
    "msg.paket.last_committable_idx",
];
const GRANTED: Paths = &["msg.packet.vote_granted", "msg.paket.vote_granted"];

pub(super) fn read(line: &Line<'_>, names: &mut Names) -> Option<Told> {
    let tag = line.field("tag")?;
    if !matches!(&*tag, "raft_trace" | "tla") {
        return None;
    }
    let function = line.field("msg.function");
    let function = function.or_else(|| line.field("msg.event.function"))?;
    TABLE.read(&Message::new(&function), line, names)
}

/// A node's id: any text.
fn any(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(text.into())
}

/// The node's state. Of its log, only the index of the last entry is there.
fn state(it: &mut Words<'_>) -> State {
    let role = first(it, &["msg.state.leadership_state", "msg.leadership"]);
    let role = role.and_then(|role| it.text(role));
    State {
        role: role.and_then(|role| match &*role {
            "Follower" => Some(Role::Follower),
            "PreVoteCandidate" => Some(Role::PreCandidate),
            "Candidate" => Some(Role::Candidate),
            "Leader" => Some(Role::Leader),
            _ => None,
        }),
        term: it.number("msg.state.current_view"),
        vote: None,
        leader: None,
        log: it.number("msg.state.last_idx").and_then(LogEnd::of_empty),
        commit: it.number("msg.state.commit_idx"),
    }
}

fn became(it: &mut Words<'_>, role: Role) -> Option<Observation> {
    let became = TRACE.became(it, role);
    let members = configurations(it);
    members.into_iter().for_each(|members| it.also(members));
    became
}

fn ballot(it: &Words<'_>) -> Ballot {
    let kind = first(it, KIND).and_then(|kind| it.text(kind));
    match kind {
        Some(kind) if kind.contains("pre_vote") => Ballot::PreVote,
        _ => Ballot::Vote,
    }
}

fn granted(it: &Words<'_>) -> Option<bool> {
    Some(it.text(first(it, GRANTED)?)? == "true")
}

fn asked(it: &mut Words<'_>) -> Option<Observation> {
    let log = first(it, LOG_TERM).zip(first(it, LOG_INDEX));
    let log = log.and_then(|(term, index)| it.log_end(term, index));
    TRACE.asked(it, ballot(it), log)
}

/// A leader that leaves the service tells another to stand.
fn hands_over(it: &mut Words<'_>) -> Option<Observation> {
    let state = Observation::State(state(it));
    it.also(state);
    Some(Observation::Transfer {
        to: None,
        step: TransferStep::Begun,
    })
}

/// A node that is told to stand does so if it is in the same view.
fn stands_at_once(it: &mut Words<'_>) -> Option<Observation> {
    let state = state(it);
    let term = first(it, TRACE.term).and_then(|term| it.number(term));
    if term != state.term {
        return TRACE.received(it, false);
    }
    it.also(Observation::State(state));
    Some(Observation::Stands {
        ballot: Some(Ballot::Vote),
        term,
        cause: Cause::Transfer,
    })
}

fn members(it: &mut Words<'_>) -> Option<Observation> {
    let members = configurations(it);
    members.into_iter().for_each(|members| it.also(members));
    TRACE.state(it)
}

/// The nodes of all configurations that are in force or about to be.
fn configurations(it: &mut Words<'_>) -> Option<Observation> {
    let nodes = |configuration: &Value| configuration.get("nodes")?.as_object().cloned();
    let in_force = it
        .line
        .value("msg.configurations")
        .and_then(Value::as_array);
    let next = ["msg.args.configuration", "msg.new_configuration"];
    let next = next.iter().filter_map(|path| it.line.value(path));
    let all: Vec<Map<String, Value>> = in_force
        .into_iter()
        .flatten()
        .chain(next)
        .filter_map(nodes)
        .collect();
    let nodes = all.iter().flat_map(Map::keys);
    let mut voters: Vec<_> = nodes.filter_map(|node| it.member_of(node)).collect();
    voters.sort_unstable();
    voters.dedup();
    (!voters.is_empty()).then_some(Observation::Members {
        voters,
        learners: Vec::new(),
    })
}

/// The test driver drops a message.
fn dropped(it: &mut Words<'_>) -> Option<Observation> {
    let state = Observation::State(state(it));
    it.also(state);
    Some(Observation::Alarm {
        kind: Alarm::Dropped,
        peer: first(it, TRACE.to).and_then(|to| it.member(to)),
        took: None,
    })
}
