//! Parts of a line that contradict each other.

use super::cursor::{Cursor, Piece};
use super::error::{Mistake, ParseResult};
use super::quote::quote;
use super::variable;

/// Reports two contradicting parts of a line as an error at the second one.
pub(super) fn check(
    parts: Option<[&'static str; 2]>,
    pieces: &[Piece<'_>],
    line: &Cursor<'_>,
) -> ParseResult<()> {
    let Some(parts) = parts else {
        return Ok(());
    };
    let is_part = |piece: &&Piece<'_>| {
        let name = piece.split("=").map_or(piece.text, |(name, _)| name.text);
        let is_variable = name.starts_with(variable::START);
        parts.contains(&name) || is_variable && parts.contains(&variable::START)
    };
    let mut found = pieces.iter().filter(is_part);
    let (Some(first), Some(second)) = (found.next(), found.next()) else {
        return Ok(());
    };
    let mistake = Mistake::Contradiction {
        what: quote(second.text),
        with: quote(first.text),
    };
    Err(line.mistake(*second, mistake))
}
