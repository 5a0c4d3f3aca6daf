//! How often the leader changed.

use super::reigns::Reign;
use crate::time::{Micros, Moment};

/// Ten minutes: within them, alerts count changes of the leader.
const WINDOW: Micros = Micros::from_millis(600_000);

/// What changed from one time of leading to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Another member leads.
    Leader,
    /// The same leads in another term: it was elected again.
    Term,
}

/// What changed from each time of leading to the next, and when. A first leader is no change,
/// and neither is a leader in its term of which no line told for a while.
pub fn changes(reigns: &[Reign]) -> impl Iterator<Item = (Change, Moment)> {
    let next = reigns.iter().zip(reigns.iter().skip(1));
    next.filter_map(|(before, after)| {
        let change = match before.term.zip(after.term) {
            _ if before.leader != after.leader => Change::Leader,
            Some((before, after)) if before != after => Change::Term,
            _ => return None,
        };
        Some((change, after.from))
    })
}

/// The most changes within ten minutes, of the leader or of its term, and from when on; 0 if
/// there is none.
pub fn most_in_ten_minutes(reigns: &[Reign]) -> (usize, Option<Moment>) {
    let changes: Vec<_> = changes(reigns).map(|(_, at)| at).collect();
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
