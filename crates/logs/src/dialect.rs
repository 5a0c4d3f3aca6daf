//! What systems say: for each, a table of its own words and what they tell.

mod ccf;
mod etcd;
mod etcd_trace;
mod generic;
mod hashicorp;
mod hustings;
mod raft_rs;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{LogEnd, Observation};
use crate::pattern::{self, Holes};

/// A system whose lines can be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Dialect {
    /// etcd's raft library, in etcd itself and in whatever prints its lines.
    Etcd,
    /// tikv's raft crate.
    RaftRs,
    /// HashiCorp's raft library: Consul, Nomad, Vault, rqlite.
    Hashicorp,
    /// The trace for TLA+ of etcd's raft library.
    EtcdTrace,
    /// The trace of CCF's raft.
    Ccf,
    /// Hustings' own records of a run.
    Hustings,
    /// The form that anybody can print (`docs/logs.md`).
    Generic,
}

/// What a line tells, and of whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The member that wrote it, as the line calls it; `None` if it does not say.
    pub by: Option<Name>,
    /// The Raft group, where one process runs many (TiKV's regions).
    pub group: Option<Name>,
    /// What it tells, the most important first. Never empty.
    pub what: Vec<Observation>,
}

impl Dialect {
    /// All of them, those with the narrowest patterns first.
    pub const ALL: [Self; 7] = [
        Self::Hustings,
        Self::Generic,
        Self::EtcdTrace,
        Self::Ccf,
        Self::Etcd,
        Self::RaftRs,
        Self::Hashicorp,
    ];

    /// What a line tells in this dialect; `None` if nothing of elections.
    pub fn read(self, line: &Line<'_>, names: &mut Names) -> Option<Told> {
        match self {
            Self::Etcd => etcd::read(line, names),
            Self::RaftRs => raft_rs::read(line, names),
            Self::Hashicorp => hashicorp::read(line, names),
            Self::EtcdTrace => etcd_trace::read(line, names),
            Self::Ccf => ccf::read(line, names),
            Self::Hustings => hustings::read(line, names),
            Self::Generic => generic::read(line, names),
        }
    }
}

/// A row of a dialect's table: a pattern of its messages, and what such a message tells.
/// A row that finds a hole or field filled with something else tells nothing.
type Row = (&'static str, fn(&mut Words<'_>) -> Option<Observation>);

/// A message that matches a row: what stands in the pattern's holes, and beside the message.
struct Words<'a> {
    line: &'a Line<'a>,
    holes: Holes<'a, 'a>,
    names: &'a mut Names,
}

impl Words<'_> {
    /// What stands in a hole of the pattern, or else in a field.
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let hole = self.holes.text(name).map(Cow::Borrowed);
        hole.or_else(|| self.line.field(name))
    }

    /// The number that stands there.
    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.trim().parse().ok()
    }

    /// The member whose name stands there; `None` for an empty one.
    fn member(&mut self, name: &str) -> Option<Name> {
        let text = self.text(name)?.trim().to_owned();
        (!text.is_empty()).then(|| self.names.name(&text))
    }

    /// The end of a log whose term and index stand there.
    fn log_end(&self, term: &str, index: &str) -> Option<LogEnd> {
        Some(LogEnd {
            term: self.number(term)?,
            index: self.number(index)?,
        })
    }
}

/// What the first row that matches a line's message tells, and what its holes say.
fn look_up<'a>(
    table: &[Row],
    line: &'a Line<'a>,
    names: &mut Names,
) -> Option<(Observation, Holes<'a, 'a>)> {
    table.iter().find_map(|(pattern, tells)| {
        let holes = pattern::matches(pattern, &line.message)?;
        let mut words = Words {
            line,
            holes: holes.clone(),
            names,
        };
        tells(&mut words).map(|told| (told, holes))
    })
}
