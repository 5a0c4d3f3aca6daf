//! Replies to AppendEntries, and commitment (§5.3, §5.4.2).

use crate::support::{Bench, S1, S2, S3, at, id};
use hustings_raft::{DropCause, LogIndex, Message, MessageKind, NodeSet, Reason, Role, Rule, Term};

fn progress(bench: &Bench, follower: u8) -> (u64, u64) {
    let Role::Leader { progress, .. } = bench.node.role() else {
        panic!("a leader");
    };
    let known = progress.get(id(follower)).expect("a follower");
    (known.match_index.0, known.next_index.0)
}

#[test]
fn an_entry_of_the_leaders_term_commits_once_a_majority_holds_it() {
    let mut bench = Bench::leader(5, 2, &[]);
    bench.step(hustings_raft::Input::Propose("x=1".into()));
    bench.accepted(S2, 2, 1);
    assert_eq!(bench.node.commit(), LogIndex(0));
    let step = bench.accepted(S3, 2, 1);
    assert_eq!(bench.node.commit(), LogIndex(1));
    assert!(step.has_reason(Reason::CommitAdvanced {
        old: LogIndex(0),
        new: LogIndex(1),
        holders: NodeSet::first(3),
        needed: 3,
        members: NodeSet::first(5),
    }));
}

/// Figure 8 (c): index 2 of term 2 is on a majority and must not be committed.
#[test]
fn an_entry_of_an_older_term_is_not_committed_by_counting() {
    let mut bench = Bench::leader(5, 4, &[1, 2]);
    bench.accepted(S2, 4, 2);
    let step = bench.accepted(S3, 4, 2);
    assert_eq!(bench.node.commit(), LogIndex(0));
    assert!(step.has_reason(Reason::CommitWaitsForOwnTerm {
        entry: at(2, 2),
        term: Term(4),
        holders: NodeSet::first(3),
        needed: 3,
        members: NodeSet::first(5),
    }));
}

/// Figure 8 (e): the older entry is committed with one of the leader's own term.
#[test]
fn an_older_entry_commits_along_with_one_of_the_leaders_term() {
    let mut bench = Bench::leader(5, 4, &[1, 2]);
    bench.step(hustings_raft::Input::Propose("x=4".into()));
    bench.accepted(S2, 4, 3);
    bench.accepted(S3, 4, 3);
    assert_eq!(bench.node.commit(), LogIndex(3));
}

#[test]
fn a_leader_lowers_next_index_after_a_refusal_and_retries_at_once() {
    let mut bench = Bench::leader(3, 2, &[1, 1, 1]);
    let step = bench.refused(S2, 2, 1);
    assert_eq!(progress(&bench, S2), (0, 2));
    let Message::AppendEntries { prev, entries, .. } = step.reply() else {
        panic!("AppendEntries");
    };
    assert_eq!((prev, entries.len()), (at(1, 1), 2));
    assert!(step.applied(Rule::BackUp));
}

#[test]
fn every_refusal_lowers_next_index() {
    let mut bench = Bench::leader(3, 2, &[1, 1, 1]);
    for next in [3, 2, 1] {
        bench.refused(S2, 2, 9);
        assert_eq!(progress(&bench, S2), (0, next));
    }
    let step = bench.refused(S2, 2, 9);
    assert_eq!(progress(&bench, S2), (0, 1));
    assert!(step.sent().is_empty());
}

/// etcd's TestLogReplicationWithReorderedMessage: next index never falls to match index.
#[test]
fn a_late_refusal_changes_nothing() {
    let mut bench = Bench::leader(3, 2, &[1, 1, 1]);
    bench.accepted(S2, 2, 3);
    let step = bench.refused(S2, 2, 0);
    assert_eq!(progress(&bench, S2), (3, 4));
    assert!(step.sent().is_empty());
    let kind = MessageKind::AppendEntriesReply;
    let matched = LogIndex(3);
    assert!(step.dropped(S2, kind, DropCause::Confirmed { matched }));
    assert!(step.applied(Rule::BackUp));
}

#[test]
fn the_match_index_never_falls() {
    let mut bench = Bench::leader(3, 2, &[1, 1, 1]);
    bench.accepted(S2, 2, 3);
    bench.accepted(S2, 2, 1);
    assert_eq!(progress(&bench, S2), (3, 4));
}

#[test]
fn an_acknowledgement_is_limited_to_the_leaders_log() {
    let mut bench = Bench::leader(3, 2, &[1]);
    bench.accepted(S2, 2, 99);
    assert_eq!(progress(&bench, S2), (1, 2));
}

#[test]
fn an_acknowledgement_of_an_older_term_is_dropped() {
    let mut bench = Bench::leader(3, 2, &[1]);
    let step = bench.accepted(S2, 1, 1);
    assert_eq!(progress(&bench, S2), (0, 2));
    assert!(step.applied(Rule::StaleReply));
}

#[test]
fn a_leader_counts_its_own_entry_only_once_it_is_on_disk() {
    let mut bench = Bench::leader(3, 2, &[]);
    bench.slow_disk = true;
    bench.step(hustings_raft::Input::Propose("x=1".into()));
    let step = bench.accepted(S2, 2, 1);
    assert_eq!(bench.node.commit(), LogIndex(0));
    assert!(step.has_reason(Reason::CommitWaits {
        index: LogIndex(1),
        holders: [S2].into_iter().map(id).collect(),
        needed: 2,
        members: NodeSet::first(3),
    }));
    // Write 1 was the vote, write 2 is the entry.
    let step = bench.write_done(2);
    assert_eq!(bench.node.commit(), LogIndex(1));
    assert!(step.has_reason(Reason::CommitAdvanced {
        old: LogIndex(0),
        new: LogIndex(1),
        holders: [S1, S2].into_iter().map(id).collect(),
        needed: 2,
        members: NodeSet::first(3),
    }));
}

/// A former leader may still get replies to its requests.
#[test]
fn an_acknowledgement_to_a_server_that_does_not_lead_is_dropped() {
    let mut bench = Bench::with(3, 2, None, &[1]);
    let step = bench.accepted(S2, 2, 1);
    let role = hustings_raft::RoleName::Follower;
    let kind = MessageKind::AppendEntriesReply;
    assert!(step.dropped(S2, kind, DropCause::Unasked { role }));
    assert!(step.applied(Rule::UnaskedReply) && step.effects.is_empty());
}

#[test]
fn the_entry_reported_as_waiting_is_the_one_just_acknowledged() {
    let waits = |index, holders: &[u8]| Reason::CommitWaits {
        index: LogIndex(index),
        holders: holders.iter().copied().map(id).collect(),
        needed: 3,
        members: NodeSet::first(5),
    };
    let mut bench = Bench::leader(5, 2, &[1, 1]);
    let step = bench.step(hustings_raft::Input::Propose("x=1".into()));
    assert!(step.has_reason(waits(3, &[S1])));
    let step = bench.accepted(S2, 2, 3);
    assert!(step.has_reason(waits(3, &[S1, S2])));
    let told = |reason: &&Reason| matches!(reason, Reason::CommitWaits { .. });
    assert_eq!(step.reasons.iter().filter(told).count(), 1);
    // A repeated acknowledgement is not reported.
    let step = bench.accepted(S2, 2, 3);
    assert_eq!(step.reasons.iter().filter(told).count(), 0);
}

/// It is not reported again with every other entry.
#[test]
fn an_older_term_entry_on_a_majority_is_reported_when_it_is_acknowledged() {
    let mut bench = Bench::leader(3, 4, &[1, 2]);
    let own_term = |reason: &Reason| matches!(reason, Reason::CommitWaitsForOwnTerm { .. });
    let step = bench.accepted(S2, 4, 2);
    assert!(step.reasons.iter().any(own_term));
    let step = bench.step(hustings_raft::Input::Propose("x=4".into()));
    assert!(!step.reasons.iter().any(own_term));
    assert!(step.has_reason(Reason::CommitWaits {
        index: LogIndex(3),
        holders: NodeSet::first(1),
        needed: 2,
        members: NodeSet::first(3),
    }));
}
