//! Runs of processes that are recorded, and played without them.

use std::rc::Rc;

use hustings_lab::{Record, Run, Script};
use hustings_programs::lines::{Lines, Recording, TIMEOUT, Turns};
use hustings_programs::{HostedProgram, RecordingError, is_recording};
use hustings_raft::{NodeId, NodeMap};

use super::{ELECTION, failures, server};

const SERVER: &str = env!("CARGO_BIN_EXE_lines-server");

/// Runs a script, of whose servers some are processes, and records that.
fn record(text: &str, processes: &[NodeId]) -> (Run, String) {
    let turns = Turns::default();
    let lines = Lines::new(vec![SERVER.to_owned()], TIMEOUT, None, turns.clone());
    let lines = Rc::new(lines.expect("it can be started"));
    let text = text.replace(" / ", "\n");
    let mut script = Script::parse(&text).expect("a script");
    for id in processes {
        let program = HostedProgram::of_command(SERVER, None, Rc::clone(&lines));
        script.header.programs.insert(*id, Rc::new(program));
    }
    let run = script.run().expect("a valid header").run;
    let commands = processes.iter().map(|id| (*id, SERVER.to_owned()));
    let recording = Recording {
        script: text,
        commands: commands.collect(),
        turns,
    };
    (run, recording.write().expect("a short one"))
}

/// Plays a recording.
fn play(text: &str) -> Run {
    let recording = Recording::read(text).expect("a recording");
    let mut script = Script::parse(&recording.script).expect("a script");
    let programs: NodeMap<_> = recording.programs(&text.into());
    for (id, program) in programs.iter() {
        script.header.programs.insert(id, Rc::clone(program));
    }
    script.run().expect("a valid header").run
}

fn records(run: &Run) -> Vec<&Rc<Record>> {
    run.records().iter().map(|(_, record)| record).collect()
}

fn all() -> Vec<NodeId> {
    (1..=3).map(server).collect()
}

/// A short recording, line by line.
fn short() -> Vec<String> {
    let (_, text) = record("cluster 3 / timeout S1 / run 100ms", &all());
    text.lines().map(str::to_owned).collect()
}

/// Why a recording of these lines cannot be read.
fn error(lines: &[String]) -> RecordingError {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Recording::read(&text).expect_err("it is not as it was recorded")
}

#[test]
fn a_recording_plays_to_the_same_records_without_its_processes() {
    for processes in [all(), vec![server(2)]] {
        let (run, text) = record(ELECTION, &processes);
        assert!(is_recording(&text));
        let played = play(&text);
        assert!(run.records().len() > 50);
        assert_eq!(records(&run), records(&played));
        assert!(played.header().is_recording());
        assert!(!run.header().is_recording());
    }
}

#[test]
fn what_failed_fails_again_in_the_same_words() {
    let script = "cluster 1 / propose S1 \"die\" / expect S1 down / restart S1 / run 1s \
        / expect S1 leader";
    let (run, text) = record(script, &[server(1)]);
    assert_eq!(failures(&run).len(), 1);
    assert_eq!(failures(&run), failures(&play(&text)));
    assert_eq!(records(&run), records(&play(&text)));
}

#[test]
fn lines_may_end_as_on_other_systems() {
    let (run, text) = record("cluster 3 / run 1s", &all());
    let played = play(&text.replace('\n', "\r\n"));
    assert_eq!(records(&run), records(&played));
}

#[test]
fn what_was_not_recorded_fails_at_a_line_of_the_recording() {
    let mut lines = short();
    let told = lines
        .iter()
        .position(|line| line.contains("request_vote_res"));
    let told = told.expect("a vote");
    lines[told] = lines[told].replace("\"vote_granted\":true", "\"vote_granted\":false");
    let run = play(&(lines.join("\n") + "\n"));
    let failure = run.program_failures().next().expect("it was not told that");
    let (line, _) = failure.place().expect("a line of the recording");
    let before = &lines[line as usize - 1];
    assert!(before.contains("\"name\":\"election\""), "{before}");
    let message = &failure.failure.message;
    let start = "the recording has no answer of S1 to `{\"turn\":3,\"type\":\"message\",\"src\":";
    assert!(message.starts_with(start), "{message}");
    assert!(message.ends_with("}`; record the run again"), "{message}");
    // What failed when it was recorded has no place.
    let (failed, _) = record("cluster 1 / propose S1 \"die\"", &[server(1)]);
    assert_eq!(
        failed.program_failures().next().map(|it| it.place()),
        Some(None)
    );
}

#[test]
fn a_recording_that_was_cut_short_is_not_played() {
    let lines = short();
    let of = lines.len() - 1;
    let cut = RecordingError::CutShort {
        line: 4,
        turns: 3,
        of,
    };
    assert_eq!(error(&lines[..4]), cut);
    let whole = lines.join("\n");
    let within = lines[..5].join("\n").len() - 10;
    let read = Recording::read(&whole[..within]);
    assert_eq!(read.expect_err("it ends within a line"), cut);
}

#[test]
fn a_line_that_was_changed_is_named() {
    type Change = fn(&mut Vec<String>);
    let changes: [(Change, usize, &str); 8] = [
        (
            |lines| lines[0] = "{\"recording\":1}".into(),
            1,
            "missing field `servers` (column 15)",
        ),
        (
            |lines| lines[0] = lines[0].replace("\"S3\":", "\"S33\":"),
            1,
            "servers are S1 to S9",
        ),
        (
            |lines| lines[2].truncate(20),
            3,
            "EOF while parsing a string (column 20)",
        ),
        (
            |lines| lines[2] = lines[2].replace("\"S2\",\"told\"", "\"S7\",\"told\""),
            3,
            "the first line has no command of this server",
        ),
        (
            |lines| lines[4] = lines[4].replace("\"after\":2", "\"after\":3"),
            5,
            "line 3 is no earlier turn of S1 that it answered",
        ),
        (
            |lines| lines[4] = lines[4].replace("\"after\":2", "\"after\":7"),
            5,
            "line 7 is no earlier turn of S1 that it answered",
        ),
        (
            |lines| lines[3] = lines[3].replace("\"said\":[", "\"failed\":\"x\",\"said\":["),
            4,
            "a turn has either `said` or `failed`",
        ),
        (
            |lines| lines.insert(2, lines[1].clone()),
            3,
            "S1 was told the same at the same place before",
        ),
    ];
    for (change, line, why) in changes {
        let mut lines = short();
        change(&mut lines);
        let why = why.to_owned();
        assert_eq!(error(&lines), RecordingError::Changed { line, why });
    }
}

#[test]
fn another_version_is_named() {
    let lines = ["{\"recording\":2,\"new\":true}".to_owned()];
    assert_eq!(error(&lines), RecordingError::Version(2));
}

#[test]
fn more_turns_than_there_were_are_not_played() {
    let mut lines = short();
    let of = lines.len() - 1;
    lines[0] = lines[0].replace(&format!("\"turns\":{of}"), "\"turns\":3");
    let RecordingError::Changed { why, .. } = error(&lines) else {
        panic!("it has too many");
    };
    assert_eq!(
        why,
        "the first line says that there are 3 turns, and these are more"
    );
}
