//! Random schedules of a whole cluster, in search of one that violates an
//! invariant (`crates/lab/tests/invariants.rs`).

use crate::Context;
use crate::process::{program, run};
use anyhow::Result;
use clap::Args;

/// How many steps CI takes.
pub const STEPS_OF_CI: u64 = 2_000_000;

#[derive(Args)]
pub struct Options {
    /// How many steps to take at least
    #[arg(long, default_value_t = 20_000_000)]
    steps: u64,
    /// Which schedules: another number, other schedules
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Options {
    pub fn of_ci() -> Self {
        let (steps, seed) = (STEPS_OF_CI, 1);
        Self { steps, seed }
    }
}

/// Plays schedules. One that violates an invariant fails this, and is printed
/// as a script, as short as it could be made, with the seed that leads to it.
pub fn search(context: &Context, options: &Options) -> Result<()> {
    let mut cargo = program("cargo");
    cargo
        // The whole workspace: it is compiled so for the other tests, too.
        .args(["test", "--workspace", "--locked", "--quiet"])
        .args(["--test", "invariants"])
        .args(["--", "--nocapture", "invariants_hold"])
        .env("HUSTINGS_FUZZ_STEPS", options.steps.to_string())
        .env("HUSTINGS_FUZZ_SEED", options.seed.to_string())
        .env("RUST_BACKTRACE", "0")
        .current_dir(&context.project.root);
    run(&mut cargo)
}
