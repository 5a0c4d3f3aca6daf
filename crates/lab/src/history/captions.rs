//! Captions at any moment of a branch. They change nothing of what happens, so they begin
//! no new branch: the branch is replayed with them.

use std::sync::Arc;

use super::{Branch, History, HistoryError};
use crate::command::Command;
use crate::record::{Event, RecordId, RunPosition};
use crate::run::Run;
use crate::script::lines_of;

impl History {
    /// Puts a note at the current position, and goes to it. All other records stay as they
    /// are, those after it one number later.
    ///
    /// # Errors
    ///
    /// When the run refuses the note. The history is unchanged then.
    pub fn caption(&mut self, text: Arc<str>) -> Result<(), HistoryError> {
        let at = RunPosition::of(&self.here);
        let commands = self.branch().with_note(&self.here, text);
        self.rewrite(commands, at)?;
        self.seek(RecordId(at.records))
    }

    /// Changes the text of a note and goes to it, or deletes it and goes to before it.
    ///
    /// # Errors
    ///
    /// When the record is no note of this branch, or the run refuses the text. The history
    /// is unchanged then.
    pub fn recaption(
        &mut self,
        note: RecordId,
        text: Option<Arc<str>>,
    ) -> Result<(), HistoryError> {
        let tip = &self.branch().tip;
        let record = tip.records().get(note);
        let record = record.filter(|record| matches!(record.event, Event::Noted(_)));
        let found = record.ok_or(HistoryError::NoRecord(tip.records().len()))?;
        let at = RunPosition {
            records: note.0,
            time: found.at,
        };
        let is_note = |event: &Event| matches!(event, Event::Noted(_));
        let records = tip.records().iter();
        let earlier = records.filter(|(id, record)| *id < note && is_note(&record.event));
        let commands = changed(tip, earlier.count(), text.as_ref());
        self.rewrite(commands, at)?;
        let last = if text.is_some() {
            note.0
        } else {
            note.0.saturating_sub(1)
        };
        self.seek(RecordId(last))
    }

    /// Replaces the current branch by one of these commands, which is the same up to a
    /// position. Branches forked from it later share it only up to there.
    fn rewrite(&mut self, commands: Vec<Command>, common: RunPosition) -> Result<(), HistoryError> {
        let old = self.branch();
        let start = old.checkpoints.get(0).unwrap_or(&old.tip);
        let mut replayed = Self::with_root(Run::clone(start));
        for command in commands.iter().flat_map(lines_of) {
            let done = replayed.execute(command);
            done.map_err(|refused| HistoryError::Refused(*refused))?;
        }
        let new = replayed.branches.swap_remove(0);
        let current = self.current;
        for (number, branch) in self.branches.iter_mut().enumerate() {
            let forks = branch.fork.as_mut();
            if let Some(fork) = forks.filter(|fork| number == current || fork.from == current) {
                fork.at = fork.at.min(common);
            }
        }
        // `current` is always the index of a branch.
        let branch = &mut self.branches[current];
        *branch = Branch {
            name: branch.name.clone(),
            fork: branch.fork,
            ..new
        };
        self.here = branch.tip.clone();
        Ok(())
    }
}

impl Branch {
    /// Its commands with a note after those that lead to a position of it.
    fn with_note(&self, here: &Run, text: Arc<str>) -> Vec<Command> {
        let mut commands: Vec<_> = here.commands().iter().cloned().collect();
        commands.push(Command::Note(text));
        commands.extend(self.commands_from(RunPosition::of(here)));
        commands
    }
}

/// The commands of a run with another text of one note, or without it.
fn changed(run: &Run, note: usize, text: Option<&Arc<str>>) -> Vec<Command> {
    let mut notes = 0..;
    let mut is_it =
        |command: &Command| matches!(command, Command::Note(_)) && notes.next() == Some(note);
    let commands = run.commands().iter().cloned();
    let changed = commands.filter_map(|command| match is_it(&command) {
        true => text.cloned().map(Command::Note),
        false => Some(command),
    });
    changed.collect()
}
