//! A number for what can happen next, whatever the time.

use std::hash::{BuildHasher as _, Hash as _, Hasher};
use std::rc::Rc;

use foldhash::quality::FixedState;

use super::{Foreseen, World};
use crate::digest::digest_of;
use crate::message::InFlight;

/// The digest of a message on its way.
pub(super) fn message_digest(flight: &InFlight, held: bool) -> u64 {
    digest_of(&(flight, held))
}

impl World {
    /// A number for what can happen next if time is left out: a timer runs or does not,
    /// what a server remembers of its leader is fresh or not, and how long messages and
    /// writes take does not matter. Messages count as a multiset: the order in which they
    /// were sent does not matter either, nor does what the judge has as evidence.
    ///
    /// It is put together from parts, and only what has changed since the last call is
    /// computed again: it costs what a step has changed. Two worlds with equal digests are
    /// the same in this sense, but for a chance of about one in 2⁶⁴ for each pair.
    pub fn digest(&mut self) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        for index in 0..self.servers.len() {
            hasher.write_u64(self.server_digest(index));
        }
        hasher.write_u64(self.messages_digest());
        hasher.write_u64(self.judge.digest());
        self.hash_rest(&mut hasher);
        hasher.finish()
    }

    /// As [`World::digest`], of what was foreseen of it.
    pub fn digest_of_foreseen(&self, foreseen: &Foreseen) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        for server in &foreseen.servers {
            // It is known: only of such worlds is anything foreseen.
            hasher.write_u64(server.known_digest(self.now).unwrap_or_default());
        }
        hasher.write_u64(foreseen.messages_digest);
        hasher.write_u64(foreseen.judge.digest());
        self.hash_rest(&mut hasher);
        hasher.finish()
    }

    fn hash_rest(&self, state: &mut impl Hasher) {
        self.schedule.paused().hash(state);
        self.cuts.hash(state);
    }

    fn messages_digest(&mut self) -> u64 {
        let schedule = &mut self.schedule;
        let sum = || schedule.digest_messages(message_digest);
        *self.messages_digest.get_or_insert_with(sum)
    }

    pub(super) fn server_digest(&mut self, index: usize) -> u64 {
        let now = self.now;
        let Some(server) = self.servers.get_mut(index) else {
            return 0;
        };
        match server.known_digest(now) {
            Some(known) => known,
            None => Rc::make_mut(server).update_digest(now),
        }
    }
}
