//! Serves the page with live reload.

use crate::requirement::Stage;
use crate::{Context, setup};
use anyhow::{Context as _, Result, anyhow};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, ExitCode};

const ADDRESS: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// The command-line arguments.
#[derive(clap::Args)]
pub struct Options {
    /// The port to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// Build for release: small and fast, but slow to build
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Build for development: quick to build, with checks (the default)
    #[arg(long)]
    dev: bool,
}

/// Sets up what serving needs and serves until it is stopped.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    // Before the set-up, so that it fails early, and again after it, because it may
    // have taken long.
    check_free(options.port)?;
    let environment = setup::walk(context, Stage::Serve)?;
    check_free(options.port)?;

    let mut trunk = environment.program("trunk")?;
    trunk
        .args(["serve", "--address", &ADDRESS.to_string()])
        .args(["--port", &options.port.to_string()])
        .current_dir(&context.project.root);
    if options.open {
        trunk.arg("--open");
    }
    if options.release {
        trunk.arg("--release");
    }
    let kind = if options.release { "release" } else { "dev" };
    println!(
        "serving a {kind} build on http://{ADDRESS}:{}/ as soon as it is compiled; \
         it is rebuilt and reloaded on every change, Ctrl-C stops it",
        options.port
    );
    become_it(&mut trunk)
}

fn check_free(port: u16) -> Result<()> {
    match TcpListener::bind((ADDRESS, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(anyhow!(
            "port {port} is in use: stop what serves there, or choose another port with --port"
        )),
        Err(error) => Err(error)
            .with_context(|| format!("cannot serve on port {port}; try another with --port")),
    }
}

/// Replaces this process by a program, so that signals reach it.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("cannot start trunk")
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("cannot start trunk")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_about_a_port_in_use_names_the_flag_to_choose_another() {
        let holder = TcpListener::bind((ADDRESS, 0)).unwrap();
        let port = holder.local_addr().unwrap().port();
        let text = check_free(port).unwrap_err().to_string();
        assert!(
            text.contains(&port.to_string()) && text.contains("--port"),
            "{text}"
        );
    }
}
