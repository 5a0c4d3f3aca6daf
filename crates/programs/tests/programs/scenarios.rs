//! The scenarios whose servers run the shipped programs.

use std::path::Path;

use hustings_lab::Script;
use hustings_lab::play::Outcome;
use hustings_programs::SHIPPED;

use super::library;

/// The names and texts of the scenarios, in order.
fn scenarios() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/servers");
    let files = std::fs::read_dir(folder).expect("the scenarios");
    let mut all: Vec<_> = files
        .map(|file| {
            let file = file.expect("a file").path();
            let name = file.file_stem().and_then(|it| it.to_str()).expect("a name");
            let text = std::fs::read_to_string(&file).expect("a text");
            (name.to_owned(), text)
        })
        .collect();
    all.sort();
    all
}

fn outcome(name: &str, text: &str) -> Outcome {
    let script = Script::parse_with(text, &library());
    let script = script.unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
    script.run().expect("the header has been checked")
}

/// The flaws of a program that a scenario mends.
fn mended(text: &str, program: &str) -> Vec<String> {
    let begin = format!("mend {program} ");
    let flaws = text.lines().filter_map(|line| line.strip_prefix(&begin));
    let flaws = flaws.flat_map(str::split_whitespace);
    flaws.map(str::to_owned).collect()
}

#[test]
fn every_scenario_of_a_program_meets_its_expectations() {
    for (name, text) in scenarios() {
        let outcome = outcome(&name, &text);
        let failures: Vec<_> = outcome.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{name}: {failures:#?}");
        assert!(outcome.expectations > 0, "{name}");
    }
}

#[test]
fn every_scenario_of_a_program_is_formatted() {
    for (name, text) in scenarios() {
        let formatted = Script::format_with(&text, &library());
        assert_eq!(formatted.as_deref(), Ok(&*text), "{name}");
    }
}

#[test]
fn every_flaw_has_a_scenario_in_which_it_shows_and_one_in_which_it_is_mended() {
    let scenarios = scenarios();
    let text = |name: &str| {
        let found = scenarios.iter().find(|(it, _)| it == name);
        let (_, text) = found.unwrap_or_else(|| panic!("{name} is missing"));
        text.as_str()
    };
    for program in SHIPPED {
        for flaw in &*program.flaws {
            let name = format!("{}-{}", program.name, flaw.name);
            let mut needed = mended(text(&name), &program.name);
            assert!(!needed.iter().any(|it| **it == *flaw.name), "{name}");
            needed.push(flaw.name.to_string());
            let with_mend = mended(text(&format!("{name}-mended")), &program.name);
            assert_eq!(with_mend, needed, "{name}");
        }
    }
}

#[test]
fn every_scenario_of_the_lab_sheet_fails_with_its_skeleton() {
    let mut checked = 0;
    for (name, text) in scenarios() {
        let unsolved = text.replace("run all lab-sheet-solution", "run all lab-sheet");
        if unsolved != text {
            checked += 1;
            assert!(!outcome(&name, &unsolved).passed(), "{name}");
        }
    }
    assert_eq!(checked, 8);
}
