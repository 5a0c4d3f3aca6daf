//! The browsers other than Chromium, with their drivers: Firefox, and WebKit as GTK has it.

use super::cargo_install::{self, Package, Versions};
use super::debian;
use super::rust::version_of;
use crate::Context;
use crate::environment::Environment;
use crate::process::which;
use crate::requirement::Found;
use anyhow::{Context as _, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The version of Firefox's driver.
pub const DRIVER_VERSION: &str = "0.37.1";

/// No system has packages of it that come with Firefox.
const DRIVER: Package<'_> = Package {
    name: "geckodriver",
    version: DRIVER_VERSION,
    accepted: Versions::OrNewer,
    programs: &["geckodriver"],
    ask: &["--version"],
    flags: &["--locked"],
    optimized: &[],
};

/// Debian's packages of WebKit, and of the screen that it needs.
const WEBKIT: [&str; 2] = ["webkit2gtk-driver", "xvfb"];

/// Finds Firefox.
pub fn look_for_firefox(_: &Context) -> Result<Found> {
    let named = env::var_os("FIREFOX").map(PathBuf::from);
    let place = named
        .or_else(|| which("firefox-esr"))
        .or_else(|| which("firefox"))
        .context("not found")?;
    let found = version_of(&place)?;
    let environment = Environment::default().var("FIREFOX", &place);
    Ok(Found::new(found, place).with(environment))
}

/// Installs Debian's Firefox.
pub fn install_firefox(context: &Context) -> Result<()> {
    debian::install(context, &["firefox-esr"])
}

/// Finds Firefox's driver.
pub fn look_for_driver(context: &Context) -> Result<Found> {
    cargo_install::look(context, &DRIVER)
}

/// Compiles it.
pub fn install_driver(context: &Context) -> Result<()> {
    cargo_install::install(context, &DRIVER)
}

/// Finds WebKit's small browser, its driver, and the screen that it needs.
pub fn look_for_webkit(_: &Context) -> Result<Found> {
    which("WebKitWebDriver").context("no WebKitWebDriver on PATH")?;
    which("Xvfb").context("no Xvfb on PATH")?;
    let named = env::var_os("WEBKIT").map(PathBuf::from);
    let place = named
        .or_else(small_browser)
        .context("no MiniBrowser in /usr/lib")?;
    let environment = Environment::default().var("WEBKIT", &place);
    // It prints its version only where there is a screen.
    let version = debian::version(WEBKIT[0]).unwrap_or_else(|| "at least one".to_owned());
    Ok(Found::new(version, place).with(environment))
}

/// Installs Debian's WebKit.
pub fn install_webkit(context: &Context) -> Result<()> {
    debian::install(context, &WEBKIT)
}

/// It is in the folder of a library, which has the machine's name in its path.
fn small_browser() -> Option<PathBuf> {
    fs::read_dir("/usr/lib").ok()?.flatten().find_map(|dir| {
        let file = dir.path().join(Path::new("webkit2gtk-4.1/MiniBrowser"));
        file.is_file().then_some(file)
    })
}
