//! Places in a run that people look for.

use hustings_lab::{Change, Command, Event, Lab, Record, RecordId};
use hustings_raft::{Millis, RoleName};

use crate::words::words;

/// A kind of place in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Landmark {
    /// A server stands for election, asks whether it would win, or wins.
    Election,
    /// A server's term changes.
    Term,
    /// A server's commit index rises.
    Commit,
    /// An invariant is violated.
    Violation,
    /// Somebody wrote a caption.
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

    /// The kind in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Election => words().landmark_election(),
            Self::Term => words().landmark_term(),
            Self::Commit => words().landmark_commit(),
            Self::Violation => words().landmark_violation(),
            Self::Note => words().landmark_note(),
        }
    }

    /// Whether a record is such a place. Of violations the records do not know.
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

    /// The first such place at or after here.
    pub(super) fn first_from(self, lab: &Lab, from: RecordId) -> Option<RecordId> {
        match self {
            Self::Violation => {
                let mut records = lab.violations().iter().map(|violation| violation.record);
                records.find(|record| *record >= from)
            }
            _ => {
                let mut records = lab.records().since(from);
                records
                    .find(|(_, record)| self.is(record))
                    .map(|(id, _)| id)
            }
        }
    }

    /// The last such place before one.
    pub(super) fn last_before(self, lab: &Lab, before: RecordId) -> Option<RecordId> {
        match self {
            Self::Violation => {
                let mut records = lab.violations().iter().rev();
                let earlier = records.find(|violation| violation.record < before);
                earlier.map(|violation| violation.record)
            }
            _ => {
                let mut records = lab.records().iter().rev();
                records
                    .find(|(id, record)| *id < before && self.is(record))
                    .map(|(id, _)| id)
            }
        }
    }

    /// The first such place past the end of a run if time passed by itself, and
    /// how long that takes.
    pub(super) fn ahead_of(self, lab: &Lab, events: usize) -> Option<(RecordId, Millis)> {
        if self == Self::Note {
            return None;
        }
        let mut trial = lab.clone();
        for _ in 0..events {
            let from = RecordId(trial.records().len());
            let wait = trial.next_due()?.since(trial.now());
            trial.apply(Command::Run(wait)).ok()?;
            if let Some(record) = self.first_from(&trial, from) {
                return Some((record, trial.now().since(lab.now())));
            }
        }
        None
    }
}
