//! The logs in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::name_of;

/// How the names of logs end, where they have an ending at all.
const ENDINGS: [&str; 6] = ["log", "json", "ndjson", "txt", "err", "out"];

/// What a folder has.
pub(super) struct Folder<'a> {
    folder: &'a Path,
    /// Its logs, in the order of their names.
    pub(super) logs: Vec<PathBuf>,
    /// The names of all else.
    left_out: Vec<String>,
}

impl<'a> Folder<'a> {
    /// Looks for the logs of a folder, by their names; folders in it are left out.
    ///
    /// # Errors
    ///
    /// In a sentence, if it cannot be read or has none.
    pub(super) fn read(folder: &'a Path) -> Result<Self, String> {
        let failed = |error| format!("cannot read {}: {error}", name_of(folder));
        let entries = fs::read_dir(folder).map_err(failed)?;
        let paths: Result<Vec<_>, _> = entries.map(|it| it.map(|it| it.path())).collect();
        let mut paths = paths.map_err(failed)?;
        paths.sort();
        let is_log = |path: &PathBuf| path.is_file() && may_be_log(path);
        let (logs, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_log);
        let left_out = others.iter().filter_map(|it| it.file_name());
        let folder = Self {
            folder,
            logs,
            left_out: left_out.map(|it| name_of(Path::new(it))).collect(),
        };
        if folder.logs.is_empty() {
            let name = name_of(folder.folder);
            return Err(format!(
                "{name} has no logs: name the files, or those in its folders"
            ));
        }
        Ok(folder)
    }

    /// What is left out of it, in a sentence; `None` if nothing is.
    pub(super) fn told_left_out(&self) -> Option<String> {
        let names = self.left_out.join(", ");
        let folder = name_of(self.folder);
        (!names.is_empty()).then(|| format!("of {folder}, left out as no logs: {names}"))
    }
}

/// Whether a file is called as logs are: `m1.log`, `m1.log.2.gz`, `syslog`.
fn may_be_log(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|it| it.to_str()) else {
        return false;
    };
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let name = match name.rsplit_once('.') {
        Some((name, number)) if is_number(number) => name,
        _ => name,
    };
    match name.rsplit_once('.') {
        Some(("", _)) => false,
        Some((_, ending)) => ENDINGS.contains(&ending),
        None => true,
    }
}
