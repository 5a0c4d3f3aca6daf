//! Asking first whether one would win (diss. §9.6).

use crate::{
    DropCause, Message, MessageKind, Millis, Node, NodeId, Output, Position, Reason, Refusal, Role,
    Rules, Term, Timer, TimerCause, Votes,
};

impl<R: Rules> Node<R> {
    pub(super) fn ask_for_pre_votes(&mut self, out: &mut Output) {
        let votes = Votes {
            granted: [self.id].into_iter().collect(),
            ..Votes::default()
        };
        self.role = Role::PreCandidate { votes };
        let (term, last) = (self.term.next(), self.log.last());
        let needed = self.majority();
        out.because(Reason::PreVoteStarted { term, last, needed });
        self.arm(Timer::Election, TimerCause::ElectionStarted, out);
        for to in self.others().iter() {
            self.send(to, Message::PreVote { term, last }, out);
        }
        self.stand_if_a_majority_would_vote(out);
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
        &mut self,
        now: Millis,
        candidate: NodeId,
        term: Term,
        theirs: Position,
    ) -> Option<Refusal> {
        if let Some(leader) = self.living_leader(now) {
            return Some(Refusal::LeaderAlive { leader });
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
        let (mine, role) = (self.term, self.role.name());
        let (members, needed) = (self.members(), self.majority());
        let Role::PreCandidate { votes } = &mut self.role else {
            self.drop_pre_vote(voter, DropCause::Unasked { role }, out);
            return;
        };
        if granted && term != mine.next() {
            let cause = DropCause::StaleTerm { theirs: term, mine };
            self.drop_pre_vote(voter, cause, out);
            return;
        }
        let answers = match granted {
            true => &mut votes.granted,
            false => &mut votes.refused,
        };
        if !answers.insert(voter) {
            self.drop_pre_vote(voter, DropCause::NothingNew, out);
            return;
        }
        let granted_by = votes.granted.intersection(members).len();
        let refused = votes.refused.intersection(members).len();
        out.because(match granted {
            true => Reason::VoteCounted {
                voter,
                granted: granted_by,
                needed,
            },
            false => Reason::VoteDenied {
                voter,
                refused,
                hope: members.len() - refused >= needed,
            },
        });
        self.stand_if_a_majority_would_vote(out);
    }

    fn stand_if_a_majority_would_vote(&mut self, out: &mut Output) {
        let Role::PreCandidate { votes } = &self.role else {
            return;
        };
        let granted = votes.granted.intersection(self.members());
        if self.rules.suffices(granted.len(), self.members()) {
            let needed = self.majority();
            let term = self.term.next();
            out.because(Reason::PreVoteWon {
                term,
                granted,
                needed,
            });
            self.stand_for_election(false, out);
        }
    }

    fn drop_pre_vote(&self, voter: NodeId, cause: DropCause, out: &mut Output) {
        self.drop_message(voter, MessageKind::PreVoteReply, cause, out);
    }
}
