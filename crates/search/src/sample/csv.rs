//! What came of each run, as comma-separated values.

use super::Sample;

/// A row for each run. Times are in milliseconds; where what was waited for did not come, the
/// time to it is empty.
pub fn of(samples: &[Sample]) -> String {
    let mut rows = String::from(
        "setting,run,seed,reached_ms,waited_ms,elections,won,terms_without_winner,violated\n",
    );
    for it in samples {
        let label = quoted(&it.label);
        for run in &it.runs {
            let reached = run.reached.map(|time| time.0.to_string());
            let violated: Vec<_> = run.violated.iter().map(|it| it.name()).collect();
            let numbers = [
                run.number.to_string(),
                run.seed.to_string(),
                reached.unwrap_or_default(),
                run.waited.0.to_string(),
                run.elections.started.to_string(),
                run.elections.won.to_string(),
                run.terms_without_winner.to_string(),
            ];
            let (numbers, violated) = (numbers.join(","), violated.join(" "));
            rows.push_str(&format!("{label},{numbers},{violated}\n"));
        }
    }
    rows
}

/// In quotes, where it must be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
