//! A server's disk.

use std::rc::Rc;

use hustings_raft::{Millis, MillisRange, Stored, Write, WriteId};

use crate::message::WaitingMessage;
use crate::schedule::PendingId;

/// A server's disk.
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

/// A write that is not durable yet.
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

    /// Removes and returns the messages whose writes are durable.
    pub(crate) fn take_ready(&mut self) -> Vec<Rc<WaitingMessage>> {
        let waits = |message: &Rc<WaitingMessage>| self.is_pending(message.write);
        let first = self.waiting.iter().position(waits);
        let count = first.unwrap_or(self.waiting.len());
        self.waiting.drain(..count).collect()
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
