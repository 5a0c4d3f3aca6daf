//! Different rules of the two cores. Each test pins the behaviour of both; in other tests,
//! the network loses such messages ([`crate::cluster`]).
//!
//! Three more differences are not about single messages. tikv stores its commit index, so
//! a crash resets it here; tikv adds commit indexes to votes, which are removed here; and
//! tikv's followers forward proposals to the leader, so clients only send them to leaders.

use crate::cluster::{Ballot, Cluster, Disk, Happening, Role, Rules, Server, View};
use crate::elections::with_logs;
use crate::ours::Ours;
use crate::theirs::Theirs;

const PRE_VOTE: Rules = Rules {
    pre_vote: true,
    check_quorum: false,
};

/// The outcomes in our core and in tikv's.
macro_rules! both {
    ($story:ident($($argument:expr),*)) => {
        ($story::<Ours>($($argument),*), $story::<Theirs>($($argument),*))
    };
}

fn new<S: Server>(size: usize, rules: Rules) -> Cluster<S> {
    Cluster::new(&vec![Disk::default(); size], rules)
}

/// Delivers all messages on a link, including those about which the rules differ.
fn arrive<S: Server>(cluster: &mut Cluster<S>, from: u64, to: u64) {
    for message in cluster.copies(from, to) {
        cluster.arrive_whatever_the_rules(from, to, message);
    }
    cluster.lose(from, to, |_| true);
}

fn stand<S: Server>(cluster: &mut Cluster<S>, id: u64) {
    cluster.happen(id, &Happening::ElectionTimeout);
}

fn reply(term: u64, granted: bool) -> Ballot {
    let pre = false;
    Ballot::Reply { pre, term, granted }
}

/// S1 is a candidate in term 1; S2 is in term 5 already.
fn a_late_vote_request<S: Server>() -> Vec<Ballot> {
    let mut disks = vec![Disk::default(); 3];
    disks[1].term = 5;
    let mut cluster = Cluster::<S>::new(&disks, Rules::default());
    stand(&mut cluster, 1);
    arrive(&mut cluster, 1, 2);
    cluster.ballots(2, 1)
}

#[test]
fn a_vote_request_of_an_older_term_is_refused_by_ours_and_unanswered_by_tikvs() {
    let (ours, theirs) = both!(a_late_vote_request());
    assert_eq!(ours, [reply(5, false)]);
    assert_eq!(theirs, []);
}

/// S1 leads term 1; S2 is in term 5 already. The outcome is the number of replies to S1.
fn a_late_heartbeat<S: Server>(rules: Rules) -> usize {
    let mut disks = vec![Disk::default(); 3];
    disks[1].term = 5;
    let mut cluster = Cluster::<S>::new(&disks, rules);
    stand(&mut cluster, 1);
    for _ in 0..2 {
        arrive(&mut cluster, 1, 3);
        arrive(&mut cluster, 3, 1);
    }
    assert_eq!(cluster.server(1).view().role, Role::Leader);
    cluster.lose(1, 2, |_| true);
    cluster.happen(1, &Happening::HeartbeatDue);
    arrive(&mut cluster, 1, 2);
    cluster.copies(2, 1).len()
}

#[test]
fn a_heartbeat_of_an_older_term_is_unanswered_by_tikvs_without_pre_vote() {
    assert_eq!(both!(a_late_heartbeat(Rules::default())), (1, 0));
    assert_eq!(both!(a_late_heartbeat(PRE_VOTE)), (1, 1));
}

/// S1's log is behind all others.
fn a_hopeless_candidate<S: Server>() -> View {
    let logs: [&[u64]; 3] = [&[], &[1], &[1]];
    let mut cluster = Cluster::<S>::new(&with_logs(1, &logs), Rules::default());
    stand(&mut cluster, 1);
    for voter in [2, 3] {
        arrive(&mut cluster, 1, voter);
        arrive(&mut cluster, voter, 1);
    }
    cluster.server(1).view()
}

#[test]
fn a_candidate_refused_by_a_majority_waits_in_ours_and_becomes_follower_in_tikvs() {
    let (ours, theirs) = both!(a_hopeless_candidate());
    assert_eq!(ours.role, Role::Candidate);
    assert_eq!(theirs.role, Role::Follower);
    let role = Role::Follower;
    assert_eq!(View { role, ..ours }, theirs);
}

/// S1 leads; S2 follows it without having voted, and has no entry yet; S3 requests the
/// vote of S2.
fn a_late_rival<S: Server>() -> Vec<Ballot> {
    let logs: [&[u64]; 5] = [&[1], &[], &[1], &[1], &[1]];
    let mut cluster = Cluster::<S>::new(&with_logs(1, &logs), Rules::default());
    stand(&mut cluster, 1);
    stand(&mut cluster, 3);
    cluster.lose(1, 2, |_| true);
    for voter in [4, 5] {
        arrive(&mut cluster, 1, voter);
        arrive(&mut cluster, voter, 1);
    }
    arrive(&mut cluster, 1, 2);
    assert_eq!(cluster.server(2).view().leader, 1);
    arrive(&mut cluster, 3, 2);
    cluster.ballots(2, 3)
}

#[test]
fn a_vote_in_a_term_with_a_known_leader_is_granted_by_ours_and_refused_by_tikvs() {
    let (ours, theirs) = both!(a_late_rival());
    assert_eq!(ours, [reply(2, true)]);
    assert_eq!(theirs, [reply(2, false)]);
}

/// S1 leads and is heard from; S3 requests a pre-vote of S2.
fn an_impatient_server<S: Server>(rules: Rules) -> Vec<Ballot> {
    let mut cluster = new::<S>(3, rules);
    stand(&mut cluster, 1);
    for _ in 0..3 {
        arrive(&mut cluster, 1, 2);
        arrive(&mut cluster, 2, 1);
    }
    arrive(&mut cluster, 1, 3);
    stand(&mut cluster, 3);
    arrive(&mut cluster, 3, 2);
    cluster.ballots(2, 3)
}

#[test]
fn a_pre_vote_while_a_leader_is_heard_is_refused_by_ours_only() {
    let answer = |term, granted| Ballot::Reply {
        pre: true,
        term,
        granted,
    };
    let (ours, theirs) = both!(an_impatient_server(PRE_VOTE));
    assert_eq!(ours, [answer(1, false)]);
    assert_eq!(theirs, [answer(2, true)]);
    let check_quorum = true;
    let (ours, theirs) = both!(an_impatient_server(Rules {
        check_quorum,
        ..PRE_VOTE
    }));
    assert_eq!(ours, [answer(1, false)]);
    assert_eq!(theirs, []);
}

/// S2 is in term 1, has not voted, and is a pre-candidate; S1 is a candidate in term 1.
fn a_pre_candidate_that_votes<S: Server>() -> View {
    let mut disks = vec![Disk::default(); 3];
    disks[1].term = 1;
    let mut cluster = Cluster::<S>::new(&disks, PRE_VOTE);
    stand(&mut cluster, 2);
    stand(&mut cluster, 1);
    arrive(&mut cluster, 1, 3);
    cluster.lose(1, 2, |_| true);
    arrive(&mut cluster, 3, 1);
    arrive(&mut cluster, 1, 2);
    cluster.server(2).view()
}

#[test]
fn a_pre_candidate_that_votes_becomes_follower_in_ours_and_continues_in_tikvs() {
    let (ours, theirs) = both!(a_pre_candidate_that_votes());
    assert_eq!((ours.role, ours.vote), (Role::Follower, 1));
    assert_eq!((theirs.role, theirs.vote), (Role::PreCandidate, 1));
}

/// S1's log is behind that of the others, whose term is `voters_term` and who refuse it a
/// pre-vote.
fn a_hopeless_pre_candidate<S: Server>(voters_term: u64) -> Cluster<S> {
    let logs: [&[u64]; 3] = [&[1], &[1, 1], &[1, 1]];
    let mut disks = with_logs(voters_term, &logs);
    disks[0].term = 3;
    let mut cluster = Cluster::<S>::new(&disks, PRE_VOTE);
    stand(&mut cluster, 1);
    for voter in [2, 3] {
        arrive(&mut cluster, 1, voter);
        arrive(&mut cluster, voter, 1);
    }
    cluster
}

#[test]
fn a_pre_vote_refused_in_an_older_term_is_counted_by_ours_and_dropped_by_tikvs() {
    for (voters_term, tikvs) in [(3, Role::Follower), (2, Role::PreCandidate)] {
        let ours = a_hopeless_pre_candidate::<Ours>(voters_term);
        assert!(ours.server(1).is_refused());
        assert_eq!(ours.server(1).view().role, Role::PreCandidate);
        let theirs = a_hopeless_pre_candidate::<Theirs>(voters_term);
        assert_eq!(theirs.server(1).view().role, tikvs);
    }
}
