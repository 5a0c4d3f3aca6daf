//! The number of bytes in use on the heap, the most that were, and the number of allocations.

#![allow(unsafe_code, reason = "an allocator that counts is an allocator")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting the bytes in use and the allocations of each thread.
struct Counting;

thread_local! {
    static IN_USE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The bytes in use, without what the allocator itself needs for each block.
pub fn in_use() -> usize {
    IN_USE.get()
}

/// The most bytes that were in use since [`begin_peak`].
pub fn peak() -> usize {
    PEAK.get()
}

/// From now on, the peak is what is in use now and later.
pub fn begin_peak() {
    PEAK.set(IN_USE.get());
}

/// How many allocations there have been, each change of a block's size included.
pub fn allocations() -> u64 {
    ALLOCATIONS.get()
}

fn count(more: usize, less: usize) {
    let in_use = IN_USE.get().wrapping_add(more).wrapping_sub(less);
    IN_USE.set(in_use);
    if more > less {
        PEAK.set(PEAK.get().max(in_use));
    }
    ALLOCATIONS.set(ALLOCATIONS.get() + u64::from(more > 0));
}

// SAFETY: all calls are forwarded unchanged to the system's allocator, and a thread-local
// cell neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's guarantees hold for the system's allocator, too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above; the block came from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: as above; the block came from the system's allocator.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[cfg(test)]
mod tests {
    use super::in_use;

    #[test]
    fn freed_memory_does_not_count() {
        let before = in_use();
        let block = std::hint::black_box(vec![0_u8; 1000]);
        // The thread may have freed memory of another one, so the count may wrap.
        assert_eq!(in_use().wrapping_sub(before), 1000);
        drop(block);
        assert_eq!(in_use(), before);
    }
}
