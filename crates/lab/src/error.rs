//! Why a command was not carried out.

use hustings_raft::{Millis, MillisRange, NodeId, NodeSet, RoleName};

use crate::Pick;

/// Why a command was not carried out. The laboratory is as it was before.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CommandError {
    /// The cluster has no such server.
    #[error("there is no {server} in this cluster of {servers}")]
    UnknownServer {
        /// The server that was named.
        server: NodeId,
        /// The servers that there are.
        servers: NodeSet,
    },
    /// A crashed server can do nothing but restart.
    #[error("{0} is down; restart it first")]
    ServerDown(NodeId),
    /// A running server cannot be restarted.
    #[error("{0} is running; crash it first")]
    ServerUp(NodeId),
    /// A paused server does nothing until it is resumed.
    #[error("{0} is paused; resume it first")]
    ServerPaused(NodeId),
    /// A server that is not paused cannot be resumed.
    #[error("{0} is not paused")]
    ServerNotPaused(NodeId),
    /// The timer does not run in that server's role.
    #[error("the {timer} timer of {server} is not running: it is {role}")]
    TimerNotRunning {
        /// Whose timer.
        server: NodeId,
        /// Which timer, by name.
        timer: &'static str,
        /// What the server is.
        role: RoleName,
    },
    /// No such message is in flight.
    #[error("no message {pick} is in flight; {}", on_the_way(listed, *more))]
    NoMessage {
        /// What was asked for.
        pick: Pick,
        /// What is in flight and may have been meant, as one would pick it; at
        /// most [`CommandError::LISTED_MAX`].
        listed: Vec<Pick>,
        /// How many more are in flight.
        more: usize,
    },
    /// The message waits until it is released.
    #[error("the message {pick} is held; release it first")]
    MessageHeld {
        /// What was asked for.
        pick: Pick,
    },
    /// No such message is held.
    #[error("no message {pick} is held")]
    NothingHeld {
        /// What was asked for.
        pick: Pick,
    },
    /// A link needs two ends.
    #[error("{0} has no link to itself")]
    LinkToSelf(NodeId),
    /// A partition needs every server in one group at most.
    #[error("{0} stands in two groups of the partition")]
    InTwoGroups(NodeId),
    /// A partition into one group changes nothing.
    #[error("a partition needs at least two groups; cut or isolate instead, or heal")]
    OneGroup,
    /// There is nothing to step to.
    #[error("nothing is going to happen: {}", what_waits(*paused, held, *more))]
    NothingPending {
        /// The servers that do nothing until they are resumed.
        paused: NodeSet,
        /// Messages that wait until they are released, as one would pick them; at
        /// most [`CommandError::LISTED_MAX`].
        held: Vec<Pick>,
        /// How many more wait so.
        more: usize,
    },
    /// A client's request or a note is too long.
    #[error("the text has more than {max} characters")]
    LongText {
        /// How many characters are allowed.
        max: usize,
    },
    /// The time asked for is too long.
    #[error("{duration} is too long; at most {max} at once")]
    LongTime {
        /// What was asked for.
        duration: Millis,
        /// The most that is allowed.
        max: Millis,
    },
    /// No message and no write can take so long, or the range ends before it
    /// begins.
    #[error("a latency is a range of at most {max}, shorter before longer; {}..{} is not", range.min.0, range.max)]
    BadLatency {
        /// What was asked for.
        range: MillisRange,
        /// The most that is allowed.
        max: Millis,
    },
    /// The messages that were delivered led to ever more.
    #[error(
        "{max} messages were delivered and there are still more; deliver them in smaller steps"
    )]
    TooManyDeliveries {
        /// How many are allowed.
        max: usize,
    },
    /// There are as many messages in flight as there may be.
    #[error(
        "at most {max} messages can be in flight, and this would be more; drop some, or deliver what waits"
    )]
    TooManyMessages {
        /// How many are allowed.
        max: usize,
    },
    /// A forged message holds too many entries.
    #[error("a forged message has at most {max} entries")]
    LongMessage {
        /// How many are allowed.
        max: usize,
    },
    /// The run has as many records as it may have.
    #[error(
        "a run has at most {max} records, and this would be more; let less time pass, or start a new run"
    )]
    HistoryFull {
        /// How many are allowed.
        max: usize,
    },
}

fn on_the_way(listed: &[Pick], more: usize) -> String {
    if listed.is_empty() {
        return "nothing is".to_owned();
    }
    format!("these are: {}", names(listed, more))
}

fn names(listed: &[Pick], more: usize) -> String {
    let listed: Vec<_> = listed.iter().map(Pick::to_string).collect();
    let rest = match more {
        0 => String::new(),
        _ => format!(" and {more} more"),
    };
    format!("{}{rest}", listed.join(", "))
}

fn what_waits(paused: NodeSet, held: &[Pick], more: usize) -> String {
    let resume = (!paused.is_empty()).then(|| format!("paused: {paused}; resume what is to go on"));
    let release = (!held.is_empty())
        .then(|| format!("held: {}; release what is to go on", names(held, more)));
    let waits: Vec<_> = resume.into_iter().chain(release).collect();
    match waits.is_empty() {
        true => "no timer runs, no message is in flight and no write is under way".to_owned(),
        false => waits.join("; "),
    }
}

impl CommandError {
    /// How many messages an error lists.
    pub const LISTED_MAX: usize = 6;
}
