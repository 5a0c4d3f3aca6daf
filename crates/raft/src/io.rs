//! Inputs and outputs of a step.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::iter;
use core::num::NonZeroU64;

use crate::{
    ChangeRefusal, Entries, Log, LogIndex, MemberChange, Message, MillisRange, NodeId, Position,
    Reason, StandardOutcome, Term,
};

/// An input to a server's state machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Input {
    /// The server starts with the state it was created with. The first input of every
    /// node.
    Start,
    /// The server restarts after a crash with its persistent state alone (§5.1). Write
    /// ids continue, so that a write from before the crash is never mistaken for a
    /// later one.
    Restart(Stored),
    /// A timer has fired. It is ignored if the server's role or options do not use it.
    Timer(Timer),
    /// A message arrived.
    Message {
        /// The server that sent it.
        from: NodeId,
        /// Its content.
        message: Message,
    },
    /// A client asks for a command to be replicated.
    Propose(Arc<str>),
    /// A request to transfer leadership to a server (diss. §3.10).
    Transfer(NodeId),
    /// A request to add a server to the cluster or remove one (diss. §4.1).
    ChangeMembers(MemberChange),
    /// A write is durable, and so are all writes before it. Writes from before a crash
    /// are ignored.
    WriteDone(WriteId),
}

/// The timers of a server. Each is either running or not; arming a running timer
/// restarts it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Timer {
    /// Runs in followers, pre-candidates and candidates: when it fires, the server
    /// starts an election (§5.2).
    Election,
    /// Runs in leaders: when it fires, the leader sends AppendEntries to all others
    /// (§5.2).
    Heartbeat,
    /// Runs in leaders with [`Options::check_quorum`](crate::Options): when it fires,
    /// the leader steps down unless a majority has replied since (diss. §6.2).
    CheckQuorum,
    /// Runs in a leader that transfers its leadership: when it fires, the leader aborts
    /// the transfer and accepts requests again (diss. §3.10).
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

/// The id of a write to disk; the writes of a server become durable in order.
///
/// A server takes a new id for each [`Effect::Persist`], and never uses one twice, not even
/// after a restart ([`Input::Restart`]): a write that was lost in a crash is not mistaken
/// for a later one then. A [`Node`](crate::Node) keeps to that; a server of one's own
/// starts with [`WriteId::FIRST`] and goes on with [`WriteId::next`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WriteId(pub(crate) NonZeroU64);

impl WriteId {
    /// The id of a server's first write: 1.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// The id of the write after this one. After 2⁶⁴ − 1 there is no other.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Its number, from 1.
impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One atomic write of persistent state (§5.1).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Write {
    /// The id.
    pub id: WriteId,
    /// The server's term.
    pub term: Term,
    /// Its vote in that term.
    pub voted_for: Option<NodeId>,
    /// If the log changed: delete everything from this index on, then append
    /// the entries.
    pub log: Option<(LogIndex, Entries)>,
}

/// What survives a crash (§5.1).
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Stored {
    /// The latest term the server has seen.
    pub term: Term,
    /// The candidate it voted for in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log,
}

impl Stored {
    /// Applies a write.
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

/// What the driver must do after a step, in this order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
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
    /// Start or restart a timer with a duration drawn from the range.
    Arm {
        /// Which timer.
        timer: Timer,
        /// The range of durations.
        duration: MillisRange,
    },
    /// Stop a timer.
    Disarm(Timer),
    /// The entries up to this index are committed: apply those not applied yet, in
    /// order.
    Apply {
        /// The new commit index.
        through: LogIndex,
    },
    /// Reply to the client.
    Reply(ClientReply),
}

/// A reply to a client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ClientReply {
    /// The command or the change is in the leader's log. It may still be lost.
    Accepted(Position),
    /// The command or the change is committed. It will never be lost.
    Committed(Position),
    /// This server is not the leader; retry at the leader, if it is known.
    NotLeader {
        /// The leader of the server's term, as far as it knows.
        leader: Option<NodeId>,
    },
    /// This server leads, but is transferring its leadership; retry later.
    Transferring {
        /// The target of the transfer.
        target: NodeId,
    },
    /// This server leads, but the change is not allowed now.
    ChangeRefused(ChangeRefusal),
}

/// The output buffer of a step. Steps append to it; the driver reads and clears it, so
/// that its memory is reused.
#[derive(Clone, Default, Debug)]
pub struct Output {
    /// What the world must do, in order.
    pub effects: Vec<Effect>,
    /// Why, in the order in which the rules were applied. Empty if the output was
    /// created [`without_reasons`](Self::without_reasons).
    pub reasons: Vec<Reason>,
    /// What Raft does instead, where a broken rule made a difference.
    pub standard: Vec<StandardOutcome>,
    silent: bool,
}

impl Output {
    /// An output that collects effects only, for drivers that do not need reasons.
    pub fn without_reasons() -> Self {
        Self {
            silent: true,
            ..Self::default()
        }
    }

    /// Clears the lists, keeps their capacity.
    pub fn clear(&mut self) {
        self.effects.clear();
        self.reasons.clear();
        self.standard.clear();
    }

    /// The last write that the effects ask for.
    pub fn last_write(&self) -> Option<WriteId> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Persist(write) => Some(write.id),
            _ => None,
        })
    }

    /// Whether a higher term was adopted in this step, as far as reasons are kept.
    pub(crate) fn adopts_term(&self) -> bool {
        let adopted = |reason: &Reason| matches!(reason, Reason::TermAdopted { .. });
        self.reasons.iter().any(adopted)
    }

    #[inline]
    pub(crate) fn reason(&mut self, reason: Reason) {
        if !self.silent {
            self.reasons.push(reason);
        }
    }

    /// Adds a reason that is computed only if needed.
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

    /// Adds an effect that is made in its place, for those that nearly every step has.
    #[inline]
    pub(crate) fn effect_with(&mut self, effect: impl FnOnce() -> Effect) {
        self.effects.extend(iter::once_with(effect));
    }
}
