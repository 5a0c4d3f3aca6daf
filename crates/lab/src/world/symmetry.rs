//! Worlds that differ only in the names of servers.
//!
//! Raft does not compare servers: whatever can happen in a world can happen in one in which they
//! have other names, by those names. A search need look at only one of them.

use hustings_raft::{Message, NodeId, NodeMap, NodeSet, Payload};

use super::digest::message_digest;
use super::{Foreseen, Parts, World};
use crate::digest::{ByDigest, digest_of};
use crate::judge::Judge;
use crate::link_map::LinkSet;
use crate::message::InFlight;
use crate::path::Link;
use crate::server::Server;

/// Digests of worlds, equal for those that differ only in the names of servers.
///
/// What a part of a world (a server, a message, what the judge remembers) adds to a digest under
/// each way of naming the servers is computed once for each part that there ever is.
#[derive(Debug)]
pub struct Symmetry {
    /// All ways of naming the servers.
    namings: Vec<NodeMap<NodeId>>,
    servers: Renamed,
    messages: Renamed,
    judges: Renamed,
    /// The digest under each naming: memory.
    sums: Vec<u64>,
}

/// The digests of parts under each naming, by their digests under their own names.
#[derive(Default, Debug)]
struct Renamed {
    places: ByDigest<usize>,
    digests: Vec<u64>,
}

impl Renamed {
    /// Adds the digests of a part to sums.
    fn add_to(
        &mut self,
        sums: &mut [u64],
        part: u64,
        namings: &[NodeMap<NodeId>],
        digest: impl Fn(&NodeMap<NodeId>) -> u64,
    ) {
        let all = &mut self.digests;
        let place = *self.places.entry(part).or_insert_with(|| {
            all.extend(namings.iter().map(digest));
            all.len() - namings.len()
        });
        for (sum, digest) in sums.iter_mut().zip(all.iter().skip(place)) {
            *sum = sum.wrapping_add(*digest);
        }
    }

    fn bytes(&self) -> usize {
        self.digests.capacity() * size_of::<u64>()
            + self.places.capacity() * size_of::<(u64, usize)>()
    }
}

impl Symmetry {
    /// The most servers of which all ways of naming them are tried.
    pub const SERVERS_MAX: usize = 5;

    /// For worlds that come of this one without a change of its members; `None` if its servers
    /// differ in more than what they have done so far, or if there are too many.
    pub fn of(world: &World) -> Option<Self> {
        let ids = world.ids();
        let first = world.servers.first()?;
        let is_alike =
            |server: &Server| server.clock == first.clock && server.renamed(&|it| it).is_some();
        let alike = ids.iter().count() <= Self::SERVERS_MAX
            && world.judge.only_initial_members() == Some(ids)
            && world.servers().all(is_alike)
            && !world
                .in_flight()
                .any(|(_, flight)| names_members(&flight.message));
        alike.then(|| Self {
            namings: namings(ids),
            servers: Renamed::default(),
            messages: Renamed::default(),
            judges: Renamed::default(),
            sums: Vec::new(),
        })
    }

    /// As [`World::digest`], the same for all worlds that differ only in the names of servers:
    /// the least digest under any names.
    pub fn digest(&mut self, world: &mut World) -> u64 {
        // The digests of all parts are known then.
        world.digest();
        self.begin(world);
        for server in &world.servers {
            self.add_server(server, world);
        }
        for pending in world.schedule.pending_messages() {
            if let (Some(flight), Some(part)) = (pending.message(), pending.digest) {
                self.add_message(flight, pending.held, part);
            }
        }
        self.add_judge(&world.judge);
        digest_of(&self.sums.iter().min())
    }

    /// As [`Symmetry::digest`], of what was foreseen of a world.
    pub fn digest_of_foreseen(&mut self, world: &World, foreseen: &Foreseen, parts: &Parts) -> u64 {
        self.begin(world);
        for server in &foreseen.servers {
            self.add_server(server, world);
        }
        for (id, pending) in world.schedule.numbered_messages() {
            if let (Some(flight), Some(part)) = (pending.message(), pending.digest)
                && foreseen.arrived != Some(id)
            {
                self.add_message(flight, pending.held, part);
            }
        }
        for letter in foreseen.sent.iter().filter_map(|it| parts.message(*it)) {
            self.add_message(&letter.flight, false, letter.digest);
        }
        self.add_judge(&foreseen.judge);
        digest_of(&self.sums.iter().min())
    }

    /// Begins with what is not made of parts.
    fn begin(&mut self, world: &World) {
        let (cuts, paused) = (world.cuts, world.schedule.paused());
        self.sums.clear();
        self.sums.extend(self.namings.iter().map(|naming| {
            let by = |id| name(naming, id);
            digest_of(&(renamed_links(cuts, by), renamed_set(paused, by)))
        }));
    }

    fn add_server(&mut self, server: &Server, world: &World) {
        let now = world.now;
        let part = digest_of(&(server.id(), server.known_digest(now)));
        let servers = &mut self.servers;
        servers.add_to(&mut self.sums, part, &self.namings, |naming| {
            let renamed = server.renamed(&|id| name(naming, id));
            // All servers can be renamed.
            renamed.map_or(0, |mut it| digest_of(&(it.id(), it.update_digest(now))))
        });
    }

    fn add_message(&mut self, flight: &InFlight, held: bool, part: u64) {
        let messages = &mut self.messages;
        messages.add_to(&mut self.sums, part, &self.namings, |naming| {
            let link = renamed_link(flight.link, |id| name(naming, id));
            let flight = InFlight {
                link,
                ..flight.clone()
            };
            message_digest(&flight, held)
        });
    }

    fn add_judge(&mut self, judge: &Judge) {
        let judges = &mut self.judges;
        judges.add_to(&mut self.sums, judge.digest(), &self.namings, |naming| {
            judge.renamed_digest(|id| name(naming, id))
        });
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.servers.bytes() + self.messages.bytes() + self.judges.bytes()
    }
}

/// All ways of naming some servers by their own names.
fn namings(ids: NodeSet) -> Vec<NodeMap<NodeId>> {
    let mut all = vec![NodeMap::default()];
    for id in ids.iter() {
        let is_free = |naming: &NodeMap<NodeId>, new| naming.iter().all(|(_, used)| *used != new);
        let with = |naming: NodeMap<NodeId>| {
            let free = ids.iter().filter(|new| is_free(&naming, *new));
            let free: Vec<_> = free.collect();
            free.into_iter().map(move |new| {
                let mut naming = naming.clone();
                naming.insert(id, new);
                naming
            })
        };
        all = all.into_iter().flat_map(with).collect();
    }
    all
}

fn name(naming: &NodeMap<NodeId>, id: NodeId) -> NodeId {
    naming.get(id).copied().unwrap_or(id)
}

fn renamed_link(link: Link, name: impl Fn(NodeId) -> NodeId) -> Link {
    Link {
        from: name(link.from),
        to: name(link.to),
    }
}

fn renamed_set(set: NodeSet, name: impl Fn(NodeId) -> NodeId) -> NodeSet {
    set.iter().map(name).collect()
}

fn renamed_links(links: LinkSet, name: impl Fn(NodeId) -> NodeId) -> LinkSet {
    let mut renamed = LinkSet::default();
    for link in links.iter() {
        renamed.set(renamed_link(link, &name), true);
    }
    renamed
}

/// Whether a message has entries that say who the members are.
fn names_members(message: &Message) -> bool {
    let Message::AppendEntries { entries, .. } = message else {
        return false;
    };
    let mut payloads = entries.iter().map(|entry| &entry.payload);
    payloads.any(|payload| matches!(payload, Payload::Members(_)))
}
