//! Whether a condition holds of a run.

use std::rc::Rc;

use hustings_raft::{Entry, LogIndex, NodeId, Reason, RoleName};

use super::Run;
use crate::condition::{Claim, Condition};
use crate::pattern::MessagePattern;
use crate::record::{Event, Flight, Record, RecordId};
use crate::server::Server;

impl Run {
    /// Whether a condition holds now. One about something that happens holds if it has
    /// happened in the record `first` or later.
    pub fn holds_since(&self, condition: &Condition, first: RecordId) -> bool {
        let running = || self.servers().filter(|server| server.is_up());
        let leaders = || running().filter(|server| server.view().leads());
        match condition {
            Condition::Server { server, is, is_not } => {
                let found = self.server(*server);
                found.is_some_and(|server| {
                    let (state, view) = (server.observed(), server.view());
                    is.unmet(state.clone()).is_none()
                        && is_not.in_common(state).is_none()
                        && is.variables.iter().all(|it| view.shows(it))
                        && !is_not.variables.iter().any(|it| view.shows(it))
                })
            }
            Condition::Role { server, role } => {
                self.server(*server).and_then(Server::role) == Some(*role)
            }
            Condition::Leader => {
                let latest = running().map(Server::term).max();
                running().any(|server| {
                    server.role() == Some(RoleName::Leader) && Some(server.term()) == latest
                })
            }
            Condition::Leaders(count) => leaders().count() >= usize::from(*count),
            Condition::OneLeader => leaders().count() == 1,
            Condition::NoLeader => leaders().next().is_none(),
            Condition::Term(term) => running().any(|server| server.term() >= *term),
            Condition::TermAbove(term) => running().any(|server| server.term() > *term),
            Condition::Quiet => self.world.is_quiet(),
            Condition::SentNothing => self.sent_since(first).next().is_none(),
            Condition::Violation => {
                let latest = self.violations().last();
                latest.is_some_and(|violation| violation.record >= first)
            }
            Condition::NoViolation => self.violations().is_empty(),
            Condition::InFlight(count) => self.in_flight().count() == *count,
            Condition::Asserted(claim) => self.is_so(claim, first),
            Condition::Denied(Claim::CommittedAs { index, entry }) => {
                let held = self.held_as_committed(*index);
                held.into_iter().all(|(held, _)| held != entry)
            }
            Condition::Denied(claim) => !self.is_so(claim, first),
        }
    }

    fn is_so(&self, claim: &Claim, first: RecordId) -> bool {
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
            Claim::InFlight(pattern) => self.in_flight().any(|it| pattern.is_of(it)),
            Claim::Committed(index) => !self.committed_to(*index).is_empty(),
            Claim::CommittedAs { index, entry } => {
                let held = self.held_as_committed(*index);
                !held.is_empty() && held.iter().all(|(held, _)| *held == entry)
            }
            Claim::Violation(invariant) => {
                let mut new = self.violations().iter().rev();
                let mut new = new.by_ref().take_while(|it| it.record >= first);
                new.any(|violation| violation.invariant() == *invariant)
            }
        }
    }

    /// The messages that were sent from a record on.
    pub(crate) fn sent_since(&self, first: RecordId) -> impl Iterator<Item = &Flight> {
        let records = self.records.since(first);
        records.flat_map(|(_, record)| record.sent.iter().map(Rc::as_ref))
    }

    /// The running servers that have committed up to an index.
    pub(crate) fn committed_to(&self, index: LogIndex) -> Vec<&Server> {
        let has = |server: &&Server| server.is_up() && server.commit() >= index;
        self.servers().filter(has).collect()
    }

    /// The entries at an index in the logs of the running servers that have committed it.
    pub(crate) fn held_as_committed(&self, index: LogIndex) -> Vec<(&Entry, NodeId)> {
        let servers = self.committed_to(index).into_iter();
        let held = servers.filter_map(|server| Some((server.log().get(index)?, server.id())));
        held.collect()
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
