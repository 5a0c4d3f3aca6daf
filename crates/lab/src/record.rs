//! What has happened.

use std::rc::Rc;
use std::sync::Arc;

use hustings_raft::{
    ClientReply, LogIndex, MemberChange, Message, Millis, MillisRange, NodeId, NodeSet, Position,
    Reason, RoleName, Term, Timer, WriteId,
};

use crate::persistent_vec::PersistentVec;
use crate::{Lab, Link, Path, Rate};

/// The place of a record in its run, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RecordId(pub usize);

/// A place in a run: so many records have been made, and it is this late.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RunPosition {
    /// How many records there are.
    pub records: usize,
    /// The time.
    pub time: Millis,
}

impl RunPosition {
    /// Where a laboratory is.
    pub fn of(lab: &Lab) -> Self {
        Self {
            records: lab.records().len(),
            time: lab.now(),
        }
    }
}

/// The number of a message, from 1 in the order of sending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageId(pub u64);

/// One thing that happened: when, where, what, why, and what came of it.
///
/// A run keeps all of its records, so they take no more room than they need, and
/// share what they have in common.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Record {
    /// When, in simulated time.
    pub at: Millis,
    /// The record that led to it: the sending of what arrived, the arming of
    /// the timer that ran out, the start of a write. `None` for what somebody did.
    pub cause: Option<RecordId>,
    /// What happened.
    pub event: Event,
    /// Why the server that it happened to acted as it did.
    pub reasons: Rc<[Reason]>,
    /// What is different now.
    pub changes: Box<[Change]>,
    /// The messages that left, those among them that a finished write has let go.
    pub sent: Box<[Rc<Flight>]>,
    /// The messages that are to leave, but not before a write is durable.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "<[_]>::is_empty"))]
    pub waiting: Box<[Rc<WaitingMessage>]>,
    /// What clients were told.
    pub answers: Box<[ClientReply]>,
}

impl Record {
    /// A record of something that nothing came of.
    pub(crate) fn plain(at: Millis, cause: Option<RecordId>, event: Event) -> Self {
        Self {
            at,
            cause,
            event,
            reasons: Rc::default(),
            changes: Box::default(),
            sent: Box::default(),
            waiting: Box::default(),
            answers: Box::default(),
        }
    }
}

/// A message on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Flight {
    /// Its number.
    pub id: MessageId,
    /// From where to where.
    pub link: Link,
    /// What it says.
    pub message: Rc<Message>,
    /// When it left.
    pub sent_at: Millis,
    /// When it would arrive if time runs by itself.
    pub due_at: Millis,
    /// Whether chance has it that it is lost on the way.
    pub lost: bool,
    /// The message that it is a copy of.
    pub copy_of: Option<MessageId>,
    /// Whether somebody forged it: no server has sent it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub forged: bool,
}

/// A message that may not leave before a write is durable. It leaves in the record
/// of that write, unless its sender crashes before.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WaitingMessage {
    /// From where to where.
    pub link: Link,
    /// What it says.
    pub message: Rc<Message>,
    /// The sender's write that comes first.
    pub write: WriteId,
}

/// What can happen.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Event {
    /// A server started, at the beginning of the run.
    Started(NodeId),
    /// A timer ran out.
    TimerFired {
        /// Whose.
        server: NodeId,
        /// Which.
        timer: Timer,
        /// Whether somebody made it run out before its time.
        by_hand: bool,
    },
    /// A message arrived.
    Delivered(Rc<Flight>),
    /// A message will never arrive.
    Lost {
        /// Which.
        flight: Rc<Flight>,
        /// Why not.
        cause: Loss,
    },
    /// A message now travels twice. The copy is among what was sent.
    Duplicated(Rc<Flight>),
    /// A message waits until it is released.
    Held(Rc<Flight>),
    /// A message that was held goes on.
    Released(Rc<Flight>),
    /// Somebody forged a message. It is among what was sent.
    Forged(Link),
    /// A message arrives later than it would have.
    Delayed {
        /// The message, with the time at which it now arrives.
        flight: Rc<Flight>,
        /// How much later.
        by: Millis,
    },
    /// From now on, messages on a link take as long as this says.
    LatencySet {
        /// Which link.
        path: Path,
        /// How long.
        range: MillisRange,
    },
    /// From now on, a server's writes take as long as this says.
    DiskSet {
        /// Whose disk.
        server: NodeId,
        /// How long.
        range: MillisRange,
    },
    /// From now on, a server's clock runs this fast.
    ClockSet {
        /// Whose clock.
        server: NodeId,
        /// Its speed.
        rate: Rate,
    },
    /// A write became durable.
    WriteDone {
        /// On whose disk.
        server: NodeId,
        /// Which write.
        write: WriteId,
    },
    /// A client asked a server.
    Proposed {
        /// Whom.
        server: NodeId,
        /// For what.
        command: Arc<str>,
    },
    /// Somebody asked a server that another lead.
    TransferAsked {
        /// Whom.
        server: NodeId,
        /// Who is to lead.
        target: NodeId,
    },
    /// Somebody asked a server that the members change.
    ChangeAsked {
        /// Whom.
        server: NodeId,
        /// Which server is to come or go.
        change: MemberChange,
    },
    /// A server stopped, with all that it knows.
    Paused(NodeId),
    /// A server that had stopped goes on.
    Resumed(NodeId),
    /// A server crashed.
    Crashed {
        /// Which.
        server: NodeId,
        /// How many writes had not reached its disk.
        lost_writes: usize,
        /// The messages that waited for them, and never leave.
        unsent: Box<[Rc<WaitingMessage>]>,
    },
    /// A server started again.
    Restarted(NodeId),
    /// Links were cut; none of them was before.
    Cut(Box<[Link]>),
    /// Links were mended; all of them were cut before.
    Mended(Box<[Link]>),
    /// The network was partitioned anew.
    Partitioned {
        /// The groups. No link between two of them is whole, and no link within
        /// one of them is cut.
        groups: Box<[NodeSet]>,
        /// The links that were cut by that; none of them was before.
        cut: Box<[Link]>,
        /// The links that were mended by that; all of them were cut before.
        mended: Box<[Link]>,
    },
    /// Time passed by hand.
    Waited(Millis),
    /// Somebody wrote a caption.
    Noted(Arc<str>),
}

impl Event {
    /// The server that it happened to, if it happened to one.
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
            | Self::Restarted(server) => Some(*server),
            Self::Delivered(flight) => Some(flight.link.to),
            Self::Lost { .. }
            | Self::Duplicated(_)
            | Self::Delayed { .. }
            | Self::LatencySet { .. }
            | Self::DiskSet { .. }
            | Self::ClockSet { .. }
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

/// Why a message does not arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Loss {
    /// The link was cut when it would have arrived.
    LinkCut,
    /// The receiver was down.
    ServerDown,
    /// By chance.
    Chance,
    /// Somebody dropped it.
    Dropped,
}

/// A field of the server that has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
    /// The leader that the server knows.
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
    /// The servers that vote, as far as the server knows.
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

/// The records of a run, oldest first. A copy shares what it has in common with
/// the original, so a copy is cheap however long the run.
#[derive(Clone, Default, Debug)]
pub struct Records(PersistentVec<Rc<Record>>);

impl Records {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record of that number.
    pub fn get(&self, id: RecordId) -> Option<&Rc<Record>> {
        self.0.get(id.0)
    }

    /// The newest record.
    pub fn last(&self) -> Option<&Rc<Record>> {
        self.get(RecordId(self.len().checked_sub(1)?))
    }

    /// The records from a number on, oldest first.
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

    /// How many there were at a time.
    pub(crate) fn by(&self, time: Millis) -> usize {
        self.0.partition_point(|record| record.at <= time)
    }

    pub(crate) fn next_id(&self) -> RecordId {
        RecordId(self.len())
    }

    pub(crate) fn push(&mut self, record: Record) {
        self.0.push(Rc::new(record));
    }
}
