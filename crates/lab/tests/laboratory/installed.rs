//! A server's program is replaced in the middle of a run.

use std::rc::Rc;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::play::{Failure, Fault};
use hustings_lab::script::{Line, needs_programs};
use hustings_lab::{
    Command, CommandError, Event, Header, HeaderError, History, Library as _, Program, RecordId,
    Run, Script, Weight, link, weight,
};
use hustings_raft::{BrokenRule, Millis, NodeId, NodeSet};

use crate::strangers::library;

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn servers<const N: usize>(numbers: [u8; N]) -> NodeSet {
    numbers.map(id).into_iter().collect()
}

fn parse(text: &str) -> Script {
    let parsed = Script::parse_with(text, &library());
    parsed.unwrap_or_else(|errors| panic!("{text}: {} {}", errors[0].at, errors[0]))
}

/// The run of a script whose lines are separated by slashes, in which nothing fails; an
/// eager server violates an invariant by itself.
#[track_caller]
fn played(lines: &str) -> Run {
    let outcome = parse(&lines.replace(" / ", "\n")).run().expect("a header");
    let is_failure = |it: &&Failure| !matches!(it.fault, Fault::Violated(_));
    let failed: Vec<_> = outcome.failures.iter().filter(is_failure).collect();
    assert!(failed.is_empty(), "{failed:?}");
    outcome.run
}

/// A program that the script carries.
fn carried(name: &str, source: &str) -> Option<Rc<dyn Program>> {
    let program = library().program(name, Some(source), &[]);
    Some(program.expect("a source without a mistake"))
}

fn install<const N: usize>(numbers: [u8; N], program: Option<Rc<dyn Program>>) -> Command {
    let servers = servers(numbers);
    Command::Install { servers, program }
}

/// What happened since the last note.
fn since_note(run: &Run) -> Vec<&Event> {
    let events: Vec<_> = run.records().iter().map(|(_, it)| &it.event).collect();
    let last = events.iter().rposition(|it| matches!(it, Event::Noted(_)));
    events[last.map_or(0, |last| last + 1)..].to_vec()
}

fn assert_same_records(one: &Run, other: &Run) {
    assert!(one.records().iter().eq(other.records().iter()));
    assert_eq!(one.world(), other.world());
}

const UPGRADE: &str = "cluster 3
option disk 5..5ms
program mine
| fn start(me) {
|     arm(\"election\");
| }
mend eager one
run S3 eager
run 100ms
propose S1 \"x\"
at 250ms run S1 raft
run S2 mine
run 200ms
crash S2
run S2 S3 eager
";

#[test]
fn a_server_crashes_and_starts_from_its_disk_with_another_program() {
    let run = played(
        "cluster 3 / run until leader / run 50ms / isolate S2 / note \"now\" / run S2 eager \
         / expect S2 leader term=2 up",
    );
    let [
        Event::Crashed {
            server: crashed,
            failure: None,
            ..
        },
        Event::Installed { server, program },
    ] = since_note(&run)[..]
    else {
        panic!("{:?}", since_note(&run));
    };
    assert_eq!((*crashed, *server), (id(2), id(2)));
    assert_eq!(program.as_deref(), Some("eager"));
    let runs = run.server(id(2)).and_then(|it| it.program());
    assert_eq!(runs.map(|it| it.name()), Some("eager"));
    let records = run.records().iter().rev().take(2);
    assert!(
        records
            .into_iter()
            .all(|(_, it)| weight(it) == Weight::Turn)
    );
}

#[test]
fn what_was_not_on_its_disk_is_lost() {
    let run = played(
        "cluster 3 / option disk 50..50ms / wait 1ms / timeout S1 / note \"\" / run S1 eager \
         / expect S1 term=1",
    );
    let lost = since_note(&run).into_iter().find_map(|event| match event {
        Event::Crashed { lost_writes, .. } => Some(*lost_writes),
        _ => None,
    });
    assert_eq!(lost, Some(1));
    let run = played("cluster 3 / timeout S1 / run S1 raft / expect S1 follower term=1");
    assert_eq!(run.server(id(1)).expect("S1").voted_for(), Some(id(1)));
}

#[test]
fn a_server_that_is_down_only_starts_and_a_paused_one_is_no_longer_paused() {
    let run = played(
        "cluster 3 / crash S2 / pause S3 / note \"\" / run S2 S3 eager / expect S2 leader \
         / expect S3 leader",
    );
    let kinds: Vec<_> = since_note(&run)
        .into_iter()
        .map(|event| (event.server(), event.is_restart()))
        .collect();
    let (s2, s3) = (Some(id(2)), Some(id(3)));
    assert_eq!(kinds, [(s2, true), (s3, false), (s3, true)]);
    assert!(!run.is_paused(id(3)));
}

#[test]
fn a_restart_is_with_the_program_that_was_put_there_last() {
    let run = played(
        "cluster 3 / wait 1ms / run S2 eager / crash S2 / restart S2 / expect S2 leader \
         / run S2 raft / expect S2 follower / crash S2 / restart S2 / expect S2 follower",
    );
    assert!(run.server(id(2)).expect("S2").program().is_none());
}

#[test]
fn raft_s_core_comes_with_the_rules_that_are_broken_in_it() {
    let run = played(
        "cluster 3 / break forget-term-and-vote-on-restart / state S1 term=4 voted-for=S1 \
         / run S1 eager / wait 1ms / run S1 raft / expect S1 term=0 voted-for=none",
    );
    let told = narrate::headline(run.records().last().expect("one"), Lang::En);
    assert_eq!(
        told,
        "S1 runs Raft's core from now on. S1 restarts as a follower and has lost its term and \
         its vote, by the broken rule forget-term-and-vote-on-restart."
    );
    assert!(
        run.header()
            .broken
            .contains(BrokenRule::ForgetTermAndVoteOnRestart)
    );
}

#[test]
fn it_is_told_in_both_languages() {
    let run = played("cluster 3 / state S2 term=3 / wait 1ms / run S2 eager / run S2 raft");
    let told = |lang| -> Vec<_> {
        let records = run.records().iter();
        let installed = records.filter(|(_, it)| matches!(it.event, Event::Installed { .. }));
        let told = installed.map(|(_, record)| {
            let event = narrate::event(&record.event, lang);
            assert!(narrate::headline(record, lang).starts_with(&event));
            narrate::headline(record, lang)
        });
        told.collect()
    };
    assert_eq!(
        told(Lang::En),
        [
            "S2 runs `eager` from now on. S2 restarts.",
            "S2 runs Raft's core from now on. S2 restarts as a follower with term 4, its vote \
             given to S2 and a log that is empty."
        ]
    );
    let [eager, core] = &told(Lang::Zh)[..] else {
        panic!("both are told");
    };
    assert_eq!(eager, "S2 从现在起运行 `eager`。S2 重启。");
    assert!(
        core.starts_with("S2 从现在起运行 Raft 内核。S2 重启为跟随者：任期 4，"),
        "{core}"
    );
}

#[test]
fn worlds_whose_servers_run_different_programs_differ_even_while_they_are_down() {
    let with = |program: &str| {
        let lines = format!("cluster 3 / wait 1ms / run S2 {program} / crash S2 / drop all");
        played(&lines).world().clone()
    };
    let [mut eager, mut alike, mut wild] = ["eager", "eager", "unsaved"].map(with);
    assert_eq!(eager, alike);
    assert_eq!(eager.digest(), alike.digest());
    assert_ne!(eager, wild);
    assert_ne!(eager.digest(), wild.digest());
}

#[test]
fn a_saved_run_carries_the_programs_that_only_steps_name_in_its_settings() {
    let run = played(UPGRADE);
    let saved = Script::save(&run).expect("it fits");
    let expected = "cluster 3
seed 1
option disk 5..5ms
mend eager one
run S3 eager
program mine
| fn start(me) {
|     arm(\"election\");
| }

run 100ms
propose S1 \"x\"
run S2 mine
run 150ms
run S1 raft
run 50ms
crash S2
run S2 S3 eager
";
    assert_eq!(saved, expected);
    assert_same_records(&played(&saved), &run);
    let lines = Script::lines(&run);
    let line = |line: usize| saved.lines().nth(line - 1);
    assert_eq!(line(lines[0].1), Some("run 100ms"));
    assert_eq!(line(lines[7].1), Some("run S2 S3 eager"));
    // The programs of a script that was parsed are printed, too.
    let printed = parse(UPGRADE).to_string();
    assert!(
        printed.contains("at 250ms run S1 raft\nrun S2 mine\n"),
        "{printed}"
    );
    assert_eq!(parse(&printed).header, parse(UPGRADE).header);
    assert_same_records(&played(&printed), &run);
}

#[test]
fn the_flaws_that_are_mended_are_mended_wherever_the_program_runs() {
    let run = played("mend eager one / mend eager two / heal / run S2 eager");
    let runs = run
        .server(id(2))
        .and_then(|it| it.program())
        .expect("eager");
    assert!(runs.mended().iter().map(|flaw| &**flaw).eq(["one", "two"]));
    let saved = Script::save(&run).expect("it fits");
    assert!(
        saved.ends_with("mend eager one two\n\nheal\nrun S2 eager\n"),
        "{saved}"
    );
    assert_same_records(&played(&saved), &run);
}

#[test]
fn a_link_carries_the_programs_that_only_steps_name() {
    let run = played(UPGRADE);
    let packed = link::pack(&run, &library()).expect("short");
    let followed = link::follow_with(&packed, &library()).expect("a link");
    assert_same_records(&followed, &run);
    assert!(link::needs_programs(&packed));
    assert!(link::follow(&packed).is_err(), "nothing can run it there");
}

#[test]
fn formatting_tells_the_setting_from_the_step() {
    let text = "cluster 3\nrun  all   eager\nheal # now\nrun   S3  S1 raft # then\nat 5ms  run S2 mine\n\
                run 10ms\n";
    let text = format!("program mine\n| x\n{text}");
    let formatted = Script::format_with(&text, &library());
    let expected = "program mine\n| x\ncluster 3\nrun all eager\nheal  # now\nrun S1 S3 raft  # then\n\
                    at 5ms run S2 mine\nrun 10ms\n";
    assert_eq!(formatted.as_deref(), Ok(expected));
    let all = parse("cluster 3\nheal\nrun all eager");
    assert_eq!(all.steps[1].line.to_string(), "run S1 S2 S3 eager");
}

#[test]
fn whether_a_step_names_a_program_is_known_before_the_text_is_parsed() {
    assert!(needs_programs("heal\nrun S2 eager"));
    assert!(needs_programs("heal\n at  120ms  run S2 eager"));
    assert!(!needs_programs("at 120ms crash S1\nat 120ms\nat"));
}

#[test]
fn a_line_that_is_added_to_a_run_may_name_its_programs() {
    let run =
        played("program mine / | x / program other / | y / run S1 mine / heal / run S2 other");
    let read = |line: &str| Line::parse_with(line, run.ids(), &run.library(&library()));
    for line in ["run S3 mine", "run S3 other", "run S3 eager", "run S3 raft"] {
        let read = read(line).expect("it is known").expect("a step");
        assert_eq!(read.to_string(), line);
        let Line::Command(command) = read else {
            panic!("{line}");
        };
        assert_eq!(run.refusal(&command), None, "{line}");
    }
    let unknown = read("run S3 othre").expect_err("unknown");
    assert!(unknown.advice(Lang::En).ends_with("did you mean `other`?"));
}

#[test]
fn a_script_may_carry_raft_as_a_program_of_that_name() {
    let core = parse("run S1 raft\nrun S2 eager");
    assert_eq!(core.header.programs.iter().count(), 1);
    let run = played("program raft / | x / heal / run S2 raft / expect S2 leader");
    assert_same_records(&played(&Script::save(&run).expect("it fits")), &run);
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let errors = Script::parse_with(text, &library()).expect_err("a mistake");
    let told = errors.iter().map(|error| {
        let advice = error.advice(Lang::En);
        format!("{}+{} {advice}", error.at, error.at.length)
    });
    assert!(
        told.clone().eq(expected.iter().copied()),
        "{text}: {:?}",
        told.collect::<Vec<_>>()
    );
}

#[test]
fn a_step_about_programs_that_cannot_be_is_an_error_with_a_cure() {
    check(
        "heal\nrun S2 eagre",
        &["2:8+5 `eagre` cannot stand here; did you mean `eager`?"],
    );
    check(
        "heal\nat 5ms run S2 eagre",
        &["2:15+5 `eagre` cannot stand here; did you mean `eager`?"],
    );
    check(
        "heal\nrun S7 eager",
        &["2:5+2 expected a server S1 to S5, found `S7`"],
    );
    check("heal\nrun S2 S2 eager", &["2:8+2 `run S2` is given twice"]);
    check(
        "heal\nrun S2",
        &[
            "2:7+0 expected a program's name, a word of at most 60 letters, digits, `-`, `_` and \
             `.`, found the end of the line; for example: `run S2 message-dispatch`",
        ],
    );
    check(
        "heal\nrun S2 eager wild",
        &["2:14+4 expected the end of the line, found `wild`"],
    );
    check(
        "program mine\n| x\nprogram other\n| x\nheal\nrun S2 mine",
        &["3:9+5 no server runs `other`; a line such as `run S1 other` says which one does"],
    );
    check(
        "mend raft one\nrun S1 raft\nheal\nrun S2 raft",
        &["1:11+3 no server runs `raft`; a line such as `run S1 raft` says which one does"],
    );
    // Once, where it is.
    check(
        "program mine\n| x ?\nrun S1 mine\nheal\nrun S2 mine\nrun S3 mine",
        &["2:5+1 the program is wrong: line 1, column 3: unknown operator `?`"],
    );
    check(
        "mend eager tow\nheal\nrun S2 eager\nrun S3 eager",
        &["1:12+3 expected `one`, `two` or `three`, found `tow`; did you mean `two`?"],
    );
}

#[test]
fn without_an_interpreter_a_step_may_only_go_back_to_raft_s_core() {
    assert!(Script::parse("heal\nrun S2 raft").is_ok());
    let errors = Script::parse("heal\nrun S2 eager").expect_err("no interpreter");
    assert!(
        errors[0]
            .to_string()
            .starts_with("programs cannot run here")
    );
}

#[test]
fn what_a_script_could_not_say_is_refused() {
    let long = "x\n".repeat(20_000);
    let taken =
        |name: &str| CommandError::BadProgram(HeaderError::TwoPrograms { name: name.into() });
    let mut run = played("cluster 3 / program mine / | x / run S1 mine / wait 1ms / run S2 raft");
    let before = run.records().len();
    for (command, expected) in [
        (install([], None), CommandError::NoServer),
        (
            install([2, 7], None),
            CommandError::UnknownServer {
                server: id(7),
                servers: servers([1, 2, 3]),
            },
        ),
        (install([3], carried("mine", "y")), taken("mine")),
        (install([3], carried("raft", "y")), taken("raft")),
        (
            install([3], carried("other", "y\r\nx")),
            CommandError::BadProgram(HeaderError::SourceLineEnds {
                name: "other".into(),
            }),
        ),
        (
            install([3], carried("S1", "y")),
            CommandError::BadProgram(HeaderError::ProgramName { id: id(3) }),
        ),
        (
            install([3], carried("other", &long)),
            CommandError::ScriptFull {
                lines: Script::LINES_MAX,
                bytes: Script::BYTES_MAX,
            },
        ),
    ] {
        assert_eq!(run.refusal(&command), Some(expected.clone()));
        assert_eq!(run.apply(command), Err(expected));
        assert_eq!(run.records().len(), before);
    }
    assert!(run.apply(install([3], carried("mine", "x"))).is_ok());
    assert!(run.apply(install([3], carried("mine-2", "y"))).is_ok());
    assert_same_records(&played(&Script::save(&run).expect("it fits")), &run);
}

#[test]
fn what_servers_run_at_first_is_for_the_settings_to_say() {
    let mut run = Run::default();
    let refused = run
        .apply(install([1], None))
        .expect_err("nothing has happened");
    assert_eq!(refused, CommandError::NothingToReplace);
    let outcome = parse("expect S1 up\nrun S2 eager").run().expect("a header");
    assert_eq!(
        outcome.failures[0].to_string(),
        "nothing has happened yet; what servers run at first stands in the settings, before the \
         first step"
    );
}

#[test]
fn the_longest_run_of_a_program_that_only_steps_name_can_be_opened_again() {
    let mut run = Run::new(Header::default()).expect("sound");
    run.apply(Command::Heal).expect("always");
    let mine = carried("mine", &"x\n".repeat(9_000));
    run.apply(install([1], mine.clone())).expect("it fits");
    // It is carried only once.
    run.apply(install([2], mine)).expect("it fits");
    while run.apply(Command::Heal).is_ok() {}
    let script = Script::save(&run).expect("it fits");
    assert_eq!(script.lines().count(), Script::LINES_MAX);
    assert_same_records(&played(&script), &run);
}

#[test]
fn a_run_goes_on_with_a_changed_program_in_a_branch() {
    let run = played("cluster 3 / program mine / | x / run S2 mine / run 300ms");
    let mut history = History::new(run);
    history.seek_time(Millis(120));
    history
        .apply(install([2], carried("mine-2", "y")))
        .expect("it fits");
    history
        .apply(Command::Run(Millis(200)))
        .expect("time passes");
    assert_eq!(history.branches().len(), 2);
    let name = |history: &History| {
        let server = history.run().server(id(2)).expect("S2").clone();
        server.program().map(|it| it.name().to_owned())
    };
    assert_eq!(name(&history).as_deref(), Some("mine-2"));
    let saved = Script::save(history.run()).expect("it fits");
    assert_same_records(&played(&saved), history.run());
    history.switch(0).expect("it is there");
    assert_eq!(name(&history).as_deref(), Some("mine"));
    assert!(
        !Script::save(history.run())
            .expect("it fits")
            .contains("mine-2")
    );
}

#[test]
fn a_history_can_stand_between_two_servers_of_one_step_and_go_on_from_there() {
    let whole = played("cluster 3 / run 200ms / crash S3 / run S1 S2 S3 eager / run 100ms");
    let crash = |it: &Event| matches!(it, Event::Crashed { server, .. } if *server == id(1));
    let mut records = whole.records().iter();
    let first = records
        .find(|(_, it)| crash(&it.event))
        .expect("S1 crashes")
        .0;
    let history = History::new(whole.clone());
    for after in 0..5 {
        let mut history = history.clone();
        history
            .seek(RecordId(first.0 + after))
            .expect("it is there");
        let there = Rc::clone(history.run());
        assert_eq!(there.records().len(), first.0 + after + 1);
        let saved = Script::save(&there).expect("it fits");
        assert_same_records(&played(&saved), &there);
        for more in after..6 {
            let mut history = history.clone();
            history.seek(RecordId(first.0 + more)).expect("it is there");
            let records = whole.records().iter().take(first.0 + more + 1);
            assert!(history.run().records().iter().eq(records), "{after} {more}");
        }
        history.apply(Command::Heal).expect("always");
        assert_eq!(history.branches().len(), 2);
    }
}

#[test]
fn a_copy_of_the_run_replays_to_the_same_records() {
    let run = played(UPGRADE);
    let history = History::replay(run.header().clone(), run.commands().iter().cloned());
    assert_same_records(history.expect("none is refused").run(), &run);
}
