//! A number for what a server can do next, whatever the time.

use std::hash::{BuildHasher as _, Hash, Hasher};

use foldhash::quality::FixedState;
use hustings_raft::{Entry, Log, LogIndex, Millis};

use super::{LocalTime, Server};
use crate::digest::digest_of;

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

impl Server {
    /// To be called when the server changes.
    pub(crate) fn forget_digest(&mut self) {
        self.digest.known = None;
    }

    /// The digest, unless the server has changed since it was computed.
    pub(crate) fn known_digest(&self, now: Millis) -> Option<u64> {
        // Freshness is a bit of its own, as it changes with the time alone.
        let fresh = u64::from(self.remembers_fresh(now));
        self.digest.known.map(|known| known ^ fresh)
    }

    /// Computes the digest again, as far as the server has changed.
    pub(crate) fn update_digest(&mut self, now: Millis) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        hasher.write_u64(self.program_digest);
        self.is_up().hash(&mut hasher);
        if self.is_up() {
            self.machine.fingerprint(&mut hasher);
            hasher.write_u64(self.digest.log.update(&self.view.log));
        }
        hasher.write_u64(self.digest.stored_log.update(&self.disk.stored.log));
        self.disk.hash_without_log_and_time(&mut hasher);
        hasher.write_u8(self.timers.running());
        let known = hasher.finish();
        self.digest.known = Some(known);
        known ^ u64::from(self.remembers_fresh(now))
    }

    /// A number for all that makes a difference to what the server does in worlds of one time,
    /// if its digest is known.
    pub(crate) fn packing_digest(&self) -> u64 {
        let fresh_until = self.is_up().then(|| self.machine.fresh_until());
        digest_of(&(self.id, self.digest.known, fresh_until))
    }

    /// Whether what the server remembers of the past still makes a difference.
    fn remembers_fresh(&self, now: Millis) -> bool {
        self.fresh_until_local(now).is_some()
    }

    /// Until when, in true time, what the server remembers makes a difference; `None` if it
    /// does not now.
    pub(crate) fn fresh_until(&self, now: Millis) -> Option<Millis> {
        let until = self.fresh_until_local(now)?;
        let hundredths = until.0.saturating_mul(100);
        Some(
            self.clock
                .true_time_at(LocalTime::from_hundredths(hundredths)),
        )
    }

    fn fresh_until_local(&self, now: Millis) -> Option<Millis> {
        let until = self.is_up().then(|| self.machine.fresh_until()).flatten()?;
        (self.clock.local_millis(now) < until).then_some(until)
    }
}
