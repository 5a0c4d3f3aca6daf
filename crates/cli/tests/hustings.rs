//! The program's output and exit status.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

/// A folder for one test's files.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn hustings(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hustings"));
    command.current_dir(folder);
    command
}

/// Runs the program on standard input.
fn on_input(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = hustings(Path::new("."))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_ref()).expect("the program reads");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// Runs the program on files with these names and contents.
fn on_files(test: &str, arguments: &[&str], files: &[(&str, &[u8])]) -> Output {
    let folder = folder(test);
    for (name, content) in files {
        std::fs::write(folder.join(name), content).expect("written");
    }
    let names = files.iter().map(|(name, _)| name);
    let output = hustings(&folder).args(arguments).args(names).output();
    output.expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

const CLEAN: &str = "title \"Clean\"
cluster 3
timeout S1
deliver all
expect S1 leader term=1
expect one leader
";

const FAILING: &str = "title \"Failing\"
cluster 3
timeout S1
expect S1 leader term=2   # not yet
deliver all
expect in flight 1
deliver S1->S2 RequestVote
expect one leader
";

#[test]
fn a_script_that_passes() {
    let output = on_input(&["run", "-"], CLEAN);
    assert_eq!(status(&output), 0);
    assert_eq!(text(&output.stderr), "");
    assert_snapshot!(text(&output.stdout), @"ok      <standard input>: Clean (2 expectations)");
}

#[test]
fn failures_show_the_line_with_what_was_expected_and_found() {
    let output = on_files(
        "failures",
        &["run"],
        &[("failing.hust", FAILING.as_bytes())],
    );
    assert_eq!(status(&output), 1);
    assert_snapshot!(text(&output.stdout), @"FAILED  failing.hust: Failing (3 lines failed)");
    assert_snapshot!(text(&output.stderr), @r"
    failed: expected S1 leader term=2, found S1 candidate term=1
     --> failing.hust:4:1
      |
    4 | expect S1 leader term=2   # not yet
      | ^^^^^^^^^^^^^^^^^^^^^^^

    failed: expected 1 in flight, found none
     --> failing.hust:6:1
      |
    6 | expect in flight 1
      | ^^^^^^^^^^^^^^^^^^

    failed: no message S1->S2 RequestVote is in flight; nothing is
     --> failing.hust:7:1
      |
    7 | deliver S1->S2 RequestVote
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: the rest of the script was not run
    ");
}

#[test]
fn a_goal_that_is_not_reached() {
    let source = "cluster 3\npartition S1 | S2 | S3\nrun until leader within 0ms\n";
    let output = on_input(&["run", "-"], source);
    assert_eq!(status(&output), 1);
    assert_snapshot!(text(&output.stderr), @r"
    failed: waited for a leader of the latest term within 0ms, but found S1 follower term=0, S2 follower term=0, S3 follower term=0
     --> <standard input>:3:1
      |
    3 | run until leader within 0ms
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn parse_errors_show_the_place_and_what_is_valid_there() {
    let source = "title \"Mistakes\"
option latency 20..10ms

timout S1
deliver S1->S7   # there is no S7
note \"選挙\" x
wait
";
    let output = on_files(
        "mistakes",
        &["run"],
        &[("mistakes.hust", source.as_bytes())],
    );
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stdout), @"ERROR   mistakes.hust: 5 errors");
    assert_snapshot!(text(&output.stderr), @r#"
    error: the range 20..10ms of latency ends before it begins
     --> mistakes.hust:2:16
      |
    2 | option latency 20..10ms
      |                ^^^^^^^^

    error: `timout` is not valid here
     --> mistakes.hust:4:1
      |
    4 | timout S1
      | ^^^^^^
      |
      = help: did you mean `timeout`?

    error: expected a server S1 to S5, found `S7`
     --> mistakes.hust:5:13
      |
    5 | deliver S1->S7   # there is no S7
      |             ^^

    error: expected the end of the line, found `x`
     --> mistakes.hust:6:11
      |
    6 | note "選挙" x
      |             ^

    error: expected a duration like 100ms, found the end of the line
     --> mistakes.hust:7:5
      |
    7 | wait
      |     ^
      |
      = help: for example: `wait 100ms`
    "#);
}

#[test]
fn the_exit_status_is_that_of_the_worst_script() {
    let (clean, failing) = (CLEAN.as_bytes(), FAILING.as_bytes());
    let both: [(&str, &[u8]); 2] = [("failing.hust", failing), ("clean.hust", clean)];
    let output = on_files("several", &["run"], &both);
    assert_eq!(status(&output), 1);
    let all = [both[0], both[1], ("bad.hust", b"vote S1\n".as_slice())];
    let output = on_files("several", &["run"], &all);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stdout), @r"
    FAILED  failing.hust: Failing (3 lines failed)
    ok      clean.hust: Clean (2 expectations)
    ERROR   bad.hust: 1 error
    3 scripts: 1 passed, 1 failed, 1 could not be read
    ");
}

#[test]
fn quiet_prints_only_failures_and_errors() {
    let output = on_input(&["run", "--quiet", "-"], CLEAN);
    assert_eq!(
        (status(&output), text(&output.stdout), text(&output.stderr)),
        (0, "", "")
    );
    let output = on_input(&["run", "--quiet", "-"], FAILING);
    assert_eq!((status(&output), text(&output.stdout)), (1, ""));
    assert!(text(&output.stderr).starts_with("failed: expected S1 leader"));
}

#[test]
fn files_that_are_not_scripts_are_errors() {
    let folder = folder("no-scripts");
    let output = hustings(&folder)
        .args(["run", "absent.hust"])
        .output()
        .expect("runs");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).starts_with("error: cannot read absent.hust: "));

    let output = on_files("no-scripts", &["run"], &[("binary.hust", b"heal\n\xff\n")]);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: binary.hust is not a text in UTF-8: its byte 6 on line 2 is not valid there; save it as UTF-8");

    let huge = vec![b'#'; (1 << 20) + 1];
    let output = on_files("no-scripts", &["run"], &[("huge.hust", &huge)]);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: huge.hust has more than 1048576 bytes, the most that a script may have");
}

#[test]
fn json_has_every_record_and_the_final_state() {
    let output = on_input(
        &["run", "--json", "-"],
        "cluster 1\nseed 3\ntimeout S1\nexpect no leader\n",
    );
    assert_eq!(status(&output), 1);
    assert!(text(&output.stderr).starts_with("failed: "));
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 3);
    assert_snapshot!(lines[0], @r#"{"file":"<standard input>","record":0,"at_ms":0,"cause":null,"event":{"Started":"S1"},"reasons":[{"Started":{"term":0,"voted_for":null,"last":{"index":0,"term":0}}},{"TimerArmed":{"timer":"Election","cause":"Started"}}],"changes":[],"sent":[],"answers":[]}"#);
    assert_snapshot!(lines[2], @r#"{"file":"<standard input>","title":"","passed":false,"expectations":1,"stopped":false,"failures":[{"line":4,"column":1,"length":16,"message":"expected no leader, found S1 leader term=1","expected":"no leader","found":"S1 leader term=1"}],"at_ms":0,"records":2,"servers":[{"server":"S1","up":true,"role":"leader","term":1,"voted_for":"S1","leader":"S1","members":["S1"],"log":[{"term":1,"command":null}],"commit":1}],"in_flight":[],"held":[],"paused":[],"cut":[],"latency":[],"disk":[],"clock":[],"violations":[]}"#);
}

#[test]
fn json_lines_have_documented_keys() {
    let source = "cluster 3\ntimeout S1\ndeliver S1->S2\ncut S2-S3\n";
    let output = on_input(&["run", "--json", "-"], source);
    let lines: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object per line"))
        .collect();
    let (end, records) = lines.split_last().expect("some lines");
    for (number, record) in records.iter().enumerate() {
        assert_eq!(
            keys(record),
            "answers at_ms cause changes event file reasons record sent"
        );
        assert_eq!(record["record"], number);
    }
    assert_eq!(
        keys(end),
        "at_ms clock cut disk expectations failures file held in_flight latency passed paused records servers stopped title violations"
    );
    assert_eq!(end["records"], records.len());
    assert_eq!(end["cut"], serde_json::json!(["S2->S3", "S3->S2"]));
    assert_eq!(
        end["servers"][0],
        serde_json::json!({
            "server": "S1", "up": true, "role": "candidate", "term": 1, "voted_for": "S1",
            "leader": null, "members": ["S1", "S2", "S3"], "log": [], "commit": 0,
        })
    );
    assert_eq!(
        end["in_flight"][0]["link"],
        serde_json::json!({"from": "S1", "to": "S3"})
    );
}

#[test]
fn json_ends_with_the_final_state() {
    let source = "cluster 3
timeout S1
hold S1->S3
send TimeoutNow S2->S1 term=1
pause S2
latency S1->S2 80..120ms
latency S1->S3 10..20ms
clock S3 150%
";
    let output = on_input(&["run", "--json", "-"], source);
    let last = text(&output.stdout).lines().last().expect("an end");
    let end: serde_json::Value = serde_json::from_str(last).expect("an object");
    let held = &end["in_flight"][1];
    assert_eq!(held["link"], serde_json::json!({"from": "S1", "to": "S3"}));
    assert_eq!(end["held"], serde_json::json!([held["id"]]));
    assert_eq!(end["paused"], serde_json::json!(["S2"]));
    assert_eq!(
        end["latency"],
        serde_json::json!([{"link": "S1->S2", "min_ms": 80, "max_ms": 120}])
    );
    assert_eq!(
        end["clock"],
        serde_json::json!([{"server": "S3", "rate": 150}])
    );
    // `forged` is omitted for messages that are not forged.
    assert!(held.get("forged").is_none());
    assert_eq!(end["in_flight"][2]["forged"], true);
}

#[test]
fn help_of_run_names_all_keys_of_the_lines() {
    let help = hustings(&folder("no-scripts"))
        .args(["run", "--help"])
        .output();
    let help = help.expect("runs");
    let documented = |after: &str| -> BTreeSet<String> {
        let (_, list) = text(&help.stdout).split_once(after).expect("a list");
        let (list, _) = list.split_once(['.', ';']).expect("its end");
        list.split(',').map(|key| key.trim().to_owned()).collect()
    };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let mut command = hustings(Path::new(root));
    // Between them they have every key that is left out where it does not apply.
    command.args(["run", "--json"]).args([
        "broken/longer-log-wins.hust",
        "disks/slow-disk-delays-the-vote.hust",
        "first-steps/split-vote.hust",
        "servers/lab-sheet-2-one-vote.hust",
    ]);
    let scenarios = command.output().expect("runs");
    let assignment = on_input(
        &["run", "--json", "-"],
        "cluster 1\ngoal S1 leader\ntimeout S1\n",
    );
    let (mut records, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for line in text(&scenarios.stdout)
        .lines()
        .chain(text(&assignment.stdout).lines())
    {
        let line: serde_json::Value = serde_json::from_str(line).expect("an object");
        let line = line.as_object().expect("an object");
        let all = if line.contains_key("record") {
            &mut records
        } else {
            &mut ends
        };
        all.extend(line.keys().cloned());
    }
    assert_eq!(records, documented("an object for every record:"));
    assert_eq!(ends, documented("an object for its end:"));
}

fn keys(object: &serde_json::Value) -> String {
    let object = object.as_object().expect("an object");
    object
        .keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn json_of_an_invalid_script_lists_its_errors() {
    let output = on_input(&["run", "--json", "-"], "cluster 3\ntimeout s1\n");
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stdout), @r#"{"file":"<standard input>","errors":[{"line":2,"column":9,"length":2,"message":"expected a server S1 to S3, found `s1`","found":"`s1`","expected":["a server S1 to S3"],"help":"did you mean `S1`?"}]}"#);
    let folder = folder("no-scripts");
    let output = hustings(&folder)
        .args(["run", "--json", "absent.hust"])
        .output()
        .expect("runs");
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    assert_eq!(line["file"], "absent.hust");
    assert_eq!(line["errors"][0]["line"], serde_json::Value::Null);
}

#[test]
fn check_parses_without_running() {
    let output = on_input(&["check", "-"], FAILING);
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout), @"ok      <standard input>: 6 steps");
    assert_eq!(status(&on_input(&["check", "-"], "crash")), 2);
}

#[test]
fn a_broken_pipe_is_ignored() {
    let mut child = hustings(Path::new("."))
        .args(["run", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Far more output than a pipe holds, and an expectation that fails.
    stdin
        .write_all(b"run 20s\nexpect no leader\n")
        .expect("the program reads");
    drop(stdin);
    let mut first = [0];
    stdout.read_exact(&mut first).expect("a first byte");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(status(&output), 1);
    assert!(text(&output.stderr).starts_with("failed: expected no leader"));
}

#[test]
fn help_has_examples() {
    let output = hustings(Path::new("."))
        .arg("--help")
        .output()
        .expect("runs");
    assert_eq!(status(&output), 0);
    let help = text(&output.stdout);
    for expected in [
        "hustings run scenarios/*/*.hust",
        "expect S1 leader term=1",
        "Exit status",
    ] {
        assert!(help.contains(expected), "{expected}");
    }
}

#[test]
fn the_example_in_the_help_runs() {
    let output = hustings(Path::new("."))
        .arg("--help")
        .output()
        .expect("runs");
    let help = text(&output.stdout);
    let from = help.find("  title ").expect("the example");
    let to = from + help[from..].find("\n\n").expect("its end");
    let output = on_input(&["run", "-"], &help[from..to]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
}

#[test]
fn invalid_arguments_are_explained() {
    let output = hustings(Path::new("."))
        .args(["run"])
        .output()
        .expect("runs");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("<FILE>"));
    let output = hustings(Path::new("."))
        .args(["completions", "bash"])
        .output()
        .expect("runs");
    assert_eq!(status(&output), 0);
    assert!(text(&output.stdout).contains("hustings"));
}

#[test]
fn fmt_writes_the_canonical_form_and_keeps_comments() {
    let source = "# A comment\n\ncluster   3 # three\n  timeout  S1\t\nrun  0.5s\n\n";
    let output = on_input(&["fmt", "-"], source);
    assert_eq!(status(&output), 2);
    let source = source.replace("0.5s", "500ms  #  half a second");
    let output = on_input(&["fmt", "-"], &source);
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout), @r"
    # A comment

    cluster 3  # three
    timeout S1
    run 500ms  #  half a second
    ");
    let again = on_input(&["fmt", "-"], &output.stdout);
    assert_eq!(again.stdout, output.stdout);
}

#[test]
fn fmt_formats_settings() {
    let source = "title   \"a\tb\"
option   heartbeat 1000ms  # slow
option latency 00..10ms
option loss 05%
option election-timeout 1s
option no-op on
members S3 S1
state S2 commit=0 log=1,01
state S1 log=none
seed 007
";
    let output = on_input(&["fmt", "-"], source);
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout));
    let again = on_input(&["fmt", "-"], &output.stdout);
    assert_eq!(again.stdout, output.stdout);
}

#[test]
fn fmt_changes_files_and_check_lists_them() {
    let files: [(&str, &[u8]); 3] = [
        ("loose.hust", b"heal  # all\nheal#x\n"),
        ("tight.hust", b"heal\n"),
        ("empty.hust", b""),
    ];
    let output = on_files("fmt", &["fmt", "--check"], &files);
    assert_eq!(status(&output), 1);
    assert_eq!(
        text(&output.stdout),
        "loose.hust is not formatted: run `hustings fmt` on it\n"
    );
    let output = on_files("fmt", &["fmt"], &files);
    assert_eq!((status(&output), text(&output.stdout)), (0, ""));
    let written = std::fs::read_to_string(folder("fmt").join("loose.hust")).expect("a file");
    assert_eq!(written, "heal  # all\nheal  #x\n");
}

#[test]
fn explain_prints_events_with_reasons() {
    let source = "title \"Two votes\"
cluster 3
break many-votes-per-term
note \"S1 stands.\"
timeout S1
deliver S1->S2
timeout S3
deliver S3->S2
expect violation vote-once
";
    let output = on_input(&["explain", "-"], source);
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout));
}

#[test]
fn explain_prints_forged_messages() {
    let source = "cluster 3
send RequestVote S2->S1 term=3 last=1:1
timeout S1
duplicate S1->S2
wait 3600s
note \"Late.\"
heal
";
    let output = on_input(&["explain", "-"], source);
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout));
}

const PROGRAM: &str = "cluster 1
seed 1
program mine
| fn start(me) {
|     me.votes = #{ S1: true };
|     me.mood = [\"fine\", -1, (), #{ b: false, a: [] }];
| }
run all mine

run 10ms
";

#[test]
fn json_has_the_variables_of_a_program_in_order() {
    let output = on_input(&["run", "--json", "-"], PROGRAM);
    assert_eq!(status(&output), 0);
    let end = text(&output.stdout).lines().last().expect("the end");
    let variables = r#""variables":{"mood":["fine",-1,null,{"a":[],"b":false}]}"#;
    assert!(end.contains(variables), "{end}");
    let output = on_input(&["run", "--json", "-"], CLEAN);
    assert!(!text(&output.stdout).contains("variables"));
}

#[test]
fn a_link_packs_the_source_of_a_program_and_unlink_restores_it() {
    let output = on_input(&["link", "-"], PROGRAM);
    assert_eq!(status(&output), 0);
    let link = text(&output.stdout).trim();
    assert!(
        link.starts_with("#cluster+1;seed+1;program+mine;source+"),
        "{link}"
    );
    let output = on_input(&["unlink", link], "");
    assert_eq!(status(&output), 0);
    assert_eq!(text(&output.stdout), PROGRAM);
    let output = on_input(&["unlink", &link.replace("source+e", "source+f")], "");
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: the link is damaged: the source of a program in it is altered or too long; copy it again as a whole");
}

#[test]
fn unlink_restores_the_script_of_a_link() {
    let output = on_input(
        &["link", "-", "--page", "https://example.org/"],
        "timeout S1\nstep",
    );
    assert_eq!(status(&output), 0);
    let link = text(&output.stdout).trim();
    assert!(link.starts_with("https://example.org/#"), "{link}");
    let output = on_input(&["unlink", link], "");
    assert_eq!(status(&output), 0);
    assert_snapshot!(text(&output.stdout), @r"
    cluster 5
    seed 1

    timeout S1
    step
    ");
    let output = on_input(&["unlink", "#AQID"], "");
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: the link is damaged: it does not finish with `;end`; copy it again as a whole");
}

#[test]
fn a_servers_command_must_be_there_and_its_server_in_the_cluster() {
    let output = on_input(&["run", "--server", "no-such-command", "-"], CLEAN);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: there is no command `no-such-command`");
    let output = on_input(&["run", "--server", "S5=sh", "-"], CLEAN);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: <standard input>: --server names S5, and the cluster has S1 S2 S3");
    assert_snapshot!(text(&output.stdout), @"ERROR   <standard input>: cannot be run");
    let output = on_input(&["run", "--server", "sh 'x", "-"], CLEAN);
    assert_eq!(status(&output), 2);
    assert_snapshot!(text(&output.stderr), @"error: `sh 'x` is not a command: a quote is open");
}

/// A file of the repository.
fn at_root(path: &str) -> String {
    format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))
}

/// The scripts of the lab sheet, with `lab-sheet` running a source of the sheet's folder.
fn lab_sheet(source: &str) -> Output {
    let files = std::fs::read_dir(at_root("scenarios/servers")).expect("the scenarios");
    let files = files.map(|it| it.expect("a file").path());
    let sheet = |it: &PathBuf| {
        let name = it.file_name().expect("a name").to_string_lossy();
        name.starts_with("lab-sheet-")
    };
    let source = at_root(&format!("programs/lab-sheet/{source}.rhai"));
    let output = hustings(Path::new("."))
        .args(["run", "--program", &format!("lab-sheet={source}")])
        .args(files.filter(sheet))
        .output();
    output.expect("the program runs")
}

#[test]
fn the_lab_sheet_fails_with_the_skeleton_and_passes_with_the_solution() {
    let last = |output: &Output| {
        let lines = text(&output.stdout).lines().last().map(str::to_owned);
        lines.expect("a summary")
    };
    let unsolved = lab_sheet("as-written");
    assert_eq!(status(&unsolved), 1);
    assert_snapshot!(last(&unsolved), @"8 scripts: 0 passed, 8 failed, 0 could not be read");
    let solved = lab_sheet("solution");
    assert_eq!(status(&solved), 0, "{}", text(&solved.stderr));
    assert_snapshot!(last(&solved), @"8 scripts: 8 passed, 0 failed, 0 could not be read");
}

#[test]
fn the_file_of_a_program_is_named_with_the_place_of_its_error() {
    let folder = folder("program");
    std::fs::write(folder.join("my.rhai"), "fn start(me) {\n    me.x = ;\n}\n").expect("written");
    let error = |arguments: &[&str]| {
        let output = hustings(&folder)
            .arg("run")
            .args(arguments)
            .arg("-")
            .output();
        let output = output.expect("the program runs");
        assert_eq!(status(&output), 2);
        text(&output.stderr).to_owned()
    };
    assert_snapshot!(error(&["--program", "lab-sheet=my.rhai"]), @r"
    error: unexpected ';'
     --> my.rhai:2:12
      |
    2 |     me.x = ;
      |            ^
    ");
    assert_snapshot!(error(&["--program", "my.rhai"]), @"error: --program my.rhai: a name and a file are needed, as in my-raft=my.rhai");
    let good = at_root("programs/lab-sheet/solution.rhai");
    let good = format!("lab-sheet={good}");
    assert_snapshot!(error(&["--program", &good, "--program", &good]), @"error: --program gives two files for `lab-sheet`");
}

#[test]
fn a_program_that_fails_is_named_with_its_line_and_that_of_the_script_or_file() {
    let folder = folder("program-fails");
    let source =
        "fn start(me) {\n    arm(\"election\");\n}\nfn timer(me, name) {\n    me.n += 1;\n}\n";
    std::fs::write(folder.join("my.rhai"), source).expect("written");
    let carried = source.trim_end().replace('\n', "\n  | ");
    let steps = "run all p\n\ntimeout S2\n";
    let script = format!("cluster 3\nprogram p\n  | {carried}\n{steps}");
    std::fs::write(folder.join("carried.hust"), &script).expect("written");
    std::fs::write(folder.join("named.hust"), format!("cluster 3\n{steps}")).expect("written");
    let bad = script.replace("me.n += 1;", "me.n += ;");
    std::fs::write(folder.join("bad.hust"), bad).expect("written");
    let error = |arguments: &[&str]| {
        let output = hustings(&folder).arg("run").args(arguments).output();
        text(&output.expect("the program runs").stderr).to_owned()
    };
    assert_snapshot!(error(&["carried.hust"]), @r"
    error: at 0ms, S2's program fails, so S2 crashes: line 5, column 7: `me` has no variable `n` yet.
     --> carried.hust:7:11
      |
    7 |   |     me.n += 1;
      |           ^
    ");
    assert_snapshot!(error(&["--program", "p=my.rhai", "named.hust"]), @r"
    error: named.hust: at 0ms, S2's program fails, so S2 crashes: line 5, column 7: `me` has no variable `n` yet.
     --> my.rhai:5:7
      |
    5 |     me.n += 1;
      |       ^
    ");
    assert_snapshot!(error(&["bad.hust"]), @r"
    error: the program is wrong: line 5, column 13: unexpected ';'
     --> bad.hust:7:17
      |
    7 |   |     me.n += ;
      |                 ^
    ");
}

#[test]
fn a_program_of_ones_own_comes_from_a_file_under_its_own_name() {
    let folder = folder("program-own");
    let source = "fn start(me) {\n    me.role = \"follower\";\n    me.mine = 7;\n}\n";
    std::fs::write(folder.join("my.rhai"), source).expect("written");
    let script = "cluster 1\nrun S1 my-raft\nexpect S1 my.mine=7\n";
    std::fs::write(folder.join("my.hust"), script).expect("written");
    let run = |arguments: &[&str]| {
        let output = hustings(&folder).arg("run").args(arguments).output();
        output.expect("the program runs")
    };
    assert_eq!(
        status(&run(&["--program", "my-raft=my.rhai", "my.hust"])),
        0
    );
    let unknown = run(&["--program", "my-rafts=my.rhai", "my.hust"]);
    assert_eq!(status(&unknown), 2);
    assert!(text(&unknown.stderr).contains("did you mean `my-rafts`"));
}

#[test]
fn a_link_carries_the_source_of_a_program_of_ones_own() {
    let folder = folder("program-link");
    let source = "fn start(me) {\n    arm(\"election\", 77);\n}\n";
    std::fs::write(folder.join("my.rhai"), source).expect("written");
    std::fs::write(
        folder.join("my.hust"),
        "cluster 1\nrun S1 lab-sheet\nstep\n",
    )
    .expect("written");
    let link = hustings(&folder)
        .args(["link", "--program", "lab-sheet=my.rhai", "my.hust"])
        .output();
    let link = link.expect("the program runs");
    assert_eq!(status(&link), 0, "{}", text(&link.stderr));
    let output = on_input(&["unlink", text(&link.stdout).trim()], "");
    assert!(
        text(&output.stdout)
            .contains("\nprogram lab-sheet\n| fn start(me) {\n|     arm(\"election\", 77);\n")
    );
}

#[cfg(unix)]
#[test]
fn a_server_whose_program_fails_is_told_and_fails_the_script() {
    let script = "cluster 3\ntimeout S2\ndeliver all\nexpect S2 leader\nexpect S1 down\n";
    let server = "S1=sh -c 'echo no idea >&2; exit 3'";
    let output = on_input(&["run", "--server", server, "-"], script);
    assert_eq!(status(&output), 1);
    assert_snapshot!(text(&output.stderr), @r#"
    S1 | no idea
    error: <standard input>: at 0ms, S1's program fails, so S1 crashes: it ended with exit code 3 before it answered `{"turn":1,"type":"init","node_id":"S1","node_ids":["S1","S2","S3"],"election_timeout_ms":[150,300],"heartbeat_ms":50,"no_op":true,"pre_vote":false,"check_quorum…`; its last words are `no idea`.
    "#);
    assert_snapshot!(text(&output.stdout), @"FAILED  <standard input> (1 server failed)");
}

#[cfg(unix)]
#[test]
fn a_server_that_answers_differently_when_it_is_repeated_fails_the_script() {
    let answer = |text: &str| {
        let done = r#"{\"done\":$n}"#;
        let log = format!(r#"{{\"type\":\"log\",\"text\":\"{text}\"}}"#);
        format!(
            "sh -c 'n=0; while read -r l; do n=$((n+1)); echo \"{log}\"; echo \"{done}\"; done'"
        )
    };
    let script = "cluster 3\npropose S2 \"x\"\nrun 10ms\n";
    let output = on_input(&["run", "--server", &answer("$n"), "-"], script);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(status(&output), 0);
    for task in ["run", "explain"] {
        let output = on_input(&[task, "--server", &answer("$$"), "-"], script);
        assert_eq!(status(&output), 1);
        let told = text(&output.stderr);
        let start = "error: <standard input>: S2 was started once more and told the same: it \
                     answers differently when the same inputs are repeated: to `{\"turn\":1,";
        assert!(told.starts_with(start), "{told}");
    }
}

#[test]
fn diagrams_have_what_a_program_printed() {
    let script = "cluster 1\nprogram p\n| fn start(me) { print(me.id); print(1); }\nrun all p\n";
    let told = "S1 prints: “S1”, “1”.";
    for format in ["mermaid", "shiviz"] {
        let output = on_input(&["diagram", "--format", format, "-"], script);
        assert!(
            text(&output.stdout).contains(told),
            "{}",
            text(&output.stdout)
        );
    }
}

/// The server in Python of the examples; `None` if this machine has no Python.
fn python() -> Option<String> {
    let found = Command::new("python3").arg("--version").output();
    if found.is_err() {
        eprintln!("skipped: there is no python3 here");
    }
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/python/server.py"
    );
    found.ok().map(|_| format!("python3 '{file}'"))
}

#[test]
fn a_server_of_ones_own_runs_alone_or_beside_the_core_and_is_told_of_like_it() {
    let Some(server) = python() else {
        return;
    };
    let run = |arguments: &[&str], server: &str| {
        let arguments = [
            arguments,
            &["--server-timeout", "60", "--server", server, "-"],
        ];
        let output = on_input(&arguments.concat(), CLEAN);
        assert_eq!(status(&output), 0, "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let told = run(&["explain"], &server);
    assert!(
        told.contains("S1 leads term 1: it has the votes of S1 S2"),
        "{told}"
    );
    assert_snapshot!(run(&["run"], &format!("S2={server}")), @"ok      <standard input>: Clean (2 expectations)");
    let json = run(&["run", "--json"], &server);
    assert_eq!(json, run(&["run", "--json"], &server));
    assert!(run(&["diagram"], &server).starts_with("<svg"));
    let output = hustings(Path::new("."))
        .args(["check-server", "--server-timeout", "60", &server])
        .output()
        .expect("the program runs");
    assert_eq!(status(&output), 0);
    assert!(
        text(&output.stdout).ends_with("\n19 of 19\n"),
        "{}",
        text(&output.stdout)
    );
}
