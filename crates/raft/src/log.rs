//! The replicated log of one server.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use crate::{Entries, LogIndex, NodeSet, Term};

/// The content of an entry.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Payload {
    /// No operation: a new leader's first entry (diss. §6.4).
    Noop,
    /// A client's command, not interpreted.
    Command(Arc<str>),
    /// A configuration: from this entry on, these servers are the members (diss. §4.1).
    Members(NodeSet),
}

/// One entry of a log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry {
    /// The term of the leader that created the entry.
    pub term: Term,
    /// Its content.
    pub payload: Payload,
}

/// An entry's index with its term: together they identify the whole log up to
/// there (Log Matching, §5.3).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Position {
    /// The entry's index; 0 before the first.
    pub index: LogIndex,
    /// The entry's term; 0 before the first.
    pub term: Term,
}

impl Position {
    /// The position before the first entry.
    pub const START: Self = Self {
        index: LogIndex::ZERO,
        term: Term::ZERO,
    };

    /// Whether a log that ends here is at least as up to date as one that ends
    /// at `other` (§5.4.1): the later last term wins; with equal terms, the
    /// longer log.
    pub fn at_least_as_up_to_date_as(self, other: Self) -> bool {
        (self.term, self.index) >= (other.term, other.index)
    }
}

/// Entries per shared chunk.
const CHUNK: usize = 32;

/// Room for the first entries after a full chunk.
const FIRST_CAPACITY: usize = 4;

/// Unshares entries that are about to grow, with capacity for one more.
fn unshare_with_capacity(shared: &mut Option<Arc<Vec<Entry>>>) -> &mut Vec<Entry> {
    let shared = shared.get_or_insert_with(|| Arc::new(Vec::with_capacity(FIRST_CAPACITY)));
    if Arc::get_mut(shared).is_none() {
        let mut own = Vec::with_capacity(shared.len() + 1);
        own.extend_from_slice(shared);
        *shared = Arc::new(own);
    }
    Arc::make_mut(shared)
}

impl Entry {
    /// Whether two entries are equal. Copies of one entry share its command, so that is
    /// compared by its address first.
    fn is_same(&self, other: &Self) -> bool {
        match (&self.payload, &other.payload) {
            (Payload::Command(mine), Payload::Command(theirs)) if Arc::ptr_eq(mine, theirs) => {
                self.term == other.term
            }
            _ => self == other,
        }
    }
}

/// Whether two parts of logs are one, so that they need not be read.
fn is_shared<T>(one: &Option<Arc<T>>, other: &Option<Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// How many entries two chunks share at their start.
fn common_prefix(one: &[Entry], other: &[Entry]) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one.is_same(other)).count()
}

/// A server's log. Indexes start at 1 and have no gaps.
///
/// Clones share full chunks of entries copy-on-write, so a clone is cheap however long
/// the log.
#[derive(Clone, Default, Eq, Debug)]
pub struct Log {
    /// Chunks of [`CHUNK`] entries each; `None` if there are none yet: a short log is copied
    /// without counting who shares what it does not have.
    full: Option<Arc<Vec<Arc<[Entry]>>>>,
    /// The entries after them, fewer than [`CHUNK`].
    open: Option<Arc<Vec<Entry>>>,
    /// Where the log ends, which nearly every step asks.
    last: Position,
}

impl Log {
    /// The index of the last entry; 0 if there is none.
    #[inline]
    pub fn last_index(&self) -> LogIndex {
        self.last.index
    }

    /// The index and term of the last entry.
    #[inline]
    pub fn last(&self) -> Position {
        self.last
    }

    fn full(&self) -> &[Arc<[Entry]>] {
        self.full.as_ref().map_or(&[], |full| full.as_slice())
    }

    fn open(&self) -> &[Entry] {
        self.open.as_ref().map_or(&[], |open| open.as_slice())
    }

    /// The entry at an index, if the log reaches that far.
    #[inline]
    pub fn get(&self, index: LogIndex) -> Option<&Entry> {
        self.at(Self::offset(index)?)
    }

    /// The entry at a zero-based offset.
    #[inline]
    fn at(&self, offset: usize) -> Option<&Entry> {
        match offset.checked_sub(self.full().len() * CHUNK) {
            Some(offset) => self.open().get(offset),
            None => self.full().get(offset / CHUNK)?.get(offset % CHUNK),
        }
    }

    /// The term at an index: 0 at index 0, `None` beyond the end.
    #[inline]
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        match index {
            _ if index == self.last.index => Some(self.last.term),
            LogIndex::ZERO => Some(Term::ZERO),
            _ => self.get(index).map(|entry| entry.term),
        }
    }

    /// Whether this log holds an entry of that index and term.
    #[inline]
    pub fn contains(&self, position: Position) -> bool {
        self.term_at(position.index) == Some(position.term)
    }

    /// The entries from `index` on, in order; none if the log ends before it.
    pub fn from(&self, index: LogIndex) -> impl Iterator<Item = &Entry> {
        (Self::start(index)..self.len()).filter_map(|offset| self.at(offset))
    }

    /// The chunks from `first` on, the open one last.
    fn chunks(&self, first: usize) -> impl Iterator<Item = &[Entry]> {
        let full = self.full().get(first..).unwrap_or(&[]).iter();
        let open = (first <= self.full().len()).then_some(self.open());
        full.map(|piece| &**piece).chain(open)
    }

    /// Clones of at most `most` entries from `index` on.
    #[inline]
    pub fn copy(&self, index: LogIndex, most: usize) -> Entries {
        if index > self.last.index {
            return Entries::default();
        }
        self.copy_some(index, most)
    }

    fn copy_some(&self, index: LogIndex, most: usize) -> Entries {
        let start = Self::start(index);
        let count = self.len().saturating_sub(start).min(most);
        let mut entries = Vec::with_capacity(count);
        let mut skipped = start % CHUNK;
        for piece in self.chunks(start / CHUNK) {
            let rest = piece.get(skipped..).unwrap_or(&[]);
            let wanted = count - entries.len();
            entries.extend_from_slice(rest.get(..wanted).unwrap_or(rest));
            skipped = 0;
        }
        entries.into()
    }

    /// The first index at which two logs differ, be it that only one of them reaches that
    /// far; `None` if they are equal. Chunks that they share are not read.
    pub fn first_difference(&self, other: &Self) -> Option<LogIndex> {
        let first = if is_shared(&self.full, &other.full) {
            if is_shared(&self.open, &other.open) {
                return None;
            }
            self.full().len()
        } else {
            let chunks = self.full().iter().zip(other.full());
            let same = |mine, theirs| Arc::ptr_eq(mine, theirs) || mine == theirs;
            chunks
                .take_while(|(mine, theirs)| same(*mine, *theirs))
                .count()
        };
        let same = if first == self.full().len() && first == other.full().len() {
            first * CHUNK + common_prefix(self.open(), other.open())
        } else {
            let start = LogIndex::ZERO.plus(first * CHUNK).next();
            let pairs = self.from(start).zip(other.from(start));
            first * CHUNK + pairs.take_while(|(mine, theirs)| mine == theirs).count()
        };
        (same < self.len().max(other.len())).then(|| LogIndex::ZERO.plus(same).next())
    }

    /// All entries with their indexes, in order.
    pub fn iter(&self) -> impl Iterator<Item = (LogIndex, &Entry)> {
        let index = |offset| LogIndex::ZERO.plus(offset + 1);
        (0..self.len()).filter_map(move |offset| Some((index(offset), self.at(offset)?)))
    }

    /// How many entries there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.full().len() * CHUNK + self.open().len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends an entry and returns its position.
    pub fn append(&mut self, entry: Entry) -> Position {
        self.last = Position {
            index: self.last.index.next(),
            term: entry.term,
        };
        let open = unshare_with_capacity(&mut self.open);
        open.push(entry);
        if open.len() == CHUNK {
            Arc::make_mut(self.full.get_or_insert_default()).push(open.drain(..).collect());
        }
        self.last
    }

    /// Deletes the entry at `index` and all after it.
    pub fn truncate_from(&mut self, index: LogIndex) {
        if index > self.last.index {
            return;
        }
        let end = index.previous();
        let term = self.term_at(end).unwrap_or_default();
        self.last = Position { index: end, term };
        let kept = Self::start(index);
        let before_open = self.full().len() * CHUNK;
        match (kept.checked_sub(before_open), &mut self.open) {
            (Some(kept), Some(open)) => Arc::make_mut(open).truncate(kept),
            (Some(_), None) => {}
            (None, _) => {
                let cut = self.full().get(kept / CHUNK);
                let rest = cut.and_then(|piece| piece.get(..kept % CHUNK));
                self.open = Some(Arc::new(rest.unwrap_or(&[]).to_vec()));
                Arc::make_mut(self.full.get_or_insert_default()).truncate(kept / CHUNK);
            }
        }
    }

    /// The index and the members of the last configuration entry from `first` on, if
    /// there is one.
    pub fn last_configuration(&self, first: LogIndex) -> Option<(LogIndex, NodeSet)> {
        let says = |index| match self.get(index)?.payload {
            Payload::Members(members) => Some((index, members)),
            Payload::Noop | Payload::Command(_) => None,
        };
        let indexes = (first.0.max(1)..=self.last_index().0).map(LogIndex);
        indexes.rev().find_map(says)
    }

    /// The first index of the run of entries of one term that ends at `index`.
    pub fn first_of_term_at(&self, index: LogIndex) -> LogIndex {
        let Some(term) = self.term_at(index) else {
            return index;
        };
        let mut first = index;
        while first > LogIndex(1) && self.term_at(first.previous()) == Some(term) {
            first = first.previous();
        }
        first
    }

    /// The zero-based offset of an index, 0 for index 0. An index that does not fit
    /// into a `usize` is beyond the end of any log.
    #[inline]
    fn start(index: LogIndex) -> usize {
        usize::try_from(index.previous().0).unwrap_or(usize::MAX)
    }

    #[inline]
    fn offset(index: LogIndex) -> Option<usize> {
        usize::try_from(index.0.checked_sub(1)?).ok()
    }
}

/// Logs that share their chunks are not read.
impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        self.last() == other.last() && self.first_difference(other).is_none()
    }
}

impl Hash for Log {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|(_, entry)| entry.hash(state));
    }
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut log = Self::default();
        for entry in entries {
            log.append(entry);
        }
        log
    }
}
