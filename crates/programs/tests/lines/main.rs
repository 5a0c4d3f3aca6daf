//! Processes as servers of a run.
#![cfg(not(target_family = "wasm"))]

mod recordings;

use std::rc::Rc;
use std::time::Duration;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Line;
use hustings_lab::{Command, Event, History, Program, RecordId, Run, Script, Value};
use hustings_programs::HostedProgram;
use hustings_programs::lines::{Lines, TIMEOUT, Turns, check};
use hustings_raft::{Millis, NodeId};

fn server(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn lines(command: &[&str], limit: Duration) -> Lines {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    Lines::new(command, limit, None, Turns::default()).expect("it can be started")
}

fn program(command: &[&str], limit: Duration) -> Rc<dyn Program> {
    hosted(lines(command, limit))
}

/// The test server, as a program.
fn stub() -> Rc<dyn Program> {
    program(&[env!("CARGO_BIN_EXE_lines-server")], TIMEOUT)
}

/// A script whose servers all run a program.
fn script(text: &str, program: &Rc<dyn Program>) -> Script {
    let mut script = Script::parse(&text.replace(" / ", "\n")).expect("a script");
    for id in script.header.servers().iter() {
        script.header.programs.insert(id, Rc::clone(program));
    }
    script
}

fn run(text: &str, program: &Rc<dyn Program>) -> Run {
    let outcome = script(text, program).run().expect("a valid header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

/// What is told of servers whose programs failed.
fn failures(run: &Run) -> Vec<String> {
    let records = run.records().iter();
    let failed = records.filter_map(|(_, record)| match &record.event {
        event @ Event::Crashed {
            failure: Some(_), ..
        } => Some(narrate::event(event, Lang::En)),
        _ => None,
    });
    failed.collect()
}

/// What is told when the test server does something wrong in its second turn.
fn fault(how: &str) -> String {
    fault_of(how, &stub())
}

fn fault_of(how: &str, program: &Rc<dyn Program>) -> String {
    let how = how.replace('"', "\\\"");
    let lines = format!("cluster 1 / propose S1 \"{how}\" / expect S1 down");
    let [failure] = failures(&run(&lines, program)).try_into().expect("one");
    let start = "S1's program fails, so S1 crashes: ";
    failure.strip_prefix(start).expect("this start").to_owned()
}

const ELECTION: &str = "cluster 3 / option disk 1..5ms / timeout S1 / run 100ms \
    / expect S1 leader term=1 / run 1s / expect S1 leader term=1 / crash S1 \
    / run until leader / restart S1 / run 1s / expect no violation";

#[test]
fn processes_elect_leaders_with_maelstroms_bodies() {
    let run = run(ELECTION, &stub());
    assert_eq!(failures(&run), [""; 0]);
    let seen = run.server(server(2)).expect("S2").view();
    assert_eq!(
        seen.variables.as_ref().map(Value::to_string).as_deref(),
        Some("{mood: [fine, 1, none]}")
    );
}

#[test]
fn processes_and_the_core_elect_leaders_together() {
    let mut script = script(
        "cluster 3 / option no-op off / timeout S1 / deliver all / expect S1 leader term=1 / run 1s \
         / timeout S2 / run 1s / expect one leader / expect no violation",
        &stub(),
    );
    script.header.programs.remove(server(2));
    let outcome = script.run().expect("a valid header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    assert_eq!(failures(&outcome.run), [""; 0]);
}

#[test]
fn two_runs_have_the_same_records() {
    let (one, other) = (run(ELECTION, &stub()), run(ELECTION, &stub()));
    assert!(one.records().iter().eq(other.records().iter()));
}

/// The history of a script's commands.
fn history(script: Script) -> History {
    let mut history = History::new(Run::new(script.header).expect("a valid header"));
    for step in script.steps {
        if let Line::Command(command) = step.line {
            history.apply(command).expect("can be done");
        }
    }
    history
}

#[test]
fn every_record_can_be_returned_to_and_gone_on_from() {
    let mut history = history(script(ELECTION, &stub()));
    let records = history.run().records().clone();
    for number in (0..records.len()).rev().step_by(50) {
        history.seek(RecordId(number)).expect("a record");
        let run = history.run();
        let until_now = records.iter().take(number + 1);
        assert!(run.records().iter().eq(until_now), "record {number}");
        let crash = Command::Crash(server(3));
        history.apply(crash).expect("it is up");
        history
            .apply(Command::Run(Millis(200)))
            .expect("time can pass");
        assert_eq!(failures(history.run()), [""; 0], "record {number}");
        history.switch(0).expect("the first branch");
    }
}

#[test]
fn a_process_that_answers_differently_when_repeated_is_told_of() {
    let lines = "cluster 1 / propose S1 \"moody\" / propose S1 \"nothing\"";
    let mut history = history(script(lines, &stub()));
    let moody = history.run().records().len() - 2;
    history.seek(RecordId(moody)).expect("a record");
    let propose = Command::Propose {
        server: server(1),
        command: "early".into(),
    };
    history.apply(propose).expect("it is up");
    let [told] = failures(history.run()).try_into().expect("one");
    let (start, rest) = told.split_once("I am process ").expect("the first line");
    assert_eq!(
        start,
        "S1's program fails, so S1 crashes: it answers differently when the same inputs are \
         repeated: to `{\"turn\":2,\"type\":\"request\",\"op\":\"moody\",\"now_ms\":0}` it wrote \
         `{\"text\":\""
    );
    assert!(
        rest.contains("` before, and now `{\"text\":\"I am process "),
        "{rest}"
    );
}

const REQUEST: &str = "{\"turn\":2,\"type\":\"request\",\"op\":";

#[test]
fn one_that_ends_is_told_with_its_exit_code_and_its_last_words() {
    assert_eq!(
        fault("die"),
        format!(
            "it ended with exit code 3 before it answered `{REQUEST}\"die\",\"now_ms\":0}}`; its \
             last words are `goodbye`."
        )
    );
}

#[cfg(unix)]
#[test]
fn one_that_is_ended_by_a_signal_is_told_so() {
    assert_eq!(
        fault("abort"),
        format!("it was ended by signal 6 before it answered `{REQUEST}\"abort\",\"now_ms\":0}}`.")
    );
}

#[test]
fn one_that_hangs_is_stopped() {
    let stub = program(
        &[env!("CARGO_BIN_EXE_lines-server")],
        Duration::from_secs(2),
    );
    assert_eq!(
        fault_of("hang", &stub),
        format!(
            "it did not end its answer to `{REQUEST}\"hang\",\"now_ms\":0}}` with `{{\"done\":2}}` \
             within 2s: it wrote nothing (does it flush its output?)."
        )
    );
}

#[test]
fn one_that_writes_without_end_is_stopped() {
    let told = fault("flood");
    let start = format!(
        "its answer to `{REQUEST}\"flood\",\"now_ms\":0}}` has more than 10000 lines or 4194304 \
         bytes, and no `{{\"done\":2}}`; it goes on with `{{\"text\":\"xxx"
    );
    assert!(told.starts_with(&start), "{told}");
    let told = fault("long line");
    let start = "it wrote a line of more than 1048576 bytes, which begins `xxx";
    assert!(told.starts_with(start), "{told}");
}

#[test]
fn lines_that_make_no_sense_are_quoted_with_what_was_expected() {
    let types = "`send`, `set_timer`, `cancel_timer`, `persist`, `reply`, `state` and `log`";
    let cases = [
        (
            "hello",
            "a line is an object in JSON, and what is to be told to people goes to standard \
             error, or is a line of the type `log`",
        ),
        ("[1]", "a line is an object in JSON"),
        (
            "{\"kind\":\"send\"}",
            &format!("a line has a `type`, one of {types}, or is `{{\"done\":2}}`"),
        ),
        (
            "{\"type\":\"sned\"}",
            &format!("no line has the type `sned`; there are {types}"),
        ),
        (
            "{\"type\":\"send\",\"to\":\"S2\"}",
            "`send` has no field `to`; it has `dest` and `body`",
        ),
        ("{\"type\":\"send\"}", "`dest` of `send` is missing"),
        (
            "{\"type\":\"send\",\"dest\":\"n2\",\"body\":{}}",
            "`dest` of `send` is a server, as \"S1\", and this is `\"n2\"`",
        ),
        (
            "{\"type\":\"send\",\"dest\":\"S1\",\"body\":{}}",
            "S1 sends a message to itself",
        ),
        (
            "{\"type\":\"send\",\"dest\":\"S2\",\"body\":{\"type\":\"vote\"}}",
            "no body has the type `vote`; there are `request_vote`, `request_vote_res`, \
             `append_entries`, `append_entries_res`, `pre_vote`, `pre_vote_res` and `timeout_now`",
        ),
        (
            "{\"type\":\"send\",\"dest\":\"S2\",\"body\":{\"type\":\"timeout_now\",\"term\":-1}}",
            "`term` of `timeout_now` is a whole number from 0, and this is `-1`",
        ),
        (
            "{\"type\":\"send\",\"dest\":\"S2\",\"body\":{\"type\":\"append_entries_res\",\
             \"term\":1,\"success\":true}}",
            "`match_index` of `append_entries_res` is missing",
        ),
        (
            "{\"type\":\"set_timer\",\"name\":\"tea\"}",
            "no timer is called `tea`; there are `election`, `heartbeat`, `check-quorum` and \
             `transfer`",
        ),
        (
            "{\"type\":\"set_timer\",\"name\":\"election\",\"after_ms\":[300,150]}",
            "`after_ms` is a whole number from 1 to 600000, or two of them, the shortest and the \
             longest, and this is `[300,150]`",
        ),
        (
            "{\"type\":\"persist\",\"current_term\":1,\"voted_for\":null,\
             \"log\":[{\"term\":0,\"op\":null}]}",
            "`term` of an entry is at least 1: a log begins with its first entry, at index 1, and \
             none stands before it",
        ),
        (
            "{\"type\":\"state\",\"log\":[],\"log_from\":2}",
            "`log_from` is at most 1, as the log has 0 entries so far",
        ),
        (
            "{\"type\":\"reply\",\"committed\":1}",
            "its log has no entry at index 1: `persist` or `state` tells of an entry before the \
             reply does",
        ),
        (
            "{\"type\":\"state\",\"role\":\"boss\"}",
            "`role` is one of `follower`, `pre-candidate`, `candidate` and `leader`, and this is \
             `\"boss\"`",
        ),
        (
            "{\"done\":7}",
            "the turn that it was told is 2, so `{\"done\":2}` was expected",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(fault(line), format!("it wrote `{line}`: {expected}."));
    }
    assert_eq!(
        fault("no text"),
        "it wrote `{\"type\": \"\u{fffd}\"}`, which is not UTF-8."
    );
}

#[test]
fn what_comes_after_done_is_told_when_the_next_turn_begins() {
    let lines = "cluster 1 / propose S1 \"early\" / run 1s / expect S1 down";
    let [told] = failures(&run(lines, &stub())).try_into().expect("one");
    assert!(
        told.contains("`{\"text\":\"one more thing\",\"type\":\"log\"}`"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn one_that_closes_its_input_or_its_output_is_stopped() {
    let closes = |what, done: &str| {
        let script = format!("read line; exec {what}; {done}; exec sleep 100");
        program(&["/bin/sh", "-c", &script], TIMEOUT)
    };
    assert_eq!(
        fault_of("x", &closes("<&-", "echo '{\"done\":1}'")),
        format!(
            "it closed its standard input before it answered `{REQUEST}\"x\",\"now_ms\":0}}`; it \
             must read lines until there are no more."
        )
    );
    assert_eq!(
        fault_of(
            "x",
            &closes("3>&1 >&-", "echo '{\"done\":1}' >&3; exec 3>&-")
        ),
        format!(
            "it closed its standard output before it answered `{REQUEST}\"x\",\"now_ms\":0}}`."
        )
    );
}

#[test]
fn a_server_that_failed_can_restart() {
    let lines = "cluster 1 / propose S1 \"die\" / expect S1 down / restart S1 / run 1s \
        / expect S1 leader";
    assert_eq!(failures(&run(lines, &stub())).len(), 1);
}

#[test]
fn a_command_that_is_not_there_cannot_be_started() {
    let command = vec!["no-such-command".to_owned()];
    let lines = Lines::new(command, TIMEOUT, None, Turns::default());
    assert_eq!(
        lines.expect_err("it is not there").to_string(),
        "there is no command `no-such-command`"
    );
}

#[test]
fn a_new_server_is_told_what_it_does_and_what_it_does_not() {
    let lines = lines(&[env!("CARGO_BIN_EXE_lines-server")], TIMEOUT);
    let wrong = check(&lines).filter(|checked| checked.result.is_err());
    let wrong: Vec<_> = wrong.map(|checked| checked.what).collect();
    assert_eq!(
        wrong,
        [
            "it writes a client's command to its log and its disk, and sends it to all others",
            "it commits an entry that is on a majority of the disks",
            "it steps down when it hears of a newer term",
            "it refuses a candidate whose log is not up to date",
            "it follows a leader: entries are in its log, and on its disk before it confirms them",
            "it refuses entries that do not go on where its log agrees",
            "it replaces entries that differ from its leader's",
        ]
    );
}

/// The folder of examples.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/python");

/// A server in Python, if this machine has that.
fn python(file: &str, arguments: &[&str]) -> Option<Lines> {
    // What is called python3 may be a slow script that looks for it.
    let found = std::process::Command::new("python3")
        .args(["-c", "import sys; print(sys.executable, end='')"])
        .output();
    let Ok(found) = found else {
        eprintln!("skipped: there is no python3 here");
        return None;
    };
    let python = String::from_utf8(found.stdout).expect("a path");
    let file = format!("{PYTHON}/{file}");
    let command = [&[python.as_str(), file.as_str()], arguments].concat();
    Some(lines(&command, TIMEOUT * 6))
}

fn hosted(lines: Lines) -> Rc<dyn Program> {
    Rc::new(HostedProgram::of_command("process", None, Rc::new(lines)))
}

/// The scenarios of a folder, by name.
fn scenarios(folder: &str) -> Vec<(String, String)> {
    let folder = format!("{PYTHON}/../../scenarios/{folder}");
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut scenarios: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(path).expect("a script"))
        })
        .collect();
    scenarios.sort();
    scenarios
}

fn passes(text: &str, program: &Rc<dyn Program>) -> bool {
    script(text, program)
        .run()
        .expect("a valid header")
        .passed()
}

#[test]
fn the_server_in_python_does_in_the_scenarios_what_the_core_does() {
    let Some(lines) = python("server.py", &[]) else {
        return;
    };
    let program = hosted(lines);
    for folder in ["first-steps", "paper", "restarts"] {
        for (name, text) in scenarios(folder) {
            assert!(passes(&text, &program), "{folder}/{name}");
        }
    }
}

#[test]
fn a_classic_mistake_does_in_its_scenario_what_the_broken_rule_does() {
    let Some(right) = python("server.py", &[]) else {
        return;
    };
    let right = hosted(right);
    let mistakes = [
        "many-votes-per-term",
        "no-up-to-date-check",
        "quorum-of-half",
        "count-stale-votes",
        "commit-old-term-by-counting",
    ];
    for (name, text) in scenarios("broken") {
        if mistakes.contains(&name.as_str()) {
            let lines = python("classic_mistakes.py", &[&name]).expect("there is Python");
            assert!(passes(&text, &hosted(lines)), "{name}");
            assert!(!passes(&text, &right), "{name}, without it");
        }
    }
}

#[test]
fn the_server_in_python_does_all_that_is_expected() {
    let Some(lines) = python("server.py", &[]) else {
        return;
    };
    let wrong = check(&lines).filter(|checked| checked.result.is_err());
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let program = hosted(lines);
    let storm = "cluster 5 / option disk 1..5ms / option loss 5% / option duplicate 5% \
        / run until leader / propose S1 \"a\" / propose S2 \"b\" / propose S3 \"c\" \
        / propose S4 \"d\" / propose S5 \"e\" / crash S1 / run 2s / restart S1 / crash S2 \
        / run 2s / restart S2 / partition S1 S2 | S3 S4 S5 / run 2s / heal / run 4s \
        / expect one leader / expect no violation";
    assert_eq!(failures(&run(storm, &program)), [""; 0]);
}

#[test]
fn the_classic_mistakes_are_noticed() {
    let wrong = |mistake| {
        let lines = python("classic_mistakes.py", &[mistake])?;
        let wrong = check(&lines)
            .filter(|it| it.result.is_err())
            .map(|it| it.what);
        Some(wrong.collect::<Vec<_>>())
    };
    let Some(many) = wrong("many-votes-per-term") else {
        return;
    };
    assert!(many.contains(&"it refuses a second candidate of the same term"));
    let dice = wrong("own-dice").expect("there is Python");
    assert!(dice.contains(&"it gives the same answers when the same inputs are repeated"));
}
