//! wasm-bindgen, which generates the JavaScript for the page's WebAssembly and runs tests
//! in a browser. Program and crate must have the same version.

use super::cargo_install::{self, Package, Versions};
use super::published;
use crate::Context;
use crate::project::Project;
use crate::requirement::Found;
use anyhow::Result;

const PROGRAMS: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-test-runner"];

/// Without TLS, because the test runner connects only to a local driver.
const PLAIN: &str = "--no-default-features";

fn package<'a>(context: &'a Context, flags: &'a [&'a str]) -> Package<'a> {
    Package {
        name: "wasm-bindgen-cli",
        version: &context.project.wasm_bindgen,
        accepted: Versions::Only,
        programs: &PROGRAMS,
        ask: &["--version"],
        flags,
        // These parse and write the whole module at every build of the page.
        optimized: &["wasmparser", "walrus", "wasm-bindgen-cli-support"],
    }
}

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &package(context, &[]))
}

/// Downloads the published build.
pub fn download(context: &Context) -> Result<()> {
    let path = published(&context.project, &published::target());
    published::install(context, &package(context, &[]), &path)
}

/// The path of the archive for a target, without extension.
pub fn published(project: &Project, target: &str) -> String {
    let version = &project.wasm_bindgen;
    format!("wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{target}")
}

/// Compiles it with the newest compatible crates, in case a registry lacks crates of its
/// lock file.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &[PLAIN]))
}

/// Compiles it with the crates of its lock file.
pub fn install_locked(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context, &["--locked", PLAIN]))
}
