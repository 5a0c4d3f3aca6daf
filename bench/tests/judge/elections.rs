//! Elections with the same outcome in both cores.

use crate::cluster::{Disk, Role, Rules};
use crate::judge::Event::{Ballot, Cut, Deliver, Heal, Propose, Restart, Round, Settle, Timeout};
use crate::judge::Event::{Repeat, Talk, Wait};
use crate::judge::Judge;

const PRE_VOTE: Rules = Rules {
    pre_vote: true,
    check_quorum: false,
};
const CHECK_QUORUM: Rules = Rules {
    pre_vote: false,
    check_quorum: true,
};

/// Servers with logs of these terms, all in the same term.
pub fn with_logs(term: u64, logs: &[&[u64]]) -> Vec<Disk> {
    let log = |terms: &[u64]| {
        let entries = terms.iter().map(|term| (*term, format!("t{term}")));
        entries.collect()
    };
    let disk = |terms: &&[u64]| Disk {
        term,
        vote: 0,
        log: log(terms),
    };
    logs.iter().map(disk).collect()
}

#[test]
fn the_first_server_to_time_out_wins_in_clusters_of_1_3_and_5() {
    for size in [1, 3, 5] {
        let mut judge = Judge::new(size, Rules::default());
        judge.run(&[Timeout(1), Settle]);
        assert_eq!(judge.leaders(), [1]);
        assert!((1..=size).all(|id| judge.view(id).leader == 1 && judge.commit(id) == 1));
    }
}

#[test]
fn a_split_vote_elects_no_leader_until_the_next_term() {
    let mut judge = Judge::new(5, Rules::default());
    judge.run(&[Timeout(1), Timeout(5), Deliver(1, 2), Deliver(5, 4)]);
    judge.run(&[Cut(1 << 3), Round(1), Round(5)]);
    assert_eq!(judge.leaders(), []);
    judge.run(&[Timeout(5), Settle]);
    assert_eq!((judge.leaders(), judge.view(5).term), (vec![5], 2));
}

#[test]
fn a_duplicated_vote_counts_once() {
    let mut judge = Judge::new(5, Rules::default());
    judge.run(&[Timeout(1), Deliver(1, 2)]);
    judge.run(&[Repeat(2, 1), Repeat(2, 1), Deliver(2, 1)]);
    assert_eq!(judge.leaders(), []);
    judge.run(&[Deliver(1, 3), Deliver(3, 1)]);
    assert_eq!(judge.leaders(), [1]);
}

#[test]
fn a_candidate_whose_log_is_behind_a_majority_cannot_win() {
    let logs: [&[u64]; 3] = [&[1, 1, 1], &[1, 2], &[1, 2]];
    let mut judge = Judge::with_disks(&with_logs(2, &logs), Rules::default());
    judge.run(&[Timeout(1), Settle]);
    assert_eq!(judge.leaders(), []);
    judge.run(&[Timeout(2), Settle]);
    assert_eq!(judge.leaders(), [2]);
}

#[test]
fn a_candidate_follows_the_leader_of_its_own_term_and_keeps_its_vote() {
    let mut judge = Judge::new(3, Rules::default());
    judge.run(&[Timeout(1), Timeout(3), Deliver(1, 2), Deliver(2, 1)]);
    judge.run(&[Talk(1, 3)]);
    let view = judge.view(3);
    assert_eq!((view.role, view.vote, view.leader), (Role::Follower, 3, 1));
}

#[test]
fn a_voter_that_restarts_does_not_vote_again() {
    let mut judge = Judge::new(3, Rules::default());
    judge.run(&[Timeout(1), Timeout(3), Deliver(1, 2), Restart(2)]);
    judge.run(&[Deliver(3, 2), Deliver(2, 3)]);
    assert_eq!((judge.view(2).vote, judge.leaders()), (1, vec![]));
}

#[test]
fn vote_messages_may_be_reordered() {
    let mut judge = Judge::new(3, Rules::default());
    judge.run(&[Timeout(1), Timeout(1), Ballot(1, 2, 1), Ballot(1, 2, 0)]);
    judge.run(&[Deliver(2, 1)]);
    assert_eq!((judge.leaders(), judge.view(1).term), (vec![1], 2));
}

#[test]
fn a_leader_that_was_cut_off_follows_the_new_one() {
    let mut judge = Judge::new(5, Rules::default());
    judge.run(&[Timeout(1), Settle, Cut(1 << 1), Timeout(2), Settle]);
    assert_eq!(judge.leaders(), [1, 2]);
    judge.run(&[Heal, Settle]);
    assert_eq!((judge.leaders(), judge.view(1).leader), (vec![2], 2));
}

#[test]
fn with_pre_vote_an_isolated_server_does_not_depose_the_leader() {
    let mut judge = Judge::new(3, PRE_VOTE);
    judge.run(&[Timeout(1), Settle, Propose(1), Settle]);
    judge.run(&[Cut(1 << 3), Wait, Timeout(3), Settle, Wait, Timeout(3)]);
    judge.run(&[Settle, Heal, Settle]);
    assert_eq!((judge.leaders(), judge.view(3).term), (vec![1], 1));
}

#[test]
fn with_check_quorum_a_leader_without_a_majority_steps_down() {
    let mut judge = Judge::new(3, CHECK_QUORUM);
    judge.run(&[Timeout(1), Settle, Wait]);
    assert_eq!(judge.leaders(), [1]);
    judge.run(&[Cut(1 << 1), Wait]);
    assert_eq!(judge.leaders(), []);
}

#[test]
fn with_check_quorum_servers_that_hear_a_leader_ignore_a_candidate() {
    let mut judge = Judge::new(3, CHECK_QUORUM);
    judge.run(&[Timeout(1), Settle, Timeout(3), Deliver(3, 2), Deliver(3, 1)]);
    assert_eq!((judge.view(2).term, judge.view(1).role), (1, Role::Leader));
    judge.run(&[Wait, Timeout(3), Deliver(3, 2)]);
    assert_eq!((judge.view(2).term, judge.view(2).vote), (3, 3));
}

#[test]
fn leadership_is_transferred_to_the_target() {
    let mut judge = Judge::new(3, CHECK_QUORUM);
    judge.run(&[Timeout(1), Settle]);
    judge.transfer(1, 3);
    judge.run(&[Deliver(1, 3), Settle]);
    assert_eq!((judge.leaders(), judge.view(3).term), (vec![3], 2));
}
