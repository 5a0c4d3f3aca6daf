//! Executing a command, at once or a part at a time.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::course::Progress;
use super::plan::{Plan, Planned};
use super::{Applied, Run};
use crate::command::Command;
use crate::error::{CommandError, CommandResult};
use crate::record::{RecordId, RunPosition};
use crate::script::ScriptSize;

/// A command that is being executed in a copy of the run. Dropped on the way, or refused,
/// it leaves nothing behind.
#[derive(Clone, Debug)]
pub struct Execution {
    command: Command,
    size: ScriptSize,
    first: RecordId,
    run: Run,
    /// What is left to happen.
    rest: Option<Progress>,
    reached: bool,
    copies: Option<Copies>,
}

/// Copies of the run while time passes.
#[derive(Clone, Debug)]
struct Copies {
    kept: Vec<Rc<Run>>,
    /// The number of records between two, and at the last.
    apart: usize,
    last: usize,
}

impl Execution {
    pub(super) fn of(Planned { plan, size }: Planned, command: Command, run: &Run) -> Self {
        let mut run = run.clone();
        let first = run.records.next_id();
        let rest = match plan {
            Plan::Act(act) => {
                run.act(act);
                None
            }
            Plan::Course(course) => Some(Progress::of(course, &run)),
        };
        Self {
            command,
            size,
            first,
            run,
            rest,
            reached: true,
            copies: None,
        }
    }

    /// The same, keeping copies of the run so many records apart, the first that far from
    /// a number of records.
    pub(crate) fn with_copies(self, apart: usize, last: usize) -> Self {
        let kept = Vec::new();
        let copies = Some(Copies { kept, apart, last });
        Self { copies, ..self }
    }

    /// The run so far.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The command.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Goes on until there are so many more records; returns whether there is more to do.
    ///
    /// # Errors
    ///
    /// When a limit is exceeded; the execution must be dropped then.
    pub fn go_on(&mut self, records: usize) -> Result<bool, CommandError> {
        let end = self.run.records.len().saturating_add(records);
        self.go_on_to(end).map_err(|refused| *refused)
    }

    fn go_on_to(&mut self, end: usize) -> CommandResult<bool> {
        while let Some(rest) = &mut self.rest {
            if self.run.records.len() >= end {
                return Ok(true);
            }
            match rest.next(&mut self.run)? {
                ControlFlow::Break(reached) => {
                    self.reached = reached;
                    self.rest = None;
                }
                ControlFlow::Continue(()) => {
                    let copies = self.copies.as_mut().filter(|_| rest.passes_time());
                    if let Some(copies) = copies {
                        copies.keep(&self.run);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Does all that is left; the run after the command, with the copies.
    pub(super) fn all(mut self) -> CommandResult<(Run, Applied, Vec<Rc<Run>>)> {
        self.go_on_to(usize::MAX)?;
        Ok(self.finish())
    }

    /// The run after the command, of which nothing is left to do, with the copies.
    pub(crate) fn finish(mut self) -> (Run, Applied, Vec<Rc<Run>>) {
        let (first, reached) = (self.first, self.reached);
        let end = RunPosition::of(&self.run);
        let commands = &mut self.run.commands;
        match self.command {
            // An unreached goal would fail in a replay, so it is stored as elapsed
            // time.
            Command::RunUntil { within, .. } if !reached => {
                commands.push(Command::Run(within), end);
            }
            command => commands.push_sized(command, end, self.size),
        }
        let mut kept = Vec::new();
        if let Some(mut copies) = self.copies {
            copies.keep(&self.run);
            kept = copies.kept;
        }
        (self.run, Applied { first, reached }, kept)
    }
}

impl Copies {
    /// Keeps a copy if the last one is far enough back. Messages in flight are the only
    /// part that copies do not share, so the distance grows with their number.
    fn keep(&mut self, run: &Run) {
        let records = run.records.len();
        if records < self.last + self.apart {
            return;
        }
        if records >= self.last + self.apart + run.in_flight_or_waiting() {
            self.last = records;
            self.kept.push(Rc::new(run.checkpoint()));
        }
    }
}
