//! Messages: patterns of expectations, and complete ones that are sent.

use std::fmt;

use hustings_raft::{AppendResult, Entries, LogIndex, Message, MessageKind, Position, Term};

use super::agreement;
use super::cursor::Cursor;
use super::error::{ParseResult, ScriptError, Token};
use super::field::{self, Field, Fields, Names};
use super::value::{Value, show};
use crate::header::made_up_entries;
use crate::path::Link;
use crate::pattern::{FieldsPattern, LogEnd, MessagePattern};

const TERM: Field<Term> = Field::new("term");
const LAST: Field<LogEnd> = Field::new("last");
const TRANSFER: Field<bool> = Field::new("transfer");
const GRANTED: Field<bool> = Field::new("granted");
const PREV: Field<Position> = Field::new("prev");
const ENTRIES: Field<Vec<Term>> = Field::new("entries");
const COMMIT: Field<LogIndex> = Field::new("commit");
const SUCCESS: Field<bool> = Field::new("success");
const MATCH: Field<LogIndex> = Field::new("match");
const HINT: Field<LogIndex> = Field::new("hint");

/// The fields of a kind of message.
fn fields_of(kind: MessageKind) -> &'static [&'static str] {
    match kind {
        MessageKind::RequestVote => &[TERM.name, LAST.name, TRANSFER.name],
        MessageKind::RequestVoteReply | MessageKind::PreVoteReply => &[TERM.name, GRANTED.name],
        MessageKind::PreVote => &[TERM.name, LAST.name],
        MessageKind::TimeoutNow => &[TERM.name],
        MessageKind::AppendEntries => &[TERM.name, PREV.name, ENTRIES.name, COMMIT.name],
        MessageKind::AppendEntriesReply => &[TERM.name, SUCCESS.name, MATCH.name, HINT.name],
    }
}

/// Parses a pattern: a kind, and any fields. `instead` is a valid alternative to the
/// kind, for errors.
pub(super) fn read_pattern(
    line: &mut Cursor<'_>,
    instead: Option<Token>,
) -> ParseResult<MessagePattern> {
    let kind = line.value();
    let kind =
        kind.map_err(|error: Box<ScriptError>| error.or_all(instead.into_iter().collect()))?;
    let parts = Parts::read(kind, line, |_, _| true)?;
    let fields = parts.pattern(line)?;
    let link = parts.link;
    Ok(MessagePattern { link, fields })
}

/// Parses a complete message of a kind.
pub(super) fn read_message(
    kind: MessageKind,
    line: &mut Cursor<'_>,
) -> ParseResult<(Link, Message)> {
    let parts = Parts::read(kind, line, |parts, line| parts.message(line).is_ok())?;
    let end = line.peek_or_end();
    let link = parts.link;
    let link = link.ok_or_else(|| line.unexpected(end, Token::Link))?;
    Ok((link, parts.message(line)?))
}

/// The parts of a message as they are written.
struct Parts<'a> {
    kind: MessageKind,
    link: Option<Link>,
    fields: Fields<'a>,
}

impl<'a> Parts<'a> {
    /// Parses the link, if there is one, and the fields.
    fn read(
        kind: MessageKind,
        line: &mut Cursor<'a>,
        may_end: fn(&Self, &Cursor<'_>) -> bool,
    ) -> ParseResult<Self> {
        let (link, fields) = (None, Fields::default());
        let mut parts = Self { kind, link, fields };
        let mut names = Names::new(fields_of(kind));
        names.may_end = may_end(&parts, line);
        if line.peek().is_some_and(|piece| !piece.text.contains('=')) {
            parts.link = Some(read_link(&names, line)?);
        }
        let mut pieces = Vec::new();
        while let Some(piece) = line.next() {
            names.may_end = may_end(&parts, line);
            parts.fields.push(names.read(piece, line)?);
            pieces.push(piece);
            agreement::check(contradiction(&parts.pattern(line)?), &pieces, line)?;
        }
        Ok(parts)
    }

    fn pattern(&self, line: &Cursor<'_>) -> ParseResult<FieldsPattern> {
        let fields = &self.fields;
        let term = fields.value(&TERM, line)?;
        Ok(match self.kind {
            MessageKind::RequestVote => FieldsPattern::RequestVote {
                term,
                last: fields.value(&LAST, line)?,
                transfer: fields.value(&TRANSFER, line)?,
            },
            MessageKind::RequestVoteReply => FieldsPattern::RequestVoteReply {
                term,
                granted: fields.value(&GRANTED, line)?,
            },
            MessageKind::PreVote => FieldsPattern::PreVote {
                term,
                last: fields.value(&LAST, line)?,
            },
            MessageKind::PreVoteReply => FieldsPattern::PreVoteReply {
                term,
                granted: fields.value(&GRANTED, line)?,
            },
            MessageKind::TimeoutNow => FieldsPattern::TimeoutNow { term },
            MessageKind::AppendEntries => FieldsPattern::AppendEntries {
                term,
                prev: fields.value(&PREV, line)?,
                entries: fields.value(&ENTRIES, line)?,
                commit: fields.value(&COMMIT, line)?,
            },
            MessageKind::AppendEntriesReply => FieldsPattern::AppendEntriesReply {
                term,
                success: fields.value(&SUCCESS, line)?,
                matched: fields.value(&MATCH, line)?,
                hint: fields.value(&HINT, line)?,
            },
        })
    }

    /// The message, if no field of it is missing. Entries get placeholder commands, as in
    /// a server's [initial state](crate::InitialState).
    fn message(&self, line: &Cursor<'_>) -> ParseResult<Message> {
        let fields = &self.fields;
        let term = fields.required(&TERM, line)?;
        Ok(match self.kind {
            MessageKind::RequestVote => Message::RequestVote {
                term,
                last: self.last(line)?,
                transfer: fields.value(&TRANSFER, line)?.unwrap_or(false),
            },
            MessageKind::RequestVoteReply => Message::RequestVoteReply {
                term,
                granted: fields.required(&GRANTED, line)?,
            },
            MessageKind::PreVote => Message::PreVote {
                term,
                last: self.last(line)?,
            },
            MessageKind::PreVoteReply => Message::PreVoteReply {
                term,
                granted: fields.required(&GRANTED, line)?,
            },
            MessageKind::TimeoutNow => Message::TimeoutNow { term },
            MessageKind::AppendEntries => Message::AppendEntries {
                term,
                prev: fields.required(&PREV, line)?,
                entries: self.entries(line)?,
                commit: fields.value(&COMMIT, line)?.unwrap_or_default(),
            },
            MessageKind::AppendEntriesReply => Message::AppendEntriesReply {
                term,
                result: self.result(line)?,
            },
        })
    }

    /// The end of the sender's log, with its term.
    fn last(&self, line: &Cursor<'_>) -> ParseResult<Position> {
        match self.fields.required(&LAST, line)? {
            LogEnd::Position(last) => Ok(last),
            LogEnd::Index(_) => Err(field::missing(LAST.name, line)),
        }
    }

    fn entries(&self, line: &Cursor<'_>) -> ParseResult<Entries> {
        let prev = self.fields.required(&PREV, line)?;
        let terms = self.fields.value(&ENTRIES, line)?.unwrap_or_default();
        Ok(made_up_entries(prev.index, terms.into_iter()).collect())
    }

    fn result(&self, line: &Cursor<'_>) -> ParseResult<AppendResult> {
        Ok(if self.fields.required(&SUCCESS, line)? {
            let matched = self.fields.required(&MATCH, line)?;
            AppendResult::Accepted { matched }
        } else {
            let hint = self.fields.required(&HINT, line)?;
            AppendResult::Refused { hint }
        })
    }
}

fn read_link(names: &Names, line: &mut Cursor<'_>) -> ParseResult<Link> {
    let piece = line.next_or_end();
    Link::read(piece, line).map_err(|error| {
        if error.at == line.span(piece) {
            error.or_all(names.expected())
        } else {
            error
        }
    })
}

/// Two fields that contradict each other.
fn contradiction(pattern: &FieldsPattern) -> Option<[&'static str; 2]> {
    let FieldsPattern::AppendEntriesReply {
        success,
        matched,
        hint,
        ..
    } = pattern
    else {
        return None;
    };
    match (success, matched, hint) {
        (Some(true), _, Some(_)) => Some([SUCCESS.name, HINT.name]),
        (Some(false), Some(_), _) => Some([SUCCESS.name, MATCH.name]),
        (None, Some(_), Some(_)) => Some([MATCH.name, HINT.name]),
        _ => None,
    }
}

/// `RequestVote S1->S2 term=2 last=1:1`.
impl fmt::Display for MessagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = self.kind().name().to_owned();
        if let Some(link) = self.link {
            show(format_args!(" {link}"), &mut out);
        }
        write_pattern(&self.fields, &mut out);
        f.write_str(&out)
    }
}

fn write_pattern(fields: &FieldsPattern, out: &mut String) {
    match fields {
        FieldsPattern::RequestVote {
            term,
            last,
            transfer,
        } => {
            TERM.write_some(term, out);
            LAST.write_some(last, out);
            TRANSFER.write_some(transfer, out);
        }
        FieldsPattern::RequestVoteReply { term, granted }
        | FieldsPattern::PreVoteReply { term, granted } => {
            TERM.write_some(term, out);
            GRANTED.write_some(granted, out);
        }
        FieldsPattern::PreVote { term, last } => {
            TERM.write_some(term, out);
            LAST.write_some(last, out);
        }
        FieldsPattern::TimeoutNow { term } => TERM.write_some(term, out),
        FieldsPattern::AppendEntries {
            term,
            prev,
            entries,
            commit,
        } => {
            TERM.write_some(term, out);
            PREV.write_some(prev, out);
            ENTRIES.write_some(entries, out);
            COMMIT.write_some(commit, out);
        }
        FieldsPattern::AppendEntriesReply {
            term,
            success,
            matched,
            hint,
        } => {
            TERM.write_some(term, out);
            SUCCESS.write_some(success, out);
            MATCH.write_some(matched, out);
            HINT.write_some(hint, out);
        }
    }
}

/// A complete message: `RequestVote S1->S2 term=2 last=1:1`.
pub(crate) fn write_message(link: Link, message: &Message) -> String {
    let mut out = format!("{} {link}", message.kind());
    TERM.write(&message.term(), &mut out);
    match message {
        Message::RequestVote {
            term: _,
            last,
            transfer,
        } => {
            LAST.write(&LogEnd::Position(*last), &mut out);
            if *transfer {
                TRANSFER.write(transfer, &mut out);
            }
        }
        Message::RequestVoteReply { term: _, granted }
        | Message::PreVoteReply { term: _, granted } => GRANTED.write(granted, &mut out),
        Message::PreVote { term: _, last } => LAST.write(&LogEnd::Position(*last), &mut out),
        Message::TimeoutNow { term: _ } => {}
        Message::AppendEntries {
            term: _,
            prev,
            entries,
            commit,
        } => {
            let terms = entries.iter().map(|entry| entry.term).collect();
            PREV.write(prev, &mut out);
            ENTRIES.write(&terms, &mut out);
            COMMIT.write(commit, &mut out);
        }
        Message::AppendEntriesReply { term: _, result } => write_result(*result, &mut out),
    }
    out
}

fn write_result(result: AppendResult, out: &mut String) {
    match result {
        AppendResult::Accepted { matched } => {
            SUCCESS.write(&true, out);
            MATCH.write(&matched, out);
        }
        AppendResult::Refused { hint } => {
            SUCCESS.write(&false, out);
            HINT.write(&hint, out);
        }
    }
}

/// The fields of all messages.
#[cfg(test)]
pub(super) fn field_names() -> impl Iterator<Item = &'static str> {
    let kinds = MessageKind::ALL.into_iter();
    kinds.flat_map(|kind| fields_of(kind).iter().copied())
}
