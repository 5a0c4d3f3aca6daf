//! Trunk builds and serves the page.

use super::cargo_install::{self, Package};
use crate::Context;
use crate::requirement::Found;
use anyhow::Result;

fn package(context: &Context) -> Package<'_> {
    Package {
        name: "trunk",
        version: &context.project.trunk,
        programs: &["trunk"],
        ask: &["--version"],
        flags: &["--locked", "--no-default-features", "--features", "rustls"],
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
