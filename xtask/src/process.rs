//! Running other programs.

use anyhow::{Context as _, Result, anyhow, bail};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Variables that `cargo run` sets; a cargo started from here should not see them.
const SET_BY_CARGO_RUN: [&str; 4] = [
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_NAME",
];

/// A command for a program, by its name in PATH or its path.
pub fn program(name: impl AsRef<Path>) -> Command {
    let mut command = Command::new(name.as_ref());
    for var in SET_BY_CARGO_RUN {
        command.env_remove(var);
    }
    command
}

/// The path of a program in PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd"]
    } else {
        &[""]
    };
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|dir| {
            endings
                .iter()
                .map(move |ending| dir.join(format!("{name}{ending}")))
        })
        .find(|file| file.is_file())
}

/// Runs a program with its output on the terminal; an error names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a program with its output in a log; an error quotes the last lines.
pub fn run_logged(command: &mut Command, log: &Path) -> Result<()> {
    let shown = show(command);
    let out = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write {}", log.display()))?;
    let status = command
        .stdin(std::process::Stdio::null())
        .stderr(out.try_clone()?)
        .stdout(out)
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        let text = fs::read_to_string(log).unwrap_or_default();
        return Err(anyhow!("{}", last_lines(&text, 15)))
            .with_context(|| format!("`{shown}` failed ({status}; log: {})", log.display()));
    }
    Ok(())
}

/// The standard output of a program.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(anyhow!("{}", last_lines(&said, 15)))
            .with_context(|| format!("`{shown}` failed ({})", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A duration in minutes, seconds or tenths of a second.
pub fn took(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 10 {
        format!("{:.1} s", duration.as_secs_f64())
    } else if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut shown = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for arg in command.get_args() {
        shown.push(' ');
        shown.push_str(&arg.to_string_lossy());
    }
    shown
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_no_more_digits_than_it_needs() {
        assert_eq!(took(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(took(Duration::from_secs(59)), "59 s");
        assert_eq!(took(Duration::from_secs(151)), "2 min 31 s");
    }

    #[test]
    fn the_last_lines_skip_empty_ones() {
        assert_eq!(last_lines("a\n\nb\nc\n\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(program("cargo")
            .arg("no-such-command")
            .stderr(std::process::Stdio::null()));
        let text = format!("{:#}", error.unwrap_err());
        assert!(text.contains("`cargo no-such-command` failed"), "{text}");
    }
}
