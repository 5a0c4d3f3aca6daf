//! `2026-03-14T09:26:54.210Z info raft raft/raft.go:713 … {"key": 1}`, with tabs: as zap
//! writes for people to read.

use serde_json::{Map, Value};

use super::{Fields, Form, Level, Line};
use crate::time::Moment;

/// Reads what follows the time.
pub(super) fn read(at: Moment, rest: &str) -> Option<Line<'_>> {
    let (level, rest) = rest.strip_prefix('\t')?.split_once('\t')?;
    let level = Level::named(level)?;
    let (first, rest) = rest.split_once('\t')?;
    let is_place = |it: &str| it.contains(".go:");
    let (logger, caller, rest) = match rest.split_once('\t') {
        _ if is_place(first) => (None, first, rest),
        Some((caller, rest)) if is_place(caller) => (Some(first.into()), caller, rest),
        _ => return None,
    };
    let (message, fields) = match rest.rsplit_once('\t') {
        Some((message, fields)) if fields.starts_with('{') => (message, fields),
        _ => (rest, ""),
    };
    let mut fields: Map<String, Value> = serde_json::from_str(fields).unwrap_or_default();
    fields.insert("caller".to_owned(), caller.into());
    Some(Line {
        form: Form::Console,
        at: Some(at),
        level: Some(level),
        logger,
        source: None,
        message: message.trim_end().into(),
        fields: Fields::Json(fields),
    })
}
