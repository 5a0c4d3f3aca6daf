//! When two worlds are equal: when the same can happen next, at the same times.
//!
//! Numbers that only put things into an order (of what is pending, of writes) are compared
//! by that order, not by their values. What machines are is compared by what they feed to
//! a hasher.

use std::hash::{Hash, Hasher};

use super::World;

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            now,
            servers,
            schedule,
            cuts,
            usual_latency,
            latencies,
            judge,
            // These two follow from the rest.
            waiting: _,
            messages_digest: _,
        } = self;
        *now == other.now
            && *servers == other.servers
            && *schedule == other.schedule
            && *cuts == other.cuts
            && *usual_latency == other.usual_latency
            && *latencies == other.latencies
            && *judge == other.judge
    }
}

impl Eq for World {}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.now, &self.servers, &self.schedule).hash(state);
        (self.cuts, &self.judge).hash(state);
    }
}
