//! The pending and durable writes of a server.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use crate::{Log, LogIndex, Node, NodeId, Output, Role, Rules, Term, Write, WriteId};

/// Tracks the writes of a server. Of the log, each write holds a suffix: from
/// `changed_from`, the first index that differs from the last write.
///
/// Two disks are equal if they differ only in how many writes are durable.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    /// The last write that is durable. Those after it are pending.
    durable: WriteId,
    dirty: bool,
    changed_from: Option<LogIndex>,
    /// For each pending write, in order, the last index up to which the log has not
    /// changed since.
    pending: Vec<LogIndex>,
    durable_index: LogIndex,
}

impl Disk {
    /// A disk whose log ends at `last`.
    pub(super) fn with_last_index(last: LogIndex) -> Self {
        Self {
            durable: WriteId(0),
            dirty: false,
            changed_from: None,
            pending: Vec::new(),
            durable_index: last,
        }
    }

    /// Resets after a restart with a log that ends at `last`. Pending writes are lost.
    /// Write ids continue, so that a completion from before the crash is not mistaken
    /// for that of a later write.
    pub(super) fn restart(&mut self, last: LogIndex) {
        *self = Self {
            durable: self.issued(),
            ..Self::with_last_index(last)
        };
    }

    /// Whether anything has changed since the last write.
    #[inline]
    pub(super) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Marks the term or the vote as changed.
    #[inline]
    pub(super) fn mark_dirty(&mut self) {
        self.dirty = true;
    }

    /// Marks the log as changed from this index on.
    pub(super) fn log_changed(&mut self, from: LogIndex) {
        self.dirty = true;
        self.changed_from = Some(self.changed_from.map_or(from, |before| before.min(from)));
        // If an entry is replaced and later restored, pending writes that hold it do
        // not make it durable: after them the disk still gets the replacement first.
        let kept = from.previous();
        self.durable_index = self.durable_index.min(kept);
        let latest_first = self.pending.iter_mut().rev();
        for end in latest_first.take_while(|end| **end > kept) {
            *end = kept;
        }
    }

    /// Returns the write that brings the disk up to date.
    pub(super) fn take_write(&mut self, term: Term, voted_for: Option<NodeId>, log: &Log) -> Write {
        self.dirty = false;
        self.pending.push(log.last_index());
        let changed = self.changed_from.take();
        Write {
            id: self.issued(),
            term,
            voted_for,
            log: changed.map(|from| (from, log.copy(from, usize::MAX))),
        }
    }

    /// The last write, if it is not durable yet.
    #[inline]
    pub(super) fn last_pending(&self) -> Option<WriteId> {
        (!self.pending.is_empty()).then(|| self.issued())
    }

    /// How many pending writes, this one included, must become durable for a write to be
    /// so; 0 if it is.
    pub(super) fn writes_until(&self, write: WriteId) -> u64 {
        write.0.saturating_sub(self.durable.0)
    }

    /// The id of the last write.
    #[inline]
    fn issued(&self) -> WriteId {
        WriteId(self.durable.0 + self.pending.len() as u64)
    }

    /// The id of the next write.
    fn next(&self) -> WriteId {
        WriteId(self.issued().0 + 1)
    }

    #[inline]
    pub(super) fn durable_index(&self) -> LogIndex {
        self.durable_index
    }

    /// Marks a write and all before it as durable; false if they already were, or the
    /// id is unknown.
    fn complete(&mut self, write: WriteId) -> bool {
        if write <= self.durable || write > self.issued() {
            return false;
        }
        let done = self.writes_until(write) as usize;
        self.durable = write;
        for end in self.pending.drain(..done) {
            self.durable_index = self.durable_index.max(end);
        }
        true
    }

    /// What two equal disks have in common.
    fn state(&self) -> impl Eq + Hash {
        let Self {
            durable: _,
            dirty,
            changed_from,
            pending,
            durable_index,
        } = self;
        (dirty, changed_from, pending, durable_index)
    }
}

impl PartialEq for Disk {
    fn eq(&self, other: &Self) -> bool {
        self.state() == other.state()
    }
}

impl Eq for Disk {}

impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state().hash(state);
    }
}

impl<R: Rules> Node<R> {
    /// The id of the write that will hold all changes so far.
    pub(super) fn next_write(&self) -> WriteId {
        self.disk.next()
    }

    pub(super) fn handle_write_done(&mut self, write: WriteId, out: &mut Output) {
        let held = self.disk.durable_index();
        if !self.disk.complete(write) {
            return;
        }
        let holds = self.disk.durable_index();
        let votes_here = self.members().contains(self.id);
        match &self.role {
            Role::Candidate { own_vote, votes }
                if votes_here && *own_vote <= write && !votes.granted.contains(self.id) =>
            {
                self.count_vote(self.id, out);
            }
            Role::Leader { .. } => {
                let confirmed = (holds > held).then_some(holds);
                self.advance_commit(confirmed, out);
            }
            Role::Candidate { .. } | Role::PreCandidate { .. } | Role::Follower { .. } => {}
        }
    }
}
