//! What systems say: for each, a table of its own words and what they tell.

mod ballots;
mod ccf;
mod etcd;
mod etcd_trace;
mod generic;
mod hashicorp;
mod hustings;
mod raft_rs;
mod roles;
mod rows;
mod table;
mod trace;

use self::rows::Message;
use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::Observation;

/// A system whose lines can be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
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
        self.told(&Message::new(&line.message), line, names)
    }

    /// What a line tells in any dialect, and in which; one of them may be tried first.
    pub(crate) fn read_any(
        first: Option<Self>,
        line: &Line<'_>,
        names: &mut Names,
    ) -> Option<(Self, Told)> {
        let message = Message::new(&line.message);
        let others = Self::ALL.into_iter().filter(|it| Some(*it) != first);
        let mut dialects = first.into_iter().chain(others);
        dialects.find_map(|it| Some((it, it.told(&message, line, names)?)))
    }

    fn told(self, message: &Message<'_>, line: &Line<'_>, names: &mut Names) -> Option<Told> {
        match self {
            Self::Etcd => etcd::read(message, line, names),
            Self::RaftRs => raft_rs::read(message, line, names),
            Self::Hashicorp => hashicorp::read(message, line, names),
            Self::EtcdTrace => etcd_trace::read(line, names),
            Self::Ccf => ccf::read(line, names),
            Self::Hustings => hustings::read(line, names),
            Self::Generic => generic::read(line, names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rows::Message;
    use super::table::Table;
    use super::{ccf, etcd, etcd_trace, hashicorp, raft_rs};
    use crate::line::Line;

    /// Tables, where their messages stand, and lines that have them.
    static TABLES: [(&Table, Option<&str>, &str); 8] = [
        (
            &etcd::RAFT,
            None,
            include_str!("../tests/dialects/etcd-raft.txt"),
        ),
        (
            &etcd::SERVER,
            None,
            include_str!("../tests/dialects/etcd-server.txt"),
        ),
        (
            &raft_rs::TABLE,
            None,
            include_str!("../tests/dialects/raft-rs.txt"),
        ),
        (
            &hashicorp::RAFT,
            None,
            include_str!("../tests/dialects/hashicorp.txt"),
        ),
        (
            &hashicorp::SENTENCES,
            None,
            include_str!("../tests/dialects/hashicorp-old.txt"),
        ),
        (
            &hashicorp::NEIGHBOURS,
            None,
            include_str!("../tests/dialects/hashicorp-neighbours.txt"),
        ),
        (
            &etcd_trace::TABLE,
            Some("event.name"),
            include_str!("../tests/dialects/etcd-trace.txt"),
        ),
        (
            &ccf::TABLE,
            Some("msg.function"),
            include_str!("../tests/dialects/ccf.txt"),
        ),
    ];

    #[test]
    fn every_row_of_a_table_is_the_first_for_some_line() {
        for (table, message, lines) in TABLES {
            let mut rows = table.rows.all().iter().enumerate().collect::<Vec<_>>();
            for line in lines.lines().map(Line::new) {
                let message = message.map_or(Some(line.message.clone()), |it| line.field(it));
                let first =
                    message.and_then(|it| table.rows_that_tell(&it, &line).first().copied());
                rows.retain(|(row, _)| Some(*row) != first);
            }
            let unused: Vec<_> = rows.iter().map(|(_, (pattern, _))| pattern).collect();
            assert!(unused.is_empty(), "{unused:?}");
        }
    }

    #[test]
    fn rows_are_found_by_the_words_of_a_message() {
        for (table, message, lines) in TABLES {
            for line in lines.lines().map(Line::new) {
                let message = message.map_or(Some(line.message.clone()), |it| line.field(it));
                let Some(message) = message else { continue };
                let found = table.rows.of(&Message::new(&message));
                for row in table.rows_that_tell(&message, &line) {
                    assert!(found.contains(&row), "{message}");
                }
            }
        }
    }
}
