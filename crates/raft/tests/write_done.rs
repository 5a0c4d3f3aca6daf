//! Writes that become durable late (diss. §3.8, §10.2.1).

mod support;

use hustings_raft::{Input, LogIndex, Stored, Timer};
use support::{Bench, S2, S3, at};

/// etcd's async_storage_writes_append_aba_race: an old write that is durable
/// only now does not vouch for entries that have replaced its own.
#[test]
fn a_late_write_does_not_count_for_entries_that_replaced_its_own() {
    let mut bench = Bench::of(3);
    bench.append(S2, 1, at(0, 0), &[], 0);
    bench.slow_disk = true;
    bench.append(S2, 1, at(0, 0), &[1, 1], 0);
    bench.append(S3, 2, at(0, 0), &[2], 0);
    bench.write_done(2);
    assert_eq!(bench.node.durable_index(), LogIndex(0));
    bench.write_done(3);
    assert_eq!(bench.node.durable_index(), LogIndex(1));
}

/// The entries of the old leader come again, but a disk that holds only the
/// second write does not have them.
#[test]
fn a_late_write_does_not_count_for_its_own_entries_once_they_were_replaced() {
    let mut bench = Bench::of(3);
    bench.append(S2, 1, at(0, 0), &[], 0);
    bench.slow_disk = true;
    bench.append(S2, 1, at(0, 0), &[1, 1], 0);
    bench.append(S3, 2, at(0, 0), &[2], 0);
    bench.append(S2, 3, at(0, 0), &[1, 1], 0);
    for (write, durable) in [(2, 0), (3, 0), (4, 2)] {
        bench.write_done(write);
        assert_eq!(bench.node.durable_index(), LogIndex(durable), "{write}");
    }
}

/// What the writes before share with the log still counts.
#[test]
fn an_early_write_counts_as_far_as_the_log_has_stayed() {
    let mut bench = Bench::of(3);
    bench.append(S2, 2, at(0, 0), &[], 0);
    bench.slow_disk = true;
    bench.append(S2, 2, at(0, 0), &[1, 2, 2], 0);
    bench.append(S3, 3, at(1, 1), &[3, 3], 0);
    for (write, durable) in [(2, 1), (3, 3)] {
        bench.write_done(write);
        assert_eq!(bench.node.durable_index(), LogIndex(durable), "{write}");
    }
}

/// A completion that a driver delivers late, or twice, or to the wrong server.
#[test]
fn a_write_that_was_never_issued_changes_nothing() {
    let mut other = Bench::of(3);
    for term in 1..10 {
        other.vote_request(S2, term, at(0, 0));
    }
    let mut bench = Bench::leader(3, 2, &[1]);
    let before = bench.node.clone();
    for write in [other.writes[8], bench.writes[0]] {
        let step = bench.step(Input::WriteDone(write));
        assert_eq!(bench.node, before);
        assert!(step.effects.is_empty());
    }
}

/// S1 crashes with two writes under way. Their completions come when it has two
/// others under way: it counts none of its own for them.
#[test]
fn a_write_from_before_a_crash_is_never_taken_for_one_from_after_it() {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    bench.time_out(Timer::Election);
    bench.append(S2, 1, at(0, 0), &[1], 0);
    let lost = bench.writes.clone();
    bench.step(Input::Restart(Stored::default()));
    bench.time_out(Timer::Election);
    bench.append(S3, 1, at(0, 0), &[1, 1], 0);
    assert!(bench.writes.len() == 4 && lost.len() == 2);
    let before = bench.node.clone();
    for write in lost {
        let step = bench.step(Input::WriteDone(write));
        assert!(step.effects.is_empty() && step.reasons.is_empty());
        assert_eq!(bench.node, before);
    }
    bench.write_done(4);
    assert_eq!(bench.node.durable_index(), LogIndex(2));
}
