//! Chromium and a ChromeDriver of the same version, with which wasm-bindgen's test runner
//! drives it; the benchmarks of the page drive it directly.

use super::debian;
use super::rust::version_of;
use crate::environment::Environment;
use crate::process::{output, program, which};
use crate::requirement::Found;
use crate::{Context, version};
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

const MAC_APPS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The npm package that downloads Chrome for Testing.
const DOWNLOADER: &str = "@puppeteer/browsers@3.2.6";

/// The variable with the browser's configuration for wasm-bindgen's test runner.
const CAPABILITIES: &str = "WASM_BINDGEN_TEST_WEBDRIVER_JSON";

/// The file in a folder of the cache that names the programs that were downloaded into it.
const RECORD: &str = "programs";

/// Finds a browser and a driver of the same major version.
pub fn look(context: &Context) -> Result<Found> {
    let drivers = drivers(context);
    let mut instead = anyhow!("no Chromium or Chrome found");
    for browser in browsers(context) {
        match pair(context, &browser, &drivers) {
            Ok(found) => return Ok(found),
            Err(why) => instead = why,
        }
    }
    Err(instead)
}

/// Installs Debian's two packages.
pub fn install_with_debian(context: &Context) -> Result<()> {
    debian::install(context, &["chromium", "chromium-driver"])
}

/// Writes a copy of webdriver.json with the path of the browser, because the driver finds
/// only some browsers by itself.
pub fn write_capabilities(context: &Context, environment: &Environment) -> Result<()> {
    let (Some(browser), Some(to)) = (environment.get("CHROME"), environment.get(CAPABILITIES))
    else {
        return Ok(());
    };
    let from = context.project.root.join("webdriver.json");
    let text =
        fs::read_to_string(&from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut json: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    json["goog:chromeOptions"]["binary"] = browser.to_string_lossy().into();
    fs::write(to, json.to_string()).with_context(|| format!("cannot write {}", to.display()))
}

/// Downloads Chrome for Testing and its driver into the cache.
pub fn download(context: &Context) -> Result<()> {
    context.cache.make(&downloaded(context), |partial| {
        let (version, browser) = fetch("chrome@stable", partial)?;
        let (_, driver) = fetch(&format!("chromedriver@{version}"), partial)?;
        record(partial, &[browser, driver])
    })
}

/// Notes in a folder which downloaded programs are in it.
pub(super) fn record(folder: &Path, programs: &[PathBuf]) -> Result<()> {
    let mut lines = String::new();
    for program in programs {
        let inside = program.strip_prefix(folder);
        let inside = inside.context("the download went elsewhere")?;
        lines += &format!("{}\n", inside.display());
    }
    Ok(fs::write(folder.join(RECORD), lines)?)
}

/// The n-th program that is noted in a folder.
pub(super) fn recorded(folder: &Path, number: usize) -> Option<PathBuf> {
    let lines = fs::read_to_string(folder.join(RECORD)).ok()?;
    Some(folder.join(lines.lines().nth(number)?))
}

fn browsers(context: &Context) -> Vec<PathBuf> {
    if let Some(named) = env::var_os("CHROME") {
        return vec![named.into()];
    }
    let on_path = NAMES.iter().filter_map(|name| which(name));
    let apps = MAC_APPS
        .iter()
        .map(PathBuf::from)
        .filter(|app| app.is_file());
    let loaded = recorded(&downloaded(context), 0);
    on_path.chain(apps).chain(loaded).collect()
}

fn drivers(context: &Context) -> Vec<PathBuf> {
    if let Some(named) = env::var_os("CHROMEDRIVER") {
        return vec![named.into()];
    }
    which("chromedriver")
        .into_iter()
        .chain(recorded(&downloaded(context), 1))
        .collect()
}

fn pair(context: &Context, browser: &Path, drivers: &[PathBuf]) -> Result<Found> {
    let found =
        version_of(browser).with_context(|| format!("{} does not run", browser.display()))?;
    let fits = |driver: &&PathBuf| {
        let its = version_of(driver).ok();
        its.and_then(|its| version::major(&its)) == version::major(&found)
    };
    let driver = drivers.iter().find(fits).with_context(|| {
        format!(
            "{} is {found}, and no ChromeDriver of that major version is found",
            browser.display()
        )
    })?;
    let environment = Environment::default()
        .var("CHROME", browser)
        .var("CHROMEDRIVER", driver)
        .var(
            CAPABILITIES,
            context.project.target().join("webdriver.json"),
        );
    Ok(Found::new(found, browser).with(environment))
}

fn downloaded(context: &Context) -> PathBuf {
    context.cache.tool("chrome", "for-testing")
}

/// Downloads a browser or driver; returns its version and its program.
pub(super) fn fetch(what: &str, dir: &Path) -> Result<(String, PathBuf)> {
    let npx = which("npx").context("no npx on PATH; it comes with Node.js")?;
    let mut command = program(npx);
    command
        .args(["--yes", DOWNLOADER, "install", what, "--path"])
        .arg(dir);
    let said = output(&mut command)?;
    let Some(found) = fetched(&said) else {
        bail!("the download of {what} ended with: {said}");
    };
    ensure!(
        found.1.is_file(),
        "{} was not downloaded",
        found.1.display()
    );
    Ok(found)
}

/// Version and path in the downloader's last line, `chrome@1.2.3 /path`.
fn fetched(said: &str) -> Option<(String, PathBuf)> {
    let (name, place) = said.trim().lines().next_back()?.split_once(' ')?;
    let (_, version) = name.split_once('@')?;
    Some((version.to_owned(), PathBuf::from(place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_download_may_have_spaces() {
        let said = "Downloading\nchrome@156.0.1.2 /home/a b/chrome\n";
        let found = Some(("156.0.1.2".to_owned(), PathBuf::from("/home/a b/chrome")));
        assert_eq!(fetched(said), found);
        assert_eq!(fetched(""), None);
    }
}
