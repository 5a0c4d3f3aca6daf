//! When two servers are equal: when they can do the same next, at the same times.

use std::hash::{Hash, Hasher};

use hustings_raft::Timer;

use super::Server;
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
            Timer::ALL.map(|timer| {
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
