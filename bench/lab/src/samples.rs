//! Samples: runs a second, and what they cost beside the same time played without them.

use std::io;

use cpu_time::ProcessTime;
use hustings_lab::{Command, Condition, Run, Script};
use hustings_raft::Millis;
use hustings_search::sample::{Awaited, Plan, Sampler};

/// The number of turns; the best of each counts, as in the other tables.
const TURNS: usize = 15;

/// The number of runs of a turn.
const RUNS: u32 = 100;

/// Prints how many runs are sampled in a second of one processor.
pub fn print() -> io::Result<()> {
    println!("\nSamples: runs per CPU second, natively, on one thread\n");
    println!("| | runs | the same time, played | ratio |");
    println!("| --- | ---: | ---: | ---: |");
    let steady = "cluster 5\ntimeout S1\ndeliver all\n";
    let crash = include_str!("../../../samples/moments/figure-16.hust").to_owned() + "crash S1\n";
    print_row("Figure 16, until a leader", &crash, true)?;
    print_row("five servers in steady state, 10 s", steady, false)
}

fn print_row(name: &str, script: &str, until_leader: bool) -> io::Result<()> {
    let sampler = sampler(script, until_leader).ok_or_else(|| io::Error::other("no script"))?;
    let waits: Vec<_> = (1..=RUNS)
        .filter_map(|number| Some(sampler.sample(number).ok()?.waited))
        .collect();
    let (mut sampling, mut playing) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        sampling = sampling.min(cost(|| {
            for number in 1..=RUNS {
                let sampled = sampler.sample(number);
                debug_assert!(sampled.is_ok());
            }
        }));
        playing = playing.min(cost(|| waits.iter().for_each(|wait| play(&sampler, *wait))));
    }
    let a_second = |seconds: f64| f64::from(RUNS) / seconds;
    let (sampled, played) = (a_second(sampling), a_second(playing));
    let ratio = sampled / played;
    println!("| {name} | {sampled:.0} | {played:.0} | {ratio:.2} |");
    Ok(())
}

fn sampler(script: &str, until_leader: bool) -> Option<Sampler> {
    let start: Run = Script::parse(script).ok()?.run().ok()?.run;
    let leader = Awaited::Condition(Box::new(Condition::Leader));
    let plan = Plan {
        awaited: if until_leader {
            leader
        } else {
            Awaited::StableLeader
        },
        time: Millis(10_000),
        seed: 1,
        steps: Vec::new(),
        after: None,
    };
    Some(Sampler::new(start, plan))
}

/// Has so much time pass in a copy, and counts nothing.
fn play(sampler: &Sampler, time: Millis) {
    let mut run = sampler.start().clone();
    let played = run.apply(Command::Run(time));
    debug_assert!(played.is_ok());
}

/// CPU time in seconds.
fn cost(act: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    act();
    start.elapsed().as_secs_f64()
}
