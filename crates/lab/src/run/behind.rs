//! What lies behind a record, beside what caused it.

use hustings_raft::{NodeId, Reason, Timer, VoteRefusal};

use super::Run;
use crate::message::Loss;
use crate::path::Link;
use crate::record::{Change, Event, Record, RecordId};

impl Run {
    /// The record in which a server voted, if in this one it refuses a vote because of
    /// that. It is where the server started if it has had its vote since then.
    pub fn vote_behind(&self, refusal: RecordId) -> Option<RecordId> {
        let record = self.records.get(refusal)?;
        if !record.reasons.iter().any(rests_on_a_vote) {
            return None;
        }
        let server = record.event.server();
        let mut earlier = (0..refusal.0).rev().map(RecordId);
        earlier.find(|id| {
            let record = self.records.get(*id);
            record.is_some_and(|it| it.event.server() == server && sets_vote(it))
        })
    }

    /// The record of what was done to the cluster and lies behind this one: the cut or the
    /// crash by which a message is lost or a leader no longer heard, and the mending
    /// without which the first message over a link would not have arrived.
    pub fn fault_behind(&self, id: RecordId) -> Option<RecordId> {
        let record = self.records.get(id)?;
        match &record.event {
            Event::Lost {
                flight,
                cause: Loss::LinkCut,
            } => self.latest_before(id, |event| cuts(event, flight.link)),
            Event::Lost {
                flight,
                cause: Loss::ServerDown,
            } => self.latest_before(id, |event| stops(event, flight.link.to)),
            Event::Delivered(flight) => {
                let link = flight.link;
                let arrives =
                    |event: &Event| matches!(event, Event::Delivered(it) if it.link == link);
                let latest =
                    self.latest_before(id, |event| mends(event, link) || arrives(event))?;
                self.records
                    .get(latest)
                    .is_some_and(|it| mends(&it.event, link))
                    .then_some(latest)
            }
            Event::TimerFired {
                server: to,
                timer: Timer::Election,
                by_hand: false,
            } => {
                let armed = self.records.get(record.cause?)?;
                let Event::Delivered(heard) = &armed.event else {
                    return None;
                };
                let link = Link {
                    from: heard.link.from,
                    to: *to,
                };
                let latest =
                    self.latest_before(id, |event| cuts(event, link) || stops(event, link.from))?;
                // What was under way before still arrives after a crash.
                armed
                    .cause
                    .is_none_or(|sent| latest > sent)
                    .then_some(latest)
            }
            _ => None,
        }
    }

    fn latest_before(&self, id: RecordId, is: impl Fn(&Event) -> bool) -> Option<RecordId> {
        let mut earlier = (0..id.0).rev().map(RecordId);
        earlier.find(|id| self.records.get(*id).is_some_and(|it| is(&it.event)))
    }
}

fn cuts(event: &Event, link: Link) -> bool {
    match event {
        Event::Cut(cut) | Event::Partitioned { cut, .. } => cut.contains(&link),
        _ => false,
    }
}

fn mends(event: &Event, link: Link) -> bool {
    match event {
        Event::Mended(mended) | Event::Partitioned { mended, .. } => mended.contains(&link),
        _ => false,
    }
}

fn stops(event: &Event, id: NodeId) -> bool {
    match event {
        Event::Crashed { server, .. } | Event::Paused(server) => *server == id,
        _ => false,
    }
}

fn rests_on_a_vote(reason: &Reason) -> bool {
    match reason {
        Reason::VoteRefused { refusal, .. } => {
            matches!(refusal, VoteRefusal::AlreadyVoted { .. })
        }
        Reason::PreVoteRefused { term, refusal, .. } => {
            matches!(refusal, VoteRefusal::TermTaken { mine } if mine == term)
        }
        _ => false,
    }
}

/// Whether the server's vote is of this record. One that votes for the same server as in
/// the term before changes its term only.
fn sets_vote(record: &Record) -> bool {
    let is_start = matches!(record.event, Event::Started(_));
    let sets = |it: &Change| matches!(it, Change::VotedFor { .. } | Change::Term { .. });
    is_start || record.changes.iter().any(sets)
}
