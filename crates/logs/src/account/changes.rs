//! How often the leader changed.

use super::reigns::Reign;
use crate::time::{Micros, Moment};

/// Ten minutes: within them, alerts count changes of the leader.
const WINDOW: Micros = Micros::from_millis(600_000);

/// The most changes of the leader within ten minutes, and from when on; 0 if it never
/// changed. A first leader is no change.
pub fn most_in_ten_minutes(reigns: &[Reign]) -> (usize, Option<Moment>) {
    let mut changes = Vec::new();
    for (before, after) in reigns.iter().zip(reigns.iter().skip(1)) {
        if (before.leader, before.term) != (after.leader, after.term) {
            changes.push(after.from);
        }
    }
    let mut most = (0, None);
    let mut first = 0;
    for (at, change) in changes.iter().enumerate() {
        while changes
            .get(first)
            .is_some_and(|it| (*change - *it) > WINDOW)
        {
            first += 1;
        }
        if at + 1 - first > most.0 {
            most = (at + 1 - first, changes.get(first).copied());
        }
    }
    most
}
