//! `name=value` fields: a table defines how each is parsed and printed.

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, ScriptError, Token};
use super::suggest;
use super::text::quote;

/// One field of `T`.
pub(super) struct Field<T> {
    /// The name before the `=`.
    pub(super) name: &'static str,
    /// Parses the value.
    pub(super) read: fn(&mut T, Piece<'_>, &Cursor<'_>) -> ParseResult<()>,
    /// Prints the value; `None` if the field is left out.
    pub(super) write: fn(&T, &mut String) -> Option<()>,
}

/// A field that is left out when it is `None`: its name, and its path in the struct.
macro_rules! optional {
    ($name:literal, $($place:ident).+) => {
        $crate::script::field::Field {
            name: $name,
            read: |fields, piece, line| {
                fields.$($place).+ = Some($crate::script::value::Value::read(piece, line)?);
                Ok(())
            },
            write: |fields, out| {
                let value = fields.$($place).+.as_ref()?;
                $crate::script::value::Value::write(value, out);
                Some(())
            },
        }
    };
}
pub(super) use optional;

/// A parser of fields, each at most once.
pub(super) struct Reader<T: 'static> {
    fields: Vec<&'static Field<T>>,
    given: Vec<&'static str>,
    /// Whether the line may end where the next field can be; for errors. It must end
    /// when all fields are given.
    pub(super) may_end: bool,
}

impl<T> Reader<T> {
    pub(super) fn new(fields: impl IntoIterator<Item = &'static Field<T>>) -> Self {
        Self {
            fields: fields.into_iter().collect(),
            given: Vec::new(),
            may_end: false,
        }
    }

    /// Parses one field.
    pub(super) fn read(
        &mut self,
        into: &mut T,
        piece: Piece<'_>,
        line: &Cursor<'_>,
    ) -> ParseResult<()> {
        let (name, value) = match piece.split("=") {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        };
        let known = self.fields.iter().find(|field| field.name == name.text);
        let (Some(field), Some(value)) = (known, value) else {
            return Err(self.unknown(name, line));
        };
        if self.given.contains(&field.name) {
            let what = quote(field.name);
            return Err(line.mistake(name, Mistake::Twice { what }));
        }
        self.given.push(field.name);
        (field.read)(into, value, line)
    }

    /// Parses one or more fields up to the end of the line.
    pub(super) fn read_all(&mut self, into: &mut T, line: &mut Cursor<'_>) -> ParseResult<()> {
        while let Some(piece) = line.next() {
            self.read(into, piece, line)?;
            self.may_end = true;
        }
        Ok(())
    }

    /// What is expected at the position of the next field.
    pub(super) fn expected(&self) -> Vec<Token> {
        let mut expected = Vec::new();
        for field in &self.fields {
            if !self.given.contains(&field.name) {
                expected.push(Token::field(field.name));
            }
        }
        if self.may_end || expected.is_empty() {
            expected.push(Token::End);
        }
        expected
    }

    fn unknown(&self, name: Piece<'_>, line: &Cursor<'_>) -> Box<ScriptError> {
        let names: Vec<_> = self.fields.iter().map(|field| field.name).collect();
        let nearest = suggest::closest(name.text, &names);
        let meant = nearest.map(|nearest| Help::Meant(format!("{nearest}=…")));
        line.expected_one_of(name, self.expected()).help(meant)
    }
}

/// Prints the fields that are not left out, each with a space before it.
pub(super) fn write<T: 'static>(
    value: &T,
    fields: impl IntoIterator<Item = &'static Field<T>>,
    out: &mut String,
) {
    for field in fields {
        let before = out.len();
        out.push(' ');
        out.push_str(field.name);
        out.push('=');
        if (field.write)(value, out).is_none() {
            out.truncate(before);
        }
    }
}
