//! A line, taken apart: what a logger put around a message, and the message.
//!
//! Each module under `line/` knows one way to write lines. None knows what Raft is.

mod capnslog;
mod console;
mod hclog;
mod json;
mod klog;
mod logfmt;
mod pairs;
mod prefix;
mod slog;
pub(crate) mod stamp;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::time::Moment;

/// A line, taken apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Line<'t> {
    /// How it is written.
    pub form: Form,
    /// When it was written, by the clock of whoever wrote it.
    pub at: Option<Moment>,
    /// How grave it is.
    pub level: Option<Level>,
    /// The part of the system that wrote it, such as `raft`.
    pub logger: Option<Cow<'t, str>>,
    /// What stood before the line that says whose it is: a pod, a container, a host.
    pub source: Option<Cow<'t, str>>,
    /// The message.
    pub message: Cow<'t, str>,
    /// What stands beside the message, by names.
    pub fields: Fields<'t>,
}

/// How lines are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Form {
    /// A JSON object; zap's and hclog's, and those of traces.
    Json,
    /// `2018-05-02 10:11:12.123456 I | raft: …`, as etcd wrote before 3.4, and may still.
    Capnslog,
    /// Columns with tabs between them, as zap writes for people to read.
    Console,
    /// `[2020/01/01 00:00:00.000 +00:00] [INFO] [raft.rs:823] ["…"] [term=5]`, as TiKV
    /// writes, or `Jan 01 00:00:00.000 INFO …, term: 5`, as slog-term does.
    Slog,
    /// `2020-01-01T00:00:00.000Z [INFO]  raft: …: term=5`, as hclog and its forerunner write.
    Hclog,
    /// `I0101 00:00:00.000000       1 file.go:1] …`, as klog and glog write.
    Klog,
    /// `time=2020-01-01T00:00:00Z level=info msg="…" term=5`, as Go's slog and logrus write.
    Logfmt,
    /// None of these.
    Plain,
}

/// How grave a line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Of interest to the system's developers.
    Debug,
    /// As expected.
    Info,
    /// Unusual.
    Warning,
    /// Something failed.
    Error,
    /// The program ends, as it cannot go on.
    Fatal,
}

/// What stands beside a message.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Fields<'t> {
    /// Nothing.
    #[default]
    None,
    /// Names and values in text.
    Pairs(Vec<(Cow<'t, str>, Cow<'t, str>)>),
    /// The object that the line is.
    Json(Map<String, Value>),
}

impl<'t> Line<'t> {
    /// Takes a line apart.
    ///
    /// A time without a year is in [`Moment::NO_YEAR`].
    pub fn new(text: &'t str) -> Self {
        let Some(unpacked) = prefix::unpack(text) else {
            return Self::behind_prefixes(text);
        };
        let line = Line::behind_prefixes(&unpacked.text).into_owned();
        Line {
            source: line.source.or(unpacked.name.map(Into::into)),
            at: Self::time(line.at, unpacked.at),
            ..line
        }
    }

    fn behind_prefixes(text: &'t str) -> Self {
        Self::recognized(text, Self::PREFIXES_MAX).unwrap_or_else(|| Self::plain(text))
    }

    /// The maximum number of prefixes that are taken off a line.
    const PREFIXES_MAX: u8 = 3;

    /// A line of one of the forms, behind so many prefixes at most.
    fn recognized(text: &'t str, prefixes: u8) -> Option<Self> {
        let text = text.trim_start();
        let formed = match stamp::leading(text) {
            Some((at, rest)) => Self::dated(at, rest),
            None => Self::undated(text),
        };
        formed.or_else(|| {
            let prefixes = prefixes.checked_sub(1)?;
            let (prefix, rest) = prefix::strip(text)?;
            let line = match Self::recognized(rest, prefixes) {
                None if prefix.ambiguous => return None,
                None => Self::plain(rest),
                Some(line) => line,
            };
            Some(Self {
                source: line.source.or(prefix.name.map(Into::into)),
                logger: line.logger.or(prefix.program.map(Into::into)),
                at: Self::time(line.at, prefix.at),
                ..line
            })
        })
    }

    /// A line of one of the forms that begin with a time, which is read once for all of them,
    /// from what follows it.
    fn dated(at: Moment, rest: &'t str) -> Option<Self> {
        hclog::read(Some(at), rest.trim_start())
            .or_else(|| console::read(at, rest))
            .or_else(|| capnslog::read(at, rest))
    }

    /// A line of one of the other forms.
    fn undated(text: &'t str) -> Option<Self> {
        json::read(text)
            .or_else(|| slog::read(text))
            .or_else(|| hclog::read(None, text))
            .or_else(|| klog::read(text))
            .or_else(|| logfmt::read(text))
            .or_else(|| capnslog::standard(text))
    }

    /// The time of a line: its own, or that at which it was collected, which also tells the
    /// year if it has none of its own.
    fn time(own: Option<Moment>, collected: Option<Moment>) -> Option<Moment> {
        match (own, collected) {
            (Some(own), Some(collected)) if own.lacks_year() => Some(own.near(collected)),
            _ => own.or(collected),
        }
    }

    /// A line that is a message and nothing else.
    fn plain(message: &'t str) -> Self {
        Line {
            form: Form::Plain,
            at: None,
            level: None,
            logger: None,
            source: None,
            message: message.trim().into(),
            fields: Fields::None,
        }
    }

    fn into_owned(self) -> Line<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Line {
            form: self.form,
            at: self.at,
            level: self.level,
            logger: self.logger.map(owned),
            source: self.source.map(owned),
            message: owned(self.message),
            fields: match self.fields {
                Fields::None => Fields::None,
                Fields::Json(object) => Fields::Json(object),
                Fields::Pairs(pairs) => {
                    let pairs = pairs.into_iter();
                    Fields::Pairs(
                        pairs
                            .map(|(key, value)| (owned(key), owned(value)))
                            .collect(),
                    )
                }
            },
        }
    }

    /// The text of a field, or its number in text. A field within a field of a JSON object is
    /// named by the path to it, with points: `state.term`.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Fields::Pairs(pairs) = &self.fields {
            let found = pairs.iter().find(|(key, _)| key == name);
            return found.map(|(_, value)| Cow::Borrowed(value.as_ref()));
        }
        match self.value(name)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
            other => Some(other.to_string().into()),
        }
    }

    /// The number in a field.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.field(name)?.trim().parse().ok()
    }

    /// The value in a field of a JSON object.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let Fields::Json(object) = &self.fields else {
            return None;
        };
        object.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            let first = object.get(first)?;
            rest.split('.').try_fold(first, |value, key| value.get(key))
        })
    }
}

/// The first word of a text without the colon at its end, and what follows it; `None` if
/// there is no such colon. In `raft: became leader`, that is the part of the program.
pub(crate) fn headed(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(' ')?;
    Some((word.strip_suffix(':')?, rest))
}

impl Level {
    /// The level that loggers write so, in full or as a letter.
    fn named(name: &str) -> Option<Self> {
        let level = match name.trim() {
            "D" | "T" | "DEBUG" | "debug" | "TRACE" | "trace" | "DEBG" | "TRCE" => Self::Debug,
            "I" | "N" | "INFO" | "info" | "NOTICE" | "notice" => Self::Info,
            "W" | "WARN" | "warn" | "WARNING" | "warning" => Self::Warning,
            "E" | "ERR" | "ERROR" | "error" | "ERRO" => Self::Error,
            "C" | "F" | "FATAL" | "fatal" | "CRIT" | "panic" | "PANIC" | "dpanic" => Self::Fatal,
            _ => return None,
        };
        Some(level)
    }
}
