//! `I0101 00:00:00.000000       1 file.go:1] …`, as klog and glog write.

use super::{Fields, Form, Level, Line, pairs, stamp};

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    let level = text.get(..1).filter(|it| "IWEF".contains(it))?;
    let (at, rest) = stamp::compact(text.get(1..)?)?;
    // The process or thread, and the place in the source.
    let (place, message) = rest.strip_prefix(' ')?.split_once("] ")?;
    let mut words = place.split_ascii_whitespace();
    words.next()?.parse::<u64>().ok()?;
    words.next()?.split_once(':')?;
    let (message, fields) = match pairs::quoted(message) {
        Some((quoted, fields)) => (quoted, Fields::Pairs(pairs::read(fields))),
        None => (message.trim_end().into(), Fields::None),
    };
    Some(Line {
        form: Form::Klog,
        at: Some(at),
        level: Level::named(level),
        logger: None,
        source: None,
        message,
        fields,
    })
}
