//! What a page asks a reader of logs for, and what it is answered: they work in different
//! threads, which share no memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::shown::{EventId, Opened, Place, Shown};
use crate::text::LineNumber;
use crate::time::Micros;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ask {
    /// To speak English, or Chinese, in which these are the texts: the laboratory's, and after
    /// empty lines those of a search and of logs. A story that has been read is told again.
    Speak(Option<String>),
    /// To read the files that were given, which are called so, and to give up what was read
    /// before. By the number the answers are known.
    Read(u32, Vec<Arc<str>>),
    /// To read the same files again, whose members are these, by the number of the file: what
    /// whoever reads knows better than the lines.
    Assign(BTreeMap<u16, String>),
    /// The events whose lines, or whose members' names, have all of these words, in any order and
    /// in letters of any case.
    Find(Arc<str>),
    /// A line, and what stands around it.
    Line(Place),
    /// What was read, as a file.
    Export(Format),
    /// A run from a moment on, counted from the story's beginning.
    PlayFrom(Micros),
}

/// How a story is written into a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Format {
    /// All of it, for programs.
    Json,
    /// The events, a row each, for tables.
    Csv,
    /// The picture of all of it.
    Svg,
}

/// What is answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// How far the reading of this number has come.
    Going(u32, Progress),
    /// What the reading of this number came to.
    Read(u32, Read),
    /// The events whose lines have these words, in order.
    Found(Arc<str>, Vec<EventId>),
    /// The line that was asked for.
    Line(Place, Vec<RawLine>),
    /// What was read, as a file.
    Exported(Format, String),
    /// A run from a moment on, or why there is none.
    Opened(Result<Opened, String>),
}

/// How far a reading has come.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// The lines that were read.
    pub read: u64,
    /// The lines that there are.
    pub of: u64,
}

/// What was read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Read {
    /// The story; without events if no file tells one.
    pub shown: Arc<Shown>,
    /// Why files could not be read, in a sentence each.
    pub left_out: Vec<String>,
}

/// A line as it stands in its file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RawLine {
    /// Its number.
    pub number: LineNumber,
    /// What it says.
    pub says: String,
}
