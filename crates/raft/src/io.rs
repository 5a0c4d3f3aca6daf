//! What goes into a step and what comes out of it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::{
    ChangeRefusal, Entry, Log, LogIndex, MemberChange, Message, MillisRange, NodeId, Position,
    Reason, Term,
};

/// Something that happens to a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// The server starts with what it was made with. The first input of every
    /// node.
    Start,
    /// The server starts again after a crash: it knows what its disk holds, and
    /// nothing else of what it knew (§5.1). Its writes are numbered on, so one from
    /// before the crash is never taken for one from after it.
    Restart(Stored),
    /// A timer that was armed has run out. One for which the server's role or
    /// its options have no use is ignored.
    Timer(Timer),
    /// A message arrived.
    Message {
        /// The server that sent it.
        from: NodeId,
        /// What it says.
        message: Message,
    },
    /// A client asks for a command to be replicated.
    Propose(Arc<str>),
    /// Somebody asks that another server lead (diss. §3.10).
    Transfer(NodeId),
    /// Somebody asks that a server be added to the cluster, or taken out of it
    /// (diss. §4.1).
    ChangeMembers(MemberChange),
    /// A write has reached the disk, and with it all writes before it. One from
    /// before a crash is ignored.
    WriteDone(WriteId),
}

/// The timers of a server. Each is either running or not; arming a running
/// timer starts it again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Timer {
    /// Runs in followers, pre-candidates and candidates: when it runs out, the
    /// server stands for election (§5.2).
    Election,
    /// Runs in leaders: when it runs out, the leader sends AppendEntries to
    /// everybody (§5.2).
    Heartbeat,
    /// Runs in leaders with [`Options::check_quorum`](crate::Options): when it
    /// runs out, the leader steps down unless a majority has answered since
    /// (diss. §6.2).
    CheckQuorum,
    /// Runs in a leader that transfers its leadership: when it runs out, the
    /// leader gives up and takes requests again (diss. §3.10).
    Transfer,
}

impl Timer {
    /// Every timer.
    pub const ALL: [Self; 4] = [
        Self::Election,
        Self::Heartbeat,
        Self::CheckQuorum,
        Self::Transfer,
    ];

    /// The name as the script language writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Election => "election",
            Self::Heartbeat => "heartbeat",
            Self::CheckQuorum => "check-quorum",
            Self::Transfer => "transfer",
        }
    }
}

/// Which write to disk; the writes of a server become durable in order.
///
/// Only an [`Effect::Persist`] makes one, and a [`Node`](crate::Node) never makes the
/// same twice, not even after a crash ([`Input::Restart`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WriteId(pub(crate) u64);

/// Its number, from 1.
impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What must reach the disk, in one atomic write (§5.1, "persistent state").
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// Which write it is.
    pub id: WriteId,
    /// The server's term.
    pub term: Term,
    /// Its vote in that term.
    pub voted_for: Option<NodeId>,
    /// If the log changed: delete everything from this index on, then append
    /// the entries.
    pub log: Option<(LogIndex, Vec<Entry>)>,
}

/// What survives a crash (§5.1).
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The latest term the server has seen.
    pub term: Term,
    /// The candidate that got its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log,
}

impl Stored {
    /// Does what a write says.
    pub fn apply(&mut self, write: &Write) {
        self.term = write.term;
        self.voted_for = write.voted_for;
        if let Some((from, entries)) = &write.log {
            self.log.truncate_from(*from);
            for entry in entries {
                self.log.append(entry.clone());
            }
        }
    }
}

/// What the world must do after a step, in this order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Write to disk, and report [`Input::WriteDone`] when it is durable.
    Persist(Write),
    /// Send a message, but not before the write `after` is durable.
    Send {
        /// The receiver.
        to: NodeId,
        /// The message.
        message: Message,
        /// The write that must be durable first.
        after: Option<WriteId>,
    },
    /// Start a timer, or start it again, with a duration drawn from the range.
    Arm {
        /// Which timer.
        timer: Timer,
        /// How long it may run.
        duration: MillisRange,
    },
    /// Stop a timer.
    Disarm(Timer),
    /// The entries up to this index are committed: apply those that are not
    /// applied yet, in order.
    Apply {
        /// The new commit index.
        through: LogIndex,
    },
    /// Tell the client.
    Reply(ClientReply),
}

/// What a client hears.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ClientReply {
    /// The command or the change stands in the leader's log. It may still be lost.
    Accepted(Position),
    /// The command or the change is committed. It will never be lost.
    Committed(Position),
    /// This server does not lead; ask the leader, if one is known.
    NotLeader {
        /// The leader of the server's term, as far as it knows.
        leader: Option<NodeId>,
    },
    /// This server leads, but is handing over; ask again soon.
    Transferring {
        /// The server that is to lead.
        target: NodeId,
    },
    /// This server leads, but the cluster cannot change so now.
    ChangeRefused(ChangeRefusal),
}

/// What a step put out. Steps add to it; the driver reads and clears it, so
/// that its memory is used again.
#[derive(Clone, Default, Debug)]
pub struct Output {
    /// What the world must do, in order.
    pub effects: Vec<Effect>,
    /// Why, in the order in which the rules were applied. Empty if the output
    /// was made [`without_reasons`](Self::without_reasons).
    pub reasons: Vec<Reason>,
    silent: bool,
}

impl Output {
    /// An output that takes effects only, for drivers that never ask why.
    pub fn without_reasons() -> Self {
        Self {
            silent: true,
            ..Self::default()
        }
    }

    /// Forgets everything, keeps the memory.
    pub fn clear(&mut self) {
        self.effects.clear();
        self.reasons.clear();
    }

    /// The last write that the effects ask for.
    pub fn last_write(&self) -> Option<WriteId> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Persist(write) => Some(write.id),
            _ => None,
        })
    }

    #[inline]
    pub(crate) fn reason(&mut self, reason: Reason) {
        if !self.silent {
            self.reasons.push(reason);
        }
    }

    /// Notes a reason that it takes some work to gather.
    #[inline]
    pub(crate) fn reason_with(&mut self, reason: impl FnOnce() -> Reason) {
        if !self.silent {
            self.reasons.push(reason());
        }
    }

    #[inline]
    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
