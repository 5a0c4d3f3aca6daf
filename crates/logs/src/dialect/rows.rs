//! The rows of a table, by the words that are in their messages.

use std::collections::BTreeMap;
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

/// A message, and which words are in it: found out once for all tables.
pub(super) struct Message<'m> {
    pub(super) text: &'m str,
    keys: Keys,
}

/// The numbers of rows.
struct ByWord {
    /// The keys of the words of those with one.
    keys: Keys,
    /// Those with a word, by its key.
    with: BTreeMap<usize, Vec<usize>>,
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
    pub(super) fn of(&self, message: &Message<'_>) -> impl Iterator<Item = &'static Row> + use<> {
        let by_word = self.by_word.get_or_init(|| ByWord::new(self.all));
        let keys = by_word.keys.common(&message.keys);
        let with = keys.filter_map(|key| by_word.with.get(&key));
        let mut rows: Vec<usize> = with.chain([&by_word.without]).flatten().copied().collect();
        rows.sort_unstable();
        let all = self.all;
        rows.into_iter().filter_map(|row| all.get(row))
    }
}

impl<'m> Message<'m> {
    /// A message of which words are to be looked up.
    pub(super) fn new(text: &'m str) -> Self {
        let mut keys = Keys::default();
        for word in text.as_bytes().split(|it| *it == b' ') {
            keys.insert(key(word));
        }
        Self { text, keys }
    }

    /// A part of this message that is a message, too.
    pub(super) fn part<'p>(&self, text: &'p str) -> Message<'p> {
        let keys = self.keys;
        Message { text, keys }
    }
}

impl ByWord {
    fn new(all: &[Row]) -> Self {
        let mut by_word = Self {
            keys: Keys::default(),
            with: BTreeMap::new(),
            without: Vec::new(),
        };
        for (row, (pattern, _)) in all.iter().enumerate() {
            let rows = match word(pattern) {
                Some(word) => {
                    let key = key(word.as_bytes());
                    by_word.keys.insert(key);
                    by_word.with.entry(key).or_default()
                }
                None => &mut by_word.without,
            };
            rows.push(row);
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

/// A set of keys, a bit each.
#[derive(Clone, Copy)]
struct Keys([u64; KEYS / 64]);

const KEYS: usize = 4096;

/// A number below [`KEYS`] that is the same for the same word.
fn key(word: &[u8]) -> usize {
    let ends = [word.first(), word.last()];
    let ends = ends.map(|end| usize::from(end.copied().unwrap_or_default()));
    (word.len() * 1021 + ends[0] * 37 + ends[1]) % KEYS
}

impl Default for Keys {
    fn default() -> Self {
        Self([0; KEYS / 64])
    }
}

impl Keys {
    fn insert(&mut self, key: usize) {
        if let Some(bits) = self.0.get_mut(key / 64) {
            *bits |= 1 << (key % 64);
        }
    }

    /// The keys that are in both.
    fn common(&self, other: &Self) -> impl Iterator<Item = usize> {
        let both = self.0.iter().zip(&other.0).map(|(a, b)| a & b);
        let any = both.enumerate().filter(|(_, bits)| *bits != 0);
        any.flat_map(|(at, bits)| {
            (0..64)
                .filter(move |bit| bits >> bit & 1 != 0)
                .map(move |bit| at * 64 + bit)
        })
    }
}
