//! Worlds, used as a search uses them: copied, stepped without reasons, and asked for
//! their digests.

use std::hint::black_box;

use hustings_lab::{Done, Header, InitialState, NoTime, PendingId, World};
use hustings_raft::{Input, LogIndex, NodeId, RoleName, Term, Timer};

/// The number of entries in each log.
const ENTRIES: usize = 100;

/// The message that is delivered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// A heartbeat, which the follower answers.
    Heartbeat,
    /// An entry, which the follower writes before it answers.
    Entry,
    /// The first acknowledgement of an entry, which commits nothing yet.
    Acknowledgement,
}

impl Delivery {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Heartbeat, Self::Entry, Self::Acknowledgement];

    /// What a table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heartbeat => "a heartbeat",
            Self::Entry => "an entry",
            Self::Acknowledgement => "an acknowledgement",
        }
    }
}

/// A cluster with a leader and logs of 100 entries, in which a message is on its way, and
/// copies of it in which the message has been delivered.
#[derive(Debug)]
pub struct Worlds {
    world: World,
    message: PendingId,
    done: Done,
    delivered: Vec<World>,
}

impl Worlds {
    /// A cluster of this many servers; `None` if none of them comes to lead.
    pub fn new(servers: u8, delivery: Delivery) -> Option<Self> {
        let (mut world, _) = World::new(&header(servers));
        let mut done = Done::without_reasons();
        for server in world.ids().iter() {
            world.step(server, Input::Start, &mut NoTime, &mut done)?;
        }
        let leader = NodeId::new(1)?;
        world.fire(leader, Timer::Election, &mut NoTime, &mut done)?;
        settle(&mut world, &mut done);
        let leads = world.server(leader)?.role() == Some(RoleName::Leader);
        leads.then_some(())?;
        if delivery == Delivery::Heartbeat {
            world.fire(leader, Timer::Heartbeat, &mut NoTime, &mut done)?;
        } else {
            let request = Input::Propose("x=1".into());
            world.step(leader, request, &mut NoTime, &mut done)?;
        }
        if delivery == Delivery::Acknowledgement {
            let (message, to) = first_message(&world)?;
            world.deliver(message, &mut NoTime, &mut done)?;
            while let Some((message, _)) = first_message(&world) {
                world.take(message)?;
            }
            world.finish_write(to, &mut NoTime, &mut done)?;
        }
        // A search has asked every world for its digest before it goes on from it.
        world.digest();
        Some(Self {
            message: first_message(&world)?.0,
            world,
            done,
            delivered: Vec::new(),
        })
    }

    /// Makes copies, one after the other.
    pub fn copy(&self, times: u32) {
        for _ in 0..times {
            black_box(self.world.clone());
        }
    }

    /// Makes copies, and delivers the message in each.
    pub fn copy_and_deliver(&mut self, times: u32) {
        for _ in 0..times {
            let mut copy = self.world.clone();
            copy.deliver(self.message, &mut NoTime, &mut self.done);
            black_box(copy);
        }
    }

    /// Prepares copies in which the message has been delivered.
    pub fn prepare(&mut self, times: u32) {
        self.delivered.clear();
        for _ in 0..times {
            let mut copy = self.world.clone();
            copy.deliver(self.message, &mut NoTime, &mut self.done);
            self.delivered.push(copy);
        }
    }

    /// Asks each copy prepared for its digest.
    pub fn digest(&mut self) {
        for world in &mut self.delivered {
            black_box(world.digest());
        }
    }
}

fn header(servers: u8) -> Header {
    let initial = InitialState {
        log: vec![Term(1); ENTRIES],
        commit: LogIndex::ZERO.plus(ENTRIES),
        ..InitialState::default()
    };
    let ids = NodeId::first(servers);
    Header {
        cluster: servers,
        initial: Box::new(ids.map(|id| (id, initial.clone())).collect()),
        ..Header::default()
    }
}

fn first_message(world: &World) -> Option<(PendingId, NodeId)> {
    let (id, flight) = world.in_flight().next()?;
    Some((id, flight.link.to))
}

/// Has all writes become durable and all messages arrive.
fn settle(world: &mut World, done: &mut Done) {
    loop {
        let writes = |id: &NodeId| world.server(*id).is_some_and(|it| it.pending_writes() > 0);
        if let Some(id) = world.ids().iter().find(writes) {
            world.finish_write(id, &mut NoTime, done);
        } else if let Some((message, _)) = first_message(world) {
            world.deliver(message, &mut NoTime, done);
        } else {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_delivered_makes_another_world() {
        for delivery in Delivery::ALL {
            let mut worlds = Worlds::new(5, delivery).unwrap();
            worlds.prepare(2);
            let mut one = worlds.delivered[0].clone();
            assert_eq!(one, worlds.delivered[1]);
            assert_ne!(one.digest(), worlds.world.digest(), "{delivery:?}");
        }
    }
}
