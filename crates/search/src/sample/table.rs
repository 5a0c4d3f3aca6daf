//! What came of the runs, as tables with a row for each of the settings.

use hustings_lab::narrate::Lang;
use hustings_raft::Millis;

use super::{Awaited, FirstStep, Plan, Summed};
use crate::texts::{Texts, texts};
use crate::told::thousands;

/// The most columns of the table of shares.
const TIMES_MAX: usize = 9;

/// A table. The first cell of a row is what the row is called.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Table {
    /// What the columns are called, that of the rows' names included.
    pub columns: Vec<String>,
    /// The rows, each as long as that.
    pub rows: Vec<Vec<String>>,
}

/// What was sampled, in a line.
pub fn heading(samples: &[Summed<'_>], lang: Lang) -> String {
    let t = texts(lang);
    let Some(first) = samples.first() else {
        return String::new();
    };
    let plan = &first.sample.plan;
    let runs = samples.iter().map(|it| it.summary.runs).max();
    let runs = thousands(runs.unwrap_or_default() as u64);
    let (awaited, after) = (awaited(plan, t), after(plan, t));
    t.sample_heading(awaited, after, runs, duration(plan.time), plan.seed)
}

/// What is waited for.
pub(super) fn awaited(plan: &Plan, t: Texts) -> String {
    match &plan.awaited {
        Awaited::StableLeader => t.sample_stable_leader().to_owned(),
        Awaited::Condition(condition) => condition.to_string(),
    }
}

/// After which steps the wait begins; nothing if there are none.
fn after(plan: &Plan, t: Texts) -> String {
    let told = plan.steps.iter().map(|step| match step {
        FirstStep::Command(command) => t.sample_command(command),
        FirstStep::LeaderCrashes => t.sample_leader_crashes().to_owned(),
        FirstStep::LeaderIsolated => t.sample_leader_isolated().to_owned(),
    });
    let listed = told.reduce(|one, other| t.listed(one, other));
    listed.map_or(String::new(), |steps| t.sample_after(steps))
}

/// Times, elections and violations.
pub fn numbers(samples: &[Summed<'_>], lang: Lang) -> Table {
    let t = texts(lang);
    let columns = [
        "",
        t.sample_never(),
        t.sample_median(),
        "90 %",
        "99 %",
        t.sample_longest(),
        t.sample_elections(),
        t.sample_won(),
        t.sample_lost_terms(),
        t.sample_violations(),
    ];
    let rows = samples.iter().map(|it| {
        let summary = &it.summary;
        let quantile = |per_mille| match summary.quantile(per_mille) {
            Some(time) => format!("{}ms", time.0),
            None => t.sample_never().to_owned(),
        };
        let a_run = |count: u64| format!("{:.1}", count as f64 / summary.runs.max(1) as f64);
        let violations: usize = summary.violated.values().map(Vec::len).sum();
        vec![
            it.sample.label.clone(),
            share(summary.never(), summary.runs),
            quantile(500),
            quantile(900),
            quantile(990),
            quantile(1_000),
            a_run(summary.elections.started),
            a_run(summary.elections.won),
            a_run(summary.terms_without_winner),
            violations.to_string(),
        ]
    });
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

/// In how many of the runs what was waited for had come within which times; `None` if it came
/// in no run.
pub fn shares(samples: &[Summed<'_>]) -> Option<Table> {
    let times = times(samples)?;
    let titles = times.iter().map(|time| duration(*time));
    let rows = samples.iter().map(|it| {
        let of = |time: &Millis| share(it.summary.within(*time), it.summary.runs);
        let shares = times.iter().map(of);
        std::iter::once(it.sample.label.clone())
            .chain(shares)
            .collect()
    });
    Some(Table {
        columns: std::iter::once(String::new()).chain(titles).collect(),
        rows: rows.collect(),
    })
}

/// The last times of the series 1, 2, 5, 10, … milliseconds up to the end of the runs, from the
/// first within which something came on; `None` if nothing came.
fn times(samples: &[Summed<'_>]) -> Option<Vec<Millis>> {
    let end = samples.first().map(|it| it.sample.plan.time)?;
    let first = samples.iter().filter_map(|it| it.summary.times.first());
    let first = *first.min()?;
    let within = series().filter(|it| *it >= first && *it < end);
    let within: Vec<_> = within.collect();
    let too_many = (within.len() + 1).saturating_sub(TIMES_MAX);
    Some(within.into_iter().skip(too_many).chain([end]).collect())
}

/// 1, 2, 5, 10, … milliseconds, up to hours.
pub(super) fn series() -> impl Iterator<Item = Millis> {
    (0..8).flat_map(|power| [1, 2, 5].map(|digit| Millis(digit * 10u64.pow(power))))
}

/// A time as in a script.
pub fn duration(time: Millis) -> String {
    match time.0 {
        millis if millis > 0 && millis.is_multiple_of(1_000) => format!("{}s", millis / 1_000),
        millis => format!("{millis}ms"),
    }
}

fn share(count: usize, all: usize) -> String {
    format!("{:.1} %", 100.0 * count as f64 / all.max(1) as f64)
}
