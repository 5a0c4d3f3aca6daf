//! A laboratory for Raft elections.
//!
//! A [`World`] is a cluster of servers and everything between them at one moment: network,
//! disks, clocks. A [`Run`] is what has been: started from a [`Header`] and moved by
//! [`Command`]s, it drives a world and keeps what happens as [`Record`]s. The same header
//! and commands give the same records on every platform. A server is a [`Machine`]:
//! Raft's core, or any other that answers the same inputs.

mod check;
mod command;
mod condition;
pub mod diagram;
mod digest;
mod error;
mod header;
mod history;
mod infer;
mod intern;
mod invariant;
mod judge;
pub mod link;
mod link_map;
mod machine;
mod message;
pub mod narrate;
mod parting;
mod path;
mod pattern;
mod persistent_vec;
pub mod play;
mod question;
mod rate;
mod record;
mod run;
mod save;
mod schedule;
pub mod script;
mod selector;
mod server;
mod statistics;
mod tally;
mod transcript;
mod vec_map;
mod weight;
mod world;

pub use check::{Found, Mismatch, Wanted};
pub use command::Command;
pub use condition::{Claim, Condition};
pub use error::CommandError;
pub use header::{Header, HeaderError, InitialState, Percent};
pub use history::{
    Branch, BranchName, Comparison, ForkPoint, History, HistoryError, ReplayError, Walk,
};
pub use invariant::{Evidence, Invariant, Violation};
pub use judge::{Fact, Finding, Judge, Judgement};
pub use machine::{
    Abilities, CORE_NAME, Failure, Library, LibraryError, Machine, NoLibrary, Program, Start,
    UnpackError, Value, View,
};
pub use message::{InFlight, Loss, WaitingMessage};
pub use parting::{Compared, Parting, parting_from_raft};
pub use path::{Link, Path};
pub use pattern::{FieldsPattern, LogEnd, MessagePattern, ServerPattern, Variable};
pub use question::{Answer, Objecting, Question, Subject};
pub use rate::Rate;
pub use record::{Change, Event, Flight, MessageId, Record, RecordId, Records, RunPosition};
pub use run::{Applied, Commands, Execution, ProgramFailure, Run, RunLibrary, RunningTimer};
pub use schedule::PendingId;
pub use script::Script;
pub use selector::{MessageFilter, MessageSelector};
pub use server::{ArmedTimer, Server};
pub use statistics::{Elections, Messages, Statistics, TermStory};
pub use tally::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, SplitVote, Tally};
pub use transcript::{Item, Quiet, Repeated, Told, Transcript};
pub use vec_map::{VecMap, VecSet};
pub use weight::{Weight, main_reason, weight};
pub use world::{
    Chance, Crashed, Done, Failed, Fate, Foreseen, Next, NoTime, Parts, Prompt, Sent, Symmetry,
    Travel, World,
};
