//! Measurements: `bench/`, a workspace of its own.

use crate::process::{program, run};
use crate::requirement::Stage;
use crate::tools::wasm_target::TARGET;
use crate::{Context, page, setup};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Its manifest, relative to the top folder.
pub const MANIFEST: &str = "bench/Cargo.toml";

/// The package that measures the laboratory.
const LABORATORY: &str = "hustings-bench-lab";

/// The package that measures the search.
const SEARCH: &str = "hustings-bench-search";

/// The package that measures the readers of logs.
const LOGS: &str = "hustings-bench-logs";

/// The tables of `bench/page.mjs`.
const TABLES: [&str; 7] = [
    "start", "frames", "lines", "long", "programs", "session", "profile",
];

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// The page in a headless browser, and nothing else
    #[arg(long)]
    page: bool,
    /// The readers of real systems' logs, and nothing else
    #[arg(long, conflicts_with = "page")]
    logs: bool,
    /// Of the page, these tables only: start, frames, lines, long, programs, session, profile
    #[arg(requires = "page", value_parser = TABLES)]
    tables: Vec<String>,
    /// A folder with another built page, whose start is measured in turns with this one's
    #[arg(long, requires = "page", value_name = "NAME=FOLDER", value_parser = named_folder)]
    beside: Vec<String>,
}

/// Parses `NAME=FOLDER`, an argument of `bench/page.mjs`; the folder must exist.
fn named_folder(text: &str) -> Result<String> {
    let (name, folder) = text.split_once('=').context("NAME=FOLDER is needed")?;
    let page = fs::canonicalize(folder).with_context(|| format!("there is no {folder}"))?;
    ensure!(
        page.join("index.html").is_file(),
        "{folder} has no index.html"
    );
    Ok(format!("{name}={}", page.display()))
}

/// Runs the measurements of the options.
pub fn measure(context: &Context, options: &Options) -> Result<()> {
    if options.page {
        of_page(context, options)
    } else if options.logs {
        of_logs(context)
    } else {
        table(context)
    }
}

/// Builds the page for release and measures it in a headless browser.
fn of_page(context: &Context, options: &Options) -> Result<()> {
    let environment = setup::walk(context, Stage::Test)?;
    let dist = page::build(context, &environment)?;
    let mut node = environment.program("node")?;
    node.arg("bench/page.mjs")
        .args(&options.tables)
        .args(&options.beside)
        .env("DIST", dist)
        .current_dir(&context.project.root);
    run(&mut node)
}

/// Measures how fast logs are read, with the profile by which the command is installed.
fn of_logs(context: &Context) -> Result<()> {
    let mut cargo = cargo(context, "run");
    cargo.args(["--profile", "page", "--quiet", "--package", LOGS]);
    run(&mut cargo)
}

/// Measures the core beside tikv's, the throughput of the laboratory, the search beside
/// stateright's, and the readers of logs. The machine should be idle. If valgrind is installed,
/// instructions are counted, too; if the tools for the page are, the laboratory is also measured
/// as WebAssembly.
fn table(context: &Context) -> Result<()> {
    run(&mut measuring(context, "hustings-bench"))?;
    println!();
    let mut laboratory = measuring(context, LABORATORY);
    match in_wasm(context) {
        Ok(module) => {
            laboratory.args(["--", &format!("in WebAssembly={}", module.display())]);
        }
        Err(error) => println!("not measured in WebAssembly: {error:#}\n"),
    }
    run(&mut laboratory)?;
    println!();
    run(&mut measuring(context, SEARCH))?;
    println!();
    of_logs(context)
}

/// Runs its tests: differential tests, allocations, and the laboratory under load.
pub fn test(context: &Context) -> Result<()> {
    run(cargo(context, "test").arg("--workspace"))
}

fn measuring(context: &Context, package: &str) -> Command {
    let mut cargo = cargo(context, "run");
    cargo.args(["--release", "--quiet", "--package", package]);
    cargo
}

/// Builds the laboratory under load with the profile of the page; returns its path.
fn in_wasm(context: &Context) -> Result<PathBuf> {
    let environment = setup::look(context, Stage::Serve)
        .context("the set-up is not complete (`cargo xtask setup`)")?;
    let target = context.project.target();
    let mut cargo = environment.program("cargo")?;
    cargo
        .args(["build", "--lib", "--quiet", "--locked"])
        .args(["--package", LABORATORY, "--manifest-path", MANIFEST])
        .args(["--profile", "page", "--target", TARGET])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&context.project.root);
    run(&mut cargo)?;
    Ok(target.join(TARGET).join("page/hustings_bench_lab.wasm"))
}

/// Both workspaces share a target folder, because they share half of their dependencies.
fn cargo(context: &Context, task: &str) -> Command {
    let mut cargo = program("cargo");
    cargo
        .args([task, "--locked", "--manifest-path", MANIFEST])
        .arg("--target-dir")
        .arg(context.project.target())
        .current_dir(&context.project.root);
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    /// The settings of a profile, with those for packages that the laboratory consists of,
    /// without the benchmark itself, what runs programs and what searches.
    fn settings(manifest: &str, profile: &str) -> Vec<String> {
        let head = format!("[profile.{profile}");
        let sections = manifest.split("\n\n").filter_map(|section| {
            let start = section.find(&head)?;
            let rest = section.get(start + head.len()..)?;
            let others = [
                ".package.hustings-bench",
                ".package.hustings-search",
                ".package.rhai",
            ];
            (!others.iter().any(|it| rest.starts_with(it))).then_some(rest)
        });
        let lines = sections.flat_map(str::lines).map(str::trim);
        let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("inherits"));
        kept.map(str::to_owned).collect()
    }

    #[test]
    fn the_laboratory_is_measured_as_the_page_is_built() {
        let root = Project::read().unwrap().root;
        let read = |name| fs::read_to_string(root.join(name)).unwrap();
        let page = settings(&read("Cargo.toml"), "release");
        assert!(page.contains(&"panic = \"abort\"".to_owned()), "{page:?}");
        assert_eq!(settings(&read(MANIFEST), "page"), page);
    }
}
