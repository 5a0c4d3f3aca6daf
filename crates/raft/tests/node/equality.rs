//! Which servers are equal: those that do the same whatever happens next.

use std::hash::{DefaultHasher, Hash, Hasher};

use hustings_raft::{Millis, Node, Options, Timer};

use crate::support::{Bench, S2, at};

fn hash(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    node.hash(&mut hasher);
    hasher.finish()
}

fn hash_without_log_and_time(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    node.hash_without_log_and_time(&mut hasher);
    hasher.finish()
}

fn assert_same(one: &Bench, other: &Bench) {
    assert_eq!(one.node, other.node);
    assert_eq!(hash(&one.node), hash(&other.node));
}

fn assert_different(one: &Bench, other: &Bench) {
    assert_ne!(one.node, other.node);
    assert_ne!(hash(&one.node), hash(&other.node));
}

/// Two servers that voted for S2 in term 3; the first has written twice before.
fn voters() -> (Bench, Bench) {
    let (mut wrote_before, mut did_not) = (Bench::of(3), Bench::of(3));
    for term in [1, 2, 3] {
        wrote_before.vote_request(S2, term, at(0, 0));
    }
    did_not.vote_request(S2, 3, at(0, 0));
    (wrote_before, did_not)
}

#[test]
fn earlier_writes_make_no_difference() {
    let (wrote_before, did_not) = voters();
    assert_eq!((wrote_before.writes.len(), did_not.writes.len()), (3, 1));
    assert_same(&wrote_before, &did_not);
}

#[test]
fn a_pending_write_makes_a_difference_until_it_is_durable() {
    let (mut pending, mut done) = voters();
    pending.slow_disk = true;
    pending.vote_request(S2, 4, at(0, 0));
    done.vote_request(S2, 4, at(0, 0));
    assert_different(&pending, &done);
    pending.write_done(4);
    assert_same(&pending, &done);
}

#[test]
fn the_number_of_the_write_of_a_candidates_vote_makes_no_difference() {
    let (mut one, mut other) = voters();
    for candidate in [&mut one, &mut other] {
        candidate.slow_disk = true;
        candidate.time_out(Timer::Election);
    }
    assert_ne!(one.writes.last(), other.writes.last());
    assert_same(&one, &other);
    one.write_done(4);
    assert_different(&one, &other);
    other.write_done(2);
    assert_same(&one, &other);
}

#[test]
fn a_server_that_voted_equals_one_that_found_its_vote_on_the_disk() {
    let (mut found, mut voted) = (Bench::with(3, 3, Some(S2), &[]), Bench::of(3));
    voted.vote_request(S2, 3, at(0, 0));
    assert_same(&found, &voted);
    found.slow_disk = true;
    found.time_out(Timer::Election);
    assert_different(&found, &voted);
}

/// A follower of S2, in term 1, that received its message at this time.
fn follower(heard_at: u64, options: Options) -> Bench {
    let mut bench = Bench::with_options(3, 1, None, &[], options);
    bench.now = heard_at;
    bench.append(S2, 1, at(0, 0), &[], 0);
    bench
}

#[test]
fn a_lease_ends_a_minimum_election_timeout_after_the_last_message() {
    let (pre_vote, check_quorum) = (true, true);
    let with_pre_vote = Options {
        pre_vote,
        ..Options::default()
    };
    let with_check_quorum = Options {
        check_quorum,
        ..Options::default()
    };
    for options in [with_pre_vote, with_check_quorum] {
        let end = Some(Millis(1_000).plus(options.election_timeout.min()));
        assert_eq!(follower(1_000, options).node.lease_end(), end);
        let alone = Bench::with_options(3, 1, None, &[], options);
        assert_eq!(alone.node.lease_end(), None);
    }
    let nobody_asks = follower(1_000, Options::default());
    assert_eq!(nobody_asks.node.lease_end(), None);
}

#[test]
fn without_time_only_when_the_leader_was_heard_is_left_out() {
    let options = Options::default();
    let (early, late) = (follower(0, options), follower(1_000, options));
    assert_different(&early, &late);
    assert_eq!(
        hash_without_log_and_time(&early.node),
        hash_without_log_and_time(&late.node)
    );
    let alone = Bench::with_options(3, 1, None, &[], options);
    assert_ne!(
        hash_without_log_and_time(&early.node),
        hash_without_log_and_time(&alone.node)
    );
}
