//! Fuzzing with random schedules (`crates/lab/tests/laboratory/invariants.rs`).

use crate::Context;
use crate::process::{program, run};
use anyhow::Result;
use clap::Args;

/// The number of steps in CI.
pub const STEPS_OF_CI: u64 = 2_000_000;

#[derive(Args)]
pub struct Options {
    /// The minimum number of steps
    #[arg(long, default_value_t = 20_000_000)]
    steps: u64,
    /// The seed of the schedules
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Options {
    pub fn of_ci() -> Self {
        let (steps, seed) = (STEPS_OF_CI, 1);
        Self { steps, seed }
    }
}

/// Runs random schedules; fails if one violates an invariant, and prints it as a shrunk
/// script with its seed.
pub fn search(context: &Context, options: &Options) -> Result<()> {
    let mut cargo = program("cargo");
    cargo
        // The whole workspace, as for the other tests, so that nothing is recompiled.
        .args(["test", "--workspace", "--locked", "--quiet"])
        .args(["--test", "laboratory"])
        .args(["--", "--nocapture", "invariants_hold"])
        .env("HUSTINGS_FUZZ_STEPS", options.steps.to_string())
        .env("HUSTINGS_FUZZ_SEED", options.seed.to_string())
        .env("RUST_BACKTRACE", "0")
        .current_dir(&context.project.root);
    run(&mut cargo)
}
