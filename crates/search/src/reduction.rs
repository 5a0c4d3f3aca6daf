//! What a search leaves out, as it makes no difference.

use hustings_lab::Symmetry;

use crate::bounds::{Bounds, Limited};
use crate::goal::Goal;
use crate::state::State;

/// What a search leaves out, as it makes no difference to whether something is found.
///
/// There is one at a time. That of two orders only one is followed relies on each state being
/// looked at itself, not one that differs from it in names, in which another order is followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// Nothing.
    None,
    /// Of two steps of different servers, one order ([`State::is_covered`]).
    Order,
    /// Of states that differ only in the names of servers, all but one.
    Names,
}

impl Reduction {
    /// The one that leaves out the most of those that make no difference here.
    pub fn best(start: &State, bounds: &Bounds, goal: &Goal) -> Self {
        if Self::Names.is_sound(start, bounds, goal) {
            Self::Names
        } else if Self::Order.is_sound(start, bounds, goal) {
            Self::Order
        } else {
            Self::None
        }
    }

    /// Whether it makes no difference.
    pub fn is_sound(self, start: &State, bounds: &Bounds, goal: &Goal) -> bool {
        match self {
            Self::None => true,
            // A state that is not gone on from may be the one by which others are covered.
            Self::Order => bounds.in_flight == Bounds::IN_FLIGHT_MAX,
            // Disks differ if some are slow, members once they change, and a condition may name
            // servers.
            Self::Names => {
                let slow = start.slow.is_empty() || start.slow == start.world.ids();
                slow && !bounds.budget.has(Limited::Changes)
                    && matches!(goal, Goal::Violation(_))
                    && Symmetry::of(&start.world).is_some()
            }
        }
    }
}
