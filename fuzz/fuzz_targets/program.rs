//! Any text is a program or is refused; a program does the same twice, whatever it does, and
//! its run comes back from a script and from a link.
#![no_main]

use std::borrow::Cow;
use std::rc::Rc;

use hustings_lab::script::Script;
use hustings_lab::{Run, link};
use hustings_programs::{Interpreter, Programs, SHIPPED};
use libfuzzer_sys::fuzz_target;

/// What its servers live through: not much, so that the search stays fast.
const STEPS: &str = "run S1 S2 p

timeout S1
deliver all
propose S1 x
crash S2
run 100ms
restart S2
run 200ms
";

fuzz_target!(|source: &str| {
    let source: String = source.lines().map(|line| format!("| {line}\n")).collect();
    let text = format!("cluster 3\nprogram p\n{source}{STEPS}");
    let Some(run) = play(&text) else {
        return;
    };
    let saved = Script::of(&run).to_string();
    assert_same(&run, &play(&saved).expect("a saved script can be read"));
    if let Ok(packed) = link::pack(&run, &library()) {
        let followed =
            link::follow_with(&packed, &library()).expect("a packed link can be followed");
        assert_same(&run, &followed);
    }
});

fn library() -> Programs<Rc<Interpreter>> {
    Programs::new(Rc::new(Interpreter::default()), Cow::Borrowed(SHIPPED))
}

/// The run of a script, up to the first command that is refused.
fn play(text: &str) -> Option<Run> {
    let script = Script::parse_with(text, &library()).ok()?;
    Some(script.run().expect("the header has been checked").run)
}

fn assert_same(one: &Run, other: &Run) {
    assert_eq!(one.header(), other.header());
    assert!(one.records().iter().eq(other.records().iter()));
}
