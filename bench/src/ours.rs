//! Five servers of Hustings' core.

use std::collections::VecDeque;
use std::sync::Arc;

use hustings_raft::{
    Effect, Input, Message, Millis, Node, NodeId, NodeSet, Options, Output, Stored, Timer,
};

use crate::{COMMAND, Cluster, SERVERS};

/// A cluster that collects reasons.
pub type WithReasons = Ours<true>;

/// A cluster that does not.
pub type WithoutReasons = Ours<false>;

/// Five servers of Hustings' core, their disks, the messages between them, and the output
/// buffer of their steps.
pub struct Ours<const REASONS: bool> {
    servers: Vec<(Node, Stored)>,
    queue: VecDeque<(NodeId, NodeId, Message)>,
    out: Output,
    command: Arc<str>,
}

impl<const REASONS: bool> Ours<REASONS> {
    fn step(&mut self, id: NodeId, input: Input) {
        let Some((node, disk)) = self.servers.get_mut(usize::from(id.number()) - 1) else {
            return;
        };
        // The effects have been taken out already.
        self.out.reasons.clear();
        node.step(Millis::ZERO, input, &mut self.out);
        let mut written = None;
        for effect in self.out.effects.drain(..) {
            match effect {
                Effect::Send { to, message, .. } => self.queue.push_back((id, to, message)),
                Effect::Persist(write) => {
                    disk.apply(&write);
                    written = Some(write.id);
                }
                _ => {}
            }
        }
        if let Some(write) = written {
            self.step(id, Input::WriteDone(write));
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
            let (options, empty) = (Options::default(), Stored::default());
            (Node::new(id, members, options, empty.clone()), empty)
        };
        let mut cluster = Self {
            servers: NodeId::first(SERVERS).map(node).collect(),
            queue: VecDeque::new(),
            out: if REASONS {
                Output::default()
            } else {
                Output::without_reasons()
            },
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
        while let Some((from, to, message)) = self.queue.pop_front() {
            self.step(to, Input::Message { from, message });
            delivered += 1;
        }
        delivered
    }

    fn commit(&self) -> u64 {
        let first = self.servers.first();
        first.map_or(0, |(node, _)| node.commit().0)
    }
}
