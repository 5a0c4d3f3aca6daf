//! Pre-vote (diss. §9.6).

use crate::{
    DropCause, ElectionCause, Message, MessageKind, Millis, Node, NodeId, NodeSet, Output,
    Position, Reason, Role, Rules, Term, Timer, TimerCause, VoteRefusal, Votes,
};

impl<R: Rules> Node<R> {
    pub(super) fn start_pre_vote(&mut self, out: &mut Output) {
        let votes = Votes::default();
        self.role = Role::PreCandidate { votes };
        let (term, last) = (self.term.next(), self.log.last());
        out.reason(Reason::PreVoteStarted {
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

    /// Replies to a pre-vote. Nothing else changes, not even the election timer.
    pub(super) fn handle_pre_vote(
        &mut self,
        now: Millis,
        candidate: NodeId,
        term: Term,
        theirs: Position,
        out: &mut Output,
    ) {
        let reply = match self.pre_vote_refusal(now, candidate, term, theirs) {
            Some(refusal) => {
                out.reason(Reason::PreVoteRefused {
                    candidate,
                    term,
                    refusal,
                });
                // With the voter's own term, so that a pre-candidate of an older term
                // adopts it. Otherwise two groups of servers could keep each other from
                // electing a leader.
                let (term, granted) = (self.term, false);
                Message::PreVoteReply { term, granted }
            }
            None => {
                out.reason(Reason::PreVoteGranted {
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
    ) -> Option<VoteRefusal> {
        if let Some((leader, contact)) = self.active_leader(now) {
            return Some(VoteRefusal::LeaderAlive { leader, contact });
        }
        let later = term > self.term
            || (term == self.term && self.rules.may_vote_for(self.voted_for, candidate));
        if !later {
            return Some(VoteRefusal::TermTaken { mine: self.term });
        }
        self.log_refusal(theirs)
    }

    pub(super) fn handle_pre_vote_reply(
        &mut self,
        voter: NodeId,
        term: Term,
        granted: bool,
        out: &mut Output,
    ) {
        let (role, asked) = (self.role.name(), self.term.next());
        if !matches!(self.role, Role::PreCandidate { .. }) {
            self.ignore_pre_vote_reply(voter, DropCause::Unasked { role }, out);
        } else if !self.members().contains(voter) {
            self.ignore_pre_vote_reply(voter, DropCause::NoMember, out);
        } else if granted && term != asked {
            let cause = DropCause::OtherTerm {
                theirs: term,
                asked,
            };
            self.ignore_pre_vote_reply(voter, cause, out);
        } else {
            self.count_pre_vote(voter, granted, out);
        }
    }

    /// Records a pre-vote; with a majority of them, this pre-candidate starts an
    /// election.
    fn count_pre_vote(&mut self, voter: NodeId, granted: bool, out: &mut Output) {
        let Role::PreCandidate { votes } = &mut self.role else {
            return;
        };
        let news = votes.record(voter, granted);
        let votes = *votes;
        if !news {
            self.ignore_pre_vote_reply(voter, DropCause::NothingNew, out);
        } else if granted {
            out.reason(Reason::PreVoteCounted {
                voter,
                granted: votes.granted.len(),
                needed: self.majority(),
            });
            self.start_election_if_pre_vote_won(votes.granted, out);
        } else {
            let (refused, hope) = self.count_refusals(votes);
            out.reason(Reason::PreVoteDenied {
                voter,
                refused,
                hope,
            });
        }
    }

    fn start_election_if_pre_vote_won(&mut self, granted: NodeSet, out: &mut Output) {
        if !self.is_majority(granted.len()) {
            return;
        }
        out.reason(Reason::PreVoteWon {
            term: self.term.next(),
            granted,
            needed: self.majority(),
            members: self.members(),
        });
        if self.rules.pre_votes_elect() {
            self.lead_without_election(out);
        } else {
            self.start_election(ElectionCause::PreVoteWon, out);
        }
    }

    /// Leads the next term without votes, under a broken rule.
    fn lead_without_election(&mut self, out: &mut Output) {
        self.term = self.term.next();
        self.voted_for = Some(self.id);
        self.disk.mark_dirty();
        out.reason(Reason::ElectionSkipped { term: self.term });
        self.become_leader(out);
    }

    fn ignore_pre_vote_reply(&self, voter: NodeId, cause: DropCause, out: &mut Output) {
        self.ignore_message(voter, MessageKind::PreVoteReply, cause, out);
    }
}
