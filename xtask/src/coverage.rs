//! How much of the core its tests reach.

use crate::Context;
use crate::process::run;
use crate::requirement::Stage;
use crate::setup;
use anyhow::Result;

/// The least share of the core's lines that its tests must reach, in percent.
const LINES_MIN: &str = "95";

/// Prints each file's share and the lines that no test reaches; fails below
/// [`LINES_MIN`].
pub fn measure(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Coverage)?;
    let mut cargo = environment.program("cargo")?;
    cargo
        .args(["llvm-cov", "--package", "hustings-raft", "--locked"])
        .args(["--show-missing-lines", "--fail-under-lines", LINES_MIN])
        .current_dir(&context.project.root);
    run(&mut cargo)
}
