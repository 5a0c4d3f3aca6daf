//! A log as a program has it.

use hustings_raft::{Entry, Log, LogIndex, NodeId, NodeSet, Payload, Term};
use rhai::{Array, Dynamic, Engine, INT, ImmutableString, Map};

use super::error::{RhaiResult, wrong};
use super::limits::LOG_MAX;
use super::value::{int, name, server, term_from};

/// A log: a list of entries, the first at position 0. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct LogValue(pub(super) Log);

impl LogValue {
    pub(super) fn from_array(entries: &Array) -> RhaiResult<Self> {
        let mut log = Self(Log::default());
        log.append(entries.clone())?;
        Ok(log)
    }

    fn push(&mut self, entry: Dynamic) -> RhaiResult<()> {
        if self.0.len() >= LOG_MAX {
            return wrong(format!("a log has at most {LOG_MAX} entries"));
        }
        self.0.append(entry_from(&entry)?);
        Ok(())
    }

    fn append(&mut self, entries: Array) -> RhaiResult<()> {
        entries.into_iter().try_for_each(|entry| self.push(entry))
    }

    fn append_log(&mut self, other: Self) -> RhaiResult<()> {
        let entries = other.slice(0);
        self.append(entries)
    }

    fn at(&mut self, position: INT) -> RhaiResult<Dynamic> {
        let index = position_index(position);
        match index.and_then(|index| self.0.get(index)) {
            Some(entry) => Ok(entry_value(entry)),
            None => wrong(format!(
                "no entry at position {position}: the log has {}",
                self.0.len()
            )),
        }
    }

    fn truncate(&mut self, kept: INT) {
        let kept = u64::try_from(kept).unwrap_or(0);
        self.0.truncate_from(LogIndex(kept).next());
    }

    fn term_at(&mut self, index: INT) -> INT {
        let index = u64::try_from(index).ok().map(LogIndex);
        let term = index.and_then(|index| self.0.term_at(index));
        int(term.unwrap_or_default().0)
    }

    fn slice(&self, from: INT) -> Array {
        let Some(from) = position_index(from.max(0)) else {
            return Array::new();
        };
        self.0.from(from).map(entry_value).collect()
    }
}

/// The index of a position, from 0.
fn position_index(position: INT) -> Option<LogIndex> {
    Some(LogIndex(u64::try_from(position).ok()?).next())
}

/// An entry as a map.
pub(super) fn entry_value(entry: &Entry) -> Dynamic {
    let mut map = Map::new();
    map.insert("term".into(), int(entry.term.0).into());
    let command = match &entry.payload {
        Payload::Noop => Dynamic::UNIT,
        Payload::Command(command) => (&**command).into(),
        Payload::Members(members) => {
            let names: Array = members.iter().map(|id| name(id).into()).collect();
            map.insert("members".into(), names.into());
            format!("members {members}").into()
        }
    };
    map.insert("command".into(), command);
    Dynamic::from_map(map)
}

/// An entry from a map.
pub(super) fn entry_from(value: &Dynamic) -> RhaiResult<Entry> {
    let Some(map) = value.read_lock::<Map>() else {
        return wrong(format!(
            "an entry is a map of `term` and `command`, and this is {}",
            super::value::kind(value)
        ));
    };
    let known = ["term", "command", "members"];
    if let Some(unknown) = map.keys().find(|key| !known.contains(&key.as_str())) {
        return wrong(format!(
            "an entry has `term` and `command`, and no `{unknown}`"
        ));
    }
    let term = term_from(map.get("term"), "an entry's `term`")?;
    if term == Term::ZERO {
        return wrong("an entry's term is at least 1");
    }
    if let Some(members) = map.get("members") {
        return Ok(Entry {
            term,
            payload: Payload::Members(members_from(members)?),
        });
    }
    let command = map.get("command");
    let payload = match command {
        Some(value) if value.is_unit() => Payload::Noop,
        Some(value) if value.is_string() => {
            let command = value.read_lock::<ImmutableString>();
            Payload::Command(command.map(|it| it.as_str().into()).unwrap_or_default())
        }
        Some(value) if value.is_int() => Payload::Command(value.to_string().into()),
        Some(value) => {
            return wrong(format!(
                "an entry's `command` is a string, or () for a no-op, and this is {}",
                super::value::kind(value)
            ));
        }
        None => return wrong("an entry needs a `command`: a string, or () for a no-op"),
    };
    Ok(Entry { term, payload })
}

fn members_from(value: &Dynamic) -> RhaiResult<NodeSet> {
    let Some(names) = value.read_lock::<Array>() else {
        return wrong("an entry's `members` are an array of servers");
    };
    let members = names.iter().map(|name| server(name, "a member"));
    members
        .collect::<RhaiResult<Vec<NodeId>>>()
        .map(|it| it.into_iter().collect())
}

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<LogValue>("log")
        .register_fn("len", |log: &mut LogValue| int(log.0.len() as u64))
        .register_get("len", |log: &mut LogValue| int(log.0.len() as u64))
        .register_fn("is_empty", |log: &mut LogValue| log.0.is_empty())
        .register_get("is_empty", |log: &mut LogValue| log.0.is_empty())
        .register_fn("push", LogValue::push)
        .register_fn("append", LogValue::append)
        .register_fn("append", LogValue::append_log)
        .register_fn("truncate", LogValue::truncate)
        .register_fn("term_at", LogValue::term_at)
        .register_fn("last_term", |log: &mut LogValue| int(log.0.last().term.0))
        .register_fn("slice", |log: &mut LogValue, from: INT| log.slice(from))
        .register_indexer_get(LogValue::at)
        .register_iterator::<LogValue>();
}

impl IntoIterator for LogValue {
    type Item = Dynamic;
    type IntoIter = std::vec::IntoIter<Dynamic>;

    fn into_iter(self) -> Self::IntoIter {
        self.slice(0).into_iter()
    }
}
