//! `hustings sample`: many runs by the clock from one moment, and what comes of them.

mod json;
mod plot;
mod setting;
mod table;
mod violation;

use std::io::{self, Write as _};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::thread;

use clap::ValueEnum;
use hustings_lab::Script;
use hustings_search::sample::{Sample, Sampled, Summed, csv, threads};

use self::setting::{Setting, Start};
use crate::args;
use crate::clock::Clock;
use crate::output::Output;
use crate::servers::Servers;
use crate::verdict::Verdict;
use hustings_search::told::thousands;

/// How what came of the runs is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum Format {
    /// For people: a line for each script and its settings.
    Table,
    /// A row for each run.
    Csv,
    /// An object for each script and its settings, one a line.
    Json,
    /// A plot: in how many runs what was waited for had come by when.
    Svg,
}

/// Samples, and prints what came of it.
pub(crate) fn sample(
    args: &args::Sample,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let Some(Start { settings, verdict }) = setting::all(args, servers, output)? else {
        return Ok(Verdict::Unreadable);
    };
    if let (Some(number), Some(setting)) = (args.script, settings.last()) {
        return print_run(setting, number, args, servers, output);
    }
    let mut clock = Clock::start(args.seconds);
    let mut samples = Vec::new();
    for setting in &settings {
        match play(setting, args, &mut clock) {
            Ok(runs) => samples.push(Sample {
                label: setting.label(),
                plan: setting.plan.clone(),
                runs,
            }),
            Err(error) => {
                clock.clear();
                let at = setting.place();
                return output.refuse(&format!("{at}: {error}"));
            }
        }
    }
    clock.clear();
    print(args, &samples, output)?;
    for (setting, sample) in settings.iter().zip(&samples) {
        tell_missing(args, setting, sample, output)?;
    }
    let summed: Vec<_> = samples.iter().map(Sample::summed).collect();
    violation::report(args, &settings, &summed, servers, verdict, output)
}

/// Plays the runs of a script with some settings; fewer if the time is up.
fn play(
    setting: &Setting,
    args: &args::Sample,
    clock: &mut Clock,
) -> Result<Vec<Sampled>, hustings_search::sample::SampleError> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = args.threads.map_or(processors, usize::from);
    let script = setting.script.as_str();
    let sampler = || setting::sampler(script, args);
    threads::sample(&sampler, args.runs, threads, |done| {
        let seconds = clock.seconds();
        clock.show(|| {
            let (done, all) = (thousands(done.into()), thousands(args.runs.into()));
            format!("{seconds:.0} s: {}: {done} of {all} runs", setting.place())
        });
        if clock.is_up() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
}

/// Prints what came of the runs.
fn print(args: &args::Sample, samples: &[Sample], output: &mut Output) -> io::Result<()> {
    let summed: Vec<Summed<'_>> = samples.iter().map(Sample::summed).collect();
    match args.format {
        Format::Table => output.out().write_all(table::of(&summed).as_bytes()),
        Format::Csv => output.out().write_all(csv::of(samples).as_bytes()),
        Format::Json => json::write(&summed, output),
        Format::Svg => output.out().write_all(plot::draw(&summed).as_bytes()),
    }
}

/// Says so if there was no time for all runs.
fn tell_missing(
    args: &args::Sample,
    setting: &Setting,
    sample: &Sample,
    output: &mut Output,
) -> io::Result<()> {
    let played = sample.runs.len();
    if played < args.runs as usize {
        let (at, played) = (setting.place(), thousands(played as u64));
        let all = thousands(args.runs.into());
        writeln!(
            output.err()?,
            "{at}: {played} of {all} runs were played before the time was up (--seconds)."
        )?;
    }
    Ok(())
}

fn print_run(
    setting: &Setting,
    number: u32,
    args: &args::Sample,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let Some(sampler) = setting.sampler(args) else {
        return output.refuse(setting::NO_END);
    };
    match sampler.run(number) {
        Ok(run) => {
            let mut script = Script::of(&run);
            servers.leave(&mut script);
            write!(output.out(), "{script}")?;
        }
        Err(error) => return output.refuse(&format!("{}: {error}", setting.place())),
    }
    Ok(Verdict::Passed)
}
