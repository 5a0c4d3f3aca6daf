//! Claims that a script can assert or deny.

use hustings_raft::{Entry, LogIndex, NodeId};

use super::{CheckResult, Found, MessageFacts, NO_VIOLATION, Wanted, mismatch};
use crate::script::Written;
use crate::{Invariant, Lab, RecordId, Server, Violation};

/// A claim that can be asserted or denied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// `sent RequestVote S1->S2 term=2`: the last command other than a note sent a
    /// matching message.
    Sent(MessageFacts),
    /// `in flight RequestVote S1->S2`: a matching message is in flight.
    InFlight(MessageFacts),
    /// `committed 2`: a running server has committed up to this index.
    Committed(LogIndex),
    /// `committed 2 = 1:"x=1"`: a running server has committed up to this index, and all
    /// servers that have hold this entry there. The claim is denied if none of them
    /// holds it.
    CommittedAs {
        /// The index of the entry.
        index: LogIndex,
        /// Its term and payload; `1:none` is a leader's empty entry.
        entry: Entry,
    },
    /// `violation election-safety`: the invariant is violated.
    Violation(Invariant),
}

impl Claim {
    /// Checks that the claim holds.
    pub(super) fn check(&self, lab: &Lab, last: RecordId) -> CheckResult {
        match self {
            Self::Sent(facts) => {
                let wanted = Wanted::Sent(facts.to_string());
                check_some(facts, sent(lab, last), wanted, Found::NothingSent)
            }
            Self::InFlight(facts) => {
                let wanted = Wanted::MessageInFlight(facts.to_string());
                check_some(facts, in_flight(lab), wanted, Found::Nothing)
            }
            Self::Committed(index) => check_reached(*index, Wanted::CommittedTo(*index), lab),
            Self::CommittedAs { index, entry } => check_committed(*index, entry, lab),
            Self::Violation(invariant) => check_violated(*invariant, lab),
        }
    }

    /// Checks that the claim is denied.
    pub(super) fn check_not(&self, lab: &Lab, last: RecordId) -> CheckResult {
        match self {
            Self::Sent(facts) => {
                check_none(facts, sent(lab, last), Wanted::NotSent(facts.to_string()))
            }
            Self::InFlight(facts) => check_none(
                facts,
                in_flight(lab),
                Wanted::NotInFlight(facts.to_string()),
            ),
            Self::Committed(index) => match reached(*index, lab) {
                servers if servers.is_empty() => Ok(()),
                servers => mismatch(
                    Wanted::NotCommittedTo(*index),
                    Found::commits(servers.into_iter()),
                ),
            },
            Self::CommittedAs { index, entry } => {
                let held = committed(*index, lab);
                let same = held.into_iter().filter(|(held, _)| *held == entry);
                let same: Vec<_> = same.map(written).collect();
                if same.is_empty() {
                    return Ok(());
                }
                let wanted = Wanted::NotCommitted(Written(entry).to_string(), *index);
                mismatch(wanted, Found::Entries(same))
            }
            Self::Violation(invariant) => {
                let violated = lab.violations().iter();
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
pub(super) fn sent(lab: &Lab, last: RecordId) -> Vec<MessageFacts> {
    let mut sent = Vec::new();
    for (_, record) in lab.records().since(last) {
        for flight in &record.sent {
            sent.push(MessageFacts::of(flight));
        }
    }
    sent
}

fn in_flight(lab: &Lab) -> Vec<MessageFacts> {
    let flights = lab.in_flight();
    flights.map(|flight| MessageFacts::of(flight)).collect()
}

/// Checks that at least one message matches.
fn check_some(
    facts: &MessageFacts,
    mut messages: Vec<MessageFacts>,
    wanted: Wanted,
    none: Found,
) -> CheckResult {
    if messages.iter().any(|message| facts.includes(message)) {
        return Ok(());
    }
    // The most similar messages come first.
    messages.sort_by_key(|message| (message.kind != facts.kind, message.link != facts.link));
    let found = if messages.is_empty() {
        none
    } else {
        Found::Messages(messages.iter().map(MessageFacts::to_string).collect())
    };
    mismatch(wanted, found)
}

/// Checks that no message matches.
fn check_none(facts: &MessageFacts, messages: Vec<MessageFacts>, wanted: Wanted) -> CheckResult {
    let matching = messages.iter().filter(|message| facts.includes(message));
    let matching: Vec<_> = matching.map(MessageFacts::to_string).collect();
    if matching.is_empty() {
        return Ok(());
    }
    mismatch(wanted, Found::Messages(matching))
}

fn check_violated(invariant: Invariant, lab: &Lab) -> CheckResult {
    let violations = lab.violations();
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
fn reached(index: LogIndex, lab: &Lab) -> Vec<&Server> {
    let has = |server: &&Server| server.is_up() && server.commit() >= index;
    lab.servers().filter(has).collect()
}

/// The entries at an index in the logs of the running servers that have committed it.
fn committed(index: LogIndex, lab: &Lab) -> Vec<(&Entry, NodeId)> {
    let servers = reached(index, lab).into_iter();
    let held = servers.filter_map(|server| Some((server.log().get(index)?, server.id())));
    held.collect()
}

fn written((entry, server): (&Entry, NodeId)) -> (String, NodeId) {
    (Written(entry).to_string(), server)
}

fn check_reached(index: LogIndex, wanted: Wanted, lab: &Lab) -> CheckResult {
    let mut up = lab.servers().filter(|server| server.is_up()).peekable();
    if up.peek().is_none() {
        return mismatch(wanted, Found::NoneRuns);
    }
    if reached(index, lab).is_empty() {
        return mismatch(wanted, Found::commits(up));
    }
    Ok(())
}

fn check_committed(index: LogIndex, entry: &Entry, lab: &Lab) -> CheckResult {
    let wanted = || Wanted::Committed(Written(entry).to_string(), index);
    check_reached(index, wanted(), lab)?;
    let held = committed(index, lab);
    if held.is_empty() {
        // Only under a broken rule: a commit index beyond the log.
        return mismatch(wanted(), Found::Nothing);
    }
    let others = held.into_iter().filter(|(held, _)| *held != entry);
    let others: Vec<_> = others.map(written).collect();
    if others.is_empty() {
        return Ok(());
    }
    mismatch(wanted(), Found::Entries(others))
}
