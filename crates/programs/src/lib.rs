//! Servers written as programs, for Hustings' laboratory.
//!
//! A program runs as a [`Machine`](hustings_lab::Machine), which is a [`Guest`] here: it
//! is told what happens, a turn at a time, and answers with what it does. What takes the
//! turns is a [`Host`]: a [`Source`] for a program in Rhai, or [`lines::Lines`] for a
//! process that speaks JSON lines, or a recording of one.
//!
//! ```text
//! World ──Input──▶ Guest ──Told──▶ Host::turn(state) ──▶ Turn: Parts, next state
//!   ▲                │                                     (acts, what is seen, a write)
//!   └────Effect──────┘ one part at a time: each waits for the write that ends the last
//! ```

mod compared;
mod guest;
mod host;
#[cfg(feature = "interpreter")]
mod interpreter;
#[cfg(feature = "lines")]
pub mod lines;
#[cfg(feature = "interpreter")]
mod pack;
mod program;
mod programs;
mod recording;
mod shipped;
mod trace;
#[cfg(feature = "wire")]
pub mod wire;

pub use self::compared::{CHANGED, compared, name_before_change};
pub use self::guest::Guest;
pub use self::host::{Act, Host, Part, Told, Turn};
#[cfg(feature = "interpreter")]
pub use self::interpreter::{Interpreter, Source, SourceState};
#[cfg(feature = "interpreter")]
pub use self::pack::{pack, unpack};
pub use self::program::HostedProgram;
pub use self::programs::{Programs, Reader, mended};
pub use self::recording::{RECORDING_BYTES_MAX, RecordingError, is_recording};
pub use self::shipped::{Flaw, SHIPPED, Shipped};
pub use self::trace::{Executed, Trace, Traces};
