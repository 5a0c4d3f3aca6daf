//! A laboratory for Raft elections.
//!
//! A [`Lab`] holds a cluster of servers and everything between them: network,
//! disks, clock. It is started from a [`Header`] and moved by [`Command`]s;
//! what happens is kept as [`Record`]s. The same header and commands give the
//! same records on every platform.

mod check;
mod checker;
mod command;
mod commands;
pub mod diagram;
mod error;
mod event_queue;
mod expectation;
mod header;
mod history;
mod intern;
mod invariant;
mod lab;
pub mod link;
mod link_map;
pub mod narrate;
mod pattern;
mod persistent_vec;
pub mod play;
mod random;
mod record;
mod save;
pub mod script;
mod server;
mod tally;
mod transcript;
mod vec_map;
mod weight;

pub use check::{Found, Mismatch, Wanted};
pub use command::{Command, Goal, Link, MessageFilter, MessageSelector, Path, Rate};
pub use commands::Commands;
pub use error::CommandError;
pub use expectation::{Claim, Expectation};
pub use header::{Header, HeaderError, InitialState, Percent};
pub use history::{Branch, BranchName, Comparison, ForkPoint, History, HistoryError, ReplayError};
pub use invariant::{Evidence, Invariant, Violation};
pub use lab::{Applied, Lab};
pub use pattern::{FieldsPattern, LogEnd, MessagePattern, ServerPattern};
pub use record::{
    Change, Event, Flight, Loss, MessageId, Record, RecordId, Records, RunPosition, WaitingMessage,
};
pub use script::Script;
pub use server::{Node, RunningTimer, Server};
pub use tally::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, Tally};
pub use transcript::{Item, Quiet, Repeated, Told, Transcript};
pub use weight::{Weight, main_reason, weight};
