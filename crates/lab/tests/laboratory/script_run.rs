//! Running scripts: commands, expectations and failures.

mod expectations;
mod goals;
mod messages;
mod places;
mod print;
mod schedule;
mod servers;
mod violations;

use hustings_lab::Script;
use hustings_lab::play::Outcome;

fn run(source: &str) -> Outcome {
    let script =
        Script::parse(source).unwrap_or_else(|errors| panic!("{}: {}", errors[0].at, errors[0]));
    script.run().expect("the header has been checked")
}

#[track_caller]
fn passes(source: &str) {
    let failures = run(source).failures;
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The failures of a script, as "line: message".
fn failures(source: &str) -> Vec<String> {
    let failures = run(source).failures;
    let shown = failures
        .iter()
        .map(|failure| format!("{}: {failure}", failure.at.line));
    shown.collect()
}

/// A line after S1 became leader in term 1 and committed an entry at index 1.
const LEADER: &str = "cluster 3
option no-op off
timeout S1
deliver all
propose S1 \"x=1\"
deliver all
timeout S1 heartbeat
deliver all
";

fn after_leader(line: &str) -> String {
    format!("{LEADER}{line}\n")
}
