//! Bodies of messages, as Maelstrom's Raft chapter has them.

use hustings_raft::{
    AppendResult, Entries, Entry, LogIndex, Message, NodeId, NodeSet, Payload, Position, Term,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::field::{Fields, list, named, shown};

/// The body of a message that a process is told.
#[derive(Serialize, Debug)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Body {
    RequestVote(Request),
    RequestVoteRes {
        term: u64,
        vote_granted: bool,
    },
    PreVote(Request),
    PreVoteRes {
        term: u64,
        vote_granted: bool,
    },
    AppendEntries {
        term: u64,
        leader_id: String,
        prev_log_index: u64,
        prev_log_term: u64,
        entries: Vec<EntryObject>,
        leader_commit: u64,
    },
    AppendEntriesRes {
        term: u64,
        success: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        match_index: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<u64>,
    },
    TimeoutNow {
        term: u64,
        leader_id: String,
    },
}

/// A request for a vote or a pre-vote.
#[derive(Serialize, Debug)]
pub(super) struct Request {
    term: u64,
    candidate_id: String,
    last_log_index: u64,
    last_log_term: u64,
    /// Whether the election is part of a leadership transfer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    transfer: bool,
}

/// An entry: its term, and a command as a text, `null` for a no-op, or the members.
#[derive(Serialize, Debug)]
pub(super) struct EntryObject {
    term: u64,
    op: Value,
}

impl From<&Entry> for EntryObject {
    fn from(entry: &Entry) -> Self {
        Self {
            term: entry.term.0,
            op: match &entry.payload {
                Payload::Noop => Value::Null,
                Payload::Command(command) => Value::String(command.to_string()),
                Payload::Members(members) => json!({ "members": names(*members) }),
            },
        }
    }
}

pub(super) fn name(id: NodeId) -> String {
    id.to_string()
}

pub(super) fn names(ids: NodeSet) -> Vec<String> {
    ids.iter().map(name).collect()
}

impl Body {
    /// The body of a message.
    pub(super) fn of(from: NodeId, message: &Message) -> Self {
        let Term(term) = message.term();
        let request = |last: &Position, transfer| Request {
            term,
            candidate_id: name(from),
            last_log_index: last.index.0,
            last_log_term: last.term.0,
            transfer,
        };
        match message {
            Message::RequestVote { last, transfer, .. } => {
                Self::RequestVote(request(last, *transfer))
            }
            Message::PreVote { last, .. } => Self::PreVote(request(last, false)),
            Message::RequestVoteReply { granted, .. } => Self::RequestVoteRes {
                term,
                vote_granted: *granted,
            },
            Message::PreVoteReply { granted, .. } => Self::PreVoteRes {
                term,
                vote_granted: *granted,
            },
            Message::TimeoutNow { .. } => Self::TimeoutNow {
                term,
                leader_id: name(from),
            },
            Message::AppendEntries {
                prev,
                entries,
                commit,
                ..
            } => Self::AppendEntries {
                term,
                leader_id: name(from),
                prev_log_index: prev.index.0,
                prev_log_term: prev.term.0,
                entries: entries.iter().map(EntryObject::from).collect(),
                leader_commit: commit.0,
            },
            Message::AppendEntriesReply { result, .. } => {
                let (match_index, hint) = match result {
                    AppendResult::Accepted { matched } => (Some(matched.0), None),
                    AppendResult::Refused { hint } => (None, Some(hint.0)),
                };
                Self::AppendEntriesRes {
                    term,
                    success: match_index.is_some(),
                    match_index,
                    hint,
                }
            }
        }
    }
}

/// The types of bodies.
const TYPES: [&str; 7] = [
    "request_vote",
    "request_vote_res",
    "append_entries",
    "append_entries_res",
    "pre_vote",
    "pre_vote_res",
    "timeout_now",
];

/// The message with a body that a server sends. `asked` is the last index that the
/// AppendEntries has which it answers, if it answers one. Fields that are not known are left
/// alone: Maelstrom's bodies have some that matter only there.
pub(super) fn message(
    me: NodeId,
    map: &Map<String, Value>,
    asked: Option<LogIndex>,
) -> Result<Message, String> {
    let outer = Fields {
        what: "`body`",
        map,
    };
    let kind = outer.text("type")?;
    let what = format!("`{kind}`");
    let body = Fields { what: &what, map };
    let last = || {
        Ok::<_, String>(Position {
            index: body.index("last_log_index")?,
            term: body.term("last_log_term")?,
        })
    };
    let is_mine = |name| match body.find(name) {
        Some(_) if body.server(name)? != me => Err(format!(
            "`{name}` of {what} is the server that sends it, {me}, and this is {}",
            body.server(name)?
        )),
        _ => Ok(()),
    };
    let term = || body.term("term");
    Ok(match kind {
        "request_vote" => {
            is_mine("candidate_id")?;
            let transfer = match body.find("transfer") {
                Some(_) => body.truth("transfer")?,
                None => false,
            };
            Message::RequestVote {
                term: term()?,
                last: last()?,
                transfer,
            }
        }
        "pre_vote" => {
            is_mine("candidate_id")?;
            Message::PreVote {
                term: term()?,
                last: last()?,
            }
        }
        "request_vote_res" => Message::RequestVoteReply {
            term: term()?,
            granted: body.truth("vote_granted")?,
        },
        "pre_vote_res" => Message::PreVoteReply {
            term: term()?,
            granted: body.truth("vote_granted")?,
        },
        "timeout_now" => Message::TimeoutNow { term: term()? },
        "append_entries" => {
            is_mine("leader_id")?;
            Message::AppendEntries {
                term: term()?,
                prev: Position {
                    index: body.index("prev_log_index")?,
                    term: body.term("prev_log_term")?,
                },
                entries: entries(body)?,
                commit: body.index("leader_commit")?,
            }
        }
        "append_entries_res" => Message::AppendEntriesReply {
            term: term()?,
            result: match body.truth("success")? {
                true => AppendResult::Accepted {
                    matched: match (body.find("match_index"), asked) {
                        (None, Some(asked)) => asked,
                        _ => body.index("match_index")?,
                    },
                },
                false => AppendResult::Refused {
                    hint: match body.find("hint") {
                        Some(_) => body.index("hint")?,
                        None => LogIndex::ZERO,
                    },
                },
            },
        },
        _ => {
            return Err(format!(
                "no body has the type {what}; there are {}",
                list(&TYPES)
            ));
        }
    })
}

fn entries(body: Fields<'_>) -> Result<Entries, String> {
    let items = body.list("entries")?;
    if items.len() > Message::ENTRIES_MAX {
        return Err(format!(
            "`append_entries` has at most {} entries, and this has {}",
            Message::ENTRIES_MAX,
            items.len()
        ));
    }
    items.iter().map(entry).collect()
}

/// An entry of a log or of a message.
pub(super) fn entry(value: &Value) -> Result<Entry, String> {
    let Some(map) = value.as_object() else {
        return Err(format!(
            "an entry is an object of `term` and `op`, and this is {}",
            shown(value)
        ));
    };
    let fields = Fields {
        what: "an entry",
        map,
    };
    fields.only(&["term", "op"])?;
    let term = fields.term("term")?;
    if term == Term::ZERO {
        return Err(
            "`term` of an entry is at least 1: a log begins with its first entry, at index 1, and \
             none stands before it"
                .to_owned(),
        );
    }
    let op = fields.get("op")?;
    let payload = match op {
        Value::Null => Payload::Noop,
        Value::String(command) => Payload::Command(command.as_str().into()),
        other => match members(other) {
            Some(members) => Payload::Members(members),
            None => Payload::Command(other.to_string().into()),
        },
    };
    Ok(Entry { term, payload })
}

/// The members, if that is what an `op` has.
fn members(op: &Value) -> Option<NodeSet> {
    let map = op.as_object().filter(|map| map.len() == 1)?;
    let names = map.get("members")?.as_array()?;
    names.iter().map(|it| named(it.as_str()?)).collect()
}
