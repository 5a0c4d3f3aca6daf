//! A script that parses prints as a script that parses to the same; formatting is
//! idempotent; and replaying a run gives the same records.
#![no_main]

use hustings_lab::script::{Line, Script};
use hustings_lab::{Command, Run};
use libfuzzer_sys::fuzz_target;

/// Limits on each input, so that the search stays fast.
const COMMANDS: usize = 40;
const MILLIS: u64 = 2_000;

fuzz_target!(|text: &str| {
    let Ok(script) = Script::parse(text) else {
        return;
    };
    let printed = script.to_string();
    let again = Script::parse(&printed).expect("a printed script parses");
    assert_eq!(again.header, script.header);
    let lines = |script: &Script| -> Vec<Line> {
        script.steps.iter().map(|step| step.line.clone()).collect()
    };
    assert_eq!(lines(&again), lines(&script));
    let formatted = Script::format(text).expect("it parses");
    assert_eq!(Script::format(&formatted).as_ref(), Ok(&formatted));
    play(script);
});

fn play(script: Script) {
    let mut run = Run::new(script.header).expect("the header has been checked");
    for step in script.steps.into_iter().take(COMMANDS) {
        let Line::Command(command) = step.line else {
            continue;
        };
        let long = match &command {
            Command::Run(duration) => duration.0 > MILLIS,
            Command::RunUntil { within, .. } => within.0 > MILLIS,
            Command::DeliverAll => true,
            _ => false,
        };
        if !long {
            let _ = run.apply(command);
        }
    }
    let again = Script::of(&run).run().expect("the header has been checked").run;
    assert!(again.records().iter().eq(run.records().iter()));
}
