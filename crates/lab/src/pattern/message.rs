//! Patterns for messages.

use hustings_raft::{AppendResult, Entry, LogIndex, Message, MessageKind, Position, Term};

use super::LogEnd;
use crate::path::Link;

/// A pattern for a message of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessagePattern {
    /// Its sender and receiver; `None` matches any.
    pub link: Option<Link>,
    /// Its kind and its fields.
    pub fields: FieldsPattern,
}

/// A pattern for the fields of a [`Message`], by its kind. `None` matches anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldsPattern {
    /// [`Message::RequestVote`]
    RequestVote {
        /// The candidate's term.
        term: Option<Term>,
        /// Where the candidate's log ends.
        last: Option<LogEnd>,
        /// Whether the election is part of a leadership transfer.
        transfer: Option<bool>,
    },
    /// [`Message::RequestVoteReply`]
    RequestVoteReply {
        /// The voter's term.
        term: Option<Term>,
        /// Whether the candidate has the vote.
        granted: Option<bool>,
    },
    /// [`Message::PreVote`]
    PreVote {
        /// The term of the election that the sender would start.
        term: Option<Term>,
        /// Where the sender's log ends.
        last: Option<LogEnd>,
    },
    /// [`Message::PreVoteReply`]
    PreVoteReply {
        /// The requested term if the pre-vote is granted, otherwise the voter's.
        term: Option<Term>,
        /// Whether the pre-candidate would have the vote.
        granted: Option<bool>,
    },
    /// [`Message::TimeoutNow`]
    TimeoutNow {
        /// The leader's term.
        term: Option<Term>,
    },
    /// [`Message::AppendEntries`]
    AppendEntries {
        /// The leader's term.
        term: Option<Term>,
        /// The entry just before the new ones.
        prev: Option<Position>,
        /// The terms of the new entries.
        entries: Option<Vec<Term>>,
        /// The leader's commit index.
        commit: Option<LogIndex>,
    },
    /// [`Message::AppendEntriesReply`]
    AppendEntriesReply {
        /// The follower's term.
        term: Option<Term>,
        /// Whether the entries were accepted.
        success: Option<bool>,
        /// The last index known to agree, if they were.
        matched: Option<LogIndex>,
        /// The index after which the leader may retry, if they were not.
        hint: Option<LogIndex>,
    },
}

impl MessagePattern {
    /// The kind of the messages that match.
    pub fn kind(&self) -> MessageKind {
        self.fields.kind()
    }

    /// Whether a message matches.
    pub fn matches(&self, link: Link, message: &Message) -> bool {
        allows(&self.link, &link) && self.fields.matches(message)
    }
}

impl FieldsPattern {
    fn kind(&self) -> MessageKind {
        match self {
            Self::RequestVote { .. } => MessageKind::RequestVote,
            Self::RequestVoteReply { .. } => MessageKind::RequestVoteReply,
            Self::PreVote { .. } => MessageKind::PreVote,
            Self::PreVoteReply { .. } => MessageKind::PreVoteReply,
            Self::TimeoutNow { .. } => MessageKind::TimeoutNow,
            Self::AppendEntries { .. } => MessageKind::AppendEntries,
            Self::AppendEntriesReply { .. } => MessageKind::AppendEntriesReply,
        }
    }

    // Both are taken apart completely, so that a new field of either does not compile
    // until it is compared.
    fn matches(&self, message: &Message) -> bool {
        match self {
            Self::RequestVote {
                term,
                last,
                transfer,
            } => matches!(message, Message::RequestVote { term: t, last: l, transfer: f }
                if allows(term, t) && ends_at(*last, *l) && allows(transfer, f)),
            Self::RequestVoteReply { term, granted } => {
                matches!(message, Message::RequestVoteReply { term: t, granted: g }
                    if allows(term, t) && allows(granted, g))
            }
            Self::PreVote { term, last } => {
                matches!(message, Message::PreVote { term: t, last: l }
                    if allows(term, t) && ends_at(*last, *l))
            }
            Self::PreVoteReply { term, granted } => {
                matches!(message, Message::PreVoteReply { term: t, granted: g }
                    if allows(term, t) && allows(granted, g))
            }
            Self::TimeoutNow { term } => {
                matches!(message, Message::TimeoutNow { term: t } if allows(term, t))
            }
            Self::AppendEntries {
                term,
                prev,
                entries,
                commit,
            } => {
                matches!(message, Message::AppendEntries { term: t, prev: p, entries: e, commit: c }
                if allows(term, t)
                    && allows(prev, p)
                    && are_of_terms(entries.as_deref(), e)
                    && allows(commit, c))
            }
            Self::AppendEntriesReply {
                term,
                success,
                matched,
                hint,
            } => matches!(message, Message::AppendEntriesReply { term: t, result }
                if allows(term, t) && allows_result(*success, *matched, *hint, *result)),
        }
    }
}

fn allows<T: PartialEq>(wanted: &Option<T>, found: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted == found)
}

fn ends_at(wanted: Option<LogEnd>, found: Position) -> bool {
    wanted.is_none_or(|wanted| wanted.matches(found))
}

fn are_of_terms(wanted: Option<&[Term]>, found: &[Entry]) -> bool {
    let terms = || found.iter().map(|entry| entry.term);
    wanted.is_none_or(|wanted| terms().eq(wanted.iter().copied()))
}

fn allows_result(
    success: Option<bool>,
    matched: Option<LogIndex>,
    hint: Option<LogIndex>,
    result: AppendResult,
) -> bool {
    match result {
        AppendResult::Accepted { matched: found } => {
            allows(&success, &true) && allows(&matched, &found) && hint.is_none()
        }
        AppendResult::Refused { hint: found } => {
            allows(&success, &false) && matched.is_none() && allows(&hint, &found)
        }
    }
}
