//! Limits of programs, as docs/programs.md states them.

/// Operations of one call.
pub(super) const OPERATIONS_MAX: u64 = 100_000;
/// Calls within calls.
pub(super) const CALLS_MAX: usize = 32;
/// Expressions within expressions.
pub(super) const EXPRESSIONS_MAX: usize = 40;
/// The length of a string, in bytes.
pub(super) const STRING_MAX: usize = 10_000;
/// The elements of an array or a map.
pub(super) const ELEMENTS_MAX: usize = 1_000;
/// The values in a server's variables, in all, but for its log.
pub(super) const VALUES_MAX: usize = 5_000;
/// The entries of a log.
pub(super) const LOG_MAX: usize = hustings_lab::Header::INITIAL_LOG_MAX;
/// The length of a source, in characters: as a script may carry it.
pub(super) const SOURCE_MAX: usize = hustings_lab::Header::SOURCE_CHARS_MAX;
/// The number of things that a program does in one turn: messages, timers, replies, writes.
pub(super) const ACTS_MAX: usize = 1_000;
/// The number of texts that a program prints in one turn: one more than a record shows, so that
/// it tells that there were more.
pub(super) const PRINTED_MAX: usize = hustings_lab::Record::PRINTED_LINES_MAX + 1;
