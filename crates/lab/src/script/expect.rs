//! Expectations: how each is parsed and printed.

use std::fmt;
use std::sync::Arc;

use hustings_raft::{Entry, LogIndex, MessageKind, NodeId, NodeSet, Payload, RoleName};

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, ScriptError, Token};
use super::field::{self, Field, Reader, optional};
use super::text::{self, quote};
use super::value::{Value, digits, entry_term, show};
use crate::expect::{Claim, Expectation, MessageFacts, ServerFacts};
use crate::{Lab, Link};

/// The words that can follow `expect`; a server can, too.
pub(super) const KEYWORDS: [&str; 7] = ["one", "no", "not", "sent", "in", "committed", "violation"];

/// The words that can follow `expect not`.
const CLAIMS: [&str; 4] = ["sent", "in", "committed", "violation"];

/// The properties of a server without a value.
pub(super) const STATES: [&str; 2] = ["up", "down"];

/// The fields of a server.
static SERVER: [Field<ServerFacts>; 7] = [
    optional!("term", term),
    optional!("voted-for", voted_for),
    optional!("log", log),
    optional!("last", last),
    optional!("commit", commit),
    optional!("leader", leader),
    optional!("members", members),
];

/// The fields of messages, each with the kinds of message that have it.
static MESSAGE: [(Field<MessageFacts>, &[MessageKind]); 10] = {
    use MessageKind::{
        AppendEntries, AppendEntriesReply, PreVote, PreVoteReply, RequestVote, RequestVoteReply,
    };
    [
        (optional!("term", term), &MessageKind::ALL),
        (optional!("last", last), &[RequestVote, PreVote]),
        (optional!("transfer", transfer), &[RequestVote]),
        (
            optional!("granted", granted),
            &[RequestVoteReply, PreVoteReply],
        ),
        (optional!("prev", prev), &[AppendEntries]),
        (optional!("entries", entries), &[AppendEntries]),
        (optional!("commit", commit), &[AppendEntries]),
        (optional!("success", success), &[AppendEntriesReply]),
        (optional!("match", matched), &[AppendEntriesReply]),
        (optional!("hint", hint), &[AppendEntriesReply]),
    ]
};

fn fields_of(kind: MessageKind) -> impl Iterator<Item = &'static Field<MessageFacts>> {
    let of_kind = MESSAGE
        .iter()
        .filter(move |(_, kinds)| kinds.contains(&kind));
    of_kind.map(|(field, _)| field)
}

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
    read_server(line).map_err(|error| error.example("expect S1 leader term=1"))
}

fn read_none(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    if line.take("violation") {
        return Ok(Expectation::NoViolation);
    }
    let leader = line.word("leader");
    leader.map_err(|error| error.or_keywords(&["violation"]))?;
    Ok(Expectation::NoLeader)
}

const NOT_EXAMPLE: &str = "expect S1 not leader";

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
        return read_pattern(line, instead).map(Claim::Sent);
    }
    if line.take("in") {
        line.word("flight")?;
        return read_pattern(line, instead).map(Claim::InFlight);
    }
    if line.take("violation") {
        return line.value().map(Claim::Violation);
    }
    line.word("committed")?;
    read_committed(line)
}

/// Parses a pattern for messages: a kind, and any fields.
fn read_pattern(line: &mut Cursor<'_>, instead: Option<Token>) -> ParseResult<MessageFacts> {
    let kind = line.value();
    let kind =
        kind.map_err(|error: Box<ScriptError>| error.or_all(instead.into_iter().collect()))?;
    read_facts(kind, line, |_| true)
}

/// The parsed properties of a server: those it has, and those it does not have.
#[derive(Default)]
struct Properties {
    is: ServerFacts,
    is_not: ServerFacts,
}

impl Properties {
    fn facts(&mut self, not: bool) -> &mut ServerFacts {
        if not { &mut self.is_not } else { &mut self.is }
    }

    fn has_role(&self) -> bool {
        self.is.role.or(self.is_not.role).is_some()
    }
}

fn read_server(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    let server = line.value_or(&KEYWORDS)?;
    let mut properties = Properties::default();
    let mut fields = Reader::new(&SERVER);
    let mut pieces = Vec::new();
    loop {
        let not = line.take("not");
        let piece = line.next_or_end();
        fields.may_end = !not && !pieces.is_empty();
        let read = if piece.text.contains('=') {
            let facts = properties.facts(not);
            fields.read(facts, piece, line)
        } else {
            read_word(&mut properties, not, piece, line).map_err(|error| {
                let expected = fields.expected();
                let is_complete = properties.has_role() && expected == [Token::End];
                let not = (!not && !is_complete).then(|| Token::word("not"));
                error.or_all(not.into_iter().chain(expected).collect())
            })
        };
        read.map_err(|error| {
            if not {
                error.example(NOT_EXAMPLE)
            } else {
                error
            }
        })?;
        if !not {
            pieces.push(piece);
        }
        if line.peek().is_none() {
            break;
        }
    }
    check_agreement(properties.is.contradiction(server), &pieces, line)?;
    let Properties { is, is_not } = properties;
    Ok(Expectation::Server { server, is, is_not })
}

/// Reports two contradicting fields as an error at the second one.
fn check_agreement(
    parts: Option<[&'static str; 2]>,
    pieces: &[Piece<'_>],
    line: &Cursor<'_>,
) -> ParseResult<()> {
    let Some(parts) = parts else {
        return Ok(());
    };
    let is_part = |piece: &&Piece<'_>| {
        let name = piece.split("=").map_or(piece.text, |(name, _)| name.text);
        parts.contains(&name)
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

/// Parses a role, `up` or `down`. Instead of `not up`, `down` is required.
fn read_word(
    properties: &mut Properties,
    not: bool,
    piece: Piece<'_>,
    line: &Cursor<'_>,
) -> ParseResult<()> {
    let mut words = Vec::new();
    if !properties.has_role() {
        let mut roles = RoleName::ALL.into_iter();
        if let Some(role) = roles.find(|role| role.name() == piece.text) {
            let facts = properties.facts(not);
            facts.role = Some(role);
            return Ok(());
        }
        words.extend(RoleName::ALL.map(RoleName::name));
    }
    let opposite = match piece.text {
        "up" => Some("down"),
        "down" => Some("up"),
        _ => None,
    };
    if not {
        let meant = opposite.map(|opposite| Help::Meant(opposite.to_owned()));
        let error = line.expected_one_of(piece, Vec::new()).or_keywords(&words);
        return Err(error.help(meant));
    }
    if properties.is.up.is_none() {
        if opposite.is_some() {
            properties.is.up = Some(piece.text == "up");
            return Ok(());
        }
        words.extend(STATES);
    }
    Err(line.unknown_word(piece, &words))
}

/// Parses a complete message of a kind.
pub(super) fn read_message(kind: MessageKind, line: &mut Cursor<'_>) -> ParseResult<MessageFacts> {
    read_facts(kind, line, |facts| facts.message().is_ok())
}

fn read_facts(
    kind: MessageKind,
    line: &mut Cursor<'_>,
    may_end: fn(&MessageFacts) -> bool,
) -> ParseResult<MessageFacts> {
    let mut facts = MessageFacts::any(kind);
    let mut fields = Reader::new(fields_of(kind));
    fields.may_end = may_end(&facts);
    if line.peek().is_some_and(|piece| !piece.text.contains('=')) {
        let piece = line.next_or_end();
        let link = Link::read(piece, line).map_err(|error| {
            if error.at == line.span(piece) {
                error.or_all(fields.expected())
            } else {
                error
            }
        })?;
        facts.link = Some(link);
    }
    let mut pieces = Vec::new();
    while let Some(piece) = line.next() {
        fields.may_end = may_end(&facts);
        fields.read(&mut facts, piece, line)?;
        pieces.push(piece);
        check_agreement(facts.contradiction(), &pieces, line)?;
    }
    Ok(facts)
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
            let command = text::read(payload, line, Lab::TEXT_CHARS_MAX);
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
            Self::Server { server, is, is_not } => write!(f, "{server}{is}{}", Not(is_not)),
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
            Self::Sent(facts) => write!(f, "sent {facts}"),
            Self::InFlight(facts) => write!(f, "in flight {facts}"),
            Self::Committed(index) => write!(f, "committed {index}"),
            Self::CommittedAs { index, entry } => {
                write!(f, "committed {index} = {}", Written(entry))
            }
            Self::Violation(invariant) => write!(f, "violation {}", invariant.name()),
        }
    }
}

/// An entry as in a script: `1:"x=1"`, `1:none`, `1:S1,S2,S3`.
pub(crate) struct Written<'a>(pub(crate) &'a Entry);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut payload = String::new();
        match &self.0.payload {
            Payload::Noop => payload.push_str("none"),
            Payload::Command(command) => text::write(command, &mut payload),
            Payload::Members(members) => members.write(&mut payload),
        }
        write!(f, "{}:{payload}", self.0.term)
    }
}

/// The facts as in an expectation, each with a space before it.
impl fmt::Display for ServerFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        if let Some(role) = self.role {
            show(format_args!(" {role}"), &mut out);
        }
        // A crashed server has no role, so `down` takes the position of the role.
        if self.up == Some(false) {
            out.push_str(" down");
        }
        field::write(self, &SERVER, &mut out);
        if self.up == Some(true) {
            out.push_str(" up");
        }
        f.write_str(&out)
    }
}

/// Negated facts, each with ` not ` before it.
pub(crate) struct Not<'a>(pub(crate) &'a ServerFacts);

impl fmt::Display for Not<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.0.to_string();
        let mut facts = facts.split(' ').filter(|fact| !fact.is_empty());
        facts.try_for_each(|fact| write!(f, " not {fact}"))
    }
}

/// `RequestVote S1->S2 term=2 last=1:1`.
impl fmt::Display for MessageFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = self.kind.name().to_owned();
        if let Some(link) = self.link {
            show(format_args!(" {link}"), &mut out);
        }
        field::write(self, fields_of(self.kind), &mut out);
        f.write_str(&out)
    }
}

/// The fields of servers and messages.
#[cfg(test)]
pub(super) fn field_names() -> impl Iterator<Item = &'static str> {
    let of_messages = MESSAGE.iter().map(|(field, _)| field.name);
    SERVER.iter().map(|field| field.name).chain(of_messages)
}
