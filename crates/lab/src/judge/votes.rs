//! Checks of terms, votes and messages.

use hustings_raft::{NodeId, Stored, Term};

use super::{Case, Fact, Judge, is_about_next_term};
use crate::invariant::Evidence;
use crate::message::InFlight;

impl Judge {
    /// A server has voted for itself once that vote is on its disk. It has voted for
    /// another when the reply that grants the vote is sent, in the reply's term: there
    /// it is counted, whatever is on disk.
    pub(super) fn check_own_vote(&mut self, case: &mut Case<'_>) {
        let (me, stored) = (case.server.id(), case.server.stored());
        if stored.voted_for == Some(me) {
            self.record_vote(case, stored.term, me);
        }
    }

    pub(super) fn record_vote(&mut self, case: &mut Case<'_>, term: Term, vote: NodeId) {
        let voter = case.server.id();
        match self.vote_of(voter, term) {
            None => self.record_first_vote(case, term, vote),
            Some(first) if first == vote => {}
            Some(first) => {
                let evidence = Evidence::TwoVotes {
                    voter,
                    term,
                    first,
                    second: vote,
                };
                self.report(case, Some(Fact::Vote(term, voter)), evidence);
            }
        }
    }

    pub(super) fn check_message_term(&mut self, case: &mut Case<'_>, flight: &InFlight) {
        let (kind, term, own) = (
            flight.message.kind(),
            flight.message.term(),
            case.server.term(),
        );
        if term > own && !is_about_next_term(&flight.message) && !flight.forged {
            let sender = case.server.id();
            let evidence = Evidence::FromLaterTerm {
                sender,
                kind,
                term,
                own,
            };
            self.report(case, None, evidence);
        }
    }

    /// Checks that the term on the disk has not fallen, and that the server's own is not
    /// behind it.
    pub(super) fn check_terms(&mut self, case: &mut Case<'_>, disk_before: Option<&Stored>) {
        let (server, own) = (case.server.id(), case.server.term());
        let stored = case.server.stored().term;
        let stored_before = disk_before.map_or(stored, |disk| disk.term);
        let (old, new) = if own < stored {
            (stored, own)
        } else {
            (stored_before, stored)
        };
        if new < old {
            self.report(case, None, Evidence::TermFell { server, old, new });
        }
    }
}
