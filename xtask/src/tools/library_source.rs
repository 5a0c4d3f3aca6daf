//! The source of Rust's standard library: a release compiles it with the page.

use super::rust::{sysroot, version_of};
use super::wasm_target;
use crate::Context;
use crate::process::{program, run_logged};
use crate::requirement::Found;
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};

/// Finds it where the compiler for wasm32 has it.
pub fn look(context: &Context) -> Result<Found> {
    let rustc = wasm_target::compiler(context)?;
    let source = source(&sysroot(&rustc)?);
    ensure!(source.join("Cargo.lock").is_file(), "not found");
    Ok(Found::new(version_of(&rustc)?, source))
}

/// Asks rustup for it. Debian's compiler has it from the start.
pub fn add_with_rustup(context: &Context) -> Result<()> {
    let mut command = program("rustup");
    command
        .args(["component", "add", "rust-src"])
        .env_remove("RUST_BACKTRACE");
    run_logged(&mut command, &context.cache.log("rust-src")?)
}

/// Where cargo looks for it below a compiler's own folder.
fn source(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib/src/rust/library")
}
