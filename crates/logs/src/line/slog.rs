//! How slog writes: `[2020/01/01 00:00:00.000 +00:00] [INFO] [raft.rs:823] ["…"] [term=5]` in
//! TiKV, and `Jan 01 00:00:00.000 INFO …, term: 5` in a terminal.

use std::borrow::Cow;

use super::pairs::{self, Pairs};
use super::{Fields, Form, Level, Line, stamp};
use crate::time::Moment;

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    unified(text).or_else(|| terminal(text))
}

/// TiKV's form, in which each part stands in brackets, and in quotes where it needs to.
fn unified(text: &str) -> Option<Line<'_>> {
    let (at, rest) = stamp::leading(text.strip_prefix('[')?)?;
    let (level, rest) = rest.strip_prefix("] [")?.split_once("] [")?;
    let level = Level::named(level)?;
    // The place in the source.
    let (_, rest) = rest.split_once("] ")?;
    let (message, rest) = word(rest.strip_prefix('[')?, &[']'])?;
    let mut rest = rest.strip_prefix(']')?;
    let mut fields = Vec::new();
    while let Some((key, value, next)) = field(rest.trim_start()) {
        fields.push((key, value));
        rest = next;
    }
    Some(line(at, level, message, fields))
}

/// The key and the value in `[key=value]`, and what follows them.
fn field(text: &str) -> Option<(Cow<'_, str>, Cow<'_, str>, &str)> {
    let (key, rest) = word(text.strip_prefix('[')?, &['='])?;
    let (value, rest) = word(rest.strip_prefix('=')?, &[']'])?;
    Some((key, value, rest.strip_prefix(']')?))
}

/// A quoted text, or one up to one of these characters.
fn word<'t>(text: &'t str, ends: &[char]) -> Option<(Cow<'t, str>, &'t str)> {
    pairs::quoted(text).or_else(|| {
        let (word, rest) = text.split_at(text.find(ends)?);
        Some((word.into(), rest))
    })
}

/// The form of slog-term, which tells no year. A compact one is indented below a line with
/// what its lines have in common.
fn terminal(text: &str) -> Option<Line<'_>> {
    let (at, rest) = stamp::without_year(text)?;
    let (level, rest) = rest.strip_prefix(' ')?.split_once(' ')?;
    let level = Level::named(level).filter(|_| level.len() == 4)?;
    let (message, fields) = divide(rest);
    Some(line(at, level, message.into(), fields))
}

/// A message, and the fields after it: `message, key: value, key: value`. A part that is none
/// belongs to what stands before it, comma and all.
fn divide(text: &str) -> (&str, Pairs<'_>) {
    let mut begins = 0;
    let mut message_ends = text.len();
    // Where keys begin, and where their values do and end.
    let mut fields: Vec<(usize, usize, usize)> = Vec::new();
    while begins < text.len() {
        let part = text.get(begins..).unwrap_or_default();
        let ends = begins + end_of_part(part);
        let colon = part.get(..ends - begins).and_then(|it| it.find(": "));
        match (colon.filter(|_| begins > 0), fields.last_mut()) {
            (Some(colon), _) => fields.push((begins, begins + colon, ends)),
            (None, Some((_, _, value_ends))) => *value_ends = ends,
            (None, None) => message_ends = ends,
        }
        begins = ends + SEPARATOR.len();
    }
    let slice = |from, to| text.get(from..to).unwrap_or_default();
    let field = |(key, colon, ends)| {
        let value = slice(colon + ": ".len(), ends);
        (slice(key, colon).into(), value.into())
    };
    let fields = fields.into_iter().map(field).collect();
    (slice(0, message_ends), fields)
}

/// What stands between the message and its fields.
const SEPARATOR: &str = ", ";

/// Where a part ends: at the first separator outside of brackets.
fn end_of_part(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, it) in text.bytes().enumerate() {
        match it {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b',' if text.get(at..).is_some_and(|it| it.starts_with(SEPARATOR)) => return at,
            _ => {}
        }
    }
    text.len()
}

fn line<'t>(at: Moment, level: Level, message: Cow<'t, str>, fields: Pairs<'t>) -> Line<'t> {
    Line {
        form: Form::Slog,
        at: Some(at),
        level: Some(level),
        logger: None,
        source: None,
        message,
        fields: Fields::Pairs(fields),
    }
}
