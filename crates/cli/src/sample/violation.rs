//! The violations that runs have met.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use hustings_lab::narrate::Lang;
use hustings_lab::{Invariant, Run, Script};
use hustings_search::sample::{Sampler, shrunk};
use hustings_search::{Goal, lesson, script_of};

use super::Sample;
use crate::args;
use crate::output::Output;
use crate::source::name_of;
use crate::verdict::Verdict;

/// How many runs are tried to make one shorter.
const TRIES_MAX: u64 = 2_000;

/// Says which invariants were violated, and saves the first run in which one was.
pub(super) fn report(
    args: &args::Sample,
    samples: &[Sample<'_>],
    verdict: Verdict,
    output: &mut Output,
) -> io::Result<Verdict> {
    for it in samples {
        for (invariant, runs) in it.summary.violated.iter() {
            let Some(number) = runs.first() else { continue };
            let (at, name, count) = (it.setting.place(), invariant.name(), runs.len());
            let runs = if count == 1 { "run" } else { "runs" };
            writeln!(
                output.err()?,
                "{at}: {name} is violated in {count} {runs}, at first in run {number}."
            )?;
        }
    }
    let Some((it, invariant, number)) = samples.iter().find_map(first) else {
        return Ok(verdict);
    };
    let sampler = it.setting.sampler(args);
    if let (Some(file), Some(sampler)) = (&args.save, sampler) {
        if let Some(script) = script(&sampler, invariant, number) {
            return save(file, number, &script, output);
        }
    }
    Ok(verdict.max(Verdict::Failed))
}

/// The first run in which an invariant was violated, and which.
fn first<'a>(it: &'a Sample<'a>) -> Option<(&'a Sample<'a>, Invariant, u32)> {
    let violated = it.summary.violated.iter();
    let firsts = violated.filter_map(|(invariant, runs)| Some((*runs.first()?, invariant)));
    let (number, invariant) = firsts.min()?;
    Some((it, invariant, number))
}

/// The script of a run that violates an invariant: as short as it can be if its steps alone
/// bring that about, or else the run as it was.
fn script(sampler: &Sampler, invariant: Invariant, number: u32) -> Option<Script> {
    let run = sampler.run(number).ok()?;
    let goal = Goal::Violation(Some(invariant));
    let short = short(sampler, &run, invariant, &goal);
    Some(script_of(&short.unwrap_or(run), &goal))
}

fn short(sampler: &Sampler, run: &Run, invariant: Invariant, goal: &Goal) -> Option<Run> {
    let found = shrunk(sampler.start(), run, invariant, TRIES_MAX)?;
    lesson(sampler.start(), &found, goal, Lang::En).ok()
}

fn save(file: &Path, number: u32, script: &Script, output: &mut Output) -> io::Result<Verdict> {
    let name = name_of(file);
    match fs::write(file, script.to_string()) {
        Ok(()) => writeln!(output.err()?, "{name} has run {number} as a script.")?,
        Err(error) => return output.refuse(&format!("cannot write {name}: {error}")),
    }
    Ok(Verdict::Failed)
}
