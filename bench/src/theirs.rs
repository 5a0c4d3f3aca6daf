//! Five servers of tikv's core.

use std::collections::VecDeque;

use raft::eraftpb::{ConfState, Entry, HardState, Message, MessageType};
use raft::storage::MemStorage;
use raft::{Config, Raft};

use crate::{COMMAND, Cluster, SERVERS};

/// Five servers of tikv's core and the messages between them.
///
/// It drives `Raft` instead of `RawNode`, which is slower because of a `Ready` in every
/// step. Messages are moved, not copied; nothing is logged.
pub struct Theirs {
    servers: Vec<Server>,
    queue: VecDeque<Message>,
    command: bytes::Bytes,
}

struct Server {
    raft: Raft<MemStorage>,
    /// A handle of the storage in `raft`.
    store: MemStorage,
    /// The stored term and vote.
    stored: (u64, u64),
}

impl Server {
    fn new(id: u64) -> Self {
        let config = Config {
            id,
            max_size_per_msg: 1 << 20,
            // As in our core, a follower learns a commit index with the next message;
            // otherwise there would be twice as many messages per entry.
            skip_bcast_commit: true,
            ..Config::default()
        };
        let members: Vec<u64> = (1..=SERVERS.into()).collect();
        let store = MemStorage::new_with_conf_state(ConfState::from((members, Vec::new())));
        let silent = slog::Logger::root(slog::Discard, slog::o!());
        let raft = Raft::new(&config, store.clone(), &silent);
        Self {
            raft: raft.expect("a sound configuration"),
            store,
            stored: (0, 0),
        }
    }

    fn step(&mut self, message: Message, queue: &mut VecDeque<Message>) {
        // It only fails for proposals to other servers than the leader.
        self.raft.step(message).expect("a message that is taken");
        self.persist();
        queue.extend(self.raft.msgs.drain(..));
    }

    /// Writes to the disk, which is immediate.
    fn persist(&mut self) {
        let raft = &mut self.raft;
        if self.stored != (raft.term, raft.vote) {
            self.stored = (raft.term, raft.vote);
            let state = HardState {
                term: raft.term,
                vote: raft.vote,
                commit: raft.raft_log.committed,
                ..HardState::default()
            };
            self.store.wl().set_hardstate(state);
        }
        let unstable = raft.raft_log.unstable_entries();
        if let Some(last) = unstable.last() {
            let (index, term) = (last.index, last.term);
            let appended = self.store.wl().append(unstable);
            appended.expect("entries that follow");
            raft.raft_log.stable_entries(index, term);
            raft.on_persist_entries(index, term);
        }
        let committed = raft.raft_log.committed;
        if committed > raft.raft_log.applied {
            raft.commit_apply(committed);
        }
    }
}

impl Theirs {
    fn step_first(&mut self, kind: MessageType, entries: Vec<Entry>) {
        let mut message = Message {
            from: 1,
            entries: entries.into(),
            ..Message::default()
        };
        message.set_msg_type(kind);
        if let Some(first) = self.servers.first_mut() {
            first.step(message, &mut self.queue);
        }
    }
}

impl Cluster for Theirs {
    fn cold() -> Self {
        Self {
            servers: (1..=SERVERS.into()).map(Server::new).collect(),
            // With its capacity from the start, as ours, it is slower: messages are large.
            queue: VecDeque::new(),
            command: COMMAND.as_bytes().into(),
        }
    }

    fn time_out(&mut self) {
        self.step_first(MessageType::MsgHup, Vec::new());
    }

    fn beat(&mut self) {
        self.step_first(MessageType::MsgBeat, Vec::new());
    }

    fn propose(&mut self) {
        let entry = Entry {
            data: self.command.clone(),
            ..Entry::default()
        };
        self.step_first(MessageType::MsgPropose, vec![entry]);
    }

    fn deliver_all(&mut self) -> u64 {
        let mut delivered = 0;
        while let Some(message) = self.queue.pop_front() {
            let to = usize::try_from(message.to).unwrap_or_default();
            if let Some(server) = self.servers.get_mut(to.wrapping_sub(1)) {
                server.step(message, &mut self.queue);
            }
            delivered += 1;
        }
        delivered
    }

    fn commit(&self) -> u64 {
        let first = self.servers.first();
        first.map_or(0, |server| server.raft.raft_log.committed)
    }
}
