//! `hustings run` and `hustings check`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hustings_lab::play::Outcome;
use hustings_lab::{Script, Transcript};
use serde::Serialize;

use crate::args;
use crate::diagnostic;
use crate::json::{EndLine, ErrorLine, RecordLine};
use crate::library::TerminalLibrary;
use crate::output::Output;
use crate::record::Recorder;
use crate::servers::Servers;
use crate::source::{self, Source, SourceError};
use crate::verdict::Verdict;

/// What is printed on standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A line for each script and a summary.
    Report,
    /// JSON objects.
    Json,
    /// Nothing.
    Quiet,
}

/// Numbers of scripts by result.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    unreadable: usize,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::Failed => &mut self.failed,
            Verdict::Unreadable => &mut self.unreadable,
        } += 1;
    }

    fn verdict(&self) -> Verdict {
        match self {
            Self {
                unreadable: 1.., ..
            } => Verdict::Unreadable,
            Self { failed: 1.., .. } => Verdict::Failed,
            _ => Verdict::Passed,
        }
    }
}

/// Runs scripts, one after the other.
pub(crate) fn run(
    task: &args::Run,
    style: Style,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let files = &task.files;
    let recorder = match Recorder::of(task) {
        Ok(recorder) => recorder,
        Err(message) => return output.refuse(&message),
    };
    let mut tally = Tally::default();
    for file in files {
        let mut verdict = Verdict::Unreadable;
        if let Some((source, script)) = read_with(file, style, servers, output)? {
            verdict = play(&source, &script, style, servers, output)?;
            let recorded = recorder.as_ref().map_or(Ok(()), |recorder| {
                recorder.write(&servers.recording(&source, &script))
            });
            if let Err(message) = recorded {
                verdict = output.refuse(&message)?;
            }
        }
        tally.count(verdict);
    }
    if style == Style::Report && files.len() > 1 {
        let Tally {
            passed,
            failed,
            unreadable,
        } = &tally;
        let scripts = counted(files.len(), "script");
        writeln!(
            output.out(),
            "{scripts}: {passed} passed, {failed} failed, {unreadable} could not be read"
        )?;
    }
    Ok(tally.verdict())
}

/// Parses scripts without running them.
pub(crate) fn check(files: &[PathBuf], output: &mut Output) -> io::Result<Verdict> {
    let mut tally = Tally::default();
    for file in files {
        let read = read(file, &TerminalLibrary::default(), Style::Report, output)?;
        if let Some((source, script)) = &read {
            let steps = counted(script.steps.len(), "step");
            writeln!(output.out(), "ok      {}: {steps}", source.name)?;
        }
        tally.count(match read {
            Some(_) => Verdict::Passed,
            None => Verdict::Unreadable,
        });
    }
    Ok(tally.verdict())
}

/// Reads and parses a script; prints the errors and returns `None` if that fails.
pub(crate) fn read(
    file: &Path,
    library: &TerminalLibrary,
    style: Style,
    output: &mut Output,
) -> io::Result<Option<(Source, Script)>> {
    match read_source(file, style, output)? {
        Some(source) => parse(source, library, style, output),
        None => Ok(None),
    }
}

/// Reads a script's text; prints the error and returns `None` if that fails.
pub(crate) fn read_source(
    file: &Path,
    style: Style,
    output: &mut Output,
) -> io::Result<Option<Source>> {
    or_told(Source::read(file), file, style, output)
}

/// The source that was read; prints the error and returns `None` if there is none.
fn or_told(
    read: Result<Source, SourceError>,
    file: &Path,
    style: Style,
    output: &mut Output,
) -> io::Result<Option<Source>> {
    let error = match read {
        Ok(source) => return Ok(Some(source)),
        Err(error) => error,
    };
    let (name, message) = (source::name_of(file), error.to_string());
    writeln!(output.err()?, "{}\n", diagnostic::plain(&message))?;
    match style {
        Style::Json => write_json(&ErrorLine::io_error(&name, message), output)?,
        Style::Report => writeln!(output.out(), "ERROR   {name}: cannot be read")?,
        Style::Quiet => {}
    }
    Ok(None)
}

fn parse(
    source: Source,
    library: &TerminalLibrary,
    style: Style,
    output: &mut Output,
) -> io::Result<Option<(Source, Script)>> {
    match Script::parse_with(&source.text, library) {
        Ok(script) => Ok(Some((source, script))),
        Err(errors) => {
            for error in &errors {
                writeln!(output.err()?, "{}\n", diagnostic::error(error, &source))?;
            }
            match style {
                Style::Json => write_json(&ErrorLine::new(&source.name, &errors), output)?,
                Style::Report => {
                    let more = if errors.len() < Script::ERRORS_MAX {
                        ""
                    } else {
                        " or more"
                    };
                    let errors = counted(errors.len(), "error");
                    writeln!(output.out(), "ERROR   {}: {errors}{more}", source.name)?;
                }
                Style::Quiet => {}
            }
            Ok(None)
        }
    }
}

/// As [`read`], with servers that are commands; of a recording, too.
pub(crate) fn read_with(
    file: &Path,
    style: Style,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Option<(Source, Script)>> {
    match or_told(Source::read_run(file), file, style, output)? {
        Some(source) => parse_with(source, style, servers, output),
        None => Ok(None),
    }
}

/// As [`read_with`], of a text that was read.
pub(crate) fn parse_with(
    source: Source,
    style: Style,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Option<(Source, Script)>> {
    let Some((source, mut script)) = parse(source, &servers.library, style, output)? else {
        return Ok(None);
    };
    let joined = match &source.recorded {
        Some(recorded) => servers.join_recorded(recorded, &mut script),
        None => servers.join(&mut script),
    };
    if let Err(error) = joined {
        let message = format!("{}: {error}", source.name);
        writeln!(output.err()?, "{}\n", diagnostic::plain(&message))?;
        match style {
            Style::Json => write_json(&ErrorLine::io_error(&source.name, error), output)?,
            Style::Report => writeln!(output.out(), "ERROR   {}: cannot be run", source.name)?,
            Style::Quiet => {}
        }
        return Ok(None);
    }
    Ok(Some((source, script)))
}

fn play(
    source: &Source,
    script: &Script,
    style: Style,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let outcome = outcome_of(script);
    let wrong = servers.wrong(&outcome.run, source);
    if style == Style::Json {
        let transcript = Transcript::of(&outcome.run);
        for (id, record) in outcome.run.records().iter() {
            let line = RecordLine::new(&source.name, (id, record), &transcript);
            write_json(&line, output)?;
        }
        write_json(&EndLine::new(&source.name, &outcome), output)?;
    }
    print_failures(source, &outcome, &wrong, output)?;
    if style == Style::Report {
        writeln!(output.out(), "{}", report(source, &outcome, wrong.len()))?;
    }
    Ok(verdict_on(&outcome, &wrong))
}

/// Runs a script for its records, and prints its failures. `None` if it cannot be read.
pub(crate) fn play_one(
    file: &Path,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Option<(Outcome, Verdict)>> {
    let Some((source, script)) = read_with(file, Style::Quiet, servers, output)? else {
        return Ok(None);
    };
    let outcome = outcome_of(&script);
    let wrong = servers.wrong(&outcome.run, &source);
    print_failures(&source, &outcome, &wrong, output)?;
    let verdict = verdict_on(&outcome, &wrong);
    Ok(Some((outcome, verdict)))
}

pub(crate) fn outcome_of(script: &Script) -> Outcome {
    let outcome = script.run();
    outcome.expect("parsing a script checks its header")
}

pub(crate) fn verdict_on(outcome: &Outcome, wrong: &[String]) -> Verdict {
    if outcome.passed() && wrong.is_empty() {
        Verdict::Passed
    } else {
        Verdict::Failed
    }
}

pub(crate) fn print_failures(
    source: &Source,
    outcome: &Outcome,
    wrong: &[String],
    output: &mut Output,
) -> io::Result<()> {
    for (place, failure) in (1..).zip(&outcome.failures) {
        let stopped = outcome.stopped && place == outcome.failures.len();
        let message = diagnostic::failure(failure, stopped, source);
        writeln!(output.err()?, "{message}\n")?;
    }
    for message in wrong {
        writeln!(output.err()?, "{message}\n")?;
    }
    Ok(())
}

/// A script's result as one line; with so many servers something is wrong.
fn report(source: &Source, outcome: &Outcome, servers: usize) -> String {
    let title = &outcome.run.header().title;
    let title = if title.is_empty() {
        String::new()
    } else {
        format!(" {}", annotate_snippets::normalize_untrusted_str(title))
    };
    let (word, result) = if outcome.passed() && servers == 0 {
        let expectations = counted(outcome.expectations, "expectation");
        let met = outcome
            .run
            .goals_met()
            .and_then(|record| outcome.run.records().get(record));
        let goals = met.map(|record| format!(", goals met at {}ms", record.at.0));
        ("ok    ", expectations + goals.unwrap_or_default().as_str())
    } else {
        let lines = outcome.failures.len();
        let failed = match (lines, servers) {
            (_, 0) => counted(lines, "line"),
            (0, _) => counted(servers, "server"),
            _ => format!(
                "{} and {}",
                counted(lines, "line"),
                counted(servers, "server")
            ),
        };
        ("FAILED", format!("{failed} failed"))
    };
    let colon = if title.is_empty() { "" } else { ":" };
    format!("{word}  {}{colon}{title} ({result})", source.name)
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn write_json(line: &impl Serialize, output: &mut Output) -> io::Result<()> {
    let out = output.out();
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
