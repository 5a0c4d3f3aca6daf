//! What the pieces of a line are, for an editor that colours them.

use std::ops::Range;

use hustings_raft::{NodeId, NodeSet};

use super::cursor::{Cursor, Piece};
use super::program::source_line;
use super::value::Value as _;
use super::{AT, starts};
use crate::path::Path;

/// What a piece of a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PieceKind {
    /// The word that starts a setting or a step.
    Start,
    /// Another word.
    Word,
    /// Servers, or a link between two.
    Server,
    /// A number, a duration, a position.
    Number,
    /// A text in quotes.
    Text,
    /// The name of a field, with its `=`.
    Field,
    /// A comment.
    Comment,
}

/// The pieces of a line in order, each with its place in bytes. Spaces are between them.
/// The line need not be valid.
pub fn pieces(line: &str) -> Vec<(Range<usize>, PieceKind)> {
    if source_line(line).is_some() {
        // The lines of a program are in a language of their own.
        let start = line.len() - line.trim_start().len();
        return vec![(start..start + 1, PieceKind::Start)];
    }
    let mut found = Vec::new();
    let mut cursor = Cursor::new(line, 1, NodeSet::first(NodeId::MAX));
    // A line starts with its first word, and a command after `at` and its time.
    let mut start = Some(0);
    for number in 0.. {
        let Some(piece) = cursor.next() else {
            break;
        };
        if start == Some(number) && starts(true).contains(&piece.text) {
            found.push((piece.range(), PieceKind::Start));
            start = (piece.text == AT).then_some(2);
        } else {
            add(piece, &cursor, &mut found);
        }
    }
    let comment = cursor.rest().trim_start();
    if !comment.is_empty() {
        found.push((line.len() - comment.len()..line.len(), PieceKind::Comment));
    }
    found
}

fn add(piece: Piece<'_>, line: &Cursor<'_>, found: &mut Vec<(Range<usize>, PieceKind)>) {
    let is_text = piece.text.starts_with('"');
    if let Some((name, value)) = piece.split("=").filter(|_| !is_text) {
        found.push((name.range().start..value.range().start, PieceKind::Field));
        if !value.text.is_empty() {
            found.push((value.range(), kind_of(value, line)));
        }
    } else {
        found.push((piece.range(), kind_of(piece, line)));
    }
}

fn kind_of(piece: Piece<'_>, line: &Cursor<'_>) -> PieceKind {
    if piece.text.starts_with('"') {
        PieceKind::Text
    } else if piece.text.starts_with(|first: char| first.is_ascii_digit()) {
        PieceKind::Number
    } else if Path::read(piece, line).is_ok() || NodeSet::read(piece, line).is_ok() {
        PieceKind::Server
    } else {
        PieceKind::Word
    }
}

#[cfg(test)]
mod tests {
    use super::PieceKind::*;
    use super::*;

    /// The pieces of a line with their kinds.
    fn kinds(line: &str) -> Vec<(&str, PieceKind)> {
        let found = pieces(line).into_iter();
        found.map(|(range, kind)| (&line[range], kind)).collect()
    }

    #[test]
    fn the_pieces_of_a_line_are_what_its_parser_takes_them_for() {
        assert_eq!(
            kinds("  at 120ms crash S1 # then"),
            [
                ("at", Start),
                ("120ms", Number),
                ("crash", Start),
                ("S1", Server),
                ("# then", Comment),
            ]
        );
        assert_eq!(
            kinds(r#"propose S1 "x=1 # no comment""#),
            [
                ("propose", Start),
                ("S1", Server),
                (r#""x=1 # no comment""#, Text),
            ]
        );
        assert_eq!(
            kinds("expect sent RequestVote S1->S2 term=2 granted="),
            [
                ("expect", Start),
                ("sent", Word),
                ("RequestVote", Word),
                ("S1->S2", Server),
                ("term=", Field),
                ("2", Number),
                ("granted=", Field),
            ]
        );
    }

    #[test]
    fn what_is_no_script_has_pieces_too() {
        assert_eq!(kinds("{\"a\": é}"), [("{\"a\":", Word), ("é}", Word)]);
        assert_eq!(kinds(""), []);
        assert_eq!(kinds("note \"open"), [("note", Start), ("\"open", Text)]);
    }
}
