//! The random draws of a run.

use std::rc::Rc;

use hustings_raft::{Message, Millis, MillisRange, NodeId, Timer};

use super::random::{RandomDraw, RandomStream};
use crate::header::{Header, Percent};
use crate::intern::InternCache;
use crate::link_map::LinkMap;
use crate::path::Link;
use crate::server::TimerMap;
use crate::world::{Chance, Travel};

/// What a run draws from its seed. Each draw depends on the seed, its stream and the
/// number of draws of that stream before, which are counted here.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    seed: u64,
    loss: Percent,
    duplicate: Percent,
    servers: [ServerDraws; NodeId::MAX as usize],
    /// The number of messages sent on each link.
    sent: LinkMap<u32>,
    recent: InternCache<Rc<Message>>,
}

/// The numbers of draws of a server: one for each timer started and each write.
#[derive(Clone, Copy, Default, Debug)]
struct ServerDraws {
    timers: TimerMap<u32>,
    writes: u32,
}

impl Draws {
    pub(super) fn of(header: &Header) -> Self {
        Self {
            seed: header.seed,
            loss: header.loss,
            duplicate: header.duplicate,
            servers: Default::default(),
            sent: LinkMap::default(),
            recent: InternCache::default(),
        }
    }

    /// Draws from another seed from now on.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.seed = seed;
    }

    fn of_server(&mut self, id: NodeId) -> Option<&mut ServerDraws> {
        self.servers.get_mut(usize::from(id.number()) - 1)
    }

    fn draw(&self, stream: RandomStream, count: u64) -> RandomDraw {
        RandomDraw::new(self.seed, stream, count)
    }
}

fn take_count(count: &mut u32) -> u64 {
    let before = *count;
    // A run ends long before this many draws.
    *count = before.wrapping_add(1);
    before.into()
}

impl Chance for Draws {
    fn timer(&mut self, server: NodeId, timer: Timer, range: MillisRange) -> Millis {
        let counts = self.of_server(server);
        let count = counts.map_or(0, |counts| take_count(counts.timers.get_mut(timer)));
        self.draw(RandomStream::Timer(server, timer), count)
            .duration(range)
    }

    fn write(&mut self, server: NodeId, range: MillisRange) -> Millis {
        let counts = self.of_server(server);
        let count = counts.map_or(0, |counts| take_count(&mut counts.writes));
        self.draw(RandomStream::Disk(server), count).duration(range)
    }

    fn travel(&mut self, link: Link, range: MillisRange) -> Travel {
        let count = self.sent.get(link);
        self.sent.set(link, count.wrapping_add(1));
        let draw = |stream| self.draw(stream, count.into());
        // What never happens need not be drawn: no draw depends on another.
        let happens = |stream, chance| chance > Percent::ZERO && draw(stream).chance(chance);
        let twice = happens(RandomStream::Duplicate(link), self.duplicate);
        Travel {
            latency: draw(RandomStream::Latency(link)).duration(range),
            lost: happens(RandomStream::Loss(link), self.loss),
            copy: twice.then(|| draw(RandomStream::CopyLatency(link)).duration(range)),
        }
    }

    fn share(&mut self, message: Message) -> Rc<Message> {
        self.recent.intern(message)
    }
}
