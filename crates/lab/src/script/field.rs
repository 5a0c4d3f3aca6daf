//! `name=value` fields: how they are parsed and printed.

use std::marker::PhantomData;

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, ScriptError, Token};
use super::quote::quote;
use super::suggest;
use super::value::Value;

/// A field with values of type `T`.
pub(super) struct Field<T> {
    /// The name before the `=`.
    pub(super) name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T: Value> Field<T> {
    pub(super) const fn new(name: &'static str) -> Self {
        let value = PhantomData;
        Self { name, value }
    }

    /// Prints the field, with a space before it.
    pub(super) fn write(&self, value: &T, out: &mut String) {
        out.push(' ');
        out.push_str(self.name);
        out.push('=');
        value.write(out);
    }

    /// Prints the field unless it is left out.
    pub(super) fn write_some(&self, value: &Option<T>, out: &mut String) {
        if let Some(value) = value {
            self.write(value, out);
        }
    }
}

/// The fields of a line, with their values still to parse.
#[derive(Clone, Default)]
pub(super) struct Fields<'a>(Vec<(&'static str, Piece<'a>)>);

impl<'a> Fields<'a> {
    /// Adds a field that [`Names::read`] has found.
    pub(super) fn push(&mut self, field: (&'static str, Piece<'a>)) {
        self.0.push(field);
    }

    /// Parses the value of a field, if it is given.
    pub(super) fn value<T: Value>(
        &self,
        field: &Field<T>,
        line: &Cursor<'_>,
    ) -> ParseResult<Option<T>> {
        let mut fields = self.0.iter();
        let given = fields.find(|(name, _)| *name == field.name);
        given.map(|(_, value)| T::read(*value, line)).transpose()
    }

    /// Parses the value of a field that must be given before the line ends.
    pub(super) fn required<T: Value>(&self, field: &Field<T>, line: &Cursor<'_>) -> ParseResult<T> {
        let value = self.value(field, line)?;
        value.ok_or_else(|| missing(field.name, line))
    }
}

/// The error that the line ends without a field.
pub(super) fn missing(name: &str, line: &Cursor<'_>) -> Box<ScriptError> {
    line.unexpected(line.peek_or_end(), Token::field(name))
}

/// A parser of names: each field is given at most once.
pub(super) struct Names {
    all: &'static [&'static str],
    given: Vec<&'static str>,
    /// Whether the line may end where the next field can be; for errors. It must end
    /// when all fields are given.
    pub(super) may_end: bool,
}

impl Names {
    pub(super) fn new(all: &'static [&'static str]) -> Self {
        Self {
            all,
            given: Vec::new(),
            may_end: false,
        }
    }

    /// Splits a field into its name and its value.
    pub(super) fn read<'a>(
        &mut self,
        piece: Piece<'a>,
        line: &Cursor<'_>,
    ) -> ParseResult<(&'static str, Piece<'a>)> {
        let (name, value) = match piece.split("=") {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        };
        let known = self.all.iter().find(|known| **known == name.text);
        let (Some(known), Some(value)) = (known, value) else {
            return Err(self.unknown(name, line));
        };
        if self.given.contains(known) {
            let what = quote(known);
            return Err(line.mistake(name, Mistake::Twice { what }));
        }
        self.given.push(known);
        Ok((known, value))
    }

    /// What is expected at the position of the next field.
    pub(super) fn expected(&self) -> Vec<Token> {
        let left = self.all.iter().filter(|name| !self.given.contains(name));
        let mut expected: Vec<_> = left.map(|name| Token::field(name)).collect();
        if self.may_end || expected.is_empty() {
            expected.push(Token::End);
        }
        expected
    }

    fn unknown(&self, name: Piece<'_>, line: &Cursor<'_>) -> Box<ScriptError> {
        let nearest = suggest::closest(name.text, self.all);
        let meant = nearest.map(|nearest| Help::Meant(format!("{nearest}=…")));
        line.expected_one_of(name, self.expected()).help(meant)
    }
}
