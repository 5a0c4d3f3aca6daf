//! The entries of logs of which only the ends are told.
//!
//! Entries are left out so that each end keeps its place: which of two logs is longer, which
//! ends in a newer term, and which entries they share (log matching; Raft paper, 5.3).

use std::collections::{BTreeMap, BTreeSet};

use crate::observation::LogEnd;

/// Logs with all of these ends.
pub(super) struct Entries {
    /// The indexes that are kept, in order.
    places: Vec<u64>,
    /// The terms of the entries that each term's leader had or made, at those places.
    by_leader: BTreeMap<u64, Vec<u64>>,
}

impl Entries {
    /// The logs with these ends. A leader's log goes on from that of the leader before it of
    /// which an end is told, up to where its own entries begin at the latest.
    pub(super) fn of(ends: impl Iterator<Item = LogEnd>) -> Self {
        let ends: BTreeSet<_> = ends.filter(|it| it.index > 0).collect();
        let places: BTreeSet<_> = ends.iter().map(|it| it.index).collect();
        let places: Vec<_> = places.into_iter().collect();
        let mut by_leader: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        let ends: Vec<_> = ends.into_iter().collect();
        for of_term in ends.chunk_by(|one, other| one.term == other.term) {
            let (Some(first), Some(last)) = (of_term.first(), of_term.last()) else {
                continue;
            };
            let before = by_leader.last_key_value().map(|(_, log)| log.as_slice());
            let before = before.unwrap_or_default();
            let kept = places.iter().take_while(|it| **it <= last.index);
            let log = kept.enumerate().map(|(place, index)| {
                let older = before.get(place).filter(|_| *index < first.index);
                older.copied().unwrap_or(first.term)
            });
            let log = log.collect();
            by_leader.insert(first.term, log);
        }
        Self { places, by_leader }
    }

    /// The terms of the entries of the log with this end, one of those given.
    pub(super) fn up_to(&self, end: LogEnd) -> &[u64] {
        let length = self.places.partition_point(|it| *it <= end.index);
        let log = self.by_leader.get(&end.term);
        log.and_then(|it| it.get(..length)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(term: u64, index: u64) -> LogEnd {
        LogEnd { term, index }
    }

    fn logs(ends: &[LogEnd]) -> Vec<Vec<u64>> {
        let entries = Entries::of(ends.iter().copied());
        ends.iter().map(|it| entries.up_to(*it).to_vec()).collect()
    }

    #[test]
    fn of_one_leader_the_longer_log_has_the_entries_of_the_shorter() {
        let told = logs(&[end(2, 8), end(2, 11), end(1, 3)]);
        assert_eq!(told, [vec![1, 2], vec![1, 2, 2], vec![1]]);
    }

    #[test]
    fn what_an_old_leader_appended_alone_is_shared_with_no_newer_log() {
        let told = logs(&[end(2, 9), end(3, 5), end(3, 12)]);
        assert_eq!(told, [vec![2, 2], vec![3], vec![3, 3, 3]]);
    }

    #[test]
    fn an_empty_log_stays_empty() {
        assert_eq!(logs(&[end(0, 0), end(4, 1)]), [vec![], vec![4]]);
    }
}
