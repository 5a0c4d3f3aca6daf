//! Debian's packages.

use crate::Context;
use crate::process::{output, program, run_logged, which};
use anyhow::{Result, ensure};
use std::process::Command;

/// Whether this machine uses Debian's packages.
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

/// The packages that are not installed.
pub fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let is_missing = |name: &&str| version(name).is_none();
    packages.iter().copied().filter(is_missing).collect()
}

/// Installs the packages that are missing; fails if apt-get would have to remove one.
pub fn install(context: &Context, packages: &[&str]) -> Result<()> {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    let log = context.cache.log("apt-get")?;
    // An interrupted installation would make the next one fail.
    run_logged(as_root("dpkg")?.args(["--configure", "-a"]), &log)?;
    run_logged(apt_get()?.arg("update"), &log)?;
    let mut command = apt_get()?;
    command
        .args(["install", "--yes", "--no-install-recommends", "--no-remove"])
        .args(missing);
    run_logged(&mut command, &log)
}

fn apt_get() -> Result<Command> {
    let mut command = as_root("apt-get")?;
    command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}

fn as_root(name: &str) -> Result<Command> {
    const QUIET: &str = "DEBIAN_FRONTEND=noninteractive";
    let user = output(program("id").arg("-u"))?;
    if user.trim() == "0" {
        let mut env = program("env");
        env.args([QUIET, name]);
        return Ok(env);
    }
    let may = which("sudo").is_some() && output(program("sudo").args(["-n", "true"])).is_ok();
    ensure!(
        may,
        "Debian's packages need root, or sudo without a password"
    );
    let mut sudo = program("sudo");
    sudo.args(["-n", QUIET, name]);
    Ok(sudo)
}
