//! Patterns for servers and messages.

use hustings_raft::{
    AppendResult, LogIndex, Message, MessageKind, NodeId, NodeSet, Position, RoleName, Term,
};

use crate::header::made_up_entries;
use crate::{Flight, Link, Server};

/// A pattern for a server's state. `None` matches anything.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ServerFacts {
    /// Its role. A crashed server has none.
    pub role: Option<RoleName>,
    /// Its term; for a crashed server, the one on its disk.
    pub term: Option<Term>,
    /// Its vote in that term.
    pub voted_for: Option<Option<NodeId>>,
    /// The terms of its log's entries.
    pub log: Option<Vec<Term>>,
    /// The end of its log.
    pub last: Option<LogEnd>,
    /// Its commit index.
    pub commit: Option<LogIndex>,
    /// The leader that it follows.
    pub leader: Option<Option<NodeId>>,
    /// The members in its configuration.
    pub members: Option<NodeSet>,
    /// Whether it is running.
    pub up: Option<bool>,
}

/// Calls a function with each fact of two servers.
macro_rules! each_fact {
    ($call:ident($one:expr, $other:expr $(, $more:expr)?)) => {
        each_fact!(
            $call($one, $other $(, $more)?):
            role term voted_for log last commit leader members up
        )
    };
    ($call:ident($one:expr, $other:expr, $more:expr): $($fact:ident)+) => {
        $($call(&mut $one.$fact, &mut $other.$fact, $more);)+
    };
    ($call:ident($one:expr, $other:expr): $($fact:ident)+) => {
        $($call(&mut $one.$fact, &mut $other.$fact);)+
    };
}

impl ServerFacts {
    /// The complete state of a server.
    pub fn of(server: &Server) -> Self {
        let log = server.log();
        Self {
            role: server.role(),
            term: Some(server.term()),
            voted_for: Some(server.voted_for()),
            log: Some(log.iter().map(|(_, entry)| entry.term).collect()),
            last: Some(LogEnd::Position(log.last())),
            commit: Some(server.commit()),
            leader: Some(server.leader()),
            members: server.view().members,
            up: Some(server.is_up()),
        }
    }

    /// Only the role and the term; for a crashed server, that it is down.
    pub(crate) fn role_and_term(server: &Server) -> Self {
        Self {
            role: server.role(),
            term: Some(server.term()),
            up: (!server.is_up()).then_some(false),
            ..Self::default()
        }
    }

    /// The fields that differ from `found`, in both. Unset fields match.
    pub(crate) fn differences(&self, mut found: Self) -> Option<(Self, Self)> {
        let mut wanted = self.clone();
        if let (Some(LogEnd::Index(_)), Some(last)) = (wanted.last, found.last) {
            found.last = Some(LogEnd::Index(last.index()));
        }
        let up = found.up;
        wanted.retain_differences(&mut found, true);
        if up == Some(false) && wanted.is_of_the_running() {
            found.up = up;
        }
        (wanted != Self::default()).then_some((wanted, found))
    }

    /// The fields of which a server has the same value.
    pub(crate) fn in_common(&self, server: &Server) -> Option<Self> {
        let (mut common, mut found) = (self.clone(), Self::of(server));
        if let (Some(LogEnd::Index(_)), Some(last)) = (common.last, found.last) {
            found.last = Some(LogEnd::Index(last.index()));
        }
        each_fact!(keep_same(common, found));
        (common != Self::default()).then_some(common)
    }

    /// Whether any field is lost in a crash, so that `down` explains the mismatch.
    fn is_of_the_running(&self) -> bool {
        self.role.is_some()
            || self.members.is_some()
            || self.leader.is_some()
            || self.commit.is_some()
    }

    /// Two of these facts that contradict each other even under broken rules, by their
    /// names in a script.
    pub(crate) fn contradiction(&self, server: NodeId) -> Option<[&'static str; 2]> {
        let role = self.role.map(RoleName::name);
        if self.up == Some(false) {
            let lost = [
                role,
                self.members.and(Some("members")),
                self.leader.flatten().and(Some("leader")),
                self.commit
                    .filter(|it| *it > LogIndex::ZERO)
                    .and(Some("commit")),
            ];
            return Some(["down", lost.into_iter().flatten().next()?]);
        }
        if let (Some(log), Some(last)) = (&self.log, self.last)
            && !last.includes(end_of(log))
        {
            return Some(["log", "last"]);
        }
        let leads_itself = self.leader? == Some(server);
        let agree = match self.role? {
            RoleName::Leader => leads_itself,
            RoleName::Follower => !leads_itself,
            RoleName::PreCandidate | RoleName::Candidate => self.leader == Some(None),
        };
        if agree { None } else { Some([role?, "leader"]) }
    }

    /// Keeps the fields that differ between two complete states.
    pub(crate) fn difference(mut self, mut other: Self) -> Option<(Self, Self)> {
        self.retain_differences(&mut other, false);
        (self != other).then_some((self, other))
    }

    /// Clears equal fields and, if `open`, the fields that are unset here.
    fn retain_differences(&mut self, other: &mut Self, open: bool) {
        each_fact!(retain_differences(self, other, open));
    }

    /// Sets the unset fields from `other`.
    pub(super) fn add(&mut self, mut other: Self) {
        each_fact!(add(self, other));
    }
}

/// The end of a log with entries of these terms.
fn end_of(log: &[Term]) -> LogEnd {
    let count = u64::try_from(log.len()).unwrap_or(u64::MAX);
    LogEnd::Position(Position {
        index: LogIndex(count),
        term: log.last().copied().unwrap_or_default(),
    })
}

fn retain_differences<T: PartialEq>(one: &mut Option<T>, other: &mut Option<T>, open: bool) {
    if one == other || (open && one.is_none()) {
        *one = None;
        *other = None;
    }
}

fn keep_same<T: PartialEq>(one: &mut Option<T>, other: &mut Option<T>) {
    if one != other {
        *one = None;
    }
}

fn add<T>(one: &mut Option<T>, other: &mut Option<T>) {
    if one.is_none() {
        *one = other.take();
    }
}

/// The end of a log: `3`, or with the term of its last entry `3:2`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogEnd {
    /// The index of the last entry; 0 if there is none.
    Index(LogIndex),
    /// The index and the term of the last entry.
    Position(Position),
}

impl LogEnd {
    fn index(self) -> LogIndex {
        match self {
            Self::Index(index) => index,
            Self::Position(position) => position.index,
        }
    }

    fn includes(self, other: Self) -> bool {
        match self {
            Self::Index(index) => other.index() == index,
            Self::Position(_) => self == other,
        }
    }
}

/// A pattern for a message. `None` matches anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageFacts {
    /// Its kind, which determines the fields that it can have.
    pub kind: MessageKind,
    /// Its sender and receiver.
    pub link: Option<Link>,
    /// Its term.
    pub term: Option<Term>,
    /// The end of the candidate's log.
    pub last: Option<LogEnd>,
    /// Whether the election is part of a leadership transfer; `None` for messages of
    /// other elections.
    pub transfer: Option<bool>,
    /// Whether the vote is granted.
    pub granted: Option<bool>,
    /// The entry just before the new ones.
    pub prev: Option<Position>,
    /// The terms of the new entries.
    pub entries: Option<Vec<Term>>,
    /// The leader's commit index.
    pub commit: Option<LogIndex>,
    /// Whether the entries were accepted.
    pub success: Option<bool>,
    /// The last index known to agree.
    pub matched: Option<LogIndex>,
    /// The last index at which the logs may agree.
    pub hint: Option<LogIndex>,
}

impl MessageFacts {
    /// Any message of a kind.
    pub fn any(kind: MessageKind) -> Self {
        Self {
            kind,
            link: None,
            term: None,
            last: None,
            transfer: None,
            granted: None,
            prev: None,
            entries: None,
            commit: None,
            success: None,
            matched: None,
            hint: None,
        }
    }

    /// All fields of a message in flight.
    pub fn of(flight: &Flight) -> Self {
        Self::of_message(flight.link, &flight.message)
    }

    /// All fields of a message on a link.
    pub(crate) fn of_message(link: Link, message: &Message) -> Self {
        let facts = Self {
            link: Some(link),
            term: Some(message.term()),
            ..Self::any(message.kind())
        };
        match message {
            Message::RequestVote { last, transfer, .. } => Self {
                last: Some(LogEnd::Position(*last)),
                transfer: transfer.then_some(true),
                ..facts
            },
            Message::PreVote { last, .. } => Self {
                last: Some(LogEnd::Position(*last)),
                ..facts
            },
            Message::RequestVoteReply { granted, .. } | Message::PreVoteReply { granted, .. } => {
                Self {
                    granted: Some(*granted),
                    ..facts
                }
            }
            Message::TimeoutNow { .. } => facts,
            Message::AppendEntries {
                prev,
                entries,
                commit,
                ..
            } => Self {
                prev: Some(*prev),
                entries: Some(entries.iter().map(|entry| entry.term).collect()),
                commit: Some(*commit),
                ..facts
            },
            Message::AppendEntriesReply { result, .. } => facts.with_result(*result),
        }
    }

    /// Two of these facts that contradict each other, by their names in a script.
    pub(crate) fn contradiction(&self) -> Option<[&'static str; 2]> {
        match (self.success, self.matched, self.hint) {
            (Some(true), _, Some(_)) => Some(["success", "hint"]),
            (Some(false), Some(_), _) => Some(["success", "match"]),
            (None, Some(_), Some(_)) => Some(["match", "hint"]),
            _ => None,
        }
    }

    /// Builds the message; all fields must be set. Entries get placeholder
    /// commands, as in a server's [initial state](crate::InitialState).
    ///
    /// # Errors
    ///
    /// The name of a missing field.
    pub(crate) fn message(&self) -> Result<Message, &'static str> {
        let term = self.term.ok_or("term")?;
        let last = || match self.last {
            Some(LogEnd::Position(last)) => Ok(last),
            Some(LogEnd::Index(_)) | None => Err("last"),
        };
        let granted = || self.granted.ok_or("granted");
        Ok(match self.kind {
            MessageKind::RequestVote => Message::RequestVote {
                term,
                last: last()?,
                transfer: self.transfer.unwrap_or(false),
            },
            MessageKind::PreVote => Message::PreVote {
                term,
                last: last()?,
            },
            MessageKind::RequestVoteReply => Message::RequestVoteReply {
                term,
                granted: granted()?,
            },
            MessageKind::PreVoteReply => Message::PreVoteReply {
                term,
                granted: granted()?,
            },
            MessageKind::TimeoutNow => Message::TimeoutNow { term },
            MessageKind::AppendEntries => {
                let prev = self.prev.ok_or("prev")?;
                let terms = self.entries.iter().flatten();
                Message::AppendEntries {
                    term,
                    prev,
                    entries: made_up_entries(prev.index, terms.copied()).collect(),
                    commit: self.commit.unwrap_or_default(),
                }
            }
            MessageKind::AppendEntriesReply => Message::AppendEntriesReply {
                term,
                result: if self.success.ok_or("success")? {
                    AppendResult::Accepted {
                        matched: self.matched.ok_or("match")?,
                    }
                } else {
                    AppendResult::Refused {
                        hint: self.hint.ok_or("hint")?,
                    }
                },
            },
        })
    }

    fn with_result(self, result: AppendResult) -> Self {
        match result {
            AppendResult::Accepted { matched } => Self {
                success: Some(true),
                matched: Some(matched),
                ..self
            },
            AppendResult::Refused { hint } => Self {
                success: Some(false),
                hint: Some(hint),
                ..self
            },
        }
    }

    /// Whether a complete message matches.
    pub(super) fn includes(&self, message: &Self) -> bool {
        let last = match (self.last, message.last) {
            (Some(wanted), Some(found)) => wanted.includes(found),
            (wanted, _) => wanted.is_none(),
        };
        let transfer = message.transfer.or(Some(false));
        last && self.kind == message.kind
            && unset_or_equal(&self.transfer, &transfer)
            && unset_or_equal(&self.link, &message.link)
            && unset_or_equal(&self.term, &message.term)
            && unset_or_equal(&self.granted, &message.granted)
            && unset_or_equal(&self.prev, &message.prev)
            && unset_or_equal(&self.entries, &message.entries)
            && unset_or_equal(&self.commit, &message.commit)
            && unset_or_equal(&self.success, &message.success)
            && unset_or_equal(&self.matched, &message.matched)
            && unset_or_equal(&self.hint, &message.hint)
    }
}

fn unset_or_equal<T: PartialEq>(wanted: &Option<T>, found: &Option<T>) -> bool {
    wanted.is_none() || wanted == found
}
