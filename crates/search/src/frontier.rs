//! The states that are to be gone on from, by the ways to them.
//!
//! A world takes some kilobytes, a way to one some bytes. So only so many states are kept
//! whole; the others are ways from one that is. Ways from one state are walked together, in
//! depth-first order, and what two have in common is walked once. That takes two or three steps
//! a state, so while there is memory for it, states are kept packed beside the ways to them.

use std::rc::Rc;

use hustings_lab::Parts;

use crate::packed::Packed;
use crate::state::{Choice, State};
use crate::take::{Came, Lookup};

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
    /// The states at the ends of the ways, in the same order.
    packed: Option<Packed>,
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
    /// The place in its ways, and in its packed states.
    place: (usize, usize),
    /// Where the state at which it is begins among the packed ones.
    packed_here: usize,
    /// What can follow on the chunk's first state.
    first_choices: Vec<Choice>,
    /// The states on the way to the present one, the chunk's first state apart.
    stack: Stack,
    /// The way to the present one from the chunk's first state.
    pub(crate) way: Way,
    /// The ways to new states that are not kept whole, and those states.
    found: Ways,
    found_packed: Option<Packed>,
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

    /// Makes room for another state, like `first`.
    fn reserve(&mut self, first: &State) {
        if self.len == self.levels.len() {
            self.levels.push(Level {
                state: first.clone(),
                choices: Vec::new(),
            });
        }
    }

    /// Has a packed state alone on it, of a search that has come to `first`, too.
    fn unpack(&mut self, first: &State, parts: &Parts, packed: &[u32]) {
        self.truncate(0);
        self.reserve(first);
        if let Some(level) = self.levels.first_mut() {
            level.state.unpack(parts, packed);
            level.list_choices();
            self.len = 1;
        }
    }

    /// Adds what comes of a choice at the last state, or at `first` if there is none.
    fn push(&mut self, first: &State, choice: Choice, came: &mut Came) {
        self.reserve(first);
        let (before, after) = self.levels.split_at_mut(self.len);
        let before = before.last().map_or(first, |level| &level.state);
        if let Some(level) = after.first_mut() {
            level.state.clone_from(before);
            level.state.take(choice, came);
            // What follows on it shares its parts, and so their digests.
            level.state.digest();
            level.list_choices();
            self.len += 1;
        }
    }
}

impl Level {
    fn list_choices(&mut self) {
        self.choices.clear();
        self.state.choices(&mut self.choices);
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
            packed: None,
        }
    }

    /// How many bytes it takes, but for the state that is whole.
    pub(crate) fn bytes(&self) -> usize {
        self.ways.bytes() + self.packed.as_ref().map_or(0, Packed::bytes)
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
            packed: None,
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
            place: (0, 0),
            packed_here: 0,
            first_choices,
            stack,
            way: Way::new(),
            found: Ways::default(),
            found_packed: Some(Packed::default()),
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
    pub(crate) fn next(&mut self, parts: &Parts, came: &mut Came) -> bool {
        let (way, packed) = &mut self.place;
        let Some((common, rest)) = self.chunk.ways.next(way) else {
            return false;
        };
        self.way.truncate(common);
        if let Some(states) = &self.chunk.packed {
            self.way.extend(rest);
            self.packed_here = *packed;
            if let Some(state) = states.next(packed) {
                self.stack.unpack(&self.chunk.root, parts, state);
            }
            return true;
        }
        self.stack.truncate(common);
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

    /// Keeps a new state, to which the present way leads; packed, too, unless there are no
    /// `parts` for it. If one is not packed, none of this visit are.
    pub(crate) fn find(&mut self, state: &mut State, parts: Option<&mut Parts>) {
        self.found.push(&self.way);
        match (parts, &mut self.found_packed) {
            (Some(parts), Some(packed)) => packed.push(state, parts),
            _ => self.found_packed = None,
        }
    }

    /// Keeps a new state packed, to which a choice leads that was looked up; returns whether it
    /// can, which takes that the state before it is packed, too, and those found before.
    pub(crate) fn find_looked_up(
        &mut self,
        choice: Choice,
        lookup: &Lookup,
        parts: &mut Parts,
    ) -> bool {
        let mut place = self.packed_here;
        let before = self.chunk.packed.as_ref();
        let before = before.and_then(|packed| packed.next(&mut place));
        let (Some(numbers), Some(found)) = (before, &mut self.found_packed) else {
            return false;
        };
        let last = self.stack.last();
        let state = last.map_or(&self.chunk.root, |level| &level.state);
        found.push_looked_up((state, numbers), choice, lookup, parts);
        self.found.push(&self.way);
        true
    }

    /// Its chunk, with what was found in place of what was visited, and the memory of its
    /// stack; `None` if nothing was.
    pub(crate) fn end(mut self) -> (Option<Chunk>, Stack) {
        if let Some(packed) = &mut self.found_packed {
            packed.shrink();
        }
        let chunk = (!self.found.is_empty()).then(|| Chunk {
            ways: self.found,
            packed: self.found_packed,
            ..self.chunk
        });
        (chunk, self.stack)
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
