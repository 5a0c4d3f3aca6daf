//! A number for what can happen next, whatever the time.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::FixedState;
use hustings_raft::{Entry, Log, LogIndex, Millis, Timer};

use std::rc::Rc;

use super::disk::PendingWrite;
use super::{Server, World};
use crate::digest::digest_of;
use crate::message::InFlight;

/// The digest of a server, as far as it is known.
#[derive(Clone, Default, Debug)]
pub(crate) struct ServerDigest {
    /// Of everything but the freshness of what it remembers; `None` after a change.
    known: Option<u64>,
    log: LogDigest,
    stored_log: LogDigest,
}

/// The digest of a log, with the log that it is of: a longer or shorter one costs only
/// what differs.
#[derive(Clone, Default, Debug)]
struct LogDigest {
    log: Log,
    sum: u64,
}

impl ServerDigest {
    /// To be called when the server changes.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }
}

impl LogDigest {
    /// The sum over all entries, each with its index.
    fn update(&mut self, log: &Log) -> u64 {
        if let Some(first) = self.log.first_difference(log) {
            let sum_from = |log: &Log| sum_of_entries(first, log.from(first));
            self.sum = self
                .sum
                .wrapping_sub(sum_from(&self.log))
                .wrapping_add(sum_from(log));
            self.log = log.clone();
        }
        self.sum
    }
}

fn sum_of_entries<'a>(first: LogIndex, entries: impl Iterator<Item = &'a Entry>) -> u64 {
    let indexes = (first.0..).map(LogIndex);
    let digests = indexes.zip(entries).map(|it| digest_of(&it));
    digests.fold(0, u64::wrapping_add)
}

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
        self.schedule.paused().hash(&mut hasher);
        self.cuts.hash(&mut hasher);
        hasher.finish()
    }

    fn messages_digest(&mut self) -> u64 {
        let messages = || self.schedule.messages();
        let sum = || {
            let digests = messages().map(|(_, flight, held)| message_digest(flight, held));
            digests.fold(0, u64::wrapping_add)
        };
        *self.messages_digest.get_or_insert_with(sum)
    }

    fn server_digest(&mut self, index: usize) -> u64 {
        let now = self.now;
        let Some(server) = self.servers.get_mut(index) else {
            return 0;
        };
        let known = match server.digest.known {
            Some(known) => known,
            None => Rc::make_mut(server).update_digest(),
        };
        // A bit of its own, as it changes with the time alone.
        known ^ u64::from(server.remembers_fresh(now))
    }
}

impl Server {
    fn update_digest(&mut self) -> u64 {
        let mut digest = std::mem::take(&mut self.digest);
        let mut hasher = FixedState::default().build_hasher();
        self.is_up().hash(&mut hasher);
        if self.is_up() {
            self.machine().fingerprint(&mut hasher);
            hasher.write_u64(digest.log.update(self.log()));
        }
        hasher.write_u64(digest.stored_log.update(&self.disk.stored.log));
        self.hash_disk(&mut hasher);
        for timer in Timer::ALL {
            self.timer(timer).is_some().hash(&mut hasher);
        }
        let known = hasher.finish();
        digest.known = Some(known);
        self.digest = digest;
        known
    }

    /// Feeds the disk but for its log: writes by their content, and messages by the place
    /// of the write that they wait for.
    pub(super) fn hash_disk(&self, state: &mut impl Hasher) {
        let disk = &self.disk;
        (disk.stored.term, disk.stored.voted_for).hash(state);
        for PendingWrite { write, .. } in &disk.writes {
            (write.term, write.voted_for, &write.log).hash(state);
        }
        state.write_usize(disk.waiting.len());
        for waiting in &disk.waiting {
            (waiting.link, &waiting.message, disk.place_of(waiting.write)).hash(state);
        }
    }

    /// Whether what the server remembers of the past still makes a difference.
    fn remembers_fresh(&self, now: Millis) -> bool {
        let until = self.is_up().then(|| self.machine().fresh_until()).flatten();
        until.is_some_and(|until| self.clock.local_millis(now) < until)
    }
}
