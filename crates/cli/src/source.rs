//! Reading files: scripts, and recordings with the scripts in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use hustings_lab::{Program, Script};
use hustings_programs::lines::Recording;
use hustings_programs::{RECORDING_BYTES_MAX, RecordingError, is_recording};
use hustings_raft::NodeMap;

/// A script's text and the name used in messages.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
    /// What takes the turns of the servers of a recording, if it is one.
    pub(crate) recorded: Option<NodeMap<Rc<dyn Program>>>,
}

/// Why a script's text cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("cannot read {name}: {error}")]
    Io { name: String, error: io::Error },
    #[error("cannot read {name}: {error}")]
    Recording { name: String, error: RecordingError },
    #[error(
        "{name} is a recording, which `run`, `explain`, `stats` and `diagram` can play; its servers \
         are not here, so nothing else can be done with it"
    )]
    IsRecording { name: String },
    #[error(
        "{name} has more than {} bytes, the most that a script may have",
        Script::BYTES_MAX
    )]
    TooLong { name: String },
    #[error("{name} is not a text in UTF-8: its byte {} on line {line} is not valid there; save it as UTF-8", .valid + 1)]
    NotUtf8 {
        name: String,
        /// Number of valid bytes before the error.
        valid: usize,
        line: usize,
    },
}

/// The name of a file in messages, without terminal control characters.
pub(crate) fn name_of(path: &Path) -> String {
    if is_stdin(path) {
        return "<standard input>".to_owned();
    }
    annotate_snippets::normalize_untrusted_str(&path.display().to_string())
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

impl Source {
    /// Reads a script from a file, or from standard input for `-`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is longer than [`Script::BYTES_MAX`], is not UTF-8, or is a
    /// recording.
    pub(crate) fn read(path: &Path) -> Result<Self, SourceError> {
        let source = Self::read_run(path)?;
        match source.recorded {
            None => Ok(source),
            Some(_) => Err(SourceError::IsRecording { name: source.name }),
        }
    }

    /// The same of a script or a recording.
    ///
    /// # Errors
    ///
    /// The same, and if a recording is not as it was written.
    pub(crate) fn read_run(path: &Path) -> Result<Self, SourceError> {
        let (name, text) = read_text(path)?;
        if !is_recording(&text) {
            return Ok(Self {
                name,
                text,
                recorded: None,
            });
        }
        match Recording::read(&text) {
            Ok(recording) => Ok(Self {
                name,
                recorded: Some(recording.programs(&text.into())),
                text: recording.script,
            }),
            Err(error) => Err(SourceError::Recording { name, error }),
        }
    }

    /// A line of the text, counted from 1, without its line break.
    pub(crate) fn line(&self, number: usize) -> &str {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let index = number.saturating_sub(1);
        text.lines().nth(index).unwrap_or_default()
    }
}

/// The name of a file, and its text.
fn read_text(path: &Path) -> Result<(String, String), SourceError> {
    let name = name_of(path);
    let bytes = if is_stdin(path) {
        read_at_most(io::stdin().lock())
    } else {
        File::open(path).and_then(read_at_most)
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return Err(SourceError::Io { name, error }),
    };
    if bytes.len() > longest(&bytes) {
        return Err(match may_be_recording(&bytes) {
            true => {
                let error = RecordingError::TooLong;
                SourceError::Recording { name, error }
            }
            false => SourceError::TooLong { name },
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..valid).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(SourceError::NotUtf8 { name, valid, line })
        }
    }
}

/// Whether a text that begins with these bytes is a recording, if it is a text.
pub(crate) fn may_be_recording(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes.get(..100).unwrap_or(bytes));
    is_recording(&text)
}

/// The most bytes that a text may have which begins so.
fn longest(bytes: &[u8]) -> usize {
    match may_be_recording(bytes) {
        true => RECORDING_BYTES_MAX,
        false => Script::BYTES_MAX,
    }
}

/// Reads at most one byte more than the text may have, so that a longer one is noticed.
fn read_at_most(mut input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let script = Script::BYTES_MAX as u64 + 1;
    input.by_ref().take(script).read_to_end(&mut bytes)?;
    let more = (longest(&bytes) + 1).saturating_sub(bytes.len());
    input.take(more as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
