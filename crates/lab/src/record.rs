//! The records of what happened.

use std::rc::Rc;
use std::sync::Arc;

use hustings_raft::{
    ClientReply, LogIndex, MemberChange, Message, Millis, MillisRange, NodeId, NodeSet, Position,
    Reason, RoleName, StandardOutcome, Term, Timer, WriteId,
};

use thin_vec::ThinVec;

use crate::machine::Failure;
use crate::message::{Loss, WaitingMessage};
use crate::path::{Link, Path};
use crate::persistent_vec::PersistentVec;
use crate::rate::Rate;
use crate::selector::MessageSelector;

/// The index of a record in its run, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RecordId(pub usize);

/// A position in a run: a number of records and a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RunPosition {
    /// The number of records so far.
    pub records: usize,
    /// The simulated time.
    pub time: Millis,
}

/// The number of a message, from 1 in the order of sending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageId(pub u64);

/// One thing that happened: when, what, why, and its effects.
///
/// A run keeps all of its records, so they are compact and share common data: what most
/// of them do not have takes one pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Record {
    /// When, in simulated time.
    pub at: Millis,
    /// The record that caused it: the sending of a message that arrived, the start of a
    /// timer that fired, or the start of a write. `None` for commands.
    pub cause: Option<RecordId>,
    /// The event.
    pub event: Event,
    /// The reasons of the server that took a step.
    pub reasons: Rc<[Reason]>,
    /// What Raft does instead, if a broken rule made a difference.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "ThinVec::is_empty"))]
    pub standard: ThinVec<StandardOutcome>,
    /// The changes of the server's state.
    pub changes: ThinVec<Change>,
    /// The messages sent, including those that had waited for a write.
    pub sent: Box<[Rc<Flight>]>,
    /// The messages that will be sent once a write is durable.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "ThinVec::is_empty"))]
    pub waiting: ThinVec<Rc<WaitingMessage>>,
    /// The replies to clients.
    pub answers: ThinVec<ClientReply>,
    /// What the server's program printed, line by line: the first of much.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "ThinVec::is_empty"))]
    pub printed: ThinVec<Rc<str>>,
}

impl Record {
    /// The maximum number of lines that a record keeps of what a program printed; a `…`
    /// stands for the rest.
    pub const PRINTED_LINES_MAX: usize = 20;

    /// The maximum length of such a line, in characters; a `…` stands for the rest.
    pub const PRINTED_CHARS_MAX: usize = 200;

    /// A record without effects.
    pub(crate) fn plain(at: Millis, cause: Option<RecordId>, event: Event) -> Self {
        Self {
            at,
            cause,
            event,
            reasons: Rc::default(),
            standard: ThinVec::new(),
            changes: ThinVec::new(),
            sent: Box::default(),
            waiting: ThinVec::new(),
            answers: ThinVec::new(),
            printed: ThinVec::new(),
        }
    }
}

/// A message in flight.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Flight {
    /// Its number.
    pub id: MessageId,
    /// Its sender and receiver.
    pub link: Link,
    /// Its content.
    pub message: Rc<Message>,
    /// When it was sent.
    pub sent_at: Millis,
    /// When it arrives unless it is delivered by hand, held or lost.
    pub due_at: Millis,
    /// Whether random loss will drop it on arrival.
    pub lost: bool,
    /// The message that it is a copy of.
    pub copy_of: Option<MessageId>,
    /// Whether it is forged: no server has sent it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub forged: bool,
}

impl MessageSelector {
    /// Whether a message has that link and kind.
    pub(crate) fn matches(&self, flight: &Flight) -> bool {
        let is_kind = |kind| flight.message.kind() == kind;
        flight.link == self.link && self.kind.is_none_or(is_kind)
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Event {
    /// A server started, at the beginning of the run.
    Started(NodeId),
    /// A timer fired.
    TimerFired {
        /// The server.
        server: NodeId,
        /// The timer.
        timer: Timer,
        /// Whether the `timeout` command fired it, which may be before or after its due
        /// time.
        by_hand: bool,
    },
    /// A message arrived.
    Delivered(Rc<Flight>),
    /// A message was lost.
    Lost {
        /// The message.
        flight: Rc<Flight>,
        /// The cause.
        cause: Loss,
    },
    /// A message was duplicated. The copy is among the messages sent.
    Duplicated(Rc<Flight>),
    /// A message was held.
    Held(Rc<Flight>),
    /// A held message was released.
    Released(Rc<Flight>),
    /// A forged message was sent. It is among the messages sent.
    Forged(Link),
    /// A message was delayed.
    Delayed {
        /// The message, with its new arrival time.
        flight: Rc<Flight>,
        /// The delay.
        by: Millis,
    },
    /// The latency of a link for new messages was set.
    LatencySet {
        /// The link.
        path: Path,
        /// The new range.
        range: MillisRange,
    },
    /// The duration of a server's new writes was set.
    DiskSet {
        /// The server.
        server: NodeId,
        /// The new range.
        range: MillisRange,
    },
    /// The rate of a server's clock was set.
    ClockSet {
        /// The server.
        server: NodeId,
        /// The new rate.
        rate: Rate,
    },
    /// From here on, what is random is drawn from this seed.
    Reseeded(u64),
    /// A write became durable.
    WriteDone {
        /// The server.
        server: NodeId,
        /// The write.
        write: WriteId,
    },
    /// A client sent a request to a server.
    Proposed {
        /// The server.
        server: NodeId,
        /// The command to replicate.
        command: Arc<str>,
    },
    /// A server was requested to transfer its leadership.
    TransferAsked {
        /// The server.
        server: NodeId,
        /// The target of the transfer.
        target: NodeId,
    },
    /// A server was requested to change the members.
    ChangeAsked {
        /// The server.
        server: NodeId,
        /// The change.
        change: MemberChange,
    },
    /// A server was paused.
    Paused(NodeId),
    /// A paused server resumed.
    Resumed(NodeId),
    /// A server crashed.
    Crashed {
        /// The server.
        server: NodeId,
        /// Why its program failed, if that is why it crashed.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
        failure: Option<Rc<Failure>>,
        /// The number of writes that were not durable.
        lost_writes: usize,
        /// The messages that waited for them, and are never sent.
        unsent: Box<[Rc<WaitingMessage>]>,
    },
    /// A server restarted.
    Restarted(NodeId),
    /// A server that was down started from its disk with another program.
    Installed {
        /// The server.
        server: NodeId,
        /// The name of the program; `None` for Raft's core.
        program: Option<Rc<str>>,
    },
    /// Links were cut, all of them newly.
    Cut(Box<[Link]>),
    /// Links were mended, all of them cut before.
    Mended(Box<[Link]>),
    /// The network was partitioned.
    Partitioned {
        /// The groups: all links between them are cut, no link within them is.
        groups: Box<[NodeSet]>,
        /// The links that were newly cut.
        cut: Box<[Link]>,
        /// The links that were mended.
        mended: Box<[Link]>,
    },
    /// Time passed without events (`wait`).
    Waited(Millis),
    /// A note was added.
    Noted(Arc<str>),
}

impl Event {
    /// Whether a server that was down starts.
    pub fn is_restart(&self) -> bool {
        matches!(self, Self::Restarted(_) | Self::Installed { .. })
    }

    /// The server that took a step or changed its status, if any.
    pub fn server(&self) -> Option<NodeId> {
        match self {
            Self::Started(server)
            | Self::TimerFired { server, .. }
            | Self::WriteDone { server, .. }
            | Self::Proposed { server, .. }
            | Self::TransferAsked { server, .. }
            | Self::ChangeAsked { server, .. }
            | Self::Paused(server)
            | Self::Resumed(server)
            | Self::Crashed { server, .. }
            | Self::Installed { server, .. }
            | Self::Restarted(server) => Some(*server),
            Self::Delivered(flight) => Some(flight.link.to),
            Self::Lost { .. }
            | Self::Duplicated(_)
            | Self::Delayed { .. }
            | Self::LatencySet { .. }
            | Self::DiskSet { .. }
            | Self::ClockSet { .. }
            | Self::Reseeded(_)
            | Self::Held(_)
            | Self::Released(_)
            | Self::Forged(_)
            | Self::Cut(_)
            | Self::Mended(_)
            | Self::Partitioned { .. }
            | Self::Waited(_)
            | Self::Noted(_) => None,
        }
    }
}

/// A change of a field of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Change {
    /// The term.
    Term {
        /// Before.
        old: Term,
        /// Now.
        new: Term,
    },
    /// The vote.
    VotedFor {
        /// Before.
        old: Option<NodeId>,
        /// Now.
        new: Option<NodeId>,
    },
    /// The role.
    Role {
        /// Before.
        old: RoleName,
        /// Now.
        new: RoleName,
    },
    /// The leader that the server follows.
    Leader {
        /// Before.
        old: Option<NodeId>,
        /// Now.
        new: Option<NodeId>,
    },
    /// The end of the log.
    LogEnd {
        /// Before.
        old: Position,
        /// Now.
        new: Position,
    },
    /// The members in the server's configuration.
    Members {
        /// Before.
        old: NodeSet,
        /// Now.
        new: NodeSet,
    },
    /// The commit index.
    Commit {
        /// Before.
        old: LogIndex,
        /// Now.
        new: LogIndex,
    },
}

/// The records of a run, oldest first. Clones share their data, so a clone is cheap
/// however long the run.
#[derive(Clone, Default, Debug)]
pub struct Records(PersistentVec<Rc<Record>>);

impl Records {
    /// The number of records.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record with this id.
    pub fn get(&self, id: RecordId) -> Option<&Rc<Record>> {
        self.0.get(id.0)
    }

    /// The newest record.
    pub fn last(&self) -> Option<&Rc<Record>> {
        self.get(RecordId(self.len().checked_sub(1)?))
    }

    /// The records from an id on, oldest first.
    pub fn since(
        &self,
        first: RecordId,
    ) -> impl DoubleEndedIterator<Item = (RecordId, &Rc<Record>)> {
        (first.0..self.len())
            .map(RecordId)
            .filter_map(|id| Some((id, self.get(id)?)))
    }

    /// All records, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (RecordId, &Rc<Record>)> {
        self.since(RecordId(0))
    }

    /// The number of records up to a time.
    pub fn by(&self, time: Millis) -> usize {
        self.0.partition_point(|record| record.at <= time)
    }

    pub(crate) fn next_id(&self) -> RecordId {
        RecordId(self.len())
    }

    pub(crate) fn push(&mut self, record: Record) {
        self.0.push(Rc::new(record));
    }
}
