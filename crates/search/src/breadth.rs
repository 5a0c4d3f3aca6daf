//! Breadth first: all states within bounds, those that are fewer steps away first.

use std::rc::Rc;
use std::sync::Arc;

use hustings_lab::Done;

use crate::bounds::Bounds;
use crate::frontier::{Chunk, Way, Ways};
use crate::goal::Goal;
use crate::state::{Choice, State};
use crate::visited::Visited;

/// How many states are kept whole, of those that are to be gone on from.
const WHOLE_MAX: usize = 50_000;

/// How far a search has come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Progress {
    /// How many states were generated, with those that were known.
    pub generated: u64,
    /// How many of them were new.
    pub states: u64,
    /// The number of steps to those that are being generated.
    pub depth: usize,
    /// How many states are left to be gone on from at this depth.
    pub left: u64,
    /// How many were not gone on from, as too many messages were in flight.
    pub crowded: u64,
    /// How many bytes the visited states take.
    pub visited_bytes: usize,
    /// How many bytes the ways to states that are to be gone on from take, without the states
    /// that are kept whole.
    pub frontier_bytes: usize,
}

/// How a search stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is not at its end.
    Going,
    /// What was looked for, at the end of a way.
    Found(Way),
    /// It is not within the bounds.
    Nothing,
    /// The states at the maximal depth were not gone on from.
    TooDeep,
}

/// A breadth-first search, a slice at a time.
#[derive(Debug)]
pub struct BreadthFirst {
    bounds: Bounds,
    goal: Goal,
    visited: Arc<Visited>,
    /// States of this depth, to be gone on from; the last is next.
    now: Vec<Chunk>,
    /// States of the next depth.
    next: Vec<Chunk>,
    walk: Option<Walk>,
    whole: usize,
    reduces: bool,
    progress: Progress,
    outcome: Outcome,
    buffers: Buffers,
}

#[derive(Default, Debug)]
struct Buffers {
    done: Option<Box<Done>>,
    choices: Vec<Choice>,
}

/// The states of a chunk, being gone on from one after the other.
#[derive(Debug)]
struct Walk {
    chunk: Chunk,
    /// The place in its ways.
    place: usize,
    /// The states on the way to the present one, the chunk's first state apart.
    stack: Vec<State>,
    way: Way,
    /// The ways to new states that are not kept whole.
    found: Ways,
}

impl BreadthFirst {
    /// A search from a state.
    pub fn new(start: State, bounds: Bounds, goal: Goal, visited: Arc<Visited>) -> Self {
        let mut start = start;
        visited.insert(start.digest());
        Self {
            bounds,
            goal,
            visited,
            now: vec![Chunk {
                way: Rc::default(),
                root: start,
                ways: Ways::stay(),
            }],
            next: Vec::new(),
            walk: None,
            whole: 1,
            reduces: true,
            progress: Progress {
                states: 1,
                depth: 1,
                left: 1,
                ..Progress::default()
            },
            outcome: Outcome::Going,
            buffers: Buffers::default(),
        }
    }

    /// Has it make every choice, also those that lead only to states to which others lead.
    #[must_use]
    pub fn without_reduction(mut self) -> Self {
        self.reduces = false;
        self
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let chunks = self
            .now
            .iter()
            .chain(&self.next)
            .chain(self.walk.iter().map(|it| &it.chunk));
        Progress {
            visited_bytes: self.visited.bytes(),
            frontier_bytes: chunks.map(|chunk| chunk.ways.bytes()).sum(),
            ..self.progress
        }
    }

    /// Goes on from about so many states; returns how it stands then.
    pub fn go_on(&mut self, states: usize) -> &Outcome {
        for _ in 0..states {
            if self.outcome != Outcome::Going {
                break;
            }
            self.expand_next();
        }
        &self.outcome
    }

    fn expand_next(&mut self) {
        let Some(mut walk) = self.walk.take().or_else(|| self.now.pop().map(Walk::of)) else {
            self.deepen();
            return;
        };
        if walk.step(&mut self.buffers) {
            self.expand(&mut walk);
            self.walk = Some(walk);
        } else if walk.found.is_empty() {
            self.whole -= 1;
        } else {
            self.next.push(Chunk {
                ways: walk.found,
                ..walk.chunk
            });
        }
    }

    /// Begins with the states of the next depth.
    fn deepen(&mut self) {
        std::mem::swap(&mut self.now, &mut self.next);
        let left = self.now.iter().map(|chunk| chunk.ways.len() as u64);
        self.progress.left = left.sum();
        if self.now.is_empty() {
            self.outcome = Outcome::Nothing;
        } else if self.progress.depth >= self.bounds.depth {
            self.outcome = Outcome::TooDeep;
        } else {
            self.progress.depth += 1;
        }
    }

    /// Generates all that can follow on the state at which a walk is.
    fn expand(&mut self, walk: &mut Walk) {
        self.progress.left = self.progress.left.saturating_sub(1);
        let mut choices = std::mem::take(&mut self.buffers.choices);
        let mut done = self.buffers.done.take().unwrap_or_else(new_buffer);
        choices.clear();
        let state = walk.state();
        if state.world.in_flight_count() > self.bounds.in_flight {
            self.progress.crowded += 1;
        } else {
            state.choices(&mut choices);
        }
        // A state that is not gone on from may be the one by which others are covered.
        let reduces = self.reduces && self.bounds.in_flight == Bounds::IN_FLIGHT_MAX;
        for (number, choice) in choices.iter().enumerate() {
            if reduces && walk.state().is_covered(*choice) {
                continue;
            }
            let mut after = walk.state().clone();
            after.take(*choice, &mut done);
            self.progress.generated += 1;
            walk.way.push(number as u16);
            if self.goal.is_reached(&after.world, &done) {
                self.outcome = Outcome::Found([&walk.chunk.way, &walk.way[..]].concat());
                return;
            }
            if self.visited.insert(after.digest()) {
                self.progress.states += 1;
                self.keep(walk, after);
            }
            walk.way.pop();
        }
        (self.buffers.choices, self.buffers.done) = (choices, Some(done));
    }

    /// Keeps a new state for the next depth.
    fn keep(&mut self, walk: &mut Walk, state: State) {
        if self.whole < WHOLE_MAX {
            self.whole += 1;
            self.next.push(Chunk {
                way: [&walk.chunk.way, &walk.way[..]].concat().into(),
                root: state,
                ways: Ways::stay(),
            });
        } else {
            walk.found.push(&walk.way);
        }
    }
}

fn new_buffer() -> Box<Done> {
    Box::new(Done::without_reasons())
}

impl Walk {
    fn of(chunk: Chunk) -> Self {
        Self {
            chunk,
            place: 0,
            stack: Vec::new(),
            way: Way::new(),
            found: Ways::default(),
        }
    }

    /// The state at which it is.
    fn state(&self) -> &State {
        self.stack.last().unwrap_or(&self.chunk.root)
    }

    /// Goes to the next state of the chunk; returns whether there is one.
    fn step(&mut self, buffers: &mut Buffers) -> bool {
        let Some((common, rest)) = self.chunk.ways.next(&mut self.place) else {
            return false;
        };
        self.stack.truncate(common);
        self.way.truncate(common);
        let done = buffers.done.get_or_insert_with(new_buffer);
        for number in rest {
            let state = self.stack.last().unwrap_or(&self.chunk.root);
            buffers.choices.clear();
            state.choices(&mut buffers.choices);
            let mut after = state.clone();
            if let Some(choice) = buffers.choices.get(usize::from(*number)) {
                after.take(*choice, done);
            }
            self.stack.push(after);
            self.way.push(*number);
        }
        true
    }
}
