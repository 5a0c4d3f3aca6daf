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
    /// What can follow on the chunk's first state.
    first_choices: Vec<Choice>,
    /// The states on the way to the present one, the chunk's first state apart.
    stack: Stack,
    /// The way to the present one from the chunk's first state.
    pub(crate) way: Way,
    /// The ways to new states that are not kept whole.
    pub(crate) found: Ways,
}

/// States, each of which follows on the one before. Those that are taken off it stay as memory
/// for others.
#[derive(Default, Debug)]
pub(crate) struct Stack {
    levels: Vec<Level>,
    len: usize,
}

/// A state, and what can follow on it.
#[derive(Debug)]
struct Level {
    state: State,
    choices: Vec<Choice>,
}

impl Stack {
    fn last(&self) -> Option<&Level> {
        self.levels.get(self.len.checked_sub(1)?)
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Adds what comes of a choice at the last state, or at `first` if there is none.
    fn push(&mut self, first: &State, choice: Choice, came: &mut Came) {
        if self.len == self.levels.len() {
            self.levels.push(Level {
                state: first.clone(),
                choices: Vec::new(),
            });
        }
        let (before, after) = self.levels.split_at_mut(self.len);
        let before = before.last().map_or(first, |level| &level.state);
        if let Some(level) = after.first_mut() {
            level.state.clone_from(before);
            level.state.take(choice, came);
            // What follows on it shares its parts, and so their digests.
            level.state.digest();
            level.choices.clear();
            level.state.choices(&mut level.choices);
            self.len += 1;
        }
    }
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
    /// A visit that has not begun. A stack is memory.
    pub(crate) fn of(chunk: Chunk, mut stack: Stack) -> Self {
        stack.truncate(0);
        let mut first_choices = Vec::new();
        chunk.root.choices(&mut first_choices);
        Self {
            chunk,
            place: 0,
            first_choices,
            stack,
            way: Way::new(),
            found: Ways::default(),
        }
    }

    /// The state at which it is.
    pub(crate) fn state(&self) -> &State {
        let last = self.stack.last();
        last.map_or(&self.chunk.root, |level| &level.state)
    }

    /// What can happen in the state at which it is.
    pub(crate) fn choices(&self) -> &[Choice] {
        let last = self.stack.last();
        last.map_or(&self.first_choices, |level| &level.choices)
    }

    /// The way to the state at which it is, from the start of the search.
    pub(crate) fn whole_way(&self) -> Way {
        [&self.chunk.way, &self.way[..]].concat()
    }

    /// Goes to the next state of the chunk; returns whether there is one.
    pub(crate) fn next(&mut self, came: &mut Came) -> bool {
        let Some((common, rest)) = self.chunk.ways.next(&mut self.place) else {
            return false;
        };
        self.stack.truncate(common);
        self.way.truncate(common);
        for number in rest {
            let last = self.stack.last();
            let choices = last.map_or(&self.first_choices, |level| &level.choices);
            // No way says a number that there is not.
            if let Some(choice) = choices.get(usize::from(*number)).copied() {
                self.stack.push(&self.chunk.root, choice, came);
            }
            self.way.push(*number);
        }
        true
    }

    /// Its chunk, with the ways that were found in place of those that were visited, and the
    /// memory of its stack.
    pub(crate) fn end(self) -> (Chunk, Stack) {
        let ways = self.found;
        (Chunk { ways, ..self.chunk }, self.stack)
    }
}

impl State {
    /// The state at the end of a way.
    pub(crate) fn after(&self, way: &[u16]) -> Self {
        let (mut choices, mut came) = (Vec::new(), Came::default());
        let mut state = self.clone();
        for number in way {
            choices.clear();
            state.choices(&mut choices);
            // No way says a number that there is not.
            if let Some(choice) = choices.get(usize::from(*number)) {
                state.take(*choice, &mut came);
            }
        }
        state
    }
}
