//! The environment that the tools need: folders in PATH and a few variables.

use crate::requirement::Stage;
use crate::{Context, process, setup};
use anyhow::{Context as _, Result};
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Additions to the shell's own environment.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    paths: Vec<PathBuf>,
    vars: Vec<(&'static str, PathBuf)>,
}

impl Environment {
    /// With a folder in PATH.
    pub fn path(mut self, dir: impl Into<PathBuf>) -> Self {
        self.paths.push(dir.into());
        self
    }

    /// With a variable that is a path.
    pub fn var(mut self, name: &'static str, file: impl Into<PathBuf>) -> Self {
        self.vars.push((name, file.into()));
        self
    }

    /// The file in a variable.
    pub fn get(&self, name: &str) -> Option<&Path> {
        let found = self.vars.iter().find(|(var, _)| *var == name);
        found.map(|(_, file)| file.as_path())
    }

    /// Adds everything in `other`.
    pub fn add(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.vars.extend(other.vars);
    }

    /// A command with these additions.
    pub fn program(&self, name: impl AsRef<Path>) -> Result<Command> {
        let mut command = process::program(name);
        command.env("PATH", self.search_path()?);
        command.envs(self.vars.iter().map(|(name, file)| (name, file)));
        Ok(command)
    }

    /// The value of PATH with the additions.
    pub fn search_path(&self) -> Result<OsString> {
        let before = env::var_os("PATH").unwrap_or_default();
        let rest = env::split_paths(&before).filter(|dir| !self.paths.contains(dir));
        env::join_paths(self.paths.iter().cloned().chain(rest))
            .context("a folder of the tools cannot stand in PATH")
    }
}

/// Prints the additions for a POSIX shell: for serving the page and, as far as their
/// requirements are met, for its tests.
pub fn print(context: &Context) -> Result<()> {
    let (found, missing) = setup::look_for_tests(context, Stage::Serve)
        .context("the set-up is not complete: run `cargo xtask setup` first")?;
    for why in missing {
        eprintln!("{why:#}; tests in a browser need it (`cargo xtask setup`)");
    }
    if !found.paths.is_empty() {
        println!("export PATH={}", quoted(&found.search_path()?));
    }
    for (name, file) in &found.vars {
        println!("export {name}={}", quoted(file.as_os_str()));
    }
    Ok(())
}

/// Quotes a word for a POSIX shell.
pub fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_word_cannot_break_out_of_its_quotes() {
        assert_eq!(quoted(OsStr::new("a b$c")), "'a b$c'");
        assert_eq!(quoted(OsStr::new("it's")), r"'it'\''s'");
    }

    #[test]
    fn a_folder_is_in_path_once_and_first() {
        let before = env::var_os("PATH").unwrap();
        let last = env::split_paths(&before).last().unwrap();
        let path = Environment::default().path(&last).search_path().unwrap();
        let dirs: Vec<PathBuf> = env::split_paths(&path).collect();
        assert_eq!(dirs[0], last);
        assert_eq!(dirs.iter().filter(|dir| **dir == last).count(), 1);
    }
}
