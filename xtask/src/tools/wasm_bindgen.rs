//! wasm-bindgen writes the JavaScript around the page's WebAssembly and runs
//! the tests in a browser. Program and crate must be of one version.

use super::cargo_install::{self, Package};
use crate::Context;
use crate::requirement::Found;
use anyhow::Result;

const PROGRAMS: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-test-runner"];

fn package<'a>(context: &'a Context, flags: &'a [&'a str]) -> Package<'a> {
    Package {
        name: "wasm-bindgen-cli",
        version: &context.project.wasm_bindgen,
        programs: &PROGRAMS,
        ask: &["--version"],
        flags,
    }
}

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &package(context, &[]))
}

/// Compiles it, with the newest crates that fit: the lock file it comes with
/// has named crates that a registry did not have.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &[]))
}

/// Compiles it with the crates of the lock file it comes with.
pub fn install_locked(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &["--locked"]))
}
