//! Rows of traces, which tell each step of a member with its state and with the message that
//! it sends or receives.

use super::table::Words;
use crate::observation::{Ballot, LogEnd, Observation, Refusal, Role, State, VoteReply};

/// Fields, of which the first that is there counts.
pub(super) type Paths = &'static [&'static str];

/// Where a trace has what all traces have.
pub(super) struct Trace {
    /// The term of the message.
    pub(super) term: Paths,
    /// Who sent it.
    pub(super) from: Paths,
    /// To whom it goes.
    pub(super) to: Paths,
    /// The member's state: that before it handles a message, and that after all other steps.
    pub(super) state: fn(&mut Words<'_>) -> State,
}

impl Trace {
    /// The member's state, and nothing else.
    pub(super) fn state(&self, it: &mut Words<'_>) -> Option<Observation> {
        Some(Observation::State((self.state)(it)))
    }

    /// The member has a new role.
    pub(super) fn became(&self, it: &mut Words<'_>, role: Role) -> Option<Observation> {
        let state = (self.state)(it);
        let term = state.term;
        it.also(Observation::State(state));
        Some(Observation::Became {
            role,
            term: Some(term?),
            leader: it.me.filter(|_| role == Role::Leader),
        })
    }

    /// The member asks another for its vote.
    pub(super) fn asked(
        &self,
        it: &mut Words<'_>,
        ballot: Ballot,
        log: Option<LogEnd>,
    ) -> Option<Observation> {
        let state = Observation::State((self.state)(it));
        it.also(state);
        Some(Observation::Asked {
            to: it.member(first(it, self.to)?)?,
            ballot,
            term: it.number(first(it, self.term)?),
            log,
        })
    }

    /// The member answers a request. Where it refuses its vote, and has given it to another, it
    /// is for that.
    pub(super) fn answered(
        &self,
        it: &mut Words<'_>,
        ballot: Ballot,
        granted: bool,
    ) -> Option<Observation> {
        let state = (self.state)(it);
        let candidate = it.member(first(it, self.to)?)?;
        if Some(candidate) == it.me {
            return Some(Observation::State(state));
        }
        let voted_for = state.vote.flatten().filter(|vote| *vote != candidate);
        let refusal = match voted_for {
            Some(other) if ballot == Ballot::Vote => Refusal::Voted(Some(other)),
            _ => Refusal::Unsaid,
        };
        it.also(Observation::State(state));
        Some(Observation::Answered(Box::new(VoteReply {
            candidate,
            ballot,
            term: it.number(first(it, self.term)?),
            theirs: None,
            own: None,
            refused: (!granted).then_some(refusal),
        })))
    }

    /// The member receives an answer to its request.
    pub(super) fn heard(
        &self,
        it: &mut Words<'_>,
        ballot: Ballot,
        granted: bool,
    ) -> Option<Observation> {
        let term = it.number(first(it, self.term)?);
        let state = (self.state)(it);
        if term != state.term {
            return self.received(it, false);
        }
        it.also(Observation::State(state));
        Some(Observation::Heard {
            from: it.member(first(it, self.from)?)?,
            ballot,
            granted,
            term,
        })
    }

    /// The member receives what only a leader sends.
    pub(super) fn led(&self, it: &mut Words<'_>) -> Option<Observation> {
        let term = it.number(first(it, self.term)?);
        let state = (self.state)(it);
        if term != state.term {
            return self.received(it, false);
        }
        Some(Observation::State(State {
            leader: Some(it.member(first(it, self.from)?)),
            ..state
        }))
    }

    /// The member receives a message, in which another may stand for election.
    pub(super) fn received(&self, it: &mut Words<'_>, stands: bool) -> Option<Observation> {
        let from = first(it, self.from).and_then(|from| it.member(from));
        let term = it.number(first(it, self.term)?)?;
        let state = (self.state)(it);
        let own = state.term;
        let state = Observation::State(state);
        let tells = match own? {
            own_term if term > own_term => Observation::NewerTerm {
                from,
                stands,
                own,
                newer: Some(term),
            },
            own_term if term < own_term => Observation::OlderTerm {
                from,
                stands,
                own,
                older: term,
            },
            _ => return Some(state),
        };
        it.also(state);
        Some(tells)
    }
}

/// The first of these fields that is there.
pub(super) fn first<'p>(it: &Words<'_>, paths: &[&'p str]) -> Option<&'p str> {
    paths.iter().copied().find(|path| it.text(path).is_some())
}
