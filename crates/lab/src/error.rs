//! Why a command was refused.

use hustings_raft::{Millis, MillisRange, NodeId, NodeSet, RoleName, Timer};

use crate::header::HeaderError;
use crate::selector::MessageSelector;

/// The result of executing a command. The error is boxed because it is large and rare.
pub(crate) type CommandResult<T = ()> = Result<T, Box<CommandError>>;

/// Why a command was refused. The run is as it was before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandError {
    /// The cluster has no such server.
    UnknownServer {
        /// The server in the command.
        server: NodeId,
        /// The servers of the cluster.
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
    /// A server without a pending write has nothing that could become durable.
    NothingToPersist(NodeId),
    /// The command names no server.
    NoServer,
    /// What servers run at first is for the header to say, not for the first command.
    NothingToReplace,
    /// A script cannot name or carry the program.
    BadProgram(HeaderError),
    /// The timer does not run in that server's role.
    TimerNotRunning {
        /// The server.
        server: NodeId,
        /// The timer.
        timer: Timer,
        /// The server's role.
        role: RoleName,
    },
    /// No such message is in flight.
    NoMessage {
        /// The selector in the command.
        selector: MessageSelector,
        /// Candidate selectors of messages in flight; at most
        /// [`CommandError::LISTED_MAX`].
        listed: Vec<MessageSelector>,
        /// How many more are in flight.
        more: usize,
    },
    /// The message is held until it is released.
    MessageHeld {
        /// The selector in the command.
        selector: MessageSelector,
    },
    /// No such message is held.
    NothingHeld {
        /// The selector in the command.
        selector: MessageSelector,
    },
    /// A link from a server to itself.
    LinkToSelf(NodeId),
    /// A partition with a server in two groups.
    InTwoGroups(NodeId),
    /// A partition into one group.
    OneGroup,
    /// No event is scheduled that can happen.
    NothingPending {
        /// The paused servers.
        paused: NodeSet,
        /// The selectors of held messages; at most [`CommandError::LISTED_MAX`].
        held: Vec<MessageSelector>,
        /// How many more are held.
        more: usize,
    },
    /// A client's request or a note is too long.
    LongText {
        /// The maximum number of characters.
        max: usize,
    },
    /// The duration is too long.
    LongTime {
        /// The value in the command.
        duration: Millis,
        /// The maximum.
        max: Millis,
    },
    /// The range is too long for messages and writes.
    BadLatency {
        /// The value in the command.
        range: MillisRange,
        /// The maximum.
        max: Millis,
    },
    /// `deliver all` does not end, because each message triggers new ones.
    TooManyDeliveries {
        /// The maximum.
        max: usize,
    },
    /// The limit of messages in flight is reached.
    TooManyMessages {
        /// The maximum.
        max: usize,
    },
    /// A forged message has too many entries.
    LongMessage {
        /// The maximum.
        max: usize,
    },
    /// A forged message names an entry that no log can hold: each has a term from 1 on,
    /// and only the start of a log is 0:0.
    NoSuchEntry,
    /// The cluster has fewer servers than the requested number of leaders.
    TooManyLeaders {
        /// The number in the goal.
        count: u8,
        /// The servers of the cluster.
        servers: NodeSet,
    },
    /// The server can never become a pre-candidate: the option is off.
    NoPreVote(NodeId),
    /// The server runs a program that knows no such request.
    UnknownToProgram(NodeId),
    /// The run has reached the maximum size of a script.
    ScriptFull {
        /// The maximum number of lines.
        lines: usize,
        /// The maximum number of bytes.
        bytes: usize,
    },
    /// The run has reached the maximum number of records.
    HistoryFull {
        /// The maximum.
        max: usize,
    },
}

impl CommandError {
    /// The maximum number of messages that an error lists.
    pub const LISTED_MAX: usize = 6;
}
