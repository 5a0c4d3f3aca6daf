//! What was found instead of what is claimed.

use std::rc::Rc;

use hustings_raft::{Entry, LogIndex, NodeId};

use super::{Found, NO_VIOLATION, Wanted};
use crate::condition::{Claim, Condition};
use crate::invariant::Invariant;
use crate::pattern::MessagePattern;
use crate::record::{Flight, RecordId};
use crate::run::Run;
use crate::script;

impl Claim {
    /// What was found instead, when the claim does not hold.
    pub(super) fn mismatch(&self, run: &Run, last: RecordId) -> (Wanted, Found) {
        match self {
            Self::Sent(pattern) => {
                let wanted = Wanted::Sent(pattern.to_string());
                let sent = run.sent_since(last).collect();
                (wanted, others(pattern, sent, Found::NothingSent))
            }
            Self::InFlight(pattern) => {
                let wanted = Wanted::MessageInFlight(pattern.to_string());
                let in_flight = run.in_flight().map(Rc::as_ref).collect();
                (wanted, others(pattern, in_flight, Found::Nothing))
            }
            Self::Delivered(_) => (self.wanted(), Found::NoneArrived),
            Self::Lost(_) | Self::Refused(_) => (self.wanted(), Found::Nothing),
            Self::Committed(index) => (Wanted::CommittedTo(*index), not_reached(run)),
            Self::CommittedAs { index, entry } => {
                let wanted = Wanted::Committed(script::write_entry(entry), *index);
                (wanted, committed_instead(*index, entry, run))
            }
            Self::Violation(invariant) => {
                let found = match run.violations() {
                    [] => Found::Written(NO_VIOLATION.to_owned()),
                    others => Found::Violations(others.to_vec()),
                };
                (Wanted::Violation(*invariant), found)
            }
        }
    }

    /// What was found, when the claim should not hold and does.
    pub(super) fn mismatch_of_denial(&self, run: &Run, last: RecordId) -> (Wanted, Found) {
        match self {
            Self::Sent(pattern) => (
                Wanted::NotSent(pattern.to_string()),
                matching(pattern, run.sent_since(last)),
            ),
            Self::InFlight(pattern) => (
                Wanted::NotInFlight(pattern.to_string()),
                matching(pattern, run.in_flight().map(Rc::as_ref)),
            ),
            Self::Delivered(_) | Self::Lost(_) | Self::Refused(_) => {
                let denied = Condition::Denied(self.clone());
                let found = Found::Written(self.to_string());
                (Wanted::Condition(Box::new(denied)), found)
            }
            Self::Committed(index) => (
                Wanted::NotCommittedTo(*index),
                Found::commits(run.world().committed_to(*index).into_iter()),
            ),
            Self::CommittedAs { index, entry } => {
                let held = run.world().held_as_committed(*index);
                let same = held.into_iter().filter(|(held, _)| *held == entry);
                let wanted = Wanted::NotCommitted(script::write_entry(entry), *index);
                (
                    wanted,
                    Found::Entries(same.map(written_with_holder).collect()),
                )
            }
            Self::Violation(invariant) => (Wanted::NotViolated(*invariant), first(*invariant, run)),
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted::Condition(Box::new(Condition::Asserted(self.clone())))
    }
}

/// A message as in a script.
pub(super) fn written(flight: &Flight) -> String {
    script::write_message(flight.link, &flight.message)
}

/// Messages none of which matches, the most similar ones first.
fn others(pattern: &MessagePattern, messages: Vec<&Flight>, none: Found) -> Found {
    let differs = |flight: &Flight| {
        let other_kind = flight.message.kind() != pattern.kind();
        (other_kind, Some(flight.link) != pattern.link)
    };
    let orders = [(false, false), (false, true), (true, false), (true, true)];
    let similar = orders.iter().flat_map(|order| {
        let such = messages.iter().filter(|it| differs(it) == *order);
        such.map(|flight| written(flight))
    });
    match messages[..] {
        [] => none,
        _ => Found::Messages(similar.collect()),
    }
}

fn matching<'a>(pattern: &MessagePattern, messages: impl Iterator<Item = &'a Flight>) -> Found {
    let matching = messages.filter(|flight| pattern.is_of(flight));
    Found::Messages(matching.map(written).collect())
}

/// The first violation of an invariant.
fn first(invariant: Invariant, run: &Run) -> Found {
    let mut violated = run.violations().iter();
    let first = violated.find(|it| it.invariant() == invariant);
    Found::Violations(first.into_iter().cloned().collect())
}

/// How far the running servers have committed.
fn not_reached(run: &Run) -> Found {
    let mut up = run.servers().filter(|server| server.is_up()).peekable();
    match up.peek() {
        None => Found::NoneRuns,
        Some(_) => Found::commits(up),
    }
}

fn committed_instead(index: LogIndex, entry: &Entry, run: &Run) -> Found {
    if run.world().committed_to(index).is_empty() {
        return not_reached(run);
    }
    let others = run.world().held_as_committed(index).into_iter();
    let others = others.filter(|(held, _)| *held != entry);
    let others: Vec<_> = others.map(written_with_holder).collect();
    match others[..] {
        // Only under a broken rule: a commit index beyond the log.
        [] => Found::Nothing,
        _ => Found::Entries(others),
    }
}

fn written_with_holder((entry, server): (&Entry, NodeId)) -> (String, NodeId) {
    (script::write_entry(entry), server)
}
