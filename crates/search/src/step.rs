//! Steps that can be taken in another run than the one they were first taken in.

use std::rc::Rc;

use hustings_lab::{InFlight, Link};
use hustings_raft::{MemberChange, Message, NodeId, Timer};

use crate::goal::Goal;
use crate::state::{Choice, State};
use crate::take::Came;

/// Something that can happen; `M` says which message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening<M> {
    /// A message in flight arrives.
    Deliver(M),
    /// It is lost.
    Lose(M),
    /// The network makes a copy of it.
    Copy(M),
    /// A running timer fires.
    Fire(NodeId, Timer),
    /// A server's oldest write becomes durable.
    Persist(NodeId),
    /// A client asks a leader to replicate a command.
    Request(NodeId),
    /// A server crashes.
    Crash(NodeId),
    /// A server that is down restarts from its disk.
    Restart(NodeId),
    /// A link is cut, both ways, or mended; its sender has the lower number.
    Cut(Link, bool),
    /// A leader is asked to transfer its leadership.
    Transfer(NodeId, NodeId),
    /// A leader is asked to change the members.
    Change(NodeId, MemberChange),
    /// Time passes until nobody remembers a leader, or holds a lease, any more.
    Lapse,
}

/// A step, with what its message says instead of its number: where steps before it are left
/// out, it can still be taken if the like is there.
pub type Step = Happening<Letter>;

/// A message, by its link and its content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    /// Its sender and receiver.
    pub link: Link,
    /// Its content.
    pub message: Rc<Message>,
}

impl Letter {
    pub(crate) fn of(flight: &InFlight) -> Self {
        Self {
            link: flight.link,
            message: Rc::clone(&flight.message),
        }
    }
}

/// Steps that were taken, and what they came to.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The steps, without those that could not be taken.
    pub steps: Vec<Step>,
    /// The state after them.
    pub end: State,
    /// Whether the last of them brought about what was looked for.
    pub reached: bool,
}

impl State {
    /// A choice as a step; `None` if there is no such message.
    pub fn step_of(&self, choice: Choice) -> Option<Step> {
        let letter = |id| self.world.message(id).map(Letter::of);
        choice.with(letter)
    }

    /// The choice that is a step; of messages the same one, or else the oldest of its kind on
    /// its link.
    pub fn choice_of(&self, step: &Step, choices: &[Choice]) -> Option<Choice> {
        let same = |choice: &&Choice| self.step_of(**choice).as_ref() == Some(step);
        let alike = |choice: &&Choice| {
            let like = self.step_of(**choice);
            like.is_some_and(|like| is_alike(&like, step))
        };
        let found = choices.iter().find(same);
        found.or_else(|| choices.iter().find(alike)).copied()
    }

    /// Takes those of some steps that can be taken, up to the one that brings about what is
    /// looked for.
    pub fn take_all(&self, steps: &[Step], goal: &Goal) -> Taken {
        let mut taken = Taken {
            steps: Vec::with_capacity(steps.len()),
            end: self.clone(),
            reached: false,
        };
        let (mut choices, mut came) = (Vec::new(), Came::default());
        for step in steps {
            choices.clear();
            taken.end.choices(&mut choices);
            let Some(choice) = taken.end.choice_of(step, &choices) else {
                continue;
            };
            taken.steps.extend(taken.end.step_of(choice));
            taken.end.take(choice, &mut came);
            if goal.is_reached(&taken.end, &came) {
                taken.reached = true;
                break;
            }
        }
        taken
    }

    /// The steps of a way.
    pub fn steps_of(&self, way: &[u16]) -> Vec<Step> {
        let (mut choices, mut came) = (Vec::new(), Came::default());
        let (mut state, mut steps) = (self.clone(), Vec::new());
        for number in way {
            choices.clear();
            state.choices(&mut choices);
            let Some(choice) = choices.get(usize::from(*number)) else {
                break;
            };
            steps.extend(state.step_of(*choice));
            state.take(*choice, &mut came);
        }
        steps
    }
}

/// Whether two steps are about messages of one kind on one link.
fn is_alike(one: &Step, other: &Step) -> bool {
    let same = |one: &Letter, other: &Letter| {
        one.link == other.link && one.message.kind() == other.message.kind()
    };
    match (one, other) {
        (Step::Deliver(one), Step::Deliver(other))
        | (Step::Lose(one), Step::Lose(other))
        | (Step::Copy(one), Step::Copy(other)) => same(one, other),
        _ => false,
    }
}

impl Step {
    /// The servers that it is about.
    pub fn servers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let servers = match self {
            Self::Deliver(letter) | Self::Lose(letter) | Self::Copy(letter) => {
                [Some(letter.link.from), Some(letter.link.to)]
            }
            Self::Cut(link, _) => [Some(link.from), Some(link.to)],
            Self::Transfer(server, target) => [Some(*server), Some(*target)],
            Self::Change(server, change) => [Some(*server), Some(change.server())],
            Self::Fire(server, _)
            | Self::Persist(server)
            | Self::Request(server)
            | Self::Crash(server)
            | Self::Restart(server) => [Some(*server), None],
            Self::Lapse => [None, None],
        };
        servers.into_iter().flatten()
    }

    /// The same with other servers.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(NodeId) -> NodeId) -> Self {
        let letter = |letter: &Letter| Letter {
            link: rename(letter.link, &name),
            message: Rc::clone(&letter.message),
        };
        match self {
            Self::Fire(server, timer) => Self::Fire(name(*server), *timer),
            Self::Persist(server) => Self::Persist(name(*server)),
            Self::Request(server) => Self::Request(name(*server)),
            Self::Crash(server) => Self::Crash(name(*server)),
            Self::Restart(server) => Self::Restart(name(*server)),
            Self::Cut(link, cut) => {
                let Link { from, to } = rename(*link, &name);
                // The sender has the lower number.
                let link = Link {
                    from: from.min(to),
                    to: from.max(to),
                };
                Self::Cut(link, *cut)
            }
            Self::Transfer(server, target) => Self::Transfer(name(*server), name(*target)),
            Self::Change(server, change) => Self::Change(
                name(*server),
                match change {
                    MemberChange::Add(it) => MemberChange::Add(name(*it)),
                    MemberChange::Remove(it) => MemberChange::Remove(name(*it)),
                },
            ),
            Self::Deliver(it) => Self::Deliver(letter(it)),
            Self::Lose(it) => Self::Lose(letter(it)),
            Self::Copy(it) => Self::Copy(letter(it)),
            Self::Lapse => Self::Lapse,
        }
    }
}

impl<M> Happening<M> {
    /// The same with the message said in another way; `None` if that is `None`.
    fn with<N>(self, message: impl Fn(M) -> Option<N>) -> Option<Happening<N>> {
        Some(match self {
            Self::Deliver(it) => Happening::Deliver(message(it)?),
            Self::Lose(it) => Happening::Lose(message(it)?),
            Self::Copy(it) => Happening::Copy(message(it)?),
            Self::Fire(server, timer) => Happening::Fire(server, timer),
            Self::Persist(server) => Happening::Persist(server),
            Self::Request(server) => Happening::Request(server),
            Self::Crash(server) => Happening::Crash(server),
            Self::Restart(server) => Happening::Restart(server),
            Self::Cut(link, cut) => Happening::Cut(link, cut),
            Self::Transfer(server, target) => Happening::Transfer(server, target),
            Self::Change(server, change) => Happening::Change(server, change),
            Self::Lapse => Happening::Lapse,
        })
    }
}

fn rename(link: Link, name: impl Fn(NodeId) -> NodeId) -> Link {
    Link {
        from: name(link.from),
        to: name(link.to),
    }
}
