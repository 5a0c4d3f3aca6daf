//! A server's code, and what can be seen of it.
//!
//! The laboratory runs anything that is a [`Machine`]: Raft's core, or another server that
//! answers the same inputs with the same effects. It looks at all of them through a
//! [`View`].

mod core;
mod view;

use std::fmt;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_raft::{Input, LogIndex, Millis, NodeId, NodeSet, Options, Output, Stored};

pub(crate) use self::core::Core;
pub use self::view::View;

/// A server's code with its volatile state: a value that takes steps.
///
/// It has no clock, no network and no disk of its own: time is an argument, and what is to
/// be sent, written or timed is an effect of a step, which the [`World`](crate::World)
/// carries out. Nothing that it says of itself is taken on trust: the judge compares what
/// is seen of it before and after each step.
pub trait Machine: fmt::Debug {
    /// Takes one step: handles `input` at the server's local time `now`, which never
    /// falls, and appends the effects to `out`. The reasons are optional: a step without
    /// any is told by what it did.
    ///
    /// The first input is [`Input::Start`]; [`Input::Restart`] follows a crash.
    fn step(&mut self, now: Millis, input: Input, out: &mut Output);

    /// What can be seen of the server.
    fn view(&self) -> View;

    /// A copy; it should be cheap.
    fn copy(&self) -> Box<dyn Machine>;

    /// Feeds all that decides what the machine can do next to a hasher, but for its log,
    /// and for the time that [`Machine::fresh_until`] speaks of. Two machines of one
    /// [`Code`] that feed the same and have the same log must do the same next. Counters
    /// that only tell how the machine got here do not belong to it.
    fn fingerprint(&self, state: &mut dyn Hasher);

    /// Until when, by local time, what the machine remembers of the past makes a
    /// difference to what it does: a lease that holds, a leader heard from recently.
    /// `None` if nothing does, or for ever.
    fn fresh_until(&self) -> Option<Millis> {
        None
    }
}

/// The code that a server runs, from which its machine is made.
pub trait Code: fmt::Debug {
    /// Its name, by which a script's header says which server runs it.
    fn name(&self) -> &str;

    /// A machine that has not taken a step.
    fn machine(&self, start: Start) -> Box<dyn Machine>;
}

/// What a machine starts from.
#[derive(Clone, Debug)]
pub struct Start {
    /// The server's name.
    pub id: NodeId,
    /// The initial configuration.
    pub members: NodeSet,
    /// The settings of the cluster.
    pub options: Options,
    /// What is on the server's disk.
    pub stored: Stored,
    /// The commit index, if a run starts in the middle of things.
    pub commit: LogIndex,
}

/// The code of one server, shared by all runs that have it. Two are equal if they have
/// the same name.
#[derive(Clone, Debug)]
pub struct SharedCode(pub Rc<dyn Code>);

impl PartialEq for SharedCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.name() == other.0.name()
    }
}

impl Eq for SharedCode {}
