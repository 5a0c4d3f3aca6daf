//! Writes that become durable late (diss. §3.8, §10.2.1).

use crate::support::{Bench, S2, S3, at};
use hustings_raft::{Input, LogIndex, Stored, Timer};

/// etcd's async_storage_writes_append_aba_race: the late completion of an old write does
/// not acknowledge entries that have replaced its own.
#[test]
fn a_late_write_does_not_confirm_entries_that_replaced_its_own() {
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

/// The entries of the old leader are restored, but the second write has replaced them on
/// disk.
#[test]
fn a_late_write_does_not_confirm_its_entries_after_they_were_replaced() {
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

/// The part of earlier writes that is still in the log counts.
#[test]
fn an_earlier_write_confirms_the_unchanged_part_of_the_log() {
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

/// A driver may deliver a completion late, twice, or to the wrong server.
#[test]
fn the_completion_of_an_unknown_write_changes_nothing() {
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

/// S1 crashes with two pending writes. Their completions arrive when it has two others
/// pending, which stay pending.
#[test]
fn a_write_from_before_a_crash_is_not_mistaken_for_a_later_one() {
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
