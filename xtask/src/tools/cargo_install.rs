//! Programs that are published as crates: found in PATH or compiled into the cache.

use crate::cache::Cache;
use crate::environment::Environment;
use crate::process::{output, program, run_logged, which};
use crate::requirement::Found;
use crate::{Context, version};
use anyhow::{Result, bail};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

/// A profile for short compile times, because the tools run only for seconds. Build
/// scripts have the same profile, so that shared dependencies are compiled once.
const CHEAP_PROFILE: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// The versions in PATH that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Only the wanted version.
    Only,
    /// The wanted version and later releases.
    OrNewer,
}

impl Versions {
    fn accept(self, found: &str, wanted: &str) -> bool {
        match self {
            Self::Only => found == wanted,
            // A version with a dash is a pre-release, which Trunk.toml rejects.
            Self::OrNewer => version::at_least(found, wanted) && !found.contains('-'),
        }
    }
}

/// A crate that contains programs.
pub struct Package<'a> {
    /// The crate's name.
    pub name: &'a str,
    /// The version to install.
    pub version: &'a str,
    /// The versions that are accepted.
    pub accepted: Versions,
    /// The programs that are needed; the first one prints the version.
    pub programs: &'a [&'a str],
    /// The argument to print the version.
    pub ask: &'a [&'a str],
    /// Further arguments for `cargo install`.
    pub flags: &'a [&'a str],
    /// Crates to optimize: without this, the programs would take seconds longer each
    /// time.
    pub optimized: &'a [&'a str],
}

impl Package<'_> {
    /// Its folder in the cache.
    pub fn place(&self, cache: &Cache) -> PathBuf {
        cache.tool(self.name, self.version)
    }
}

/// Finds the programs on PATH or in the cache.
pub fn look(context: &Context, package: &Package) -> Result<Found> {
    let cached = package.place(&context.cache).join("bin");
    let on_path = which(package.programs[0]).and_then(|file| Some(file.parent()?.to_path_buf()));
    let mut instead = String::from("not found");
    for dir in on_path.iter().chain([&cached]) {
        match version_in(dir, package) {
            Some(found) if package.accepted.accept(&found, package.version) => {
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
    context
        .cache
        .make(&package.place(&context.cache), |partial| {
            let target = partial.join("target");
            let mut cargo = program("cargo");
            cargo
                .args(["install", package.name, "--version", package.version])
                .args(package.flags)
                .args(package.optimized.iter().flat_map(optimize))
                .args(package.programs.iter().flat_map(|name| ["--bin", name]))
                .arg("--root")
                .arg(partial)
                .arg("--target-dir")
                .arg(&target)
                // Outside the checkout, whose cargo configuration must not apply.
                .current_dir(partial)
                .env_remove("CARGO_TARGET_DIR")
                .env_remove("CARGO_BUILD_TARGET")
                .env_remove("RUSTFLAGS")
                .envs(CHEAP_PROFILE);
            run_logged(&mut cargo, &log)?;
            Ok(fs::remove_dir_all(&target)?)
        })
}

/// The setting that optimizes a crate a little.
fn optimize(name: &&str) -> [String; 2] {
    let setting = format!("profile.release.package.{name}.opt-level=1");
    ["--config".to_owned(), setting]
}

/// The version of the programs in a folder, if all are there.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_releases_are_accepted_if_allowed() {
        for found in ["0.21.14", "0.21.15", "0.22.1", "1.0.0"] {
            assert!(Versions::OrNewer.accept(found, "0.21.14"), "{found}");
        }
        for found in ["0.21.13", "0.20.99", "0.22.0-beta.1"] {
            assert!(!Versions::OrNewer.accept(found, "0.21.14"), "{found}");
        }
        assert!(Versions::Only.accept("0.2.129", "0.2.129"));
        assert!(!Versions::Only.accept("0.2.130", "0.2.129"));
    }
}
