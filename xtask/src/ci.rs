//! Everything that must hold before a change lands.

use crate::environment::Environment;
use crate::process;
use crate::report::Report;
use crate::requirement::Stage;
use crate::suites::Suite;
use crate::tools::wasm_target::TARGET;
use crate::{Context, bench, fuzz, page, setup, size, suites};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::thread;

/// Sets up, lints, tests and measures.
pub fn run(context: &Context) -> Result<()> {
    let mut report = Report::default();
    let mut environment = Environment::default();
    report.step("set-up", "cargo xtask setup", || {
        environment = setup::walk(context, Stage::Ci)?;
        Ok(())
    })?;
    // Most of a build for WebAssembly is one crate after the other, which leaves a core.
    thread::scope(|scope| {
        let beside = scope.spawn(|| {
            compile_page(context, &environment)?;
            suites::wasm_logged(context, &environment)
        });
        lint(context, &environment, &mut report)?;
        suites::run_suites(context, &environment, &[Suite::Native], &mut report)?;
        report.step(
            "the page, tests in WebAssembly",
            "cargo xtask test wasm",
            || beside.join().unwrap_or_else(|_| bail!("it panicked")),
        )
    })?;
    // One core is enough for the schedules; Trunk takes as long with the other.
    let mut dist = PathBuf::new();
    report.step("random schedules, the page", "cargo xtask fuzz", || {
        thread::scope(|scope| {
            let beside = scope.spawn(|| page::build(context, &environment));
            fuzz::search(context, &fuzz::Options::of_ci())?;
            dist = beside.join().unwrap_or_else(|_| bail!("it panicked"))?;
            Ok(())
        })
    })?;
    report.step("journeys on the page", "cargo xtask test page", || {
        suites::journeys(context, &environment, &dist)
    })?;
    report.step("size of the page", "cargo xtask size", || {
        size::measure(context, &dist)
    })?;
    report.print();
    Ok(())
}

/// Compiles what Trunk will take for the page, as it does.
fn compile_page(context: &Context, environment: &Environment) -> Result<()> {
    let mut cargo = environment.program("cargo")?;
    cargo
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["--bin", "hustings-page", "--bin", "hustings-interpreter"])
        .args(["--bin", "hustings-searcher", "--bin", "hustings-log-reader"])
        .args(["--features", "interpreter", "--target", TARGET])
        .current_dir(&context.project.root);
    process::run(&mut cargo)
}

fn lint(context: &Context, environment: &Environment, report: &mut Report) -> Result<()> {
    let native = || process::program("cargo");
    let target = context.project.target();
    let target = target.to_string_lossy();
    let lints = ["--locked", "--all-targets"];
    let deny = ["--", "-D", "warnings"];
    // There are no examples, but to ask for them brings the features of tests, with which
    // clippy has checked all dependencies.
    let doc = [
        "doc",
        "--no-deps",
        "--locked",
        "--document-private-items",
        "--lib",
        "--examples",
    ];
    // The page is looked at as what it runs as: half of what it depends on is needed
    // for nothing else.
    let page = [
        "--package",
        "hustings",
        "--features",
        "interpreter",
        "--target",
        TARGET,
    ];
    let rest = ["--workspace", "--exclude", "hustings"];
    let apart = ["--manifest-path", bench::MANIFEST];
    let there = ["--target-dir", &target];
    let mut check = |name: &str, mut cargo: Command, args: &[&[&str]]| {
        cargo
            .args(args.concat())
            .env("RUSTDOCFLAGS", "-D warnings")
            .current_dir(&context.project.root);
        let alone = args.concat().join(" ");
        report.step(name, &format!("cargo {alone}"), || process::run(&mut cargo))
    };
    check("format", native(), &[&["fmt", "--all", "--check"]])?;
    check(
        "format of bench",
        native(),
        &[&["fmt", "--all"], &apart, &["--check"]],
    )?;
    check("clippy", native(), &[&["clippy"], &rest, &lints, &deny])?;
    check(
        "clippy for bench",
        native(),
        &[&["clippy"], &apart, &there, &lints, &deny],
    )?;
    check(
        "clippy for the page",
        environment.program("cargo")?,
        &[&["clippy"], &page, &lints, &deny],
    )?;
    check(
        "documentation",
        native(),
        &[&doc, &rest, &["--bin", "xtask"]],
    )?;
    check(
        "documentation of the page",
        environment.program("cargo")?,
        &[&doc, &page],
    )
}
