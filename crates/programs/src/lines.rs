//! Programs in any language: processes that speak JSON lines.
//!
//! [`Lines`] takes a server's turns. A turn is one line to the process (`told.rs`) and any
//! number of lines back (`answer.rs`), which end with `{"done":N}`. `processes.rs` has the
//! running processes of a command, `process.rs` one of them, `body.rs` the bodies of messages,
//! `field.rs` reads fields and says what is wrong with them. `check.rs` walks a new server
//! through its first messages.
//!
//! A process cannot be copied, but what it was told can be kept. So a server's state is its
//! place in all that servers were told so far (`turns.rs`): it costs nothing to copy, and a
//! process that is started anew and told the same is in the same state. Those turns are also
//! all that is needed to play the run again, without a process and in a browser: a
//! [`Recording`].

mod answer;
mod body;
#[cfg(not(target_family = "wasm"))]
mod check;
mod field;
mod host;
mod limits;
#[cfg(not(target_family = "wasm"))]
mod process;
#[cfg(not(target_family = "wasm"))]
mod processes;
mod recording;
mod told;
mod turns;

#[cfg(not(target_family = "wasm"))]
pub use self::check::{Checked, Wrong, check};
pub use self::host::{Lines, State};
#[cfg(not(target_family = "wasm"))]
pub use self::limits::TIMEOUT;
#[cfg(not(target_family = "wasm"))]
pub use self::process::{Listener, NotStarted};
pub use self::recording::Recording;
pub use self::turns::Turns;
