//! The story as a picture: a lane for each member, time from left to right.

use hustings_logs::shown::Shown;

pub(super) fn draw(_shown: &Shown) -> String {
    String::new()
}
