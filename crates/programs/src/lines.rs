//! Programs in any language: processes that speak JSON lines.
//!
//! [`Lines`] takes a server's turns. A turn is one line to the process (`told.rs`) and any
//! number of lines back (`answer.rs`), which end with `{"done":N}`. `process.rs` has one
//! running process, `body.rs` the bodies of messages, `field.rs` reads fields and says what
//! is wrong with them. `check.rs` walks a new server through its first messages.
//!
//! A process cannot be copied, but what it was told can be kept. So a server's state is its
//! place in all that servers were told so far: it costs nothing to copy, and a process that
//! is started anew and told the same is in the same state.

mod answer;
mod body;
mod check;
mod field;
mod host;
mod limits;
mod process;
mod told;

pub use self::check::{Checked, Wrong, check};
pub use self::host::{Lines, State};
pub use self::limits::TIMEOUT;
pub use self::process::{Listener, NotStarted};
