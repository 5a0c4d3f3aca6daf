//! Five servers of Hustings' core.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use hustings_raft::{
    Effect, Input, Message, Millis, Node, NodeId, NodeSet, Options, Output, Stored, Term, Timer,
    WriteId,
};

use crate::{COMMAND, Cluster, SERVERS};

/// The capacity of each list of a new cluster: more than it ever holds.
const CAPACITY: usize = 32;

/// A cluster that collects reasons.
pub type WithReasons = Ours<true>;

/// A cluster that does not.
pub type WithoutReasons = Ours<false>;

/// Five servers of Hustings' core, their disks, the messages between them, and the output
/// buffer of their steps.
pub struct Ours<const REASONS: bool> {
    servers: Vec<Server>,
    queue: VecDeque<Sent>,
    out: Output,
    command: Arc<str>,
}

/// A message on its way.
struct Sent {
    from: NodeId,
    to: NodeId,
    message: Message,
}

struct Server {
    node: Node,
    disk: Stored,
}

impl Server {
    #[inline]
    fn step(&mut self, input: Input, out: &mut Output) {
        // The effects have been taken out already.
        out.reasons.clear();
        self.node.step(Millis::ZERO, input, out);
    }

    /// Does what the last step asks for; returns the last write.
    #[inline]
    fn carry_out(&mut self, out: &mut Output, queue: &mut VecDeque<Sent>) -> Option<WriteId> {
        let mut written = None;
        for effect in &mut out.effects {
            match effect {
                Effect::Send { to, message, .. } => {
                    // Effects are large: matched by value, each would be copied twice.
                    let to = *to;
                    let nothing = Message::TimeoutNow { term: Term::ZERO };
                    let message = mem::replace(message, nothing);
                    let from = self.node.id();
                    queue.push_back(Sent { from, to, message });
                }
                Effect::Persist(write) => {
                    self.disk.apply(write);
                    written = Some(write.id);
                }
                _ => {}
            }
        }
        out.effects.clear();
        written
    }
}

impl<const REASONS: bool> Ours<REASONS> {
    #[inline]
    fn step(&mut self, id: NodeId, input: Input) {
        let Some(server) = self.servers.get_mut(usize::from(id.number()) - 1) else {
            return;
        };
        server.step(input, &mut self.out);
        while let Some(write) = server.carry_out(&mut self.out, &mut self.queue) {
            server.step(Input::WriteDone(write), &mut self.out);
        }
    }

    fn step_first(&mut self, input: Input) {
        if let Some(id) = NodeId::first(1).next() {
            self.step(id, input);
        }
    }
}

impl<const REASONS: bool> Cluster for Ours<REASONS> {
    fn cold() -> Self {
        let members = NodeSet::first(SERVERS);
        let node = |id| {
            let node = Node::new(id, members, Options::default(), Stored::default());
            let disk = Stored::default();
            Server { node, disk }
        };
        let mut out = if REASONS {
            Output::default()
        } else {
            Output::without_reasons()
        };
        out.effects.reserve(CAPACITY);
        out.reasons.reserve(CAPACITY);
        let mut cluster = Self {
            servers: NodeId::first(SERVERS).map(node).collect(),
            queue: VecDeque::with_capacity(CAPACITY),
            out,
            command: COMMAND.into(),
        };
        for id in NodeId::first(SERVERS) {
            cluster.step(id, Input::Start);
        }
        cluster
    }

    fn time_out(&mut self) {
        self.step_first(Input::Timer(Timer::Election));
    }

    fn beat(&mut self) {
        self.step_first(Input::Timer(Timer::Heartbeat));
    }

    fn propose(&mut self) {
        self.step_first(Input::Propose(self.command.clone()));
    }

    fn deliver_all(&mut self) -> u64 {
        let mut delivered = 0;
        while let Some(Sent { from, to, message }) = self.queue.pop_front() {
            self.step(to, Input::Message { from, message });
            delivered += 1;
        }
        delivered
    }

    fn commit(&self) -> u64 {
        let first = self.servers.first();
        first.map_or(0, |server| server.node.commit().0)
    }
}
