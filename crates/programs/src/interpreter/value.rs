//! Rhai's values as the laboratory's.

use std::hash::{Hash as _, Hasher};

use hustings_lab::Value;
use hustings_raft::{LogIndex, NodeId, Term};
use rhai::{Array, Dynamic, INT, ImmutableString, Map};

use super::error::{RhaiResult, wrong};
use super::limits::VALUES_MAX;
use super::log::LogValue;

/// A number as Rhai has it. Terms and indexes come from counting.
pub(super) fn int(number: u64) -> INT {
    INT::try_from(number).unwrap_or(INT::MAX)
}

/// A server's name as a program has it.
pub(super) fn name(id: NodeId) -> ImmutableString {
    id.to_string().into()
}

/// A server or none.
pub(super) fn name_or_unit(id: Option<NodeId>) -> Dynamic {
    id.map_or(Dynamic::UNIT, |id| name(id).into())
}

/// The server with a name.
pub(super) fn named(name: &str) -> Option<NodeId> {
    let number = name.strip_prefix('S')?;
    NodeId::new(number.parse().ok()?).filter(|_| number.len() == 1)
}

/// A value that names a server.
pub(super) fn server(value: &Dynamic, what: &str) -> RhaiResult<NodeId> {
    let found = value.read_lock::<ImmutableString>();
    match found.as_deref().and_then(|name| named(name)) {
        Some(id) => Ok(id),
        None => wrong(format!(
            "{what} is a server, as \"S1\", and this is {}",
            shown(value)
        )),
    }
}

/// A value that names a server or is `()`.
pub(super) fn server_or_none(value: Option<&Dynamic>, what: &str) -> RhaiResult<Option<NodeId>> {
    match value {
        Some(value) if !value.is_unit() => server(value, what).map(Some),
        _ => Ok(None),
    }
}

pub(super) fn number_from(value: Option<&Dynamic>, what: &str) -> RhaiResult<u64> {
    let Some(value) = value else {
        return wrong(format!("{what} is missing"));
    };
    let number = value.as_int().ok().and_then(|it| u64::try_from(it).ok());
    match number {
        Some(number) => Ok(number),
        None => wrong(format!(
            "{what} is a whole number from 0, and this is {}",
            shown(value)
        )),
    }
}

pub(super) fn term_from(value: Option<&Dynamic>, what: &str) -> RhaiResult<Term> {
    number_from(value, what).map(Term)
}

pub(super) fn index_from(value: Option<&Dynamic>, what: &str) -> RhaiResult<LogIndex> {
    number_from(value, what).map(LogIndex)
}

pub(super) fn bool_from(value: Option<&Dynamic>, what: &str) -> RhaiResult<bool> {
    match value {
        None => wrong(format!("{what} is missing")),
        Some(value) => match value.as_bool() {
            Ok(value) => Ok(value),
            Err(_) => wrong(format!(
                "{what} is `true` or `false`, and this is {}",
                shown(value)
            )),
        },
    }
}

/// What kind of value it is.
pub(super) fn kind(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "()"
    } else if value.is_bool() {
        "true or false"
    } else if value.is_int() {
        "a number"
    } else if value.is_string() {
        "a string"
    } else if value.is_array() {
        "an array"
    } else if value.is_map() {
        "a map"
    } else if value.is::<LogValue>() {
        "a log"
    } else if value.is_fnptr() {
        "a function"
    } else if value.is::<super::me::Me>() {
        "the server"
    } else {
        "something else"
    }
}

/// A small value itself, or what kind it is.
fn shown(value: &Dynamic) -> String {
    match value.read_lock::<ImmutableString>() {
        Some(text) if text.len() <= 40 => format!("\"{}\"", *text),
        _ if value.is_int() || value.is_bool() => value.to_string(),
        _ => kind(value).to_owned(),
    }
}

/// Checks that a server's variables can be kept: their kinds and sizes.
pub(super) fn check(variables: &mut Map) -> RhaiResult<()> {
    let mut left = VALUES_MAX;
    for (name, value) in variables {
        if let Err(kind) = check_value(value, &mut left) {
            return wrong(unstorable(name, kind));
        }
        if left == 0 {
            return wrong(format!("`me` holds more than {VALUES_MAX} values"));
        }
    }
    Ok(())
}

/// Whether a value may be kept in a variable, as far as its own kind goes.
pub(super) fn is_storable(value: &Dynamic) -> bool {
    value.is_unit()
        || value.is_bool()
        || value.is_int()
        || value.is_string()
        || value.is_array()
        || value.is_map()
        || value.is::<LogValue>()
}

/// Why a value cannot be kept in a variable.
pub(super) fn unstorable(name: &str, kind: &str) -> String {
    format!(
        "`me.{name}` cannot hold {kind}: a variable is a number, a string, true, false, (), an \
         array or a map of these"
    )
}

/// Checks a value and those in it; returns the kind of one that cannot be kept.
fn check_value(value: &mut Dynamic, left: &mut usize) -> Result<(), &'static str> {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return Ok(());
    }
    if value.is_shared() {
        *value = std::mem::take(value).flatten();
    }
    if let Some(mut items) = value.write_lock::<Array>() {
        return items
            .iter_mut()
            .try_for_each(|item| check_value(item, left));
    }
    if let Some(mut entries) = value.write_lock::<Map>() {
        return entries
            .values_mut()
            .try_for_each(|item| check_value(item, left));
    }
    if is_storable(value) {
        Ok(())
    } else {
        Err(kind(value))
    }
}

/// A variable as it is shown.
pub(super) fn value(of: &Dynamic) -> Value {
    if let Ok(number) = of.as_int() {
        return Value::Int(number);
    }
    if let Ok(truth) = of.as_bool() {
        return Value::Bool(truth);
    }
    if let Some(text) = of.read_lock::<ImmutableString>() {
        return Value::Text(text.as_str().into());
    }
    if let Some(items) = of.read_lock::<Array>() {
        return Value::List(items.iter().map(value).collect());
    }
    if let Some(entries) = of.read_lock::<Map>() {
        let entries = entries.iter();
        return Value::Map(
            entries
                .map(|(name, of)| (name.as_str().into(), value(of)))
                .collect(),
        );
    }
    if let Some(log) = of.read_lock::<LogValue>() {
        let terms = log.0.iter().map(|(_, entry)| entry.term.0);
        return Value::List(terms.map(|term| Value::Int(int(term))).collect());
    }
    Value::Nothing
}

/// Feeds a variable to a hasher; a log counts by itself.
pub(super) fn feed(of: &Dynamic, mut hasher: &mut dyn Hasher) {
    if let Ok(number) = of.as_int() {
        (1_u8, number).hash(&mut hasher);
    } else if let Ok(truth) = of.as_bool() {
        (2_u8, truth).hash(&mut hasher);
    } else if let Some(text) = of.read_lock::<ImmutableString>() {
        (3_u8, text.as_str()).hash(&mut hasher);
    } else if let Some(items) = of.read_lock::<Array>() {
        (4_u8, items.len()).hash(&mut hasher);
        items.iter().for_each(|item| feed(item, &mut *hasher));
    } else if let Some(entries) = of.read_lock::<Map>() {
        (5_u8, entries.len()).hash(&mut hasher);
        for (name, item) in entries.iter() {
            name.as_str().hash(&mut hasher);
            feed(item, &mut *hasher);
        }
    } else if let Some(log) = of.read_lock::<LogValue>() {
        (6_u8, &log.0).hash(&mut hasher);
    } else {
        0_u8.hash(&mut hasher);
    }
}
