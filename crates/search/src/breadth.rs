//! Breadth first: all states within bounds, those that are fewer steps away first.

use std::sync::Arc;

use hustings_lab::{Parts, Symmetry};

use crate::bounds::Bounds;
use crate::frontier::{Chunk, Parcel, Stack, Visit, Way};
use crate::goal::Goal;
use crate::reduction::Reduction;
use crate::state::{Choice, State};
use crate::take::{Came, Lookup};
use crate::visited::Visited;

/// How many states are kept whole, of those that are to be gone on from. More of them would not
/// fit into a processor's cache: to fetch one takes longer than the steps to it.
const WHOLE_MAX: usize = 2_000;

/// About how many bytes a state takes that is kept whole, with what it shares with others.
const WHOLE_BYTES: usize = 3_000;

/// How many bytes packed states may take, with what they are made of, unless a search says so.
const PACKED_MAX: usize = 1 << 28;

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
    /// About how many bytes the states take that are to be gone on from, with what is kept once
    /// for many.
    pub frontier_bytes: usize,
}

impl Progress {
    /// The sum of what threads have done that share the visited states.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            generated: self.generated + other.generated,
            states: self.states + other.states,
            depth: self.depth.max(other.depth),
            left: self.left + other.left,
            crowded: self.crowded + other.crowded,
            visited_bytes: self.visited_bytes.max(other.visited_bytes),
            frontier_bytes: self.frontier_bytes + other.frontier_bytes,
        }
    }
}

/// How a search stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is not at its end.
    Going,
    /// What was looked for, at the end of a way that is as short as any.
    Found(Way),
    /// It is not within the bounds.
    Nothing,
    /// It is not within the bounds up to the maximal number of steps.
    TooDeep,
}

/// A breadth-first search, a slice at a time.
#[derive(Debug)]
pub struct BreadthFirst {
    start: State,
    bounds: Bounds,
    goal: Goal,
    visited: Arc<Visited>,
    reduction: Reduction,
    /// If states that differ only in names count as one.
    symmetry: Option<Symmetry>,
    /// States of this depth, to be gone on from; the last is next.
    now: Vec<Chunk>,
    visit: Option<Visit>,
    /// States of the next depth.
    next: Vec<Chunk>,
    /// How many are kept whole.
    whole: usize,
    /// How many bytes they and their ways take, but for what is whole and for the visit.
    chunk_bytes: usize,
    /// What packed states are made of.
    parts: Parts,
    /// How many bytes packed states may take.
    packed_max: usize,
    progress: Progress,
    outcome: Outcome,
    /// Memory for visits.
    stack: Stack,
    /// Memory for the state that is generated.
    after: State,
    came: Came,
    lookup: Lookup,
}

impl BreadthFirst {
    /// A search from a state, with the best reduction.
    pub fn new(start: State, bounds: Bounds, goal: Goal, visited: Arc<Visited>) -> Self {
        let reduction = Reduction::best(&start, &bounds, &goal);
        Self::with_reduction(start, bounds, goal, visited, reduction)
    }

    /// A search from a state, with a reduction that makes no difference to it.
    pub fn with_reduction(
        start: State,
        bounds: Bounds,
        goal: Goal,
        visited: Arc<Visited>,
        reduction: Reduction,
    ) -> Self {
        let mut search = Self::part(start, bounds, goal, visited, reduction);
        let mut start = search.start.clone();
        if search.goal.is_reached(&start, &search.came) {
            search.outcome = Outcome::Found(Way::new());
        }
        search
            .visited
            .insert(digest_of(&mut start, &mut search.symmetry));
        search.add_to_next(Chunk::of(Way::new(), start));
        std::mem::swap(&mut search.now, &mut search.next);
        search.progress.states = 1;
        search.progress.left = 1;
        search
    }

    /// A part of a search, without states to go on from.
    pub(crate) fn part(
        start: State,
        bounds: Bounds,
        goal: Goal,
        visited: Arc<Visited>,
        reduction: Reduction,
    ) -> Self {
        let symmetry = match reduction {
            Reduction::Names => Symmetry::of(&start.world),
            Reduction::None | Reduction::Order => None,
        };
        Self {
            after: start.clone(),
            start,
            bounds,
            goal,
            visited,
            reduction,
            symmetry,
            now: Vec::new(),
            visit: None,
            next: Vec::new(),
            whole: 0,
            chunk_bytes: 0,
            parts: Parts::default(),
            packed_max: PACKED_MAX,
            progress: Progress {
                depth: 1,
                ..Progress::default()
            },
            outcome: Outcome::Going,
            stack: Stack::default(),
            came: Came::default(),
            lookup: Lookup::default(),
        }
    }

    /// Has it keep packed the states that it goes on from later as long as these take no more
    /// than so many bytes. It is slower without.
    #[must_use]
    pub fn with_packed_max(mut self, bytes: usize) -> Self {
        self.packed_max = bytes;
        self
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let names = self.symmetry.as_ref().map_or(0, Symmetry::bytes);
        let packed = self.chunk_bytes + self.parts.bytes();
        Progress {
            visited_bytes: self.visited.bytes(),
            frontier_bytes: packed + self.whole * WHOLE_BYTES + names,
            ..self.progress
        }
    }

    /// The state from which it goes on.
    pub fn start(&self) -> &State {
        &self.start
    }

    /// How it stands.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Goes on from about so many states; returns how it stands then.
    pub fn go_on(&mut self, states: usize) -> &Outcome {
        for _ in 0..states {
            if self.outcome != Outcome::Going {
                break;
            }
            if !self.expand_next() {
                self.outcome = self.deepen(self.next.is_empty());
            }
        }
        &self.outcome
    }

    /// Goes on from about so many states of this depth; returns whether some may be left.
    pub(crate) fn go_on_here(&mut self, states: usize) -> bool {
        (0..states).all(|_| self.outcome == Outcome::Going && self.expand_next())
    }

    /// Goes on from a state of this depth; returns whether there was one.
    fn expand_next(&mut self) -> bool {
        let visit = self.visit.take().or_else(|| self.begin_visit());
        let Some(mut visit) = visit else {
            return false;
        };
        if visit.next(&self.parts, &mut self.came) {
            self.expand(&mut visit);
            self.visit = Some(visit);
            return true;
        }
        let (chunk, stack) = visit.end();
        self.stack = stack;
        if let Some(chunk) = chunk {
            self.add_to_next(chunk);
        }
        true
    }

    fn begin_visit(&mut self) -> Option<Visit> {
        let chunk = self.take_from_now()?;
        Some(Visit::of(chunk, std::mem::take(&mut self.stack)))
    }

    fn add_to_next(&mut self, chunk: Chunk) {
        self.whole += 1;
        self.chunk_bytes += chunk.bytes();
        self.next.push(chunk);
    }

    fn take_from_now(&mut self) -> Option<Chunk> {
        let chunk = self.now.pop()?;
        self.whole -= 1;
        self.chunk_bytes -= chunk.bytes();
        Some(chunk)
    }

    /// Begins with the states of the next depth; `ends` says whether there are none anywhere.
    pub(crate) fn deepen(&mut self, ends: bool) -> Outcome {
        std::mem::swap(&mut self.now, &mut self.next);
        self.progress.left = self.len_of_now();
        if ends {
            return Outcome::Nothing;
        }
        if self.progress.depth >= self.bounds.depth {
            return Outcome::TooDeep;
        }
        self.progress.depth += 1;
        Outcome::Going
    }

    fn len_of_now(&self) -> u64 {
        self.now.iter().map(|chunk| chunk.ways.len() as u64).sum()
    }

    /// Generates all that can follow on the state at which a visit is.
    fn expand(&mut self, visit: &mut Visit) {
        self.progress.left = self.progress.left.saturating_sub(1);
        if visit.state().world.in_flight_count() > self.bounds.in_flight {
            self.progress.crowded += 1;
            return;
        }
        for place in 0..visit.choices().len() {
            let choice = visit.choices()[place];
            if self.reduction == Reduction::Order && visit.state().is_covered(choice) {
                continue;
            }
            self.generate(visit, place, choice);
            if self.outcome != Outcome::Going {
                break;
            }
        }
    }

    /// Makes a choice at the state at which a visit is, the one at this place there.
    fn generate(&mut self, visit: &mut Visit, place: usize, choice: Choice) {
        self.progress.generated += 1;
        let may_grow = self.chunk_bytes + self.parts.bytes() < self.packed_max;
        let (before, parts) = (visit.state(), &mut self.parts);
        let (symmetry, lookup) = (&mut self.symmetry, &mut self.lookup);
        let digest = before.look_up(choice, parts, symmetry, lookup);
        // Mostly it need not be made to know that it is not looked for, and whether it is new.
        let judgement = lookup.foreseen.judgement();
        let known = digest.filter(|_| !self.goal.may_be_reached(judgement));
        if known.is_some_and(|digest| !self.visited.insert(digest)) {
            return;
        }
        // There are never so many choices.
        visit.way.push(u16::try_from(place).unwrap_or(u16::MAX));
        let packs = known.is_some() && may_grow && self.whole >= WHOLE_MAX;
        if packs && visit.find_looked_up(choice, lookup, parts) {
            self.progress.states += 1;
        } else {
            self.make(visit, choice, (digest, known.is_some()), may_grow);
        }
        visit.way.pop();
    }

    /// Makes a state, to which the present way leads, and keeps it if it is new. It was looked up
    /// if its digest is known.
    fn make(
        &mut self,
        visit: &mut Visit,
        choice: Choice,
        (digest, is_new): (Option<u64>, bool),
        may_grow: bool,
    ) {
        let (after, came) = (&mut self.after, &mut self.came);
        after.clone_from(visit.state());
        if digest.is_some() {
            after.take_looked_up(choice, &self.parts, &mut self.lookup, came);
        } else if may_grow {
            after.take_and_learn(choice, &mut self.parts, came);
        } else {
            after.take(choice, came);
        }
        if !is_new && self.goal.is_reached(after, came) {
            self.outcome = Outcome::Found(visit.whole_way());
            return;
        }
        let digest = digest.unwrap_or_else(|| digest_of(after, &mut self.symmetry));
        if !is_new && !self.visited.insert(digest) {
            return;
        }
        self.progress.states += 1;
        if self.whole < WHOLE_MAX {
            let state = self.after.clone();
            self.add_to_next(Chunk::of(visit.whole_way(), state));
        } else {
            let parts = may_grow.then_some(&mut self.parts);
            visit.find(&mut self.after, parts);
        }
    }
}

/// The number by which a state is known.
fn digest_of(state: &mut State, symmetry: &mut Option<Symmetry>) -> u64 {
    match symmetry {
        Some(symmetry) => state.digest_by(symmetry),
        None => state.digest(),
    }
}

/// What threads do that share a search.
impl BreadthFirst {
    /// Gives away states of this depth, about so many.
    pub(crate) fn give(&mut self, states: u64) -> Vec<Parcel> {
        let (mut parcels, mut given) = (Vec::new(), 0);
        while given < states
            && let Some(chunk) = self.take_from_now()
        {
            let parcel = chunk.into_parcel();
            given += parcel.len() as u64;
            parcels.push(parcel);
        }
        self.progress.left = self.len_of_now();
        parcels
    }

    /// Takes states of this depth.
    pub(crate) fn receive(&mut self, parcel: Parcel) {
        self.progress.left += parcel.len() as u64;
        let chunk = parcel.into_chunk(&self.start);
        self.whole += 1;
        self.chunk_bytes += chunk.bytes();
        self.now.push(chunk);
    }

    /// How many states of the next depth there are.
    pub(crate) fn len_of_next(&self) -> u64 {
        self.next.iter().map(|chunk| chunk.ways.len() as u64).sum()
    }
}
