//! The calls to a laboratory under load, from the same program or from node.

#![allow(unsafe_code, reason = "exported functions must keep their names")]

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;

use hustings_raft::Millis;

use crate::heap;
use crate::load::{Bench, Load};

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

/// A call. Its `Display` is the name and the arguments of the exported function, from which it
/// can be parsed.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// Starts a new laboratory; returns 1 on success.
    Begin(Load),
    /// Lets time pass in slices; returns 1 on success.
    Pass {
        /// The whole duration in milliseconds.
        duration: u32,
        /// The duration of a slice in milliseconds.
        slice: u32,
    },
    /// Seeks a record; returns 1 on success.
    Seek(u32),
    /// Returns the number of records.
    Records,
    /// Returns the number of bytes in use on the heap.
    Heap,
}

impl Call {
    /// Executes the call in this program; returns its result.
    pub fn execute(self) -> u32 {
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

impl FromStr for Call {
    type Err = NoCall;

    fn from_str(text: &str) -> Result<Self, NoCall> {
        let no_call = || NoCall(text.to_owned());
        let mut words = text.split_whitespace();
        let name = words.next().ok_or_else(no_call)?;
        let numbers: Result<Vec<u32>, _> = words.map(str::parse).collect();
        match (name, numbers.map_err(|_| no_call())?.as_slice()) {
            ("begin", &[servers, entries, write_every]) => Ok(Self::Begin(Load {
                servers: servers.try_into().map_err(|_| no_call())?,
                entries,
                write_every,
            })),
            ("pass", &[duration, slice]) => Ok(Self::Pass { duration, slice }),
            ("seek", &[record]) => Ok(Self::Seek(record)),
            ("records", []) => Ok(Self::Records),
            ("heap", []) => Ok(Self::Heap),
            _ => Err(no_call()),
        }
    }
}

/// A text that is no [`Call`].
#[derive(Debug)]
pub struct NoCall(String);

impl fmt::Display for NoCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no call", self.0)
    }
}

impl std::error::Error for NoCall {}

fn with<T>(act: impl FnOnce(&mut Bench) -> T) -> Option<T> {
    BENCH.with_borrow_mut(|bench| bench.as_mut().map(act))
}

// SAFETY of the names, here and below: they are unique in the module.

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn begin(servers: u32, entries: u32, write_every: u32) -> u32 {
    let load = Load {
        servers: servers.try_into().unwrap_or(0),
        entries,
        write_every,
    };
    // Drops the old one first, so that its memory does not count.
    BENCH.take();
    BENCH.set(Bench::new(load));
    u32::from(BENCH.with_borrow(Option::is_some))
}

#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
extern "C" fn pass(duration: u32, slice: u32) -> u32 {
    let (duration, slice) = (Millis(duration.into()), Millis(slice.into()));
    u32::from(with(|bench| bench.pass(duration, slice) && bench.has_no_violation()) == Some(true))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_call_displays_is_parsed() {
        let load = Load {
            servers: 5,
            entries: 0,
            write_every: 100,
        };
        let (duration, slice) = (300_000, 1_600);
        let calls = [
            Call::Begin(load),
            Call::Pass { duration, slice },
            Call::Seek(7),
            Call::Records,
            Call::Heap,
        ];
        for call in calls {
            let text = call.to_string();
            assert_eq!(text.parse::<Call>().unwrap().to_string(), text);
        }
        let error = "pass 16".parse::<Call>().unwrap_err();
        assert_eq!(error.to_string(), "`pass 16` is no call");
    }
}
