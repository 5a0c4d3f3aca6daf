//! What `hustings logs` tells of a part of the time, and of some of the members only.

use std::process::Command;

/// What is printed for the samples, its line breaks as spaces, with the exit status.
fn told(arguments: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hustings"));
    let samples = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/logs/etcd-3.4-zap"
    );
    let arguments = arguments.split_whitespace();
    let output = command
        .current_dir(samples)
        .arg("logs")
        .args(arguments)
        .output();
    let output = output.expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let told = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (output.status.code().expect("no signal"), told)
}

#[test]
fn what_is_told_of_a_part_is_told_of_the_whole() {
    let (_, whole) = told("m1.log m2.log m3.log");
    let (status, part) = told("--from 02:27:30 --to 02:27:44 m1.log m2.log m3.log");
    assert_eq!(status, 0);
    let stood = "m2 stood in term 4, at 02:27:35.893: its election timer ran out.";
    assert!(whole.contains(stood), "{whole}");
    assert!(part.contains(stood), "{part}");
    let led = "Term 3: m3 led from 02:27:25.954 to 02:27:39.258 (13.3 s); then m3 heard of term 4";
    assert!(whole.contains(led), "{whole}");
    // What was before is not told, only that something was.
    let led =
        "Term 3: m3 led before this time already, up to 02:27:39.258; then m3 heard of term 4";
    assert!(part.contains(led), "{part}");
    assert!(
        part.contains("m3 in term 3, then m2 in term 4, then m3 in term 5."),
        "{part}"
    );
    assert!(
        !part.contains("Term 2:") && !part.contains("Term 10:"),
        "{part}"
    );
}

#[test]
fn events_of_a_part_are_those_of_that_time() {
    let (_, part) = told("--csv --from 02:27:46 --to 2026-11-28T02:27:47Z m1.log m2.log m3.log");
    assert!(part.contains("2026-11-28T02:27:46.451Z,m3"), "{part}");
    assert!(!part.contains(":45.") && !part.contains(":48."), "{part}");
}

#[test]
fn of_a_time_without_events_nothing_is_told() {
    let (status, part) = told("--from 03:00 m1.log m2.log m3.log");
    assert_eq!((status, part.as_str()), (2, ""));
}

#[test]
fn one_member_alone_does_not_tell_when_nobody_led() {
    let (status, one) = told("m2.log");
    assert_eq!(status, 0);
    assert!(
        one.contains("Too few members have lines here to say when nobody led."),
        "{one}"
    );
    let until =
        "m2 led from 02:27:22.463 on, and to 02:27:31.891 at the latest; then m2 started anew";
    assert!(one.contains(until), "{one}");
    assert!(!one.contains("Without a leader"), "{one}");
}

#[test]
fn files_that_are_missing_tell_nothing() {
    let (status, nothing) = told("m7.log");
    assert_eq!((status, nothing.as_str()), (2, ""));
}
