//! `hustings sample`, as it is used.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

/// Its exit status, what it prints, and what it says.
fn hustings(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hustings"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it reads");
    // It may have refused its arguments already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    let status = output.status.code().expect("it exits");
    (status, text(output.stdout), text(output.stderr))
}

fn sample(arguments: &[&str], script: &str) -> (i32, String, String) {
    hustings(&[&["sample"], arguments, &["-"]].concat(), script)
}

/// What it says when it refuses.
fn refusal(arguments: &[&str], script: &str) -> String {
    let (status, printed, told) = sample(arguments, script);
    assert_eq!((status, printed.as_str()), (2, ""), "{told}");
    told
}

/// In how many of the runs what was waited for came, by the lines of `--format json`.
fn reached(json: &str) -> Vec<usize> {
    let came = |line: &str| {
        let object: serde_json::Value = serde_json::from_str(line).expect("an object");
        object["reached_ms"].as_array().map_or(0, Vec::len)
    };
    json.lines().map(came).collect()
}

const CLUSTER: &str = "cluster 3\n";

#[test]
fn a_table_has_a_line_for_each_script_and_its_settings() {
    let with = ["--with", "option election-timeout 300..600ms"];
    let (status, table, told) = sample(&[&["--runs", "50"], &with[..]].concat(), CLUSTER);
    assert_eq!((status, told.as_str()), (0, ""));
    assert_snapshot!(table);
}

#[test]
fn the_threads_make_no_difference() {
    let on = |threads| {
        let arguments = ["--runs", "40", "--format", "csv", "--threads", threads];
        sample(&arguments, "cluster 5\noption loss 10%\n").1
    };
    assert_eq!(on("1"), on("4"));
    assert_eq!(on("1").lines().count(), 41);
}

#[test]
fn csv_has_a_row_for_each_run() {
    let arguments = [
        "--runs",
        "3",
        "--format",
        "csv",
        "--until",
        "leader",
        "--step",
        "crash S1",
        "--with",
        "title \"a, b\"",
    ];
    let (_, csv, told) = sample(&arguments, "cluster 3\ntimeout S1\ndeliver all\n");
    assert_eq!(told, "");
    assert_snapshot!(csv);
}

#[test]
fn json_has_an_object_for_each_setting() {
    let (_, json, _) = sample(&["--runs", "3", "--format", "json", "--for", "2s"], CLUSTER);
    assert_snapshot!(json);
}

#[test]
fn a_plot_has_a_curve_for_each_setting() {
    let arguments = [
        "--runs",
        "20",
        "--format",
        "svg",
        "--with",
        "option heartbeat 20ms",
    ];
    let (_, plot, _) = sample(&arguments, CLUSTER);
    let parsed = svg::read(&plot).expect("SVG");
    let curves = parsed.filter(|event| {
        let svg::parser::Event::Tag("path", _, attributes) = event else {
            return false;
        };
        let class = attributes.get("class").map(|class| class.to_string());
        class.is_some_and(|class| class.starts_with("curve "))
    });
    assert_eq!(curves.count(), 2);
    assert!(plot.contains("option heartbeat 20ms: median"), "{plot}");
}

#[test]
fn a_run_is_a_script_that_leads_to_the_same() {
    let start = "cluster 3\ntimeout S1\ndeliver all\n";
    let arguments = ["--until", "leader", "--step", "crash S1"];
    let script = ["--script", "3"];
    let (status, script, _) = sample(&[&arguments[..], &script].concat(), start);
    assert_eq!(status, 0);
    assert_snapshot!(script);
    let csv = ["--runs", "3", "--format", "csv"];
    let csv = sample(&[&arguments[..], &csv].concat(), start).1;
    let reached = csv.lines().nth(3).and_then(|row| row.split(',').nth(3));
    let reached: u64 = reached.expect("a third run").parse().expect("it led");
    let within = format!("\nrun until leader within {reached}ms\n");
    let bounded = script.replace("\nrun until leader within 10s\n", &within);
    assert_ne!(script, bounded);
    assert_eq!(hustings(&["run", "-"], &bounded).0, 0, "{bounded}");
    let within = format!("\nrun until leader within {}ms\n", reached - 1);
    let too_short = script.replace("\nrun until leader within 10s\n", &within);
    assert_eq!(hustings(&["run", "-"], &too_short).0, 1, "{too_short}");
}

#[test]
fn a_step_is_taken_at_any_moment_of_a_span() {
    let arguments = ["--step", "crash S1", "--after", "3..5ms"];
    let moments = (1..=20).map(|number| {
        let script = ["--script", &number.to_string()].map(str::to_owned);
        let script: Vec<_> = script.iter().map(String::as_str).collect();
        let printed = sample(&[&arguments[..], &script].concat(), CLUSTER).1;
        let run = printed.lines().find(|line| line.starts_with("run "));
        run.expect("it waits").to_owned()
    });
    let moments: std::collections::BTreeSet<_> = moments.collect();
    assert_eq!(
        moments.into_iter().collect::<Vec<_>>(),
        ["run 3ms", "run 4ms", "run 5ms"]
    );
}

/// A violation is told, and saved as a script that shows it.
#[test]
fn a_violation_is_saved_as_a_short_script_with_notes() {
    let file = std::env::temp_dir().join(format!("hustings-sample-{}.hust", std::process::id()));
    let name = file.to_str().expect("a name");
    let start = "cluster 3\nbreak many-votes-per-term\n";
    let (status, table, told) = sample(&["--runs", "100", "--save", name], start);
    assert_eq!(status, 1, "{told}");
    assert!(table.contains("violations"), "{table}");
    let told = told.replace(name, "FILE");
    assert_snapshot!(told);
    let saved = std::fs::read_to_string(&file).expect("it is there");
    std::fs::remove_file(&file).expect("it is there");
    assert_eq!(hustings(&["run", "-"], &saved).0, 0, "{saved}");
    assert_snapshot!(saved);
}

/// Processes are sampled, and what they do wrong is made short, by playing them again.
#[test]
fn a_server_that_is_a_command_is_sampled() {
    let file = std::env::temp_dir().join(format!("hustings-server-{}.hust", std::process::id()));
    let name = file.to_str().expect("a name");
    let server = "python3 examples/python/classic_mistakes.py many-votes-per-term";
    let common = ["--server", server, "--runs", "3", "--threads", "2"];
    let save = ["--save", name, "--for", "500ms"];
    let (status, table, told) = sample(&[&common[..], &save].concat(), CLUSTER);
    assert_eq!(status, 1, "{told}");
    assert!(table.contains("3 runs"), "{table}");
    let saved = std::fs::read_to_string(&file).expect(&told);
    std::fs::remove_file(&file).expect("it is there");
    assert!(saved.contains("\nexpect violation vote-once\n"), "{saved}");
    assert!(saved.lines().count() < 20, "{saved}");
    let (status, _, told) = hustings(&["run", "--server", server, "-"], &saved);
    assert_eq!(status, 0, "{saved}{told}");
}

#[test]
fn a_command_that_fails_is_told() {
    let server = "S1=sh -c 'read line; echo {\\\"done\\\":1}; exit 3'";
    let (status, _, told) = sample(&["--server", server, "--runs", "2"], CLUSTER);
    assert_eq!(status, 1);
    let expected = "a server's program fails in 2 runs, at first in run 1.";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn what_is_violated_before_is_not_counted() {
    let start = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ntimeout S2\ndeliver all\n\
                 expect violation\n";
    let (status, table, told) = sample(&["--runs", "5", "--until", "term 9"], start);
    assert_eq!((status, told.as_str()), (0, ""), "{table}");
}

#[test]
fn a_script_whose_expectation_fails_is_sampled_all_the_same() {
    let (status, table, told) = sample(&["--runs", "5"], "cluster 3\nexpect one leader\n");
    assert_eq!(status, 1);
    assert!(told.starts_with("failed: expected one leader"), "{told}");
    assert!(table.contains("5 runs"), "{table}");
}

#[test]
fn what_cannot_be_sampled_is_said_with_its_cure() {
    let refused = [
        refusal(&[], "cluster 3\ndeliver S1->S2\n"),
        refusal(&["--until", "S7 leader"], CLUSTER),
        refusal(&["--for", "soon"], CLUSTER),
        refusal(&["--for", "0ms"], CLUSTER),
        refusal(&["--for", "5000s"], CLUSTER),
        refusal(&["--step", "expect no leader"], CLUSTER),
        refusal(&["--step", "crush S1"], CLUSTER),
        refusal(&["--step", "restart S1"], CLUSTER),
        refusal(&["--step", "crash S1", "--after", "50..20ms"], CLUSTER),
        refusal(&["--with", "crash S1"], CLUSTER),
        refusal(&["--with", "option election-timeout soon"], CLUSTER),
        refusal(&["--for", "3600s", "--runs", "2"], "cluster 9\n"),
    ];
    assert_snapshot!(refused.join("\n--\n"));
    let (status, _, told) = hustings(&["sample", "--runs", "0", "-"], CLUSTER);
    assert_eq!(status, 2);
    assert!(told.contains("0 is not in 1..=1000000"), "{told}");
}

/// A moment in samples/moments/, and how what is wrong there is cured.
struct Case {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Settings with which it is wrong, if it is right as it is.
    broken: Option<&'static str>,
    /// Settings that cure it, if it is wrong as it is.
    cure: Option<&'static str>,
}

const fn cured(name: &'static str, arguments: &'static [&'static str], cure: &'static str) -> Case {
    Case {
        name,
        arguments,
        broken: None,
        cure: Some(cure),
    }
}

const fn broken(name: &'static str, rule: &'static str) -> Case {
    Case {
        name,
        arguments: &["--for", "2s"],
        broken: Some(rule),
        cure: None,
    }
}

const CASES: [Case; 10] = [
    cured(
        "partial-partition",
        &["--for", "5s"],
        "option pre-vote on; option check-quorum on",
    ),
    cured("useless-leader", &["--for", "5s"], "option check-quorum on"),
    broken("mute-pre-votes", "break ignore-higher-term-in-replies"),
    cured(
        "isolated-leader",
        &["--step", "isolate S1", "--until", "S1 not leader"],
        "option check-quorum on",
    ),
    broken(
        "chatty-candidate",
        "break any-message-restarts-election-timer",
    ),
    cured(
        "equal-timeouts",
        &["--for", "5s"],
        "option election-timeout 150..300ms",
    ),
    cured(
        "candidate-stays",
        &["--until", "S3 follower term=1"],
        "mend message-dispatch candidate-stays",
    ),
    cured("no-op", &["--until", "committed 2"], "option no-op on"),
    broken("early-refusals", "break refuse-before-adopting-term"),
    cured("removed-server", &["--for", "5s"], "option check-quorum on"),
];

/// In how many of 100 runs what is waited for comes, while it is wrong and when it is cured.
fn shares(case: &Case) -> (usize, usize) {
    let file = format!("samples/moments/{}.hust", case.name);
    let common = ["sample", "--runs", "100", "--format", "json", &file];
    let with = case.broken.or(case.cure).unwrap_or_default();
    let arguments = [&common, case.arguments, &["--with", with]].concat();
    let (_, json, told) = hustings(&arguments, "");
    let [as_it_is, changed] = reached(&json)[..] else {
        panic!("{file}: {told}");
    };
    if case.broken.is_some() {
        (changed, as_it_is)
    } else {
        (as_it_is, changed)
    }
}

#[test]
fn each_moment_is_a_formatted_script_whose_expectations_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/moments");
    let files = std::fs::read_dir(root).expect("the samples");
    let files = files.map(|file| file.expect("a file").path());
    let files: Vec<_> = files
        .map(|file| file.to_str().expect("a name").to_owned())
        .collect();
    assert_eq!(files.len(), CASES.len() + 1);
    for task in [&["run"][..], &["fmt", "--check"]] {
        let files = files.iter().map(String::as_str);
        let arguments: Vec<_> = task.iter().copied().chain(files).collect();
        let (status, printed, told) = hustings(&arguments, "");
        assert_eq!(status, 0, "{printed}{told}");
    }
}

#[test]
fn each_cure_helps() {
    let lines = CASES.map(|case| {
        let (before, after) = shares(&case);
        assert!(before < after, "{}: {before}, then {after}", case.name);
        format!("{}: {before} of 100 runs, then {after}", case.name)
    });
    assert_snapshot!(lines.join("\n"));
}
