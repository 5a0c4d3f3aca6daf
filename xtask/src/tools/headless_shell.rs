//! Chromium without windows, toolbars and the pages that these are made of, in which the
//! journeys run: each starts a profile of its own, and together they take a quarter less of
//! the processor than in the whole browser.

use super::browser::{fetch, record, recorded};
use super::debian;
use super::rust::version_of;
use crate::Context;
use crate::environment::Environment;
use crate::process::which;
use crate::requirement::Found;
use anyhow::{Context as _, Result};
use std::env;
use std::path::PathBuf;

/// The variable that names it.
const VARIABLE: &str = "HEADLESS_SHELL";

const NAMES: [&str; 2] = ["chromium-headless-shell", "chrome-headless-shell"];

/// Finds it.
pub fn look(context: &Context) -> Result<Found> {
    let named = env::var_os(VARIABLE).map(PathBuf::from);
    let place = named
        .or_else(|| NAMES.iter().find_map(|name| which(name)))
        .or_else(|| recorded(&downloaded(context), 0))
        .context("not found")?;
    let found = version_of(&place)?;
    let environment = Environment::default().var(VARIABLE, &place);
    Ok(Found::new(found, place).with(environment))
}

/// Installs Debian's package.
pub fn install_with_debian(context: &Context) -> Result<()> {
    debian::install(context, &["chromium-headless-shell"])
}

/// Downloads Chrome for Testing's into the cache.
pub fn download(context: &Context) -> Result<()> {
    context.cache.make(&downloaded(context), |partial| {
        let (_, shell) = fetch("chrome-headless-shell@stable", partial)?;
        record(partial, &[shell])
    })
}

fn downloaded(context: &Context) -> PathBuf {
    context.cache.tool("headless-shell", "for-testing")
}
