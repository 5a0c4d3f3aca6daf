//! The trace of etcd's raft library (`state_trace.go`), which is checked against its
//! specification in TLA+: a line a step. Pre-votes are not in it.

use std::borrow::Cow;

use super::Told;
use super::rows::{Message, Row, Rows};
use super::table::{Table, Words, rows};
use super::trace::Trace;
use crate::line::Line;
use crate::names::Names;
use crate::observation::{Ballot, LogEnd, Observation, Role, State};

/// What it says.
pub(super) static TABLE: Table = Table {
    rows: Rows::new(ROWS),
    me: &["event.nid"],
    group: None,
    id: decimal,
};

/// Its events, by their names.
const ROWS: &[Row] = rows! {
    // The member has not read its disk yet.
    "InitState" => |_| Some(Observation::Started(State::default())),
    "BecomeFollower" => |it| TRACE.became(it, Role::Follower),
    "BecomeCandidate" => |it| TRACE.became(it, Role::Candidate),
    "BecomeLeader" => |it| TRACE.became(it, Role::Leader),
    "SendRequestVoteRequest" => asked,
    "ReceiveRequestVoteRequest" => |it| TRACE.received(it, true),
    "SendRequestVoteResponse" => |it| TRACE.answered(it, Ballot::Vote, granted(it)?),
    "ReceiveRequestVoteResponse" => |it| TRACE.heard(it, Ballot::Vote, granted(it)?),
    "ReceiveAppendEntriesRequest" => |it| TRACE.led(it),
    "ReceiveAppendEntriesResponse" => |it| TRACE.received(it, false),
    "ApplyConfChange" => members,
    "{event}" => |it| TRACE.state(it),
};

const TRACE: Trace = Trace {
    term: &["event.msg.term"],
    from: &["event.msg.from"],
    to: &["event.msg.to"],
    state,
};

pub(super) fn read(line: &Line<'_>, names: &mut Names) -> Option<Told> {
    let event = line.field("event.name")?;
    line.field("event.nid")?;
    TABLE.read(&Message::new(&event), line, names)
}

/// A member's id: a number other than 0.
fn decimal(text: &str) -> Option<Cow<'_, str>> {
    let id = text.parse::<u64>().ok().filter(|id| *id != 0)?;
    Some(id.to_string().into())
}

/// The member's state. Of its log, only the index of the last entry is there.
fn state(it: &mut Words<'_>) -> State {
    let role = it.text("event.role");
    State {
        role: role.and_then(|role| match &*role {
            "StateFollower" => Some(Role::Follower),
            "StatePreCandidate" => Some(Role::PreCandidate),
            "StateCandidate" => Some(Role::Candidate),
            "StateLeader" => Some(Role::Leader),
            _ => None,
        }),
        term: it.number("event.state.term"),
        vote: it
            .number("event.state.vote")
            .map(|_| it.member("event.state.vote")),
        leader: None,
        log: it.number("event.log").and_then(LogEnd::of_empty),
        commit: it.number("event.state.commit"),
    }
}

fn asked(it: &mut Words<'_>) -> Option<Observation> {
    let log = it.log_end("event.msg.logTerm", "event.msg.index");
    TRACE.asked(it, Ballot::Vote, log)
}

fn granted(it: &Words<'_>) -> Option<bool> {
    Some(it.text("event.msg.reject")? == "false")
}

/// The members from here on; `conf` still has those before.
fn members(it: &mut Words<'_>) -> Option<Observation> {
    let members = it.line.value("event.prop.cc.newconf");
    let members: Vec<String> = members
        .and_then(|it| serde_json::from_value(it.clone()).ok())
        .unwrap_or_default();
    let voters: Vec<_> = members.iter().filter_map(|id| it.member_of(id)).collect();
    if !voters.is_empty() {
        it.also(Observation::Members {
            voters,
            learners: Vec::new(),
        });
    }
    TRACE.state(it)
}
