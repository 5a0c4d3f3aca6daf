//! wasm-bindgen writes the JavaScript around the page's WebAssembly and runs
//! the tests in a browser. Program and crate must be of one version.

use super::cargo_install::{self, Package, Versions};
use super::published;
use crate::Context;
use crate::project::Project;
use crate::requirement::Found;
use anyhow::Result;

const PROGRAMS: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-test-runner"];

/// Without TLS: its test runner talks to a driver on this machine only.
const PLAIN: &str = "--no-default-features";

fn package<'a>(context: &'a Context, flags: &'a [&'a str]) -> Package<'a> {
    Package {
        name: "wasm-bindgen-cli",
        version: &context.project.wasm_bindgen,
        accepted: Versions::Only,
        programs: &PROGRAMS,
        ask: &["--version"],
        flags,
        // They read and write all of a module, at every build of the page.
        optimized: &["wasmparser", "walrus", "wasm-bindgen-cli-support"],
    }
}

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &package(context, &[]))
}

/// Downloads what its publishers built.
pub fn download(context: &Context) -> Result<()> {
    let path = published(&context.project, &published::target());
    published::install(context, &package(context, &[]), &path)
}

/// The path of the archive for a kind of machine, without its ending.
pub fn published(project: &Project, target: &str) -> String {
    let version = &project.wasm_bindgen;
    format!("wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{target}")
}

/// Compiles it, with the newest crates that fit: the lock file it comes with
/// has named crates that a registry did not have.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &[PLAIN]))
}

/// Compiles it with the crates of the lock file it comes with.
pub fn install_locked(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &["--locked", PLAIN]))
}
