//! The values in a line: how each is parsed and printed.

use std::fmt::Write as _;

use hustings_raft::{
    BrokenRule, LogIndex, MessageKind, Millis, MillisRange, NodeId, NodeSet, Position, RoleName,
    Term, Timer,
};

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, ScriptError, Token};
use super::quote::quote;
use super::suggest;
use crate::header::{HeaderError, Percent};
use crate::invariant::Invariant;
use crate::path::{Link, Path};
use crate::pattern::LogEnd;
use crate::rate::Rate;

/// A value that is one piece of a line.
pub(super) trait Value: Sized {
    /// Parses a piece of a line.
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self>;

    /// Prints what [`Value::read`] parses.
    fn write(&self, out: &mut String);
}

/// Appends the `Display` of a value.
pub(super) fn show(value: impl std::fmt::Display, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{value}");
}

/// A number that consists of digits alone.
pub(super) fn digits(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// An unsigned number up to `max`.
fn number(piece: Piece<'_>, line: &Cursor<'_>, max: u64, expected: Token) -> ParseResult<u64> {
    let text = piece.text;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if is_number && number <= max => Ok(number),
        _ if is_number => Err(line.unexpected(piece, Token::AtMost(Box::new(expected), max))),
        _ => Err(line.unexpected(piece, expected)),
    }
}

impl Value for u64 {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        number(piece, line, Self::MAX, Token::Number)
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// A count or an ordinal.
impl Value for u32 {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let number = number(piece, line, Self::MAX.into(), Token::Number)?;
        Ok(Self::try_from(number).unwrap_or(Self::MAX))
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

impl Value for Term {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        number(piece, line, u64::MAX, Token::Term).map(Self)
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

impl Value for LogIndex {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        number(piece, line, u64::MAX, Token::Index).map(Self)
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// The term of an entry: no entry is of term 0.
pub(super) fn entry_term(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Term> {
    match Term::read(piece, line)? {
        Term::ZERO => Err(line.unexpected(piece, Token::EntryTerm)),
        term => Ok(term),
    }
}

/// `3:2`: index 3, term 2. Term 0 is valid only at the start of a log, `0:0`.
impl Value for Position {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let Some((index, term)) = piece.split(":") else {
            return Err(line.unexpected(piece, Token::Position));
        };
        let index = LogIndex::read(index, line)?;
        if index > LogIndex::ZERO {
            let term = entry_term(term, line)?;
            return Ok(Self { index, term });
        }
        match Term::read(term, line)? {
            Term::ZERO => Ok(Self::START),
            _ => Err(line.unexpected(piece, Token::word("0:0"))),
        }
    }

    fn write(&self, out: &mut String) {
        show(format_args!("{}:{}", self.index, self.term), out);
    }
}

impl Value for LogEnd {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        if piece.text.contains(':') {
            return Position::read(piece, line).map(Self::Position);
        }
        number(piece, line, u64::MAX, Token::Last).map(|index| Self::Index(LogIndex(index)))
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Index(index) => index.write(out),
            Self::Position(position) => position.write(out),
        }
    }
}

/// The terms of a log: `1,1,2`, or `none`.
impl Value for Vec<Term> {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        if piece.text == "none" {
            return Ok(Self::new());
        }
        let terms: Result<Self, _> = piece
            .parts(',')
            .map(|term| entry_term(term, line))
            .collect();
        terms.map_err(|error| {
            if error.at == line.span(piece) && piece.text != "0" {
                line.unexpected(piece, Token::Terms).or_keywords(&["none"])
            } else {
                error
            }
        })
    }

    fn write(&self, out: &mut String) {
        if self.is_empty() {
            out.push_str("none");
        }
        for (place, term) in self.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            term.write(out);
        }
    }
}

impl Value for NodeId {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let named = |text: &str| {
            let number = text.strip_prefix('S')?;
            let id = Self::new(digits(number)?.try_into().ok()?)?;
            // `S01` and `S+1` are invalid, so that each server has one spelling.
            (number.len() == 1).then_some(id)
        };
        let known = named(piece.text).filter(|id| line.servers.contains(*id));
        known.ok_or_else(|| {
            let error = line.unexpected(piece, Token::Server(line.servers));
            let capital = piece.text.replacen('s', "S", 1);
            let meant = named(&capital).filter(|id| line.servers.contains(*id));
            error.help(meant.map(|id| Help::Meant(id.to_string())))
        })
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// A server, or `none`.
impl Value for Option<NodeId> {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        if piece.text == "none" {
            return Ok(None);
        }
        let server = NodeId::read(piece, line);
        server
            .map(Some)
            .map_err(|error| error.or_keywords(&["none"]))
    }

    fn write(&self, out: &mut String) {
        match self {
            Some(server) => server.write(out),
            None => out.push_str("none"),
        }
    }
}

/// `S1->S2`.
impl Value for Link {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let Some((from, to)) = piece.split("->") else {
            let error = line.unexpected(piece, Token::Link);
            let backwards = piece.text.contains("<-");
            return Err(error.help(backwards.then_some(Help::SenderFirst)));
        };
        read_ends(from, to, piece, line)
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// Parses the two ends of a link; `piece` is the whole link.
fn read_ends(
    from: Piece<'_>,
    to: Piece<'_>,
    piece: Piece<'_>,
    line: &Cursor<'_>,
) -> ParseResult<Link> {
    let from = NodeId::read(from, line)?;
    let link = Link::between(from, NodeId::read(to, line)?);
    link.ok_or_else(|| line.mistake(piece, Mistake::LinkToSelf(from)))
}

/// `S1->S2`, or `S1-S2` for both ways.
impl Value for Path {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        if piece.text.contains("->") {
            let link = Link::read(piece, line)?;
            let both_ways = false;
            return Ok(Self { link, both_ways });
        }
        let Some((from, to)) = piece.split("-") else {
            return Err(line.unexpected(piece, Token::Path));
        };
        let link = read_ends(from, to, piece, line)?;
        let both_ways = true;
        Ok(Self { link, both_ways })
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// `100ms` or `2s`.
impl Value for Millis {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let unit = Unit::of(piece);
        unit.and_then(|(unit, count)| unit.times(count.text))
            .ok_or_else(|| {
                let error = line.unexpected(piece, Token::Duration);
                let bare = piece.text.parse::<u64>().is_ok();
                error.help(bare.then(|| Help::Meant(format!("{}ms", piece.text))))
            })
    }

    fn write(&self, out: &mut String) {
        match self.0 {
            seconds if seconds > 0 && seconds % 1000 == 0 => {
                show(format_args!("{}s", seconds / 1000), out);
            }
            millis => show(format_args!("{millis}ms"), out),
        }
    }
}

/// A duration as in a script.
pub(crate) fn duration(duration: Millis) -> String {
    let mut written = String::new();
    duration.write(&mut written);
    written
}

/// A unit of time.
#[derive(Clone, Copy)]
enum Unit {
    Millis,
    Seconds,
}

impl Unit {
    /// The unit at the end of a piece, and the piece before it.
    fn of(piece: Piece<'_>) -> Option<(Self, Piece<'_>)> {
        let millis = piece.strip_suffix("ms").map(|count| (Self::Millis, count));
        millis.or_else(|| piece.strip_suffix("s").map(|count| (Self::Seconds, count)))
    }

    fn times(self, count: &str) -> Option<Millis> {
        let count = digits(count)?;
        let factor = match self {
            Self::Millis => 1,
            Self::Seconds => 1000,
        };
        count.checked_mul(factor).map(Millis)
    }
}

/// Reads the range of an option: `150..300ms`; a single duration is a range with one
/// value.
pub(super) fn read_range(
    option: &'static str,
    piece: Piece<'_>,
    line: &Cursor<'_>,
) -> ParseResult<MillisRange> {
    let ends = match piece.split("..") {
        None => Millis::read(piece, line).ok().map(|exact| (exact, exact)),
        Some((min, max)) => Unit::of(max).and_then(|(unit, count)| {
            let max = unit.times(count.text)?;
            // The unit at the end applies to both, unless the start has its own.
            let (unit, count) = Unit::of(min).unwrap_or((unit, min));
            let min = unit.times(count.text)?;
            Some((min, max))
        }),
    };
    let (min, max) = ends.ok_or_else(|| line.unexpected(piece, Token::Range))?;
    MillisRange::new(min.0, max.0).ok_or_else(|| {
        let reversed = HeaderError::EmptyRange { option, min, max };
        line.mistake(piece, Mistake::Header(reversed))
    })
}

/// Parses a range of durations on its own, as in `150..300ms` or `50ms`; `option` is what it
/// is called in the error.
///
/// # Errors
///
/// When it is none, or ends before it begins. The error is on line 1.
pub fn parse_range(option: &'static str, text: &str) -> Result<MillisRange, ScriptError> {
    let mut line = Cursor::new(text, 1, NodeSet::EMPTY);
    let piece = line.next_or_end();
    let read = read_range(option, piece, &line);
    let read = read.and_then(|range| line.end().map(|()| range));
    read.map_err(|error| *error)
}

pub(super) fn write_range(range: MillisRange, out: &mut String) {
    show(format_args!("{}..{}ms", range.min().0, range.max().0), out);
}

fn percent(piece: Piece<'_>) -> Option<u64> {
    digits(piece.strip_suffix("%")?.text)
}

/// `20%`.
impl Value for Percent {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let percent = percent(piece).and_then(|percent| Self::new(percent.try_into().ok()?));
        percent.ok_or_else(|| line.unexpected(piece, Token::Chance))
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// `150%`.
impl Value for Rate {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let percent = percent(piece).and_then(|percent| Self::new(percent.try_into().ok()?));
        percent.ok_or_else(|| line.unexpected(piece, Token::Speed))
    }

    fn write(&self, out: &mut String) {
        show(self, out);
    }
}

/// `yes` or `no`.
impl Value for bool {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(
            piece,
            line,
            &[true, false],
            |yes| if yes { "yes" } else { "no" },
        )
    }

    fn write(&self, out: &mut String) {
        out.push_str(if *self { "yes" } else { "no" });
    }
}

/// An option that is `on` or `off`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Switch(pub(super) bool);

impl Switch {
    fn name(self) -> &'static str {
        if self.0 { "on" } else { "off" }
    }
}

impl Value for Switch {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &[Self(true), Self(false)], Self::name)
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

impl Value for RoleName {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &Self::ALL, Self::name)
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

impl Value for MessageKind {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &Self::ALL, Self::name)
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

impl Value for BrokenRule {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &Self::ALL, Self::name).map_err(|mut error| {
            if !piece.text.is_empty() {
                let names = Self::ALL.map(Self::name);
                let meant = suggest::nearest(piece.text, &names);
                error.help = Some(Help::Rules { meant });
            }
            error
        })
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

impl Value for Invariant {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &Self::ALL, Self::name)
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

/// `S1,S2,S3`: a configuration.
impl Value for NodeSet {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        let mut set = Self::EMPTY;
        for server in piece.parts(',') {
            if !set.insert(NodeId::read(server, line)?) {
                let what = quote(server.text);
                return Err(line.mistake(server, Mistake::Twice { what }));
            }
        }
        Ok(set)
    }

    fn write(&self, out: &mut String) {
        for (place, server) in self.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            server.write(out);
        }
    }
}

impl Value for Timer {
    fn read(piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Self> {
        one_of(piece, line, &Self::ALL, Self::name)
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.name());
    }
}

/// The value in `all` with this name.
fn one_of<T: Copy>(
    piece: Piece<'_>,
    line: &Cursor<'_>,
    all: &[T],
    name: fn(T) -> &'static str,
) -> ParseResult<T> {
    let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
    let place = names.iter().position(|name| *name == piece.text);
    let found = place.and_then(|place| all.get(place));
    found
        .copied()
        .ok_or_else(|| line.unknown_word(piece, &names))
}
