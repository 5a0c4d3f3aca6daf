//! The target wasm32. Usually rustup installs it. If rustup's servers cannot be reached,
//! the standard library is built from Debian's package of its source, into a toolchain
//! in the cache that consists of Debian's compiler, that library and a linker.

use super::debian;
use super::rust::{detail, sysroot, version_of};
use crate::environment::{Environment, quoted};
use crate::process::{program, run_logged, which};
use crate::requirement::Found;
use crate::{Context, version};
use anyhow::{Context as _, Result, bail, ensure};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

/// The target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The Debian packages that the fallback needs.
pub const DEBIAN_PACKAGES: [&str; 4] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

const DEBIAN_BIN: &str = "/usr/bin";

/// Finds a compiler by compiling with it: the active one, or the one in the cache.
pub fn look(context: &Context) -> Result<Found> {
    let active = which("rustc").context("no rustc on PATH")?;
    let Err(why) = compiles(&active) else {
        return Ok(Found::new(version_of(&active)?, active));
    };
    if let Some(dir) = ours(context) {
        let rustc = dir.join("bin/rustc");
        if rustc.is_file() {
            compiles(&rustc).with_context(|| format!("{} does not work", dir.display()))?;
            let lost = debian::missing(&DEBIAN_PACKAGES);
            ensure!(lost.is_empty(), "{} is not installed", lost.join(", "));
            let environment = Environment::default().path(dir.join("bin"));
            return Ok(Found::new(version_of(&rustc)?, rustc).with(environment));
        }
    }
    Err(why)
}

/// Adds the target with rustup.
pub fn add_with_rustup(context: &Context) -> Result<()> {
    let mut command = program("rustup");
    command
        .args(["target", "add", TARGET])
        .env_remove("RUST_BACKTRACE");
    run_logged(&mut command, &context.cache.log("rustup")?)
}

/// Builds the toolchain in the cache.
pub fn build_with_debian(context: &Context) -> Result<()> {
    debian::install(context, &DEBIAN_PACKAGES)?;
    let rustc = Path::new(DEBIAN_BIN).join("rustc");
    let found = version_of(&rustc)?;
    let wanted = &context.project.rust;
    ensure!(
        version::at_least(&found, wanted),
        "Debian's rustc here is {found}, and {wanted} is needed"
    );
    let dir = ours(context).context("Debian's rustc has no package")?;
    if compiles(&dir.join("bin/rustc")).is_ok() {
        return Ok(());
    }
    let log = context.cache.log("wasm-standard-library")?;
    context.cache.make(&dir, |partial| {
        build_library(partial, &log)?;
        assemble(partial, &dir, &rustc)
    })
}

/// Removes what this checkout compiled with the standard library of another Debian
/// package, which cargo does not notice. Builds from the same package are identical.
pub fn drop_stale_builds(context: &Context) -> Result<()> {
    let Some(dir) = ours(context).filter(|dir| dir.is_dir()) else {
        return Ok(());
    };
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let builds = context.project.target().join(TARGET);
    let stamp = builds.join(".toolchain");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == name) {
        return Ok(());
    }
    if builds.is_dir() {
        eprintln!(
            "wasm32 target: another standard library; removing what was built with the old one"
        );
        fs::remove_dir_all(&builds)
            .with_context(|| format!("cannot remove {}", builds.display()))?;
    }
    fs::create_dir_all(&builds)?;
    fs::write(&stamp, name.as_bytes()).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The folder of the toolchain in the cache, by the version of the Debian package, so
/// that an update is rebuilt.
fn ours(context: &Context) -> Option<PathBuf> {
    let version = debian::version(DEBIAN_PACKAGES[0])?;
    Some(context.cache.tool("rust-wasm", &version))
}

/// Compiles and links a small test program, which requires the standard library, the test
/// library and a linker.
fn compiles(rustc: &Path) -> Result<()> {
    let out = env::temp_dir().join(format!("hustings-probe-{}.wasm", process::id()));
    let mut command = program(rustc);
    command
        .args(["-", "--test", "--edition=2024", "--target", TARGET, "-o"])
        .arg(&out)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().context("rustc does not start")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(b"#[test] fn one() { println!(\"{}\", 1) }")
            .ok();
    }
    let status = child.wait()?;
    fs::remove_file(&out).ok();
    ensure!(
        status.success(),
        "{} cannot compile for it",
        rustc.display()
    );
    Ok(())
}

/// Builds the standard library, in a package for this purpose.
fn build_library(dir: &Path, log: &Path) -> Result<()> {
    let package = dir.join("package");
    fs::create_dir_all(package.join("src"))?;
    let manifest = "[package]\nname = \"throwaway\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/lib.rs"), "")?;
    let mut cargo = program(Path::new(DEBIAN_BIN).join("cargo"));
    cargo
        .args([
            "build",
            "--release",
            "-Zbuild-std=std,panic_abort,test",
            "--target",
            TARGET,
        ])
        .current_dir(&package)
        .env("RUSTC", Path::new(DEBIAN_BIN).join("rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimization needs the bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO_TARGET_DIR");
    run_logged(&mut cargo, log)
}

/// Creates a toolchain for `dir`: Debian's programs with another sysroot, and the
/// sysroot.
fn assemble(partial: &Path, dir: &Path, rustc: &Path) -> Result<()> {
    let host = detail(rustc, "host")?;
    let libraries = partial.join("lib/rustlib");
    for folder in ["bin", "lib"] {
        fs::remove_dir_all(partial.join(folder)).ok();
    }
    fs::create_dir_all(libraries.join(&host).join("bin"))?;
    let debians = sysroot(rustc)?.join("lib/rustlib").join(&host).join("lib");
    link(&debians, &libraries.join(&host).join("lib"))?;
    link(
        &find_linker(&host)?,
        &libraries.join(&host).join("bin/rust-lld"),
    )?;
    copy_libraries(
        &partial
            .join("package/target")
            .join(TARGET)
            .join("release/deps"),
        &libraries.join(TARGET).join("lib"),
    )?;
    write_programs(&partial.join("bin"), dir)?;
    Ok(fs::remove_dir_all(partial.join("package"))?)
}

fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let file = entry?.path();
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if name.ends_with(".rlib") && !name.starts_with("libthrowaway") {
            fs::copy(&file, to.join(name))?;
        }
    }
    Ok(())
}

/// Wrapper scripts for Debian's programs. Clippy gets the sysroot from a variable; cargo
/// does not need it.
fn write_programs(bin: &Path, dir: &Path) -> Result<()> {
    fs::create_dir_all(bin)?;
    let sysroot = quoted(dir.as_os_str());
    for (name, start) in [
        (
            "rustc",
            format!("exec {DEBIAN_BIN}/rustc --sysroot {sysroot}"),
        ),
        (
            "rustdoc",
            format!("exec {DEBIAN_BIN}/rustdoc --sysroot {sysroot}"),
        ),
        (
            "cargo-clippy",
            format!("SYSROOT={sysroot} exec {DEBIAN_BIN}/cargo-clippy"),
        ),
    ] {
        let file = bin.join(name);
        fs::write(&file, format!("#!/bin/sh\n{start} \"$@\"\n"))?;
        make_executable(&file)?;
    }
    link(&Path::new(DEBIAN_BIN).join("cargo"), &bin.join("cargo"))
}

/// The linker for wasm, which rustup's toolchains include and Debian's compiler does not.
fn find_linker(host: &str) -> Result<PathBuf> {
    let linker = sysroot(Path::new("rustc"))?
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    if !linker.is_file() {
        bail!(
            "there is no rust-lld at {}; install Rust with rustup",
            linker.display()
        );
    }
    Ok(linker)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("cannot link {}", to.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    bail!("this way is Debian's")
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    bail!("this way is Debian's")
}
