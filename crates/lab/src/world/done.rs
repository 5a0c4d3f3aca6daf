//! What a step did.

use std::rc::Rc;

use hustings_raft::{ClientReply, Output, RoleName, Stored};

use super::Crashed;
use crate::judge::Judgement;
use crate::machine::{Failure, View};
use crate::message::WaitingMessage;
use crate::schedule::PendingId;
use crate::server::TimerMap;

/// What a step did: a buffer, so that its memory is reused. Each step clears it first.
#[derive(Default, Debug)]
pub struct Done {
    /// The reasons of the machine; the effects have been carried out.
    pub output: Output,
    /// What could be seen of the server before.
    pub before: Option<Rc<View>>,
    /// The messages sent, in order.
    pub sent: Vec<Sent>,
    /// The messages that wait for a write.
    pub waiting: Vec<Rc<WaitingMessage>>,
    /// The replies to clients.
    pub replies: Vec<ClientReply>,
    /// What the server's program printed.
    pub printed: Vec<Rc<str>>,
    /// What the judge has found and learned.
    pub judgement: Judgement,
    /// If the server's program failed in the step, which then is all of it.
    pub failed: Option<Box<Failed>>,
    /// Which timers were started.
    pub(crate) armed: TimerMap<bool>,
    /// The number of writes that are not durable yet.
    pub(crate) writes: usize,
    /// Whether the server ran before.
    pub(crate) was_up: bool,
    /// What was on the disk before it changed, if it has.
    pub(crate) disk_before: Option<Stored>,
    /// A change of role that is not allowed.
    pub(crate) wrong_role: Option<(RoleName, RoleName)>,
}

impl Done {
    /// A buffer for steps whose reasons nobody reads.
    pub fn without_reasons() -> Self {
        Self {
            output: Output::without_reasons(),
            ..Self::default()
        }
    }

    /// Empties it, as each step does.
    pub fn clear(&mut self) {
        self.output.clear();
        self.before = None;
        self.sent.clear();
        self.waiting.clear();
        self.replies.clear();
        self.printed.clear();
        self.judgement.clear();
        self.failed = None;
        self.armed = TimerMap::default();
        self.writes = 0;
        self.was_up = false;
        self.disk_before = None;
        self.wrong_role = None;
    }
}

/// A program that failed, so that its server crashed.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub failure: Box<Failure>,
    /// What the crash did.
    pub crashed: Crashed,
}

/// A message sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// Its number among what is pending.
    pub id: PendingId,
    /// Whether it is a copy, made by the network, of the one before.
    pub is_copy: bool,
}
