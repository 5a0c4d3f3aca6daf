//! Runs the corpus of libFuzzer (`fuzz/`) as regression tests.
#![cfg(not(target_family = "wasm"))]

use std::path::Path;

use hustings_lab::script::{Line, Script};
use hustings_lab::{Command, Run};

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = std::fs::read_dir(folder.join("script")).expect("the corpus");
    let inputs: Vec<_> = files
        .map(|file| std::fs::read(file.expect("a file").path()).expect("an input"))
        .collect();
    assert!(inputs.len() > 100, "{}", inputs.len());
    inputs
}

#[test]
fn scripts_of_the_corpus_parse_print_and_replay() {
    for input in corpus() {
        let Ok(text) = std::str::from_utf8(&input) else {
            continue;
        };
        if let Ok(script) = Script::parse(text) {
            let printed = script.to_string();
            let again = Script::parse(&printed).expect("what is printed can be read");
            assert_eq!(again.to_string(), printed);
            let formatted = Script::format(text).expect("it has been read");
            assert_eq!(Script::format(&formatted).as_ref(), Ok(&formatted));
            play(script);
        }
    }
}

/// Replaying the commands that were not refused gives the same records.
fn play(script: Script) {
    let mut lab = Run::new(script.header).expect("the header has been checked");
    for step in script.steps {
        let Line::Command(command) = step.line else {
            continue;
        };
        let long = match &command {
            Command::Run(duration) => duration.0 > 2_000,
            Command::RunUntil { within, .. } => within.0 > 2_000,
            Command::DeliverAll => true,
            _ => false,
        };
        if !long {
            let _ = lab.apply(command);
        }
    }
    let again = Script::of(&lab).run().expect("sound").run;
    assert!(again.records().iter().eq(lab.records().iter()));
}
