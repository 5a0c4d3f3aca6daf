//! The states that are to be gone on from, by the ways to them.
//!
//! A world takes some kilobytes, a way to one some bytes. So only so many states are kept
//! whole; the others are ways from one that is. Ways from one state are walked together, in
//! depth-first order, and what two have in common is walked once.

use std::rc::Rc;

use crate::state::{Came, Choice, State};

/// A way: the numbers of choices, each among those of the state before.
pub type Way = Vec<u16>;

/// Ways from one state, in depth-first order: of each how much it has in common with the one
/// before, how long the rest is, and the rest.
#[derive(Clone, Default, Debug)]
pub(crate) struct Ways {
    numbers: Vec<u16>,
    last: Way,
    len: usize,
}

/// States that are reached from one that is kept whole.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// The way from the start of the search to `root`.
    pub(crate) way: Rc<[u16]>,
    /// The state that is kept whole.
    pub(crate) root: State,
    pub(crate) ways: Ways,
}

/// States that another thread may go on from, by their ways from the start of the search.
#[derive(Debug)]
pub(crate) struct Parcel {
    way: Way,
    ways: Ways,
}

/// Goes to the states of a chunk, one after the other.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) chunk: Chunk,
    /// The place in its ways.
    place: usize,
    /// The states on the way to the present one, the chunk's first state apart.
    stack: Vec<State>,
    /// The way to the present one from the chunk's first state.
    pub(crate) way: Way,
    /// The ways to new states that are not kept whole.
    pub(crate) found: Ways,
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
    fn next(&self, place: &mut usize) -> Option<(usize, &[u16])> {
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

impl Chunk {
    /// One state.
    pub(crate) fn of(way: Way, root: State) -> Self {
        Self {
            way: way.into(),
            root,
            ways: Ways::stay(),
        }
    }

    pub(crate) fn into_parcel(self) -> Parcel {
        Parcel {
            way: self.way.to_vec(),
            ways: self.ways,
        }
    }
}

impl Parcel {
    pub(crate) fn len(&self) -> usize {
        self.ways.len()
    }

    /// The chunk, for whoever has the same start.
    pub(crate) fn into_chunk(self, start: &State) -> Chunk {
        Chunk {
            root: start.after(&self.way),
            way: self.way.into(),
            ways: self.ways,
        }
    }
}

impl Visit {
    pub(crate) fn of(chunk: Chunk) -> Self {
        Self {
            chunk,
            place: 0,
            stack: Vec::new(),
            way: Way::new(),
            found: Ways::default(),
        }
    }

    /// The state at which it is.
    pub(crate) fn state(&self) -> &State {
        self.stack.last().unwrap_or(&self.chunk.root)
    }

    /// The way to the state at which it is, from the start of the search.
    pub(crate) fn whole_way(&self) -> Way {
        [&self.chunk.way, &self.way[..]].concat()
    }

    /// Goes to the next state of the chunk; returns whether there is one.
    pub(crate) fn next(&mut self, choices: &mut Vec<Choice>, came: &mut Came) -> bool {
        let Some((common, rest)) = self.chunk.ways.next(&mut self.place) else {
            return false;
        };
        self.stack.truncate(common);
        self.way.truncate(common);
        for number in rest {
            let state = self.stack.last().unwrap_or(&self.chunk.root);
            let mut after = state.clone();
            after.take_number(*number, choices, came);
            self.stack.push(after);
            self.way.push(*number);
        }
        true
    }
}

impl State {
    /// The state at the end of a way.
    pub(crate) fn after(&self, way: &[u16]) -> Self {
        let (mut choices, mut came) = (Vec::new(), Came::default());
        let mut state = self.clone();
        for number in way {
            state.take_number(*number, &mut choices, &mut came);
        }
        state
    }

    /// Makes the choice of a number; nothing if there is none, which no way says.
    fn take_number(&mut self, number: u16, choices: &mut Vec<Choice>, came: &mut Came) {
        choices.clear();
        self.choices(choices);
        if let Some(choice) = choices.get(usize::from(number)) {
            self.take(*choice, came);
        }
    }
}
