//! The states that are to be gone on from, by the ways to them.
//!
//! A world takes some kilobytes, a way to one some bytes. So only so many states are kept
//! whole; the others are ways from one that is. Ways from one state are walked together, in
//! depth-first order, and what two have in common is walked once.

use std::rc::Rc;

use crate::state::State;

/// A way: the numbers of choices, each among those of the state before.
pub(crate) type Way = Vec<u16>;

/// States that are reached from one that is kept whole.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// The way from the start of the search to `root`.
    pub(crate) way: Rc<[u16]>,
    /// The state that is kept whole.
    pub(crate) root: State,
    pub(crate) ways: Ways,
}

/// Ways from one state, in depth-first order: of each how much it has in common with the one
/// before, how long the rest is, and the rest.
#[derive(Clone, Default, Debug)]
pub(crate) struct Ways {
    numbers: Vec<u16>,
    last: Way,
    len: usize,
}

impl Ways {
    /// The way that leads nowhere else.
    pub(crate) fn stay() -> Self {
        let mut ways = Self::default();
        ways.push(&[]);
        ways
    }

    /// Adds a way after those that are before it in depth-first order.
    pub(crate) fn push(&mut self, way: &[u16]) {
        let pairs = self.last.iter().zip(way);
        let common = pairs.take_while(|(one, other)| one == other).count();
        let rest = way.get(common..).unwrap_or_default();
        self.numbers.extend([number(common), number(rest.len())]);
        self.numbers.extend(rest);
        self.last.clear();
        self.last.extend(way);
        self.len += 1;
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        (self.numbers.capacity() + self.last.capacity()) * size_of::<u16>()
    }

    /// The next way after a place in it: how much it has in common with the one before, and
    /// the rest.
    pub(crate) fn next(&self, place: &mut usize) -> Option<(usize, &[u16])> {
        let (common, len) = (*self.numbers.get(*place)?, *self.numbers.get(*place + 1)?);
        let rest = *place + 2..*place + 2 + usize::from(len);
        *place = rest.end;
        Some((common.into(), self.numbers.get(rest)?))
    }
}

/// No way is longer than [`Bounds::DEPTH_MAX`](crate::Bounds::DEPTH_MAX).
fn number(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}
