//! The commands of the shown run, carried out under another header.

use std::rc::Rc;

use hustings_lab::play::Stage;
use hustings_lab::{Command, Commands, Execution, History, Run, RunPosition};
use hustings_raft::Millis;

/// A command that does not apply in the other future, which goes on without it.
#[derive(Clone, PartialEq, Debug)]
pub struct Skipped {
    /// When.
    pub at: Millis,
    /// Which.
    pub command: Command,
}

/// How far the commands were carried out, and where each led.
#[derive(Clone, Default)]
pub(super) struct Replay {
    /// The number of records after each of them.
    ends: Vec<usize>,
    /// What is being carried out.
    executing: Option<Box<Execution>>,
    skipped: Option<Skipped>,
}

impl Replay {
    pub(super) fn skipped(&self) -> Option<&Skipped> {
        self.skipped.as_ref()
    }

    /// Carries out what the shown run has more than last time, about so many records at most;
    /// returns whether there is more. Commands that pass time lead to the same time, whatever
    /// happens on the way.
    pub(super) fn extend(
        &mut self,
        history: &mut Rc<History>,
        shown: &Run,
        is_raft: bool,
        most: usize,
    ) -> bool {
        let commands = shown.commands();
        let last = commands
            .last()
            .filter(|_| commands.len() == self.ends.len());
        // The last one may have grown.
        let has_grown = matches!(last, Some(Command::Run(_))) && shown.now() > end_of(history);
        if self.executing.is_none() && commands.len() <= self.ends.len() && !has_grown {
            return false;
        }
        let history = Rc::make_mut(history);
        // There is always a current branch.
        let _ = history.switch(history.current());
        if self.executing.is_none() {
            self.reopen_last(commands);
        }
        let executing = self.executing.as_ref().map(|it| it.run());
        let so_far = executing.unwrap_or(history.run()).records().len();
        let end = so_far.saturating_add(most);
        loop {
            if self.is_under_way(history, end) {
                return true;
            }
            let number = self.ends.len();
            let Some(command) = commands.get(number).zip(commands.end(number)) else {
                return false;
            };
            self.begin(history, command, is_raft);
        }
    }

    /// Takes the last command for one that is still to be carried out, if it passes time: it
    /// may have grown.
    fn reopen_last(&mut self, commands: &Commands) {
        let last = self.ends.len().checked_sub(1);
        if last
            .and_then(|last| commands.get(last))
            .is_some_and(Command::passes_time)
        {
            self.ends.pop();
        }
    }

    /// Goes on with what is being carried out; returns whether that is enough for now.
    fn is_under_way(&mut self, history: &mut History, end: usize) -> bool {
        if let Some(mut execution) = self.executing.take() {
            let left = end.saturating_sub(execution.run().records().len());
            match execution.go_on(left) {
                Ok(true) => self.executing = Some(execution),
                Ok(false) => drop(history.finish(*execution)),
                // A run that is full stays where it is.
                Err(_) => {}
            }
            if self.executing.is_none() {
                self.ends.push(history.run().records().len());
            }
        }
        self.executing.is_some() || history.run().records().len() >= end
    }

    /// Carries out a command, or begins to if it passes time.
    fn begin(
        &mut self,
        history: &mut History,
        (command, end): (&Command, RunPosition),
        is_raft: bool,
    ) {
        if command.passes_time() {
            self.executing = pass_time(history, command, end.time).map(Box::new);
        } else if matches!(command, Command::Note(_)) {
            // A caption tells of the shown run, and may be false of this one.
        } else if is_raft && matches!(command, Command::Install { .. }) {
            // All run the core, and go on with it.
        } else if history.apply(command.clone()).is_err() {
            let (at, command) = (end.time, command.clone());
            self.skipped.get_or_insert(Skipped { at, command });
        }
        if self.executing.is_none() {
            self.ends.push(history.run().records().len());
        }
    }

    /// The number of records at the place that corresponds to a position of the shown run.
    pub(super) fn place(&self, shown: &Run, here: RunPosition, clock: Millis, end: &Run) -> usize {
        let commands = shown.commands();
        let done = commands.ended_by(here);
        let starts = usize::from(shown.ids().len());
        let before = done.checked_sub(1);
        let from = before.and_then(|it| self.ends.get(it)).copied();
        let from = from.unwrap_or(starts.min(here.records));
        let Some(to) = self.ends.get(done).copied() else {
            return from;
        };
        if commands.get(done).is_some_and(Command::passes_time) {
            return end.records().by(clock).clamp(from, to.max(from));
        }
        // One by one, as in the shown run.
        let began = before.and_then(|it| commands.end(it));
        let began = began.map_or(starts, |it| it.records);
        (from + here.records.saturating_sub(began)).min(to)
    }
}

fn end_of(history: &History) -> Millis {
    let branch = history.branches().get(history.current());
    branch.map_or(Millis::ZERO, |it| it.tip().now())
}

/// Begins to let time pass up to a time, if any is left. A run that is full stays where it
/// is.
fn pass_time(history: &History, command: &Command, until: Millis) -> Option<Execution> {
    let run = history.run();
    let left = until.since(run.now());
    let passed = match command {
        Command::Wait(_) => Command::Wait(left),
        _ => Command::Run(left),
    };
    let is_overdue = run.next_due().is_some_and(|due| due <= run.now());
    let does_something = left > Millis::ZERO || (is_overdue && passed == Command::Run(left));
    does_something.then(|| Stage::begin(history, passed).ok())?
}
