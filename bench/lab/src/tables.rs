//! The measurements, and their tables.

use std::io;

use cpu_time::ProcessTime;
use hustings_bench_lab::heap::allocations;
use hustings_bench_lab::{Call, Delivery, Load, Worlds};

use crate::Column;

/// The number of turns of each column. The best counts, because other programs on the
/// machine only make a turn slower.
const TURNS: usize = 7;

/// The duration of a measured run, in simulated seconds.
const RUN: u32 = 300;

/// The default slice of time, in ms: one tick of the page at its highest speed.
const SLICE: u32 = 1_600;

/// The number of seeks measured.
const SEEKS: u32 = 1_000;

/// Five servers in steady state.
const STEADY: Load = Load {
    servers: 5,
    entries: 0,
    write_every: 0,
};

/// One run to be measured.
struct Case {
    name: String,
    load: Load,
    slice: u32,
}

impl Case {
    fn new(name: impl Into<String>, load: Load) -> Self {
        Self {
            name: name.into(),
            load,
            slice: SLICE,
        }
    }
}

/// The measurements of a run.
#[derive(Clone, Copy)]
struct Sample {
    /// Simulated seconds per CPU second.
    speed: f64,
    /// Bytes of heap per simulated second.
    heap: f64,
    /// Records per simulated second.
    records: f64,
}

/// Prints all tables.
pub fn print(columns: &mut [Column]) -> io::Result<()> {
    print_runs(columns, "Five servers", &five_servers())?;
    print_runs(columns, "By the number of servers", &by_servers())?;
    print_runs(columns, "By the length of the logs", &by_entries())?;
    print_lengths(columns)?;
    print_worlds()
}

fn five_servers() -> Vec<Case> {
    let writes = Load {
        write_every: 100,
        ..STEADY
    };
    let long = |load| Load {
        entries: 1_000,
        ..load
    };
    vec![
        Case::new("steady state", STEADY),
        Case::new("a write every 100 ms", writes),
        Case::new("logs of 1,000 entries", long(STEADY)),
        Case::new("such logs, and such writes", long(writes)),
        Case {
            slice: 16,
            ..Case::new("steady state, slices of 16 ms", STEADY)
        },
    ]
}

fn by_servers() -> Vec<Case> {
    let load = |servers| Load { servers, ..STEADY };
    let case = |servers: u8| Case::new(servers.to_string(), load(servers));
    [1, 3, 5, 7, 9].map(case).into()
}

fn by_entries() -> Vec<Case> {
    let load = |entries| Load { entries, ..STEADY };
    let case = |entries: u32| Case::new(entries.to_string(), load(entries));
    [0, 100, 1_000, 5_000].map(case).into()
}

fn print_runs(columns: &mut [Column], title: &str, cases: &[Case]) -> io::Result<()> {
    println!("{title}: simulated seconds per CPU second, and kB of heap per simulated second\n");
    print_head(columns, "records/s");
    for case in cases {
        let best = best(columns, case)?;
        let records = best.first().map_or(0.0, |it| it.records);
        let cells = best
            .iter()
            .map(|it| format!("{:.0} ({:.1} kB)", it.speed, it.heap / 1e3));
        print_row(
            &case.name,
            [format!("{records:.0}")].into_iter().chain(cells),
        );
    }
    println!();
    Ok(())
}

/// Measures the columns in turns; returns the best sample of each.
fn best(columns: &mut [Column], case: &Case) -> io::Result<Vec<Sample>> {
    let mut best: Vec<Sample> = Vec::new();
    for _ in 0..TURNS {
        for (place, column) in columns.iter_mut().enumerate() {
            let sample = sample(column, case)?;
            match best.get_mut(place) {
                Some(best) if best.speed < sample.speed => *best = sample,
                Some(_) => {}
                None => best.push(sample),
            }
        }
    }
    Ok(best)
}

fn sample(column: &mut Column, case: &Case) -> io::Result<Sample> {
    let machine = &mut column.machine;
    machine.succeed(Call::Begin(case.load))?;
    let before = (machine.call(Call::Heap)?, machine.call(Call::Records)?);
    let passed = machine.succeed(Call::Pass {
        duration: RUN * 1_000,
        slice: case.slice,
    })?;
    let after = (machine.call(Call::Heap)?, machine.call(Call::Records)?);
    let per_second = |more: u32| f64::from(more) / f64::from(RUN);
    Ok(Sample {
        speed: f64::from(RUN) / passed.took.as_secs_f64(),
        heap: per_second(after.0.answer.saturating_sub(before.0.answer)),
        records: per_second(after.1.answer - before.1.answer),
    })
}

/// Prints speed, memory and seek times by the length of the run.
fn print_lengths(columns: &mut [Column]) -> io::Result<()> {
    println!("By the length of the run: simulated seconds per CPU second at its end,");
    println!("and the median and the maximum time of {SEEKS} seeks\n");
    print_head(columns, "memory");
    for column in columns.iter_mut() {
        column.machine.succeed(Call::Begin(STEADY))?;
    }
    for length in [10_000, 50_000, 100_000, 190_000] {
        let mut memory = None;
        let mut cells = Vec::new();
        for column in columns.iter_mut() {
            let (speed, most) = lengthen(column, length)?;
            memory = most.or(memory);
            let (middle, longest) = seeks(column)?;
            cells.push(format!("{speed:.0} ({middle:.2} ms, {longest:.2} ms)"));
        }
        let memory = memory.map_or("?".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000));
        let name = format!("{length} records");
        print_row(&name, [memory].into_iter().chain(cells));
    }
    Ok(())
}

/// Lets time pass until there are this many records. Returns the best speed of the last
/// intervals, and the size of the memory at the end.
fn lengthen(column: &mut Column, records: u32) -> io::Result<(f64, Option<u64>)> {
    const INTERVAL: u32 = 8;
    const LAST: usize = 5;
    let mut times = Vec::new();
    let mut memory = None;
    while column.machine.call(Call::Records)?.answer < records {
        let passed = column.machine.succeed(Call::Pass {
            duration: INTERVAL * 1_000,
            slice: SLICE,
        })?;
        times.push(passed.took);
        memory = passed.memory;
    }
    let best = times.iter().rev().take(LAST).min();
    let speed = best.map_or(f64::NAN, |took| f64::from(INTERVAL) / took.as_secs_f64());
    Ok((speed, memory))
}

/// The median and the maximum of many seek times, in milliseconds.
fn seeks(column: &mut Column) -> io::Result<(f64, f64)> {
    let records = column.machine.call(Call::Records)?.answer;
    let mut times = Vec::new();
    let mut place = 1_u32;
    for _ in 0..SEEKS {
        // The linear congruential generator of Numerical Recipes.
        place = place.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let record = (u64::from(place) * u64::from(records)) >> 32;
        let sought = column.machine.succeed(Call::Seek(record as u32))?;
        times.push(sought.took.as_secs_f64() * 1e3);
    }
    let longest = times.iter().copied().fold(0.0, f64::max);
    Ok((median(&times, |time| *time), longest))
}

/// Prints what a copy of a world costs, the first step after it, and the digest after that.
pub fn print_worlds() -> io::Result<()> {
    println!("\nA world with logs of 100 entries, natively: ns (allocations)\n");
    println!("| | copy | copy and delivery | digest after it |");
    println!("| --- | ---: | ---: | ---: |");
    for (servers, delivery) in [3, 5]
        .into_iter()
        .flat_map(|it| Delivery::ALL.map(|of| (it, of)))
    {
        let cells = of_world(servers, delivery)
            .ok_or_else(|| io::Error::other("a cluster without a leader"))?;
        let cells = cells.map(|it| format!("{:.0} ({})", it.took, it.allocations));
        print_row(
            &format!("{servers} servers, {}", delivery.name()),
            cells.into_iter(),
        );
    }
    Ok(())
}

/// The cost of one of many repetitions.
#[derive(Clone, Copy)]
struct Cost {
    /// CPU time in nanoseconds, in the best turn.
    took: f64,
    allocations: u64,
}

/// The costs of a copy, of a copy and a delivery, and of the digest after it, measured in
/// turns.
fn of_world(servers: u8, delivery: Delivery) -> Option<[Cost; 3]> {
    const TURNS: usize = 2_000;
    // Few enough to stay in the cache, as the worlds do that a search is working on.
    const TIMES: u32 = 32;
    let mut worlds = Worlds::new(servers, delivery)?;
    let nothing = Cost {
        took: f64::INFINITY,
        allocations: 0,
    };
    let mut best = [nothing; 3];
    for _ in 0..TURNS {
        worlds.prepare(TIMES);
        let costs = [
            cost(TIMES, || worlds.copy(TIMES)),
            cost(TIMES, || worlds.copy_and_deliver(TIMES)),
            cost(TIMES, || worlds.digest()),
        ];
        for (best, cost) in best.iter_mut().zip(costs) {
            if cost.took < best.took {
                *best = cost;
            }
        }
    }
    Some(best)
}

fn cost(times: u32, act: impl FnOnce()) -> Cost {
    let before = allocations();
    let start = ProcessTime::now();
    act();
    Cost {
        took: start.elapsed().as_nanos() as f64 / f64::from(times),
        allocations: (allocations() - before) / u64::from(times),
    }
}

fn print_head(columns: &[Column], first: &str) {
    let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
    println!("| | {first} | {} |", names.join(" | "));
    println!("| --- |{}", " ---: |".repeat(names.len() + 1));
}

fn print_row(name: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    println!("| {name} | {} |", cells.join(" | "));
}

fn median<T>(samples: &[T], of: impl Fn(&T) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_sample() {
        assert_eq!(median(&[3.0, 1.0, 2.0], |it| *it), 2.0);
        assert!(median(&[] as &[f64], |it| *it).is_nan());
    }
}
