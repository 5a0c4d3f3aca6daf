//! Conditions: how each is parsed and printed.

use std::fmt;
use std::sync::Arc;

use hustings_raft::{Entry, LogIndex, NodeId, NodeSet, Payload, RoleName, Term};

use super::cursor::{Cursor, Piece};
use super::error::{Help, ParseResult, ScriptError, Token};
use super::server::{self, NOT_EXAMPLE, write_properties};
use super::value::{Value, digits, entry_term};
use super::{message, text};
use crate::command::Command;
use crate::condition::{Claim, Condition};

/// The words that can start a condition; a server or a number can, too.
pub(super) const KEYWORDS: &[&str] = &[
    "leader",
    "one",
    "no",
    "term",
    "quiet",
    "not",
    "sent",
    "delivered",
    "lost",
    "refused",
    "in",
    "committed",
    "violation",
];

/// Those that can follow `not`: what is claimed of what happened.
const CLAIMS: &[&str] = &[
    "sent",
    "delivered",
    "lost",
    "refused",
    "in",
    "committed",
    "violation",
];

/// What stands between a quantity and the number that it exceeds.
const ABOVE: &str = ">";
const AT_LEAST: &str = ">=";

impl Condition {
    /// Parses a condition on its own. `servers` are those that it may name.
    ///
    /// # Errors
    ///
    /// When it is invalid. The error is on line 1.
    pub fn parse(text: &str, servers: NodeSet) -> Result<Self, ScriptError> {
        let mut line = Cursor::new(text, 1, servers);
        let read = read(&mut line).and_then(|read| line.end().map(|()| read));
        read.map_err(|error| *error)
    }

    /// Whether a text begins like a condition, however it goes on: with a word that can
    /// start one, or with what looks like a server.
    pub fn begins(text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default();
        numbered(first) || first.starts_with("term>") || KEYWORDS.contains(&first)
    }

    /// Whether it can be said of a cluster of these servers.
    pub(crate) fn fits(&self, servers: NodeSet) -> bool {
        Self::parse(&self.to_string(), servers).is_ok()
    }
}

/// Parses a condition. Examples in its errors lack the words before it.
pub(super) fn read(line: &mut Cursor<'_>) -> ParseResult<Condition> {
    let first = line.peek_or_end();
    match first.text {
        "one" => {
            line.next();
            let leader = line.word("leader").map(|()| Condition::OneLeader);
            leader.map_err(|error| error.example("one leader"))
        }
        "no" => read_none(line).map_err(|error| error.example("no leader")),
        "not" => read_denied(line).map_err(|error| error.example(claim_example("sent", true))),
        "leader" => {
            read_role_first(line)?;
            Ok(line.skip(Condition::Leader))
        }
        "quiet" => Ok(line.skip(Condition::Quiet)),
        "violation" if line.is_last() => Ok(line.skip(Condition::Violation)),
        word if word == "term" || word.starts_with("term>") => read_term(first, line),
        word if CLAIMS.contains(&word) => read_asserted(line),
        word if digits(word).is_some() => read_leaders(line),
        _ => read_of_server(first, line),
    }
}

fn read_none(line: &mut Cursor<'_>) -> ParseResult<Condition> {
    line.next();
    if line.take("violation") {
        return Ok(Condition::NoViolation);
    }
    let leader = line.word("leader");
    leader.map_err(|error| error.or_keywords(&["violation"]))?;
    Ok(Condition::NoLeader)
}

/// Parses `term 5`, `term >= 5` or `term > 5`, with or without the blanks.
fn read_term(first: Piece<'_>, line: &mut Cursor<'_>) -> ParseResult<Condition> {
    line.next();
    let rest = first.strip_prefix("term").filter(|it| !it.text.is_empty());
    let rest = rest.unwrap_or_else(|| line.next_or_end());
    let signed = [AT_LEAST, ABOVE].into_iter().find_map(|sign| {
        let number = rest.strip_prefix(sign)?;
        Some((sign, number))
    });
    let (sign, mut number) = signed.unwrap_or((AT_LEAST, rest));
    if signed.is_some() && number.text.is_empty() {
        number = line.next_or_end();
    }
    let term = Term::read(number, line).map_err(|error| {
        let signs: &[&str] = if signed.is_some() { &[] } else { &[ABOVE] };
        error.example("term 5").or_keywords(signs)
    })?;
    Ok(match sign {
        ABOVE => Condition::TermAbove(term),
        _ => Condition::Term(term),
    })
}

/// Parses a number of leaders, at most the number of servers.
fn read_leaders(line: &mut Cursor<'_>) -> ParseResult<Condition> {
    let piece = line.next_or_end();
    let most = line.servers.len();
    let count = piece.text.parse::<u8>().ok();
    let count = count.filter(|count| *count >= 1 && usize::from(*count) <= usize::from(most));
    let count = count.ok_or_else(|| line.unexpected(piece, Token::LeaderCount(most)))?;
    let leaders = line.word("leaders");
    leaders.map_err(|error| error.example("2 leaders"))?;
    Ok(Condition::Leaders(count))
}

/// Suggests `S1 leader` for `leader S1`.
fn read_role_first(line: &Cursor<'_>) -> ParseResult<()> {
    let mut ahead = line.clone();
    let role = ahead.value::<RoleName>();
    let piece = ahead.peek_or_end();
    match (role, ahead.value::<NodeId>()) {
        (Ok(role), Ok(server)) => {
            let meant = Help::Meant(format!("{server} {}", role.name()));
            Err(line.unexpected(piece, Token::End).help(Some(meant)))
        }
        _ => Ok(()),
    }
}

/// Whether a word looks like a server, `S9`.
fn numbered(word: &str) -> bool {
    word.strip_prefix('S').and_then(digits).is_some()
}

/// Parses `S3 is candidate`, `S5 is refused`, or a server and its properties, with or without an `is`.
fn read_of_server(first: Piece<'_>, line: &mut Cursor<'_>) -> ParseResult<Condition> {
    read_role_first(line)?;
    // What looks like a server is none of the words.
    let server = match numbered(first.text) {
        true => line.value(),
        false => line.value_or(KEYWORDS),
    };
    let server = server.map_err(|error| error.example("S1 leader term=1"))?;
    if line.take("is") {
        if line.take("refused") {
            return Ok(Condition::Asserted(Claim::Refused(server)));
        }
        let mut ahead = line.clone();
        if let Ok(role) = ahead.value::<RoleName>()
            && ahead.peek().is_none()
        {
            *line = ahead;
            return Ok(Condition::Role { server, role });
        }
        let read = server::read(server, line);
        return read.map_err(|error| error.example("S3 is candidate"));
    }
    let next = line.span(line.peek_or_end());
    server::read(server, line).map_err(|error| {
        let error = error.example("S1 leader term=1");
        // Only just after the server.
        if error.at == next && !first.text.is_empty() {
            error.or_keywords(&["is"])
        } else {
            error
        }
    })
}

/// An example of a claim or a negated claim, by its first word.
fn claim_example(word: &str, denied: bool) -> &'static str {
    match (word, denied) {
        ("sent", false) => "sent RequestVote S1->S2 term=2",
        ("delivered", false) => "delivered RequestVote S1->S2",
        ("delivered", true) => "not delivered RequestVote S1->S2",
        ("lost", false) => "lost RequestVote S1->S2",
        ("lost", true) => "not lost RequestVote S1->S2",
        ("refused", false) => "refused S5",
        ("refused", true) => "not refused S5",
        ("in", false) => "in flight 4",
        ("in", true) => "not in flight AppendEntries S1->S2",
        ("committed", false) => r#"committed 2 = 1:"x=1""#,
        ("committed", true) => r#"not committed 2 = 1:"x=1""#,
        ("violation", false) => "violation election-safety",
        ("violation", true) => "not violation election-safety",
        _ => "not sent RequestVote S1->S2",
    }
}

/// Parses a claim, or `sent nothing` and `in flight 4`, which cannot be negated.
fn read_asserted(line: &mut Cursor<'_>) -> ParseResult<Condition> {
    let first = line.peek_or_end().text;
    let mut ahead = line.clone();
    if ahead.take("sent") && ahead.take("nothing") {
        *line = ahead;
        return Ok(Condition::SentNothing);
    }
    let mut ahead = line.clone();
    let counts = |ahead: &Cursor<'_>| ahead.peek().is_some_and(|it| digits(it.text).is_some());
    if ahead.take("in") && ahead.take("flight") && counts(&ahead) {
        *line = ahead;
        let count: u32 = line.value()?;
        // A `u32` fits into a `usize` on all supported platforms.
        return Ok(Condition::InFlight(count as usize));
    }
    let instead = match first {
        "sent" => Some(Token::word("nothing")),
        "in" => Some(Token::Number),
        _ => None,
    };
    let claim = read_claim(line, instead).map(Condition::Asserted);
    claim.map_err(|error| error.example(claim_example(first, false)))
}

fn read_denied(line: &mut Cursor<'_>) -> ParseResult<Condition> {
    line.next();
    let first = line.peek_or_end();
    if !CLAIMS.contains(&first.text) {
        let server = NodeId::read(first, line).ok();
        let help = server.map(|_| Help::Example(NOT_EXAMPLE.to_owned()));
        return Err(line.unknown_word(first, CLAIMS).help(help));
    }
    let claim = read_claim(line, None).map(Condition::Denied);
    claim.map_err(|error| error.example(claim_example(first.text, true)))
}

/// Parses a claim; `instead` is a valid alternative to a message's kind, for errors.
fn read_claim(line: &mut Cursor<'_>, instead: Option<Token>) -> ParseResult<Claim> {
    let first = line.next_or_end();
    match first.text {
        "sent" => message::read_pattern(line, instead).map(Claim::Sent),
        "delivered" => message::read_pattern(line, None).map(Claim::Delivered),
        "lost" => message::read_pattern(line, None).map(Claim::Lost),
        "refused" => line.value().map(Claim::Refused),
        "violation" => line.value().map(Claim::Violation),
        "committed" => read_committed(line),
        _ => {
            line.word("flight")?;
            message::read_pattern(line, instead).map(Claim::InFlight)
        }
    }
}

fn read_committed(line: &mut Cursor<'_>) -> ParseResult<Claim> {
    let piece = line.peek_or_end();
    let index = line.value()?;
    if line.peek().is_none() {
        return Ok(Claim::Committed(index));
    }
    if index == LogIndex::ZERO {
        // The first entry has index 1.
        return Err(line.unexpected(piece, Token::EntryIndex));
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

/// The condition as it follows `expect` or `run until`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { server, is, is_not } => {
                f.write_str(&write_properties(*server, is, is_not))
            }
            Self::Role { server, role } => write!(f, "{server} is {role}"),
            Self::Leader => f.write_str("leader"),
            Self::Leaders(count) => write!(f, "{count} leaders"),
            Self::OneLeader => f.write_str("one leader"),
            Self::NoLeader => f.write_str("no leader"),
            Self::Term(term) => write!(f, "term {term}"),
            Self::TermAbove(term) => write!(f, "term > {term}"),
            Self::Quiet => f.write_str("quiet"),
            Self::SentNothing => f.write_str("sent nothing"),
            Self::Violation => f.write_str("violation"),
            Self::NoViolation => f.write_str("no violation"),
            Self::InFlight(count) => write!(f, "in flight {count}"),
            Self::Asserted(claim) => claim.fmt(f),
            Self::Denied(claim) => write!(f, "not {claim}"),
        }
    }
}

/// The claim as it stands in a condition, after `not` if it is denied.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent(pattern) => write!(f, "sent {pattern}"),
            Self::Delivered(pattern) => write!(f, "delivered {pattern}"),
            Self::Lost(pattern) => write!(f, "lost {pattern}"),
            Self::Refused(server) => write!(f, "refused {server}"),
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
