//! Violations, and the lines that they fail.

use hustings_lab::script::Script;

use super::{failures, passes, run};

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
    let saved = Script::of(&outcome.run);
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
