//! Worlds in few bytes, for a search that keeps millions of them.
//!
//! Worlds that differ are made of the same parts: a server, a message or what the judge
//! remembers is the same in very many of them. Each part is kept once, and a packed world is
//! the numbers of its parts.

use std::rc::Rc;

use hustings_raft::{Millis, NodeSet, Timer};

use super::known::KnownStep;
use super::{Foreseen, World, slot};
use crate::digest::{ByDigest, digest_of};
use crate::judge::Judge;
use crate::link_map::LinkSet;
use crate::message::InFlight;
use crate::schedule::{Pending, PendingId, What};
use crate::server::Server;

/// Parts of packed worlds, each once.
///
/// They are told apart by their digests, as [`World::digest`] tells apart worlds.
#[derive(Default, Debug)]
pub struct Parts {
    servers: Table<Rc<Server>>,
    messages: Table<Letter>,
    rest: Table<Rest>,
    pub(super) steps: Table<KnownStep>,
}

/// A message on its way.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) flight: InFlight,
    held: bool,
    pub(super) digest: u64,
}

/// What a world has but for servers and messages, as far as a step can change it.
#[derive(Debug)]
struct Rest {
    now: Millis,
    cuts: LinkSet,
    paused: NodeSet,
    judge: Judge,
}

/// Values by number, each once.
#[derive(Debug)]
pub(super) struct Table<T> {
    numbers: ByDigest<u32>,
    values: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            numbers: ByDigest::default(),
            values: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// The number of the value with a digest.
    pub(super) fn number(&mut self, digest: u64, value: impl FnOnce() -> T) -> u32 {
        let values = &mut self.values;
        *self.numbers.entry(digest).or_insert_with(|| {
            values.push(value());
            // A table of so many would not fit into any memory.
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.values.get(usize::try_from(number).ok()?)
    }

    /// The value with a digest.
    pub(super) fn find(&self, digest: u64) -> Option<&T> {
        self.get(*self.numbers.get(&digest)?)
    }
}

impl Parts {
    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        const SERVER: usize = 2_000;
        const LETTER: usize = 200;
        const REST: usize = 500;
        const STEP: usize = 300;
        self.servers.values.len() * SERVER
            + self.messages.values.len() * LETTER
            + self.rest.values.len() * REST
            + self.steps.values.len() * STEP
    }

    /// The number of a server whose digest is known.
    pub(super) fn number_of_server(&mut self, server: &Server) -> u32 {
        let digest = server.packing_digest();
        self.servers.number(digest, || Rc::new(numbered(server)))
    }

    /// The number of a message; `None` if its digest is not known, or it is none.
    pub(super) fn number_of_message(&mut self, pending: &Pending) -> Option<u32> {
        let (flight, digest) = (pending.message()?, pending.digest?);
        let letter = || Letter {
            flight: flight.clone(),
            held: pending.held,
            digest,
        };
        Some(self.messages.number(digest, letter))
    }

    pub(super) fn server(&self, number: u32) -> Option<&Rc<Server>> {
        self.servers.get(number)
    }

    pub(super) fn message(&self, number: u32) -> Option<&Letter> {
        self.messages.get(number)
    }
}

impl World {
    /// Appends the numbers of its parts. Messages keep their order, in which they are the last.
    pub fn pack(&mut self, parts: &mut Parts, to: &mut Vec<u32>) {
        // The digests of all parts are known then.
        self.digest();
        to.push(self.number_of_rest(&self.judge, parts));
        to.extend(self.servers.iter().map(|it| parts.number_of_server(it)));
        let messages = self.schedule.pending_messages();
        to.extend(messages.filter_map(|it| parts.number_of_message(it)));
    }

    fn number_of_rest(&self, judge: &Judge, parts: &mut Parts) -> u32 {
        let paused = self.schedule.paused();
        let digest = digest_of(&(self.now, self.cuts, paused, judge));
        parts.rest.number(digest, || Rest {
            now: self.now,
            cuts: self.cuts,
            paused,
            judge: judge.clone(),
        })
    }

    /// Appends the numbers of what was foreseen of it; its own are known.
    pub fn pack_foreseen(
        &self,
        foreseen: &Foreseen,
        own: &[u32],
        parts: &mut Parts,
        to: &mut Vec<u32>,
    ) {
        to.push(self.number_of_rest(&foreseen.judge, parts));
        let (servers, messages) = own
            .get(1..)
            .and_then(|own| own.split_at_checked(self.servers.len()))
            .unwrap_or_default();
        let first = to.len();
        to.extend_from_slice(servers);
        if let Some((id, number)) = foreseen.server
            && let Some(server) = to.get_mut(first + slot(id))
        {
            *server = number;
        }
        let is_earlier = |arrived| self.in_flight().take_while(move |(id, _)| *id < arrived);
        let arrived = foreseen.arrived.map(|arrived| is_earlier(arrived).count());
        let (before, after) = match arrived {
            Some(place) => messages.split_at_checked(place).unwrap_or_default(),
            None => (messages, [].as_slice()),
        };
        to.extend_from_slice(before);
        // Without the one that arrived.
        to.extend(after.iter().skip(1));
        to.extend_from_slice(&foreseen.sent);
    }

    /// Becomes the world that was packed. It must have come of a world with the same settings;
    /// when something is due that is pending does not count.
    pub fn unpack(&mut self, parts: &Parts, numbers: &[u32]) {
        let mut numbers = numbers.iter().copied();
        if let Some(rest) = numbers.next().and_then(|number| parts.rest.get(number)) {
            (self.now, self.cuts) = (rest.now, rest.cuts);
            self.judge.clone_from(&rest.judge);
            self.schedule.begin_anew(rest.paused);
        }
        self.waiting = 0;
        for slot in &mut self.servers {
            let server = numbers.next().and_then(|number| parts.servers.get(number));
            if let Some(server) = server {
                slot.clone_from(server);
            }
            self.waiting += slot.waiting().len();
            for (id, due_at, what) in pending_at(slot) {
                self.schedule.add_as(id, due_at, what, None);
            }
        }
        let mut sum: u64 = 0;
        for (place, number) in (0..).zip(numbers) {
            let Some(letter) = parts.messages.get(number) else {
                continue;
            };
            let id = PendingId::of_message(place);
            let what = What::Arrival(letter.flight.clone());
            sum = sum.wrapping_add(letter.digest);
            self.schedule
                .add_as(id, self.now, what, Some(letter.digest));
            if letter.held {
                self.schedule.set_held(id, true, Some(letter.digest));
            }
        }
        self.messages_digest = Some(sum);
    }
}

/// What is pending at a server.
pub(super) fn pending_at(server: &Server) -> impl Iterator<Item = (PendingId, Millis, What)> {
    let id = server.id();
    let timer = move |timer| {
        let armed = server.timer(timer)?;
        Some((armed.pending, armed.due_at, What::Timer(id, timer)))
    };
    let writes = server.disk.writes.iter();
    let writes = writes.map(move |it| (it.pending, it.done_at, What::Write(id)));
    Timer::ALL.into_iter().filter_map(timer).chain(writes)
}

/// A copy of a server in which what is pending has the numbers that it has in every world into
/// which the server is put. A number says which timer it is, or that it is a write.
fn numbered(server: &Server) -> Server {
    let (id, mut copy) = (server.id(), server.clone());
    let mut places = 0..;
    let mut number = || PendingId::of_server(id, places.next().unwrap_or_default());
    for timer in Timer::ALL {
        let number = number();
        if let Some(armed) = copy.timers.get_mut(timer) {
            armed.pending = number;
        }
    }
    for write in &mut copy.disk.writes {
        write.pending = number();
    }
    copy
}
