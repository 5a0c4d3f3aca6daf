//! What went wrong in runs: violated invariants, and programs that failed.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use hustings_lab::narrate::Lang;
use hustings_lab::{Invariant, Run, Script};
use hustings_search::sample::{Sampler, Summed, shrunk};
use hustings_search::{Goal, lesson, script_of};

use super::setting::Setting;
use crate::args;
use crate::output::Output;
use crate::servers::Servers;
use crate::source::name_of;
use crate::verdict::Verdict;

/// How many runs are tried to make one shorter.
const TRIES_MAX: u64 = 2_000;

/// Says what went wrong, and saves the first run in which an invariant was violated.
pub(super) fn report(
    args: &args::Sample,
    settings: &[Setting],
    samples: &[Summed<'_>],
    servers: &Servers,
    verdict: Verdict,
    output: &mut Output,
) -> io::Result<Verdict> {
    let mut verdict = verdict;
    let all = || settings.iter().zip(samples);
    for (setting, Summed { summary, .. }) in all() {
        for (invariant, runs) in summary.violated.iter() {
            let what = format!("{} is violated", invariant.name());
            verdict = verdict.max(tell(setting, &what, runs, output)?);
        }
        let failed = &summary.program_failed;
        verdict = verdict.max(tell(setting, "a server's program fails", failed, output)?);
    }
    let first = all().find_map(|(setting, it)| Some((setting, first(it)?)));
    let (Some(file), Some((setting, (invariant, number)))) = (&args.save, first) else {
        return Ok(verdict);
    };
    let sampler = setting.sampler(args);
    match sampler.and_then(|sampler| script(&sampler, invariant, number)) {
        Some(mut script) => {
            servers.leave(&mut script);
            save(file, number, &script, output)
        }
        None => Ok(verdict),
    }
}

/// Says in which runs something went wrong.
fn tell(setting: &Setting, what: &str, runs: &[u32], output: &mut Output) -> io::Result<Verdict> {
    let Some(first) = runs.first() else {
        return Ok(Verdict::Passed);
    };
    let (at, count) = (setting.place(), runs.len());
    let all = if count == 1 { "run" } else { "runs" };
    writeln!(
        output.err()?,
        "{at}: {what} in {count} {all}, at first in run {first}."
    )?;
    Ok(Verdict::Failed)
}

/// The first run in which an invariant was violated, and which.
fn first(it: &Summed<'_>) -> Option<(Invariant, u32)> {
    let violated = it.summary.violated.iter();
    let firsts = violated.filter_map(|(invariant, runs)| Some((*runs.first()?, invariant)));
    let (number, invariant) = firsts.min()?;
    Some((invariant, number))
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
