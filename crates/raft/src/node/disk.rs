//! What a server has written, and how much of it is durable.

use alloc::vec::Vec;

use crate::{Log, LogIndex, Node, NodeId, Output, Role, Rules, Term, Write, WriteId};

/// A server's book-keeping of its writes. The log itself is written in suffixes:
/// `changed_from` is the first index that differs from the last write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Disk {
    issued: WriteId,
    durable: WriteId,
    dirty: bool,
    changed_from: Option<LogIndex>,
    /// For each write that is not durable yet, how far the log has stayed as it
    /// was in that write.
    pending: Vec<(WriteId, LogIndex)>,
    durable_index: LogIndex,
}

impl Disk {
    /// A disk that holds a log up to `last`.
    pub(super) fn with_last_index(last: LogIndex) -> Self {
        Self {
            issued: WriteId(0),
            durable: WriteId(0),
            dirty: false,
            changed_from: None,
            pending: Vec::new(),
            durable_index: last,
        }
    }

    /// The server has crashed and started again with a log up to `last`. What was
    /// being written is lost, and its completion is no news any more: numbers go
    /// on, so it is not taken for that of a later write.
    pub(super) fn restart(&mut self, last: LogIndex) {
        *self = Self {
            issued: self.issued,
            durable: self.issued,
            ..Self::with_last_index(last)
        };
    }

    /// Whether anything has changed since the last write.
    #[inline]
    pub(super) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// The term or the vote has changed.
    #[inline]
    pub(super) fn mark_dirty(&mut self) {
        self.dirty = true;
    }

    /// The log has changed from this index on.
    pub(super) fn log_changed(&mut self, from: LogIndex) {
        self.dirty = true;
        self.changed_from = Some(self.changed_from.map_or(from, |before| before.min(from)));
        // An entry that is replaced and then comes back is not the one in those
        // writes: between them and the write that brings it back, the disk holds
        // what replaced it.
        let kept = from.previous();
        self.durable_index = self.durable_index.min(kept);
        let latest_first = self.pending.iter_mut().rev();
        for (_, end) in latest_first.take_while(|(_, end)| *end > kept) {
            *end = kept;
        }
    }

    /// The write that brings the disk up to date.
    pub(super) fn take_write(&mut self, term: Term, voted_for: Option<NodeId>, log: &Log) -> Write {
        self.dirty = false;
        self.issued = self.next();
        self.pending.push((self.issued, log.last_index()));
        let changed = self.changed_from.take();
        Write {
            id: self.issued,
            term,
            voted_for,
            log: changed.map(|from| (from, log.copy(from, usize::MAX))),
        }
    }

    /// The last write, if it is not durable yet.
    #[inline]
    pub(super) fn last_pending(&self) -> Option<WriteId> {
        (self.issued > self.durable).then_some(self.issued)
    }

    /// The number that the next write will have.
    fn next(&self) -> WriteId {
        WriteId(self.issued.0 + 1)
    }

    #[inline]
    pub(super) fn durable_index(&self) -> LogIndex {
        self.durable_index
    }

    /// Notes that a write and all before it are durable; false if that is no news.
    fn complete(&mut self, write: WriteId) -> bool {
        if write <= self.durable || write > self.issued {
            return false;
        }
        self.durable = write;
        let done = self.pending.partition_point(|(id, _)| *id <= write);
        for (_, end) in self.pending.drain(..done) {
            self.durable_index = self.durable_index.max(end);
        }
        true
    }
}

impl<R: Rules> Node<R> {
    /// The number of the write that will hold what has changed so far.
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
