//! The commands of the shown run, carried out under another header.

use std::rc::Rc;

use hustings_lab::{Command, History, Run, RunPosition};
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
    skipped: Option<Skipped>,
}

impl Replay {
    pub(super) fn skipped(&self) -> Option<&Skipped> {
        self.skipped.as_ref()
    }

    /// Carries out what the shown run has more than last time. Commands that pass time
    /// lead to the same time, whatever happens on the way.
    pub(super) fn extend(&mut self, history: &mut Rc<History>, shown: &Run, is_raft: bool) {
        let commands = shown.commands();
        let is_longer = commands.len() > self.ends.len();
        // The last one may have grown.
        let has_grown = matches!(commands.last(), Some(Command::Run(_)))
            && commands.len() == self.ends.len()
            && shown.now() > end_of(history);
        if !is_longer && !has_grown {
            return;
        }
        let history = Rc::make_mut(history);
        // There is always a current branch.
        let _ = history.switch(history.current());
        let from = self.ends.len() - usize::from(!self.ends.is_empty());
        for number in from..commands.len() {
            let (Some(command), Some(end)) = (commands.get(number), commands.end(number)) else {
                return;
            };
            let is_known = number < self.ends.len();
            if command.passes_time() {
                pass_time(history, command, end.time);
            } else if matches!(command, Command::Note(_)) {
                // A caption tells of the shown run, and may be false of this one.
            } else if is_raft && matches!(command, Command::Install { .. }) {
                // All run the core, and go on with it.
            } else if !is_known && history.apply(command.clone()).is_err() {
                let (at, command) = (end.time, command.clone());
                self.skipped.get_or_insert(Skipped { at, command });
            }
            self.ends.truncate(number);
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

/// Lets time pass up to a time. A run that is full stays where it is.
fn pass_time(history: &mut History, command: &Command, until: Millis) {
    let run = history.run();
    let left = until.since(run.now());
    let passed = match command {
        Command::Wait(_) => Command::Wait(left),
        _ => Command::Run(left),
    };
    let is_overdue = run.next_due().is_some_and(|due| due <= run.now());
    let does_something = left > Millis::ZERO || (is_overdue && passed == Command::Run(left));
    if does_something {
        let _ = history.apply(passed);
    }
}
