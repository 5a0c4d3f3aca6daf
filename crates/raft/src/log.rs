//! The replicated log of one server.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{LogIndex, NodeSet, Term};

/// What an entry asks the state machine to do.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Payload {
    /// Nothing: a new leader's first entry (diss. §6.4).
    Noop,
    /// A client's command, carried as it came.
    Command(Arc<str>),
    /// From this entry on, these servers vote (diss. §4.1).
    Members(NodeSet),
}

/// One entry of a log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry {
    /// The term of the leader that created the entry.
    pub term: Term,
    /// What it asks for.
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
    /// The place before the first entry.
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

/// How many entries are shared as one piece.
const CHUNK: usize = 64;

/// A server's log. Indexes start at 1 and have no gaps.
///
/// A copy shares its entries with the original, piece by piece, until one of
/// them changes; so a copy is cheap however long the log.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Log {
    /// All pieces are full but the last, which is never empty.
    pieces: Vec<Arc<Vec<Entry>>>,
    len: usize,
}

impl Log {
    /// The index of the last entry; 0 if there is none.
    pub fn last_index(&self) -> LogIndex {
        LogIndex::ZERO.plus(self.len)
    }

    /// The index and term of the last entry.
    pub fn last(&self) -> Position {
        let last = self.pieces.last().and_then(|piece| piece.last());
        Position {
            index: self.last_index(),
            term: last.map_or(Term::ZERO, |entry| entry.term),
        }
    }

    /// The entry at an index, if the log reaches that far.
    pub fn get(&self, index: LogIndex) -> Option<&Entry> {
        let offset = Self::offset(index)?;
        self.pieces.get(offset / CHUNK)?.get(offset % CHUNK)
    }

    /// The term at an index: 0 at index 0, `None` beyond the end.
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        match index {
            LogIndex::ZERO => Some(Term::ZERO),
            _ => self.get(index).map(|entry| entry.term),
        }
    }

    /// Whether this log holds an entry of that index and term.
    pub fn contains(&self, position: Position) -> bool {
        self.term_at(position.index) == Some(position.term)
    }

    /// The entries from `index` on, in order; none if the log ends before it.
    pub fn from(&self, index: LogIndex) -> impl Iterator<Item = &Entry> {
        let start = Self::offset(index).unwrap_or(0);
        let pieces = self.pieces.get(start / CHUNK..).unwrap_or(&[]);
        let entries = pieces.iter().flat_map(|piece| piece.iter());
        entries.skip(start % CHUNK)
    }

    /// Copies of at most `most` entries from `index` on. Takes no heap if there
    /// are none.
    pub fn copy(&self, index: LogIndex, most: usize) -> Vec<Entry> {
        let start = Self::offset(index).unwrap_or(0);
        let count = self.len.saturating_sub(start).min(most);
        let mut entries = Vec::with_capacity(count);
        entries.extend(self.from(index).take(count).cloned());
        entries
    }

    /// All entries with their indexes, in order.
    pub fn iter(&self) -> impl Iterator<Item = (LogIndex, &Entry)> {
        let indexes = (1..).map(LogIndex);
        indexes.zip(self.from(LogIndex(1)))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry at the end and returns where it stands.
    pub fn append(&mut self, entry: Entry) -> Position {
        match self.pieces.last_mut() {
            Some(piece) if piece.len() < CHUNK => Arc::make_mut(piece).push(entry),
            _ => self.pieces.push(Arc::new(alloc::vec![entry])),
        }
        self.len += 1;
        self.last()
    }

    /// Deletes the entry at `index` and all after it.
    pub fn truncate_from(&mut self, index: LogIndex) {
        let kept = Self::offset(index).unwrap_or(0);
        if kept >= self.len {
            return;
        }
        self.pieces.truncate(kept.div_ceil(CHUNK));
        if let Some(piece) = self
            .pieces
            .last_mut()
            .filter(|_| !kept.is_multiple_of(CHUNK))
        {
            Arc::make_mut(piece).truncate(kept % CHUNK);
        }
        self.len = kept;
    }

    /// The last entry from `first` on that says who votes, if there is one:
    /// where it stands and what it says.
    pub fn last_members(&self, first: LogIndex) -> Option<(LogIndex, NodeSet)> {
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

    fn offset(index: LogIndex) -> Option<usize> {
        usize::try_from(index.0.checked_sub(1)?).ok()
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
