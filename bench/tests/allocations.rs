//! A cluster in steady state does not allocate.

#![allow(unsafe_code, reason = "an allocator that counts is an allocator")]

use hustings_bench::Cluster;
use hustings_bench::ours::{WithReasons, WithoutReasons};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting the allocations of each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: all calls are forwarded unchanged to the system's allocator, and a thread-local
// cell neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's guarantees hold for the system's allocator, too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above; the block came from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as above; the block came from the system's allocator.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The number of allocations of a thousand heartbeats of five servers, after their queues
/// have reached their capacity.
fn allocations<C: Cluster>() -> u64 {
    let mut cluster = C::cold();
    cluster.time_out();
    cluster.deliver_all();
    let round = |cluster: &mut C| {
        cluster.beat();
        assert_eq!(cluster.deliver_all(), 8);
    };
    (0..10).for_each(|_| round(&mut cluster));
    let before = COUNT.get();
    (0..1000).for_each(|_| round(&mut cluster));
    COUNT.get() - before
}

#[test]
fn heartbeats_without_reasons_allocate_nothing() {
    assert_eq!(allocations::<WithoutReasons>(), 0);
}

#[test]
fn heartbeats_with_reasons_allocate_nothing() {
    assert_eq!(allocations::<WithReasons>(), 0);
}

#[test]
fn allocations_are_counted() {
    let before = COUNT.get();
    drop(std::hint::black_box(vec![1, 2, 3]));
    assert_eq!(COUNT.get() - before, 1);
}
