//! The files under scenarios/ are lessons and tests.
#![cfg(not(target_family = "wasm"))]

use std::path::{Path, PathBuf};

use hustings_lab::play::{Failure, Fault, Player};
use hustings_lab::script::{Line, Script};
use hustings_lab::{Command, History, Run};

/// Calls a function with the name, text and script of every scenario.
fn each(mut look: impl FnMut(&str, &str, &Script)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    // Programs need an interpreter.
    let folders = entries(&root).into_iter();
    let folders = folders.filter(|dir| !dir.ends_with("servers"));
    let files: Vec<_> = folders.flat_map(|dir| entries(&dir)).collect();
    assert!(!files.is_empty());
    for file in files {
        let name = file.strip_prefix(&root).expect("below");
        let name = name.to_str().expect("a name");
        assert!(name.ends_with(".hust"), "{name}");
        let text = std::fs::read_to_string(&file).expect("a text");
        let script = Script::parse(&text)
            .unwrap_or_else(|errors| panic!("{name}:{}: {}", errors[0].at, errors[0]));
        look(name, &text, &script);
    }
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// In a history, a little at a time, as the page opens files.
#[test]
fn a_script_in_slices_is_the_same_run() {
    let mut slices = 0;
    each(|name, _, script| {
        let whole = script.run().expect("the header has been checked");
        let run = Run::new(script.header.clone()).expect("the header has been checked");
        let mut player = Player::new(script, History::new(run));
        while player.go_on(script, 3) {
            slices += 1;
        }
        let outcome = player.outcome();
        let run = outcome.run.run();
        assert_eq!(outcome.failures, whole.failures, "{name}");
        assert_eq!(outcome.expectations, whole.expectations, "{name}");
        assert_eq!(run.commands(), whole.run.commands(), "{name}");
        assert!(
            run.records().iter().eq(whole.run.records().iter()),
            "{name}"
        );
        assert_eq!(outcome.run.branches().len(), 1, "{name}");
    });
    assert!(slices > 1_000, "{slices}");
}

#[test]
fn every_scenario_meets_its_expectations() {
    each(|name, _, script| {
        let outcome = script.run().expect("the header has been checked");
        let is_goal = |failure: &&Failure| matches!(failure.fault, Fault::GoalNotMet(_));
        let failures = outcome.failures.iter().filter(|failure| !is_goal(failure));
        let failures: Vec<_> = failures.map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{name}: {failures:#?}");
    });
}

#[test]
fn every_assignment_is_open_until_it_is_solved_and_can_be() {
    let solutions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/laboratory/solutions");
    let mut assignments = 0;
    each(|name, text, script| {
        if script.header.goals.is_empty() {
            return;
        }
        assignments += 1;
        let given = script.run().expect("sound");
        assert!(!given.passed() && given.run.goals_met().is_none(), "{name}");
        let file = Path::new(name).file_name().expect("a file");
        let solution = std::fs::read_to_string(solutions.join(file)).expect(name);
        let solved = Script::parse(&format!("{text}\n{solution}")).expect("a script");
        let solved = solved.run().expect("sound");
        assert!(solved.passed(), "{name}: {:#?}", solved.failures);
        assert!(solved.run.goals_met().is_some(), "{name}");
    });
    assert_eq!(assignments, entries(&solutions).len());
}

#[test]
fn every_scenario_has_notes_and_expectations() {
    each(|name, _, script| {
        let count =
            |what: fn(&Line) -> bool| script.steps.iter().filter(|step| what(&step.line)).count();
        assert!(!script.header.title.is_empty(), "{name} has no title");
        assert!(
            count(|line| matches!(line, Line::Command(Command::Note(_)))) > 0,
            "{name} has no note"
        );
        assert!(
            count(|line| matches!(line, Line::Expect(_))) > 0,
            "{name} expects nothing"
        );
        let last = script.steps.last().map(|step| &step.line);
        let concluded = matches!(last, Some(Line::Expect(_)));
        assert!(concluded, "{name} does not end with what came of it");
    });
}

#[test]
fn every_scenario_prints_and_replays_to_the_same_records() {
    each(|name, _, script| {
        let lab = script.run().expect("sound").run;
        let printed = script.to_string();
        let again = Script::parse(&printed)
            .expect("printed")
            .run()
            .expect("sound")
            .run;
        assert!(lab.records().iter().eq(again.records().iter()), "{name}");
        let so_far = Script::of(&lab).run().expect("sound").run;
        assert!(lab.records().iter().eq(so_far.records().iter()), "{name}");
        assert!(
            Script::of(&so_far).to_string() == Script::of(&lab).to_string(),
            "{name}"
        );
    });
}

#[test]
fn scenarios_are_formatted() {
    each(|name, text, script| {
        let lines: Vec<_> = text.lines().collect();
        for step in &script.steps {
            let line = lines[step.at.line - 1];
            let written: String = line.chars().take(step.at.length).collect();
            assert_eq!(written, step.line.to_string(), "{name}:{}", step.at);
        }
    });
}
