//! The core beside tikv's: `bench/`, a workspace of its own.

use crate::Context;
use crate::process::{program, run};
use anyhow::Result;
use std::process::Command;

/// Where cargo finds it, from the top folder.
pub const MANIFEST: &str = "bench/Cargo.toml";

/// Prints the table of speeds. It needs a machine that does nothing else; with
/// valgrind on it, the table counts instructions, too.
pub fn table(context: &Context) -> Result<()> {
    run(&mut cargo(context, &["run", "--release", "--quiet"]))
}

/// Runs its tests: the judge, and the count of allocations.
pub fn test(context: &Context) -> Result<()> {
    run(&mut cargo(context, &["test"]))
}

fn cargo(context: &Context, args: &[&str]) -> Command {
    let mut cargo = program("cargo");
    cargo
        .args(args)
        .args(["--locked", "--manifest-path", MANIFEST])
        .current_dir(&context.project.root);
    cargo
}
