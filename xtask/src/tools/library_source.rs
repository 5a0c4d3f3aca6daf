//! The source of Rust's standard library: a release compiles it with the page.

use super::rust::{add_components, sysroot, version_of};
use super::wasm_target;
use crate::Context;
use crate::requirement::Found;
use anyhow::{Result, ensure};

/// Finds it where the compiler for wasm32 has it.
pub fn look(context: &Context) -> Result<Found> {
    let rustc = wasm_target::look(context)?.place;
    let source = sysroot(&rustc)?.join("lib/rustlib/src/rust/library");
    ensure!(source.join("Cargo.lock").is_file(), "not found");
    Ok(Found::new(version_of(&rustc)?, source))
}

/// Asks rustup for it. Debian's compiler has it from the start.
pub fn add_with_rustup(context: &Context) -> Result<()> {
    add_components(context, &["rust-src"])
}
