//! Asking first whether one would win (diss. §9.6).

use crate::{
    DropCause, ElectionCause, Message, MessageKind, Millis, Node, NodeId, NodeSet, Output,
    Position, Reason, Refusal, Role, Rules, Term, Timer, TimerCause, Votes,
};

impl<R: Rules> Node<R> {
    pub(super) fn ask_for_pre_votes(&mut self, out: &mut Output) {
        let votes = Votes::default();
        self.role = Role::PreCandidate { votes };
        let (term, last) = (self.term.next(), self.log.last());
        out.because(Reason::PreVoteStarted {
            term,
            last,
            needed: self.majority(),
            members: self.members(),
        });
        self.arm(Timer::Election, TimerCause::PreVoteStarted, out);
        for to in self.others().iter() {
            self.send(to, Message::PreVote { term, last }, out);
        }
        if self.members().contains(self.id) {
            self.count_pre_vote(self.id, true, out);
        }
    }

    /// Answers a pre-vote. Nothing else changes, not even the election timer.
    pub(super) fn pre_vote_requested(
        &mut self,
        now: Millis,
        candidate: NodeId,
        term: Term,
        theirs: Position,
        out: &mut Output,
    ) {
        let reply = match self.pre_vote_refusal(now, candidate, term, theirs) {
            Some(refusal) => {
                out.because(Reason::PreVoteRefused {
                    candidate,
                    term,
                    refusal,
                });
                // With my own term: who is behind catches up, so that no two
                // groups of servers keep each other from electing a leader.
                let (term, granted) = (self.term, false);
                Message::PreVoteReply { term, granted }
            }
            None => {
                out.because(Reason::PreVoteGranted {
                    candidate,
                    term,
                    theirs,
                    mine: self.log.last(),
                });
                let granted = true;
                Message::PreVoteReply { term, granted }
            }
        };
        self.send(candidate, reply, out);
    }

    fn pre_vote_refusal(
        &self,
        now: Millis,
        candidate: NodeId,
        term: Term,
        theirs: Position,
    ) -> Option<Refusal> {
        if let Some((leader, contact)) = self.living_leader(now) {
            return Some(Refusal::LeaderAlive { leader, contact });
        }
        let later = term > self.term
            || (term == self.term && self.rules.vote_is_free(self.voted_for, candidate));
        if !later {
            return Some(Refusal::TermTaken { mine: self.term });
        }
        self.log_refusal(theirs)
    }

    pub(super) fn pre_vote_answered(
        &mut self,
        voter: NodeId,
        term: Term,
        granted: bool,
        out: &mut Output,
    ) {
        let (role, asked) = (self.role.name(), self.term.next());
        if !matches!(self.role, Role::PreCandidate { .. }) {
            self.drop_pre_vote(voter, DropCause::Unasked { role }, out);
        } else if !self.members().contains(voter) {
            self.drop_pre_vote(voter, DropCause::NoMember, out);
        } else if granted && term != asked {
            let cause = DropCause::OtherTerm {
                theirs: term,
                asked,
            };
            self.drop_pre_vote(voter, cause, out);
        } else {
            self.count_pre_vote(voter, granted, out);
        }
    }

    /// Counts what a member would do; a majority that would vote for this
    /// pre-candidate makes it stand.
    fn count_pre_vote(&mut self, voter: NodeId, granted: bool, out: &mut Output) {
        let Role::PreCandidate { votes } = &mut self.role else {
            return;
        };
        let news = votes.note(voter, granted);
        let votes = *votes;
        if !news {
            self.drop_pre_vote(voter, DropCause::NothingNew, out);
        } else if granted {
            out.because(Reason::PreVoteCounted {
                voter,
                granted: votes.granted.len(),
                needed: self.majority(),
            });
            self.stand_if_a_majority_would_vote(votes.granted, out);
        } else {
            let (refused, hope) = self.denials(votes);
            out.because(Reason::PreVoteDenied {
                voter,
                refused,
                hope,
            });
        }
    }

    fn stand_if_a_majority_would_vote(&mut self, granted: NodeSet, out: &mut Output) {
        if !self.is_majority(granted.len()) {
            return;
        }
        out.because(Reason::PreVoteWon {
            term: self.term.next(),
            granted,
            needed: self.majority(),
            members: self.members(),
        });
        if self.rules.pre_votes_elect() {
            self.lead_without_election(out);
        } else {
            self.stand_for_election(ElectionCause::PreVoteWon, out);
        }
    }

    /// Leads the next term, for which nobody has voted.
    fn lead_without_election(&mut self, out: &mut Output) {
        self.term = self.term.next();
        self.voted_for = Some(self.id);
        self.disk.touch();
        self.become_leader(out);
    }

    fn drop_pre_vote(&self, voter: NodeId, cause: DropCause, out: &mut Output) {
        self.drop_message(voter, MessageKind::PreVoteReply, cause, out);
    }
}
