//! What came of the runs, as a table for people.

use hustings_raft::Millis;

use super::Sample;
use hustings_search::told::thousands;

/// The most columns of the table of shares.
const TIMES_MAX: usize = 9;

/// What came of the runs: times, elections, and the shares of runs by time.
pub(super) fn of(samples: &[Sample<'_>]) -> String {
    let mut table = heading(samples);
    table.push_str(&aligned(numbers(samples)));
    table.push_str(
        "Elections are means of a run. A lost term is one with candidates that got no leader.\n",
    );
    let times = times(samples);
    if !times.is_empty() {
        table.push_str("\nCame within\n");
        table.push_str(&aligned(shares(samples, &times)));
    }
    table
}

fn heading(samples: &[Sample<'_>]) -> String {
    let Some(first) = samples.first() else {
        return String::new();
    };
    let plan = &first.setting.plan;
    let steps: Vec<_> = plan.steps.iter().map(|step| format!("`{step}`")).collect();
    let after = match steps.is_empty() {
        true => String::new(),
        false => format!(" after {}", steps.join(", ")),
    };
    let runs = samples.iter().map(|it| it.runs.len()).max();
    let runs = thousands(runs.unwrap_or_default() as u64);
    let (awaited, time, seed) = (&plan.awaited, millis(plan.time), plan.seed);
    format!("Time to `{awaited}`{after}; {runs} runs of at most {time}, seeds from {seed}\n")
}

fn numbers(samples: &[Sample<'_>]) -> Vec<Vec<String>> {
    let titles = [
        "",
        "never",
        "median",
        "90 %",
        "99 %",
        "longest",
        "elections",
        "won",
        "lost terms",
        "violations",
    ];
    let rows = samples.iter().map(|it| {
        let summary = &it.summary;
        let quantile = |per_mille| time(summary.quantile(per_mille));
        let a_run = |count: u64| format!("{:.1}", count as f64 / summary.runs.max(1) as f64);
        let violations: usize = summary.violated.values().map(Vec::len).sum();
        vec![
            it.setting.label(),
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
    let titles = titles.map(str::to_owned).to_vec();
    std::iter::once(titles).chain(rows).collect()
}

fn shares(samples: &[Sample<'_>], times: &[Millis]) -> Vec<Vec<String>> {
    let titles = times.iter().map(|time| millis(*time));
    let titles: Vec<_> = std::iter::once(String::new()).chain(titles).collect();
    let rows = samples.iter().map(|it| {
        let of = |time: &Millis| share(it.summary.within(*time), it.summary.runs);
        let shares = times.iter().map(of);
        std::iter::once(it.setting.label()).chain(shares).collect()
    });
    std::iter::once(titles).chain(rows).collect()
}

/// The last times of the series 1, 2, 5, 10, … milliseconds up to the end of the runs, from the
/// first within which something came on.
fn times(samples: &[Sample<'_>]) -> Vec<Millis> {
    let end = samples
        .first()
        .map_or(Millis::ZERO, |it| it.setting.plan.time);
    let first = samples
        .iter()
        .filter_map(|it| it.summary.times.first())
        .min();
    let Some(first) = first.copied() else {
        return Vec::new();
    };
    let series = (0..8).flat_map(|power| [1, 2, 5].map(|digit| Millis(digit * 10u64.pow(power))));
    let within: Vec<_> = series.filter(|it| *it >= first && *it < end).collect();
    let too_many = (within.len() + 1).saturating_sub(TIMES_MAX);
    within.into_iter().skip(too_many).chain([end]).collect()
}

/// A time as in a script.
pub(super) fn millis(time: Millis) -> String {
    match time.0 {
        millis if millis > 0 && millis.is_multiple_of(1_000) => format!("{}s", millis / 1_000),
        millis => format!("{millis}ms"),
    }
}

fn time(time: Option<Millis>) -> String {
    time.map_or("never".to_owned(), |time| format!("{}ms", time.0))
}

fn share(count: usize, all: usize) -> String {
    format!("{:.1} %", 100.0 * count as f64 / all.max(1) as f64)
}

/// Rows in columns, the first of which is to the left and the others to the right.
fn aligned(rows: Vec<Vec<String>>) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            match place {
                0 => line.push_str(&format!("{cell:<width$}")),
                _ => line.push_str(&format!("  {cell:>width$}")),
            }
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}
