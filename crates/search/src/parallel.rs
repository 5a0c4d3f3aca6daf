//! Breadth first on several threads. In WebAssembly there are none, and nobody calls it.
//!
//! Worlds do not leave their thread. The threads share the digests of the visited states, and
//! each goes on from the states that it was the first to generate. All finish a depth before
//! the next begins, so that what is found first is a shortest way; then those that have more
//! states than others give some away, as ways from the start.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};

use crate::bounds::Bounds;
use crate::breadth::{BreadthFirst, Outcome, Progress};
use crate::frontier::Parcel;
use crate::goal::Goal;
use crate::reduction::Reduction;
use crate::state::State;
use crate::visited::Visited;

/// How many states a thread goes on from before it says how far it has come.
const SLICE: usize = 1_000;

/// A search that threads share.
struct Shared {
    threads: usize,
    barrier: Barrier,
    stopped: AtomicBool,
    /// How far each has come, and how many states of the next depth it has.
    reached: Mutex<Vec<(Progress, u64)>>,
    found: Mutex<Option<Outcome>>,
    parcels: Mutex<Vec<Parcel>>,
}

/// Searches on several threads until it is at its end, or `watch`, which is called many times
/// a second, breaks it off. `start` makes the state from which the search goes on, the same on
/// each thread, to which the reduction makes no difference.
pub fn search(
    start: &(impl Fn() -> State + Sync),
    bounds: Bounds,
    goal: &Goal,
    reduction: Reduction,
    threads: usize,
    mut watch: impl FnMut(Progress) -> ControlFlow<()>,
) -> (Outcome, Progress) {
    let threads = threads.max(1);
    let visited = Arc::new(Visited::default());
    let shared = Shared {
        threads,
        barrier: Barrier::new(threads),
        stopped: AtomicBool::new(false),
        reached: Mutex::new(vec![(Progress::default(), 0); threads]),
        found: Mutex::default(),
        parcels: Mutex::default(),
    };
    let outcome = std::thread::scope(|scope| {
        for number in 1..threads {
            let (shared, visited, goal) = (&shared, Arc::clone(&visited), goal.clone());
            scope.spawn(move || {
                let mut part = BreadthFirst::part(start(), bounds, goal, visited, reduction);
                shared.run(number, &mut part, |_| ControlFlow::Continue(()))
            });
        }
        let (start, goal) = (start(), goal.clone());
        let mut part = BreadthFirst::with_reduction(start, bounds, goal, visited, reduction);
        shared.run(0, &mut part, &mut watch)
    });
    (outcome, shared.progress())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn run(
        &self,
        number: usize,
        part: &mut BreadthFirst,
        mut watch: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Outcome {
        loop {
            self.finish_depth(number, part, &mut watch);
            self.barrier.wait();
            if let Some(found) = locked(&self.found).clone() {
                return found;
            }
            if self.stopped.load(Ordering::Relaxed) {
                return Outcome::Going;
            }
            let left: Vec<u64> = locked(&self.reached)
                .iter()
                .map(|(_, next)| *next)
                .collect();
            let outcome = part.deepen(left.iter().sum::<u64>() == 0);
            if outcome != Outcome::Going {
                return outcome;
            }
            self.share_out(&left, number, part);
        }
    }

    fn finish_depth(
        &self,
        number: usize,
        part: &mut BreadthFirst,
        mut watch: impl FnMut(Progress) -> ControlFlow<()>,
    ) {
        loop {
            let is_left = part.go_on_here(SLICE);
            locked(&self.reached)[number] = (part.progress(), part.len_of_next());
            if let Outcome::Found(_) = part.outcome() {
                *locked(&self.found) = Some(part.outcome().clone());
                self.stopped.store(true, Ordering::Relaxed);
            }
            if watch(self.progress()).is_break() {
                self.stopped.store(true, Ordering::Relaxed);
            }
            if !is_left || self.stopped.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Gives each thread about as many states as any other.
    fn share_out(&self, left: &[u64], number: usize, part: &mut BreadthFirst) {
        let fair = left.iter().sum::<u64>().div_ceil(self.threads as u64);
        // A difference of a hundredth is not worth the ways to the states.
        if left[number] > fair + fair / 100 {
            let parcels = part.give(left[number] - fair);
            locked(&self.parcels).extend(parcels);
        }
        self.barrier.wait();
        let mut has = left[number];
        while has < fair
            && let Some(parcel) = self.take_parcel()
        {
            has += parcel.len() as u64;
            part.receive(parcel);
        }
        self.barrier.wait();
        // What is left over is too large for anybody's share.
        if number == 0 {
            while let Some(parcel) = self.take_parcel() {
                part.receive(parcel);
            }
        }
    }

    fn take_parcel(&self) -> Option<Parcel> {
        locked(&self.parcels).pop()
    }

    fn progress(&self) -> Progress {
        let reached = locked(&self.reached);
        let sum = reached.iter().map(|(progress, _)| *progress);
        sum.reduce(Progress::with).unwrap_or_default()
    }
}
