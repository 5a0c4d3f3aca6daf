//! Measurements: `bench/`, a workspace of its own.

use crate::process::{program, run};
use crate::requirement::Stage;
use crate::tools::wasm_target::TARGET;
use crate::{Context, page, setup};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where cargo finds it, from the top folder.
pub const MANIFEST: &str = "bench/Cargo.toml";

/// The package that measures the laboratory.
const LABORATORY: &str = "hustings-bench-lab";

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// The page in a headless browser, and nothing else
    #[arg(long)]
    page: bool,
    /// Of the page, these tables only: start, frames, session, profile
    #[arg(requires = "page", value_parser = ["start", "frames", "session", "profile"])]
    tables: Vec<String>,
    /// A folder with another built page, whose start is measured in turns with this one's
    #[arg(long, requires = "page", value_name = "NAME=FOLDER", value_parser = named_folder)]
    beside: Vec<String>,
}

/// A name and a folder that is there, as `bench/page.mjs` takes them.
fn named_folder(text: &str) -> Result<String> {
    let (name, folder) = text.split_once('=').context("NAME=FOLDER is needed")?;
    let page = fs::canonicalize(folder).with_context(|| format!("there is no {folder}"))?;
    ensure!(
        page.join("index.html").is_file(),
        "{folder} has no index.html"
    );
    Ok(format!("{name}={}", page.display()))
}

/// Measures what was asked for.
pub fn measure(context: &Context, options: &Options) -> Result<()> {
    if options.page {
        of_page(context, options)
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

/// Prints how fast the core is beside tikv's, and how fast the laboratory is. It
/// needs a machine that does nothing else; with valgrind on it, instructions are
/// counted, too, and with what the page needs, the laboratory is measured in
/// WebAssembly.
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
    run(&mut laboratory)
}

/// Runs its tests: the judge, the count of allocations, and the load on the
/// laboratory.
pub fn test(context: &Context) -> Result<()> {
    run(cargo(context, "test").arg("--workspace"))
}

fn measuring(context: &Context, package: &str) -> Command {
    let mut cargo = cargo(context, "run");
    cargo.args(["--release", "--quiet", "--package", package]);
    cargo
}

/// Builds the laboratory under load as the page is built, and says where it is.
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

/// Both workspaces compile to one folder: half of what they depend on is the same.
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

    /// The settings of a profile, with those for single packages of which the laboratory
    /// is made; the benchmark itself is none of them.
    fn settings(manifest: &str, profile: &str) -> Vec<String> {
        let head = format!("[profile.{profile}");
        let sections = manifest.split("\n\n").filter_map(|section| {
            let start = section.find(&head)?;
            let rest = section.get(start + head.len()..)?;
            (!rest.starts_with(".package.hustings-bench")).then_some(rest)
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
