//! Builds the page that a visitor gets.

use crate::environment::Environment;
use crate::process;
use crate::requirement::Stage;
use crate::{Context, setup};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// The standard library is compiled with the page, for size; and a panic, which
/// the page tells in any case, does not say in which words and where in the source,
/// as it does in a build for development. It makes 6 % of what a visitor downloads.
/// Cargo and rustc call this unstable; RUSTC_BOOTSTRAP lets the stable ones do it.
const LIBRARY: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options -Cpanic=immediate-abort",
    ),
];

/// Sets up what a build needs, builds the page for release and prints where it is.
pub fn run(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Serve)?;
    let dist = build(context, &environment)?;
    println!("the page is in {}", dist.display());
    Ok(())
}

/// Builds the page for release and says where it is.
pub fn build(context: &Context, environment: &Environment) -> Result<PathBuf> {
    let dist = context.project.page();
    let mut trunk = environment.program("trunk")?;
    trunk
        .args(["build", "--locked", "--dist"])
        .arg(&dist)
        .current_dir(&context.project.root);
    process::run(for_release(&mut trunk))?;
    Ok(dist)
}

/// Has Trunk build as for visitors.
pub fn for_release(trunk: &mut Command) -> &mut Command {
    trunk.arg("--release").envs(LIBRARY)
}
