//! Programs built by their publishers. An archive is downloaded with curl, checked
//! against its hash in `releases.sha256`, and unpacked with tar.

use super::cargo_install::Package;
use crate::Context;
use crate::cache::Cache;
use crate::process::{output, program, which};
use anyhow::{Context as _, Result, anyhow, ensure};
use sha2::{Digest as _, Sha256};
use std::env;
use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};

/// The archives that may be downloaded, with their hashes.
const RELEASES: &str = include_str!("../../releases.sha256");

/// The address of the archives.
const PUBLISHER: &str = "https://github.com";

/// The variable for a mirror of the archives.
const MIRROR: &str = "HUSTINGS_RELEASES";

/// The maximum size of an archive, in bytes.
const MAX_BYTES: &str = "100000000";

/// An archive with its hash.
#[derive(Debug, PartialEq, Eq)]
struct Archive<'a> {
    /// Its SHA-256, in hexadecimal.
    sha256: &'a str,
    /// Its path, relative to the address.
    path: &'a str,
}

/// The target triple of this machine. Programs for musl run on any Linux.
pub fn target() -> String {
    let system = match OS {
        "linux" => "unknown-linux-musl",
        "macos" => "apple-darwin",
        "windows" => "pc-windows-msvc",
        other => other,
    };
    format!("{ARCH}-{system}")
}

/// Installs programs from an archive; its path is given without extension.
pub fn install(context: &Context, package: &Package, path: &str) -> Result<()> {
    let archive = listed(RELEASES, path)
        .with_context(|| format!("xtask/releases.sha256 has no hash of {path}"))?;
    let mirror = env::var(MIRROR).ok().filter(|place| !place.is_empty());
    let place = mirror.as_deref().unwrap_or(PUBLISHER);
    install_from(&context.cache, package, &archive, place)
}

fn install_from(cache: &Cache, package: &Package, archive: &Archive, place: &str) -> Result<()> {
    let file = cache.download(package.name)?;
    let fetched = fetch(place, archive, &file);
    let made = fetched.and_then(|()| {
        cache.make(&package.place(cache), |partial| {
            // Removes what an interrupted compilation has left.
            fs::remove_dir_all(partial)?;
            unpack(&file, partial, package.programs)
        })
    });
    fs::remove_file(&file).ok();
    made
}

/// The archive at a path, with any extension.
fn listed<'a>(releases: &'a str, path: &str) -> Option<Archive<'a>> {
    let lines = releases.lines().filter(|line| !line.starts_with('#'));
    let mut archives = lines.filter_map(|line| {
        let (sha256, path) = line.split_once("  ")?;
        Some(Archive { sha256, path })
    });
    archives.find(|archive| {
        let ending = archive.path.strip_prefix(path);
        matches!(ending, Some(".tar.gz" | ".zip"))
    })
}

/// Downloads an archive; deletes it if the hash differs.
fn fetch(place: &str, archive: &Archive, file: &Path) -> Result<()> {
    let url = format!("{}/{}", place.trim_end_matches('/'), archive.path);
    let curl = which("curl").context("there is no curl on PATH to download it with")?;
    let mut curl = program(curl);
    curl.args(["--fail", "--silent", "--show-error", "--location"])
        .args(["--connect-timeout", "10", "--max-filesize", MAX_BYTES])
        // Gives up if it is slower than this for half a minute.
        .args([
            "--speed-limit",
            "5000",
            "--speed-time",
            "30",
            "--retry",
            "1",
        ])
        .arg("--output")
        .arg(file)
        .arg(&url);
    output(&mut curl).map_err(|error| {
        // Each try prints the same error.
        let said = error.root_cause().to_string();
        let last = said.lines().next_back().unwrap_or_default();
        anyhow!("{url} could not be had: {last}")
    })?;
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let found = hex(&Sha256::digest(&bytes));
    ensure!(
        found == archive.sha256,
        "{url} has the SHA-256 {found}, and {} was expected; it was thrown away",
        archive.sha256
    );
    Ok(())
}

/// Moves the programs into `dir/bin`.
fn unpack(file: &Path, dir: &Path, programs: &[&str]) -> Result<()> {
    let (all, bin) = (dir.join("archive"), dir.join("bin"));
    fs::create_dir_all(&all)?;
    fs::create_dir_all(&bin)?;
    let tar = which("tar").context("there is no tar on PATH to unpack it with")?;
    output(program(tar).arg("-xf").arg(file).arg("-C").arg(&all))?;
    for name in programs {
        let name = format!("{name}{EXE_SUFFIX}");
        let from = find(&all, &name)?.with_context(|| format!("{name} is not in the archive"))?;
        fs::rename(from, bin.join(&name))?;
    }
    Ok(fs::remove_dir_all(&all)?)
}

/// A file in a folder or in one of its subfolders.
fn find(dir: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut places = vec![dir.to_path_buf()];
    for entry in fs::read_dir(dir)? {
        places.push(entry?.path());
    }
    let mut files = places.iter().map(|place| place.join(name));
    Ok(files.find(|file| file.is_file()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cargo_install::{Package, Versions};
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};
    use std::thread;

    const PEN: Package<'_> = Package {
        name: "pen",
        version: "1.0",
        accepted: Versions::Only,
        programs: &["pen"],
        ask: &["--version"],
        flags: &[],
        optimized: &[],
    };

    const PATH: &str = "writers/pen/releases/download/v1.0/pen-any.tar.gz";

    /// A response of the publisher.
    enum Answer {
        Whole(Vec<u8>),
        CutShort(Vec<u8>),
        NotFound,
    }

    impl Answer {
        fn bytes(self) -> Vec<u8> {
            let head = |status: &str, length: usize| {
                format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                )
            };
            match self {
                Self::Whole(body) => [head("200 OK", body.len()).into_bytes(), body].concat(),
                Self::CutShort(body) => {
                    let half = body.len() / 2;
                    [head("200 OK", body.len()).as_bytes(), &body[..half]].concat()
                }
                Self::NotFound => head("404 Not Found", 0).into_bytes(),
            }
        }
    }

    /// The address of a local server that answers one request.
    fn publisher(answer: Answer) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let place = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let first = String::from_utf8_lossy(&request[..length]).into_owned();
            assert!(first.starts_with(&format!("GET /{PATH} ")), "{first}");
            stream.write_all(&answer.bytes()).unwrap();
        });
        place
    }

    /// An archive with the program in a subfolder, like wasm-bindgen's.
    fn packed(cache: &Cache) -> Vec<u8> {
        let folder = cache.dir().join("source/pen-1.0-any");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("pen{EXE_SUFFIX}")), "ink").unwrap();
        let file = cache.dir().join("pen.tar.gz");
        let mut tar = program("tar");
        tar.arg("-czf").arg(&file);
        tar.arg("-C").arg(cache.dir().join("source")).arg(".");
        output(&mut tar).unwrap();
        fs::read(file).unwrap()
    }

    fn trial(name: &str, answer: impl FnOnce(Vec<u8>) -> Answer) -> Result<()> {
        let cache = Cache::scratch(name);
        let body = packed(&cache);
        let sha256 = hex(&Sha256::digest(&body));
        let archive = Archive {
            sha256: &sha256,
            path: PATH,
        };
        let result = install_from(&cache, &PEN, &archive, &publisher(answer(body)));
        let bin = PEN.place(&cache).join("bin");
        assert_eq!(
            bin.join(format!("pen{EXE_SUFFIX}")).is_file(),
            result.is_ok()
        );
        assert!(!cache.download("pen").unwrap().exists());
        fs::remove_dir_all(cache.dir()).unwrap();
        result
    }

    fn refused(result: Result<()>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_download_with_the_expected_hash_is_installed() {
        trial("whole", Answer::Whole).unwrap();
    }

    #[test]
    fn a_download_with_another_hash_is_deleted() {
        let text = refused(trial("changed", |mut body| {
            body.push(0);
            Answer::Whole(body)
        }));
        assert!(text.contains("has the SHA-256 "), "{text}");
        assert!(text.contains(" was expected; it was thrown away"), "{text}");
    }

    #[test]
    fn a_download_that_is_cut_short_is_an_error() {
        let text = refused(trial("short", Answer::CutShort));
        assert!(text.contains(" could not be had: curl: (18)"), "{text}");
    }

    #[test]
    fn a_missing_archive_is_an_error() {
        let text = refused(trial("missing", |_| Answer::NotFound));
        assert!(text.contains(PATH), "{text}");
        assert!(text.contains(" could not be had: curl: (22)"), "{text}");
        assert!(text.contains("404"), "{text}");
    }

    #[test]
    fn an_unreachable_publisher_is_an_error() {
        let cache = Cache::scratch("refused");
        let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let place = format!("http://{}", nobody.local_addr().unwrap());
        drop(nobody);
        let archive = Archive {
            sha256: "",
            path: PATH,
        };
        let text = refused(install_from(&cache, &PEN, &archive, &place));
        assert!(text.contains(" could not be had: curl: (7)"), "{text}");
        fs::remove_dir_all(cache.dir()).unwrap();
    }

    #[test]
    fn an_archive_is_found_with_any_extension() {
        let releases = "# a comment\naa  pens/pen-1.0-any.tar.gz\nbb  pens/pen-1.0-win.zip\n";
        let found = |path| listed(releases, path).map(|archive| archive.sha256);
        assert_eq!(found("pens/pen-1.0-any"), Some("aa"));
        assert_eq!(found("pens/pen-1.0-win"), Some("bb"));
        assert_eq!(found("pens/pen-1.0"), None);
        assert_eq!(found("pens/pen-1.1-any"), None);
    }

    #[test]
    fn every_line_of_the_list_is_a_hash_and_a_path() {
        for line in RELEASES.lines().filter(|line| !line.starts_with('#')) {
            let (sha256, path) = line.split_once("  ").unwrap();
            let digits = sha256
                .chars()
                .filter(|c| matches!(c, '0'..='9' | 'a'..='f'));
            assert_eq!((sha256.len(), digits.count()), (64, 64), "{line}");
            assert!(path.contains("/releases/download/"), "{line}");
        }
    }

    #[test]
    fn the_list_has_the_wanted_versions_for_linux_windows_and_macos() {
        let project = crate::project::Project::read().unwrap();
        for target in [
            "x86_64-unknown-linux-musl",
            "aarch64-unknown-linux-musl",
            "x86_64-apple-darwin",
            "aarch64-apple-darwin",
            "x86_64-pc-windows-msvc",
        ] {
            for path in [
                super::super::trunk::published(&project, target),
                super::super::wasm_bindgen::published(&project, target),
            ] {
                assert!(listed(RELEASES, &path).is_some(), "{path}");
            }
        }
    }
}
