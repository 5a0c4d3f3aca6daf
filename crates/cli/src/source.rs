//! Reading script files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use hustings_lab::Script;

/// A script's text and the name used in messages.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Why a script's text cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("cannot read {name}: {error}")]
    Io { name: String, error: io::Error },
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
    /// Reads a file, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is longer than [`Script::BYTES_MAX`], or is not UTF-8.
    pub(crate) fn read(path: &Path) -> Result<Self, SourceError> {
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
        if bytes.len() > Script::BYTES_MAX {
            return Err(SourceError::TooLong { name });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = error.as_bytes().get(..valid).unwrap_or_default();
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(SourceError::NotUtf8 { name, valid, line })
            }
        }
    }

    /// A line of the text, counted from 1, without its line break.
    pub(crate) fn line(&self, number: usize) -> &str {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let index = number.saturating_sub(1);
        text.lines().nth(index).unwrap_or_default()
    }
}

/// Reads at most one byte more than a script may have, so that a longer one is noticed.
fn read_at_most(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .take(Script::BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
