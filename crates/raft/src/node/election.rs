//! Elections: standing, voting, counting (§5.2, §5.4.1).

use crate::{
    DropCause, Effect, ElectionCause, Message, MessageKind, Node, NodeId, Output, Position,
    Progress, Reason, Refusal, Role, Rules, StepDownCause, Term, Timer, TimerCause, Votes,
};

impl<R: Rules> Node<R> {
    pub(super) fn election_timed_out(&mut self, out: &mut Output) {
        if self.options.pre_vote {
            self.ask_for_pre_votes(out);
        } else {
            self.stand_for_election(ElectionCause::TimedOut, out);
        }
    }

    /// Stands for election in the next term (§5.2).
    pub(super) fn stand_for_election(&mut self, cause: ElectionCause, out: &mut Output) {
        self.term = self.term.next();
        self.voted_for = self.rules.own_vote(self.id);
        self.disk.touch();
        self.role = Role::Candidate {
            votes: Votes::default(),
            own_vote: self.next_write(),
        };
        let (term, last) = (self.term, self.log.last());
        out.because(Reason::ElectionStarted {
            cause,
            term,
            last,
            needed: self.majority(),
            members: self.members(),
        });
        if self.members().contains(self.id) && self.voted_for == Some(self.id) {
            out.because(Reason::OwnVoteWaits);
        }
        self.arm(Timer::Election, TimerCause::ElectionStarted, out);
        let ask = Message::RequestVote {
            term,
            last,
            transfer: cause == ElectionCause::ToldToStand,
        };
        for to in self.others().iter() {
            self.send(to, ask.clone(), out);
        }
    }

    pub(super) fn vote_requested(
        &mut self,
        candidate: NodeId,
        term: Term,
        theirs: Position,
        out: &mut Output,
    ) {
        let granted = if term < self.term {
            self.note_stale(candidate, MessageKind::RequestVote, term, out);
            false
        } else {
            match self.refusal(candidate, term, theirs) {
                Some(refusal) => {
                    out.because(Reason::VoteRefused {
                        candidate,
                        term,
                        refusal,
                    });
                    false
                }
                None => {
                    self.grant_vote(candidate, term, theirs, out);
                    true
                }
            }
        };
        // A vote is for the term that was asked for, a refusal tells of mine.
        let term = if granted { term } else { self.term };
        self.send(candidate, Message::RequestVoteReply { term, granted }, out);
    }

    /// What speaks against voting for a candidate of the current term, or of a
    /// higher one that a broken rule has not let this server adopt.
    fn refusal(&self, candidate: NodeId, term: Term, theirs: Position) -> Option<Refusal> {
        if term > self.term
            && let Some(behind) = self.log_refusal(theirs)
        {
            return Some(behind);
        }
        if let Some(voted_for) = self.voted_for
            && !self.rules.vote_is_free(self.voted_for, candidate)
        {
            let role = self.role.name();
            return Some(Refusal::AlreadyVoted { voted_for, role });
        }
        self.log_refusal(theirs)
    }

    /// Whether a log that ends there is behind mine (§5.4.1).
    pub(super) fn log_refusal(&self, theirs: Position) -> Option<Refusal> {
        let mine = self.log.last();
        (!self.rules.up_to_date(theirs, mine)).then_some(Refusal::LogBehind { theirs, mine })
    }

    fn grant_vote(&mut self, candidate: NodeId, term: Term, theirs: Position, out: &mut Output) {
        out.because(Reason::VoteGranted {
            candidate,
            term,
            voted_for: self.voted_for.filter(|_| term == self.term),
            theirs,
            mine: self.log.last(),
        });
        if self.voted_for != Some(candidate) {
            self.voted_for = Some(candidate);
            self.disk.touch();
        }
        if matches!(self.role, Role::PreCandidate { .. }) {
            self.become_follower(None, StepDownCause::VoteGranted, out);
        }
        self.arm(Timer::Election, TimerCause::VoteGranted, out);
    }

    pub(super) fn vote_answered(&mut self, voter: NodeId, granted: bool, out: &mut Output) {
        let (role, members) = (self.role.name(), self.members());
        let Role::Candidate { votes, .. } = &mut self.role else {
            self.drop_vote(voter, DropCause::Unasked { role }, out);
            return;
        };
        if !members.contains(voter) {
            self.drop_vote(voter, DropCause::NoMember, out);
        } else if granted {
            self.count_vote(voter, out);
        } else if votes.note(voter, false) {
            let votes = *votes;
            let (refused, hope) = self.denials(votes);
            out.because(Reason::VoteDenied {
                voter,
                refused,
                hope,
            });
        } else {
            self.drop_vote(voter, DropCause::NothingNew, out);
        }
    }

    /// How many members have said no, and whether the others are still a majority.
    pub(super) fn denials(&self, votes: Votes) -> (u8, bool) {
        let refused = votes.refused.intersection(self.members()).len();
        let hope = self.members().len() - refused >= self.majority();
        (refused, hope)
    }

    /// Counts a vote for this candidate; a majority of the members makes it leader.
    pub(super) fn count_vote(&mut self, voter: NodeId, out: &mut Output) {
        let (members, needed) = (self.members(), self.majority());
        let Role::Candidate { votes, .. } = &mut self.role else {
            return;
        };
        let again = !votes.note(voter, true);
        let votes = votes.granted.intersection(members);
        let Some(granted) = self.rules.tally(self.term, votes, again) else {
            self.drop_vote(voter, DropCause::NothingNew, out);
            return;
        };
        out.because(Reason::VoteCounted {
            voter,
            granted,
            needed,
        });
        if granted >= needed {
            out.because(Reason::ElectionWon {
                term: self.term,
                granted: votes,
                count: granted,
                needed,
                members,
            });
            self.become_leader(out);
        }
    }

    pub(super) fn become_leader(&mut self, out: &mut Output) {
        let unknown = Progress::unknown(self.log.last_index());
        let progress = self.others().iter().map(|id| (id, unknown)).collect();
        self.role = Role::Leader {
            progress,
            transfer: None,
        };
        out.effect(Effect::Disarm(Timer::Election));
        if self.options.no_op {
            self.append_no_op(out);
        }
        self.send_heartbeats(out);
        if self.options.check_quorum {
            self.arm(Timer::CheckQuorum, TimerCause::CheckingQuorum, out);
        }
    }

    fn drop_vote(&self, voter: NodeId, cause: DropCause, out: &mut Output) {
        self.drop_message(voter, MessageKind::RequestVoteReply, cause, out);
    }
}
