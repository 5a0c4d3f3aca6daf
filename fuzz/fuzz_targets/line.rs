//! Any text is a line, and tells something or nothing in each dialect.
#![no_main]

use hustings_logs::dialect::Dialect;
use hustings_logs::Names;
use hustings_logs::line::Line;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let line = Line::new(text);
    let mut names = Names::default();
    for dialect in Dialect::ALL {
        if let Some(told) = dialect.read(&line, &mut names) {
            assert!(!told.what.is_empty(), "{dialect:?} tells something");
        }
    }
});
