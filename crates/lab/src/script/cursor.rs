//! A cursor over the pieces of a line.

use std::ops::Range;

use hustings_raft::NodeSet;

use super::error::{Help, Mistake, ParseResult, ScriptError, Span, Token};
use super::suggest;
use super::value::Value;

/// A piece of a line: a word, or a part of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// Its offset in the line, in bytes.
    start: usize,
}

impl<'a> Piece<'a> {
    /// Its place in the line, in bytes.
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// The parts before and after the first `separator`.
    pub(super) fn split(self, separator: &str) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(separator)?;
        Some((self.part(before), self.part(after)))
    }

    /// The parts between `separator`s.
    pub(super) fn parts(self, separator: char) -> impl Iterator<Item = Self> {
        self.text.split(separator).map(move |text| self.part(text))
    }

    pub(super) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        self.text.strip_prefix(prefix).map(|text| self.part(text))
    }

    pub(super) fn strip_suffix(self, suffix: &str) -> Option<Self> {
        self.text.strip_suffix(suffix).map(|text| self.part(text))
    }

    /// The first character, and the piece after it.
    pub(super) fn split_first(self) -> (Option<char>, Self) {
        let mut chars = self.text.chars();
        let first = chars.next();
        (first, self.part(chars.as_str()))
    }

    /// This piece up to where a later one starts.
    pub(super) fn until(self, later: Self) -> Self {
        let length = later.start.saturating_sub(self.start);
        let text = self.text.get(..length).unwrap_or(self.text);
        Self { text, ..self }
    }

    /// `text` is a part of this piece's text.
    fn part(self, text: &'a str) -> Self {
        let offset = text.as_ptr() as usize - self.text.as_ptr() as usize;
        let start = self.start + offset;
        Self { text, start }
    }
}

/// A position in a line.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    line: &'a str,
    number: usize,
    rest: &'a str,
    /// The servers that the line may name.
    pub(super) servers: NodeSet,
    /// The word at which what is being parsed ends, if that is not the end of the line.
    pub(super) stop: Option<&'static str>,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of a line with this number.
    pub(super) fn new(line: &'a str, number: usize, servers: NodeSet) -> Self {
        Self {
            line,
            number,
            rest: line,
            servers,
            stop: None,
        }
    }

    /// The next piece, if there is one: a `|`, or everything up to a space, `#` or `|`
    /// outside quotes.
    pub(super) fn peek(&self) -> Option<Piece<'a>> {
        let rest = self.rest.trim_start();
        let start = self.line.len() - rest.len();
        let length = match rest.chars().next()? {
            '#' => return None,
            '|' => 1,
            _ => word_length(rest),
        };
        let text = rest.get(..length)?;
        (Some(text) != self.stop).then_some(Piece { text, start })
    }

    /// Whether the next piece is the last one.
    pub(super) fn is_last(&self) -> bool {
        let mut ahead = self.clone();
        ahead.next().is_some() && ahead.peek().is_none()
    }

    /// The part of the line that was not taken yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Takes the next piece.
    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        let piece = self.peek()?;
        self.rest = self.line.get(piece.start + piece.text.len()..)?;
        Some(piece)
    }

    /// Takes the next piece, which stands for a value.
    pub(super) fn skip<T>(&mut self, value: T) -> T {
        self.next();
        value
    }

    /// Takes the next piece if it is this word.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|piece| piece.text == word);
        if found {
            self.next();
        }
        found
    }

    /// Takes the next piece, which must be this word.
    pub(super) fn word(&mut self, word: &'static str) -> ParseResult<()> {
        match self.peek() {
            Some(piece) if piece.text == word => {
                self.next();
                Ok(())
            }
            _ => Err(self.unknown_word(self.peek_or_end(), &[word])),
        }
    }

    /// Takes the next piece, which must be a value of this type.
    pub(super) fn value<T: Value>(&mut self) -> ParseResult<T> {
        let piece = self.next_or_end();
        T::read(piece, self)
    }

    /// As [`Cursor::value`], with an example for a line that ends too early.
    pub(super) fn value_like<T: Value>(&mut self, example: &str) -> ParseResult<T> {
        let value = self.value();
        value.map_err(|error: Box<ScriptError>| error.example(example))
    }

    /// The next piece, or an empty one at the end of the line.
    pub(super) fn peek_or_end(&self) -> Piece<'a> {
        self.peek().unwrap_or_else(|| self.end_position())
    }

    /// Takes the next piece, or returns an empty one at the end of the line.
    pub(super) fn next_or_end(&mut self) -> Piece<'a> {
        self.next().unwrap_or_else(|| self.end_position())
    }

    /// Requires the line to end here.
    pub(super) fn end(&self) -> ParseResult<()> {
        match self.peek() {
            None => Ok(()),
            Some(piece) => Err(self.unexpected(piece, Token::End)),
        }
    }

    /// From the start of a piece to the end of the last piece taken.
    pub(super) fn since(&self, first: Piece<'a>) -> Piece<'a> {
        let end = self.line.len() - self.rest.len();
        let text = self.line.get(first.start..end).unwrap_or(first.text);
        Piece { text, ..first }
    }

    pub(super) fn span(&self, piece: Piece<'_>) -> Span {
        let before = self.line.get(..piece.start).unwrap_or(self.line);
        Span {
            line: self.number,
            column: before.chars().count() + 1,
            length: piece.text.chars().count(),
        }
    }

    pub(super) fn mistake(&self, piece: Piece<'_>, mistake: Mistake) -> Box<ScriptError> {
        Box::new(ScriptError {
            at: self.span(piece),
            mistake,
            help: None,
        })
    }

    /// An error: `piece` is not what is expected.
    pub(super) fn unexpected(&self, piece: Piece<'_>, expected: Token) -> Box<ScriptError> {
        self.expected_one_of(piece, vec![expected])
    }

    /// An error: `piece` is none of what is expected.
    pub(super) fn expected_one_of(
        &self,
        piece: Piece<'_>,
        expected: Vec<Token>,
    ) -> Box<ScriptError> {
        let found = self.found(piece);
        self.mistake(piece, Mistake::Unexpected { found, expected })
    }

    /// An error: `piece` is none of these words. Suggests the closest one.
    pub(super) fn unknown_word(&self, piece: Piece<'_>, words: &[&str]) -> Box<ScriptError> {
        let error = self.expected_one_of(piece, Vec::new());
        error.or_keywords(words).help(closest_keyword(piece, words))
    }

    /// As [`Cursor::value`], where these words are valid alternatives.
    pub(super) fn value_or<T: Value>(&mut self, words: &[&str]) -> ParseResult<T> {
        let piece = self.next_or_end();
        T::read(piece, self).map_err(|error| self.or_keywords(error, piece, words))
    }

    /// Adds words to the valid alternatives of an error about a value.
    fn or_keywords(
        &self,
        error: Box<ScriptError>,
        piece: Piece<'_>,
        words: &[&str],
    ) -> Box<ScriptError> {
        // An error within the piece shows that the value was meant.
        if error.at == self.span(piece) {
            error.or_keywords(words).help(closest_keyword(piece, words))
        } else {
            error
        }
    }

    fn found(&self, piece: Piece<'_>) -> Token {
        if !piece.text.is_empty() {
            return Token::word(piece.text);
        }
        let after = self
            .line
            .get(piece.start..)
            .unwrap_or_default()
            .trim_start();
        if after.is_empty() || after.starts_with('#') {
            Token::End
        } else {
            Token::Nothing
        }
    }

    /// An empty piece just after the last one.
    fn end_position(&self) -> Piece<'a> {
        Piece {
            text: "",
            start: self.line.len() - self.rest.len(),
        }
    }
}

/// Suggests the closest word.
fn closest_keyword(piece: Piece<'_>, words: &[&str]) -> Option<Help> {
    let nearest = suggest::closest(piece.text, words)?;
    Some(Help::Meant(nearest.to_owned()))
}

/// The length in bytes of the word at the start of `rest`.
fn word_length(rest: &str) -> usize {
    let mut in_quotes = false;
    let mut escaped = false;
    for (offset, char) in rest.char_indices() {
        if in_quotes {
            in_quotes = escaped || char != '"';
            escaped = !escaped && char == '\\';
        } else if char.is_whitespace() || char == '#' || char == '|' {
            return offset;
        } else {
            in_quotes = char == '"';
        }
    }
    rest.len()
}
