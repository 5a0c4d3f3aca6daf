//! What is sampled: scripts, each as it is and with other settings.

use std::io;

use hustings_lab::narrate::Lang;
use hustings_lab::script::{Line, parse_range};
use hustings_lab::{Command, Script};
use hustings_raft::{Millis, MillisRange, NodeSet};
use hustings_search::sample::{Awaited, FirstStep, Plan, Sampler};

use crate::args;
use crate::output::Output;
use crate::run::{self, Style};
use crate::search;
use crate::servers::Servers;
use crate::source::Source;
use crate::verdict::Verdict;

/// Why a script has no end to sample from.
pub(super) const NO_END: &str = "the script does not get to its end: `hustings run` says why";

/// A script with some settings.
pub(super) struct Setting {
    /// The name of its file.
    file: String,
    /// The settings that it has instead of its own.
    with: String,
    /// Whether there are several scripts.
    is_one_of_many: bool,
    /// The text of the script with these settings: runs do not leave their thread, so each
    /// reads it anew.
    pub(super) script: String,
    pub(super) plan: Plan,
}

/// Everything to be sampled.
pub(super) struct Start {
    pub(super) settings: Vec<Setting>,
    /// Whether all that the scripts expect holds up to their ends.
    pub(super) verdict: Verdict,
}

/// Reads what is to be sampled, and plays each once to its end. Prints what is wrong; `None` if
/// something cannot be sampled.
pub(super) fn all(
    args: &args::Sample,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Option<Start>> {
    let (mut settings, mut verdict) = (Vec::new(), Verdict::Passed);
    for file in &args.files {
        let Some(source) = run::read_source(file, Style::Quiet, output)? else {
            return Ok(None);
        };
        let unchanged = std::iter::once("");
        for with in unchanged.chain(args.with.iter().map(String::as_str)) {
            let changed = match changed(&source, with, servers) {
                Ok(changed) => changed,
                Err(message) => return output.refuse(&message).map(|_| None),
            };
            let Some(played) = play(args, changed, servers, output)? else {
                return Ok(None);
            };
            verdict = verdict.max(played.verdict);
            settings.push(Setting {
                file: source.name.clone(),
                with: with.trim().to_owned(),
                is_one_of_many: args.files.len() > 1,
                script: played.script,
                plan: played.plan,
            });
        }
    }
    Ok(Some(Start { settings, verdict }))
}

/// A script that gets to its end.
struct Played {
    script: String,
    plan: Plan,
    verdict: Verdict,
}

/// Reads a script, and plays it once to its end.
fn play(
    args: &args::Sample,
    source: Source,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Option<Played>> {
    let Some((source, mut script)) = run::parse_with(source, Style::Quiet, servers, output)? else {
        return Ok(None);
    };
    let plan = match plan(args, &script, servers) {
        Ok(plan) => plan,
        Err(message) => return output.refuse(&message).map(|_| None),
    };
    if args.standing_start {
        script.steps.clear();
    }
    let outcome = run::outcome_of(&script);
    let wrong = servers.wrong(&outcome.run, &source);
    run::print_failures(&source, &outcome, &wrong, output)?;
    if outcome.stopped {
        let message = format!("{}: {NO_END}", source.name);
        return output.refuse(&message).map(|_| None);
    }
    Ok(Some(Played {
        script: source.text,
        plan,
        verdict: run::verdict_on(&outcome, &wrong),
    }))
}

impl Setting {
    /// What tells it from the others.
    pub(super) fn label(&self) -> String {
        match (self.is_one_of_many, self.with.as_str()) {
            (false, "") => "as it is".to_owned(),
            (true, "") => self.file.clone(),
            (false, with) => with.to_owned(),
            (true, with) => format!("{}, {with}", self.file),
        }
    }

    /// Its name in messages.
    pub(super) fn place(&self) -> String {
        match self.with.as_str() {
            "" => self.file.clone(),
            with => format!("{} with `{with}`", self.file),
        }
    }

    /// What plays its runs; `None` if the script fails before its end.
    pub(super) fn sampler(&self, args: &args::Sample) -> Option<Sampler> {
        sampler(&self.script, args)
    }
}

/// What plays the runs of a script, on the thread on which it is called.
pub(super) fn sampler(script: &str, args: &args::Sample) -> Option<Sampler> {
    let servers = Servers::start(&args.servers, false).ok()?;
    let mut script = Script::parse_with(script, &servers.library).ok()?;
    servers.join(&mut script).ok()?;
    let plan = plan(args, &script, &servers).ok()?;
    if args.standing_start {
        script.steps.clear();
    }
    let outcome = script.run().ok()?;
    (!outcome.stopped).then(|| Sampler::new(outcome.run, plan))
}

/// A script with other settings: those take the place of its own, or come before them.
fn changed(source: &Source, with: &str, servers: &Servers) -> Result<Source, String> {
    let (mut first, mut lines) = (Vec::new(), Vec::new());
    lines.extend(source.text.lines().map(str::to_owned));
    let settings = with.split(';').map(str::trim);
    for setting in settings.filter(|setting| !setting.is_empty()) {
        let step = Line::parse_with(setting, NodeSet::first(9), &servers.library);
        if matches!(step, Ok(Some(_))) && !setting.starts_with("run ") {
            return Err(format!(
                "--with: `{setting}` is a step, not a setting; --step takes it before the wait"
            ));
        }
        let same =
            |line: &&mut String| subject(line).is_some() && subject(line) == subject(setting);
        match lines.iter_mut().find(same) {
            Some(line) => setting.clone_into(line),
            None => first.push(setting.to_owned()),
        }
    }
    let text = first.into_iter().chain(lines);
    let text: String = text.map(|line| line + "\n").collect();
    let name = match with.trim() {
        "" => source.name.clone(),
        with => format!("{} with `{with}`", source.name),
    };
    Ok(Source {
        name,
        text,
        recorded: None,
    })
}

/// What a line sets that can be set only once.
fn subject(line: &str) -> Option<(&str, Option<&str>)> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    match first {
        "cluster" | "seed" | "title" | "members" => Some((first, None)),
        "option" | "state" => Some((first, words.next())),
        _ => None,
    }
}

/// How runs go on from the end of a script.
fn plan(args: &args::Sample, script: &Script, servers: &Servers) -> Result<Plan, String> {
    let awaited = match &args.until {
        None => Awaited::StableLeader,
        Some(text) => {
            let condition = search::condition("--until", text, script)?;
            Awaited::Condition(Box::new(condition))
        }
    };
    let steps = args.steps.iter().map(|text| step(text, script, servers));
    let after = args.after.as_deref().map(|text| range("--after", text));
    Ok(Plan {
        awaited,
        time: time(&args.time)?,
        seed: args.seed,
        steps: steps.collect::<Result<_, _>>()?,
        after: after.transpose()?,
    })
}

fn range(option: &'static str, text: &str) -> Result<MillisRange, String> {
    let read = parse_range(option, text);
    read.map_err(|error| format!("{option}: {}", error.advice(Lang::En)))
}

/// How long runs go on.
fn time(text: &str) -> Result<Millis, String> {
    let range = parse_range("--for", text).ok();
    let exact = range.filter(|range| range.min() == range.max());
    let time = exact.map(MillisRange::max);
    let max = Command::DURATION_MAX;
    time.filter(|time| (Millis(1)..=max).contains(time))
        .ok_or_else(|| {
            let max = max.0 / 1_000;
            format!("--for: a time from 1ms to {max}s is needed, as in 10s, not `{text}`")
        })
}

fn step(text: &str, script: &Script, servers: &Servers) -> Result<FirstStep, String> {
    let ids = script.header.servers();
    match Line::parse_with(text, ids, &servers.library) {
        Ok(Some(Line::Command(command))) => Ok(FirstStep::Command(command)),
        Ok(_) => Err(format!("--step: `{text}` is no step, as `crash S1` is")),
        Err(error) => Err(format!("--step: {}", error.advice(Lang::En))),
    }
}
