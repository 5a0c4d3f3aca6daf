//! Whether a condition holds of a run.

use std::rc::Rc;

use hustings_raft::{NodeId, Reason};

use super::Run;
use crate::condition::{Claim, Condition};
use crate::pattern::MessagePattern;
use crate::record::{Event, Flight, Record, RecordId};

impl Run {
    /// Whether a condition holds now. One about something that happens holds if it has
    /// happened in the record `first` or later.
    pub fn holds_since(&self, condition: &Condition, first: RecordId) -> bool {
        if let Some(holds) = self.world.holds(condition) {
            return holds;
        }
        match condition {
            Condition::SentNothing => self.sent_since(first).next().is_none(),
            Condition::Violation => {
                let latest = self.violations().last();
                latest.is_some_and(|violation| violation.record >= first)
            }
            Condition::Asserted(claim) => self.has_happened(claim, first),
            Condition::Denied(claim) => !self.has_happened(claim, first),
            // All others are about what is.
            _ => false,
        }
    }

    fn has_happened(&self, claim: &Claim, first: RecordId) -> bool {
        let mut new = self.records.since(first);
        match claim {
            Claim::Sent(pattern) => self.sent_since(first).any(|it| pattern.is_of(it)),
            Claim::Delivered(pattern) => new.any(|(_, record)| match &record.event {
                Event::Delivered(flight) => pattern.is_of(flight),
                _ => false,
            }),
            Claim::Lost(pattern) => new.any(|(_, record)| match &record.event {
                Event::Lost { flight, .. } => pattern.is_of(flight),
                _ => false,
            }),
            Claim::Refused(server) => new.any(|(_, record)| refuses(record, *server)),
            Claim::Violation(invariant) => {
                let mut new = self.violations().iter().rev();
                let mut new = new.by_ref().take_while(|it| it.record >= first);
                new.any(|violation| violation.invariant() == *invariant)
            }
            // These are about what is.
            Claim::InFlight(_) | Claim::Committed(_) | Claim::CommittedAs { .. } => false,
        }
    }

    /// The messages that were sent from a record on.
    pub(crate) fn sent_since(&self, first: RecordId) -> impl Iterator<Item = &Flight> {
        let records = self.records.since(first);
        records.flat_map(|(_, record)| record.sent.iter().map(Rc::as_ref))
    }
}

impl MessagePattern {
    /// Whether a message in flight matches.
    pub(crate) fn is_of(&self, flight: &Flight) -> bool {
        self.matches(flight.link, &flight.message)
    }
}

/// Whether a record refuses a server its vote, its pre-vote or its entries.
fn refuses(record: &Record, server: NodeId) -> bool {
    let sender = match &record.event {
        Event::Delivered(flight) => Some(flight.link.from),
        _ => None,
    };
    record.reasons.iter().any(|reason| match reason {
        Reason::VoteRefused { candidate, .. } | Reason::PreVoteRefused { candidate, .. } => {
            *candidate == server
        }
        Reason::EntriesRefused { .. } => sender == Some(server),
        _ => false,
    })
}
