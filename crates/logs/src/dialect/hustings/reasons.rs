//! What the core's reasons tell.

use hustings_raft::{ElectionCause, MessageKind, NodeId, Position, Reason, Term, VoteRefusal};

use super::{Step, log_end};
use crate::observation::{Ballot, Cause, LogEnd, Observation, Refusal, TransferStep, VoteReply};

impl Step<'_> {
    /// Tells a reason, if it bears on elections and no change tells as much.
    pub(super) fn reason(&mut self, reason: &Reason) {
        match *reason {
            Reason::PreVoteStarted { .. }
            | Reason::ElectionStarted { .. }
            | Reason::PreVoteCounted { .. }
            | Reason::PreVoteDenied { .. }
            | Reason::VoteCounted { .. }
            | Reason::VoteDenied { .. } => self.candidacy(reason),
            Reason::PreVoteGranted { .. }
            | Reason::PreVoteRefused { .. }
            | Reason::LeaseHeld { .. }
            | Reason::VoteGranted { .. }
            | Reason::VoteRefused { .. } => self.answer(reason),
            Reason::TermAdopted { old, new, sender } => {
                let from = Some(self.name(sender));
                self.what.push(Observation::NewerTerm {
                    from,
                    stands: self.requested,
                    own: Some(old.0),
                    newer: Some(new.0),
                });
            }
            Reason::RequestStale {
                sender,
                kind,
                theirs,
                mine,
            } => {
                let from = Some(self.name(sender));
                self.what.push(Observation::OlderTerm {
                    from,
                    stands: matches!(kind, MessageKind::RequestVote | MessageKind::PreVote),
                    own: Some(mine.0),
                    older: theirs.0,
                });
            }
            Reason::LeaderFollowed { leader, term } => {
                let leader = self.name(leader);
                let term = Some(term.0);
                self.what.push(Observation::LeaderFound { leader, term });
            }
            Reason::QuorumLost { .. } => self.what.push(Observation::QuorumLost { term: None }),
            Reason::TransferStarted { target, .. } => self.transfer(target, TransferStep::Begun),
            Reason::TimeoutNowSent { target, .. } => self.transfer(target, TransferStep::Sent),
            Reason::TransferAborted { target } => self.transfer(target, TransferStep::GivenUp),
            Reason::EntriesRefused { .. } => self.what.push(Observation::EntriesRefused {
                by: None,
                end: None,
            }),
            Reason::ConflictDeleted { from, .. } => {
                self.what.push(Observation::Truncated { from: from.0 });
            }
            _ => {}
        }
    }

    fn transfer(&mut self, target: NodeId, step: TransferStep) {
        let to = Some(self.name(target));
        self.what.push(Observation::Transfer { to, step });
    }

    /// It stands, or asks before that, and counts the answers.
    fn candidacy(&mut self, reason: &Reason) {
        use Ballot::{PreVote, Vote};
        match *reason {
            Reason::PreVoteStarted { term, needed, .. } => {
                self.stands(PreVote, term, Cause::Timeout, needed);
            }
            Reason::ElectionStarted {
                cause,
                term,
                needed,
                ..
            } => {
                let cause = match cause {
                    ElectionCause::TimedOut => Cause::Timeout,
                    ElectionCause::PreVoteWon => Cause::PreVoteWon,
                    ElectionCause::ToldToStand => Cause::Transfer,
                };
                self.stands(Vote, term, cause, needed);
            }
            Reason::PreVoteCounted { voter, granted, .. } => self.yes(PreVote, voter, granted),
            Reason::VoteCounted { voter, granted, .. } => self.yes(Vote, voter, granted),
            Reason::PreVoteDenied { voter, refused, .. } => self.no(PreVote, voter, refused),
            Reason::VoteDenied { voter, refused, .. } => self.no(Vote, voter, refused),
            _ => {}
        }
    }

    fn stands(&mut self, ballot: Ballot, term: Term, cause: Cause, needed: u8) {
        self.what.push(Observation::Stands {
            ballot: Some(ballot),
            term: term.0.checked_sub(1),
            cause,
        });
        self.what.push(Observation::Counted {
            ballot,
            granted: None,
            refused: None,
            needed: Some(u32::from(needed)),
        });
    }

    /// It has so many votes now.
    fn yes(&mut self, ballot: Ballot, voter: NodeId, granted: u8) {
        self.heard(ballot, voter, true);
        self.what.push(Observation::Counted {
            ballot,
            granted: Some(u32::from(granted)),
            refused: None,
            needed: None,
        });
    }

    /// So many have refused now.
    fn no(&mut self, ballot: Ballot, voter: NodeId, refused: u8) {
        self.heard(ballot, voter, false);
        self.what.push(Observation::Counted {
            ballot,
            granted: None,
            refused: Some(u32::from(refused)),
            needed: None,
        });
    }

    fn heard(&mut self, ballot: Ballot, voter: NodeId, granted: bool) {
        let from = self.name(voter);
        self.what.push(Observation::Heard {
            from,
            ballot,
            granted,
            term: None,
        });
    }

    /// It answered a request for a vote or pre-vote.
    fn answer(&mut self, reason: &Reason) {
        match *reason {
            Reason::PreVoteGranted {
                candidate,
                term,
                theirs,
                mine,
            } => self.answered(candidate, Ballot::PreVote, term, Some((theirs, mine)), None),
            Reason::VoteGranted {
                candidate,
                term,
                theirs,
                mine,
                ..
            } => self.answered(candidate, Ballot::Vote, term, Some((theirs, mine)), None),
            Reason::PreVoteRefused {
                candidate,
                term,
                refusal,
            } => self.refused(candidate, Ballot::PreVote, term, refusal),
            Reason::VoteRefused {
                candidate,
                term,
                refusal,
            } => self.refused(candidate, Ballot::Vote, term, refusal),
            Reason::LeaseHeld {
                candidate,
                term,
                leader,
                ..
            } => {
                let refusal = self.has_leader(leader);
                self.answered(candidate, Ballot::Vote, term, None, Some(refusal));
            }
            _ => {}
        }
    }

    fn refused(&mut self, candidate: NodeId, ballot: Ballot, term: Term, refusal: VoteRefusal) {
        let (refusal, logs) = match refusal {
            VoteRefusal::AlreadyVoted { voted_for, .. } => {
                (Refusal::Voted(Some(self.name(voted_for))), None)
            }
            VoteRefusal::TermTaken { .. } => (Refusal::OlderTerm, None),
            VoteRefusal::LeaderAlive { leader, .. } => (self.has_leader(leader), None),
            VoteRefusal::LogBehind { theirs, mine } => (Refusal::OlderLog, Some((theirs, mine))),
        };
        self.answered(candidate, ballot, term, logs, Some(refusal));
    }

    fn has_leader(&mut self, leader: NodeId) -> Refusal {
        Refusal::HasLeader {
            leader: Some(self.name(leader)),
            ticks_left: None,
        }
    }

    fn answered(
        &mut self,
        candidate: NodeId,
        ballot: Ballot,
        term: Term,
        logs: Option<(Position, Position)>,
        refused: Option<Refusal>,
    ) {
        let candidate = self.name(candidate);
        let (theirs, own): (Option<LogEnd>, Option<LogEnd>) = logs
            .map(|(theirs, mine)| (log_end(theirs), log_end(mine)))
            .unzip();
        self.what.push(Observation::Answered(Box::new(VoteReply {
            candidate,
            ballot,
            term: Some(term.0),
            theirs,
            own,
            refused,
        })));
    }
}
