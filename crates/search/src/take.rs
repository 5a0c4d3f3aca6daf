//! Taking a choice: it happens, or is looked up where the like has happened before.

use hustings_lab::{Chance, Done, Foreseen, Link, NoTime, Parts, Prompt, Symmetry, Travel};
use hustings_raft::{Input, Millis, MillisRange, NodeId, NodeSet, Timer};

use crate::bounds::{Budget, Limited};
use crate::state::{Choice, Last, State, request, with_budget};
use crate::step::Letter;

/// What came of a step: a buffer, so that its memory is reused. Each step clears it first.
#[derive(Debug)]
pub struct Came {
    /// What the server did that took it, and what the judge has found.
    pub done: Done,
    /// The message that arrived.
    pub delivered: Option<Letter>,
    /// The message that was lost.
    pub lost: Option<Letter>,
}

impl Default for Came {
    fn default() -> Self {
        Self {
            done: Done::without_reasons(),
            delivered: None,
            lost: None,
        }
    }
}

impl Came {
    fn clear(&mut self) {
        self.done.clear();
        self.delivered = None;
        self.lost = None;
    }
}

/// Nothing takes time, but for the writes of some servers.
struct Untimed {
    slow: NodeSet,
}

impl Chance for Untimed {
    fn timer(&mut self, server: NodeId, timer: Timer, range: MillisRange) -> Millis {
        NoTime.timer(server, timer, range)
    }

    fn write(&mut self, server: NodeId, range: MillisRange) -> Millis {
        if self.slow.contains(server) {
            NoTime.write(server, range)
        } else {
            Millis::ZERO
        }
    }

    fn travel(&mut self, link: Link, range: MillisRange) -> Travel {
        NoTime.travel(link, range)
    }
}

/// A choice that was looked up, and what would come of it.
#[derive(Default, Debug)]
pub(crate) struct Lookup {
    pub(crate) foreseen: Foreseen,
    pub(crate) left: Budget,
}

impl State {
    /// Has something happen that [`State::choices`] offers.
    pub fn take(&mut self, choice: Choice, came: &mut Came) {
        let server = self.server_of(choice);
        self.begin(choice, came);
        match (server, self.prompt_of(choice)) {
            (Some(server), Some(prompt)) => {
                let mut chance = Untimed { slow: self.slow };
                let world = &mut self.world;
                world.prompt(server, &prompt, &mut chance, &mut came.done);
            }
            _ => self.happen(choice, came),
        }
        self.end(choice, server, came);
    }

    /// As [`State::take`]; what a server does is kept among the parts.
    pub(crate) fn take_and_learn(&mut self, choice: Choice, parts: &mut Parts, came: &mut Came) {
        let (Some(server), Some(prompt)) = (self.server_of(choice), self.prompt_of(choice)) else {
            return self.take(choice, came);
        };
        self.begin(choice, came);
        let mut chance = Untimed { slow: self.slow };
        let world = &mut self.world;
        world.prompt_and_learn(server, &prompt, parts, &mut chance, &mut came.done);
        self.end(choice, Some(server), came);
    }

    /// Finds out what would come of a choice, if a server did the like before; returns the
    /// digest of the state that it would lead to, by names or whatever these are.
    pub(crate) fn look_up(
        &self,
        choice: Choice,
        parts: &Parts,
        symmetry: &mut Option<Symmetry>,
        lookup: &mut Lookup,
    ) -> Option<u64> {
        let (server, prompt) = (self.server_of(choice)?, self.prompt_of(choice)?);
        let (world, foreseen) = (&self.world, &mut lookup.foreseen);
        if !world.foresee(server, &prompt, parts, foreseen) {
            return None;
        }
        lookup.left = self.left;
        if let Some(limited) = limited(choice) {
            lookup.left.spend(limited);
        }
        let digest = match symmetry {
            Some(symmetry) => symmetry.digest_of_foreseen(world, foreseen, parts),
            None => world.digest_of_foreseen(foreseen),
        };
        Some(with_budget(digest, &lookup.left))
    }

    /// As [`State::take`] of a choice that was looked up.
    pub(crate) fn take_looked_up(
        &mut self,
        choice: Choice,
        parts: &Parts,
        lookup: &mut Lookup,
        came: &mut Came,
    ) {
        let server = self.server_of(choice);
        self.begin(choice, came);
        if let Some(server) = server {
            let (foreseen, done) = (&mut lookup.foreseen, &mut came.done);
            self.world.fulfil(server, parts, foreseen, done);
        }
        self.end(choice, server, came);
    }

    fn begin(&mut self, choice: Choice, came: &mut Came) {
        came.clear();
        if let Choice::Deliver(message) = choice {
            came.delivered = self.world.message(message).map(Letter::of);
        }
    }

    /// Keeps what there is to know of a choice that was made, of this server.
    fn end(&mut self, choice: Choice, server: Option<NodeId>, came: &Came) {
        self.requests = self.requests_after(choice);
        if let Some(limited) = limited(choice) {
            self.left.spend(limited);
        }
        self.last = server.map(|server| Last {
            server,
            was_request: matches!(choice, Choice::Request(_)),
            first_sent: came.done.sent.first().map(|sent| sent.id),
        });
    }

    /// How many requests there are after a choice.
    pub(crate) fn requests_after(&self, choice: Choice) -> u8 {
        let more = u8::from(matches!(choice, Choice::Request(_)));
        self.requests.saturating_add(more)
    }

    /// The server that takes the step, if one does, and whether it is a request.
    pub(crate) fn last_after(&self, choice: Choice) -> Option<(NodeId, bool)> {
        let server = self.server_of(choice)?;
        Some((server, matches!(choice, Choice::Request(_))))
    }

    /// What happens to a server, if it is one to which something happens.
    fn prompt_of(&self, choice: Choice) -> Option<Prompt> {
        Some(match choice {
            Choice::Deliver(message) => Prompt::Message(message),
            Choice::Fire(_, timer) => Prompt::Timer(timer),
            Choice::Persist(_) => Prompt::Write,
            Choice::Crash(_) => Prompt::Crash,
            Choice::Restart(_) => Prompt::Restart,
            Choice::Request(_) => {
                Prompt::Input(Input::Propose(request(self.requests_after(choice))))
            }
            Choice::Transfer(_, target) => Prompt::Input(Input::Transfer(target)),
            Choice::Change(_, change) => Prompt::Input(Input::ChangeMembers(change)),
            Choice::Lose(_) | Choice::Copy(_) | Choice::Cut(..) | Choice::Lapse => return None,
        })
    }

    /// Has something happen that does not happen to a server.
    fn happen(&mut self, choice: Choice, came: &mut Came) {
        let world = &mut self.world;
        match choice {
            Choice::Lose(message) => came.lost = world.take(message).as_ref().map(Letter::of),
            Choice::Copy(message) => {
                world.duplicate(message);
            }
            Choice::Cut(link, cut) => {
                let Link { from, to } = link;
                world.set_cut(link, cut);
                world.set_cut(Link { from: to, to: from }, cut);
            }
            Choice::Lapse => {
                if let Some(end) = world.fresh_until() {
                    world.pass_to(end);
                }
            }
            Choice::Deliver(_)
            | Choice::Fire(..)
            | Choice::Persist(_)
            | Choice::Crash(_)
            | Choice::Restart(_)
            | Choice::Request(_)
            | Choice::Transfer(..)
            | Choice::Change(..) => {}
        }
    }
}

/// What may happen only so often, if this is of it.
fn limited(choice: Choice) -> Option<Limited> {
    match choice {
        Choice::Lose(_) => Some(Limited::Losses),
        Choice::Copy(_) => Some(Limited::Copies),
        Choice::Fire(_, Timer::Election) => Some(Limited::Timeouts),
        Choice::Fire(_, Timer::Heartbeat) => Some(Limited::Heartbeats),
        Choice::Request(_) => Some(Limited::Requests),
        Choice::Crash(_) => Some(Limited::Crashes),
        Choice::Cut(..) => Some(Limited::Cuts),
        Choice::Transfer(..) => Some(Limited::Transfers),
        Choice::Change(..) => Some(Limited::Changes),
        Choice::Fire(_, Timer::CheckQuorum | Timer::Transfer)
        | Choice::Deliver(_)
        | Choice::Persist(_)
        | Choice::Restart(_)
        | Choice::Lapse => None,
    }
}
