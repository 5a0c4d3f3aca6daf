//! The checkout and the versions that it requires. Each version is defined once, in the
//! file that the tool itself reads.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The checkout.
pub struct Project {
    /// Its top folder.
    pub root: PathBuf,
    /// The minimum version of Rust (Cargo.toml).
    pub rust: String,
    /// The minimum version of Trunk (Trunk.toml).
    pub trunk: String,
    /// The version of wasm-bindgen, crate and program (Cargo.lock).
    pub wasm_bindgen: String,
    /// The minimum version of Node.js (package.json).
    pub node: String,
    /// npm's packages and their exact versions (package.json).
    pub npm: Vec<(String, String)>,
}

impl Project {
    /// Reads the checkout that this program was compiled in.
    pub fn read() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask has no folder above it")?
            .to_path_buf();
        let package: Value = serde_json::from_str(&read(&root, "package.json")?)
            .context("package.json is not JSON")?;
        Ok(Self {
            rust: assigned(&read(&root, "Cargo.toml")?, "rust-version")
                .context("Cargo.toml names no rust-version")?,
            trunk: assigned(&read(&root, "Trunk.toml")?, "trunk-version")
                .map(|version| version.trim_start_matches(">=").to_owned())
                .context("Trunk.toml names no trunk-version")?,
            wasm_bindgen: locked(&read(&root, "Cargo.lock")?, "wasm-bindgen")
                .context("Cargo.lock has no wasm-bindgen")?,
            node: package["engines"]["node"]
                .as_str()
                .map(|version| version.trim_start_matches(">=").to_owned())
                .context("package.json names no engines.node")?,
            npm: exact_packages(&package),
            root,
        })
    }

    /// The folder of the page for testing and measuring, separate from that of `trunk
    /// serve`.
    pub fn page(&self) -> PathBuf {
        self.target().join("page")
    }

    /// The target folder.
    pub fn target(&self) -> PathBuf {
        let named = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        self.root
            .join(named.unwrap_or_else(|| PathBuf::from("target")))
    }
}

fn read(root: &Path, name: &str) -> Result<String> {
    let path = root.join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The text assigned to a key by a line `key = "text"`.
fn assigned(toml: &str, key: &str) -> Option<String> {
    toml.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The version of a package in a Cargo.lock.
fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, after) = lock.split_once(&format!("\nname = \"{package}\"\n"))?;
    assigned(after.lines().next()?, "version")
}

fn exact_packages(package: &Value) -> Vec<(String, String)> {
    let listed = package["devDependencies"].as_object();
    listed
        .into_iter()
        .flatten()
        .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_belongs_to_the_package_of_that_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(locked(lock, "yew"), None);
    }

    #[test]
    fn trunk_and_npm_name_the_same_wasm_opt() {
        let project = Project::read().unwrap();
        let toml = read(&project.root, "Trunk.toml").unwrap();
        let (_, version) = project.npm.iter().find(|(n, _)| n == "binaryen").unwrap();
        let major = crate::version::major(version).unwrap();
        assert_eq!(
            assigned(&toml, "wasm_opt"),
            Some(format!("version_{major}"))
        );
    }

    #[test]
    fn npm_packages_are_pinned_exactly() {
        for (name, version) in Project::read().unwrap().npm {
            assert!(
                version.starts_with(|c: char| c.is_ascii_digit()),
                "{name} {version}"
            );
        }
    }
}
