//! A server's disk.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use hustings_raft::{
    Entries, LogIndex, Message, Millis, MillisRange, NodeId, Stored, Term, Write, WriteId,
};

use crate::message::WaitingMessage;
use crate::path::Link;
use crate::schedule::PendingId;

/// A server's disk. Two are equal if they differ only in the numbers of writes.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// Its content.
    pub(crate) stored: Stored,
    /// The range of write durations.
    pub(crate) delay: MillisRange,
    /// The pending writes, oldest first.
    pub(crate) writes: Vec<PendingWrite>,
    /// The messages that wait for a write to become durable, oldest first.
    pub(crate) waiting: Vec<Rc<WaitingMessage>>,
}

/// A write that is not durable yet. Two are equal if they differ only in their numbers.
#[derive(Clone, Debug)]
pub(crate) struct PendingWrite {
    pub(crate) write: Write,
    pub(crate) done_at: Millis,
    pub(crate) pending: PendingId,
}

impl Disk {
    pub(crate) fn new(stored: Stored, delay: MillisRange) -> Self {
        Self {
            stored,
            delay,
            writes: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Makes the oldest write durable, and returns it.
    pub(crate) fn finish_write(&mut self) -> Option<PendingWrite> {
        if self.writes.is_empty() {
            return None;
        }
        let done = self.writes.remove(0);
        self.stored.apply(&done.write);
        Some(done)
    }

    /// Removes and returns the messages whose writes are durable, in order.
    pub(crate) fn take_ready(&mut self) -> Vec<Rc<WaitingMessage>> {
        let waiting = std::mem::take(&mut self.waiting);
        let (waits, ready) = waiting
            .into_iter()
            .partition(|message| self.is_pending(message.write));
        self.waiting = waits;
        ready
    }

    /// Whether a write is not durable yet.
    pub(crate) fn is_pending(&self, write: WriteId) -> bool {
        self.place_of(write).is_some()
    }

    /// The place of a write among the pending ones.
    pub(crate) fn place_of(&self, write: WriteId) -> Option<usize> {
        self.writes
            .iter()
            .position(|pending| pending.write.id == write)
    }
}

impl Disk {
    /// The messages that wait, each with the place of its write.
    fn waiting_for(&self) -> impl Iterator<Item = (Link, &Message, Option<usize>)> {
        let waiting = self.waiting.iter();
        waiting.map(|it| (it.link, &*it.message, self.place_of(it.write)))
    }

    /// Feeds all that is on it and is to be written, but for the log on it, and the
    /// messages that wait; not how long that takes.
    pub(super) fn hash_without_log_and_time(&self, state: &mut impl Hasher) {
        (self.stored.term, self.stored.voted_for).hash(state);
        state.write_usize(self.writes.len());
        for pending in &self.writes {
            pending.content().hash(state);
        }
        state.write_usize(self.waiting.len());
        for waiting in self.waiting_for() {
            waiting.hash(state);
        }
    }
}

impl PartialEq for Disk {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored
            && self.delay == other.delay
            && self.writes == other.writes
            && self.waiting_for().eq(other.waiting_for())
    }
}

impl Eq for Disk {}

impl PendingWrite {
    fn content(&self) -> (Term, Option<NodeId>, &Option<(LogIndex, Entries)>) {
        let Write {
            id: _,
            term,
            voted_for,
            log,
        } = &self.write;
        (*term, *voted_for, log)
    }
}

impl PartialEq for PendingWrite {
    fn eq(&self, other: &Self) -> bool {
        self.content() == other.content() && self.done_at == other.done_at
    }
}

impl Eq for PendingWrite {}
