//! The lines that a process is told.

use hustings_lab::Start;
use hustings_raft::{LogIndex, Millis, Timer};
use serde::Serialize;
use serde_json::Value;

use super::body::{Body, EntryObject, name, names};
use crate::host::Told;

/// A line: its turn, and what is told.
#[derive(Serialize, Debug)]
struct Line<'a> {
    turn: u64,
    #[serde(flatten)]
    what: What<'a>,
    now_ms: u64,
}

#[derive(Serialize, Debug)]
#[serde(tag = "type", rename_all = "snake_case")]
enum What<'a> {
    Init {
        node_id: String,
        node_ids: Vec<String>,
        election_timeout_ms: [u64; 2],
        heartbeat_ms: u64,
        no_op: bool,
        pre_vote: bool,
        check_quorum: bool,
        stable: Stable,
        commit_index: u64,
    },
    Message {
        src: String,
        body: Body,
    },
    Timer {
        name: &'static str,
    },
    Request {
        op: &'a str,
    },
}

/// What is on the disk.
#[derive(Serialize, Debug)]
struct Stable {
    current_term: u64,
    voted_for: Option<String>,
    log: Vec<EntryObject>,
}

/// The line that a server starts with.
pub(super) fn init(start: &Start, now: Millis) -> String {
    let (options, stored) = (&start.options, &start.stored);
    let timeout = options.election_timeout;
    let LogIndex(commit_index) = start.commit;
    let what = What::Init {
        node_id: name(start.id),
        node_ids: names(start.members),
        election_timeout_ms: [timeout.min().0, timeout.max().0],
        heartbeat_ms: options.heartbeat.0,
        no_op: options.no_op,
        pre_vote: options.pre_vote,
        check_quorum: options.check_quorum,
        stable: Stable {
            current_term: stored.term.0,
            voted_for: stored.voted_for.map(name),
            log: stored.log.iter().map(|(_, it)| it.into()).collect(),
        },
        commit_index,
    };
    line(1, what, now)
}

/// The line for something that a server is told.
pub(super) fn told(told: &Told, turn: u64, now: Millis) -> String {
    let what = match told {
        Told::Timer(timer) => What::Timer {
            name: Timer::name(*timer),
        },
        Told::Message { from, message } => What::Message {
            src: name(*from),
            body: Body::of(*from, message),
        },
        Told::Request(command) => What::Request { op: command },
    };
    line(turn, what, now)
}

fn line(turn: u64, what: What<'_>, now: Millis) -> String {
    let line = Line {
        turn,
        what,
        now_ms: now.0,
    };
    // Texts and numbers can always be written.
    serde_json::to_string(&line).unwrap_or_else(|_| Value::Null.to_string())
}
