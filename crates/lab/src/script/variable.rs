//! Variables of a server's program in conditions: `my.votes.S1=true`.

use super::cursor::{Cursor, Piece};
use super::error::{ParseResult, Token};
use super::quote::push_visibly;
use super::text;
use crate::command::Command;
use crate::pattern::Variable;

/// What stands before the path of a variable.
pub(super) const START: &str = "my.";
const EXAMPLE: &str = "S2 my.votes.S1=true";

/// Parses a variable with its value; returns the words before its `=`, too.
pub(super) fn read<'a>(piece: Piece<'a>, line: &Cursor<'_>) -> ParseResult<(Piece<'a>, Variable)> {
    let (name, value) = match piece.split("=") {
        Some((name, value)) => (name, Some(value)),
        None => (piece, None),
    };
    let path = name.strip_prefix(START).unwrap_or(name);
    let parts = path.parts('.').find(|part| !can_be_named(part.text));
    if let Some(part) = parts {
        let error = line.unexpected(part, Token::VariableName);
        return Err(error.example(EXAMPLE));
    }
    let Some(value) = value else {
        return Err(line.unexpected(piece, Token::field(piece.text)));
    };
    let read = Variable {
        path: path.text.into(),
        value: read_value(value, line)?.into(),
    };
    Ok((name, read))
}

fn read_value(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<String> {
    if piece.text.starts_with('"') {
        return text::read(piece, line, Command::TEXT_CHARS_MAX);
    }
    let text = piece.text;
    // A list or a map with blanks is cut off at the first, unless it stands in quotes.
    let is_begun = |open, close| text.starts_with(open) && !text.ends_with(close);
    if text.is_empty() || text.contains('"') || is_begun('[', ']') || is_begun('{', '}') {
        let error = line.unexpected(piece, Token::VariableValue);
        return Err(error.example(EXAMPLE));
    }
    Ok(text.to_owned())
}

/// Whether a name can stand in a path.
fn can_be_named(part: &str) -> bool {
    let is_of_name = |char: char| !"\"#|=.".contains(char) && is_plain(char);
    !part.is_empty() && part.chars().all(is_of_name)
}

/// Whether a character can be seen where it stands, and is no blank.
fn is_plain(char: char) -> bool {
    let mut shown = String::new();
    push_visibly(char, &mut shown);
    !char.is_whitespace() && shown.chars().eq([char])
}

/// Appends what [`read`] parses: the value in quotes if it could not be read without.
pub(super) fn write(variable: &Variable, out: &mut String) {
    let Variable { path, value } = variable;
    out.push_str(START);
    out.push_str(path);
    out.push('=');
    let is_word = |char: char| !"\"#|[{".contains(char) && is_plain(char);
    if !value.is_empty() && value.chars().all(is_word) {
        out.push_str(value);
    } else {
        text::write(value, out);
    }
}
