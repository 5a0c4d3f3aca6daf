//! Scripts: whatever is read prints as what reads back as the same, and the
//! canonical form is canonical.
#![no_main]

use hustings_lab::script::{Line, Script};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(script) = Script::parse(text) else {
        return;
    };
    let printed = script.to_string();
    let again = Script::parse(&printed).expect("what is printed can be read");
    assert_eq!(again.header, script.header);
    let lines = |script: &Script| -> Vec<Line> {
        script.steps.iter().map(|step| step.line.clone()).collect()
    };
    assert_eq!(lines(&again), lines(&script));
    let formatted = Script::format(text).expect("it has been read");
    assert_eq!(Script::format(&formatted).as_ref(), Ok(&formatted));
});
