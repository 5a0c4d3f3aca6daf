//! Tasks of development: set-up, serving, testing, measuring. Run it as `cargo xtask
//! COMMAND`.
//!
//! [`table`] lists the [`requirement`]s: what the project needs on a machine, how to find
//! it, and how to get it. `setup` gets what is missing, `doctor` prints the table, and
//! `env` prints shell variables for what was found; the other commands begin with a
//! set-up.

mod bench;
mod cache;
mod ci;
mod coverage;
mod doctor;
mod environment;
mod fuzz;
mod page;
mod process;
mod project;
mod report;
mod requirement;
mod serve;
mod setup;
mod size;
mod suites;
mod table;
mod tools;
mod version;

use anyhow::Result;
use cache::Cache;
use clap::{Parser, Subcommand};
use project::Project;
use requirement::Stage;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set up, serve, build, test and measure Hustings"
)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Get everything the project needs onto this machine
    Setup,
    /// Serve the page and rebuild it on every change
    Serve(serve::Options),
    /// Build the page for release, for any static host
    Build,
    /// Run every test, or only the named suites
    Test {
        /// The suites to run; by default native, wasm and page
        suites: Vec<suites::Suite>,
    },
    /// List each tool: the version found, the version wanted, and how to get it
    Doctor,
    /// Print the variables that let plain `trunk` and `cargo test` find the
    /// tools: eval "$(cargo xtask env)"
    Env,
    /// Build the page for release and compare the size of a visitor's download with
    /// the budget
    Size,
    /// Measure the core beside tikv's raft and the laboratory, or the page
    Bench(bench::Options),
    /// Run random schedules in search of one that violates an invariant
    Fuzz(fuzz::Options),
    /// Print the test coverage of the core
    Coverage,
    /// Run all checks that CI runs
    Ci,
}

/// The context of all tasks: the checkout and the folder of built tools.
struct Context {
    project: Project,
    cache: Cache,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let context = Context {
        project: Project::read()?,
        cache: Cache::locate()?,
    };
    match task {
        Task::Setup => drop(setup::walk(&context, Stage::Ci)?),
        Task::Serve(options) => return serve::run(&context, &options),
        Task::Build => page::run(&context)?,
        Task::Test { suites } => suites::test(&context, &suites)?,
        Task::Doctor => return doctor::run(&context),
        Task::Env => environment::print(&context)?,
        Task::Size => size::run(&context)?,
        Task::Bench(options) => bench::measure(&context, &options)?,
        Task::Fuzz(options) => fuzz::search(&context, &options)?,
        Task::Coverage => coverage::measure(&context)?,
        Task::Ci => ci::run(&context)?,
    }
    Ok(ExitCode::SUCCESS)
}
