//! Elections: standing, voting, counting (§5.2, §5.4.1).

use crate::{
    DropCause, Effect, ElectionCause, Message, MessageKind, Node, NodeId, Output, Position,
    Progress, Reason, Role, Rules, StepDownCause, Term, Timer, TimerCause, VoteRefusal, Votes,
};

impl<R: Rules> Node<R> {
    pub(super) fn handle_election_timeout(&mut self, out: &mut Output) {
        if self.options.pre_vote {
            self.start_pre_vote(out);
        } else {
            self.start_election(ElectionCause::TimedOut, out);
        }
    }

    /// Stands for election in the next term (§5.2).
    pub(super) fn start_election(&mut self, cause: ElectionCause, out: &mut Output) {
        self.term = self.term.next();
        self.voted_for = self.rules.own_vote(self.id);
        self.disk.mark_dirty();
        self.role = Role::Candidate {
            votes: Votes::default(),
            own_vote: self.next_write(),
        };
        let (term, last) = (self.term, self.log.last());
        out.reason(Reason::ElectionStarted {
            cause,
            term,
            last,
            needed: self.majority(),
        });
        if self.members().contains(self.id) && self.voted_for == Some(self.id) {
            out.reason(Reason::OwnVoteWaits);
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

    pub(super) fn handle_request_vote(
        &mut self,
        candidate: NodeId,
        term: Term,
        theirs: Position,
        out: &mut Output,
    ) {
        let granted = if term < self.term {
            self.report_stale_request(candidate, MessageKind::RequestVote, term, out);
            false
        } else {
            match self.vote_refusal(candidate, term, theirs) {
                Some(refusal) => {
                    out.reason(Reason::VoteRefused {
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
    fn vote_refusal(&self, candidate: NodeId, term: Term, theirs: Position) -> Option<VoteRefusal> {
        if term > self.term
            && let Some(behind) = self.log_refusal(theirs)
        {
            return Some(behind);
        }
        if let Some(voted_for) = self.voted_for
            && !self.rules.may_vote_for(self.voted_for, candidate)
        {
            let role = self.role.name();
            return Some(VoteRefusal::AlreadyVoted { voted_for, role });
        }
        self.log_refusal(theirs)
    }

    /// Whether a log that ends there is behind mine (§5.4.1).
    pub(super) fn log_refusal(&self, theirs: Position) -> Option<VoteRefusal> {
        let mine = self.log.last();
        (!self.rules.up_to_date(theirs, mine)).then_some(VoteRefusal::LogBehind { theirs, mine })
    }

    fn grant_vote(&mut self, candidate: NodeId, term: Term, theirs: Position, out: &mut Output) {
        out.reason(Reason::VoteGranted {
            candidate,
            term,
            theirs,
            mine: self.log.last(),
        });
        if self.voted_for != Some(candidate) {
            self.voted_for = Some(candidate);
            self.disk.mark_dirty();
        }
        if matches!(self.role, Role::PreCandidate { .. }) {
            self.become_follower(None, StepDownCause::VoteGranted, out);
        }
        self.arm(Timer::Election, TimerCause::VoteGranted, out);
    }

    pub(super) fn handle_request_vote_reply(
        &mut self,
        voter: NodeId,
        granted: bool,
        out: &mut Output,
    ) {
        let (role, members) = (self.role.name(), self.members());
        let Role::Candidate { votes, .. } = &mut self.role else {
            self.ignore_vote_reply(voter, DropCause::Unasked { role }, out);
            return;
        };
        if !members.contains(voter) {
            self.ignore_vote_reply(voter, DropCause::NoMember, out);
        } else if granted {
            self.count_vote(voter, out);
        } else if votes.record(voter, false) {
            let votes = *votes;
            let (refused, hope) = self.count_refusals(votes);
            out.reason(Reason::VoteDenied {
                voter,
                refused,
                hope,
            });
        } else {
            self.ignore_vote_reply(voter, DropCause::NothingNew, out);
        }
    }

    /// How many members have said no, and whether the others are still a majority.
    pub(super) fn count_refusals(&self, votes: Votes) -> (u8, bool) {
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
        let duplicate = !votes.record(voter, true);
        let votes = votes.granted.intersection(members);
        let Some(granted) = self.rules.count_votes(self.term, votes, duplicate) else {
            self.ignore_vote_reply(voter, DropCause::NothingNew, out);
            return;
        };
        out.reason(Reason::VoteCounted {
            voter,
            granted,
            needed,
        });
        if granted >= needed {
            out.reason(Reason::ElectionWon {
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
        let unknown = Progress::new(self.log.last_index());
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

    fn ignore_vote_reply(&self, voter: NodeId, cause: DropCause, out: &mut Output) {
        self.ignore_message(voter, MessageKind::RequestVoteReply, cause, out);
    }
}
