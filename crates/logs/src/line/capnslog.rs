//! How etcd wrote before zap: with capnslog, `2018-05-02 10:11:12.123456 I | raft: …`, and its
//! raft library, in 3.4, with Go's own logger, `raft2019/12/06 02:39:09 INFO: …`. PD, whose etcd
//! is in the same process, wrote `2018/12/21 22:12:07.064 raft.go:857: [info] …`.

use super::{Fields, Form, Level, Line, stamp};
use crate::time::Moment;

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    capnslog(text)
        .or_else(|| standard(text))
        .or_else(|| placed(text))
}

/// A line of capnslog. Where it writes for debugging, the place in the code stands before the
/// level: `2018-05-02 10:11:12.123456 [raft.go:783] I | raft: …`.
fn capnslog(text: &str) -> Option<Line<'_>> {
    let (at, rest) = stamp::leading(text)?;
    let (head, rest) = rest.strip_prefix(' ')?.split_once(" | ")?;
    let level = head.rsplit_once("] ").map_or(head, |(_, level)| level);
    let level = Level::named(level).filter(|_| level.len() == 1)?;
    let (logger, message) = match rest.split_once(": ") {
        Some((logger, message)) if !logger.contains(' ') => (Some(logger), message),
        _ => (None, rest),
    };
    Some(line(at, level, logger, message))
}

/// A line of Go's own logger, with the prefix `raft`, as the library has it if its user brings
/// no logger.
fn standard(text: &str) -> Option<Line<'_>> {
    const LOGGER: &str = "raft";
    let (at, rest) = stamp::leading(text.strip_prefix(LOGGER)?)?;
    let (level, message) = rest.strip_prefix(' ')?.split_once(": ")?;
    let level = Level::named(level)?;
    Some(line(at, level, Some(LOGGER), message))
}

/// A line of a logger that says the place in the code before the level.
fn placed(text: &str) -> Option<Line<'_>> {
    let (at, rest) = stamp::leading(text)?;
    let (place, rest) = rest.strip_prefix(' ')?.split_once(": [")?;
    let (file, number) = place.rsplit_once(':')?;
    let is_place = file.ends_with(".go") && number.bytes().all(|it| it.is_ascii_digit());
    let (level, message) = rest.split_once("] ").filter(|_| is_place)?;
    Some(line(at, Level::named(level)?, None, message))
}

fn line<'t>(at: Moment, level: Level, logger: Option<&'t str>, message: &'t str) -> Line<'t> {
    Line {
        form: Form::Capnslog,
        at: Some(at),
        level: Some(level),
        logger: logger.map(Into::into),
        source: None,
        message: message.trim_end().into(),
        fields: Fields::None,
    }
}
