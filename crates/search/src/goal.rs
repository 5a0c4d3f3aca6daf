//! What is looked for.

use hustings_lab::{Claim, Condition, Done, Invariant, Judgement, MessagePattern};
use hustings_raft::NodeId;

use crate::state::State;
use crate::step::Letter;
use crate::take::Came;

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Goal {
    /// The violation of an invariant; `None` for any.
    Violation(Option<Invariant>),
    /// A condition that holds after a step. One about something that happens holds if it
    /// has happened in that step.
    Condition(Box<Condition>),
}

impl From<Condition> for Goal {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Violation => Self::Violation(None),
            Condition::Asserted(Claim::Violation(invariant)) => Self::Violation(Some(invariant)),
            other => Self::Condition(Box::new(other)),
        }
    }
}

impl Goal {
    /// Whether a step may bring it about on which the judge judges so.
    pub(crate) fn may_be_reached(&self, judgement: &Judgement) -> bool {
        match self {
            Self::Violation(_) => !judgement.findings.is_empty(),
            Self::Condition(_) => true,
        }
    }

    /// Whether a step has brought it about, after which this is the state.
    pub(crate) fn is_reached(&self, state: &State, came: &Came) -> bool {
        match self {
            Self::Violation(wanted) => {
                let mut found = came.done.judgement.findings.iter();
                found.any(|it| wanted.is_none_or(|wanted| wanted == it.evidence.invariant()))
            }
            Self::Condition(condition) => {
                let holds = state.world.holds(condition);
                holds.unwrap_or_else(|| has_happened(condition, state, came))
            }
        }
    }
}

/// Whether a condition about something that happens was met by a step.
fn has_happened(condition: &Condition, state: &State, came: &Came) -> bool {
    let is_so = |claim: &Claim| match claim {
        Claim::Sent(pattern) => has_sent(state, &came.done, pattern),
        Claim::Delivered(pattern) => matches(&came.delivered, pattern),
        Claim::Lost(pattern) => matches(&came.lost, pattern),
        Claim::Refused(server) => refuses(state, &came.done, *server),
        Claim::Violation(invariant) => {
            let mut found = came.done.judgement.findings.iter();
            found.any(|it| it.evidence.invariant() == *invariant)
        }
        // These are about what is.
        Claim::InFlight(_) | Claim::Committed(_) | Claim::CommittedAs { .. } => false,
    };
    match condition {
        Condition::SentNothing => came.done.sent.is_empty(),
        Condition::Violation => !came.done.judgement.findings.is_empty(),
        Condition::Asserted(claim) => is_so(claim),
        Condition::Denied(claim) => !is_so(claim),
        _ => false,
    }
}

fn matches(letter: &Option<Letter>, pattern: &MessagePattern) -> bool {
    let letter = letter.as_ref();
    letter.is_some_and(|it| pattern.matches(it.link, &it.message))
}

fn has_sent(state: &State, done: &Done, pattern: &MessagePattern) -> bool {
    let mut sent = done.sent.iter().filter_map(|it| state.world.message(it.id));
    sent.any(|it| pattern.matches(it.link, &it.message))
}

/// Whether a server is refused its vote, its pre-vote or its entries: whether it is answered
/// so, now or once a write is durable.
fn refuses(state: &State, done: &Done, server: NodeId) -> bool {
    let sent = done.sent.iter().filter_map(|it| state.world.message(it.id));
    let sent = sent.map(|it| (it.link, &it.message));
    let waiting = done.waiting.iter().map(|it| (it.link, &it.message));
    let mut answers = sent.chain(waiting);
    answers.any(|(link, message)| link.to == server && message.is_positive() == Some(false))
}
