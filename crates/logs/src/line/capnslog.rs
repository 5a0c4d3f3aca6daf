//! `2018-05-02 10:11:12.123456 I | raft: …`, as etcd wrote before 3.4.

use super::{Fields, Form, Level, Line, stamp};

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    let (at, rest) = stamp::leading(text)?;
    let (level, rest) = rest.strip_prefix(' ')?.split_once(" | ")?;
    let level = Level::named(level).filter(|_| level.len() == 1)?;
    let (logger, message) = match rest.split_once(": ") {
        Some((logger, message)) if !logger.contains(' ') => (Some(logger.into()), message),
        _ => (None, rest),
    };
    Some(Line {
        form: Form::Capnslog,
        at: Some(at),
        level: Some(level),
        logger,
        source: None,
        message: message.trim_end().into(),
        fields: Fields::None,
    })
}
