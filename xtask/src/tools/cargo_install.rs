//! Programs that are compiled from the crate registry into the cache.

use crate::environment::Environment;
use crate::process::{output, program, run_logged, which};
use crate::requirement::Found;
use crate::{Context, version};
use anyhow::{Result, bail};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

/// Tools run for seconds: they are built for compile time, not for speed.
const CHEAP_PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// A crate with programs, and the exact version of it.
pub struct Package<'a> {
    /// The crate's name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The programs that are needed; the first one is asked for its version.
    pub programs: &'a [&'a str],
    /// What it is asked with.
    pub ask: &'a [&'a str],
    /// What else `cargo install` is told.
    pub flags: &'a [&'a str],
}

/// Finds the programs on PATH or in the cache.
pub fn look(context: &Context, package: &Package) -> Result<Found> {
    let cached = cached(context, package).join("bin");
    let on_path = which(package.programs[0]).and_then(|file| Some(file.parent()?.to_path_buf()));
    let mut instead = String::from("not found");
    for dir in on_path.iter().chain([&cached]) {
        match version_in(dir, package) {
            Some(found) if found == package.version => {
                let place = dir.join(package.programs[0]);
                return Ok(Found::new(found, place).with(Environment::default().path(dir)));
            }
            Some(other) => instead = format!("found {other} in {}", dir.display()),
            None => {}
        }
    }
    bail!("{instead}")
}

/// Compiles the crate into the cache.
pub fn install(context: &Context, package: &Package) -> Result<()> {
    let log = context.cache.log(package.name)?;
    context.cache.make(&cached(context, package), |partial| {
        let target = partial.join("target");
        let mut cargo = program("cargo");
        cargo
            .args(["install", package.name, "--version", package.version])
            .args(package.flags)
            .args(package.programs.iter().flat_map(|name| ["--bin", name]))
            .arg("--root")
            .arg(partial)
            .arg("--target-dir")
            .arg(&target)
            // Out of the checkout, whose configuration is not for tools.
            .current_dir(partial)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .envs(CHEAP_PROFILE);
        run_logged(&mut cargo, &log)?;
        Ok(fs::remove_dir_all(&target)?)
    })
}

fn cached(context: &Context, package: &Package) -> PathBuf {
    context.cache.tool(package.name, package.version)
}

/// The version of the programs in a folder that has all of them.
fn version_in(dir: &Path, package: &Package) -> Option<String> {
    let file = |name: &&str| dir.join(format!("{name}{EXE_SUFFIX}"));
    let mut files = package.programs.iter().map(file);
    let first = files.next()?;
    if !files.all(|file| file.is_file()) {
        return None;
    }
    let text = output(program(&first).args(package.ask)).ok()?;
    version::in_text(&text).map(str::to_owned)
}
