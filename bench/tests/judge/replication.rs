//! Replication with the same outcome in both cores.

use crate::cluster::Rules;
use crate::elections::with_logs;
use crate::judge::Event::{
    Beat, Cut, Deliver, Heal, Lose, Propose, Restart, Settle, Talk, Timeout,
};
use crate::judge::Judge;

fn led(size: u64) -> Judge {
    let mut judge = Judge::new(size, Rules::default());
    judge.run(&[Timeout(1), Settle]);
    judge
}

fn logs_are_equal(judge: &Judge, size: u64) -> bool {
    (2..=size).all(|id| judge.view(id).log == judge.view(1).log)
}

#[test]
fn a_command_is_committed_on_all_servers() {
    for size in [1, 3, 5] {
        let mut judge = led(size);
        judge.run(&[Propose(1), Propose(1), Propose(1), Settle]);
        assert!((1..=size).all(|id| judge.commit(id) == 4));
    }
}

#[test]
fn only_a_leader_accepts_proposals() {
    let mut judge = led(3);
    judge.run(&[Propose(2), Settle]);
    assert_eq!(judge.view(1).log.len(), 1);
}

#[test]
fn heartbeats_change_no_log() {
    let mut judge = led(5);
    let before = judge.view(1);
    for _ in 0..10 {
        judge.run(&[Beat(1), Deliver(1, 2), Deliver(2, 1), Settle]);
    }
    assert_eq!(judge.view(1), before);
    assert!(logs_are_equal(&judge, 5));
}

#[test]
fn lost_entries_are_sent_again() {
    let mut judge = led(3);
    judge.run(&[Propose(1), Lose(1, 2), Propose(1), Lose(1, 3), Propose(1)]);
    assert_eq!(judge.commit(1), 1);
    judge.run(&[Settle]);
    assert_eq!((judge.commit(1), judge.commit(2)), (4, 4));
}

#[test]
fn a_minority_commits_nothing_and_its_entries_are_overwritten() {
    let mut judge = led(5);
    judge.run(&[Cut(1 << 1 | 1 << 2), Propose(1), Propose(1), Settle]);
    assert_eq!((judge.commit(1), judge.view(2).log.len()), (1, 3));
    judge.run(&[Timeout(5), Settle, Propose(5), Settle, Heal, Settle]);
    assert!(logs_are_equal(&judge, 5));
    assert_eq!((judge.view(1).log.len(), judge.commit(1)), (3, 3));
}

#[test]
fn a_restarted_server_learns_the_commit_index_again() {
    let mut judge = led(3);
    judge.run(&[Propose(1), Settle, Restart(2)]);
    assert_eq!(judge.commit(2), 0);
    judge.run(&[Settle]);
    assert_eq!(judge.commit(2), 2);
}

#[test]
fn an_entry_on_one_follower_survives_if_that_follower_wins() {
    let mut judge = led(3);
    judge.run(&[Propose(1), Deliver(1, 2), Lose(1, 3), Lose(2, 1)]);
    judge.run(&[Cut(1 << 1), Timeout(2), Settle]);
    assert_eq!((judge.leaders(), judge.commit(3)), (vec![1, 2], 3));
    judge.run(&[Heal, Settle]);
    assert!(logs_are_equal(&judge, 3));
}

/// Figure 7 of the paper: every follower's log differs from the leader's.
#[test]
fn every_log_of_figure_7_converges_to_the_leaders() {
    let logs: [&[u64]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    let mut judge = Judge::with_disks(&with_logs(7, &logs), Rules::default());
    judge.run(&[Timeout(1), Settle]);
    assert_eq!(judge.leaders(), [1]);
    assert!(logs_are_equal(&judge, 7));
    assert_eq!(judge.commit(1), 11);
}

/// Figure 8 of the paper, from (a) to (e).
#[test]
fn figure_8_ends_the_same_way() {
    let mut judge = Judge::new(5, Rules::default());
    judge.run(&[Timeout(1), Settle, Propose(1), Deliver(1, 2)]);
    judge.run(&[Cut(1 << 1 | 1 << 2), Timeout(5), Settle, Propose(5)]);
    judge.run(&[Restart(5), Cut(1 << 5), Timeout(1), Timeout(1), Settle]);
    assert!(judge.leaders().contains(&1));
    judge.run(&[Propose(1), Talk(1, 2), Talk(1, 3)]);
    judge.run(&[Heal, Timeout(5), Settle, Settle]);
    assert!(judge.commit(1) >= 2);
}
