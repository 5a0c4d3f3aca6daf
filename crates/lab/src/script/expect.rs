//! Expectations: how each line is read and how it is written.

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

/// What can stand after `expect`, but for a server.
pub(super) const KEYWORDS: [&str; 7] = ["one", "no", "not", "sent", "in", "committed", "violation"];

/// What can stand after `expect not`.
const CLAIMS: [&str; 4] = ["sent", "in", "committed", "violation"];

/// What a server can be without a value.
pub(super) const STATES: [&str; 2] = ["up", "down"];

/// What a server holds.
static SERVER: [Field<ServerFacts>; 7] = [
    optional!("term", term),
    optional!("voted-for", voted_for),
    optional!("log", log),
    optional!("last", last),
    optional!("commit", commit),
    optional!("leader", leader),
    optional!("members", members),
];

/// What a message says, and in which kinds of message it does.
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

/// Reads an expectation after the word `expect`.
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
        return read_so(line);
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

/// A line that expects something to be so, or denies it, by the word that starts it.
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

/// Reads what may be denied; some of it has a form of its own where it is so.
fn read_so(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
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
        // On every platform that this runs on, a `usize` holds a `u32`.
        return Ok(Expectation::InFlight(count as usize));
    }
    let instead = match first {
        "sent" => Some(Token::word("nothing")),
        "in" => Some(Token::Number),
        _ => None,
    };
    let claim = read_claim(line, instead).map(Expectation::So);
    claim.map_err(|error| error.example(claim_example(first, false)))
}

fn read_denied(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    let first = line.peek_or_end();
    if !CLAIMS.contains(&first.text) {
        let server = NodeId::read(first, line).ok();
        let help = server.map(|_| Help::Example(NOT_EXAMPLE));
        return Err(line.unknown_word(first, &CLAIMS).help(help));
    }
    let claim = read_claim(line, None).map(Expectation::NotSo);
    claim.map_err(|error| error.example(claim_example(first.text, true)))
}

/// Reads what can be so or not. `instead` could stand for a message's kind.
fn read_claim(line: &mut Cursor<'_>, instead: Option<Token>) -> ParseResult<Claim> {
    if line.take("sent") {
        return read_any(line, instead).map(Claim::Sent);
    }
    if line.take("in") {
        line.word("flight")?;
        return read_any(line, instead).map(Claim::InFlight);
    }
    if line.take("violation") {
        return line.value().map(Claim::Violation);
    }
    line.word("committed")?;
    read_committed(line)
}

/// Reads a message that is looked for: its kind, and any part of what it says.
fn read_any(line: &mut Cursor<'_>, instead: Option<Token>) -> ParseResult<MessageFacts> {
    let kind = line.value();
    let kind =
        kind.map_err(|error: Box<ScriptError>| error.or_all(instead.into_iter().collect()))?;
    read_facts(kind, line, |_| true)
}

/// What is read of a server: what is so, and what is not.
#[derive(Default)]
struct Said {
    is: ServerFacts,
    is_not: ServerFacts,
}

impl Said {
    fn has_role(&self) -> bool {
        self.is.role.or(self.is_not.role).is_some()
    }
}

fn read_server(line: &mut Cursor<'_>) -> ParseResult<Expectation> {
    let server = line.value_or(&KEYWORDS)?;
    let mut said = Said::default();
    let mut fields = Reader::new(&SERVER);
    let mut pieces = Vec::new();
    loop {
        let not = line.take("not");
        let piece = line.next_or_end();
        fields.may_end = !not && !pieces.is_empty();
        let read = if piece.text.contains('=') {
            let facts = if not { &mut said.is_not } else { &mut said.is };
            fields.read(facts, piece, line)
        } else {
            read_word(&mut said, not, piece, line).map_err(|error| {
                let expected = fields.expected();
                let all_said = said.has_role() && expected == [Token::End];
                let not = (!not && !all_said).then(|| Token::word("not"));
                error.or_all(not.into_iter().chain(expected).collect())
            })
        };
        read.map_err(|error| match not {
            true => error.example(NOT_EXAMPLE),
            false => error,
        })?;
        if !not {
            pieces.push(piece);
        }
        if line.peek().is_none() {
            break;
        }
    }
    check_agreement(said.is.contradiction(server), &pieces, line)?;
    let Said { is, is_not } = said;
    Ok(Expectation::Server { server, is, is_not })
}

/// Two parts of what is said that cannot be so at once are a mistake where the
/// second of them stands.
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

/// Reads a role, or `up` or `down`, which are each other's denial.
fn read_word(said: &mut Said, not: bool, piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<()> {
    let mut words = Vec::new();
    if !said.has_role() {
        let mut roles = RoleName::ALL.into_iter();
        if let Some(role) = roles.find(|role| role.name() == piece.text) {
            let facts = if not { &mut said.is_not } else { &mut said.is };
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
    if said.is.up.is_none() {
        if opposite.is_some() {
            said.is.up = Some(piece.text == "up");
            return Ok(());
        }
        words.extend(STATES);
    }
    Err(line.unknown_word(piece, &words))
}

/// Reads a message of a kind: its link and what it says.
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
        let link = Link::read(piece, line).map_err(|error| match error.at == line.span(piece) {
            true => error.or_all(fields.expected()),
            false => error,
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
        // Nothing stands there, so nothing is ever committed there.
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

/// The expectation as its line in a script.
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
            Self::So(claim) => claim.fmt(f),
            Self::NotSo(claim) => write!(f, "not {claim}"),
        }
    }
}

/// The claim as a line has it behind `expect` or `expect not`.
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

/// An entry as a script writes it: `1:"x=1"`, `1:none`, `1:S1,S2,S3`.
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

/// The facts as an expectation gives them after the server, each with a space
/// before it.
impl fmt::Display for ServerFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        if let Some(role) = self.role {
            show(format_args!(" {role}"), &mut out);
        }
        // A server that is down has no role: that it is down stands in its place.
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

/// The facts as an expectation denies them, each with ` not ` before it.
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
