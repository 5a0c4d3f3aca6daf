//! Checks of terms, votes and messages.

use std::rc::Rc;

use hustings_raft::{Message, MessageKind, NodeId, Term};

use super::{CheckContext, InvariantChecker, Recorded, ServerSnapshot};
use crate::invariant::Evidence;
use crate::record::Flight;

impl InvariantChecker {
    /// A server has voted for itself once that vote is on its disk. It has voted for
    /// another when the reply that grants the vote is sent, in the reply's term: there
    /// it is counted, whatever is on disk.
    pub(super) fn check_own_vote(&mut self, context: CheckContext<'_>) {
        let (me, stored) = (context.server.id(), &context.server.disk.stored);
        if stored.voted_for == Some(me) {
            self.record_vote(context, stored.term, me);
        }
    }

    pub(super) fn record_vote(&mut self, context: CheckContext<'_>, term: Term, vote: NodeId) {
        let voter = context.server.id();
        match self.votes.get((term, voter)) {
            None => {
                let record = context.record;
                let vote = Recorded {
                    value: vote,
                    record,
                };
                Rc::make_mut(&mut self.votes).insert((term, voter), vote);
            }
            Some(first) if first.value == vote => {}
            Some(&Recorded {
                value: first,
                record,
            }) => {
                let evidence = Evidence::TwoVotes {
                    voter,
                    term,
                    first,
                    second: vote,
                };
                self.report(context, Some(record), evidence);
            }
        }
    }

    pub(super) fn check_messages(&mut self, context: CheckContext<'_>, sent: &[Rc<Flight>]) {
        for flight in sent {
            self.check_message_term(context, flight);
            if let Message::RequestVoteReply {
                term,
                granted: true,
            } = *flight.message
            {
                self.record_vote(context, term, flight.link.to);
            }
        }
    }

    pub(super) fn check_message_term(&mut self, context: CheckContext<'_>, flight: &Flight) {
        let (kind, term, own) = (
            flight.message.kind(),
            flight.message.term(),
            context.server.term(),
        );
        // A pre-vote and the reply that grants it carry the next term.
        let about_next = kind == MessageKind::PreVote
            || (kind == MessageKind::PreVoteReply && flight.message.is_positive() == Some(true));
        if term > own && !about_next && !flight.forged {
            let sender = context.server.id();
            let evidence = Evidence::FromLaterTerm {
                sender,
                kind,
                term,
                own,
            };
            self.report(context, None, evidence);
        }
    }

    pub(super) fn check_terms(
        &mut self,
        context: CheckContext<'_>,
        before: Option<&ServerSnapshot>,
        before_restart: Option<Term>,
    ) {
        let (server, own) = (context.server.id(), context.server.term());
        let stored = context.server.disk.stored.term;
        let before = before.map(|before| before.stored_term);
        let stored_before = before_restart.or(before).unwrap_or(stored);
        let (old, new) = if own < stored {
            (stored, own)
        } else {
            (stored_before, stored)
        };
        if new < old {
            self.report(context, None, Evidence::TermFell { server, old, new });
        }
    }
}
