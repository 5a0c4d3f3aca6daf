//! Walks a new server through its first messages: `check/walk.rs` is the walk, `subject.rs` the
//! server, `told.rs` how it is told what came instead of what was expected.

mod subject;
mod told;
mod walk;

use super::host::Lines;

/// One thing that a server should do, and whether it does.
#[derive(Debug)]
pub struct Checked {
    /// What it should do, in a sentence.
    pub what: &'static str,
    /// What is wrong, if it does not.
    pub result: Result<(), Wrong>,
}

/// What was expected of a server, and what came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub came: String,
}

type Checks = Result<(), Wrong>;

type Check = fn(&Lines) -> Checks;

/// Checks a server, one thing after the other. If it does not even answer `init`, that is
/// all that can be said of it.
pub fn check(server: &Lines) -> impl Iterator<Item = Checked> {
    let mut starts = true;
    walk::CHECKS.into_iter().map_while(move |(what, check)| {
        let result = starts.then(|| check(server))?;
        starts = !matches!(&result, Err(wrong) if wrong.expected == ANSWER_TO_INIT);
        Some(Checked { what, result })
    })
}

const ANSWER_TO_INIT: &str = "an answer to `init`";
