//! What came of the runs, as JSON.

use std::io::{self, Write as _};

use hustings_raft::Millis;
use hustings_search::sample::Summed;
use serde::Serialize;

use crate::output::Output;

/// The runs of a script with some settings.
#[derive(Serialize)]
struct SampleLine<'a> {
    setting: String,
    until: String,
    for_ms: u64,
    seed: u64,
    runs: usize,
    never: usize,
    mean_ms: Option<f64>,
    median_ms: Option<u64>,
    percentile_90_ms: Option<u64>,
    percentile_99_ms: Option<u64>,
    longest_ms: Option<u64>,
    elections: u64,
    won: u64,
    terms_without_winner: u64,
    violated: Vec<ViolatedObject<'a>>,
    /// The time of each run in which what was waited for came, in order.
    reached_ms: Vec<u64>,
}

#[derive(Serialize)]
struct ViolatedObject<'a> {
    invariant: &'static str,
    runs: &'a [u32],
}

/// Prints an object for each, on a line.
pub(super) fn write(samples: &[Summed<'_>], output: &mut Output) -> io::Result<()> {
    for it in samples {
        serde_json::to_writer(output.out(), &line(it))?;
        writeln!(output.out())?;
    }
    Ok(())
}

fn line<'a>(it: &'a Summed<'_>) -> SampleLine<'a> {
    let (plan, summary) = (&it.sample.plan, &it.summary);
    let quantile = |per_mille| summary.quantile(per_mille).map(|Millis(time)| time);
    let violated = summary.violated.iter();
    SampleLine {
        setting: it.sample.label.clone(),
        until: plan.awaited.to_string(),
        for_ms: plan.time.0,
        seed: plan.seed,
        runs: summary.runs,
        never: summary.never(),
        mean_ms: summary.mean(),
        median_ms: quantile(500),
        percentile_90_ms: quantile(900),
        percentile_99_ms: quantile(990),
        longest_ms: quantile(1_000),
        elections: summary.elections.started,
        won: summary.elections.won,
        terms_without_winner: summary.terms_without_winner,
        violated: violated
            .map(|(invariant, runs)| ViolatedObject {
                invariant: invariant.name(),
                runs,
            })
            .collect(),
        reached_ms: summary.times.iter().map(|time| time.0).collect(),
    }
}
