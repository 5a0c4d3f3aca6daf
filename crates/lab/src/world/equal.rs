//! When two worlds are equal: when the same can happen next, at the same times.
//!
//! Numbers that only put things into an order (of what is pending, of writes) are compared
//! by that order, not by their values. What machines are is compared by what they feed to
//! a hasher.

use std::hash::{Hash, Hasher};

use super::World;
use crate::schedule::Pending;

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        let pending = || self.schedule.iter().zip(other.schedule.iter());
        self.now == other.now
            && self.servers == other.servers
            && self.schedule.iter().len() == other.schedule.iter().len()
            && pending().all(|((_, one), (_, other))| one.is_like(other))
            && self.schedule.order().eq(other.schedule.order())
            && self.schedule.paused() == other.schedule.paused()
            && self.cuts == other.cuts
            && self.usual_latency == other.usual_latency
            && self.latencies == other.latencies
            && self.judge == other.judge
    }
}

impl Eq for World {}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.now.hash(state);
        for server in &self.servers {
            server.hash(state);
        }
        for (_, pending) in self.schedule.iter() {
            (pending.due_at, pending.held, &pending.what).hash(state);
        }
        self.schedule.paused().hash(state);
        self.cuts.hash(state);
        self.judge.digest().hash(state);
    }
}

impl Pending {
    fn is_like(&self, other: &Self) -> bool {
        (self.due_at, self.held) == (other.due_at, other.held) && self.what == other.what
    }
}
