//! Expectations that are met, and what a failed one says.

use super::{after_leader, failures, passes, run};

#[test]
fn expectations_that_are_met_pass() {
    for line in [
        "expect S1 leader term=1 voted-for=S1 log=1 last=1:1 commit=1 leader=S1 up",
        "expect S2 follower term=1 voted-for=S1 log=1 last=1 commit=1 leader=S1",
        "expect S2 not leader",
        "expect one leader",
        "expect in flight 0",
        "expect committed 1 = 1:\"x=1\"",
        "expect sent AppendEntriesReply S3->S1",
        "expect sent AppendEntriesReply success=yes match=1",
    ] {
        passes(&after_leader(line));
    }
}

#[test]
fn negated_expectations_that_are_met_pass() {
    for line in [
        "expect S1 term=1 not follower not voted-for=S2",
        "expect S2 follower not leader=S2 not term=2 not last=2 not log=2",
        "expect not sent RequestVote",
        "expect not sent AppendEntriesReply success=no",
        "expect not in flight AppendEntriesReply",
        "expect not committed 2",
        "expect not committed 2 = 1:\"x=1\"",
        "expect not committed 1 = 1:\"x=2\"",
        "expect not violation election-safety",
        "expect committed 1",
        "propose S1 \"x=2\"\nexpect in flight AppendEntries S1->S2 entries=1",
        "propose S1 \"x=2\"\nexpect not in flight AppendEntries S2->S1",
        "crash S1\nexpect S1 down not leader not members=S1 not leader=S1",
    ] {
        passes(&after_leader(line));
    }
}

#[test]
fn a_failed_negated_expectation_names_what_was_found() {
    for (line, told) in [
        (
            "expect S1 not leader",
            "expected S1 not leader, found S1 leader term=1",
        ),
        (
            "expect S1 term=2 not leader not voted-for=S1",
            "expected S1 term=2 not leader not voted-for=S1, \
             found S1 leader term=1 voted-for=S1",
        ),
        (
            "expect S1 not last=1",
            "expected S1 not last=1, found S1 last=1",
        ),
        (
            "expect not sent AppendEntriesReply S3->S1",
            "expected no AppendEntriesReply S3->S1 among the messages that the last step put \
             out, found AppendEntriesReply S3->S1 term=1 success=yes match=1",
        ),
        (
            "propose S1 \"x=2\"\nexpect not in flight AppendEntries S1->S2",
            "expected no AppendEntries S1->S2 in flight, \
             found AppendEntries S1->S2 term=1 prev=1:1 entries=1 commit=1",
        ),
        (
            "expect in flight AppendEntries",
            "expected AppendEntries in flight, found none",
        ),
        (
            "expect committed 2",
            "expected index 2 to be committed, found S1 commit=1, S2 commit=1, S3 commit=1",
        ),
        (
            "crash S3\nexpect not committed 1",
            "expected index 1 not to be committed, found S1 commit=1, S2 commit=1",
        ),
        (
            "expect not committed 1 = 1:\"x=1\"",
            "expected 1:\"x=1\" not committed at index 1, found 1:\"x=1\" on S1, \
             1:\"x=1\" on S2, 1:\"x=1\" on S3",
        ),
    ] {
        let found = failures(&after_leader(line));
        let message = found.first().and_then(|it| it.split_once(": "));
        assert_eq!(message.map(|(_, it)| it), Some(told), "{found:?}");
    }
}

#[test]
fn a_failed_expectation_about_a_crashed_server_says_down() {
    for (expected, found) in [
        ("members=S1,S2,S3", "down"),
        ("leader", "down"),
        ("leader=S1", "down leader=none"),
        ("commit=1", "down commit=0"),
        ("term=2", "term=1"),
    ] {
        let told = failures(&after_leader(&format!("crash S1\nexpect S1 {expected}")));
        assert_eq!(
            told,
            [format!("10: expected S1 {expected}, found S1 {found}")]
        );
    }
    let told = failures(&after_leader("crash S1\nrun until committed 9 within 0ms"));
    assert!(told[0].contains("found S1 down, S2 commit=1"), "{told:?}");
}

#[test]
fn a_failed_expectation_about_a_server_names_only_the_differences() {
    for (line, message) in [
        (
            "expect S1 follower term=1 voted-for=S2",
            "expected S1 follower voted-for=S2, found S1 leader voted-for=S1",
        ),
        ("expect S2 log=none", "expected S2 log=none, found S2 log=1"),
        ("expect S2 last=2", "expected S2 last=2, found S2 last=1"),
        (
            "expect S2 last=1:2",
            "expected S2 last=1:2, found S2 last=1:1",
        ),
        (
            "expect S2 leader=none",
            "expected S2 leader=none, found S2 leader=S1",
        ),
        ("expect S2 down", "expected S2 down, found S2 up"),
        (
            "expect S1 not leader",
            "expected S1 not leader, found S1 leader term=1",
        ),
        (
            "expect no leader",
            "expected no leader, found S1 leader term=1",
        ),
        ("expect in flight 2", "expected 2 in flight, found none"),
    ] {
        assert_eq!(failures(&after_leader(line)), [format!("9: {message}")]);
    }
}

#[test]
fn a_crashed_server_has_a_disk_but_no_role() {
    passes(&after_leader(
        "crash S1\nexpect S1 down term=1 voted-for=S1 log=1 commit=0 leader=none\nexpect S1 not leader",
    ));
    assert_eq!(
        failures(&after_leader("crash S1\nexpect S1 leader term=1")),
        ["10: expected S1 leader, found S1 down"]
    );
    assert_eq!(
        failures(&after_leader("crash S1\nexpect one leader")),
        ["10: expected one leader, found no leader"]
    );
}

#[test]
fn expect_sent_refers_to_the_last_command_only() {
    let source = after_leader("timeout S3\nexpect sent RequestVote S3->S1 term=2 last=1:1");
    passes(&source);
    passes(&format!(
        "{source}expect sent RequestVote\nexpect S3 candidate\nexpect sent RequestVote last=1"
    ));
    passes(&format!("{source}wait 1ms\nexpect sent nothing"));
    passes(&format!(
        "{source}note \"S3 stands.\"\nexpect sent RequestVote"
    ));
    assert_eq!(
        failures(&format!("{source}wait 1ms\nexpect sent RequestVote")),
        [
            "12: expected RequestVote among the messages that the last step put out, \
          found that it put out nothing"
        ]
    );
    assert_eq!(
        failures(&after_leader(
            "timeout S3\nexpect sent RequestVote S3->S2 term=3"
        )),
        [
            "10: expected RequestVote S3->S2 term=3 among the messages that the last step put out, \
          found RequestVote S3->S2 term=2 last=1:1, RequestVote S3->S1 term=2 last=1:1"
        ]
    );
    assert_eq!(
        failures(&after_leader("timeout S1\nexpect sent nothing")),
        ["10: expected that the last step put out nothing, found \
          AppendEntries S1->S2 term=1 prev=1:1 entries=none commit=1, \
          AppendEntries S1->S3 term=1 prev=1:1 entries=none commit=1"]
    );
}

#[test]
fn expect_committed_checks_every_server_that_committed_the_index() {
    assert_eq!(
        failures(&after_leader("expect committed 1 = 1:\"x=2\"")),
        [
            "9: expected 1:\"x=2\" committed at index 1, found 1:\"x=1\" on S1, 1:\"x=1\" on S2, \
          1:\"x=1\" on S3"
        ]
    );
    assert_eq!(
        failures(&after_leader("expect committed 2 = 1:\"x=1\"")),
        ["9: expected 1:\"x=1\" committed at index 2, found S1 commit=1, S2 commit=1, S3 commit=1"]
    );
    passes("cluster 1\ntimeout S1\nexpect committed 1 = 1:none");
    let nobody = "cluster 1\ntimeout S1\ncrash S1\nexpect committed 1 = 1:none";
    assert_eq!(
        failures(nobody),
        ["4: expected 1:none committed at index 1, found that no server runs"]
    );
}

#[test]
fn all_failed_expectations_are_reported() {
    let outcome = run("expect one leader\nexpect no leader\nexpect in flight 1\ntimeout S1\n");
    let lines: Vec<_> = outcome
        .failures
        .iter()
        .map(|failure| failure.at.line)
        .collect();
    assert_eq!(lines, [1, 3]);
    assert_eq!((outcome.expectations, outcome.stopped), (3, false));
    assert_eq!(outcome.run.commands().len(), 1);
}
