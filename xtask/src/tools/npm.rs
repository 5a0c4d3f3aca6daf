//! The npm packages: wasm-opt, and tools to test the page and drive the browser.

use crate::Context;
use crate::environment::Environment;
use crate::process::{program, run_logged, which};
use crate::requirement::Found;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Finds the packages in the checkout by the file that npm writes after it has unpacked
/// everything.
pub fn look(context: &Context) -> Result<Found> {
    let modules = modules(context);
    let record = fs::read_to_string(modules.join(".package-lock.json")).ok();
    let record = record.context("not installed")?;
    let record: Value = serde_json::from_str(&record).context("npm's record is not JSON")?;
    for (name, wanted) in &context.project.npm {
        let found = record["packages"][format!("node_modules/{name}")]["version"].as_str();
        ensure!(
            found == Some(wanted) && modules.join(name).join("package.json").is_file(),
            "{name} {wanted} is not installed"
        );
    }
    let environment = Environment::default().path(modules.join(".bin"));
    Ok(Found::new(list(&context.project.npm), modules).with(environment))
}

/// Installs what package-lock.json lists.
pub fn install(context: &Context) -> Result<()> {
    let npm = which("npm").context("no npm on PATH")?;
    let mut command = program(npm);
    command.arg("ci").current_dir(&context.project.root);
    run_logged(&mut command, &context.cache.log("npm")?)
}

/// The packages as one line.
pub fn list(packages: &[(String, String)]) -> String {
    let each: Vec<String> = packages
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    each.join(", ")
}

fn modules(context: &Context) -> PathBuf {
    context.project.root.join("node_modules")
}
