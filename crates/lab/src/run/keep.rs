//! Keeps what a step did: its record, where what is pending comes from, and evidence.

use std::rc::Rc;

use hustings_raft::{NodeId, Output, Reason, Rule, Timer};
use thin_vec::ThinVec;

use super::Run;
use super::origins::{Armed, Departure};
use crate::infer;
use crate::invariant::Violation;
use crate::judge::{Fact, Judgement};
use crate::machine::View;
use crate::record::{Change, Event, Flight, Record, RecordId};
use crate::schedule::PendingId;
use crate::server::Server;
use crate::world::{Done, Failed, Sent};

impl Run {
    /// Keeps the step that was done, of a server.
    pub(super) fn keep_step(&mut self, server: NodeId, event: Event, cause: Option<RecordId>) {
        // Taken for as long as it is read, and put back for the next step.
        let mut done = self.done.take();
        let (at, record) = (self.now(), self.records.next_id());
        for timer in Timer::ALL {
            if *done.armed.get(timer) {
                let armed = Armed { at, cause: record };
                self.origins.arm(server, timer, armed);
            }
        }
        self.origins.add_writes(server, done.writes, record);
        self.tidy_reasons(server, &mut done.output);
        let sent = self.depart_all(&done.sent);
        let runs = self.server(server).and_then(Server::program);
        if done.output.reasons.is_empty() && runs.is_some() {
            let inferred = self.inferred(server, &event, &sent, &done);
            done.output.reasons.extend(inferred);
        }
        self.keep_judgement(record, &done.judgement);
        let reasons = self.recent_reasons.intern(&*done.output.reasons);
        let failed = done.failed.take();
        let changes = match (&failed, done.before.as_deref()) {
            (Some(failed), Some(before)) => changes_between(before, &failed.crashed.before),
            (_, before) => self.changes_since(before, server),
        };
        self.keep(Record {
            at,
            cause,
            event,
            reasons,
            standard: kept(&done.output.standard),
            changes,
            sent,
            waiting: kept(&done.waiting),
            answers: kept(&done.replies),
            printed: printed(&done.printed),
        });
        self.done.put_back(done);
        if let Some(failed) = failed {
            let Failed { failure, crashed } = *failed;
            self.keep_crash(server, crashed, Some(failure), Some(record));
        }
    }

    /// Keeps a record, once the world is as it says, and whether the goals are met.
    pub(super) fn keep(&mut self, record: Record) {
        self.records.push(record);
        let goals = &self.header.goals;
        if goals.is_empty() || self.goals_met.is_some() {
            return;
        }
        if goals.iter().all(|goal| self.is_met(goal)) {
            self.goals_met = Some(RecordId(self.records.len() - 1));
        }
    }

    /// The reasons of a step whose machine gave none.
    fn inferred(
        &self,
        server: NodeId,
        event: &Event,
        sent: &[Rc<Flight>],
        done: &Done,
    ) -> Vec<Reason> {
        let (Some(taken_by), Some(before)) = (self.server(server), done.before.as_deref()) else {
            return Vec::new();
        };
        let step = infer::Step {
            server,
            event,
            before,
            after: taken_by.view(),
            stored: taken_by.stored(),
            sent,
            waiting: &done.waiting,
            replies: &done.replies,
            writes: done.writes > 0,
            dealt_with: taken_by.dealt_with(),
        };
        step.reasons()
    }

    /// Leaves out broken rules that made no difference in this run.
    fn tidy_reasons(&self, server: NodeId, out: &mut Output) {
        if self.header.broken.is_empty() {
            return;
        }
        if self
            .server(server)
            .is_some_and(|it| it.pending_writes() == 0)
        {
            out.reasons.retain(|reason| !is_about_waiting(reason));
        }
        let is_broken = |reason: &Reason| matches!(reason, Reason::RuleBroken { .. });
        if !out.reasons.iter().any(is_broken) {
            out.standard.clear();
        }
    }

    pub(super) fn changes_since(&self, before: Option<&View>, server: NodeId) -> ThinVec<Change> {
        let after = self.server(server).map(Server::view);
        match before.zip(after) {
            // A view is shared for as long as nothing changes.
            Some((before, after)) if !std::ptr::eq(before, after) => changes_between(before, after),
            _ => ThinVec::new(),
        }
    }

    /// Keeps where messages come from: from the record that is about to be added.
    pub(super) fn depart_all(&mut self, sent: &[Sent]) -> Box<[Rc<Flight>]> {
        let mut original = None;
        let mut departed = Vec::with_capacity(sent.len());
        departed.extend(sent.iter().filter_map(|sent| {
            let copy_of = original.filter(|_| sent.is_copy);
            let (message, due_at) = self.world.departure(sent.id)?;
            let flight = Flight {
                id: self.origins.take_message_id(),
                link: message.link,
                message: Rc::clone(&message.message),
                sent_at: self.world.now(),
                due_at,
                lost: message.lost,
                copy_of,
                forged: message.forged,
            };
            original = Some(flight.id);
            Some(self.depart(sent.id, flight))
        }));
        departed.into()
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
    pub(super) fn keep_judgement(&mut self, record: RecordId, judgement: &Judgement) {
        for fact in &judgement.learned {
            self.evidence.push((*fact, record));
        }
        for finding in &judgement.findings {
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

/// A copy of what a record keeps, which mostly is nothing.
fn kept<T: Clone>(items: &[T]) -> ThinVec<T> {
    if items.is_empty() {
        return ThinVec::new();
    }
    items.into()
}

/// What a record keeps of what was printed. A `…` stands for the rest.
fn printed(lines: &[Rc<str>]) -> ThinVec<Rc<str>> {
    let mut kept = ThinVec::new();
    for line in lines {
        for part in line.split('\n') {
            if kept.len() == Record::PRINTED_LINES_MAX {
                kept.push("…".into());
                return kept;
            }
            kept.push(match part.char_indices().nth(Record::PRINTED_CHARS_MAX) {
                Some((end, _)) => format!("{}…", &part[..end]).into(),
                // Shared with the program.
                None if part.len() == line.len() => Rc::clone(line),
                None => part.into(),
            });
        }
    }
    kept
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

/// What differs between what can be seen of a server before and after. A server that
/// is down has no role and no members: those do not change in a crash or a restart.
pub(crate) fn changes_between(old: &View, new: &View) -> ThinVec<Change> {
    let role = old.role.zip(new.role).filter(|(old, new)| old != new);
    let members = old.members.zip(new.members).filter(|(old, new)| old != new);
    let (old_last, new_last) = (old.log.last(), new.log.last());
    let changes = [
        changed(old.term, new.term, |old, new| Change::Term { old, new }),
        changed(old.voted_for, new.voted_for, |old, new| Change::VotedFor {
            old,
            new,
        }),
        role.map(|(old, new)| Change::Role { old, new }),
        changed(old.leader, new.leader, |old, new| Change::Leader {
            old,
            new,
        }),
        changed(old_last, new_last, |old, new| Change::LogEnd { old, new }),
        members.map(|(old, new)| Change::Members { old, new }),
        changed(old.commit, new.commit, |old, new| Change::Commit {
            old,
            new,
        }),
    ];
    // Exactly as long as needed: a run keeps it.
    let mut found = ThinVec::with_capacity(changes.iter().flatten().count());
    found.extend(changes.into_iter().flatten());
    found
}

fn changed<T: PartialEq>(old: T, new: T, change: fn(T, T) -> Change) -> Option<Change> {
    (old != new).then(|| change(old, new))
}
