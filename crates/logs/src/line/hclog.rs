//! `2020-01-01T00:00:00.000Z [INFO]  agent.raft: entering follower state: leader-id=a`, as
//! hclog writes, and `2014/01/01 00:00:00 [INFO] raft: …`, as HashiCorp's systems did before.

use super::{Fields, Form, Level, Line, headed, pairs};
use crate::time::Moment;

/// Reads what follows the time, if there is one.
///
/// Consul's agent indents what it has kept until its logger is set up.
pub(super) fn read(at: Option<Moment>, rest: &str) -> Option<Line<'_>> {
    let (level, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let level = Level::named(level)?;
    let rest = rest.trim_start();
    let rest = match headed(rest) {
        Some((place, rest)) if is_place(place) => rest,
        _ => rest,
    };
    // A message of one word may have its fields right behind: `votes: needed=2`.
    let is_field = |rest: &str| rest.split(' ').next().is_some_and(|it| it.contains('='));
    let (logger, rest) = match headed(rest) {
        Some((logger, rest)) if !is_field(rest) => (Some(logger.into()), rest),
        _ => (None, rest),
    };
    let (message, fields) = divide(rest);
    Some(Line {
        form: Form::Hclog,
        at,
        level: Some(level),
        logger,
        source: None,
        message: message.trim_end().into(),
        fields,
    })
}

/// Whether this is a place in the source, `raft/raft.go:152`, which may precede a message.
fn is_place(text: &str) -> bool {
    let line = text.split_once(".go:").map(|(_, line)| line);
    line.is_some_and(|line| line.bytes().all(|it| it.is_ascii_digit()))
}

/// A message, and the fields after it: ` key=value` from the last `: ` before the first `=`.
fn divide(text: &str) -> (&str, Fields<'_>) {
    let key_end = text.find('=').unwrap_or(0);
    let fields = text.get(..key_end).and_then(|before| before.rfind(": "));
    let Some((message, fields)) = fields.and_then(|at| text.split_at_checked(at)) else {
        // The lines that follow have the fields.
        return (text.strip_suffix(':').unwrap_or(text), Fields::None);
    };
    let fields = fields.trim_start_matches(':');
    (message, Fields::Pairs(pairs::read(fields)))
}
