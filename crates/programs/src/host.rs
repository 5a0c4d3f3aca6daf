//! What a program is told, and what it answers.

use std::fmt::Debug;
use std::hash::Hasher;
use std::rc::Rc;
use std::sync::Arc;

use hustings_lab::{Abilities, Failure, Start, View};
use hustings_raft::{ClientReply, Message, Millis, MillisRange, NodeId, Stored, Timer};

use crate::trace::Trace;

/// Takes the turns of one program, for all servers that run it.
pub trait Host: Debug + 'static {
    /// A server's state between two turns: a value.
    type State: Clone + Debug;

    /// The first turn of a server that starts, or restarts with what is on its disk.
    ///
    /// # Errors
    ///
    /// If the program fails.
    fn start(&self, start: &Start, now: Millis) -> Result<Turn<Self::State>, Box<Failure>>;

    /// A turn of a server that is told something at its local time `now`.
    ///
    /// # Errors
    ///
    /// If the program fails.
    fn turn(
        &self,
        state: &Self::State,
        now: Millis,
        told: &Told,
    ) -> Result<Turn<Self::State>, Box<Failure>>;

    /// As [`Program::abilities`](hustings_lab::Program::abilities).
    fn abilities(&self) -> Abilities {
        Abilities::default()
    }

    /// Told what a server has executed, when it has done what comes of it. Hosts that do not
    /// trace ignore it.
    fn executed(&self, _trace: Trace) {}

    /// Feeds all that decides what a server can do next to a hasher, but for its log.
    fn fingerprint(&self, state: &Self::State, hasher: &mut dyn Hasher);
}

/// What a program is told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub enum Told {
    /// A timer has run out.
    Timer(Timer),
    /// A message has arrived.
    Message {
        /// The server that sent it.
        from: NodeId,
        /// Its content.
        message: Message,
    },
    /// A client asks for a command to be replicated.
    Request(Arc<str>),
}

/// What a program did in a turn.
#[derive(Clone, Debug)]
pub struct Turn<S> {
    /// What it did, in parts: all but the last end with a write, which must be durable
    /// before the next.
    pub parts: Vec<Part>,
    /// The server's state after all of them.
    pub state: S,
}

/// What a program did until a write, or until the end of its turn.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it did, in order.
    pub acts: Vec<Act>,
    /// The texts that it printed.
    pub printed: Vec<Rc<str>>,
    /// What can be seen of the server at the end.
    pub view: View,
    /// What its disk is to hold at the end.
    pub write: Option<Stored>,
    /// What was executed, if that was asked for.
    pub trace: Option<Trace>,
}

/// One thing that a program does.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub enum Act {
    /// It sends a message.
    Send {
        /// The receiver.
        to: NodeId,
        /// The message.
        message: Message,
    },
    /// It starts or restarts a timer with a duration drawn from a range.
    Arm(Timer, MillisRange),
    /// It stops a timer.
    Disarm(Timer),
    /// It replies to the client.
    Reply(ClientReply),
}
