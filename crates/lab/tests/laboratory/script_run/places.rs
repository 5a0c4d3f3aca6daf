//! Where in the run each line was played, and where it failed.

use hustings_lab::{RecordId, Script};
use hustings_raft::Millis;

use super::run;

#[test]
fn a_failure_says_where_in_the_run_it_was_found() {
    let outcome = run("cluster 3\ntimeout S1\nexpect S1 leader\ncrash S1\nrestart S2\n");
    let records = |line: usize| {
        let failures = outcome.failures.iter();
        failures
            .filter(move |it| it.at.line == line)
            .map(|it| it.when.records)
    };
    // Three servers start, and a timer fires.
    assert_eq!(records(3).collect::<Vec<_>>(), [4]);
    assert_eq!(records(5).collect::<Vec<_>>(), [5]);
    assert!(outcome.stopped);
    let late = run("cluster 3\nwait 70ms\nexpect S1 leader\n").failures;
    assert_eq!(late[0].when.time, Millis(70));
}

#[test]
fn the_lines_are_known_by_the_records_of_their_commands() {
    let outcome = run("cluster 3\n# a comment\ntimeout S1\n\nexpect S1 candidate\ncrash S1\n");
    assert_eq!(outcome.lines, [(RecordId(3), 3), (RecordId(4), 6)]);
}

#[test]
fn a_scheduled_line_has_its_records_between_those_of_the_run_around_it() {
    let outcome = run("cluster 3\nat 100ms crash S1\nrun until leader\nrun 50ms\n");
    let lines: Vec<_> = outcome.lines.iter().map(|(_, line)| *line).collect();
    assert_eq!(lines, [3, 2, 3, 4]);
}

#[test]
fn the_lines_of_a_run_without_a_script_are_those_of_its_script() {
    let played = run("seed 7\ncluster 3\ntimeout S1\nrun 80ms\ncrash S1\n").run;
    let saved = Script::save(&played).expect("not too long");
    let lines = Script::lines(&played);
    let again = run(&saved);
    assert_eq!(lines, again.lines);
    let texts: Vec<_> = saved.lines().collect();
    let commands = lines.iter().map(|(_, line)| texts[line - 1]);
    assert!(commands.eq(["timeout S1", "run 80ms", "crash S1"]));
}
