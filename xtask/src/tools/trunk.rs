//! Trunk, which builds and serves the page.

use super::cargo_install::{self, Package, Versions};
use super::published;
use crate::Context;
use crate::project::Project;
use crate::requirement::Found;
use anyhow::Result;

fn package(context: &Context) -> Package<'_> {
    Package {
        name: "trunk",
        version: &context.project.trunk,
        accepted: Versions::OrNewer,
        programs: &["trunk"],
        ask: &["--version"],
        // Trunk need not download tools, which are all in PATH.
        flags: &["--locked", "--no-default-features"],
        optimized: &[],
    }
}

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    cargo_install::look(context, &package(context))
}

/// Downloads the published build.
pub fn download(context: &Context) -> Result<()> {
    let path = published(&context.project, &published::target());
    published::install(context, &package(context), &path)
}

/// The path of the archive for a target, without extension.
pub fn published(project: &Project, target: &str) -> String {
    let version = &project.trunk;
    format!("trunk-rs/trunk/releases/download/v{version}/trunk-{target}")
}

/// Compiles it.
pub fn install(context: &Context) -> Result<()> {
    cargo_install::install(context, &package(context))
}
