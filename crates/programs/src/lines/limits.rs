//! Limits of processes, as docs/programs.md states them.
#![cfg_attr(
    target_family = "wasm",
    expect(
        dead_code,
        reason = "a browser has no processes, only recordings of them"
    )
)]

use std::time::Duration;

/// How long a process may take for one turn, unless said otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// The length of a line, in bytes.
pub(super) const LINE_MAX: usize = 1 << 20;
/// The length of all lines of one turn, in bytes.
pub(super) const TURN_MAX: usize = 4 << 20;
/// The number of lines of one turn.
pub(super) const LINES_MAX: usize = 10_000;
/// How often a process may write before it is heard; one that writes more has to wait.
pub(super) const WAITING_MAX: usize = 64;
/// The number of things that a process does in one turn: messages, timers, replies, writes.
pub(super) const ACTS_MAX: usize = 1_000;
/// The number of texts that a process prints in one turn: one more than a record shows, so that
/// it tells that there were more.
pub(super) const PRINTED_MAX: usize = hustings_lab::Record::PRINTED_LINES_MAX + 1;
/// The entries of a log.
pub(super) const LOG_MAX: usize = hustings_lab::Header::INITIAL_LOG_MAX;
/// The values in a server's own variables, in all.
pub(super) const VALUES_MAX: usize = 20_000;
/// The running processes of one server: where its newest turns were taken, and where those
/// of other branches were.
pub(super) const RUNNING_MAX: usize = 3;
/// How long a process that has closed its output may take to end.
pub(super) const ENDING: Duration = Duration::from_millis(500);
/// The last lines of standard error that are told when a process ends.
pub(super) const LAST_WORDS_MAX: usize = 5;
/// The lines of standard error that are shown.
pub(super) const SHOWN_MAX: usize = 1_000;
/// How much of a line is quoted, in characters.
pub(super) const QUOTED_MAX: usize = 160;

/// A line as it is quoted.
pub(super) fn quoted(line: &str) -> String {
    let mut chars = line.chars();
    let start: String = chars.by_ref().take(QUOTED_MAX).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("`{start}{more}`")
}
