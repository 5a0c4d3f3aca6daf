//! The page: a debugger for Raft elections.
//!
//! [`App`] draws a [`session::Session`] and dispatches [`session::Action`]s to
//! it. The session owns the laboratory; the [`scheduler`] tells it that time
//! has passed. Components hold no truth of their own.

mod browser;
pub mod complete;
mod components;
mod files;
mod focus;
pub mod gallery;
mod keyboard;
mod memory;
mod picture;
pub mod scheduler;
pub mod session;
pub mod settings;
mod share;
pub mod words;

pub use components::App;
