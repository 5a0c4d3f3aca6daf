//! How roles and times of a story look: as those of a run do.

use hustings_logs::{Micros, Moment, Role};
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

/// The time of day, to the millisecond; with its day if the story has several.
pub(super) fn time_of(at: Moment, with_day: bool) -> String {
    let time = at.time_of_day(Micros::from_millis(1));
    if with_day {
        format!("{} {time}", at.day().without_year())
    } else {
        time
    }
}

/// How long something took, as the account says it: `310 ms`, `6.2 s`, `2 min 5 s`, `1 h 40 min`.
pub(super) fn lasting(took: Micros) -> String {
    let millis = took.millis();
    let (tenths, seconds) = ((millis + 50) / 100, (millis + 500) / 1_000);
    let minutes = (millis + 30_000) / 60_000;
    match millis {
        ..1_000 => format!("{millis} ms"),
        _ if tenths < 600 => format!("{}.{} s", tenths / 10, tenths % 10),
        _ if seconds < 3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_told_in_larger_units() {
        let of = [310, 6_249, 59_960, 125_400, 6_000_000];
        let of = of.map(|millis| lasting(Micros::from_millis(millis)));
        assert_eq!(
            of,
            ["310 ms", "6.2 s", "1 min 0 s", "2 min 5 s", "1 h 40 min"]
        );
    }
}
