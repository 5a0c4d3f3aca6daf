//! Builds the page for release.

use crate::environment::Environment;
use crate::process;
use crate::requirement::Stage;
use crate::{Context, setup};
use anyhow::Result;
use std::path::PathBuf;

/// Sets up the tools, builds the page for release and prints its path.
pub fn run(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Serve)?;
    let dist = build(context, &environment)?;
    println!("the page is in {}", dist.display());
    Ok(())
}

/// Builds the page for release and returns its path.
pub fn build(context: &Context, environment: &Environment) -> Result<PathBuf> {
    let dist = context.project.page();
    let mut trunk = environment.program("trunk")?;
    trunk
        .args(["build", "--release", "--locked", "--dist"])
        .arg(&dist)
        .current_dir(&context.project.root);
    process::run(&mut trunk)?;
    Ok(dist)
}
