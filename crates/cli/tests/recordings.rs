//! Runs of servers that are commands, recorded and played without them.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use insta::assert_snapshot;

/// Says of each line that it is told which it is.
const SERVER: &str = "sh -c 'n=0; while read -r l; do n=$((n+1)); \
    echo \"{\\\"type\\\":\\\"log\\\",\\\"text\\\":\\\"line $n\\\"}\"; echo \"{\\\"done\\\":$n}\"; done'";

const SCRIPT: &str = "title \"Recorded\"
cluster 3
timeout S1  # a comment
run 400ms
expect S1 leader term=1
";

/// A folder for one test's files, with a script.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("recordings")
        .join(test);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("run.hust"), SCRIPT).expect("written");
    folder
}

fn hustings(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hustings"));
    let output = command.current_dir(folder).args(arguments).output();
    output.expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

/// Records the script with S2 as a command; the other servers run the core.
fn recorded(folder: &Path) {
    let server = format!("S2={SERVER}");
    let arguments = [
        "run",
        "--server",
        &server,
        "--record",
        "run.ndjson",
        "run.hust",
    ];
    let output = hustings(folder, &arguments);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(status(&output), 0);
}

/// What is printed of a file that is a recording, as of the script.
fn printed(output: &Output) -> String {
    text(&output.stdout).replace("run.ndjson", "run.hust")
}

#[test]
fn a_recording_is_told_as_its_run_was() {
    let folder = folder("told");
    recorded(&folder);
    let server = format!("S2={SERVER}");
    let tasks: [&[&str]; 6] = [
        &["run"],
        &["run", "--json"],
        &["explain", "--all"],
        &["stats"],
        &["diagram"],
        &["diagram", "--format", "shiviz"],
    ];
    for task in tasks {
        let live = hustings(
            &folder,
            &[task, &["--server", &server, "run.hust"]].concat(),
        );
        let played = hustings(&folder, &[task, &["run.ndjson"]].concat());
        assert_eq!(status(&live), 0, "{task:?}: {}", text(&live.stderr));
        assert_eq!(printed(&live), printed(&played), "{task:?}");
        assert_eq!(status(&played), 0);
    }
    assert!(!text(&hustings(&folder, &["explain", "run.ndjson"]).stdout).is_empty());
}

#[test]
fn a_run_that_fails_is_recorded_too_and_fails_again() {
    let folder = folder("fails");
    let script = "cluster 3\npropose S1 \"x\"\nrun 10ms\nexpect S1 leader\n";
    std::fs::write(folder.join("run.hust"), script).expect("written");
    // It dies when it is told a second line.
    let server = SERVER.replace("n=$((n+1));", "n=$((n+1)); [ $n = 2 ] && exit 3;");
    let arguments = [
        "run",
        "--server",
        &server,
        "--record",
        "run.ndjson",
        "run.hust",
    ];
    let live = hustings(&folder, &arguments);
    assert_eq!(status(&live), 1);
    let played = hustings(&folder, &["run", "run.ndjson"]);
    assert_eq!(status(&played), 1);
    assert_eq!(printed(&live), printed(&played));
    let told = |output: &Output| text(&output.stderr).replace("run.ndjson", "run.hust");
    assert_eq!(told(&live), told(&played));
    assert_snapshot!(text(&played.stderr));
}

#[test]
fn only_what_plays_a_run_takes_a_recording() {
    let folder = folder("only");
    recorded(&folder);
    let before = std::fs::read(folder.join("run.ndjson")).expect("it is there");
    let told = |arguments: &[&str]| {
        let output = hustings(&folder, &[arguments, &["run.ndjson"]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        text(&output.stderr).trim().to_owned()
    };
    let refused = told(&["search"]);
    assert_snapshot!(refused, @"error: run.ndjson is a recording, which `run`, `explain`, `stats` and `diagram` can play; its servers are not here, so nothing else can be done with it");
    for task in ["check", "fmt", "sample"] {
        assert_eq!(told(&[task]), refused);
    }
    assert_snapshot!(told(&["link"]), @"error: a link cannot hold a recording, which has all that its servers have said; share its file instead");
    assert_snapshot!(told(&["run", "--server", "cat"]), @"error: run.ndjson: it is a recording, which is played without --server");
    let after = std::fs::read(folder.join("run.ndjson")).expect("it is there");
    assert_eq!(before, after);
}

#[test]
fn a_recording_that_is_not_whole_is_an_error_with_its_line() {
    let folder = folder("broken");
    recorded(&folder);
    let whole = std::fs::read_to_string(folder.join("run.ndjson")).expect("it is there");
    let told = |text_of: String| {
        std::fs::write(folder.join("broken.ndjson"), text_of).expect("written");
        let output = hustings(&folder, &["run", "broken.ndjson"]);
        assert_eq!(status(&output), 2);
        assert_eq!(
            text(&output.stdout),
            "ERROR   broken.ndjson: cannot be read\n"
        );
        text(&output.stderr).trim().to_owned()
    };
    let half: String = whole.split_inclusive('\n').take(3).collect();
    assert_snapshot!(told(half), @"error: cannot read broken.ndjson: it ends at line 3 with 2 of its 10 turns: it was cut short; copy it again as a whole, or record the run again");
    let changed = whole.replacen("\"after\":2", "\"after\":9", 1);
    assert_snapshot!(told(changed), @"error: cannot read broken.ndjson: line 3 is not as it was recorded: line 9 is no earlier turn of S2 that it answered; record the run again");
    let other = whole.replacen("\"recording\":1", "\"recording\":12", 1);
    assert_snapshot!(told(other), @"error: cannot read broken.ndjson: it is a recording of version 12, and this program reads version 1; record the run again, or use the program that recorded it");
}

#[test]
fn what_cannot_be_recorded_is_an_error_before_anything_runs() {
    let folder = folder("cannot");
    let told = |arguments: &[&str]| {
        let output = hustings(&folder, &[&["run"], arguments, &["run.hust"]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert_eq!(text(&output.stdout), "");
        let told = text(&output.stderr);
        told.split("\n\nUsage")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let server = ["--server", SERVER];
    let record = ["--record", "run.ndjson"];
    assert_snapshot!(told(&record), @"
    error: the following required arguments were not provided:
      --server <[S2=]COMMAND>
    ");
    let two = [&server[..], &record, &["run.hust"]].concat();
    assert_snapshot!(told(&two), @"error: --record takes one script, whose run the file is to hold");
    let nowhere = [&server[..], &["--record", "no/such/folder.ndjson"]].concat();
    assert_snapshot!(told(&nowhere), @"error: cannot write no/such/folder.ndjson: No such file or directory (os error 2)");
    let over = [&server[..], &["--record", "run.hust"]].concat();
    assert_snapshot!(told(&over), @"error: --record run.hust: the script would be overwritten");
    let program = [&server[..], &record, &["--program", "p=p.rhai"]].concat();
    assert_snapshot!(told(&program), @"error: the argument '--record <FILE>' cannot be used with '--program <NAME=FILE>'");
}
