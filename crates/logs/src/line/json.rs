//! Lines that are JSON objects: zap's, hclog's, and those of traces.

use serde_json::{Map, Value};

use super::{Fields, Form, Level, Line, hclog, stamp};
use crate::time::Moment;

/// The names that loggers give to the time of a line, to its message, level and part.
const TIME: [&str; 6] = ["ts", "@timestamp", "time", "timestamp", "h_ts", "t"];
const MESSAGE: [&str; 4] = ["msg", "@message", "message", "log"];
const LEVEL: [&str; 3] = ["level", "@level", "severity"];
const LOGGER: [&str; 3] = ["logger", "@module", "module"];

pub(super) fn read(text: &str) -> Option<Line<'_>> {
    if !text.starts_with('{') {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    let text_of = |names: &[&str]| {
        let found = names.iter().find_map(|name| object.get(*name)?.as_str());
        found.map(str::to_owned)
    };
    let at = TIME.iter().find_map(|name| moment(object.get(*name)?));
    let at = at.or_else(|| simulated(object.get("at_ms")?));
    let message = text_of(&MESSAGE).unwrap_or_default();
    // Whoever has another logger beneath hclog gets its level and its fields in the message.
    if message.starts_with('[')
        && let Some(line) = hclog::read(None, &message)
    {
        let at = line.at.or(at);
        return Some(Line {
            at,
            ..line.into_owned()
        });
    }
    let level = text_of(&LEVEL).and_then(|it| Level::named(&it));
    let logger = text_of(&LOGGER).map(Into::into);
    Some(Line {
        form: Form::Json,
        at,
        level,
        logger,
        source: None,
        message: message.into(),
        fields: Fields::Json(object),
    })
}

/// The time of a record of Hustings: milliseconds since its run began, which is taken to be
/// in 1970.
fn simulated(value: &Value) -> Option<Moment> {
    const YEARS_1000: i64 = 1_000 * 366 * 86_400 * 1_000;
    let millis = value.as_i64().filter(|it| (0..YEARS_1000).contains(it))?;
    Moment::from_micros(millis * 1_000)
}

/// A time in text, or as a number ([`stamp::number`]), which may stand in quotes.
fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::String(text) => match stamp::leading(text) {
            Some((at, _)) => Some(at),
            None => stamp::number(text.parse().ok()?),
        },
        Value::Number(number) => stamp::number(number.as_f64()?),
        _ => None,
    }
}
