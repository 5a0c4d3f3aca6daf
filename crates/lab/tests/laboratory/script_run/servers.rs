//! Servers that are crashed, paused and added; their clocks and disks.

use hustings_raft::Millis;

use super::{failures, passes, run};

#[test]
fn a_refused_command_ends_the_run() {
    let outcome = run("crash S1\nexpect S1 down\ntimeout S1\nexpect S1 leader\n");
    assert!(outcome.stopped);
    assert_eq!(outcome.failures.len(), 1);
    assert_eq!(outcome.failures[0].at.line, 3);
    assert_eq!(
        outcome.failures[0].to_string(),
        "S1 is down; restart it first"
    );
}

#[test]
fn a_paused_server_keeps_its_state_and_its_events_are_overdue() {
    passes(
        "cluster 3
run until leader
timeout S1
pause S1
run 2s
expect S1 up
resume S1
run 200ms
expect one leader",
    );
    assert_eq!(
        failures("cluster 3\npause S1\ntimeout S1"),
        ["3: S1 is paused; resume it first"]
    );
    assert_eq!(failures("resume S2"), ["1: S2 is not paused"]);
}

#[test]
fn members_are_changed_one_at_a_time() {
    passes(
        "cluster 4
option no-op off
members S1 S2 S3
timeout S1
deliver all
propose S1 \"x\"
deliver all
member add S4 at S1
deliver all
timeout S1
deliver all
expect S4 members=S1,S2,S3,S4 log=1,1 commit=2
expect committed 2 = 1:S1,S2,S3,S4
member remove S1 at S1
deliver all
expect S1 follower members=S2,S3,S4
timeout S2
deliver all
expect S2 leader term=2",
    );
}

#[test]
fn the_rate_of_a_clock_can_be_set() {
    // The timeout of S1 is 200 ms by its own clock, which is 100 ms of true time.
    passes(
        "cluster 3
option election-timeout 200..200ms
clock S1 200%
wait 99ms
run until S1 is candidate within 1ms",
    );
    // The rest of a running timer is rescaled, too.
    passes(
        "cluster 1
option election-timeout 200..200ms
wait 100ms
clock S1 50%
run 199ms
expect S1 follower
run 1ms
expect S1 leader",
    );
}

#[test]
fn setting_the_current_clock_rate_changes_no_timer() {
    let slow = "cluster 1\noption election-timeout 105..105ms\nclock S1 10%\nwait 9ms\n";
    let at = |lines: &str| run(&format!("{slow}{lines}run until leader")).run.now();
    let plain = at("");
    for lines in ["clock S1 10%\n", "clock S1 200%\nclock S1 10%\n"] {
        assert_eq!(at(lines), plain, "{lines}");
    }
    // Changing the rate ten times loses no fraction of a millisecond.
    let tenfold = "clock S1 33%\nwait 1ms\nclock S1 10%\n".repeat(10);
    // 1050 ms at 10 % are 105 ms by the clock; 10 ms at 33 % are 3.3 ms.
    assert_eq!(at(&tenfold), Millis(plain.0 - 23));
}

/// Events due at the same time as a timer of the server keep their order.
#[test]
fn setting_the_current_clock_rate_does_not_reorder_events() {
    let due_together = "cluster 2\noption election-timeout 100..100ms\n";
    let outcome = |lines: &str| {
        let lab = run(&format!("{due_together}{lines}step\nstep")).run;
        let last = lab.records().iter().rev().take(2);
        last.map(|(_, it)| it.event.clone()).collect::<Vec<_>>()
    };
    assert_eq!(outcome("clock S1 100%\n"), outcome(""));
}

#[test]
fn the_duration_of_writes_can_be_set() {
    passes(
        "cluster 3
option no-op off
disk S2 60..60ms
timeout S1
deliver S1->S2
expect sent nothing
run 59ms
expect in flight 0
run 1ms
expect sent RequestVoteReply S2->S1 granted=yes",
    );
}
