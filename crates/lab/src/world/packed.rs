//! Worlds in few bytes, for a search that keeps millions of them.
//!
//! Worlds that differ are made of the same parts: a server, a message or what the judge
//! remembers is the same in very many of them. Each part is kept once, and a packed world is
//! the numbers of its parts.

use std::rc::Rc;

use hustings_raft::{Millis, NodeSet, Timer};

use super::World;
use crate::digest::{ByDigest, digest_of};
use crate::judge::Judge;
use crate::link_map::LinkSet;
use crate::message::InFlight;
use crate::schedule::{PendingId, What};
use crate::server::Server;

/// Parts of packed worlds, each once.
///
/// They are told apart by their digests, as [`World::digest`] tells apart worlds.
#[derive(Default, Debug)]
pub struct Parts {
    servers: Table<Rc<Server>>,
    messages: Table<Letter>,
    rest: Table<Rest>,
}

/// A message on its way.
#[derive(Debug)]
struct Letter {
    flight: InFlight,
    held: bool,
    digest: u64,
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
struct Table<T> {
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
    fn number(&mut self, digest: u64, value: impl FnOnce() -> T) -> u32 {
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
}

impl Parts {
    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        const SERVER: usize = 2_000;
        const LETTER: usize = 200;
        const REST: usize = 500;
        self.servers.values.len() * SERVER
            + self.messages.values.len() * LETTER
            + self.rest.values.len() * REST
    }
}

impl World {
    /// Appends the numbers of its parts. Messages keep their order, in which they are the last.
    pub fn pack(&mut self, parts: &mut Parts, to: &mut Vec<u32>) {
        // The digests of all parts are known then.
        self.digest();
        let rest = (self.now, self.cuts, self.schedule.paused(), &self.judge);
        to.push(parts.rest.number(digest_of(&rest), || Rest {
            now: self.now,
            cuts: self.cuts,
            paused: self.schedule.paused(),
            judge: self.judge.clone(),
        }));
        for server in &self.servers {
            let number = parts
                .servers
                .number(server.packing_digest(), || Rc::new(numbered(server)));
            to.push(number);
        }
        for pending in self.schedule.pending_messages() {
            let letter = |flight: &InFlight, digest| Letter {
                flight: flight.clone(),
                held: pending.held,
                digest,
            };
            if let (Some(flight), Some(digest)) = (pending.message(), pending.digest) {
                to.push(parts.messages.number(digest, || letter(flight, digest)));
            }
        }
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
fn pending_at(server: &Server) -> impl Iterator<Item = (PendingId, Millis, What)> {
    let id = server.id();
    let timer = move |timer| {
        let armed = server.timer(timer)?;
        Some((armed.pending, armed.due_at, What::Timer(id, timer)))
    };
    let writes = server.disk.writes.iter();
    let writes = writes.map(move |it| (it.pending, it.done_at, What::Write(id)));
    Timer::ALL.into_iter().filter_map(timer).chain(writes)
}

/// A copy of a server in which what is pending has the numbers that it has in every world which
/// is unpacked.
fn numbered(server: &Server) -> Server {
    let (id, mut copy) = (server.id(), server.clone());
    let mut places = 0..;
    let mut number = || PendingId::of_server(id, places.next().unwrap_or_default());
    for timer in Timer::ALL {
        if let Some(armed) = copy.timers.get_mut(timer) {
            armed.pending = number();
        }
    }
    for write in &mut copy.disk.writes {
        write.pending = number();
    }
    copy
}
