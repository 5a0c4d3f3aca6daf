//! The state of a server after start and restart (§5.1).

use crate::support::{Bench, S1, S2, S3, at, entries, id, vote};
use hustings_raft::{
    Input, LogIndex, MemberChange, Node, NodeSet, RoleName, Rule, Stored, Term, Timer,
};

#[test]
fn a_server_starts_as_a_follower_with_stored_term_vote_and_log() {
    let mut bench = Bench::with(3, 7, Some(S2), &[1, 7]);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(
        (bench.node.term(), bench.node.voted_for()),
        (Term(7), Some(id(S2)))
    );
    assert_eq!(bench.log(), [1, 7]);
    assert_eq!(
        (bench.node.commit(), bench.node.leader()),
        (LogIndex(0), None)
    );
    let step = bench.step(Input::Start);
    assert!(step.armed(Timer::Election) && step.applied(Rule::StartAsFollower));
}

#[test]
fn a_vote_from_before_a_crash_binds_after_it() {
    let mut bench = Bench::with(3, 7, Some(S2), &[]);
    assert_eq!(bench.vote_request(S3, 7, at(0, 0)).reply(), vote(7, false));
    assert_eq!(bench.vote_request(S2, 7, at(0, 0)).reply(), vote(7, true));
}

/// Role, commit index, leader and votes are lost, and so are pending writes.
#[test]
fn a_restart_keeps_only_what_is_on_disk() {
    let mut bench = Bench::leader(3, 2, &[1, 1]);
    bench.slow_disk = true;
    bench.step(Input::Propose("x".into()));
    let stored = Stored {
        term: Term(2),
        voted_for: Some(id(S1)),
        log: entries(&[1, 1]).into_iter().collect(),
    };
    let step = bench.step(Input::Restart(stored.clone()));
    let new = Node::new(id(S1), NodeSet::first(3), *bench.node.options(), stored);
    assert!(step.armed(Timer::Election) && step.applied(Rule::StartAsFollower));
    assert!(!step.wrote() && step.sent().is_empty());
    assert_eq!(bench.node.role(), new.role());
    assert_eq!(bench.node.term(), new.term());
    assert_eq!(bench.node.voted_for(), new.voted_for());
    assert_eq!(bench.node.log(), new.log());
    assert_eq!(bench.node.commit(), new.commit());
    assert_eq!(bench.node.durable_index(), new.durable_index());
}

/// A membership change that was not on disk is lost with its entry.
#[test]
fn the_members_are_restored_from_the_log_on_disk() {
    let mut bench = Bench::leader(3, 2, &[1]);
    bench.slow_disk = true;
    bench.step(Input::Propose("x".into()));
    bench.accepted(S2, 2, 2);
    bench.accepted(S3, 2, 2);
    bench.step(Input::ChangeMembers(MemberChange::Remove(id(S3))));
    assert_eq!(bench.node.members(), NodeSet::first(2));
    bench.step(Input::Restart(Stored::default()));
    assert_eq!(bench.node.members(), NodeSet::first(3));
}
