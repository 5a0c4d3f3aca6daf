//! Newtypes: servers, terms, log indexes, times.

#[cfg(feature = "serde")]
mod serde_impls;

use core::fmt;
use core::num::{NonZeroU8, NonZeroU16};

/// A server's name, `S1` to `S9`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU8);

impl NodeId {
    /// The largest server number, and so the largest cluster size.
    pub const MAX: u8 = 9;

    /// The server with this number, or `None` outside `1..=9`.
    pub fn new(number: u8) -> Option<Self> {
        NonZeroU8::new(number)
            .filter(|n| n.get() <= Self::MAX)
            .map(Self)
    }

    /// The servers `S1` to `S<count>`; `count` beyond 9 counts as 9.
    pub fn first(count: u8) -> impl Iterator<Item = Self> {
        (1..=count.min(Self::MAX)).filter_map(Self::new)
    }

    /// The number, `1..=9`.
    pub fn number(self) -> u8 {
        self.0.get()
    }

    #[inline]
    fn bit(self) -> u16 {
        1 << self.0.get()
    }

    #[inline]
    fn slot(self) -> usize {
        usize::from(self.0.get()) - 1
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of servers, iterated in order of their numbers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NodeSet(u16);

impl NodeSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// The set of `S1` to `S<count>`.
    pub fn first(count: u8) -> Self {
        NodeId::first(count).collect()
    }

    /// Adds a server; returns whether it is new.
    #[inline]
    pub fn insert(&mut self, node: NodeId) -> bool {
        let new = !self.contains(node);
        self.0 |= node.bit();
        new
    }

    /// Removes a server; returns whether it was a member.
    pub fn remove(&mut self, node: NodeId) -> bool {
        let had = self.contains(node);
        self.0 &= !node.bit();
        had
    }

    /// Whether the server is in the set.
    #[inline]
    pub fn contains(self, node: NodeId) -> bool {
        self.0 & node.bit() != 0
    }

    /// How many servers there are, `0..=9`.
    pub fn len(self) -> u8 {
        // At most 9 bits are ever set, so the count fits.
        self.0.count_ones() as u8
    }

    /// Whether the set has no members.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many of these servers make a strict majority (§5.2): `len / 2 + 1`.
    pub fn majority(self) -> u8 {
        self.len() / 2 + 1
    }

    /// The servers that are in both sets.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The servers of this set that are not in the other.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The servers in order of their numbers.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = NodeId> + Clone {
        NodeSetIter(self.0)
    }

    /// This set without one server.
    #[inline]
    pub fn without(mut self, node: NodeId) -> Self {
        self.remove(node);
        self
    }
}

/// The remaining members of an iterator over a [`NodeSet`], as bits.
#[derive(Clone)]
struct NodeSetIter(u16);

impl Iterator for NodeSetIter {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        // Of an empty set, no bit is left to find.
        let number = NonZeroU16::new(self.0)?.trailing_zeros();
        self.0 &= self.0 - 1;
        NonZeroU8::new(number as u8).map(NodeId)
    }
}

impl DoubleEndedIterator for NodeSetIter {
    fn next_back(&mut self) -> Option<NodeId> {
        let number = self.0.checked_ilog2()?;
        self.0 &= !(1 << number);
        NonZeroU8::new(number as u8).map(NodeId)
    }
}

/// The set of one server.
impl From<NodeId> for NodeSet {
    #[inline]
    fn from(node: NodeId) -> Self {
        Self(node.bit())
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = Self::EMPTY;
        for node in nodes {
            set.insert(node);
        }
        set
    }
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Space-separated names: `S1 S3`.
impl fmt::Display for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, node) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            fmt::Display::fmt(&node, f)?;
        }
        Ok(())
    }
}

/// A map from servers to values, in order of their numbers, without heap allocation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NodeMap<T>([Option<T>; NodeId::MAX as usize]);

impl<T> NodeMap<T> {
    /// The value of a server, if it has one.
    #[inline]
    pub fn get(&self, node: NodeId) -> Option<&T> {
        self.0.get(node.slot())?.as_ref()
    }

    /// The value of a server, if it has one.
    #[inline]
    pub fn get_mut(&mut self, node: NodeId) -> Option<&mut T> {
        self.0.get_mut(node.slot())?.as_mut()
    }

    /// Sets a server's value, and returns the previous one.
    #[inline]
    pub fn insert(&mut self, node: NodeId, value: T) -> Option<T> {
        self.0.get_mut(node.slot())?.replace(value)
    }

    /// Removes a server's value.
    pub fn remove(&mut self, node: NodeId) -> Option<T> {
        self.0.get_mut(node.slot())?.take()
    }

    /// The servers that have a value, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &T)> {
        NodeId::first(NodeId::MAX).filter_map(|node| Some((node, self.get(node)?)))
    }
}

impl<T> Default for NodeMap<T> {
    fn default() -> Self {
        Self([const { None }; NodeId::MAX as usize])
    }
}

impl<T> FromIterator<(NodeId, T)> for NodeMap<T> {
    fn from_iter<I: IntoIterator<Item = (NodeId, T)>>(values: I) -> Self {
        let mut map = Self::default();
        for (node, value) in values {
            map.insert(node, value);
        }
        map
    }
}

/// A term (§5.1): a logical clock, one election each, at most one leader each.
/// Servers start in term 0.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Term(pub u64);

impl Term {
    /// The initial term, before any election.
    pub const ZERO: Self = Self(0);

    /// The largest term; no election can start after it.
    pub const LAST: Self = Self(u64::MAX);

    /// The term after this one; the last term stays.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// An index in a log. The first entry has index 1; index 0 is before it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LogIndex(pub u64);

impl LogIndex {
    /// The position before the first entry.
    pub const ZERO: Self = Self(0);

    /// The index after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The index before this one; 0 stays 0.
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The index plus `count`. Saturates.
    pub fn plus(self, count: usize) -> Self {
        Self(self.0.saturating_add(count as u64))
    }
}

impl fmt::Display for LogIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Milliseconds: a point in simulated time since the start, or a duration.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Millis(pub u64);

impl Millis {
    /// Time 0, or a duration of 0.
    pub const ZERO: Self = Self(0);

    /// This time plus a duration. Saturates.
    pub fn plus(self, duration: Self) -> Self {
        Self(self.0.saturating_add(duration.0))
    }

    /// The duration since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}
