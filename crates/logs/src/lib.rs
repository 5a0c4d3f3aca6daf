//! Reads the logs of real Raft systems, puts them in order, and says what happened.
//!
//! ```text
//! bytes ─Text─▶ lines ─Line─▶ Dialect ─Sighting─▶ members, clocks ─▶ Story ─▶ Account ─▶ Shown
//! ```
//!
//! * A [`Text`] is a file: unpacked, divided into lines, kept whole, so that every sighting
//!   can show its line.
//! * A [`Line`](line::Line) is a line without what a logger put around it: its time, level,
//!   message and fields. How a logger writes is known by `line/`, and by nothing else.
//! * A [`Dialect`](dialect::Dialect) is a table: a system's own words on the left, an
//!   [`Observation`] on the right.
//! * A [`Sighting`] is an observation with its place and by whom it was made, under the name
//!   that the line used.
//! * [`Members`] are found by their names, and [`clocks`] tells how far theirs are apart; the
//!   [`Story`] has the sightings in order, and after each what is known of every member. What
//!   no line tells stays unknown: silence is no fact.
//! * The [`Account`](account::Account) says how it went, and which rules of Raft were broken;
//!   [`told`] has its sentences, and [`Shown`](shown::Shown) is all that is drawn of it.

pub mod account;
pub mod clocks;
mod desk;
pub mod dialect;
mod export;
mod known;
mod laboratory;
pub mod line;
mod members;
mod names;
mod observation;
mod pattern;
mod picture;
mod reading;
pub mod shown;
mod story;
mod text;
mod texts;
mod time;
pub mod told;
pub mod wire;
mod years;

pub use self::desk::Desk;
pub use self::known::{Known, Span};
pub use self::laboratory::OpenError;
pub use self::members::{Given, Member, Members};
pub use self::names::{Name, Names};
pub use self::observation::{
    Alarm, Ballot, Cause, LogEnd, Observation, Refusal, Role, State, TransferStep, VoteReply,
};
pub use self::reading::{FileRead, Reader, Reading, Sighting, Untold, UntoldKind};
pub use self::story::{Event, Story};
pub use self::text::{Files, LineNumber, Text, TextError};
pub use self::texts::set_chinese;
pub use self::time::{Day, Micros, Moment, round_step};
pub use self::years::Years;
