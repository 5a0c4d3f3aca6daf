//! A laboratory for Raft elections.
//!
//! A [`Lab`] holds a cluster of servers and everything between them: network,
//! disks, clock. It is started from a [`Header`] and moved by [`Command`]s;
//! what happens is kept as [`Record`]s. The same header and commands give the
//! same records on every platform.

mod command;
pub mod diagram;
mod error;
mod digest;
mod expect;
mod header;
mod history;
mod intern;
mod invariant;
mod judge;
pub mod link;
mod link_map;
mod machine;
pub mod narrate;
mod persistent_vec;
mod random;
mod record;
mod run;
pub mod script;
mod tally;
mod transcript;
mod vec_map;
mod world;

pub use command::{Command, Commands, Goal, Link, MessageFilter, MessageSelector, Path, Rate};
pub use error::CommandError;
pub use expect::{Claim, Expectation, Found, LogEnd, MessageFacts, Mismatch, ServerFacts, Wanted};
pub use header::{Header, HeaderError, InitialState, Percent};
pub use history::{Branch, Comparison, ForkPoint, History, HistoryError, ReplayError};
pub use invariant::{Evidence, Invariant, Violation};
pub use judge::{Fact, Finding, Judge, Judgement};
pub use machine::{Code, Machine, SharedCode, Start, View};
pub use record::{
    Change, Event, Flight, Loss, MessageId, Record, RecordId, Records, RunPosition, WaitingMessage,
};
pub use script::Script;
pub use run::{Applied, Run, Run as Lab, RunningTimer};
pub use tally::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, Tally};
pub use transcript::{Item, Quiet, Repeated, Told, Transcript};
pub use world::{ArmedTimer, Chance, Crashed, Done, Fate, InFlight, Next, NoTime, PendingId, Sent, Server, Travel, World};
