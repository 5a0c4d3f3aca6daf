//! Landmarks: kinds of records to navigate to.

use hustings_lab::{Change, Command, Event, Record, RecordId, Run};
use hustings_raft::{Millis, RoleName};

use crate::i18n::texts;

/// A kind of record to navigate to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Landmark {
    /// A server becomes pre-candidate, candidate or leader.
    Election,
    /// A server's term changes.
    Term,
    /// A server's commit index rises.
    Commit,
    /// An invariant is violated.
    Violation,
    /// A note.
    Note,
}

impl Landmark {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Election,
        Self::Term,
        Self::Commit,
        Self::Violation,
        Self::Note,
    ];

    /// The localized name of the kind.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Election => texts().landmark_election(),
            Self::Term => texts().landmark_term(),
            Self::Commit => texts().landmark_commit(),
            Self::Violation => texts().landmark_violation(),
            Self::Note => texts().landmark_note(),
        }
    }

    /// Whether a record is of this kind; always false for violations, which are not in
    /// the records.
    pub fn is(self, record: &Record) -> bool {
        let changes = |is: fn(&Change) -> bool| record.changes.iter().any(is);
        match self {
            Self::Election => changes(
                |change| matches!(change, Change::Role { new, .. } if *new != RoleName::Follower),
            ),
            Self::Term => changes(|change| matches!(change, Change::Term { .. })),
            Self::Commit => {
                changes(|change| matches!(change, Change::Commit { old, new } if new > old))
            }
            Self::Violation => false,
            Self::Note => matches!(record.event, Event::Noted(_)),
        }
    }

    /// The first such record at or after `from`.
    pub(super) fn first_from(self, run: &Run, from: RecordId) -> Option<RecordId> {
        match self {
            Self::Violation => {
                let mut records = run.violations().iter().map(|violation| violation.record);
                records.find(|record| *record >= from)
            }
            _ => {
                let mut records = run.records().since(from);
                records
                    .find(|(_, record)| self.is(record))
                    .map(|(id, _)| id)
            }
        }
    }

    /// The last such record before another.
    pub(super) fn last_before(self, run: &Run, before: RecordId) -> Option<RecordId> {
        match self {
            Self::Violation => {
                let mut records = run.violations().iter().rev();
                let earlier = records.find(|violation| violation.record < before);
                earlier.map(|violation| violation.record)
            }
            _ => {
                let mut records = run.records().iter().rev();
                records
                    .find(|(id, record)| *id < before && self.is(record))
                    .map(|(id, _)| id)
            }
        }
    }

    /// The first such record past the end of a run if it played on for at most `events`
    /// events, and the time until then.
    ///
    /// # Errors
    ///
    /// When there is none, the time up to which it was looked for.
    pub(super) fn ahead_of(self, run: &Run, events: usize) -> Result<(RecordId, Millis), Millis> {
        let mut trial = run.clone();
        // Only the user adds notes.
        let events = if self == Self::Note { 0 } else { events };
        for _ in 0..events {
            let from = RecordId(trial.records().len());
            let due = trial.next_due().ok_or(trial.now())?;
            let on = trial.apply(Command::Run(due.since(trial.now())));
            on.map_err(|_| trial.now())?;
            if let Some(record) = self.first_from(&trial, from) {
                return Ok((record, trial.now().since(run.now())));
            }
        }
        Err(trial.now())
    }
}
