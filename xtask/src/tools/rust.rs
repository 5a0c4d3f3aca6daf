//! The Rust toolchain that runs this program's cargo.

use crate::process::{output, program, run_logged, which};
use crate::requirement::Found;
use crate::{Context, version};
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};

/// Finds the active rustc.
pub fn look(context: &Context) -> Result<Found> {
    let place = which("rustc").context("no rustc on PATH")?;
    let found = version_of(&place)?;
    let wanted = &context.project.rust;
    ensure!(version::at_least(&found, wanted), "found {found}");
    Ok(Found::new(found, place))
}

/// The version of a program that prints it for `--version`.
pub fn version_of(place: &Path) -> Result<String> {
    let text = output(program(place).arg("--version"))?;
    let found = version::in_text(&text);
    Ok(found.context("it prints no version")?.to_owned())
}

/// The value of a line `key: value` in the output of `rustc -vV`.
pub fn detail(rustc: &Path, key: &str) -> Result<String> {
    let text = output(program(rustc).arg("-vV"))?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    Ok(value
        .with_context(|| format!("rustc prints no {key}"))?
        .to_owned())
}

/// The sysroot of a rustc.
pub fn sysroot(rustc: &Path) -> Result<PathBuf> {
    let text = output(program(rustc).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(text.trim()))
}

/// Whether the toolchains are managed by rustup.
pub fn has_rustup() -> bool {
    which("rustup").is_some()
}

/// Finds rustfmt and clippy.
pub fn look_for_linters(_: &Context) -> Result<Found> {
    let cargo = which("cargo").context("no cargo on PATH")?;
    output(program(&cargo).args(["fmt", "--version"]))?;
    let text = output(program(&cargo).args(["clippy", "--version"]))?;
    Ok(Found::new(version::in_text(&text).unwrap_or("any"), cargo))
}

/// Adds rustfmt and clippy to the active toolchain.
pub fn add_linters(context: &Context) -> Result<()> {
    add_components(context, &["rustfmt", "clippy"])
}

/// Adds components to the active toolchain with rustup.
pub fn add_components(context: &Context, names: &[&str]) -> Result<()> {
    let mut command = program("rustup");
    command
        .args(["component", "add"])
        .args(names)
        .env_remove("RUST_BACKTRACE");
    run_logged(&mut command, &context.cache.log(names[0])?)
}
