//! What can be asked of the laboratory under load, from the same program or from
//! node.

#![allow(unsafe_code, reason = "what node calls must keep its name")]

use std::cell::RefCell;
use std::fmt;

use hustings_raft::Millis;

use crate::heap;
use crate::load::{Bench, Load};

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

/// One thing that is asked. Its text is the name and the arguments of the
/// exported function that does it.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// Start anew; 1 if that worked.
    Begin(Load),
    /// Let so many milliseconds pass, in slices of so many; 1 if that worked.
    Pass {
        /// How many in all.
        duration: u32,
        /// How many at once.
        slice: u32,
    },
    /// Go to just after a record; 1 if that worked.
    Seek(u32),
    /// How many records there are.
    Records,
    /// How many bytes of the heap are in use.
    Heap,
}

impl Call {
    /// Does it here, and gives its answer.
    pub fn carry_out(self) -> u32 {
        match self {
            Self::Begin(load) => begin(load.servers.into(), load.entries, load.write_every),
            Self::Pass { duration, slice } => pass(duration, slice),
            Self::Seek(record) => seek(record),
            Self::Records => records(),
            Self::Heap => heap(),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin(load) => {
                let (servers, entries, every) = (load.servers, load.entries, load.write_every);
                write!(f, "begin {servers} {entries} {every}")
            }
            Self::Pass { duration, slice } => write!(f, "pass {duration} {slice}"),
            Self::Seek(record) => write!(f, "seek {record}"),
            Self::Records => f.write_str("records"),
            Self::Heap => f.write_str("heap"),
        }
    }
}

fn with<T>(act: impl FnOnce(&mut Bench) -> T) -> Option<T> {
    BENCH.with_borrow_mut(|bench| bench.as_mut().map(act))
}

// SAFETY of the names, here and below: nothing else in the module has them.

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn begin(servers: u32, entries: u32, write_every: u32) -> u32 {
    let load = Load {
        servers: servers.try_into().unwrap_or(0),
        entries,
        write_every,
    };
    // The old one first: two at a time would count twice.
    BENCH.take();
    BENCH.set(Bench::new(load));
    u32::from(BENCH.with_borrow(Option::is_some))
}

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn pass(duration: u32, slice: u32) -> u32 {
    let (duration, slice) = (Millis(duration.into()), Millis(slice.into()));
    u32::from(with(|bench| bench.pass(duration, slice) && bench.is_well()) == Some(true))
}

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn seek(record: u32) -> u32 {
    u32::from(with(|bench| bench.seek(record as usize)) == Some(true))
}

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn records() -> u32 {
    with(|bench| bench.records()).unwrap_or(0) as u32
}

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn heap() -> u32 {
    heap::in_use() as u32
}
