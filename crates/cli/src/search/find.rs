//! A run that is looked for by all means: breadth first and by random walks, the latter on
//! every thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use hustings_lab::Run;
use hustings_lab::narrate::Lang;
use hustings_raft::NodeSet;
use hustings_search::told;
use hustings_search::{Bounds, Ending, Finder, Phase, Plan, Reduction, State, Walked, Walks, Way};

use super::{Result, Task};
use crate::clock::Clock;

/// How many steps a thread walks before it looks whether it should stop.
const STEPS: usize = 5_000;

/// What a walk on another thread has found: which disks were slow, and the way.
type Walk = (NodeSet, Way);

pub(super) fn search(task: &Task<'_>, run: &Run, clock: &mut Clock) -> Result {
    let plan = Plan {
        breadth: task.bounds,
        bytes_max: task.bytes_max(),
        seed: task.args.seed,
        steps_max: u64::MAX,
        ..Plan::default()
    };
    let start = State::new(run.world().clone(), &task.bounds);
    let reduction = Reduction::best(&start, &task.bounds, &task.goal);
    let mut finder = Finder::new(start, task.goal.clone(), plan);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, found) = mpsc::sync_channel(1);
        let mut walks = Vec::new();
        for number in 1..task.threads as u64 {
            let (sender, stop) = (sender.clone(), &stop);
            let seed = task.args.seed.wrapping_add(number);
            walks.push(scope.spawn(move || walk(task, plan.walks, seed, &sender, stop)));
        }
        drop(sender);
        let mut first_found = None;
        let ending = go_on(&mut finder, &found, clock, &mut first_found);
        stop.store(true, Ordering::Relaxed);
        // Nobody waits for room in it any more.
        drop(found);
        let mut reached = finder.reached();
        for walked in walks.into_iter().filter_map(|walk| walk.join().ok()) {
            reached.walks.walks += walked.walks;
            reached.walks.steps += walked.steps;
        }
        Result {
            ending: ending.or(finder.looked_at()),
            found: finder.found().cloned(),
            first_found,
            reached,
            reduction,
        }
    })
}

/// Goes on until the search ends or the time is up, with what other threads find.
fn go_on(
    finder: &mut Finder,
    found: &Receiver<Walk>,
    clock: &mut Clock,
    first_found: &mut Option<f64>,
) -> Option<Ending> {
    loop {
        let phase = finder.go_on();
        if first_found.is_none() && finder.found().is_some() {
            *first_found = Some(clock.seconds());
        }
        if let Phase::Ended(ending) = phase {
            return Some(ending);
        }
        if clock.is_up() {
            return None;
        }
        if finder.wants_more()
            && let Ok((slow, way)) = found.try_recv()
        {
            finder.also_found(slow, &way);
        }
        let seconds = clock.seconds();
        clock.show(|| told::progress(finder, seconds, Lang::En));
    }
}

/// Walks until it is told to stop, and gives away what it finds.
fn walk(
    task: &Task<'_>,
    bounds: Option<Bounds>,
    seed: u64,
    found: &SyncSender<Walk>,
    stop: &AtomicBool,
) -> Walked {
    let (Some(run), Some(bounds)) = (task.run(), bounds) else {
        return Walked::default();
    };
    let start = State::new(run.world().clone(), &task.bounds);
    let mut walks = Walks::new(start, bounds, task.goal.clone(), seed);
    while !stop.load(Ordering::Relaxed) {
        let Some((start, way)) = walks.go_on(STEPS) else {
            continue;
        };
        walks.shorten(4 * way.len());
        if found.send((start.slow, way)).is_err() {
            break;
        }
    }
    walks.progress()
}
