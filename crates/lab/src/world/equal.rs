//! When two worlds are equal: when the same can happen next, at the same times.
//!
//! Numbers that only put things into an order (of what is pending, of writes) are compared
//! by that order, not by their values. What machines are is compared by what they feed to
//! a hasher.

use std::hash::{Hash, Hasher};

use super::schedule::Pending;
use super::{Server, World};
use crate::machine::Machine;

/// What is fed to a hasher, kept as it is.
#[derive(Default, PartialEq, Eq)]
struct Fed(Vec<u8>);

impl Hasher for Fed {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

impl Fed {
    fn by(machine: &dyn Machine) -> Self {
        let mut fed = Self::default();
        machine.fingerprint(&mut fed);
        fed
    }
}

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

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        let writes = |server: &Self| -> Vec<_> {
            let writes = server.disk.writes.iter().cloned();
            writes
                .map(|it| (it.write.term, it.write.voted_for, it.write.log, it.done_at))
                .collect()
        };
        let waiting = |server: &Self| -> Vec<_> {
            let waiting = server.disk.waiting.iter();
            waiting
                .map(|it| {
                    let place = server.disk.place_of(it.write);
                    (it.link, it.message.clone(), place)
                })
                .collect()
        };
        let timers = |server: &Self| {
            hustings_raft::Timer::ALL.map(|timer| {
                let running = server.timer(timer);
                running.map(|running| (running.due_at, running.due_local))
            })
        };
        self.id() == other.id()
            && self.view() == other.view()
            && self.is_up() == other.is_up()
            && (!self.is_up()
                || self.machine().fresh_until() == other.machine().fresh_until()
                    && Fed::by(self.machine()) == Fed::by(other.machine()))
            && self.disk.stored == other.disk.stored
            && self.disk.delay == other.disk.delay
            && writes(self) == writes(other)
            && waiting(self) == waiting(other)
            && timers(self) == timers(other)
            && self.clock == other.clock
    }
}

impl Eq for Server {}

impl Hash for Server {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
        self.log().hash(state);
        self.disk.stored.hash(state);
        self.hash_disk(state);
        if self.is_up() {
            self.machine().fingerprint(state);
        }
    }
}
