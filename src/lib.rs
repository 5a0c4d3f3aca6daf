//! The page: a debugger for Raft elections.
//!
//! [`App`] draws a [`session::Session`] and dispatches [`session::Action`]s to
//! it. The session owns the laboratory; the [`scheduler`] tells it that time
//! has passed. Components hold no truth of their own.

mod components;
mod keyboard;
pub mod scheduler;
pub mod session;

pub use components::App;
