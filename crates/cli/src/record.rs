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
        if task.files.len() > 1 {
            return Err("--record takes one script, whose run the file is to hold".to_owned());
        }
        let opened = OpenOptions::new().append(true).create(true).open(file);
        match opened {
            Ok(_) => Ok(Some(Self(file))),
            Err(error) => Err(cannot_write(file, &error)),
        }
    }

    /// Writes it. An error is what to tell the user.
    pub(crate) fn write(&self, recording: &Recording) -> Result<(), String> {
        let Self(file) = self;
        let text = recording.write();
        let text = text.map_err(|error| format!("cannot record {}: {error}", name_of(file)))?;
        fs::write(file, text).map_err(|error| cannot_write(file, &error))
    }
}

fn cannot_write(file: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", name_of(file))
}
