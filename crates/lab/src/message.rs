//! Messages on their way, waiting and lost.

use std::rc::Rc;

use hustings_raft::{Message, WriteId};

use crate::path::Link;

/// A message on its way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InFlight {
    /// Its sender and receiver.
    pub link: Link,
    /// Its content.
    pub message: Rc<Message>,
    /// Whether chance will have it lost when it arrives.
    pub lost: bool,
    /// Whether no server has sent it.
    pub forged: bool,
}

/// A message that is sent only once a write is durable: in the record of that write,
/// unless its sender crashes before.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WaitingMessage {
    /// Its sender and receiver.
    pub link: Link,
    /// Its content.
    pub message: Rc<Message>,
    /// The sender's write that it waits for.
    pub write: WriteId,
}

/// Why a message was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Loss {
    /// The link was cut when it would have arrived.
    LinkCut,
    /// The receiver was down.
    ServerDown,
    /// Random loss.
    Chance,
    /// It was dropped by a command.
    Dropped,
}
