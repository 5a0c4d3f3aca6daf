//! Breakpoints at lines of programs. What is executed is only known while it is watched, so
//! that time passes on trial while there are any.

use hustings_lab::{Command, Event, History, HistoryError, RecordId, Run, RunPosition};
use hustings_programs::Trace;
use hustings_raft::{Millis, NodeId};

use super::{Breakpoint, Breakpoints};
use crate::programs::{executed, program_of, watch};

impl Breakpoints {
    /// The enabled breakpoint at a line of what a server runs, by its number.
    fn at_line(&self, run: &Run, server: NodeId, line: u32) -> Option<usize> {
        let runs = program_of(run, server)?;
        self.0.iter().position(|(breakpoint, on)| match breakpoint {
            Breakpoint::Line { program, line: at } => {
                *on && *at == line && **program == *runs.name()
            }
            _ => false,
        })
    }

    /// Whether a server runs a program with an enabled breakpoint at a line.
    fn watches(&self, run: &Run, server: NodeId) -> bool {
        let name = program_of(run, server).map(|it| it.name());
        self.0.iter().any(|(breakpoint, on)| match breakpoint {
            Breakpoint::Line { program, .. } => *on && name == Some(&**program),
            _ => false,
        })
    }

    fn watches_any(&self, run: &Run) -> bool {
        run.ids().iter().any(|id| self.watches(run, id))
    }

    /// The first breakpoint at a line among what was executed.
    fn first_in(&self, run: &Run, traces: &[Trace]) -> Option<usize> {
        let mut lines = traces.iter().flat_map(|trace| {
            let lines = trace.executed.iter();
            lines.map(|it| (trace.server, it.line))
        });
        lines.find_map(|(server, line)| self.at_line(run, server, line))
    }

    /// The number of the breakpoint at a line that is executed first by the records from one
    /// on, and just after which record that is.
    pub(in super::super) fn line_since(
        &self,
        history: &History,
        first: RecordId,
    ) -> Option<(usize, RunPosition)> {
        let run = history.run();
        if !self.watches_any(run) {
            return None;
        }
        run.records().since(first).find_map(|(id, record)| {
            let server = record.event.server()?;
            if !self.watches(run, server) {
                return None;
            }
            let number = self.first_in(run, &executed(history, id))?;
            let after = RunPosition {
                records: id.0 + 1,
                time: record.at,
            };
            Some((number, after))
        })
    }

    /// The breakpoint at a line that would be executed first within a time.
    pub(super) fn first_line(
        &self,
        history: &History,
        within: Millis,
    ) -> Result<Option<(usize, RunPosition)>, HistoryError> {
        if !self.watches_any(history.run()) {
            return Ok(None);
        }
        let mut trial = history.clone();
        let mut passed = Ok(());
        let traces = watch(|| passed = trial.apply(Command::Run(within)).map(drop));
        passed?;
        let first = RecordId(history.run().records().len());
        let hit = self.line_in(&trial, first, &traces);
        Ok(hit.and_then(|_| self.line_since(&trial, first)))
    }

    /// The breakpoint at a line that the records from one on have executed, as far as they
    /// were watched.
    pub(in super::super) fn line_in(
        &self,
        history: &History,
        first: RecordId,
        traces: &[Trace],
    ) -> Option<usize> {
        let run = history.run();
        if !self.watches_any(run) {
            return None;
        }
        self.first_in(run, traces).or_else(|| {
            let is_unwatched = goes_on_unwatched(run, first, traces);
            let hit = is_unwatched.then(|| self.line_since(history, first));
            hit.flatten().map(|(number, _)| number)
        })
    }

    /// Does something, watched if there are breakpoints at lines, so that it is known, later
    /// too, how a call goes on after a write.
    pub(in super::super) fn watched(&self, run: &Run, act: impl FnOnce()) -> Vec<Trace> {
        if self.watches_any(run) {
            watch(act)
        } else {
            act();
            Vec::new()
        }
    }
}

/// Whether a call goes on after a write that began before it was watched.
fn goes_on_unwatched(run: &Run, first: RecordId, traces: &[Trace]) -> bool {
    run.records().since(first).any(|(_, record)| {
        let Event::WriteDone { server, .. } = record.event else {
            return false;
        };
        let is_of_it = |trace: &Trace| trace.server == server && trace.writes > 0;
        program_of(run, server).is_some() && !traces.iter().any(is_of_it)
    })
}

/// Lets the run go on to just after a record that comes.
pub(super) fn go_to(history: &mut History, after: RunPosition) -> Result<(), HistoryError> {
    let quiet = Millis(after.time.0.saturating_sub(1)).since(history.run().now());
    if quiet > Millis::ZERO {
        history.apply(Command::Run(quiet))?;
    }
    while history.run().records().len() < after.records {
        history.apply(Command::Step)?;
    }
    Ok(())
}
