//! A server's machine, the program that it is made from, and what can be seen of it.
//!
//! The laboratory runs anything that is a [`Machine`]: Raft's core, or another server that
//! answers the same inputs with the same effects. It looks at all of them through a
//! [`View`].

mod core;
mod failure;
mod library;
mod value;
mod view;

use std::fmt;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_raft::{Input, LogIndex, Message, Millis, NodeId, NodeSet, Options, Output, Stored};

pub use self::core::CORE_NAME;
pub(crate) use self::core::Core;
pub use self::failure::Failure;
pub use self::library::{Library, LibraryError, NoLibrary, UnpackError};
pub use self::value::Value;
pub use self::view::View;

/// A server with its volatile state: a value that takes steps.
///
/// It has no clock, no network and no disk of its own: time is an argument, and what is to
/// be sent, written or timed is an effect of a step, which the [`World`](crate::World)
/// carries out. Nothing that it says of itself is taken on trust: the judge compares what
/// is seen of it before and after each step.
pub trait Machine {
    /// Takes one step: handles `input` at the server's local time `now`, which never
    /// falls, and appends the effects to `out`. The reasons are optional: for a step without
    /// any, those are inferred that can be told from what was seen of it.
    ///
    /// The first input is [`Input::Start`], or [`Input::Restart`] if the server ran another
    /// program before; otherwise [`Input::Restart`] follows a crash.
    ///
    /// # Errors
    ///
    /// If the server's program fails. The server crashes then, and nothing of this step's
    /// effects happens. Raft's core never fails.
    fn step(&mut self, now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>>;

    /// Whether the machine can do anything with an input of this kind. One that cannot is not
    /// asked to transfer its leadership, or to change the members.
    fn knows(&self, _input: &Input) -> bool {
        true
    }

    /// What can be seen of the server. It runs, so it has a role: one that shows none counts
    /// as a follower.
    fn view(&self) -> View;

    /// What the server's program printed in the last step, line by line, even if it failed.
    fn printed(&self) -> &[Rc<str>] {
        &[]
    }

    /// The message that the machine dealt with in the last step, and with nothing else: the one
    /// that it was given, or one whose handling has waited for a write that is done now. A
    /// machine that never waits, as Raft's core, need not say.
    fn dealt_with(&self) -> Option<(NodeId, &Message)> {
        None
    }

    /// A copy; it should be cheap.
    fn copy(&self) -> Box<dyn Machine>;

    /// Feeds all that decides what the machine can do next to a hasher, but for its log,
    /// and for the time that [`Machine::fresh_until`] speaks of. Two machines of one
    /// [`Program`] that feed the same and have the same log must do the same next. Counters
    /// that only tell how the machine got here do not belong to it.
    fn fingerprint(&self, state: &mut dyn Hasher);

    /// The machine as it were if all servers had other names: by these names it must do the same.
    /// Entries of its log stay as they are. `None` if that cannot be said, or if it compares
    /// servers.
    fn renamed(&self, _name: &dyn Fn(NodeId) -> NodeId) -> Option<Box<dyn Machine>> {
        None
    }

    /// Until when, by local time, what the machine remembers of the past makes a
    /// difference to what it does: a lease that holds, a leader heard from recently.
    /// `None` if nothing does, or for ever.
    fn fresh_until(&self) -> Option<Millis> {
        None
    }

    /// Whether a restart leaves on the disk only what the machine has restored, because a
    /// broken rule has it lose the rest. What a machine shows does not otherwise get onto
    /// its disk.
    fn loses_disk_on_restart(&self) -> bool {
        false
    }
}

/// A server's program, from which its machine is made.
pub trait Program {
    /// Its name, by which a script's header says which server runs it
    /// ([`Header::programs`](crate::Header)): 1 to
    /// [`Header::PROGRAM_CHARS_MAX`](crate::Header::PROGRAM_CHARS_MAX) ASCII letters,
    /// digits, `-`, `_` and `.`.
    fn name(&self) -> &str;

    /// Its source, if that belongs to the script: a script that names the program carries
    /// it then.
    fn source(&self) -> Option<&str> {
        None
    }

    /// The names of the flaws that are mended in it, in order.
    fn mended(&self) -> &[Rc<str>] {
        &[]
    }

    /// The recording that its servers' turns are read from, if nothing takes them: its text.
    /// Its servers can do again what they did then, and nothing else.
    fn recording(&self) -> Option<&Rc<str>> {
        None
    }

    /// What its servers can do of what not every program does.
    fn abilities(&self) -> Abilities {
        Abilities::default()
    }

    /// A machine that has not taken a step.
    fn machine(&self, start: Start) -> Box<dyn Machine>;
}

/// What some programs do and others do not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Abilities {
    /// Whether it takes clients' requests.
    pub requests: bool,
    /// Whether it has entries without a command, which a new leader appends.
    pub no_op: bool,
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

/// What can be seen of it. As a part of the trait, it would be kept for every machine in
/// every program, printed or not.
impl fmt::Debug for dyn Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

/// Its name.
impl fmt::Debug for dyn Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Two programs are equal if a script says the same of them.
impl PartialEq for dyn Program {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
            && self.source() == other.source()
            && self.mended() == other.mended()
    }
}

impl Eq for dyn Program {}
