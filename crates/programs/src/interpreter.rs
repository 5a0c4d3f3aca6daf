//! Programs in Rhai.
//!
//! [`Interpreter`] has the engine, to which `engine.rs` gives the functions of
//! `docs/programs.md`. What they do goes into the turn that is being taken (`turn.rs`). A
//! server's variables are a [`Me`](me::Me), its log a [`LogValue`](log::LogValue);
//! `message.rs`, `view.rs` and `value.rs` translate between Rhai's values and the
//! laboratory's.

mod engine;
mod error;
mod limits;
mod log;
mod me;
mod message;
mod slips;
mod source;
mod turn;
mod value;
mod view;
mod watch;

pub use self::engine::Interpreter;
pub use self::source::{Source, State as SourceState};
