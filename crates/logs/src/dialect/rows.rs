//! The rows of a table, by the words that are in their messages.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::table::Words;
use crate::observation::Observation;
use crate::pattern::Pattern;

/// A pattern of a system's messages, and what such a message tells. A row that finds
/// something else in a hole or a field than it needs tells nothing.
pub(super) type Row = (&'static str, Tells);

/// What a message tells that matches a pattern.
pub(super) type Tells = fn(&mut Words<'_>) -> Option<Observation>;

/// The rows of a table.
///
/// Most messages are of no row, so each row has a word that is in all its messages, and is
/// tried only if a message has that word, or one of the same [`key`].
pub(super) struct Rows {
    all: &'static [Row],
    index: OnceLock<Index>,
}

/// A message, and which words are in it: found out once for all tables.
pub(super) struct Message<'m> {
    pub(super) text: &'m str,
    keys: Keys,
}

/// Where the rows for a message are found.
struct Index {
    /// All rows, with their patterns taken apart.
    rows: Vec<(Pattern, Tells)>,
    /// The keys of the words of those with one.
    keys: Keys,
    /// The numbers of the rows with a word, by its key.
    with: BTreeMap<usize, Vec<usize>>,
    /// The numbers of those without.
    without: Vec<usize>,
}

impl Rows {
    /// A table of these rows.
    pub(super) const fn new(all: &'static [Row]) -> Self {
        Self {
            all,
            index: OnceLock::new(),
        }
    }

    /// All of them.
    #[cfg(test)]
    pub(super) fn all(&self) -> &'static [Row] {
        self.all
    }

    /// The numbers of the rows that may be of a message, in their order.
    pub(super) fn of(&self, message: &Message<'_>) -> Cow<'_, [usize]> {
        let index = self.index();
        if !index.keys.meets(&message.keys) {
            return Cow::Borrowed(&index.without);
        }
        let keys = index.keys.common(&message.keys);
        let with = keys.filter_map(|key| index.with.get(&key));
        let mut rows: Vec<usize> = with.chain([&index.without]).flatten().copied().collect();
        rows.sort_unstable();
        Cow::Owned(rows)
    }

    /// The row with this number.
    pub(super) fn row(&self, number: usize) -> Option<&(Pattern, Tells)> {
        self.index().rows.get(number)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self.all))
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

impl Index {
    fn new(all: &[Row]) -> Self {
        let mut index = Self {
            rows: Vec::new(),
            keys: Keys::default(),
            with: BTreeMap::new(),
            without: Vec::new(),
        };
        for (number, (pattern, tells)) in all.iter().enumerate() {
            index.rows.push((Pattern::new(pattern), *tells));
            let numbers = match word(pattern) {
                Some(word) => {
                    let key = key(word.as_bytes());
                    index.keys.insert(key);
                    index.with.entry(key).or_default()
                }
                None => &mut index.without,
            };
            numbers.push(number);
        }
        index
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

    /// Whether any key is in both.
    fn meets(&self, other: &Self) -> bool {
        let both = self.0.iter().zip(&other.0);
        both.fold(0, |any, (own, others)| any | (own & others)) != 0
    }

    /// The keys that are in both.
    fn common(&self, other: &Self) -> impl Iterator<Item = usize> {
        let both = self.0.iter().zip(&other.0).enumerate();
        let both = both.map(|(at, (own, others))| (at, own & others));
        both.filter(|(_, bits)| *bits != 0).flat_map(|(at, bits)| {
            let bits = (0..64).filter(move |bit| bits >> bit & 1 != 0);
            bits.map(move |bit| at * 64 + bit)
        })
    }
}
