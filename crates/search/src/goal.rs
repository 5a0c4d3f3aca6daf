//! What is looked for.

use hustings_lab::{Condition, Done, Invariant, World};

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Goal {
    /// The violation of an invariant; `None` for any.
    Violation(Option<Invariant>),
    /// A state of which a condition holds ([`World::holds`]).
    State(Box<Condition>),
}

impl Goal {
    /// Whether a step has brought it about, after which this is the world.
    pub(crate) fn is_reached(&self, world: &World, done: &Done) -> bool {
        match self {
            Self::Violation(wanted) => {
                let mut found = done.judgement.findings.iter();
                found.any(|it| wanted.is_none_or(|wanted| wanted == it.evidence.invariant()))
            }
            Self::State(condition) => world.holds(condition) == Some(true),
        }
    }
}
