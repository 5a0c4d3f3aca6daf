//! Checks of claims.

use std::rc::Rc;

use hustings_raft::{Entry, LogIndex, NodeId};

use super::{CheckResult, Found, NO_VIOLATION, Wanted, mismatch};
use crate::expectation::Claim;
use crate::invariant::{Invariant, Violation};
use crate::pattern::MessagePattern;
use crate::record::{Flight, RecordId};
use crate::run::Run;
use crate::script;
use crate::server::Server;

impl Claim {
    /// Checks that the claim holds.
    pub(super) fn check(&self, run: &Run, last: RecordId) -> CheckResult {
        match self {
            Self::Sent(pattern) => {
                let wanted = Wanted::Sent(pattern.to_string());
                check_some(pattern, &mut sent(run, last), wanted, Found::NothingSent)
            }
            Self::InFlight(pattern) => {
                let wanted = Wanted::MessageInFlight(pattern.to_string());
                check_some(pattern, &mut in_flight(run), wanted, Found::Nothing)
            }
            Self::Committed(index) => check_reached(*index, Wanted::CommittedTo(*index), run),
            Self::CommittedAs { index, entry } => check_committed(*index, entry, run),
            Self::Violation(invariant) => check_violated(*invariant, run),
        }
    }

    /// Checks that the claim is denied.
    pub(super) fn check_not(&self, run: &Run, last: RecordId) -> CheckResult {
        match self {
            Self::Sent(pattern) => check_none(
                pattern,
                &mut sent(run, last),
                Wanted::NotSent(pattern.to_string()),
            ),
            Self::InFlight(pattern) => check_none(
                pattern,
                &mut in_flight(run),
                Wanted::NotInFlight(pattern.to_string()),
            ),
            Self::Committed(index) => match reached(*index, run) {
                servers if servers.is_empty() => Ok(()),
                servers => mismatch(
                    Wanted::NotCommittedTo(*index),
                    Found::commits(servers.into_iter()),
                ),
            },
            Self::CommittedAs { index, entry } => {
                let held = committed(*index, run);
                let same = held.into_iter().filter(|(held, _)| *held == entry);
                let same: Vec<_> = same.map(written_with_holder).collect();
                if same.is_empty() {
                    return Ok(());
                }
                let wanted = Wanted::NotCommitted(script::write_entry(entry), *index);
                mismatch(wanted, Found::Entries(same))
            }
            Self::Violation(invariant) => {
                let violated = run.violations().iter();
                let mut violated = violated.filter(|it| it.invariant() == *invariant);
                violated.next().map_or(Ok(()), |found| {
                    let found = Found::Violations(vec![found.clone()]);
                    mismatch(Wanted::NotViolated(*invariant), found)
                })
            }
        }
    }
}

/// The messages that were sent from a record on.
pub(super) fn sent(run: &Run, last: RecordId) -> impl Iterator<Item = &Flight> {
    let records = run.records().since(last);
    records.flat_map(|(_, record)| record.sent.iter().map(Rc::as_ref))
}

fn in_flight(run: &Run) -> impl Iterator<Item = &Flight> {
    run.in_flight().map(Rc::as_ref)
}

/// A message as in a script.
pub(super) fn written(flight: &Flight) -> String {
    script::write_message(flight.link, &flight.message)
}

fn matches(pattern: &MessagePattern, flight: &Flight) -> bool {
    pattern.matches(flight.link, &flight.message)
}

/// Checks that at least one message matches.
fn check_some(
    pattern: &MessagePattern,
    messages: &mut dyn Iterator<Item = &Flight>,
    wanted: Wanted,
    none: Found,
) -> CheckResult {
    let messages: Vec<_> = messages.collect();
    if messages.iter().any(|flight| matches(pattern, flight)) {
        return Ok(());
    }
    let differs = |flight: &Flight| {
        let other_kind = flight.message.kind() != pattern.kind();
        (other_kind, Some(flight.link) != pattern.link)
    };
    // The most similar messages come first.
    let orders = [(false, false), (false, true), (true, false), (true, true)];
    let similar = orders.iter().flat_map(|order| {
        let such = messages.iter().filter(|it| differs(it) == *order);
        such.map(|flight| written(flight))
    });
    let found = if messages.is_empty() {
        none
    } else {
        Found::Messages(similar.collect())
    };
    mismatch(wanted, found)
}

/// Checks that no message matches.
fn check_none(
    pattern: &MessagePattern,
    messages: &mut dyn Iterator<Item = &Flight>,
    wanted: Wanted,
) -> CheckResult {
    let matching = messages.filter(|flight| matches(pattern, flight));
    let matching: Vec<_> = matching.map(written).collect();
    if matching.is_empty() {
        return Ok(());
    }
    mismatch(wanted, Found::Messages(matching))
}

fn check_violated(invariant: Invariant, run: &Run) -> CheckResult {
    let violations = run.violations();
    let is_meant = |found: &Violation| found.invariant() == invariant;
    if violations.iter().any(is_meant) {
        return Ok(());
    }
    let found = match violations {
        [] => Found::Written(NO_VIOLATION.to_owned()),
        others => Found::Violations(others.to_vec()),
    };
    mismatch(Wanted::Violation(invariant), found)
}

/// The running servers that have committed up to an index.
fn reached(index: LogIndex, run: &Run) -> Vec<&Server> {
    let has = |server: &&Server| server.is_up() && server.commit() >= index;
    run.servers().filter(has).collect()
}

/// The entries at an index in the logs of the running servers that have committed it.
fn committed(index: LogIndex, run: &Run) -> Vec<(&Entry, NodeId)> {
    let servers = reached(index, run).into_iter();
    let held = servers.filter_map(|server| Some((server.log().get(index)?, server.id())));
    held.collect()
}

fn written_with_holder((entry, server): (&Entry, NodeId)) -> (String, NodeId) {
    (script::write_entry(entry), server)
}

fn check_reached(index: LogIndex, wanted: Wanted, run: &Run) -> CheckResult {
    let mut up = run.servers().filter(|server| server.is_up()).peekable();
    if up.peek().is_none() {
        return mismatch(wanted, Found::NoneRuns);
    }
    if reached(index, run).is_empty() {
        return mismatch(wanted, Found::commits(up));
    }
    Ok(())
}

fn check_committed(index: LogIndex, entry: &Entry, run: &Run) -> CheckResult {
    let wanted = || Wanted::Committed(script::write_entry(entry), index);
    check_reached(index, wanted(), run)?;
    let held = committed(index, run);
    if held.is_empty() {
        // Only under a broken rule: a commit index beyond the log.
        return mismatch(wanted(), Found::Nothing);
    }
    let others = held.into_iter().filter(|(held, _)| *held != entry);
    let others: Vec<_> = others.map(written_with_holder).collect();
    if others.is_empty() {
        return Ok(());
    }
    mismatch(wanted(), Found::Entries(others))
}
