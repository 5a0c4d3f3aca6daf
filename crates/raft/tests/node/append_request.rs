//! A follower's handling of AppendEntries (§5.3, Figure 2).

use crate::support::{Bench, S2, S3, accepted, at, id, refused};
use hustings_raft::{LogIndex, Reason, RoleName, Rule, StepDownCause, Term, Timer};

#[test]
fn entries_after_a_matching_entry_are_accepted() {
    let mut bench = Bench::with(3, 2, None, &[1, 2]);
    let step = bench.append(S2, 2, at(2, 2), &[2, 2], 3);
    assert_eq!(bench.log(), [1, 2, 2, 2]);
    assert_eq!(bench.node.commit(), LogIndex(3));
    assert_eq!(step.reply(), accepted(2, 4));
    assert!(step.armed(Timer::Election));
    assert_eq!(bench.node.leader(), Some(id(S2)));
}

/// The rows of etcd's TestFollowerCheckMsgApp, with the hints of this implementation.
#[test]
fn entries_after_a_missing_or_conflicting_entry_are_refused() {
    let cases = [
        (at(3, 2), 2, "the log ends before it"),
        (at(2, 3), 1, "another term is there"),
        (at(1, 2), 0, "another term is there, at the very start"),
    ];
    for (prev, hint, why) in cases {
        let mut bench = Bench::with(3, 3, None, &[1, 2]);
        let step = bench.append(S2, 3, prev, &[3], 0);
        assert_eq!(step.reply(), refused(3, hint), "{why}");
        assert_eq!(bench.log(), [1, 2], "{why}");
        assert!(step.applied(Rule::LogMatching));
        assert!(step.armed(Timer::Election), "it is a leader all the same");
    }
}

#[test]
fn a_refusal_skips_the_whole_conflicting_term() {
    let mut bench = Bench::with(3, 4, None, &[1, 2, 2, 2, 2]);
    let step = bench.append(S2, 4, at(5, 3), &[], 0);
    assert_eq!(step.reply(), refused(4, 1));
}

/// The leader holds all committed entries, so it need not go back further.
#[test]
fn the_hint_of_a_refusal_is_not_below_the_commit_index() {
    let mut bench = Bench::with(3, 4, None, &[1, 1, 1, 1]);
    bench.append(S3, 4, at(4, 1), &[], 2);
    let step = bench.append(S2, 5, at(4, 2), &[], 2);
    assert_eq!(step.reply(), refused(5, 2));
    let mut bench = Bench::with(3, 4, None, &[1, 1, 1, 1]);
    let step = bench.append(S2, 5, at(4, 2), &[], 0);
    assert_eq!(step.reply(), refused(5, 0));
}

/// Only a broken rule or a forged message can cause this.
#[test]
fn deleting_committed_entries_is_reported() {
    let mut bench = Bench::with(3, 4, None, &[1, 2, 2]);
    bench.append(S2, 4, at(3, 2), &[], 2);
    for (prev, new, committed) in [(at(2, 2), 3, false), (at(1, 1), 4, true)] {
        let step = bench.append(S2, 4, prev, &[new], 0);
        let of_commit = |reason: &Reason| match reason {
            Reason::ConflictDeleted { committed, .. } => Some(*committed),
            _ => None,
        };
        assert_eq!(step.reasons.iter().find_map(of_commit), Some(committed));
    }
}

#[test]
fn a_conflicting_entry_is_deleted_with_all_that_follow_it() {
    let mut bench = Bench::with(3, 4, None, &[1, 2, 2, 2]);
    let step = bench.append(S2, 4, at(1, 1), &[3], 0);
    assert_eq!(bench.log(), [1, 3]);
    assert!(step.has_reason(Reason::ConflictDeleted {
        from: LogIndex(2),
        through: LogIndex(4),
        mine: Term(2),
        theirs: Some(Term(3)),
        committed: false,
    }));
}

/// hashicorp/raft PR 113: a late copy of a short message must not cut the log.
#[test]
fn a_short_or_repeated_message_does_not_truncate_a_longer_matching_log() {
    let mut bench = Bench::with(3, 2, None, &[1, 2, 2]);
    for new in [&[2][..], &[]] {
        let step = bench.append(S2, 2, at(1, 1), new, 0);
        assert_eq!(bench.log(), [1, 2, 2]);
        let matched = 1 + new.len() as u64;
        assert_eq!(step.reply(), accepted(2, matched), "not its own last index");
        assert!(!step.wrote());
    }
}

#[test]
fn the_commit_index_is_limited_to_the_last_entry_that_the_message_covers() {
    let mut bench = Bench::with(3, 2, None, &[1, 1, 1]);
    bench.append(S2, 2, at(1, 1), &[], 3);
    assert_eq!(bench.node.commit(), LogIndex(1));
}

#[test]
fn the_commit_index_never_falls() {
    let mut bench = Bench::with(3, 2, None, &[1, 1, 1]);
    bench.append(S2, 2, at(3, 1), &[], 3);
    bench.append(S2, 2, at(1, 1), &[], 1);
    assert_eq!(bench.node.commit(), LogIndex(3));
}

#[test]
fn append_entries_of_an_older_term_are_refused_and_reset_no_timer() {
    let mut bench = Bench::with(3, 5, None, &[1]);
    let step = bench.append(S2, 4, at(1, 1), &[4], 1);
    assert_eq!(step.reply(), refused(5, 1));
    assert_eq!(bench.log(), [1]);
    assert!(!step.armed(Timer::Election));
    assert!(step.applied(Rule::StaleRequest));
}

#[test]
fn a_candidate_follows_the_leader_of_its_term_and_keeps_its_vote() {
    let mut bench = Bench::of(3);
    bench.time_out(Timer::Election);
    let vote = bench.node.voted_for();
    let step = bench.append(S3, 1, at(0, 0), &[], 0);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.voted_for(), vote);
    assert!(step.stepped_down(RoleName::Candidate, StepDownCause::LeaderHeard));
    assert!(step.applied(Rule::FollowLeader));
    assert!(!step.applied(Rule::HigherTerm), "the term is the same");
}

#[test]
fn the_reply_waits_until_the_entries_are_on_disk() {
    let mut bench = Bench::of(3);
    bench.append(S2, 1, at(0, 0), &[], 0);
    bench.slow_disk = true;
    let step = bench.append(S2, 1, at(0, 0), &[1], 0);
    let gate = step.effects.iter().find_map(|effect| match effect {
        hustings_raft::Effect::Send { after, .. } => Some(*after),
        _ => None,
    });
    assert!(gate.flatten().is_some());
    assert_eq!(bench.node.durable_index(), LogIndex(0));
}

/// The reason says whether the reply waits for the disk.
#[test]
fn new_entries_are_acknowledged_once_they_are_on_disk() {
    let accepted = |matched, new, after_write| Reason::EntriesAccepted {
        prev: at(0, 0),
        instead_of_prev: None,
        matched: LogIndex(matched),
        new,
        after_write,
    };
    let mut bench = Bench::with(3, 2, None, &[]);
    bench.slow_disk = true;
    let step = bench.append(S2, 2, at(0, 0), &[2], 0);
    assert!(step.has_reason(accepted(1, 1, true)));
    // The repeated message waits for the same write.
    let step = bench.append(S2, 2, at(0, 0), &[2], 0);
    assert!(step.has_reason(accepted(1, 0, true)));
    bench.write_done(1);
    let step = bench.append(S2, 2, at(0, 0), &[2], 0);
    assert!(step.has_reason(accepted(1, 0, false)));
}
