//! The page: a debugger for Raft elections.
//!
//! [`App`] renders a [`session::Session`] and dispatches [`session::Action`]s to it. The
//! session owns the run; the [`scheduler`] sends it ticks.
//! Components hold only transient UI state.

mod autosave;
mod browser;
mod checksum;
pub mod complete;
mod components;
mod files;
mod fill;
mod focus;
pub mod gallery;
pub mod i18n;
mod keyboard;
pub mod lesson_logs;
pub mod lessons;
pub mod moment;
mod picture;
pub mod programs;
mod reading;
mod sampling;
pub mod scheduler;
mod searching;
pub mod session;
pub mod settings;
mod share;
pub mod sheet;
pub mod worker;

pub use components::{App, measure_outline};
