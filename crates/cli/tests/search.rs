//! `hustings search`, as it is used.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn hustings(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hustings"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it reads");
    stdin.write_all(input.as_bytes()).expect("it reads all");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// What a search on one thread finds: its exit status, the script, and what it says.
fn search(arguments: &[&str], script: &str) -> (i32, String, String) {
    let all = [&["search", "--threads", "1"], arguments, &["-"]].concat();
    let output = hustings(&all, script);
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    let status = output.status.code().expect("it exits");
    (status, text(output.stdout), text(output.stderr))
}

#[test]
fn what_search_finds_is_a_script_that_shows_it() {
    let (status, script, told) = search(&[], "cluster 3\nbreak forget-vote-on-restart\n");
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("Found a violation, 5 steps away."), "{told}");
    assert!(told.contains("it is not nearer"), "{told}");
    assert!(script.ends_with("expect violation vote-once\n"), "{script}");
    let run = hustings(&["run", "-"], &script);
    assert!(run.status.success(), "{script}");
    let formatted = hustings(&["fmt", "-"], &script);
    assert_eq!(formatted.stdout, script.as_bytes());
}

#[test]
fn where_nothing_is_found_the_bounds_and_all_that_was_looked_at_are_told() {
    let bounds = "timeouts=1 requests=1 crashes=1";
    let (status, script, told) = search(&["--all", "--bounds", bounds], "cluster 3\n");
    assert_eq!((status, script.as_str()), (0, ""), "{told}");
    let within = "No violation within timeouts=1 requests=1 crashes=1 disks=fast: all ";
    assert!(told.starts_with(within), "{told}");
}

#[test]
fn a_condition_is_searched_for_from_the_end_of_a_script() {
    let script = "cluster 3\ntimeout S1\ndeliver all\n";
    let (status, script, told) = search(&["--for", "2 leaders"], script);
    assert_eq!(status, 0, "{told}");
    assert!(script.ends_with("expect 2 leaders\n"), "{script}");
    assert!(script.contains("\ntimeout S1\ndeliver all\n"), "{script}");
    assert!(
        hustings(&["run", "-"], &script).status.success(),
        "{script}"
    );
}

#[test]
fn with_a_standing_start_the_steps_of_the_script_do_not_count() {
    let script = "cluster 3\ntimeout S1\ndeliver all\n";
    let all = ["--standing-start", "--for", "S2 leader term=1"];
    let (status, script, _) = search(&all, script);
    assert_eq!(status, 0);
    assert!(!script.contains("deliver all"), "{script}");
}

#[test]
fn the_flaw_of_a_program_is_found() {
    let path = "../../scenarios/servers/message-dispatch-3-no-up-to-date-check.hust";
    let script = std::fs::read_to_string(path).expect("a scenario");
    let (status, script, told) = search(&["--standing-start"], &script);
    assert_eq!(status, 1, "{told}");
    assert!(script.contains("run all message-dispatch"), "{script}");
    assert!(
        hustings(&["run", "-"], &script).status.success(),
        "{script}"
    );
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_cure() {
    for (arguments, script, error) in [
        (
            &["--for", "2 leders"][..],
            "cluster 3\n",
            "did you mean `leaders`?",
        ),
        (
            &["--bounds", "timeout=3"],
            "cluster 3\n",
            "there is no bound `timeout`; there are timeouts,",
        ),
        (
            &["--bounds", "timeouts=300"],
            "cluster 3\n",
            "`timeouts=300` needs a number from 0 to 255",
        ),
        (&["--server", "cat"], "cluster 3\n", "cannot be searched"),
        (
            &[],
            "cluster 3\ncrash S1\ncrash S1\n",
            "`hustings run` says why",
        ),
        (&[], "clutser 3\n", "did you mean `cluster`?"),
    ] {
        let (status, printed, told) = search(arguments, script);
        assert_eq!((status, printed.as_str()), (2, ""), "{told}");
        assert!(told.contains(error), "{told}");
    }
}

#[test]
fn a_start_with_hundreds_of_messages_in_flight_is_refused_with_a_cure() {
    let script = format!(
        "cluster 9\ntimeout S1\n{}",
        "duplicate S1->S2\n".repeat(200)
    );
    let (status, _, told) = search(&[], &script);
    assert_eq!(status, 2, "{told}");
    assert!(told.contains("deliver or drop some first"), "{told}");
}
