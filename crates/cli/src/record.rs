//! `hustings run --record`: writes a run of processes into a file.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use hustings_programs::lines::Recording;

use crate::args;
use crate::source::name_of;

/// The file that a recording is written into.
pub(crate) struct Recorder<'a>(&'a Path);

impl<'a> Recorder<'a> {
    /// That of a task, if it is to be recorded. That it can be written is seen before anything
    /// runs.
    pub(crate) fn of(task: &'a args::Run) -> Result<Option<Self>, String> {
        let Some(file) = &task.record else {
            return Ok(None);
        };
        let [script] = &*task.files else {
            return Err("--record takes one script, whose run the file is to hold".to_owned());
        };
        let is_new = !file.exists();
        let opened = OpenOptions::new().append(true).create(true).open(file);
        opened.map_err(|error| cannot_write(file, &error))?;
        if is_new {
            // It is there once there is a run.
            fs::remove_file(file).map_err(|error| cannot_write(file, &error))?;
        } else if is_same(file, script) {
            let name = name_of(file);
            return Err(format!("--record {name}: the script would be overwritten"));
        }
        Ok(Some(Self(file)))
    }

    /// Writes it. An error is what to tell the user.
    pub(crate) fn write(&self, recording: &Recording) -> Result<(), String> {
        let Self(file) = self;
        let text = recording.write();
        let text = text.map_err(|error| format!("cannot record {}: {error}", name_of(file)))?;
        fs::write(file, text).map_err(|error| cannot_write(file, &error))
    }
}

/// Whether two files that are there are one.
fn is_same(one: &Path, other: &Path) -> bool {
    let both = fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok());
    both.is_some_and(|(one, other)| one == other)
}

fn cannot_write(file: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", name_of(file))
}
