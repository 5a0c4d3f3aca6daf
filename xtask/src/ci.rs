//! Everything that must hold before a change lands.

use crate::environment::Environment;
use crate::process;
use crate::report::Report;
use crate::requirement::Stage;
use crate::tools::wasm_target::TARGET;
use crate::{Context, bench, fuzz, setup, size, suites};
use anyhow::Result;
use std::process::Command;

/// Sets up, lints, tests and measures.
pub fn run(context: &Context) -> Result<()> {
    let mut report = Report::default();
    let mut environment = Environment::default();
    report.step("set-up", "cargo xtask setup", || {
        environment = setup::walk(context, Stage::Ci)?;
        Ok(())
    })?;
    lint(context, &environment, &mut report)?;
    suites::run_suites(context, &environment, &[], &mut report)?;
    report.step("random schedules", "cargo xtask fuzz", || {
        fuzz::search(context, &fuzz::Options::of_ci())
    })?;
    report.step("size of the page", "cargo xtask size", || {
        size::measure(context, &context.project.page())
    })?;
    report.print();
    Ok(())
}

fn lint(context: &Context, environment: &Environment, report: &mut Report) -> Result<()> {
    let native = || process::program("cargo");
    let wasm = environment.program("cargo")?;
    let lints = ["--locked", "--all-targets"];
    let deny = ["--", "-D", "warnings"];
    let mut check = |name: &str, mut cargo: Command, args: &[&[&str]]| {
        cargo.args(args.concat()).current_dir(&context.project.root);
        let alone = args.concat().join(" ");
        report.step(name, &format!("cargo {alone}"), || process::run(&mut cargo))
    };
    check("format", native(), &[&["fmt", "--all", "--check"]])?;
    check(
        "clippy",
        native(),
        &[&["clippy", "--workspace"], &lints, &deny],
    )?;
    let apart = ["--manifest-path", bench::MANIFEST];
    check(
        "format of bench",
        native(),
        &[&["fmt", "--all"], &apart, &["--check"]],
    )?;
    check(
        "clippy for bench",
        native(),
        &[&["clippy"], &apart, &lints, &deny],
    )?;
    // The page's package brings the crates it is made of.
    let page = ["--package", "hustings", "--target", TARGET];
    check(
        "clippy for wasm32",
        wasm,
        &[&["clippy"], &page, &lints, &deny],
    )?;
    let mut doc = native();
    doc.env("RUSTDOCFLAGS", "-D warnings");
    check(
        "documentation",
        doc,
        &[&[
            "doc",
            "--workspace",
            "--no-deps",
            "--locked",
            "--document-private-items",
        ]],
    )
}
