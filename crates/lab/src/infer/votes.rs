//! Elections: requests that are answered, servers that stand, and votes that are counted.

use hustings_raft::{
    AppendResult, ElectionCause, Message, NodeId, NodeSet, Position, Reason, RoleName, Term, Timer,
    VoteRefusal, Votes,
};

use super::Step;
use crate::machine::View;
use crate::record::Event;

/// Requests of others.
impl Step<'_> {
    /// How it answered a request for a vote or a pre-vote, or one of an older term.
    pub(super) fn answered_request(&self, reasons: &mut Vec<Reason>) {
        let Some((sender, message)) = self.arrived().or_else(|| self.resumed()) else {
            return;
        };
        let told = match *message {
            Message::PreVote { term, last } => self.answered_pre_vote(sender, term, last),
            _ if message.term() < self.before.term => self.refused_stale(sender, message),
            Message::RequestVote { term, last, .. } => self.answered_vote(sender, term, last),
            _ => None,
        };
        reasons.extend(told);
    }

    fn refused_stale(&self, sender: NodeId, message: &Message) -> Option<Reason> {
        let refuses = |answer: &Message| match (message, answer) {
            (Message::RequestVote { .. }, Message::RequestVoteReply { granted, .. }) => !granted,
            (Message::AppendEntries { .. }, Message::AppendEntriesReply { result, .. }) => {
                matches!(result, AppendResult::Refused { .. })
            }
            _ => false,
        };
        let refused = self.before == self.after && self.answers_to(sender).any(refuses);
        refused.then(|| Reason::RequestStale {
            sender,
            kind: message.kind(),
            theirs: message.term(),
            mine: self.before.term,
        })
    }

    /// Whether it granted the vote that it was asked for: it says so, or it writes the vote, as
    /// a program says so only after that. What is written by then was told when it began to be.
    pub(super) fn grants_vote(&self) -> bool {
        let asked = self.arrived().or_else(|| self.resumed());
        let Some((sender, Message::RequestVote { term, .. })) = asked else {
            return false;
        };
        let (term, granted) = (*term, true);
        let grant = Message::RequestVoteReply { term, granted };
        let has_vote = |view: &View| view.term == term && view.voted_for == Some(sender);
        let had_vote = has_vote(self.before);
        let writes_vote = self.writes && has_vote(self.after) && !had_vote;
        let was_told = self.resumed().is_some() && had_vote;
        writes_vote || !was_told && self.answers_to(sender).any(|answer| *answer == grant)
    }

    fn answered_vote(&self, candidate: NodeId, term: Term, theirs: Position) -> Option<Reason> {
        let (mine, later) = (self.before.log.last(), term > self.before.term);
        let voted_for = self.before.voted_for.filter(|_| !later);
        let other_vote = voted_for.filter(|vote| *vote != candidate);
        let behind = !theirs.at_least_as_up_to_date_as(mine);
        if self.grants_vote() {
            // A vote that Raft does not allow says nothing of why it was given.
            let allowed = other_vote.is_none() && !behind;
            return allowed.then_some(Reason::VoteGranted {
                candidate,
                term,
                voted_for,
                theirs,
                mine,
            });
        }
        let refuses = |it: &Message| matches!(it, Message::RequestVoteReply { granted: false, .. });
        if !self.answers_to(candidate).any(refuses) {
            return None;
        }
        let refusal = match other_vote {
            Some(voted_for) => VoteRefusal::AlreadyVoted {
                voted_for,
                role: self.before.role.filter(|role| self.becomes(*role))?,
            },
            None if behind => VoteRefusal::LogBehind { theirs, mine },
            None => return None,
        };
        Some(Reason::VoteRefused {
            candidate,
            term,
            refusal,
        })
    }

    fn answered_pre_vote(&self, candidate: NodeId, term: Term, theirs: Position) -> Option<Reason> {
        let mine = self.before.log.last();
        let behind = !theirs.at_least_as_up_to_date_as(mine);
        let answer = self.answers_to(candidate).find_map(|answer| match answer {
            Message::PreVoteReply { term, granted } => Some((*term, *granted)),
            _ => None,
        });
        if answer == Some((term, true)) {
            return (!behind).then_some(Reason::PreVoteGranted {
                candidate,
                term,
                theirs,
                mine,
            });
        }
        // A server that knows a leader may refuse because of that.
        let refuses = answer.is_some_and(|(_, granted)| !granted);
        if !refuses || self.before.leader.is_some() {
            return None;
        }
        let own = self.before.term;
        let taken = |vote: NodeId| term == own && vote != candidate;
        let refusal = if term < own || self.before.voted_for.is_some_and(taken) {
            VoteRefusal::TermTaken { mine: own }
        } else if behind {
            VoteRefusal::LogBehind { theirs, mine }
        } else {
            return None;
        };
        Some(Reason::PreVoteRefused {
            candidate,
            term,
            refusal,
        })
    }
}

/// Elections of its own. A server that does not show its votes is not told to stand: how
/// its election goes could not be told either.
impl Step<'_> {
    /// The election or the pre-vote that it begins. That it asks somebody shows it, or that
    /// it writes its own vote, as a program asks only after that.
    pub(super) fn stood(&self, reasons: &mut Vec<Reason>) {
        let Some((members, needed)) = self.majority().filter(|_| self.after.votes.is_some()) else {
            return;
        };
        let last = self.after.log.last();
        if self.begins_pre_vote() {
            let term = self.after.term.next();
            reasons.push(Reason::PreVoteStarted {
                term,
                last,
                needed,
                members,
            });
        }
        let term = self.after.term;
        let asks =
            |it: &Message| matches!(it, Message::RequestVote { term: asked, .. } if *asked == term);
        let stands = self.becomes(RoleName::Candidate)
            && term > self.before.term
            && self.after.voted_for == Some(self.server)
            && (self.writes && members.len() > 1
                || self.decided().any(|(_, message)| asks(message)));
        let Some(cause) = self.election_cause(reasons).filter(|_| stands) else {
            return;
        };
        if let (ElectionCause::ToldToStand, Some((leader, _))) = (cause, self.arrived()) {
            reasons.push(Reason::ToldToStand { leader });
        }
        reasons.push(Reason::ElectionStarted {
            cause,
            term,
            last,
            needed,
            members,
        });
    }

    fn begins_pre_vote(&self) -> bool {
        let timed_out = matches!(
            self.event,
            Event::TimerFired {
                timer: Timer::Election,
                ..
            }
        );
        let next = self.after.term.next();
        let asks = |it: &Message| matches!(it, Message::PreVote { term, .. } if *term == next);
        timed_out
            && self.becomes(RoleName::PreCandidate)
            && self.keeps_term()
            && self.decided().any(|(_, message)| asks(message))
    }

    /// Why it stands; pre-votes that it has won are told first.
    fn election_cause(&self, reasons: &mut Vec<Reason>) -> Option<ElectionCause> {
        match (self.event, self.arrived()) {
            (
                Event::TimerFired {
                    timer: Timer::Election,
                    ..
                },
                _,
            ) if !self.before.leads() => Some(ElectionCause::TimedOut),
            (_, Some((_, Message::TimeoutNow { term })))
                if *term >= self.before.term && self.after.term == term.next() =>
            {
                Some(ElectionCause::ToldToStand)
            }
            (
                _,
                Some((
                    voter,
                    Message::PreVoteReply {
                        term,
                        granted: true,
                    },
                )),
            ) if *term == self.after.term && self.becomes(RoleName::Candidate) => {
                self.won_pre_vote(voter, reasons)
            }
            _ => None,
        }
    }

    fn won_pre_vote(&self, voter: NodeId, reasons: &mut Vec<Reason>) -> Option<ElectionCause> {
        let (members, needed) = self.majority()?;
        let stood = self.before.role == Some(RoleName::PreCandidate);
        let mut granted = self.before.votes.filter(|_| stood)?.granted;
        let is_next = self.after.term == self.before.term.next();
        let enough =
            granted.insert(voter) && granted.minus(members).is_empty() && granted.len() >= needed;
        if !is_next || !enough {
            return None;
        }
        reasons.push(Reason::PreVoteCounted {
            voter,
            granted: granted.len(),
            needed,
        });
        reasons.push(Reason::PreVoteWon {
            term: self.after.term,
            granted,
            needed,
            members,
        });
        Some(ElectionCause::PreVoteWon)
    }

    /// The votes that it counts, and the election that it wins.
    pub(super) fn counted(&self, reasons: &mut Vec<Reason>) {
        if let (Some(role), Some(votes)) = (self.after.role, self.after.votes) {
            self.counted_as(role, votes, reasons);
        } else if self.begins_to_lead() {
            self.won(reasons);
        }
    }

    fn counted_as(&self, role: RoleName, votes: Votes, reasons: &mut Vec<Reason>) {
        let Some((members, needed)) = self.majority() else {
            return;
        };
        let same_election =
            self.before.role == Some(role) && self.keeps_term() && !self.begins_pre_vote();
        let before = self.before.votes.filter(|_| same_election);
        let before = before.unwrap_or_default();
        let pre_vote = role == RoleName::PreCandidate;
        let granted = votes.granted.intersection(members);
        for voter in granted.minus(before.granted).iter() {
            let granted = granted.len();
            reasons.push(if pre_vote {
                Reason::PreVoteCounted {
                    voter,
                    granted,
                    needed,
                }
            } else {
                Reason::VoteCounted {
                    voter,
                    granted,
                    needed,
                }
            });
        }
        let refused = votes.refused.intersection(members);
        let hope = members.len() - refused.len() >= needed;
        for voter in refused.minus(before.refused).iter() {
            let refused = refused.len();
            reasons.push(if pre_vote {
                Reason::PreVoteDenied {
                    voter,
                    refused,
                    hope,
                }
            } else {
                Reason::VoteDenied {
                    voter,
                    refused,
                    hope,
                }
            });
        }
    }

    fn won(&self, reasons: &mut Vec<Reason>) {
        let stood = self.before.role == Some(RoleName::Candidate) && self.keeps_term();
        let (Some(members), Some(votes)) = (self.before.members, self.before.votes) else {
            return;
        };
        let voter = self.last_vote().filter(|voter| members.contains(*voter));
        let granted: NodeSet = votes.granted.iter().chain(voter).collect();
        let granted = granted.intersection(members);
        let (count, needed) = (granted.len(), members.majority());
        if !stood || count < needed {
            return;
        }
        if let Some(voter) = voter.filter(|voter| !votes.granted.contains(*voter)) {
            let granted = count;
            reasons.push(Reason::VoteCounted {
                voter,
                granted,
                needed,
            });
        }
        reasons.push(Reason::ElectionWon {
            term: self.after.term,
            granted,
            count,
            needed,
            members,
        });
    }

    /// The vote that has just arrived, or become durable.
    fn last_vote(&self) -> Option<NodeId> {
        let term = self.after.term;
        let granted = true;
        if let Some((voter, message)) = self.arrived() {
            return (*message == Message::RequestVoteReply { term, granted }).then_some(voter);
        }
        let own = self.stored.term == term && self.stored.voted_for == Some(self.server);
        let wrote = matches!(self.event, Event::WriteDone { .. });
        (wrote && own).then_some(self.server)
    }
}
