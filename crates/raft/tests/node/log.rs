//! The log, whose clones share chunks of entries.

use hustings_raft::{Entry, Log, LogIndex, Payload, Position, Term};
use proptest::prelude::*;

/// An entry that differs from all others.
fn entry(number: u64) -> Entry {
    Entry {
        term: Term(number / 10 + 1),
        payload: Payload::Command(format!("{number}").into()),
    }
}

fn log(length: u64) -> Log {
    (1..=length).map(entry).collect()
}

fn plain(log: &Log) -> Vec<Entry> {
    log.iter().map(|(_, entry)| entry.clone()).collect()
}

#[test]
fn a_log_of_any_length_holds_what_was_appended() {
    for length in [0, 1, 63, 64, 65, 127, 128, 129, 200] {
        let log = log(length);
        let entries: Vec<_> = (1..=length).map(entry).collect();
        assert_eq!(plain(&log), entries);
        assert_eq!((log.len(), log.is_empty()), (length as usize, length == 0));
        assert_eq!(log.last_index(), LogIndex(length));
        let term = entries.last().map_or(Term::ZERO, |entry| entry.term);
        let index = LogIndex(length);
        assert_eq!(log.last(), Position { index, term });
        assert_eq!(log.get(LogIndex(length + 1)), None);
        assert_eq!(log.get(LogIndex::ZERO), None);
        assert!(
            log.iter()
                .all(|(index, found)| log.get(index) == Some(found))
        );
    }
}

#[test]
fn any_range_can_be_copied() {
    let log = log(150);
    for first in [0, 1, 2, 63, 64, 65, 128, 129, 150, 151, 500, u64::MAX] {
        for most in [0, 1, 30, 100, usize::MAX] {
            let wanted: Vec<_> = (u64::max(first, 1)..=150).map(entry).take(most).collect();
            assert_eq!(*log.copy(LogIndex(first), most), wanted, "{first} {most}");
        }
        let rest: Vec<_> = (u64::max(first, 1)..=150).map(entry).collect();
        assert!(log.from(LogIndex(first)).eq(&rest), "{first}");
    }
}

#[test]
fn a_truncated_log_equals_one_that_was_never_longer() {
    for kept in [0, 1, 63, 64, 65, 128, 149, 150, 151] {
        let mut cut = log(150);
        cut.truncate_from(LogIndex(kept + 1));
        let shorter = log(kept.min(150));
        assert_eq!(cut, shorter, "{kept}");
        cut.append(entry(7));
        assert_eq!(cut.last_index(), shorter.last_index().next());
    }
}

/// On 32-bit platforms, 2^32 + 2 must not become 2.
#[test]
fn an_index_that_exceeds_usize_is_beyond_the_end() {
    for index in [(1 << 32) + 1, (1 << 32) + 2, u64::MAX].map(LogIndex) {
        let mut log = log(150);
        assert_eq!(log.get(index), None);
        assert!(log.copy(index, usize::MAX).is_empty());
        assert_eq!(log.from(index).count(), 0);
        log.truncate_from(index);
        assert_eq!(log.len(), 150);
    }
}

#[test]
fn a_copy_does_not_change_with_the_original() {
    let mut original = log(100);
    let copy = original.clone();
    original.truncate_from(LogIndex(10));
    original.append(entry(0));
    assert_eq!(plain(&copy), plain(&log(100)));
    assert_eq!(original.len(), 10);
}

#[test]
fn equal_logs_do_not_differ_whether_or_not_they_share_chunks() {
    for length in [0, 1, 31, 32, 33, 64, 100] {
        let original = log(length);
        for other in [original.clone(), log(length)] {
            assert_eq!(original.first_difference(&other), None, "{length}");
        }
    }
}

#[test]
fn a_log_differs_from_a_longer_one_after_its_end() {
    for length in [0, 1, 31, 32, 33, 64, 100] {
        let original = log(length);
        let mut longer = original.clone();
        longer.append(entry(0));
        let end = Some(LogIndex(length + 1));
        assert_eq!(original.first_difference(&longer), end);
        assert_eq!(longer.first_difference(&original), end);
    }
}

fn naive_first_difference(mine: &Log, theirs: &Log) -> Option<LogIndex> {
    let end = mine.len().max(theirs.len()) as u64;
    let differs = |index: &LogIndex| mine.get(*index) != theirs.get(*index);
    (1..=end).map(LogIndex).find(differs)
}

fn changed(mut log: Log, (kept, added): (u64, u64)) -> Log {
    log.truncate_from(LogIndex(kept + 1));
    for number in 0..added {
        log.append(entry(number % 3));
    }
    log
}

proptest! {
    #[test]
    fn the_first_difference_is_that_of_the_entries_however_they_are_shared(
        length in 0u64..150,
        mine in (0u64..200, 0u64..80),
        theirs in (0u64..200, 0u64..80),
        shared in any::<bool>(),
    ) {
        let original = log(length);
        let other = if shared { original.clone() } else { log(length) };
        let (mine, theirs) = (changed(original, mine), changed(other, theirs));
        let wanted = naive_first_difference(&mine, &theirs);
        prop_assert_eq!(mine.first_difference(&theirs), wanted);
        prop_assert_eq!(wanted.is_none(), mine == theirs);
    }
}
