//! What is known of a recording before it is read: where `lines/recording.rs` is not compiled
//! in, too.

use std::fmt;

/// What every recording begins with: the name of its first field, which is the version.
pub(crate) const BEGINNING: &str = "{\"recording\":";

/// The most bytes that a recording may have: 16 MiB.
pub const RECORDING_BYTES_MAX: usize = 16 << 20;

/// Whether a text is a recording, by its beginning.
pub fn is_recording(text: &str) -> bool {
    text.starts_with(BEGINNING)
}

/// Why a recording cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub enum RecordingError {
    /// It has more than [`RECORDING_BYTES_MAX`] bytes.
    TooLong,
    /// It is of this version, which is another than that which can be read.
    Version(u64),
    /// It ends too early.
    CutShort {
        /// Its last line, from 1.
        line: usize,
        /// How many turns it has.
        turns: usize,
        /// How many it had when it was written.
        of: usize,
    },
    /// A line is not as it was written.
    Changed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, in English.
        why: String,
    },
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "it has more than {RECORDING_BYTES_MAX} bytes, the most that a recording may \
                 have; record a shorter run"
            ),
            Self::Version(version) => write!(
                f,
                "it is a recording of version {version}, and this program reads version 1; \
                 record the run again, or use the program that recorded it"
            ),
            Self::CutShort { line, turns, of } => write!(
                f,
                "it ends at line {line} with {turns} of its {of} turns: it was cut short; copy \
                 it again as a whole, or record the run again"
            ),
            Self::Changed { line, why } => write!(
                f,
                "line {line} is not as it was recorded: {why}; record the run again"
            ),
        }
    }
}

impl std::error::Error for RecordingError {}
