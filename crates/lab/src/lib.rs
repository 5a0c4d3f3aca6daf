//! A laboratory for Raft elections.
//!
//! A [`Lab`] holds a cluster of servers and everything between them: network,
//! disks, clock. It is started from a [`Header`] and moved by [`Command`]s;
//! what happens is kept as [`Record`]s. The same header and commands give the
//! same records on every platform.

mod agenda;
mod command;
pub mod diagram;
mod draw;
mod error;
mod expect;
mod header;
mod history;
mod invariant;
mod lab;
pub mod link;
mod links;
pub mod narrate;
mod recent;
mod record;
pub mod script;
mod server;
mod shared_vec;
mod sorted;
mod tally;
mod transcript;
mod watch;

pub use command::{Command, Commands, Crowd, Goal, Link, Path, Pick, Rate};
pub use error::CommandError;
pub use expect::{Claim, Expectation, Found, Last, MessageFacts, Mismatch, ServerFacts, Wanted};
pub use header::{Header, HeaderError, InitialState, Percent};
pub use history::{Branch, Comparison, History, HistoryError, Parting, ReplayError};
pub use invariant::{Evidence, Invariant, Violation};
pub use lab::{Applied, Lab};
pub use record::{
    Change, Event, Flight, Loss, MessageId, Place, Record, RecordId, Records, Waiting,
};
pub use script::Script;
pub use server::{Node, RunningTimer, Server};
pub use tally::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, Tally};
pub use transcript::{Item, Quiet, Repeated, Told, Transcript};
