//! How roles and times of a story look: as those of a run do.

use hustings_logs::{Micros, Role};
use hustings_raft::{RoleName, Term};

use super::super::glyphs::{role_letter, role_text, term_class};
use crate::i18n::texts;

/// The role that it looks like. One that follows without a vote follows.
pub(super) fn shape(role: Role) -> RoleName {
    match role {
        Role::Follower | Role::Learner => RoleName::Follower,
        Role::PreCandidate => RoleName::PreCandidate,
        Role::Candidate => RoleName::Candidate,
        Role::Leader => RoleName::Leader,
    }
}

/// What it is called.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Learner => texts().learner(),
        role => role_text(Some(shape(role))),
    }
}

/// Its letter.
pub(super) fn letter(role: Role) -> &'static str {
    role_letter(Some(shape(role)))
}

/// The class that colours something by its term.
pub(super) fn colour(term: Option<u64>) -> &'static str {
    term_class(Term(term.unwrap_or_default()))
}

/// A place on the axis, whose unit is a millisecond.
pub(super) fn across(at: Micros) -> f64 {
    at.get() as f64 / 1_000.0
}

/// The time at a place on the axis.
pub(super) fn time(across: f64) -> Micros {
    Micros::new((across * 1_000.0) as i64)
}
