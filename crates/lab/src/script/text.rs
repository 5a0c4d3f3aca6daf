//! Texts in quotes.

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, Token};
use super::quote::push_visibly;

/// The escape sequences of texts.
const ESCAPES: [&str; 6] = [r#"\""#, r"\\", r"\n", r"\r", r"\t", r"\u{…}"];

/// Prints a text in quotes, in canonical form.
pub(super) fn write(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            _ => push_visibly(char, out),
        }
    }
    out.push('"');
}

/// Parses a text of at most `max` characters.
pub(super) fn read(piece: Piece<'_>, line: &Cursor<'_>, max: usize) -> ParseResult<String> {
    let Some(body) = piece.strip_prefix("\"") else {
        let error = line.unexpected(piece, Token::Text);
        return Err(error.help(in_quotes(piece.text)));
    };
    let mut text = String::new();
    let mut rest = body;
    loop {
        let (char, after) = rest.split_first();
        match char {
            None => return Err(line.unexpected(rest, Token::ClosingQuote)),
            Some('"') if after.text.is_empty() => break,
            Some('"') => return Err(line.unexpected(after, Token::Blank)),
            Some('\\') => {
                let (escaped, after) = read_escape(rest, line)?;
                text.push(escaped);
                rest = after;
            }
            Some(char) => {
                text.push(char);
                rest = after;
            }
        }
    }
    if text.chars().count() > max {
        return Err(line.mistake(piece, Mistake::LongText { max }));
    }
    Ok(text)
}

fn in_quotes(word: &str) -> Option<Help> {
    (!word.is_empty()).then(|| {
        let mut text = String::new();
        write(word, &mut text);
        Help::Write(text)
    })
}

/// Parses an escape sequence; returns its character, and the piece after it.
fn read_escape<'a>(from: Piece<'a>, line: &Cursor<'_>) -> ParseResult<(char, Piece<'a>)> {
    let (_, after) = from.split_first();
    let (kind, after) = after.split_first();
    let char = match kind {
        Some('"') => '"',
        Some('\\') => '\\',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return read_unicode(from, after, line),
        _ => return Err(line.expected_one_of(from.until(after), ESCAPES.map(Token::word).into())),
    };
    Ok((char, after))
}

fn read_unicode<'a>(
    from: Piece<'a>,
    braces: Piece<'a>,
    line: &Cursor<'_>,
) -> ParseResult<(char, Piece<'a>)> {
    let parts = braces.strip_prefix("{").and_then(|rest| rest.split("}"));
    let known = parts.and_then(|(digits, after)| {
        let hexadecimal = digits.text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits.text, 16).ok()?;
        Some((char::from_u32(number).filter(|_| hexadecimal)?, after))
    });
    known.ok_or_else(|| line.unexpected(from.until(braces), Token::Character))
}
