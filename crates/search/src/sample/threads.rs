//! Samples on several threads. What comes of it does not depend on how many there are.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;

use super::{SampleError, Sampled, Sampler};

/// Plays so many runs, until they are done or `watch` breaks it off, which is called after each
/// with how many are. `sampler` makes what plays them, the same on each thread; runs do not
/// leave theirs. Returns what came of the runs, in order, from the first on.
///
/// # Errors
///
/// When a run cannot be played to its end: the first of them.
pub fn sample(
    sampler: &(impl Fn() -> Option<Sampler> + Sync),
    runs: u32,
    threads: usize,
    mut watch: impl FnMut(u32) -> ControlFlow<()>,
) -> Result<Vec<Sampled>, SampleError> {
    let (next, stopped) = (AtomicU32::new(1), AtomicBool::new(false));
    let mut ended = std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(1);
        for _ in 0..threads.max(1) {
            let (sender, next, stopped) = (sender.clone(), &next, &stopped);
            scope.spawn(move || {
                let Some(sampler) = sampler() else { return };
                while !stopped.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number > runs || sender.send((number, sampler.sample(number))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut ended = Vec::new();
        for (done, run) in (1..).zip(receiver) {
            let failed = run.1.is_err();
            ended.push(run);
            if watch(done).is_break() || failed {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        ended
    });
    // None is missing: who has begun a run ends it.
    ended.sort_unstable_by_key(|(number, _)| *number);
    ended.into_iter().map(|(_, run)| run).collect()
}
