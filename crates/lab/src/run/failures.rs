//! When and why the programs of servers failed.

use std::rc::Rc;

use hustings_raft::NodeMap;

use super::Run;
use crate::machine::{Failure, Program};
use crate::record::{Event, Record, RecordId};

/// A server's program has failed.
#[derive(Clone, Copy, Debug)]
pub struct ProgramFailure<'a> {
    /// The record of the crash that came of it.
    pub id: RecordId,
    /// The same.
    pub record: &'a Record,
    /// The program.
    pub program: &'a Rc<dyn Program>,
    /// What is wrong.
    pub failure: &'a Failure,
}

impl ProgramFailure<'_> {
    /// The place of the program's source, from 1, as it is written: not if flaws are mended in
    /// it, which may move its lines.
    pub fn place(&self) -> Option<(u32, u32)> {
        let is_as_written = self.program.mended().is_empty();
        self.failure.at.filter(|_| is_as_written)
    }
}

impl Run {
    /// When and why programs failed, in order.
    pub fn program_failures(&self) -> impl Iterator<Item = ProgramFailure<'_>> {
        let mut programs: NodeMap<&Rc<dyn Program>> = self.header.programs.iter().collect();
        self.records.iter().filter_map(move |(id, record)| {
            if let Event::Installed { server, program } = &record.event {
                match program.as_deref().and_then(|name| self.program_named(name)) {
                    Some(program) => programs.insert(*server, program),
                    None => programs.remove(*server),
                };
            }
            let Event::Crashed {
                server, failure, ..
            } = &record.event
            else {
                return None;
            };
            Some(ProgramFailure {
                id,
                record,
                program: *programs.get(*server)?,
                failure: failure.as_ref()?,
            })
        })
    }

    fn program_named(&self, name: &str) -> Option<&Rc<dyn Program>> {
        let mut programs = self.commands.programs();
        programs.find(|it| it.name() == name)
    }
}
