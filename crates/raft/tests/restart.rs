//! What a server knows when it starts (§5.1).

mod support;

use hustings_raft::{LogIndex, RoleName, Rule, Term, Timer};
use support::{Bench, S2, S3, at, id, vote};

#[test]
fn a_server_starts_as_a_follower_with_term_vote_and_log_and_nothing_else() {
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
    let step = bench.step(hustings_raft::Input::Start);
    assert!(step.armed(Timer::Election) && step.names(Rule::StartAsFollower));
}

#[test]
fn a_vote_given_before_the_crash_binds_after_it() {
    let mut bench = Bench::with(3, 7, Some(S2), &[]);
    assert_eq!(bench.vote_request(S3, 7, at(0, 0)).reply(), vote(7, false));
    assert_eq!(bench.vote_request(S2, 7, at(0, 0)).reply(), vote(7, true));
}
