//! Any text is a log: its lines tell something or nothing, and what they tell is a story with
//! an account.
#![no_main]

use hustings_logs::account::Account;
use hustings_logs::{Given, Reader, Story, Text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|log: &[u8]| {
    let Ok(text) = Text::new("m1.log", log.to_vec()) else {
        return;
    };
    let story = Story::of(Reader::new(vec![text]).finish(), &Given::default());
    Account::of(&story);
});
