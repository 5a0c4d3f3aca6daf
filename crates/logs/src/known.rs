//! What is known of a member at a moment.
//!
//! Silence is no fact: what no line tells is `None`, and what a newer line contradicts is
//! forgotten rather than guessed.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::names::Name;
use crate::observation::{Ballot, LogEnd, Observation, Role, State};
use crate::shown::{EventId, MemberId, Presence};
use crate::time::Moment;

/// What was known of a member, from when on, up to the next of its spans.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span<At = Moment> {
    /// From when on.
    pub from: At,
    /// The event with which it began; `None` if it began between two, or silence did.
    pub event: Option<EventId>,
    /// What was known.
    pub known: Known,
}

/// What is known of a member. `None` is what no line tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Known {
    /// Whether it runs.
    pub presence: Presence,
    /// Its role.
    pub role: Option<Role>,
    /// The newest term that lines tell of it.
    pub term: Option<u64>,
    /// Its vote in that term: `Some(None)` if it has given none.
    pub vote: Option<Option<MemberId>>,
    /// The leader that it follows: `Some(None)` if it knows none.
    pub leader: Option<Option<MemberId>>,
    /// The end of its log, when it was last told.
    pub log: Option<LogEnd>,
    /// Its commit index, when it was last told.
    pub commit: Option<u64>,
}

/// What others saw a member do in a term.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seen {
    /// It gave its vote to this candidate.
    VotedFor(MemberId),
    /// It asked for votes.
    Standing,
    /// It led.
    Leading,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            presence: Presence::Unknown,
            role: None,
            term: None,
            vote: None,
            leader: None,
            log: None,
            commit: None,
        }
    }
}

impl Known {
    /// What is known after this, said by the member itself.
    pub(crate) fn learn(&mut self, me: MemberId, what: &Observation, members: &Members) {
        self.presence = Presence::Running;
        if let Some(term) = what.term() {
            self.is_in(term);
        }
        let member = |name: Name| members.get(name);
        match what {
            Observation::Started(state) => {
                let log = self.log;
                *self = Self {
                    presence: Presence::Running,
                    role: Some(Role::Follower),
                    leader: Some(None),
                    term: self.term,
                    vote: self.vote,
                    log,
                    commit: None,
                };
                self.take(state, members);
            }
            Observation::State(state) => self.take(state, members),
            Observation::Became { role, leader, .. } => {
                self.become_role(me, *role, *leader, members)
            }
            Observation::Answered(reply) => {
                self.log = reply.own.or(self.log);
                if reply.ballot == Ballot::Vote && reply.refused.is_none() {
                    self.vote = member(reply.candidate).map(Some);
                }
            }
            Observation::Asked { log, .. } => self.log = log.or(self.log),
            Observation::LeaderFound { leader, .. } => self.leader = member(*leader).map(Some),
            Observation::LeaderLost { .. } | Observation::TimedOut { .. } => {
                self.leader = Some(None);
            }
            Observation::EntriesRefused { by: None, end } => self.log = end.or(self.log),
            Observation::Restored(end) => self.log = Some(*end),
            Observation::Truncated { .. } => self.log = None,
            _ => {}
        }
    }

    /// What is known after another member has told that this one is in a term: if that is newer,
    /// what was known of it before is so no more.
    pub(crate) fn is_told_of(&mut self, me: MemberId, term: u64, seen: Seen) {
        if self.term.is_some_and(|it| it >= term) {
            return;
        }
        self.is_in(term);
        match seen {
            Seen::VotedFor(candidate) => {
                self.vote = Some(Some(candidate));
                self.role = self.role.map(|_| Role::Follower);
            }
            Seen::Standing => {
                self.vote = Some(Some(me));
                self.role = self.role.map(|_| Role::Candidate);
            }
            // By now it may lead no more.
            Seen::Leading => {
                self.vote = None;
                self.leader = None;
                self.role = None;
            }
        }
    }

    /// The member is in this term: a new one begins without a vote or a leader.
    fn is_in(&mut self, term: u64) {
        if self.term != Some(term) {
            let is_newer = self.term.is_some_and(|it| it < term);
            self.vote = is_newer.then_some(None);
            self.leader = is_newer.then_some(None);
            // What was committed by its start says little once others lead.
            self.commit = None;
            self.term = Some(term);
        }
    }

    fn become_role(&mut self, me: MemberId, role: Role, leader: Option<Name>, members: &Members) {
        self.role = Some(role);
        match role {
            Role::Leader => self.leader = Some(Some(me)),
            // Whoever stands votes for itself (Raft paper, 5.2).
            Role::Candidate => (self.vote, self.leader) = (Some(Some(me)), Some(None)),
            Role::PreCandidate => self.leader = Some(None),
            Role::Follower | Role::Learner => {
                let named = leader.and_then(|it| members.get(it));
                if named.is_some() {
                    self.leader = Some(named);
                } else if self.leader == Some(Some(me)) {
                    self.leader = Some(None);
                }
            }
        }
    }

    fn take(&mut self, state: &State, members: &Members) {
        if let Some(term) = state.term {
            self.is_in(term);
        }
        let named = |it: Option<Name>| it.map(|it| members.get(it));
        self.role = state.role.or(self.role);
        if let Some(vote) = state.vote {
            self.vote = named(vote).map_or(Some(None), |it| it.map(Some));
        }
        if let Some(leader) = state.leader {
            self.leader = named(leader).map_or(Some(None), |it| it.map(Some));
        }
        self.log = state.log.or(self.log);
        self.commit = state.commit.or(self.commit);
    }
}
