//! The pending and durable writes of a server.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::mem;
use core::num::NonZeroU64;

use crate::{Entries, Log, LogIndex, Node, NodeId, Output, Role, Rules, Term, Write, WriteId};

/// For how many pending writes a new server has space, as it soon writes.
const PENDING_WRITES: usize = 4;

/// Tracks the writes of a server. Of the log, each write holds a suffix: from
/// `changed_from`, the first index that differs from the last write.
///
/// Two disks are equal if they differ only in how many writes are durable.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    /// How many writes are durable. Those after them are pending.
    durable: u64,
    dirty: bool,
    changed_from: Option<LogIndex>,
    /// The entries from `changed_from` on if the only change was that the log now ends
    /// with them: the write shares them. Otherwise none.
    appended: Entries,
    /// For each pending write, in order, the last index up to which the log has not
    /// changed since.
    pending: Vec<LogIndex>,
    durable_index: LogIndex,
}

impl Disk {
    /// A disk whose log ends at `last`.
    pub(super) fn with_last_index(last: LogIndex) -> Self {
        Self {
            durable: 0,
            dirty: false,
            changed_from: None,
            appended: Entries::default(),
            pending: Vec::with_capacity(PENDING_WRITES),
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

    /// Marks the log as changed from this index on, where it now ends with `entries`.
    pub(super) fn log_extended(&mut self, from: LogIndex, entries: Entries) {
        let only_change = self.changed_from.is_none();
        self.log_changed(from);
        if only_change {
            self.appended = entries;
        }
    }

    /// The entries with which the log was extended since the last write, with the index of
    /// their first.
    pub(super) fn appended(&self) -> Option<(LogIndex, Entries)> {
        let some = !self.appended.is_empty();
        Some((self.changed_from.filter(|_| some)?, self.appended.clone()))
    }

    /// Marks the log as changed from this index on.
    pub(super) fn log_changed(&mut self, from: LogIndex) {
        self.dirty = true;
        self.appended = Entries::default();
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
        let id = self.next();
        self.pending.push(log.last_index());
        let appended = mem::take(&mut self.appended);
        let changed = self.changed_from.take();
        let log = changed.map(|from| {
            let copied = appended.is_empty();
            let entries = if copied {
                log.copy(from, usize::MAX)
            } else {
                appended
            };
            (from, entries)
        });
        Write {
            id,
            term,
            voted_for,
            log,
        }
    }

    /// The last write, if it is not durable yet.
    #[inline]
    pub(super) fn last_pending(&self) -> Option<WriteId> {
        if self.pending.is_empty() {
            return None;
        }
        NonZeroU64::new(self.issued()).map(WriteId)
    }

    /// How many pending writes, this one included, must become durable for a write to be
    /// so; 0 if it is.
    pub(super) fn writes_until(&self, write: WriteId) -> u64 {
        write.0.get().saturating_sub(self.durable)
    }

    /// How many writes there have been.
    #[inline]
    fn issued(&self) -> u64 {
        self.durable + self.pending.len() as u64
    }

    /// The id of the next write.
    fn next(&self) -> WriteId {
        WriteId(NonZeroU64::MIN.saturating_add(self.issued()))
    }

    #[inline]
    pub(super) fn durable_index(&self) -> LogIndex {
        self.durable_index
    }

    /// Marks a write and all before it as durable; false if they already were, or the
    /// id is unknown.
    fn complete(&mut self, write: WriteId) -> bool {
        let done = self.writes_until(write);
        if done == 0 || write.0.get() > self.issued() {
            return false;
        }
        self.durable += done;
        for end in self.pending.drain(..done as usize) {
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
            appended,
            pending,
            durable_index,
        } = self;
        (dirty, changed_from, appended, pending, durable_index)
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
