//! Expectations: how each is parsed and printed.

use std::fmt;
use std::sync::Arc;

use hustings_raft::{Entry, LogIndex, NodeId, NodeSet, Payload};

use super::cursor::Cursor;
use super::error::{Help, ParseResult, ScriptError, Token};
use super::server::{self, NOT_EXAMPLE, write_properties};
use super::value::{Value, digits, entry_term};
use super::{message, text};
use crate::command::Command;
use crate::expectation::{Claim, Expectation};

/// The words that can follow `expect`; a server can, too.
pub(super) const KEYWORDS: [&str; 7] = ["one", "no", "not", "sent", "in", "committed", "violation"];

/// The words that can follow `expect not`.
const CLAIMS: [&str; 4] = ["sent", "in", "committed", "violation"];

/// Parses an expectation after the word `expect`.
pub(super) fn read(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    if line.take("one") {
        let leader = line.word("leader");
        return leader
            .map(|()| Expectation::OneLeader)
            .map_err(|error| error.example("expect one leader"));
    }
    if line.take("no") {
        return read_none(line).map_err(|error| error.example("expect no leader"));
    }
    if line.take("not") {
        return read_denied(line).map_err(|error| error.example(claim_example("sent", true)));
    }
    if line
        .peek()
        .is_some_and(|piece| CLAIMS.contains(&piece.text))
    {
        return read_asserted(line);
    }
    let server = line.value_or(&KEYWORDS);
    let read = server.and_then(|server| server::read(server, line));
    read.map_err(|error| error.example("expect S1 leader term=1"))
}

fn read_none(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    if line.take("violation") {
        return Ok(Expectation::NoViolation);
    }
    let leader = line.word("leader");
    leader.map_err(|error| error.or_keywords(&["violation"]))?;
    Ok(Expectation::NoLeader)
}

/// An example of a claim or a negated claim, by its first word.
fn claim_example(word: &str, denied: bool) -> &'static str {
    match (word, denied) {
        ("sent", false) => "expect sent RequestVote S1->S2 term=2",
        ("in", false) => "expect in flight 4",
        ("in", true) => "expect not in flight AppendEntries S1->S2",
        ("committed", false) => r#"expect committed 2 = 1:"x=1""#,
        ("committed", true) => r#"expect not committed 2 = 1:"x=1""#,
        ("violation", false) => "expect violation election-safety",
        ("violation", true) => "expect not violation election-safety",
        _ => "expect not sent RequestVote S1->S2",
    }
}

/// Parses a claim, or `sent nothing` and `in flight 4`, which cannot be negated.
fn read_asserted(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    let first = line.peek_or_end().text;
    let mut ahead = line.clone();
    if ahead.take("sent") && ahead.take("nothing") {
        *line = ahead;
        return Ok(Expectation::SentNothing);
    }
    let mut ahead = line.clone();
    let counts = |ahead: &Cursor<'_>| ahead.peek().is_some_and(|it| digits(it.text).is_some());
    if ahead.take("in") && ahead.take("flight") && counts(&ahead) {
        *line = ahead;
        let count: u32 = line.value()?;
        // A `u32` fits into a `usize` on all supported platforms.
        return Ok(Expectation::InFlight(count as usize));
    }
    let instead = match first {
        "sent" => Some(Token::word("nothing")),
        "in" => Some(Token::Number),
        _ => None,
    };
    let claim = read_claim(line, instead).map(Expectation::Asserted);
    claim.map_err(|error| error.example(claim_example(first, false)))
}

fn read_denied(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    let first = line.peek_or_end();
    if !CLAIMS.contains(&first.text) {
        let server = NodeId::read(first, line).ok();
        let help = server.map(|_| Help::Example(NOT_EXAMPLE));
        return Err(line.unknown_word(first, &CLAIMS).help(help));
    }
    let claim = read_claim(line, None).map(Expectation::Denied);
    claim.map_err(|error| error.example(claim_example(first.text, true)))
}

/// Parses a claim; `instead` is a valid alternative to a message's kind, for errors.
fn read_claim(line: &mut Cursor<'_>, instead: Option<Token>) -> ParseResult<Claim> {
    if line.take("sent") {
        return message::read_pattern(line, instead).map(Claim::Sent);
    }
    if line.take("in") {
        line.word("flight")?;
        return message::read_pattern(line, instead).map(Claim::InFlight);
    }
    if line.take("violation") {
        return line.value().map(Claim::Violation);
    }
    line.word("committed")?;
    read_committed(line)
}

fn read_committed(line: &mut Cursor<'_>) -> ParseResult<Claim> {
    let piece = line.peek_or_end();
    let index = line.value()?;
    if index == LogIndex::ZERO {
        // The first entry has index 1.
        return Err(line.unexpected(piece, Token::EntryIndex));
    }
    if line.peek().is_none() {
        return Ok(Claim::Committed(index));
    }
    line.word("=").map_err(ScriptError::or_end)?;
    let piece = line.next_or_end();
    let Some((term, payload)) = piece.split(":") else {
        return Err(line.unexpected(piece, Token::Entry));
    };
    let term = entry_term(term, line)?;
    let payload = match payload.text {
        "none" => Payload::Noop,
        names if names.starts_with('S') => Payload::Members(NodeSet::read(payload, line)?),
        _ => {
            let command = text::read(payload, line, Command::TEXT_CHARS_MAX);
            Payload::Command(Arc::from(
                command.map_err(|error| error.or_keywords(&["none"]))?,
            ))
        }
    };
    let entry = Entry { term, payload };
    Ok(Claim::CommittedAs { index, entry })
}

/// The expectation as a line of a script.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expect ")?;
        match self {
            Self::Server { server, is, is_not } => {
                f.write_str(&write_properties(*server, is, is_not))
            }
            Self::OneLeader => f.write_str("one leader"),
            Self::NoLeader => f.write_str("no leader"),
            Self::SentNothing => f.write_str("sent nothing"),
            Self::NoViolation => f.write_str("no violation"),
            Self::InFlight(count) => write!(f, "in flight {count}"),
            Self::Asserted(claim) => claim.fmt(f),
            Self::Denied(claim) => write!(f, "not {claim}"),
        }
    }
}

/// The claim as it follows `expect` or `expect not`.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent(pattern) => write!(f, "sent {pattern}"),
            Self::InFlight(pattern) => write!(f, "in flight {pattern}"),
            Self::Committed(index) => write!(f, "committed {index}"),
            Self::CommittedAs { index, entry } => {
                write!(f, "committed {index} = {}", write_entry(entry))
            }
            Self::Violation(invariant) => write!(f, "violation {}", invariant.name()),
        }
    }
}

/// An entry as in a script: `1:"x=1"`, `1:none`, `1:S1,S2,S3`.
pub(crate) fn write_entry(entry: &Entry) -> String {
    let mut written = format!("{}:", entry.term);
    match &entry.payload {
        Payload::Noop => written.push_str("none"),
        Payload::Command(command) => text::write(command, &mut written),
        Payload::Members(members) => members.write(&mut written),
    }
    written
}
