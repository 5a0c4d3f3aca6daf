//! Debian's packages.

use crate::Context;
use crate::process::{output, program, run_logged, which};
use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// Whether this machine has Debian's packages.
pub fn is_here() -> bool {
    which("apt-get").is_some() && which("dpkg-query").is_some()
}

/// The version of a package, if it is installed.
pub fn version(package: &str) -> Option<String> {
    let mut query = program("dpkg-query");
    query.args(["-W", "-f=${db:Status-Status} ${Version}", package]);
    let text = output(&mut query).ok()?;
    text.strip_prefix("installed ").map(str::to_owned)
}

/// Installs the packages that are missing. Never removes one: where a package
/// would have to go, apt-get fails.
pub fn install(context: &Context, packages: &[&str]) -> Result<()> {
    let missing: Vec<&&str> = packages
        .iter()
        .filter(|name| version(name).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let log = context.cache.log("apt-get")?;
    run_logged(apt_get()?.arg("update"), &log)?;
    let mut command = apt_get()?;
    command
        .args(["install", "--yes", "--no-install-recommends", "--no-remove"])
        .args(missing);
    run_logged(&mut command, &log)
}

fn apt_get() -> Result<Command> {
    let root = output(program("id").arg("-u"))
        .context("cannot tell who I am")?
        .trim()
        == "0";
    let mut command = if root {
        program("apt-get")
    } else {
        let may = which("sudo").is_some() && output(program("sudo").args(["-n", "true"])).is_ok();
        ensure!(
            may,
            "Debian's packages need root, or sudo without a password"
        );
        let mut sudo = program("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-q", "-o", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}
