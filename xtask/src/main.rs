//! Everything that is done to Hustings from outside it: set-up, serving,
//! testing, measuring. Run it as `cargo xtask COMMAND`.
//!
//! [`requirement`] holds the idea and [`table`] the data: what the project
//! needs on a machine, how to see whether it is there and the ways to get it.
//! `setup` walks the table, `doctor` prints it and `env` turns what was found
//! into shell variables; the other commands start with a set-up.

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
    /// Build the page for release: the folder that a static host is given
    Build,
    /// Run every test, or only the named suites
    Test {
        /// The suites to run: all of them when none is named
        suites: Vec<suites::Suite>,
    },
    /// List each tool: what was found, what is wanted, and the cure
    Doctor,
    /// Print the variables that let plain `trunk` and `cargo test` find the
    /// tools: eval "$(cargo xtask env)"
    Env,
    /// Build the page for release and hold what a visitor downloads against
    /// the budget
    Size,
    /// Print how fast the core is beside tikv's raft, and how fast the laboratory
    /// is, or the page
    Bench(bench::Options),
    /// Play random schedules in search of one that violates an invariant
    Fuzz(fuzz::Options),
    /// Print how much of the core its tests reach
    Coverage,
    /// Everything that must hold before a change lands
    Ci,
}

/// What every task works with: the checkout and the place for built tools.
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
