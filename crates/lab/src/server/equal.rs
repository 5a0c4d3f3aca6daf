//! When two servers are equal: when they can do the same next, at the same times.

use std::hash::{Hash, Hasher};

use super::Server;
use crate::digest::Kept;
use crate::machine::Machine;

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.program == other.program
            && self.view == other.view
            && (!self.is_up() || are_equal(&*self.machine, &*other.machine))
            && self.disk == other.disk
            && self.timers == other.timers
            && self.clock == other.clock
    }
}

/// Whether two machines with equal logs do the same next, at any time.
fn are_equal(one: &dyn Machine, other: &dyn Machine) -> bool {
    let fed_by = |machine: &dyn Machine| {
        let mut fed = Kept::default();
        machine.fingerprint(&mut fed);
        fed
    };
    one.fresh_until() == other.fresh_until() && fed_by(one) == fed_by(other)
}

impl Eq for Server {}

impl Hash for Server {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.id, self.program_digest).hash(state);
        self.log().hash(state);
        self.disk.stored.log.hash(state);
        self.disk.hash_without_log_and_time(state);
        if self.is_up() {
            self.machine.fingerprint(state);
        }
    }
}
