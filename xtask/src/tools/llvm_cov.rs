//! cargo-llvm-cov, which measures test coverage.

use super::cargo_install::{self, Package, Versions};
use super::rust;
use crate::Context;
use crate::process::{output, program, which};
use crate::requirement::Found;
use anyhow::{Context as _, Result, ensure};

/// Its version.
pub const VERSION: &str = "0.9.1";

const PACKAGE: Package<'_> = Package {
    name: "cargo-llvm-cov",
    version: VERSION,
    accepted: Versions::Only,
    programs: &["cargo-llvm-cov"],
    ask: &["llvm-cov", "--version"],
    flags: &["--locked"],
    optimized: &[],
};

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &PACKAGE)
}

/// Compiles it.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &PACKAGE)
}

/// Finds LLVM's tools of the active toolchain.
pub fn look_for_llvm(_: &Context) -> Result<Found> {
    let rustc = which("rustc").context("no rustc on PATH")?;
    let host = rust::detail(&rustc, "host")?;
    let folder = rust::sysroot(&rustc)?.join("lib/rustlib").join(host);
    let tool = folder.join(format!("bin/llvm-cov{}", std::env::consts::EXE_SUFFIX));
    ensure!(tool.is_file(), "not found");
    output(program(&tool).arg("--version"))?;
    Ok(Found::new("the toolchain's own", tool))
}

/// Adds LLVM's tools to the active toolchain.
pub fn add_llvm(context: &Context) -> Result<()> {
    rust::add_components(context, &["llvm-tools"])
}
