//! The test coverage of the core.

use crate::Context;
use crate::process::run;
use crate::requirement::Stage;
use crate::setup;
use anyhow::Result;

/// The minimum line coverage of the core, in per cent.
const LINES_MIN: &str = "95";

/// Prints the coverage of each file and the uncovered lines; fails below [`LINES_MIN`].
pub fn measure(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Coverage)?;
    let mut cargo = environment.program("cargo")?;
    cargo
        .args(["llvm-cov", "--package", "hustings-raft", "--locked"])
        .args(["--show-missing-lines", "--fail-under-lines", LINES_MIN])
        .current_dir(&context.project.root);
    run(&mut cargo)
}
