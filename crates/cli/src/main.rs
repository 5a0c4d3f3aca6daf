//! The command line of Hustings: runs election scripts and reports the results.

mod args;
mod check_server;
mod clock;
mod diagnostic;
mod diagram;
mod explain;
mod fmt;
mod json;
mod library;
mod link;
mod logs;
mod output;
mod record;
mod run;
mod sample;
mod search;
mod servers;
mod source;
mod stats;
mod verdict;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use clap_complete::Shell;

use crate::args::{Args, Task};
use crate::output::Output;
use crate::run::Style;
use crate::servers::Servers;
use crate::verdict::Verdict;

fn main() -> ExitCode {
    let args = Args::parse();
    let mut output = Output::new();
    let result = dispatch(&args.task, &mut output);
    match result.and_then(|verdict| output.finish().map(|()| verdict)) {
        Ok(verdict) => verdict.into(),
        Err(error) => {
            // Even if standard error is closed, too, the exit status reports the failure.
            let message = diagnostic::plain(&format!("cannot write: {error}"));
            let _ = writeln!(anstream::stderr(), "{message}");
            Verdict::Unreadable.into()
        }
    }
}

fn dispatch(task: &Task, output: &mut Output) -> io::Result<Verdict> {
    let quiet = matches!(task, Task::Run(run) if run.quiet);
    let servers = match task {
        Task::Link { programs, .. } => Servers::with(programs),
        _ => match task.servers() {
            Some(servers) => Servers::start(servers, !quiet),
            None => Ok(Servers::default()),
        },
    };
    let servers = match servers {
        Ok(servers) => servers,
        Err(error) => {
            writeln!(output.err()?, "{error}\n")?;
            return Ok(Verdict::Unreadable);
        }
    };
    match task {
        Task::Run(run) => {
            let style = if run.json {
                Style::Json
            } else if run.quiet {
                Style::Quiet
            } else {
                Style::Report
            };
            run::run(run, style, &servers, output)
        }
        Task::Check { files } => run::check(files, output),
        Task::Fmt { files, check } => fmt::fmt(files, *check, output),
        Task::Explain { file, all, .. } => explain::explain(file, *all, &servers, output),
        Task::Stats { file, .. } => stats::stats(file, &servers, output),
        Task::Diagram { file, format, .. } => diagram::diagram(file, *format, &servers, output),
        Task::Search(task) => search::search(task, &servers, output),
        Task::Logs(task) => logs::logs(task, output),
        Task::Sample(task) => sample::sample(task, &servers, output),
        Task::CheckServer { command, timeout } => {
            check_server::check_server(command, timeout, output)
        }
        Task::Link { file, page, .. } => link::link(file, page, &servers, output),
        Task::Unlink { link } => link::unlink(link, output),
        Task::Completions { shell } => complete(*shell, output),
    }
}

fn complete(shell: Shell, output: &mut Output) -> io::Result<Verdict> {
    // The generator panics on write errors, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "hustings", &mut script);
    output.out().write_all(&script)?;
    Ok(Verdict::Passed)
}
