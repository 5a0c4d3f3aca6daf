//! The rows of a table, by the words that are in their messages.

use std::sync::OnceLock;

use super::table::Words;
use crate::observation::Observation;

/// A pattern of a system's messages, and what such a message tells. A row that finds
/// something else in a hole or a field than it needs tells nothing.
pub(super) type Row = (&'static str, fn(&mut Words<'_>) -> Option<Observation>);

/// The rows of a table.
///
/// Most messages are of no row, so each row has a word that is in all its messages, and is
/// tried only if a message has that word, or one of the same [`key`].
pub(super) struct Rows {
    all: &'static [Row],
    by_word: OnceLock<ByWord>,
}

/// The numbers of rows.
struct ByWord {
    /// Those with a word, by its key.
    with: Vec<Vec<usize>>,
    /// Those without.
    without: Vec<usize>,
}

impl Rows {
    /// A table of these rows.
    pub(super) const fn new(all: &'static [Row]) -> Self {
        Self {
            all,
            by_word: OnceLock::new(),
        }
    }

    /// All of them.
    #[cfg(test)]
    pub(super) fn all(&self) -> &'static [Row] {
        self.all
    }

    /// The rows that may be of a message, in their order.
    pub(super) fn of(&self, message: &str) -> impl Iterator<Item = &'static Row> + use<> {
        let by_word = self.by_word.get_or_init(|| ByWord::new(self.all));
        let words = message
            .split(' ')
            .filter_map(|word| by_word.with.get(key(word)));
        let mut rows: Vec<usize> = words.chain([&by_word.without]).flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        let all = self.all;
        rows.into_iter().filter_map(|row| all.get(row))
    }
}

impl ByWord {
    fn new(all: &[Row]) -> Self {
        let mut by_word = Self {
            with: vec![Vec::new(); KEYS],
            without: Vec::new(),
        };
        for (row, (pattern, _)) in all.iter().enumerate() {
            let rows = word(pattern).and_then(|word| by_word.with.get_mut(key(word)));
            rows.unwrap_or(&mut by_word.without).push(row);
        }
        by_word
    }
}

/// The longest word of a pattern that has no hole in it.
fn word(pattern: &str) -> Option<&str> {
    let words = pattern.split(' ').filter(|word| !word.contains(['{', '}']));
    words
        .max_by_key(|word| word.len())
        .filter(|word| !word.is_empty())
}

const KEYS: usize = 4096;

/// A small number that is the same for the same word.
fn key(word: &str) -> usize {
    let ends = [word.bytes().next(), word.bytes().last()];
    let ends = ends.map(|end| usize::from(end.unwrap_or_default()));
    (word.len() * 1021 + ends[0] * 37 + ends[1]) % KEYS
}
