//! The three columns of the table, measured by criterion. Each scenario is measured twice,
//! to detect that the machine was busy meanwhile.

#![allow(
    missing_docs,
    reason = "criterion's macros write functions without any"
)]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use hustings_bench::Cluster;
use hustings_bench::ours::{WithReasons, WithoutReasons};
use hustings_bench::scenario::Scenario;
use hustings_bench::theirs::Theirs;
use std::time::Duration;

fn core(criterion: &mut Criterion) {
    for scenario in Scenario::ALL {
        let mut group = criterion.benchmark_group(scenario.name());
        group
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2));
        for turn in 1..=2 {
            measure::<Theirs>(&mut group, scenario, &format!("tikv, turn {turn}"));
            measure::<WithoutReasons>(&mut group, scenario, &format!("silent, turn {turn}"));
            measure::<WithReasons>(&mut group, scenario, &format!("reasons, turn {turn}"));
        }
        group.finish();
    }
}

/// The throughput is in messages; an iteration is one election, one round of heartbeats or
/// one command.
fn measure<C: Cluster>(group: &mut BenchmarkGroup<'_, WallTime>, scenario: Scenario, name: &str) {
    let messages = scenario.sample::<C>(1).messages;
    group.throughput(Throughput::Elements(messages));
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| in_parts::<C>(scenario, times));
    });
}

/// The maximum number of iterations on one cluster, so that logs and heaps stay small.
fn in_parts<C: Cluster>(scenario: Scenario, times: u64) -> Duration {
    const PART: u64 = 1_000;
    let parts = std::iter::repeat_n(PART, usize::try_from(times / PART).unwrap_or(0));
    let parts = parts.chain((!times.is_multiple_of(PART)).then_some(times % PART));
    parts.map(|times| scenario.sample::<C>(times).took).sum()
}

criterion_group!(benches, core);
criterion_main!(benches);
