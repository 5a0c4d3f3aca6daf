//! Commands that wait for their time.

use hustings_lab::script::Script;
use hustings_raft::Millis;

use super::{failures, passes, run};

#[test]
fn scheduled_commands_are_executed_when_a_run_reaches_their_time() {
    let outcome = run("cluster 3
at 500ms restart S1
at 120ms crash S1
run 400ms
expect S1 down
run until S1 is follower within 1s
expect S1 up");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    assert_eq!(outcome.run.now(), Millis(500));
    let printed = Script::of(&outcome.run).to_string();
    assert!(
        printed.contains("run 120ms\ncrash S1\nrun 380ms\nrestart S1\n"),
        "{printed}"
    );
}

#[test]
fn scheduled_commands_that_are_never_reached_are_reported() {
    assert_eq!(
        failures("run 50ms\nat 20ms crash S1\nat 90ms crash S2\nat 60ms crash S3\nrun 20ms"),
        [
            "2: 20ms has passed: it is 50ms; put the line before the `run` that gets there",
            "3: no `run` gets to 90ms: the script ends at 70ms",
        ]
    );
    assert_eq!(
        failures("at 20ms restart S1\nrun 50ms"),
        ["1: S1 is running; crash it first"]
    );
}

#[test]
fn scheduled_commands_are_not_executed_late() {
    let source = "at 50ms crash S1\nat 2010ms crash S2\nwait 2s\nrun 10ms\nexpect S1 up";
    assert_eq!(
        failures(source),
        ["1: 50ms has passed: it is 2000ms; put the line before the `run` that gets there"]
    );
    let lab = run(source).run;
    assert_eq!(lab.now(), Millis(2_010));
    let printed = Script::of(&lab).to_string();
    assert!(
        printed.ends_with("wait 2s\nrun 10ms\ncrash S2\nrun 0ms\n"),
        "{printed}"
    );
}

#[test]
fn a_refused_scheduled_command_ends_the_run() {
    for line in ["run 1s", "run until S2 is leader"] {
        let source = format!("at 10ms restart S1\nat 20ms crash S2\n{line}");
        let outcome = run(&source);
        assert!(outcome.stopped);
        assert_eq!(outcome.failures.len(), 1, "{:?}", outcome.failures);
        assert_eq!(outcome.run.now(), Millis(10));
    }
}

#[test]
fn a_scheduled_command_is_not_executed_when_time_cannot_pass() {
    let outcome = run("option heartbeat 1ms
option latency 0..0ms
timeout S1
deliver all
at 3600s crash S1
run 3600s");
    assert!(outcome.stopped);
    assert_eq!(outcome.failures.len(), 1);
    assert_eq!(outcome.failures[0].at.line, 6);
    assert!(outcome.run.servers().all(|server| server.is_up()));
}

#[test]
fn expect_sent_covers_a_whole_run_line_with_its_scheduled_commands() {
    let votes = "option election-timeout 100..200ms\n";
    passes(&format!("{votes}run 300ms\nexpect sent RequestVote"));
    passes(&format!(
        "{votes}at 300ms heal\nrun 300ms\nexpect sent RequestVote"
    ));
    passes(&format!(
        "{votes}at 300ms note \"Now.\"\nrun 300ms\nexpect sent RequestVote"
    ));
    let two = "cluster 2\ntimeout S1\nat 5ms deliver S1->S2\n";
    for deliver in ["S1->S2", "all"] {
        let two = two.replace("S1->S2", deliver);
        let outcome = run(&format!(
            "{two}run until delivered RequestVote S1->S2 within 8ms"
        ));
        assert!(outcome.passed(), "{:?}", outcome.failures);
        assert_eq!(outcome.run.now(), Millis(5));
    }
}
