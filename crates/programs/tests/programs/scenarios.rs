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

/// A scenario as it is meant to be: those of the lab sheet are an exercise, and run its
/// solution here.
fn solved(text: &str) -> String {
    text.replace("run all lab-sheet\n", "run all lab-sheet-solution\n")
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
        let outcome = outcome(&name, &solved(&text));
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
    let found = |program: &str, flaw: &str| {
        let is_it = |(name, _): &&(String, String)| {
            let rest = name
                .strip_prefix(program)
                .and_then(|it| it.strip_suffix(flaw));
            rest.is_some_and(|it| it.trim_matches('-').parse::<u8>().is_ok())
        };
        let found = scenarios.iter().find(is_it);
        let (name, text) = found.unwrap_or_else(|| panic!("{program}, {flaw}: missing"));
        (name.as_str(), text.as_str())
    };
    for program in SHIPPED {
        for flaw in &*program.flaws {
            let (name, shows) = found(&program.name, &flaw.name);
            let mut needed = mended(shows, &program.name);
            assert!(!needed.iter().any(|it| **it == *flaw.name), "{name}");
            needed.push(flaw.name.to_string());
            let (name, mends) = found(&program.name, &format!("{}-mended", flaw.name));
            assert_eq!(mended(mends, &program.name), needed, "{name}");
        }
    }
}

/// They are played one after the other: a flaw, its mend, the next flaw.
#[test]
fn the_scenarios_of_a_program_are_numbered_and_end_with_all_flaws_mended() {
    let scenarios = scenarios();
    for program in SHIPPED.iter().filter(|it| !it.flaws.is_empty()) {
        let begin = format!("{}-", program.name);
        let ours: Vec<_> = scenarios
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(&begin)?, text)))
            .collect();
        let flaws = program.flaws.len();
        assert_eq!(ours.len(), 2 * flaws + 1, "{begin}");
        for (place, (name, _)) in ours.iter().enumerate() {
            let number = format!("{}-", 1 + place / 2);
            assert!(name.starts_with(&number), "{begin}{name}");
        }
        let (name, text) = ours.last().expect("the last");
        assert!(name.ends_with("-all-mended"), "{begin}{name}");
        assert_eq!(mended(text, &program.name).len(), flaws, "{begin}{name}");
    }
}

/// The flaw is where its scenario says: the last caption of each names the box to tick.
#[test]
fn a_scenario_with_a_flaw_names_its_mend_and_what_to_look_at() {
    for (name, text) in scenarios() {
        let flaw = name.split_once(|it: char| it.is_ascii_digit());
        let flaw = flaw
            .and_then(|(_, rest)| rest.strip_prefix('-'))
            .unwrap_or_default();
        let is_tour = !name.starts_with("lab-sheet") && !name.ends_with("-mended");
        if is_tour {
            for part in ["note \"Watch ", "note \"Find the line"] {
                assert!(text.contains(part), "{name}: {part}");
            }
            assert!(text.contains(&format!("Mend it: tick “{flaw}”")), "{name}");
        }
    }
}

#[test]
fn every_scenario_of_the_lab_sheet_fails_with_its_skeleton_and_is_run_to_its_end() {
    let mut checked = 0;
    for (name, text) in scenarios() {
        if name.starts_with("lab-sheet") {
            checked += 1;
            assert_ne!(solved(&text), text, "{name}");
            let unsolved = outcome(&name, &text);
            assert!(!unsolved.passed() && !unsolved.stopped, "{name}");
            assert!(unsolved.run.goals_met().is_none(), "{name}");
        }
    }
    assert_eq!(checked, 8);
}
