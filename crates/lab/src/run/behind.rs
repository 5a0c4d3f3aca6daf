//! What lies behind a refusal, beside what caused its record.

use hustings_raft::{Reason, VoteRefusal};

use super::Run;
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
