//! Messages as a program has them: maps with the paper's names.

use hustings_raft::{AppendResult, Entries, LogIndex, Message, MessageKind, NodeId, Position};
use rhai::{Array, Dynamic, ImmutableString, Map};

use super::error::{RhaiResult, wrong};
use super::log::{LogValue, entry_from, entry_value};
use super::value::{bool_from, index_from, int, name, term_from};

const TERM: &str = "term";
const LAST_INDEX: &str = "last_log_index";
const LAST_TERM: &str = "last_log_term";
const GRANTED: &str = "vote_granted";
const PREV_INDEX: &str = "prev_log_index";
const PREV_TERM: &str = "prev_log_term";
const ENTRIES: &str = "entries";
const COMMIT: &str = "leader_commit";
const SUCCESS: &str = "success";
const MATCH: &str = "match_index";
const HINT: &str = "hint";

/// The fields of a kind of message, besides `type`.
fn fields(kind: MessageKind) -> &'static [&'static str] {
    match kind {
        MessageKind::RequestVote | MessageKind::PreVote => &[TERM, LAST_INDEX, LAST_TERM],
        MessageKind::RequestVoteReply | MessageKind::PreVoteReply => &[TERM, GRANTED],
        MessageKind::TimeoutNow => &[TERM],
        MessageKind::AppendEntries => &[TERM, PREV_INDEX, PREV_TERM, ENTRIES, COMMIT],
        MessageKind::AppendEntriesReply => &[TERM, SUCCESS, MATCH, HINT],
    }
}

/// The fields of all messages that arrive.
pub(super) fn all_fields() -> impl Iterator<Item = &'static str> {
    let own = [
        TERM, LAST_INDEX, LAST_TERM, GRANTED, PREV_INDEX, PREV_TERM, ENTRIES, COMMIT, SUCCESS,
        MATCH, HINT,
    ];
    ["type", "from"].into_iter().chain(own)
}

/// A message that has arrived.
pub(super) fn value(from: NodeId, message: &Message) -> Dynamic {
    let mut map = Map::new();
    let mut put = |name: &str, value: Dynamic| {
        map.insert(name.into(), value);
    };
    put("type", message.kind().name().into());
    put("from", name(from).into());
    put(TERM, int(message.term().0).into());
    match message {
        Message::RequestVote { last, .. } | Message::PreVote { last, .. } => {
            put(LAST_INDEX, int(last.index.0).into());
            put(LAST_TERM, int(last.term.0).into());
        }
        Message::RequestVoteReply { granted, .. } | Message::PreVoteReply { granted, .. } => {
            put(GRANTED, (*granted).into());
        }
        Message::TimeoutNow { .. } => {}
        Message::AppendEntries {
            prev,
            entries,
            commit,
            ..
        } => {
            put(PREV_INDEX, int(prev.index.0).into());
            put(PREV_TERM, int(prev.term.0).into());
            let entries: Array = entries.iter().map(entry_value).collect();
            put(ENTRIES, entries.into());
            put(COMMIT, int(commit.0).into());
        }
        Message::AppendEntriesReply { result, .. } => match result {
            AppendResult::Accepted { matched } => {
                put(SUCCESS, true.into());
                put(MATCH, int(matched.0).into());
            }
            AppendResult::Refused { hint } => {
                put(SUCCESS, false.into());
                put(HINT, int(hint.0).into());
            }
        },
    }
    Dynamic::from_map(map)
}

/// A message that is to be sent.
pub(super) fn from(map: &Map) -> RhaiResult<Message> {
    let kind = kind(map)?;
    let fields = fields(kind);
    let is_known = |key: &str| key == "type" || fields.contains(&key);
    if let Some(unknown) = map.keys().find(|key| !is_known(key.as_str())) {
        return wrong(format!(
            "{kind} has no field `{unknown}`; it has {}",
            fields.join(", ")
        ));
    }
    let number = |field: &str| index_from(map.get(field), &format!("`{field}` of {kind}"));
    let truth = |field: &str| bool_from(map.get(field), &format!("`{field}` of {kind}"));
    let term = term_from(map.get(TERM), &format!("`{TERM}` of {kind}"))?;
    let position = |index: &str, term: &str| {
        let (index, LogIndex(term)) = (number(index)?, number(term)?);
        Ok::<_, Box<rhai::EvalAltResult>>(Position {
            index,
            term: hustings_raft::Term(term),
        })
    };
    Ok(match kind {
        MessageKind::RequestVote => Message::RequestVote {
            term,
            last: position(LAST_INDEX, LAST_TERM)?,
            transfer: false,
        },
        MessageKind::PreVote => Message::PreVote {
            term,
            last: position(LAST_INDEX, LAST_TERM)?,
        },
        MessageKind::RequestVoteReply => Message::RequestVoteReply {
            term,
            granted: truth(GRANTED)?,
        },
        MessageKind::PreVoteReply => Message::PreVoteReply {
            term,
            granted: truth(GRANTED)?,
        },
        MessageKind::TimeoutNow => Message::TimeoutNow { term },
        MessageKind::AppendEntries => Message::AppendEntries {
            term,
            prev: position(PREV_INDEX, PREV_TERM)?,
            entries: entries(map.get(ENTRIES))?,
            commit: number(COMMIT)?,
        },
        MessageKind::AppendEntriesReply => {
            let result = match truth(SUCCESS)? {
                true => AppendResult::Accepted {
                    matched: number(MATCH)?,
                },
                false if map.contains_key(HINT) => AppendResult::Refused {
                    hint: number(HINT)?,
                },
                false => AppendResult::Refused {
                    hint: LogIndex::ZERO,
                },
            };
            Message::AppendEntriesReply { term, result }
        }
    })
}

fn kind(map: &Map) -> RhaiResult<MessageKind> {
    let kinds = MessageKind::ALL;
    let known = || kinds.map(MessageKind::name).join(", ");
    let Some(given) = map.get("type") else {
        return wrong(format!("a message needs a `type`: one of {}", known()));
    };
    let given = given.read_lock::<ImmutableString>();
    let given = given.as_deref().map_or("", |it| it.as_str());
    match kinds.into_iter().find(|kind| kind.name() == given) {
        Some(kind) => Ok(kind),
        None => wrong(format!(
            "no message has the type `{given}`; there are {}",
            known()
        )),
    }
}

fn entries(value: Option<&Dynamic>) -> RhaiResult<Entries> {
    let Some(value) = value else {
        return wrong("`entries` of AppendEntries is missing");
    };
    let found = if let Some(log) = value.read_lock::<LogValue>() {
        log.0.copy(LogIndex::ZERO.next(), usize::MAX)
    } else if let Some(items) = value.read_lock::<Array>() {
        items.iter().map(entry_from).collect::<RhaiResult<_>>()?
    } else {
        return wrong("`entries` of AppendEntries is an array");
    };
    if found.len() > Message::ENTRIES_MAX {
        let max = Message::ENTRIES_MAX;
        return wrong(format!("an AppendEntries has at most {max} entries"));
    }
    Ok(found)
}
