//! The test suites.

use crate::environment::Environment;
use crate::process::{output, program, run, run_logged};
use crate::report::Report;
use crate::requirement::Stage;
use crate::tools::wasm_target::TARGET;
use crate::{Context, bench, page, setup};
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use serde_json::Value;
use std::env;
use std::fs;
use std::io::{IsTerminal as _, stdout};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// One suite.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// The tests of all crates on this machine, and tikv's core as a judge
    Native,
    /// The tests that run as WebAssembly in a headless browser
    Wasm,
    /// The journeys through the built page in a headless browser
    Page,
    /// The main journeys in Firefox and WebKit; only where it is named
    Browsers,
}

const USUAL: [Suite; 3] = [Suite::Native, Suite::Wasm, Suite::Page];

/// Sets up and runs the suites that are named, or the usual ones.
pub fn test(context: &Context, named: &[Suite]) -> Result<()> {
    let stage = if named.contains(&Suite::Browsers) {
        Stage::Elsewhere
    } else {
        Stage::Test
    };
    let environment = setup::walk(context, stage)?;
    let named = if named.is_empty() { &USUAL } else { named };
    let mut report = Report::default();
    run_suites(context, &environment, named, &mut report)?;
    report.print();
    Ok(())
}

/// Runs suites up to the first that fails.
pub fn run_suites(
    context: &Context,
    environment: &Environment,
    suites: &[Suite],
    report: &mut Report,
) -> Result<()> {
    for suite in suites {
        match suite {
            Suite::Native => report.step("native tests", "cargo xtask test native", || {
                native(context)
            }),
            Suite::Wasm => report.step("tests in WebAssembly", "cargo xtask test wasm", || {
                wasm(context, environment)
            }),
            Suite::Page => report.step("journeys on the page", "cargo xtask test page", || {
                let dist = page::build(context, environment)?;
                journeys(context, environment, &dist)
            }),
            Suite::Browsers => {
                report.step("journeys elsewhere", "cargo xtask test browsers", || {
                    let dist = page::build(context, environment)?;
                    journeys_elsewhere(context, environment, &dist)
                })
            }
        }?;
    }
    Ok(())
}

fn native(context: &Context) -> Result<()> {
    let mut cargo = program("cargo");
    cargo
        .args(["test", "--workspace", "--locked"])
        .current_dir(&context.project.root);
    run(&mut cargo)?;
    bench::test(context)
}

fn wasm(context: &Context, environment: &Environment) -> Result<()> {
    run(&mut wasm_tests(context, environment)?)
}

/// The tests in WebAssembly with their output in a log: what runs beside them has the
/// terminal.
pub fn wasm_logged(context: &Context, environment: &Environment) -> Result<()> {
    let log = context.project.target().join("wasm-tests.log");
    run_logged(&mut wasm_tests(context, environment)?, &log)
}

fn wasm_tests(context: &Context, environment: &Environment) -> Result<Command> {
    let packages = packages_with_wasm_tests(context)?;
    ensure!(
        !packages.is_empty(),
        "no package depends on wasm-bindgen-test for its tests"
    );
    let mut cargo = environment.program("cargo")?;
    // Not the examples in the documentation: the runner cannot run those.
    cargo.args(["test", "--locked", "--target", TARGET, "--tests"]);
    for package in &packages {
        cargo.args(["--package", package]);
    }
    cargo.current_dir(&context.project.root);
    Ok(cargo)
}

/// Packages that ask for wasm-bindgen-test.
fn packages_with_wasm_tests(context: &Context) -> Result<Vec<String>> {
    let mut cargo = program("cargo");
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let text = output(cargo.current_dir(&context.project.root))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata printed no JSON")?;
    Ok(with_dependency(&metadata, "wasm-bindgen-test"))
}

fn with_dependency(metadata: &Value, dependency: &str) -> Vec<String> {
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let depends = |package: &Value| {
        array(&package["dependencies"])
            .iter()
            .any(|it| it["name"] == dependency)
    };
    array(&metadata["packages"])
        .iter()
        .filter(|package| depends(package))
        .filter_map(|package| Some(package["name"].as_str()?.to_owned()))
        .collect()
}

/// Runs `tests/e2e/*.test.mjs` on the built page, beside the command line.
pub fn journeys(context: &Context, environment: &Environment, dist: &Path) -> Result<()> {
    let hustings = command_line(context)?;
    let files = journey_files(context)?;
    run(node_tests(context, environment, dist, &files)?.env("HUSTINGS", hustings))
}

/// Runs those of them that run everywhere in Firefox, and in WebKit.
fn journeys_elsewhere(context: &Context, environment: &Environment, dist: &Path) -> Result<()> {
    let mut files = journey_files(context)?;
    files.retain(|file| {
        fs::read_to_string(file).is_ok_and(|text| text.contains("everywhere: true"))
    });
    for browser in ["firefox", "webkit"] {
        run(node_tests(context, environment, dist, &files)?.env("BROWSER", browser))?;
    }
    Ok(())
}

fn node_tests(
    context: &Context,
    environment: &Environment,
    dist: &Path,
    files: &[PathBuf],
) -> Result<Command> {
    ensure!(!files.is_empty(), "there is no test in tests/e2e");
    // Plain lines for a log, colours for a person.
    let reporter = if stdout().is_terminal() {
        "spec"
    } else {
        "tap"
    };
    // Node's default leaves one core to itself; a journey often waits, so two more are at work.
    let at_once = thread::available_parallelism().map_or(1, NonZero::get) + 2;
    let mut node = environment.program("node")?;
    node.args(["--test", &format!("--test-reporter={reporter}")])
        .arg(format!("--test-concurrency={at_once}"))
        .args(files)
        .env("DIST", dist)
        .env("SCREENSHOTS", context.project.target().join("e2e"))
        .current_dir(&context.project.root);
    Ok(node)
}

/// Builds the program `hustings` and says where it is.
fn command_line(context: &Context) -> Result<PathBuf> {
    let mut cargo = program("cargo");
    // As a by-product of its tests: with other features than these, the native tests'
    // libraries would be compiled once more.
    cargo
        .args(["test", "--workspace", "--locked", "--no-run"])
        .args(["--test", "hustings"])
        .current_dir(&context.project.root);
    run(&mut cargo)?;
    let name = format!("hustings{}", env::consts::EXE_SUFFIX);
    Ok(context.project.target().join("debug").join(name))
}

fn journey_files(context: &Context) -> Result<Vec<PathBuf>> {
    let dir = context.project.root.join("tests/e2e");
    let entries = fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_packages_that_ask_for_it_have_tests_in_wasm() {
        let metadata = json!({ "packages": [
            { "name": "page", "dependencies": [{ "name": "wasm-bindgen-test", "kind": "dev" }] },
            { "name": "core", "dependencies": [{ "name": "serde" }] },
        ]});
        assert_eq!(with_dependency(&metadata, "wasm-bindgen-test"), ["page"]);
    }
}
