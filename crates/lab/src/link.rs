//! Runs in links: a readable script in the fragment of a URL.
//!
//! `https://example.org/#cluster+3;seed+1;timeout+S1;run+100ms;end` is the run of a
//! script of four lines. A semicolon ends a line and a plus sign is a space; other
//! characters that are not allowed in an address are percent-encoded. The word `end`
//! distinguishes a complete link from a truncated one. Before it may stand `caption+2`:
//! the caption at which the run is to be opened, as a lesson.
//!
//! The source of a program is one line of a link, `source+`, with all of it packed. Where
//! nothing can pack it, its lines stand in the link as they do in the script.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::header::{Header, HeaderError};
use crate::machine::{Library, NoLibrary, UnpackError};
use crate::play::Failure;
use crate::run::Run;
use crate::script::{self, Script, ScriptError, TooLong, source_line, write_source_line};

/// The maximum length of a link, in characters: about what browsers accept.
pub const CHARS_MAX: usize = 100_000;

/// The last line of a link.
pub(crate) const END: &str = ";end";

/// What stands before the number of the caption at which to open a run.
const CAPTION: &str = ";caption+";

/// What stands before a packed source.
const SOURCE: &str = "source ";

/// The most bytes that a source can have.
const SOURCE_BYTES_MAX: usize = Header::SOURCE_CHARS_MAX * char::MAX_LEN_UTF8;

/// The characters that are percent-encoded. Spaces become plus signs after that.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b' ')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b',')
    .remove(b':')
    .remove(b'=');

/// Why a link cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// It has more than [`CHARS_MAX`] characters.
    TooLong,
    /// The run exceeds the maximum size of a script.
    LongRun(TooLong),
    /// The run is a recording: no link can carry the turns of its servers.
    Recording,
    /// Part of it is missing or altered.
    Damaged,
    /// The source of a program in it cannot be unpacked.
    Source(UnpackError),
    /// It is not a valid script.
    Unreadable(ScriptError),
    /// Its header is invalid.
    Header(HeaderError),
    /// A command of it is refused.
    Refused(Box<Failure>),
}

/// Encodes a run as a URL fragment; the library packs the sources of its programs.
///
/// # Errors
///
/// When it is longer than [`CHARS_MAX`].
pub fn pack(run: &Run, library: &dyn Library) -> Result<String, LinkError> {
    pack_with(run, "", library)
}

/// Encodes a run as a URL fragment that opens it as a lesson, at one of its captions,
/// counted from 1.
///
/// # Errors
///
/// As [`pack`].
pub fn pack_lesson(run: &Run, caption: usize, library: &dyn Library) -> Result<String, LinkError> {
    pack_with(run, &format!("{CAPTION}{caption}"), library)
}

fn pack_with(run: &Run, caption: &str, library: &dyn Library) -> Result<String, LinkError> {
    if run.header().is_recording() {
        return Err(LinkError::Recording);
    }
    let script = Script::save(run).map_err(LinkError::LongRun)?;
    let lines = packed_lines(&script, library);
    let lines: Vec<_> = lines
        .iter()
        .map(|line| utf8_percent_encode(line, ESCAPED).to_string())
        .collect();
    let text = lines.join(";").replace(' ', "+") + caption + END;
    if text.len() > CHARS_MAX {
        Err(LinkError::TooLong)
    } else {
        Ok(text)
    }
}

/// The lines of a script, with each source packed into one if the library can do that.
fn packed_lines<'a>(script: &'a str, library: &dyn Library) -> Vec<Cow<'a, str>> {
    let lines: Vec<_> = script.lines().filter(|line| !line.is_empty()).collect();
    let are_of_one = |one: &&str, next: &&str| source_line(one).and(source_line(next)).is_some();
    let parts = lines.chunk_by(are_of_one).map(|part| {
        let source: Option<Vec<_>> = part.iter().map(|line| source_line(line)).collect();
        match source.and_then(|lines| library.pack(&lines.join("\n"))) {
            Some(packed) => vec![Cow::Owned(format!("{SOURCE}{packed}"))],
            None => part.iter().copied().map(Cow::Borrowed).collect(),
        }
    });
    parts.flatten().collect()
}

/// Decodes the script in a link: the text after the `#`, or a whole address.
///
/// # Errors
///
/// When it is too long or damaged, or not a valid script.
pub fn unpack(link: &str) -> Result<Script, LinkError> {
    unpack_with(link, &NoLibrary)
}

/// As [`unpack`], for a script whose servers may run programs: see [`Script::parse_with`].
///
/// # Errors
///
/// As [`unpack`].
pub fn unpack_with(link: &str, library: &dyn Library) -> Result<Script, LinkError> {
    let script = text(link, library)?;
    Script::parse_with(&script, library).map_err(|errors| match errors.into_iter().next() {
        Some(error) => LinkError::Unreadable(error),
        None => LinkError::Damaged,
    })
}

/// The text of the script in a link, parsed or not.
///
/// # Errors
///
/// When the link is too long or damaged, or the library cannot unpack a source in it.
pub fn text(link: &str, library: &dyn Library) -> Result<String, LinkError> {
    let lines = lines(link)?;
    let mut script = String::new();
    for line in lines.split_inclusive('\n') {
        let Some(packed) = line.strip_prefix(SOURCE) else {
            script.push_str(line);
            continue;
        };
        // However often a link names what becomes long, no script is longer.
        let left = Script::BYTES_MAX.saturating_sub(script.len());
        let source = library.unpack(packed.trim(), left.min(SOURCE_BYTES_MAX));
        for line in source.map_err(LinkError::Source)?.split('\n') {
            write_source_line(line, &mut script);
            script.push('\n');
        }
    }
    Ok(script)
}

/// Whether the run of a link has servers that run programs, so that it can be unpacked only
/// with the [`Library`] that has them. It is not parsed for that.
pub fn needs_programs(link: &str) -> bool {
    lines(link).is_ok_and(|script| script::needs_programs(&script))
}

/// The lines of a link, whose sources may be packed.
fn lines(link: &str) -> Result<String, LinkError> {
    let text = fragment(link);
    if text.len() > CHARS_MAX {
        return Err(LinkError::TooLong);
    }
    let lines = text.strip_suffix(END).ok_or(LinkError::Damaged)?;
    let lines = split_caption(lines).0;
    let lines = lines.replace(';', "\n").replace('+', " ");
    let script = percent_decode_str(&lines).decode_utf8();
    let script = script.map_err(|_| LinkError::Damaged)?;
    Ok(script.into_owned())
}

/// The caption at which a link opens its run, counted from 1; `None` if it opens it where
/// it ends.
pub fn caption(link: &str) -> Option<usize> {
    split_caption(fragment(link).strip_suffix(END)?).1
}

fn fragment(link: &str) -> &str {
    let text = link.trim();
    text.rsplit_once('#').map_or(text, |(_, text)| text)
}

/// The lines of a link, and the caption at which it opens, if it names one.
fn split_caption(lines: &str) -> (&str, Option<usize>) {
    let split = lines.rsplit_once(CAPTION);
    let split = split.and_then(|(lines, number)| Some((lines, number.parse().ok()?)));
    split.map_or((lines, None), |(lines, number)| (lines, Some(number)))
}

/// Follows a link: decodes and replays its run.
///
/// # Errors
///
/// As [`unpack`], and when a command is refused.
pub fn follow(link: &str) -> Result<Run, LinkError> {
    follow_with(link, &NoLibrary)
}

/// As [`follow`], for a run whose servers may run programs: see [`Script::parse_with`].
///
/// # Errors
///
/// As [`follow`].
pub fn follow_with(link: &str, library: &dyn Library) -> Result<Run, LinkError> {
    let outcome = unpack_with(link, library)?
        .run()
        .map_err(LinkError::Header)?;
    let mut failures = outcome.failures.into_iter();
    match failures.find(|failure| failure.fault.is_fatal()) {
        Some(failure) => Err(LinkError::Refused(Box::new(failure))),
        None => Ok(outcome.run),
    }
}
