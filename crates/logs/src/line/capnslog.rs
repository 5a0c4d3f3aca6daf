//! How etcd wrote before zap: with capnslog, `2018-05-02 10:11:12.123456 I | raft: …`, and its
//! raft library, in 3.4, with Go's own logger, `raft2019/12/06 02:39:09 INFO: …`. PD, whose etcd
//! is in the same process, wrote `2018/12/21 22:12:07.064 raft.go:857: [info] …`.

use super::{Fields, Form, Level, Line, headed, stamp};
use crate::time::Moment;

/// Reads what follows the time.
pub(super) fn read(at: Moment, rest: &str) -> Option<Line<'_>> {
    let rest = rest.strip_prefix(' ')?;
    capnslog(at, rest).or_else(|| placed(at, rest))
}

/// A line of capnslog. Where it writes for debugging, the place in the code stands before the
/// level: `2018-05-02 10:11:12.123456 [raft.go:783] I | raft: …`.
fn capnslog(at: Moment, rest: &str) -> Option<Line<'_>> {
    let rest = match rest.strip_prefix('[') {
        Some(place) => place.split_once("] ")?.1,
        None => rest,
    };
    let (level, rest) = rest.split_once(' ').filter(|(level, _)| level.len() == 1)?;
    let (level, rest) = (Level::named(level)?, rest.strip_prefix("| ")?);
    let (logger, message) = match headed(rest) {
        Some((logger, message)) => (Some(logger), message),
        None => (None, rest),
    };
    Some(line(at, level, logger, message))
}

/// A line of a logger that says the place in the code before the level.
fn placed(at: Moment, rest: &str) -> Option<Line<'_>> {
    let (place, rest) = headed(rest)?;
    let (file, number) = place.rsplit_once(':')?;
    let is_place = file.ends_with(".go") && number.bytes().all(|it| it.is_ascii_digit());
    let (level, message) = rest
        .strip_prefix('[')?
        .split_once("] ")
        .filter(|_| is_place)?;
    Some(line(at, Level::named(level)?, None, message))
}

/// A line of Go's own logger, with the prefix `raft`, as the library has it if its user brings
/// no logger.
pub(super) fn standard(text: &str) -> Option<Line<'_>> {
    const LOGGER: &str = "raft";
    let (at, rest) = stamp::leading(text.strip_prefix(LOGGER)?)?;
    let (level, message) = rest.strip_prefix(' ')?.split_once(": ")?;
    let level = Level::named(level)?;
    Some(line(at, level, Some(LOGGER), message))
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
