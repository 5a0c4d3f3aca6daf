//! Keeps what a step did: its record, where what is pending comes from, and evidence.

use std::rc::Rc;

use hustings_raft::{NodeId, Output, Reason, Rule, Timer};

use super::origins::Armed;
use super::origins::Departure;
use super::{OutputBuffer, Run};
use crate::invariant::Violation;
use crate::judge::{Fact, Judgement};
use crate::machine::View;
use crate::record::{Change, Event, Flight, Record, RecordId};
use crate::world::{Done, PendingId, Sent, Server};

impl OutputBuffer {
    pub(super) fn take(&mut self) -> Output {
        std::mem::take(&mut self.0)
    }

    pub(super) fn put_back(&mut self, mut out: Output) {
        out.clear();
        self.0 = out;
    }
}

impl Run {
    /// Keeps a step of a server, with what it gave as reasons.
    pub(super) fn keep_step(
        &mut self,
        server: NodeId,
        event: Event,
        cause: Option<RecordId>,
        done: Done,
        out: &mut Output,
    ) {
        let (at, record) = (self.now(), self.records.next_id());
        for timer in Timer::ALL {
            if *done.armed.get(timer) {
                let armed = Armed { at, cause: record };
                self.origins.arm(server, timer, armed);
            }
        }
        self.origins.add_writes(server, done.writes, record);
        self.tidy_reasons(server, out);
        let sent = self.depart_all(&done.sent);
        let changes = self.changes_since(&done.before, server);
        self.keep_judgement(record, done.judgement);
        self.records.push(Record {
            at,
            cause,
            event,
            reasons: self.recent_reasons.intern(&*out.reasons),
            standard: out.standard.as_slice().into(),
            changes,
            sent,
            waiting: done.waiting.into(),
            answers: done.replies.into(),
        });
    }

    /// Leaves out broken rules that made no difference in this run.
    fn tidy_reasons(&self, server: NodeId, out: &mut Output) {
        let writes = self.server(server).map_or(0, Server::pending_writes);
        if writes == 0 && !self.header.broken.is_empty() {
            out.reasons.retain(|reason| !is_about_waiting(reason));
        }
        let is_broken = |reason: &Reason| matches!(reason, Reason::RuleBroken { .. });
        if !out.reasons.iter().any(is_broken) {
            out.standard.clear();
        }
    }

    pub(super) fn changes_since(&self, before: &View, server: NodeId) -> Box<[Change]> {
        let after = self.server(server).map(Server::view);
        after.map_or_else(Box::default, |after| Change::between(before, after))
    }

    /// Keeps where messages come from: from the record that is about to be added.
    pub(super) fn depart_all(&mut self, sent: &[Sent]) -> Box<[Rc<Flight>]> {
        let mut original = None;
        let departed = sent.iter().filter_map(|sent| {
            let copy_of = original.filter(|_| sent.is_copy);
            let message = self.world.message(sent.id)?;
            let flight = Flight {
                id: self.origins.take_message_id(),
                link: message.link,
                message: Rc::clone(&message.message),
                sent_at: self.world.now(),
                due_at: self.world.arrives_at(sent.id)?,
                lost: message.lost,
                copy_of,
                forged: message.forged,
            };
            original = Some(flight.id);
            Some(self.depart(sent.id, flight))
        });
        departed.collect()
    }

    /// Keeps where a message comes from.
    pub(super) fn depart(&mut self, id: PendingId, flight: Flight) -> Rc<Flight> {
        let cause = self.records.next_id();
        let flight = Rc::new(flight);
        let departure = Departure {
            flight: Rc::clone(&flight),
            cause,
        };
        self.origins.add_message(id, departure);
        flight
    }

    /// Keeps what the judge has learned and found in a record.
    pub(super) fn keep_judgement(&mut self, record: RecordId, judgement: Judgement) {
        for fact in judgement.learned {
            self.evidence.push((fact, record));
        }
        for finding in judgement.findings {
            let contradicts = finding.contradicts.and_then(|fact| self.learned_in(fact));
            Rc::make_mut(&mut self.violations).push(Violation {
                evidence: finding.evidence,
                record,
                contradicts,
            });
        }
    }

    /// The record in which the judge learned a fact.
    fn learned_in(&self, fact: Fact) -> Option<RecordId> {
        let mut evidence = self.evidence.iter();
        evidence.find(|(known, _)| *known == fact).map(|it| it.1)
    }
}

/// Whether a reason concerns a message that did not wait for the disk, which makes no
/// difference while no write is pending.
fn is_about_waiting(reason: &Reason) -> bool {
    let rule = match reason {
        Reason::RuleBroken { broken } => broken.rule(),
        _ => return false,
    };
    matches!(rule, Rule::DurableVote | Rule::DurableEntries)
}
