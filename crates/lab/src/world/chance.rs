//! What a world leaves open.

use std::rc::Rc;

use hustings_raft::{Message, Millis, MillisRange, NodeId, Timer};

use crate::path::Link;

/// Decides what a world leaves open: how long things take, and what the network does to
/// messages. A run draws it, a search has nothing take time.
pub trait Chance {
    /// How long a timer runs, by the server's local time.
    fn timer(&mut self, server: NodeId, timer: Timer, range: MillisRange) -> Millis;

    /// How long a write takes until it is durable.
    fn write(&mut self, server: NodeId, range: MillisRange) -> Millis;

    /// What happens to a message on a link with this range of latencies.
    fn travel(&mut self, link: Link, range: MillisRange) -> Travel;

    /// The message to be sent, which may be shared with equal ones.
    fn share(&mut self, message: Message) -> Rc<Message> {
        Rc::new(message)
    }
}

/// What the network does to a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Travel {
    /// How long it takes.
    pub latency: Millis,
    /// Whether it is lost on arrival.
    pub lost: bool,
    /// How long a copy takes that the network makes, if it makes one.
    pub copy: Option<Millis>,
}

/// Nothing is lost and no message takes time. A write is pending until it is finished:
/// only the order of events is left open.
#[derive(Clone, Copy, Default, Debug)]
pub struct NoTime;

impl Chance for NoTime {
    fn timer(&mut self, _: NodeId, _: Timer, _: MillisRange) -> Millis {
        Millis::ZERO
    }

    fn write(&mut self, _: NodeId, _: MillisRange) -> Millis {
        Millis(1)
    }

    fn travel(&mut self, _: Link, _: MillisRange) -> Travel {
        Travel {
            latency: Millis::ZERO,
            lost: false,
            copy: None,
        }
    }
}
