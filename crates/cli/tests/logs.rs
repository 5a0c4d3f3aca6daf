//! `hustings logs` on input that is not as it should be: each file gets a sentence, and the
//! rest is read.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Runs `hustings logs` on files with these names and contents.
fn logs(test: &str, files: &[(&str, &[u8])]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("logs-{test}"));
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for (path, (_, content)) in paths.iter().zip(files) {
        let parent = path.parent().expect("a folder");
        std::fs::create_dir_all(parent).expect("a folder");
        std::fs::write(path, content).expect("written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_hustings"));
    let names = files.iter().map(|(name, _)| name);
    let output = command.current_dir(&folder).arg("logs").args(names);
    output.output().expect("the program runs")
}

/// What was printed, its line breaks as spaces.
fn printed(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The exit status, what was said of the story, and what of files that cannot be read.
fn told(test: &str, files: &[(&str, &[u8])]) -> (i32, String, String) {
    let output = logs(test, files);
    let status = output.status.code().expect("no signal");
    (status, printed(&output.stdout), printed(&output.stderr))
}

fn assert_says(text: &str, sentence: &str) {
    assert!(text.contains(sentence), "{sentence:?} is not in {text}");
}

/// A member that is elected and loses its leadership.
const GOOD: &str = "\
{\"level\":\"info\",\"ts\":\"2026-03-01T12:00:00.000Z\",\"msg\":\"a1b2c3d4e5f60718 became follower at term 1\"}
{\"level\":\"info\",\"ts\":\"2026-03-01T12:00:01.000Z\",\"msg\":\"a1b2c3d4e5f60718 became candidate at term 2\"}
{\"level\":\"info\",\"ts\":\"2026-03-01T12:00:01.010Z\",\"msg\":\"a1b2c3d4e5f60718 became leader at term 2\"}
{\"level\":\"warn\",\"ts\":\"2026-03-01T12:00:09.000Z\",\"msg\":\"a1b2c3d4e5f60718 stepped down to follower since quorum is not active\"}
{\"level\":\"info\",\"ts\":\"2026-03-01T12:00:09.000Z\",\"msg\":\"a1b2c3d4e5f60718 became follower at term 2\"}
";

/// What is told of [`GOOD`], whatever is beside it.
const LED: &str = "m1 led from 12:00:01.010 to 12:00:09.000 (8.0 s)";

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}

#[test]
fn a_recording_is_named_with_the_commands_that_open_it() {
    let recording = b"{\"recording\":1,\"servers\":{},\"turns\":0,\"script\":\"cluster 3\\n\"}\n";
    let files: [(&str, &[u8]); 2] = [("m1.log", GOOD.as_bytes()), ("run.ndjson", recording)];
    let (status, says, errors) = told("recording", &files);
    assert_eq!(status, 2, "{errors}");
    assert_says(&says, LED);
    assert_says(&errors, "run.ndjson is a recording of a run, and no log");
    assert_says(&errors, "`hustings explain` tells what happened in it");
}

#[test]
fn files_that_are_no_logs_are_named_and_the_others_are_read() {
    let files: [(&str, &[u8]); 4] = [
        ("m1.log", GOOD.as_bytes()),
        ("core", b"\x7fELF\0\0\0\0"),
        ("empty.log", b"\n \n"),
        ("broken.log.gz", b"\x1f\x8b\x08nonsense"),
    ];
    let (status, says, errors) = told("no-logs", &files);
    assert_eq!(status, 2, "{errors}");
    assert_says(&says, LED);
    assert_says(&errors, "core is no text: its byte 5 is zero");
    assert_says(&errors, "empty.log is empty");
    assert_says(
        &errors,
        "broken.log.gz looks compressed by gzip, and cannot be unpacked",
    );
}

#[test]
fn a_compressed_file_that_ends_too_early_is_read_as_far_as_it_goes() {
    let filler: String = (0..2_000)
        .map(|it| format!("line {} of something\n", it * 7919))
        .collect();
    let mut bytes = packed(format!("{GOOD}{filler}").as_bytes());
    bytes.truncate(bytes.len() * 3 / 4);
    let (status, says, errors) = told("cut-gzip", &[("m1.log.gz", &bytes)]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_says(&says, LED);
    assert_says(&says, "m1.log.gz ends before its compressed contents do");
}

#[test]
fn a_cut_last_line_tells_nothing_wrong() {
    let cut = GOOD.len() - 40;
    let text = GOOD.get(..cut).expect("all is ASCII");
    let (status, says, _) = told("cut-line", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 0);
    assert_says(&says, "m1 led from 12:00:01.010 on");
    assert_says(&says, "5 lines, of which 4 told something");
}

#[test]
fn line_ends_of_windows_and_bytes_that_are_no_text_do_no_harm() {
    let mut bytes = GOOD.replace('\n', "\r\n").into_bytes();
    bytes.extend(b"\xff\xfe not UTF-8 \xc3\x28\r\n");
    bytes.extend(vec![b' '; 5_000]);
    bytes.extend(b"\r\nand then a zero \0 within\r\n");
    let (status, says, errors) = told("bytes", &[("m1.log", &bytes)]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_says(&says, LED);
    assert_says(&says, "8 lines, of which 5 told something");
}

#[test]
fn a_long_line_is_cut_and_the_rest_is_read() {
    let long = "x".repeat(10 << 20);
    let text = format!("{long}\n{GOOD}");
    let (status, says, _) = told("long", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 0);
    assert_says(&says, LED);
    assert_says(&says, "Of 1 lines only the first 64 KiB were read.");
}

#[test]
fn unrelated_lines_are_counted() {
    let noise = "2026-03-01 12:00:00 INFO payments: order shipped to a customer\n".repeat(100_000);
    let text = format!("{noise}{GOOD}");
    let (status, says, _) = told("noise", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 0);
    assert_says(&says, LED);
    assert_says(&says, "100005 lines, of which 5 told something");
    assert_says(&says, "100000 times: “");
}

#[test]
fn logs_of_several_systems_are_told_beside_each_other() {
    let consul = "2026-03-01T12:00:02.000Z [INFO]  raft: entering candidate state: \
                  node=\"Node at 10.0.0.9:8300 [Candidate]\" term=7\n";
    let files: [(&str, &[u8]); 2] = [("m1.log", GOOD.as_bytes()), ("c1.log", consul.as_bytes())];
    let (status, says, _) = told("mixed", &files);
    assert_eq!(status, 0);
    assert_says(&says, LED);
    assert_says(&says, "in the words of etcd");
    assert_says(&says, "in the words of HashiCorp raft");
}

#[test]
fn one_file_given_twice_counts_once() {
    let files: [(&str, &[u8]); 2] = [("m1.log", GOOD.as_bytes()), ("copy.log", GOOD.as_bytes())];
    let (status, says, _) = told("twice", &files);
    assert_eq!(status, 0);
    assert_says(&says, LED);
    assert_says(
        &says,
        "copy.log has the same lines as m1.log, and was read once.",
    );
}

#[test]
fn members_of_one_name_are_told_apart() {
    let named = |id: &str| {
        let name = "{\"ts\":\"2026-03-01T12:00:00.000Z\",\"msg\":\"published local member to cluster \
                    through raft\",\"local-member-id\":\"ID\",\"local-member-attributes\":\"{Name:node \
                    ClientURLs:[http://10.0.0.1:2379]}\"}\n";
        format!("{}{GOOD}", name.replace("ID", id)).replace("a1b2c3d4e5f60718", id)
    };
    let (one, other) = (named("a1b2c3d4e5f60718"), named("b1b2c3d4e5f60719"));
    let other = other.replace("term 2", "term 3");
    let files: [(&str, &[u8]); 2] = [
        ("a/etcd.log", one.as_bytes()),
        ("b/etcd.log", other.as_bytes()),
    ];
    let (status, says, _) = told("namesakes", &files);
    assert_eq!(status, 0);
    assert_says(&says, "a/etcd led");
    assert_says(&says, "b/etcd led");
    assert_says(
        &says,
        "Several members are called node: they are told apart",
    );
}

#[test]
fn a_clock_that_is_set_back_is_said() {
    let (before, after) = GOOD.split_at(GOOD.find("{\"level\":\"warn\"").expect("it is there"));
    let text = format!("{before}{}", after.replace("T12:00:09", "T11:00:09"));
    let (status, says, _) = told("set-back", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 0);
    assert_says(&says, "m1's clock went back by 59 min 52 s");
}

#[test]
fn lines_in_the_wrong_order_are_told_in_that_of_their_times() {
    let (before, after) = GOOD.split_at(GOOD.find("{\"level\":\"warn\"").expect("it is there"));
    let later = after
        .replace("term 2", "term 3")
        .replace("12:00:09", "12:20:09");
    let text = format!("{later}{before}");
    let (status, says, _) = told("order", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 0);
    assert_says(&says, "m1's lines go back by");
}

#[test]
fn without_times_nothing_is_made_up() {
    let text =
        "a1b2c3d4e5f60718 became candidate at term 2\na1b2c3d4e5f60718 became leader at term 2\n";
    let (status, says, _) = told("undated", &[("m1.log", text.as_bytes())]);
    assert_eq!(status, 2);
    assert_says(
        &says,
        "2 lines stand before the first with a time, and are left out.",
    );
}

#[test]
fn times_that_no_calendar_has_are_none() {
    let line = |micros: i64, role: &str| {
        format!(
            r#"{{"MESSAGE":"a1b2c3d4e5f60718 became {role}","_HOSTNAME":"m1","__REALTIME_TIMESTAMP":"{micros}"}}"#
        )
    };
    let file = [
        line(i64::MAX, "candidate at term 4"),
        line(1_772_366_400_000_000, "candidate at term 5"),
        line(i64::MIN, "leader at term 5"),
    ];
    let (status, says, errors) = told("no-calendar", &[("m1.log", file.join("\n").as_bytes())]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_says(&says, "2026-03-01 12:00:00.000");
    assert_says(&says, "m1 led");
}

#[test]
fn more_files_than_are_read_are_refused_before_any_is() {
    let files = vec![("m1.log", GOOD.as_bytes()); 1_001];
    let (status, says, errors) = told("many", &files);
    assert_eq!((status, says.as_str()), (2, ""));
    assert_says(&errors, "give 1000 files at most");
}

/// What `hustings logs` tells of a folder of `samples/logs`, and what it says beside.
fn told_of(sample: &str, arguments: &[&str]) -> (i32, String, String) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/logs");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hustings"));
    command.current_dir(samples).args(["logs", sample]);
    let output = command.args(arguments).output().expect("the program runs");
    let status = output.status.code().expect("no signal");
    (status, printed(&output.stdout), printed(&output.stderr))
}

#[test]
fn of_a_folder_the_logs_are_read_and_the_rest_is_named() {
    let (status, says, errors) = told_of("etcd-3.4-rejoin", &[]);
    assert_eq!(status, 0);
    assert_says(&says, "m3.log: ");
    assert_eq!(errors, "of etcd-3.4-rejoin, left out as no logs: story.md");
    let (status, says, errors) = told_of("make", &[]);
    assert_eq!((status, says.as_str()), (2, ""));
    assert_says(&errors, "make has no logs: name the files");
}

/// The leader was cut off at 57.7: the last line by which a majority heard it is of 54.6.
#[test]
fn a_leader_that_was_cut_off_may_have_been_unheard_for_longer_than_nobody_led() {
    let (_, says, _) = told_of("etcd-3.4-pre-vote", &[]);
    assert_says(
        &says,
        "The longest time without one that is told, after the first, was up to 4.1 s, and 1 ms at \
         least: from 11:09:54.603, the last sign that a majority heard one, to 11:09:58.732.",
    );
}

/// The leader crashed at 47.3, and no line tells of it between its election and the next.
#[test]
fn a_leader_that_crashed_may_have_been_unheard_since_its_last_sign() {
    let (_, says, _) = told_of("raft-rs", &["--to", "11:15:50"]);
    assert_says(
        &says,
        "was up to 1.9 s, and 12 ms at least: from 11:15:46.376, the last sign that a majority \
         heard one, to 11:15:48.286.",
    );
}

#[test]
fn the_lines_that_a_time_without_a_leader_rests_on_are_those_of_its_beginning() {
    let (_, says, _) = told_of("hashicorp-raft-1.5", &[]);
    assert_says(
        &says,
        "Then n2 was elected, in term 12, with the votes of n3 and its own. [n2.log:109, n3.log:42,",
    );
}

#[test]
fn of_a_part_nothing_is_told_that_lies_outside() {
    let (_, says, _) = told_of(
        "etcd-3.4-rejoin",
        &["--from", "11:10:15.9", "--to", "11:10:16"],
    );
    assert!(!says.contains("11:10:18"), "{says}");
    let (_, says, _) = told_of("etcd-3.4-rejoin", &["--to", "11:10:16"]);
    assert_says(&says, "m2 led from 11:10:15.702 on, and beyond this time.");
    assert!(!says.contains("11:10:18"), "{says}");
    let once = ["--from", "11:10:09", "--to", "11:10:10"];
    let (_, says, _) = told_of("etcd-3.4-rejoin", &once);
    assert_says(&says, "m1 stood in term 3, at 11:10:09.592");
    assert!(!says.contains("again and again"), "{says}");
}
