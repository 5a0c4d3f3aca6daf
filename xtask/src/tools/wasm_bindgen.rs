//! wasm-bindgen writes the JavaScript around the page's WebAssembly and runs
//! the tests in a browser. Program and crate must be of one version.

use super::cargo_install::{self, Package};
use crate::Context;
use crate::requirement::Found;
use anyhow::Result;

fn package(context: &Context) -> Package<'_> {
    Package {
        name: "wasm-bindgen-cli",
        version: &context.project.wasm_bindgen,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Not --locked: its lock has named crates that cannot be had.
        flags: &["--bin", "wasm-bindgen", "--bin", "wasm-bindgen-test-runner"],
    }
}

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &package(context))
}

/// Compiles it.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context))
}
