//! A file of lines, unpacked and kept whole.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use hustings_lab::narrate::Lang;
use serde::{Deserialize, Serialize};

use crate::reading::Reader;
use crate::texts::texts;

/// The number of a line in its file, from 1.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
pub struct LineNumber(pub u32);

/// A file of lines.
///
/// It is kept whole, so that whatever is said of it can show its lines.
#[derive(Clone)]
pub struct Text {
    /// What it is called; a file's name, usually.
    pub name: Arc<str>,
    /// Whether it was compressed and ends before its contents do.
    pub is_cut: bool,
    bytes: Arc<Vec<u8>>,
    /// Where each line begins, and where the last one ends.
    starts: Arc<[u32]>,
}

/// Files that are given one after another, as far as there is room for them.
#[derive(Clone, Debug)]
pub struct Files {
    read: Vec<Text>,
    room: usize,
}

impl Default for Files {
    fn default() -> Self {
        Self::within(Reader::BYTES_MAX)
    }
}

impl Files {
    /// None yet, with room for so many bytes, unpacked, of all of them together; no more than
    /// [`Reader::BYTES_MAX`].
    pub fn within(room: usize) -> Self {
        Self {
            read: Vec::new(),
            room: room.min(Reader::BYTES_MAX),
        }
    }

    /// Reads another, as [`Text::new`] does.
    ///
    /// # Errors
    ///
    /// If it is empty, no text, or larger than what is left. There is as much room then as
    /// before.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), TextError> {
        let text = Text::within(self.room, name, bytes)?;
        self.room = self.room.saturating_sub(text.size());
        self.read.push(text);
        Ok(())
    }

    /// How many bytes more there is room for.
    pub fn room(&self) -> usize {
        self.room
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.read.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty()
    }

    /// All of them, in the order in which they were given.
    pub fn all(self) -> Vec<Text> {
        self.read
    }
}

/// Why a file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TextError {
    /// There is nothing in it.
    Empty,
    /// It is no text.
    Binary {
        /// The number of bytes before the first that is in no text.
        at: usize,
    },
    /// It is compressed, and broken.
    Gzip,
    /// It is larger than [`Reader::BYTES_MAX`].
    Large,
    /// With those before it, it is larger than that.
    NoRoom,
}

impl Text {
    /// The maximum length of a line that is looked at, in bytes. The beginning of a longer
    /// one is.
    pub const LINE_MAX: usize = 64 * 1024;

    /// Reads a file, which may be compressed by gzip, in several parts, and cut anywhere.
    ///
    /// # Errors
    ///
    /// If it is empty, no text, or too large. What can be unpacked of a compressed file that
    /// ends too early is read.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, TextError> {
        Self::within(Reader::BYTES_MAX, name, bytes)
    }

    /// Reads a file of so many bytes at most, unpacked.
    fn within(room: usize, name: &str, bytes: Vec<u8>) -> Result<Self, TextError> {
        let too_large = match room {
            Reader::BYTES_MAX => TextError::Large,
            _ => TextError::NoRoom,
        };
        let (bytes, is_cut) = if bytes.len() > room {
            return Err(too_large);
        } else if bytes.starts_with(&[0x1f, 0x8b]) {
            unpack(&bytes, room)?
        } else {
            (bytes, false)
        };
        if bytes.len() > room {
            return Err(too_large);
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(TextError::Empty);
        }
        let looked_at = bytes.get(..4096).unwrap_or(&bytes);
        if let Some(at) = memchr::memchr(0, looked_at) {
            return Err(TextError::Binary { at });
        }
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', &bytes).map(|at| offset(at + 1)));
        if starts.last() != Some(&offset(bytes.len())) {
            starts.push(offset(bytes.len()));
        }
        Ok(Self {
            name: name.into(),
            is_cut,
            bytes: Arc::new(bytes),
            starts: starts.into(),
        })
    }

    /// The number of lines.
    pub fn lines(&self) -> u32 {
        u32::try_from(self.starts.len() - 1).unwrap_or(u32::MAX)
    }

    /// Whether both have the same lines.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }

    /// The size in bytes, unpacked.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// A line, without its end. Bytes that are no UTF-8 become `�`, and what is longer than
    /// [`Text::LINE_MAX`] is cut.
    pub fn line(&self, number: LineNumber) -> Option<Cow<'_, str>> {
        let at = usize::try_from(number.0.checked_sub(1)?).ok()?;
        let [from, to] = *self.starts.get(at..at + 2)? else {
            return None;
        };
        let line = self.bytes.get(from as usize..to as usize)?;
        let line = line.get(..Self::LINE_MAX).unwrap_or(line);
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Some(String::from_utf8_lossy(line))
    }
}

/// What can be unpacked, and whether something is missing.
fn unpack(packed: &[u8], room: usize) -> Result<(Vec<u8>, bool), TextError> {
    let most = room as u64 + 1;
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(packed)
        .take(most)
        .read_to_end(&mut bytes);
    match read {
        Err(_) if bytes.is_empty() => Err(TextError::Gzip),
        read => Ok((bytes, read.is_err())),
    }
}

impl TextError {
    /// Why the file with this name cannot be read, and what helps.
    pub fn tell(&self, name: &str, lang: Lang) -> String {
        let t = texts(lang);
        match self {
            Self::Empty => t.file_empty(name),
            Self::Binary { at } => t.file_binary(name, at + 1),
            Self::Gzip => t.file_broken(name),
            Self::Large => t.file_large(name, Reader::BYTES_MAX >> 30),
            Self::NoRoom => t.file_no_room(name, Reader::BYTES_MAX >> 30),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} lines)", self.name, self.lines())
    }
}
