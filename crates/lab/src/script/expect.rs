//! Expectations: how each line is read and how it is written.

use std::fmt;
use std::sync::Arc;

use hustings_raft::{Entry, MessageKind, NodeSet, Payload, RoleName, Term};

use super::cursor::{Cursor, Piece};
use super::error::{Reading, Token};
use super::field::{self, Field, Reader, optional};
use super::text;
use super::value::{Value, show};
use crate::expect::{Expectation, MessageFacts, ServerFacts};
use crate::{Lab, Link};

/// What can stand after `expect`, but for a server.
pub(super) const STARTS: [&str; 6] = ["one", "no", "sent", "in", "committed", "violation"];

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
pub(super) fn read(line: &mut Cursor<'_>) -> Reading<Expectation> {
    if line.take("one") {
        line.word("leader")?;
        return Ok(Expectation::OneLeader);
    }
    if line.take("no") {
        if line.take("violation") {
            return Ok(Expectation::NoViolation);
        }
        let leader = line.word("leader");
        leader.map_err(|error| error.or_words(&["violation"]))?;
        return Ok(Expectation::NoLeader);
    }
    if line.take("violation") {
        return line.value().map(Expectation::Violation);
    }
    if line.take("in") {
        line.word("flight")?;
        let count: u32 = line.value()?;
        // On every platform that this runs on, a `usize` holds a `u32`.
        return Ok(Expectation::InFlight(count as usize));
    }
    if line.take("sent") {
        return read_sent(line);
    }
    if line.take("committed") {
        return read_committed(line);
    }
    read_server(line)
}

fn read_server(line: &mut Cursor<'_>) -> Reading<Expectation> {
    let server = line.value_or(&STARTS)?;
    if line.take("not") {
        let role = line.value()?;
        return Ok(Expectation::NotRole { server, role });
    }
    let mut facts = ServerFacts::default();
    let mut fields = Reader::new(&SERVER);
    let mut first = true;
    while first || line.peek().is_some() {
        let piece = line.next_or_end();
        fields.may_end = !first;
        if piece.text.contains('=') {
            fields.read(&mut facts, piece, line)?;
        } else {
            read_word(&mut facts, piece, line, first)
                .map_err(|error| error.or_all(fields.expected()))?;
        }
        first = false;
    }
    Ok(Expectation::Server { server, facts })
}

/// Reads a role, `up` or `down`.
fn read_word(
    facts: &mut ServerFacts,
    piece: Piece<'_>,
    line: &Cursor<'_>,
    first: bool,
) -> Reading<()> {
    let role = RoleName::ALL
        .into_iter()
        .find(|role| role.name() == piece.text);
    match (role, piece.text) {
        (Some(role), _) if facts.role.is_none() => facts.role = Some(role),
        (None, "up") if facts.up.is_none() => facts.up = Some(true),
        (None, "down") if facts.up.is_none() => facts.up = Some(false),
        _ => {
            let mut words = Vec::new();
            if first {
                words.push("not");
            }
            if facts.role.is_none() {
                words.extend(RoleName::ALL.map(RoleName::name));
            }
            if facts.up.is_none() {
                words.extend(STATES);
            }
            return Err(line.unknown_word(piece, &words));
        }
    }
    Ok(())
}

fn read_sent(line: &mut Cursor<'_>) -> Reading<Expectation> {
    if line.take("nothing") {
        return Ok(Expectation::SentNothing);
    }
    let kind = line.value_or(&["nothing"])?;
    read_facts(kind, line, |_| true).map(Expectation::Sent)
}

/// Reads a message as its kind, its link and what it says.
pub(super) fn read_message(line: &mut Cursor<'_>) -> Reading<MessageFacts> {
    let kind = line.value()?;
    read_facts(kind, line, |facts| facts.message().is_ok())
}

fn read_facts(
    kind: MessageKind,
    line: &mut Cursor<'_>,
    may_end: fn(&MessageFacts) -> bool,
) -> Reading<MessageFacts> {
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
    while let Some(piece) = line.next() {
        fields.may_end = may_end(&facts);
        fields.read(&mut facts, piece, line)?;
    }
    Ok(facts)
}

fn read_committed(line: &mut Cursor<'_>) -> Reading<Expectation> {
    let index = line.value()?;
    line.word("=")?;
    let piece = line.next_or_end();
    let Some((term, payload)) = piece.split(":") else {
        return Err(line.unexpected(piece, Token::Entry));
    };
    let term = Term::read(term, line)?;
    let payload = match payload.text {
        "none" => Payload::Noop,
        names if names.starts_with('S') => Payload::Members(NodeSet::read(payload, line)?),
        _ => {
            let command = text::read(payload, line, Lab::TEXT_CHARS_MAX);
            Payload::Command(Arc::from(
                command.map_err(|error| error.or_words(&["none"]))?,
            ))
        }
    };
    let entry = Entry { term, payload };
    Ok(Expectation::Committed { index, entry })
}

/// The expectation as its line in a script.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expect ")?;
        match self {
            Self::Server { server, facts } => write!(f, "{server}{facts}"),
            Self::NotRole { server, role } => write!(f, "{server} not {role}"),
            Self::OneLeader => f.write_str("one leader"),
            Self::NoLeader => f.write_str("no leader"),
            Self::Sent(facts) => write!(f, "sent {facts}"),
            Self::SentNothing => f.write_str("sent nothing"),
            Self::InFlight(count) => write!(f, "in flight {count}"),
            Self::NoViolation => f.write_str("no violation"),
            Self::Violation(invariant) => write!(f, "violation {}", invariant.name()),
            Self::Committed { index, entry } => {
                write!(f, "committed {index} = {}", Written(entry))
            }
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
