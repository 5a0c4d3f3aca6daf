//! Why a command was not carried out.

use hustings_raft::{Millis, MillisRange, NodeId, NodeSet, RoleName, Timer};

use crate::MessageSelector;

/// What a step of a command gives. A refusal is large and rare, so it stands behind
/// a pointer on its way out.
pub(crate) type CommandResult<T = ()> = Result<T, Box<CommandError>>;

/// Why a command was not carried out. The laboratory is as it was before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandError {
    /// The cluster has no such server.
    UnknownServer {
        /// The server that was named.
        server: NodeId,
        /// The servers that there are.
        servers: NodeSet,
    },
    /// A crashed server can do nothing but restart.
    ServerDown(NodeId),
    /// A running server cannot be restarted.
    ServerUp(NodeId),
    /// A paused server does nothing until it is resumed.
    ServerPaused(NodeId),
    /// A server that is not paused cannot be resumed.
    ServerNotPaused(NodeId),
    /// The timer does not run in that server's role.
    TimerNotRunning {
        /// Whose timer.
        server: NodeId,
        /// Which timer.
        timer: Timer,
        /// What the server is.
        role: RoleName,
    },
    /// No such message is in flight.
    NoMessage {
        /// What was asked for.
        selector: MessageSelector,
        /// What is in flight and may have been meant, as one would pick it; at
        /// most [`CommandError::LISTED_MAX`].
        listed: Vec<MessageSelector>,
        /// How many more are in flight.
        more: usize,
    },
    /// The message waits until it is released.
    MessageHeld {
        /// What was asked for.
        selector: MessageSelector,
    },
    /// No such message is held.
    NothingHeld {
        /// What was asked for.
        selector: MessageSelector,
    },
    /// A link needs two ends.
    LinkToSelf(NodeId),
    /// A partition needs every server in one group at most.
    InTwoGroups(NodeId),
    /// A partition into one group changes nothing.
    OneGroup,
    /// There is nothing to step to.
    NothingPending {
        /// The servers that do nothing until they are resumed.
        paused: NodeSet,
        /// Messages that wait until they are released, as one would pick them; at
        /// most [`CommandError::LISTED_MAX`].
        held: Vec<MessageSelector>,
        /// How many more wait so.
        more: usize,
    },
    /// A client's request or a note is too long.
    LongText {
        /// How many characters are allowed.
        max: usize,
    },
    /// The time asked for is too long.
    LongTime {
        /// What was asked for.
        duration: Millis,
        /// The most that is allowed.
        max: Millis,
    },
    /// No message and no write can take so long, or the range ends before it
    /// begins.
    BadLatency {
        /// What was asked for.
        range: MillisRange,
        /// The most that is allowed.
        max: Millis,
    },
    /// The messages that were delivered led to ever more.
    TooManyDeliveries {
        /// How many are allowed.
        max: usize,
    },
    /// There are as many messages in flight as there may be.
    TooManyMessages {
        /// How many are allowed.
        max: usize,
    },
    /// A forged message holds too many entries.
    LongMessage {
        /// How many are allowed.
        max: usize,
    },
    /// A forged message names an entry that no log can hold: each has a term from 1 on,
    /// and only the start of a log is 0:0.
    NoSuchEntry,
    /// There can never be so many leaders.
    TooManyLeaders {
        /// How many were asked for.
        count: u8,
        /// The servers that there are.
        servers: NodeSet,
    },
    /// The server can never become a pre-candidate: the option is off.
    NoPreVote(NodeId),
    /// The run is as long as a script may be that is read again.
    ScriptFull {
        /// How many lines are allowed.
        lines: usize,
        /// How many bytes are allowed.
        bytes: usize,
    },
    /// The run has as many records as it may have.
    HistoryFull {
        /// How many are allowed.
        max: usize,
    },
}

impl CommandError {
    /// How many messages an error lists.
    pub const LISTED_MAX: usize = 6;
}
