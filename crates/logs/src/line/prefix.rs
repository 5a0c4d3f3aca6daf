//! What others put before a line or around it: journald, syslog, Docker, Kubernetes, grep.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Deserialize;

use super::stamp;
use crate::time::Moment;

/// What stood before a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Prefix<'t> {
    /// The pod, container, host or file.
    pub(super) name: Option<&'t str>,
    /// The program that wrote the line.
    pub(super) program: Option<&'t str>,
    /// When whoever collected the line got it.
    pub(super) at: Option<Moment>,
    /// Whether a message may look like this too, so that it is a prefix only if a logger's
    /// line follows.
    pub(super) ambiguous: bool,
}

/// Takes off the outermost of what stands before a line.
pub(super) fn strip(text: &str) -> Option<(Prefix<'_>, &str)> {
    kubectl(text)
        .or_else(|| part(text))
        .or_else(|| dated(text))
        .or_else(|| compose(text))
        .or_else(|| grep(text))
        .or_else(|| stern(text))
}

/// `[pod/etcd-0/etcd] …`
fn kubectl(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (pod, rest) = text.strip_prefix("[pod/")?.split_once("] ")?;
    let (pod, _container) = pod.split_once('/')?;
    Some((Prefix::named(pod, false), rest))
}

/// `[raft] …`, as Go's logger puts the part of a program before a time.
fn part(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (program, rest) = text.strip_prefix('[')?.split_once("] ")?;
    let prefix = Prefix {
        program: Some(program),
        ambiguous: true,
        ..Prefix::default()
    };
    is_name(program).then_some((prefix, rest))
}

/// A time, and what syslog, journald or a container's runtime put behind it.
fn dated(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (at, rest) = stamp::leading(text).or_else(|| stamp::without_year(text))?;
    let rest = rest.strip_prefix(' ')?;
    let (prefix, rest) = runtime(rest)
        .or_else(|| process(rest))
        .unwrap_or((Prefix::default(), rest));
    let at = Some(at);
    Some((Prefix { at, ..prefix }, rest))
}

/// `stderr F …`, as the runtimes of Kubernetes write.
fn runtime(text: &str) -> Option<(Prefix<'_>, &str)> {
    let rest = text.strip_prefix("std")?;
    let rest = rest.strip_prefix("err ").or(rest.strip_prefix("out "))?;
    let rest = rest.strip_prefix("F ").or(rest.strip_prefix("P "))?;
    Some((Prefix::default(), rest))
}

/// `host etcd[123]: …`
fn process(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (host, rest) = text.split_once(' ')?;
    let (program, rest) = rest.split_once("]: ")?;
    let (program, number) = program.split_once('[')?;
    let is_process = is_name(host) && is_path(program) && is_number(number);
    let prefix = Prefix {
        program: Some(program),
        ..Prefix::named(host, false)
    };
    is_process.then_some((prefix, rest))
}

/// `etcd-1  | …`
fn compose(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (name, rest) = text.split_once(' ')?;
    let rest = rest.trim_start().strip_prefix("| ")?;
    is_name(name).then_some((Prefix::named(name, true), rest))
}

/// `m1.log:…` or `logs/m1.log:12:…`
fn grep(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (file, rest) = text.split_once(':')?;
    let rest = match rest.split_once(':') {
        Some((number, rest)) if is_number(number) => rest,
        _ => rest,
    };
    is_path(file).then_some((Prefix::named(file, true), rest))
}

/// `etcd-0 etcd …` or `etcd-0 …`
fn stern(text: &str) -> Option<(Prefix<'_>, &str)> {
    let (pod, rest) = text.split_once(' ').filter(|(pod, _)| is_name(pod))?;
    let rest = match rest.split_once(' ') {
        // What begins with a digit is rather a date than a container.
        Some((container, rest)) if is_name(container) && !container.starts_with(is_digit) => rest,
        _ => rest,
    };
    Some((Prefix::named(pod, true), rest))
}

impl<'t> Prefix<'t> {
    fn named(name: &'t str, ambiguous: bool) -> Self {
        Self {
            name: Some(name),
            ambiguous,
            ..Self::default()
        }
    }
}

/// Whether this can be the name of a pod, container or host.
fn is_name(text: &str) -> bool {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    !text.is_empty() && text.chars().all(allowed)
}

/// Whether this can be the name of a file, or of a container in its image.
fn is_path(text: &str) -> bool {
    text.split('/').filter(|part| !part.is_empty()).all(is_name)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_digit)
}

fn is_digit(it: char) -> bool {
    it.is_ascii_digit()
}

/// A line that was packed into another text.
pub(super) struct Unpacked {
    pub(super) text: String,
    pub(super) name: Option<String>,
    pub(super) at: Option<Moment>,
}

/// Takes a line out of what was put around it: the JSON of Docker's files and of
/// `journalctl -o json`, and a terminal's colours. `None` if there is none of these.
pub(super) fn unpack(text: &str) -> Option<Unpacked> {
    let packed = text.trim_start();
    let unpacked = if packed.starts_with(r#"{"log":""#) {
        docker(packed)
    } else if packed.starts_with('{') && MESSAGE.find(packed.as_bytes()).is_some() {
        journal(packed)
    } else {
        None
    };
    if let Some(unpacked) = unpacked {
        let plain = without_colours(&unpacked.text);
        let text = plain.unwrap_or(unpacked.text);
        return Some(Unpacked { text, ..unpacked });
    }
    Some(Unpacked {
        text: without_colours(text)?,
        name: None,
        at: None,
    })
}

/// The field of journald's that has the message.
static MESSAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(r#""MESSAGE":""#));

/// `{"log":"…\n","stream":"stderr","time":"…"}`
fn docker(text: &str) -> Option<Unpacked> {
    #[derive(Deserialize)]
    struct Packed<'t> {
        log: String,
        #[serde(borrow)]
        time: Cow<'t, str>,
    }
    let packed: Packed<'_> = serde_json::from_str(text).ok()?;
    let at = stamp::leading(&packed.time).map(|(at, _)| at);
    Some(Unpacked {
        text: packed.log.trim_end().to_owned(),
        name: None,
        at,
    })
}

/// `{"MESSAGE":"…","_HOSTNAME":"m1","__REALTIME_TIMESTAMP":"1608000000000000",…}`
fn journal(text: &str) -> Option<Unpacked> {
    #[derive(Deserialize)]
    struct Packed {
        #[serde(rename = "MESSAGE")]
        message: String,
        #[serde(rename = "_HOSTNAME")]
        host: Option<String>,
        #[serde(rename = "__REALTIME_TIMESTAMP")]
        micros: String,
    }
    let packed: Packed = serde_json::from_str(text).ok()?;
    Some(Unpacked {
        text: packed.message,
        name: packed.host,
        at: packed.micros.parse().ok().and_then(Moment::from_micros),
    })
}

/// A text without the sequences that colour it in a terminal; `None` if it has none.
fn without_colours(text: &str) -> Option<String> {
    memchr::memchr(b'\x1b', text.as_bytes())?;
    let mut parts = text.split("\x1b[");
    let first = parts.next()?;
    let mut plain = String::with_capacity(text.len());
    plain.push_str(first);
    let mut has_any = false;
    for part in parts {
        has_any = true;
        let end = part
            .find(|it| matches!(it, '@'..='~'))
            .map_or(part.len(), |at| at + 1);
        plain.push_str(part.get(end..).unwrap_or_default());
    }
    has_any.then_some(plain)
}
