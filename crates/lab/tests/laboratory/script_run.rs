//! Running scripts: commands, expectations and failures.

use hustings_lab::script::{Fault, Outcome, Script};
use hustings_lab::{Command, CommandError, Goal, Header, Lab, Link};
use hustings_raft::{LogIndex, Message, Millis, NodeId, Position, Term};

fn run(source: &str) -> Outcome {
    let script =
        Script::parse(source).unwrap_or_else(|errors| panic!("{}: {}", errors[0].at, errors[0]));
    script.run().expect("the header has been checked")
}

#[track_caller]
fn passes(source: &str) {
    let failures = run(source).failures;
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The failures of a script, as "line: message".
fn failures(source: &str) -> Vec<String> {
    let failures = run(source).failures;
    let shown = failures
        .iter()
        .map(|failure| format!("{}: {failure}", failure.at.line));
    shown.collect()
}

/// A line after S1 became leader in term 1 and committed an entry at index 1.
const LEADER: &str = "cluster 3
option no-op off
timeout S1
deliver all
propose S1 \"x=1\"
deliver all
timeout S1 heartbeat
deliver all
";

fn after_leader(line: &str) -> String {
    format!("{LEADER}{line}\n")
}

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
fn an_invariant_can_be_expected_to_hold_while_another_does_not() {
    let broken = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ntimeout S2\ndeliver all\n\
                  expect violation election-safety\nexpect violation vote-once\n";
    passes(&format!("{broken}expect not violation log-matching"));
    let found = failures(&format!("{broken}expect not violation election-safety"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .starts_with("8: expected no violation of election-safety, found election-safety ("),
        "{found:?}"
    );
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
fn a_goal_that_can_never_be_reached_is_refused() {
    let told = failures("cluster 3\nrun until S2 is pre-candidate");
    assert_eq!(
        told,
        ["2: S2 can never be pre-candidate: this run has no `option pre-vote on`"]
    );
    passes("cluster 3\noption pre-vote on\nrun until S2 is pre-candidate");
    let mut lab = Lab::default();
    let within = Millis(1);
    let refused = lab.apply(Command::RunUntil {
        goal: Goal::Leaders(6),
        within,
    });
    assert_eq!(
        refused.map_err(|error| error.to_string()),
        Err("6 leaders can never be: the cluster is S1 S2 S3 S4 S5".to_owned())
    );
}

#[test]
fn a_forged_message_with_impossible_entries_is_refused() {
    let [from, to] = [1, 2].map(|number| NodeId::new(number).expect("a server"));
    let link = Link { from, to };
    let mut lab = Lab::default();
    let last = Position {
        index: LogIndex(1),
        term: Term::ZERO,
    };
    let message = Message::PreVote {
        term: Term(1),
        last,
    };
    let refused = lab.apply(Command::Send { link, message });
    assert_eq!(refused, Err(CommandError::NoSuchEntry));
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
    assert_eq!(outcome.lab.commands().len(), 1);
}

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
fn a_missing_message_is_an_error_without_if_any() {
    assert_eq!(
        failures("timeout S1\ndeliver S2->S1"),
        [
            "2: no message S2->S1 is in flight; these are: S1->S2 RequestVote, \
          S1->S3 RequestVote, S1->S4 RequestVote, S1->S5 RequestVote"
        ]
    );
    passes("timeout S1\ndeliver S2->S1 if any\nexpect in flight 4");
}

#[test]
fn an_unreached_goal_reports_the_state_of_the_servers() {
    let source = "cluster 3\ncrash S2\ncrash S3\nrun until leader within 1s\nexpect S1 candidate";
    let outcome = run(source);
    assert!(matches!(outcome.failures[0].fault, Fault::NotReached(_)));
    assert_eq!(outcome.failures.len(), 1, "the run goes on");
    assert_eq!(outcome.lab.now(), Millis(1_000));
    let message = outcome.failures[0].to_string();
    assert!(
        message.starts_with(
            "waited for a leader of the latest term within 1s, but found S1 candidate term="
        ),
        "{message}"
    );
    assert!(
        message.ends_with(", S2 down term=0, S3 down term=0"),
        "{message}"
    );
    assert_eq!(
        failures("option latency 100..100ms\ntimeout S1\nrun until quiet within 10ms"),
        [
            "3: waited for all messages and writes to be done within 10ms, \
          but found 4 messages in flight and 0 writes under way"
        ]
    );
}

#[test]
fn texts_keep_every_character() {
    let text = "a \"quoted\" \\ back\nnew\ttab \u{7} \u{202e} # | é 選";
    let mut lab = Lab::new(Header::default()).expect("sound");
    lab.apply(Command::Note(text.into())).expect("short enough");
    let script = Script::of(&lab).to_string();
    assert_eq!(
        script.lines().last(),
        Some(r#"note "a \"quoted\" \\ back\nnew\ttab \u{7} \u{202e} # | é 選""#)
    );
    assert_eq!(run(&script).lab.commands(), lab.commands());
}

/// Merged runs of time may exceed the maximum of one line.
#[test]
fn a_long_run_of_time_is_printed_as_several_lines() {
    let header = Header {
        cluster: 1,
        ..Header::default()
    };
    let mut lab = Lab::new(header).expect("sound");
    lab.apply(Command::Crash(lab.ids().iter().next().expect("S1")))
        .expect("up");
    for _ in 0..3 {
        lab.apply(Command::Run(Millis(3_000_000)))
            .expect("nothing happens");
    }
    let script = Script::of(&lab).to_string();
    assert_eq!(
        script,
        "cluster 1\nseed 1\n\ncrash S1\nrun 3600s\nrun 3600s\nrun 1800s\n"
    );
    assert_eq!(run(&script).lab.commands(), lab.commands());
}

#[test]
fn a_script_is_printed_in_canonical_form() {
    let source = r#"
        # Comments and spacing are free.
        option latency 10ms
        seed 7   # so is the order of the settings
        title "All of it"
        option disk 1..2s
        option no-op off
        option loss 0%
        state S2 commit=1 log=1,1,2 term=03

        timeout S2 election
        deliver S2->S1 RequestVote nth=1 if any
        run until leader within 60s
        run 1000ms
        expect S2 commit=1 term=4 leader up
    "#;
    let script = Script::parse(source).expect("sound");
    let printed = r#"title "All of it"
cluster 5
seed 7
option no-op off
option latency 10..10ms
option disk 1000..2000ms
state S2 term=3 log=1,1,2 commit=1

timeout S2 election
deliver S2->S1 RequestVote if any
run until leader
run 1s
expect S2 leader term=4 commit=1 up
"#;
    assert_eq!(script.to_string(), printed);
    assert_eq!(
        Script::parse(printed).expect("printed").to_string(),
        printed
    );
}

#[test]
fn a_held_message_stays_until_it_is_released() {
    passes(
        "cluster 3
timeout S1
hold S1->S2 RequestVote
drop S1->S3
run 100ms
expect S2 follower term=0
release S1->S2
step
expect S2 term=1 voted-for=S1",
    );
    let held = "cluster 3\ntimeout S1\nhold S1->S2\n";
    assert_eq!(
        failures(&format!("{held}deliver S1->S2")),
        ["4: the message S1->S2 is held; release it first"]
    );
    assert_eq!(
        failures(&format!("{held}deliver S1->S2 nth=2")),
        ["4: no message S1->S2 nth=2 is in flight; these are: S1->S3 RequestVote"]
    );
    assert_eq!(
        failures(&format!("{held}release S1->S3")),
        ["4: no message S1->S3 is held"]
    );
    passes(&format!(
        "{held}deliver all\nexpect in flight 1\ndrop all\nexpect in flight 0"
    ));
}

#[test]
fn a_held_message_can_be_dropped_after_those_that_are_not_held() {
    let held = "cluster 3
timeout S1
duplicate S1->S2
hold S1->S2
expect in flight 3
";
    passes(&format!(
        "{held}drop S1->S2\nrelease S1->S2\nexpect in flight 2"
    ));
    passes(&format!(
        "{held}drop S1->S2 nth=2\ndeliver S1->S2\nexpect S2 voted-for=S1"
    ));
    assert_eq!(
        failures(&format!("{held}drop S1->S2\ndrop S1->S2\ndrop S1->S2")),
        ["8: no message S1->S2 is in flight; these are: S1->S3 RequestVote"]
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
fn a_forged_message_is_handled_like_a_real_one() {
    passes(
        "cluster 3
send RequestVote S2->S1 term=3 last=1:1
deliver S2->S1
expect S1 follower term=3 voted-for=S2
expect S2 follower term=0
send AppendEntries S3->S1 term=4 prev=0:0 entries=1,4 commit=1
deliver S3->S1
expect S1 log=1,4 commit=1 leader=S3
expect committed 1 = 1:\"1.1\"",
    );
}

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
    assert_eq!(outcome.lab.now(), Millis(500));
    let printed = Script::of(&outcome.lab).to_string();
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
    let lab = run(source).lab;
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
        assert_eq!(outcome.lab.now(), Millis(10));
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
    assert!(outcome.lab.servers().all(|server| server.is_up()));
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
        assert_eq!(outcome.lab.now(), Millis(5));
    }
}

#[test]
fn a_violation_that_no_line_expects_fails_the_line_that_led_to_it() {
    let votes = "cluster 3
break many-votes-per-term
timeout S1
deliver S1->S2
timeout S3
deliver S3->S2
";
    assert_eq!(
        failures(votes),
        ["6: vote-once is violated: S2 has voted for S1 and for S3 in term 1."]
    );
    passes(&format!("{votes}expect violation vote-once"));
    assert_eq!(
        failures(&format!(
            "{votes}expect no violation\nexpect violation vote-once"
        )),
        ["7: expected no violation, found vote-once (S2 has voted for S1 and for S3 in term 1.)"]
    );
    assert_eq!(
        failures("expect violation election-safety"),
        ["1: expected a violation of election-safety, found no violation"]
    );
    passes("run 1s\nexpect no violation");
}

/// The failure is at the `state` line, not at the first line of the script.
#[test]
fn a_violation_at_the_start_fails_the_state_line_that_led_to_it() {
    let logs = "# two logs that cannot be
title \"Two logs\"
state S1 log=1,2   # one
  state S2 log=2,2  # another
timeout S3
";
    let found = run(logs).failures;
    assert_eq!(found.len(), 1, "{found:?}");
    let at = found[0].at;
    assert_eq!((at.line, at.column, at.length), (4, 3, 16));
    assert!(
        found[0].to_string().starts_with("log-matching"),
        "{found:?}"
    );
    passes(&format!("{logs}expect violation log-matching"));
    assert_eq!(
        failures("state S2 term=3 log=2 commit=1\n\nstate S1 log=1 commit=1"),
        ["1: state-machine-safety is violated: S2 applies another entry at index 1 than S1 did."]
    );
}

/// The spans are those of the saved script.
#[test]
fn a_violation_at_the_start_has_its_line_in_a_saved_run_too() {
    let outcome = run("state S1 log=1,2\nstate S2 log=2,2\nexpect violation log-matching");
    let saved = Script::of(&outcome.lab);
    let again = saved.run().expect("the header has been checked");
    let text = saved.to_string();
    let line = text.lines().nth(again.failures[0].at.line - 1);
    assert_eq!(line, Some("state S2 log=2,2"));
}

#[test]
fn a_server_that_applies_two_entries_at_one_index_is_reported() {
    let applied = "cluster 3
break forget-log-on-restart
break no-up-to-date-check
option no-op off
timeout S1
deliver all
propose S1 \"a\"
deliver all
timeout S1
deliver all
crash S2
restart S2
crash S3
restart S3
timeout S2
deliver S2->S3
deliver S3->S2
propose S2 \"b\"
deliver all
";
    assert_eq!(
        failures(applied).last().expect("a failure"),
        "19: state-machine-safety is violated: S1 applies another entry at index 1 than it did before."
    );
    let itself = "cluster 1
break forget-log-on-restart
option no-op off
timeout S1
propose S1 \"a\"
crash S1
restart S1
timeout S1
propose S1 \"b\"
expect violation quorum-log
expect violation leader-completeness
";
    assert_eq!(
        failures(itself),
        [
            "9: state-machine-safety is violated: S1 applies another entry at index 1 than it did before."
        ]
    );
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
fn run_until_stops_at_deliveries_terms_leaders_and_commits() {
    passes(
        "seed 3
run until delivered RequestVote
run until term 1
run until leader
",
    );
    let outcome = run("timeout S1\nrun until delivered RequestVote S1->S3\nexpect S3 term=1");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    passes("run until leader\npropose S1 \"x\"\nrun until committed 1\n");
    assert_eq!(
        failures("cluster 3\nrun until 2 leaders within 1s"),
        [
            "2: waited for 2 leaders within 1s, but found S1 follower term=1, S2 leader term=1, S3 follower term=1"
        ]
    );
}

#[test]
fn run_until_violation_stops_at_the_next_violation() {
    let script = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ndeliver S1->S2\ntimeout S3\n\
        deliver S3->S2\nexpect violation vote-once\n";
    let outcome = run(&format!(
        "{script}run until violation\nexpect S1 leader\nexpect S3 leader"
    ));
    let [first, second, ..] = outcome.lab.violations() else {
        panic!("{:?}", outcome.failures);
    };
    assert_eq!(first.invariant().name(), "vote-once");
    assert!(first.record < second.record);
}

#[test]
fn messages_can_be_delayed() {
    passes(
        "cluster 2
option latency 10..10ms
timeout S1
delay S1->S2 RequestVote 100ms
run 109ms
expect in flight 1
run 1ms
expect S2 voted-for=S1
latency S2->S1 40..40ms
run 39ms
expect in flight 1",
    );
    assert_eq!(
        failures("delay S1->S2 20ms if any\ndelay S1->S2 20ms"),
        ["2: no message S1->S2 is in flight; nothing is"]
    );
}

#[test]
fn the_latency_of_a_link_can_be_set() {
    passes(
        "cluster 3
option latency 10..10ms
option no-op off
latency S1-S3 90..90ms
timeout S1
run 20ms
expect S1 leader
expect S3 follower term=0
run 70ms
expect S3 voted-for=S1
latency S1-S3 10..10ms
run until delivered AppendEntries S1->S3 within 50ms",
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
    let at = |lines: &str| run(&format!("{slow}{lines}run until leader")).lab.now();
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
        let lab = run(&format!("{due_together}{lines}step\nstep")).lab;
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
