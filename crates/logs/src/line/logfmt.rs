//! `time=2020-01-01T00:00:00Z level=info msg="…" term=5`, as Go's slog, logrus and others
//! write: nothing but pairs.

use std::borrow::Cow;

use super::{Fields, Form, Level, Line, pairs, stamp};

/// The keys with which such lines begin.
const FIRST: [&str; 5] = ["time=", "ts=", "t=", "level=", "lvl="];

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    if !FIRST.iter().any(|first| text.starts_with(first)) {
        return None;
    }
    let pairs = pairs::read(text);
    let value = |keys: &[&str]| {
        let found = pairs.iter().find(|(key, _)| keys.contains(&key.as_ref()));
        found.map(|(_, value)| value.clone())
    };
    let at = value(&["time", "ts", "t"]).and_then(|it| match it.parse() {
        Ok(number) => stamp::number(number),
        Err(_) => stamp::leading(&it).map(|(at, _)| at),
    });
    let level = value(&["level", "lvl"]).and_then(|it| Level::named(&it));
    let message = value(&["msg", "message"]).unwrap_or(Cow::Borrowed(""));
    let logger = value(&["logger", "module", "component", "caller"]);
    Some(Line {
        form: Form::Logfmt,
        at,
        level,
        logger,
        source: None,
        message,
        fields: Fields::Pairs(pairs),
    })
}
