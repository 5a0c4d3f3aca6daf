//! Builds the page that a visitor gets.

use crate::Context;
use crate::environment::Environment;
use crate::process::run;
use anyhow::Result;
use std::path::PathBuf;

/// Builds the page for release and says where it is.
pub fn build(context: &Context, environment: &Environment) -> Result<PathBuf> {
    let dist = context.project.page();
    let mut trunk = environment.program("trunk")?;
    trunk
        .args(["build", "--release", "--locked", "--dist"])
        .arg(&dist)
        .current_dir(&context.project.root);
    run(&mut trunk)?;
    Ok(dist)
}
