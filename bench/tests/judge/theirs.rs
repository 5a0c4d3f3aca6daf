//! tikv's core in the tests' cluster.

use crate::cluster::{Ballot, Disk, Happening, Kind, Role, Rules, Server, View};
use raft::eraftpb::{ConfState, Entry, Message, MessageType};
use raft::storage::MemStorage;
use raft::{Config, ProgressState, RawNode, StateRole, Storage as _};

/// One server of tikv's core, with its disk in memory.
pub struct Theirs {
    node: RawNode<MemStorage>,
    config: Config,
}

impl Theirs {
    fn local(&mut self, kind: MessageType) {
        let mut message = Message {
            from: self.config.id,
            ..Message::default()
        };
        message.set_msg_type(kind);
        self.node.raft.step(message).expect("a local message");
    }

    /// Writes to the disk, and returns the messages to send.
    fn settle(&mut self, sent: &mut Vec<(u64, Message)>) {
        let mut post = |messages: Vec<Message>| {
            // tikv adds commit indexes to votes, an extension of the paper; older versions
            // leave these fields empty.
            sent.extend(messages.into_iter().map(|mut message| {
                if is_ballot(message.get_msg_type()) {
                    message.commit = 0;
                    message.commit_term = 0;
                }
                (message.to, message)
            }));
        };
        while self.node.has_ready() {
            let mut ready = self.node.ready();
            post(ready.take_messages());
            let store = self.node.store().clone();
            let entries = ready.take_entries();
            store.wl().append(&entries).expect("entries that follow");
            if let Some(state) = ready.hs() {
                store.wl().set_hardstate(state.clone());
            }
            post(ready.take_persisted_messages());
            let mut light = self.node.advance(ready);
            post(light.take_messages());
            self.node.advance_apply();
        }
    }

    /// tikv stores the commit index; in the paper (Figure 2) it is volatile, so a crash
    /// resets it here.
    fn restart(&mut self) {
        let store = self.node.store().clone();
        store.wl().mut_hard_state().commit = 0;
        self.node = node(&self.config, store);
    }
}

impl Server for Theirs {
    type Message = Message;

    fn start(id: u64, size: u64, rules: Rules, disk: &Disk) -> Self {
        let config = Config {
            id,
            max_size_per_msg: raft::NO_LIMIT,
            pre_vote: rules.pre_vote,
            check_quorum: rules.check_quorum,
            ..Config::default()
        };
        let members: Vec<u64> = (1..=size).collect();
        let store = MemStorage::new_with_conf_state(ConfState::from((members, Vec::new())));
        {
            let mut core = store.wl();
            core.append(&entries(disk)).expect("entries that follow");
            core.mut_hard_state().term = disk.term;
            core.mut_hard_state().vote = disk.vote;
        }
        Self {
            node: node(&config, store),
            config,
        }
    }

    fn view(&self) -> View {
        let raft = &self.node.raft;
        let entries = raft.raft_log.all_entries();
        View {
            role: match raft.state {
                StateRole::Follower => Role::Follower,
                StateRole::PreCandidate => Role::PreCandidate,
                StateRole::Candidate => Role::Candidate,
                StateRole::Leader => Role::Leader,
            },
            term: raft.term,
            vote: raft.vote,
            leader: raft.leader_id,
            log: entries
                .iter()
                .map(|entry| (entry.term, String::from_utf8_lossy(&entry.data).into()))
                .collect(),
        }
    }

    fn commit(&self) -> u64 {
        self.node.raft.raft_log.committed
    }

    fn hears_a_leader(&self) -> bool {
        let raft = &self.node.raft;
        raft.leader_id != 0 && raft.election_elapsed < raft.election_timeout()
    }

    fn knows_to_be_level(&self, follower: u64) -> bool {
        let raft = &self.node.raft;
        let known = raft.prs().get(follower).expect("a member");
        let level = known.matched == raft.raft_log.last_index();
        level && known.state == ProgressState::Replicate
    }

    fn happen(&mut self, what: &Happening, sent: &mut Vec<(u64, Message)>) {
        let leads = self.node.raft.state == StateRole::Leader;
        match what {
            Happening::ElectionTimeout => self.node.campaign().expect("a local message"),
            Happening::HeartbeatDue => self.local(MessageType::MsgBeat),
            Happening::QuorumCheckDue => self.local(MessageType::MsgCheckQuorum),
            // A follower of tikv's forwards proposals to the leader, ours redirects the
            // client. The clients of these tests only send them to leaders.
            Happening::Proposed(command) if leads => {
                let proposed = self.node.propose(Vec::new(), command.clone().into());
                proposed.expect("a leader takes proposals");
            }
            Happening::Transfer(target) if leads => self.node.transfer_leader(*target),
            Happening::Proposed(_) | Happening::Transfer(_) => {}
            // A leader's tick restarts the timeout when it has elapsed.
            Happening::LeaseOver if leads => {}
            Happening::LeaseOver => {
                let timeout = self.node.raft.election_timeout();
                self.node.raft.election_elapsed += timeout;
            }
            Happening::Restart => self.restart(),
        }
        self.settle(sent);
    }

    fn receive(&mut self, _from: u64, message: Message, sent: &mut Vec<(u64, Message)>) {
        self.node.step(message).expect("a member's message");
        self.settle(sent);
    }

    fn look(message: &Message) -> (Kind, u64) {
        let term = message.term;
        let request = |pre| {
            let last = (message.log_term, message.index);
            Kind::Ballot(Ballot::Request { pre, term, last })
        };
        let granted = !message.reject;
        let reply = |pre| Kind::Ballot(Ballot::Reply { pre, term, granted });
        let kind = match message.get_msg_type() {
            MessageType::MsgRequestVote => request(false),
            MessageType::MsgRequestPreVote => request(true),
            MessageType::MsgRequestVoteResponse => reply(false),
            MessageType::MsgRequestPreVoteResponse => reply(true),
            MessageType::MsgAppend | MessageType::MsgHeartbeat => Kind::Append,
            MessageType::MsgAppendResponse | MessageType::MsgHeartbeatResponse => Kind::AppendReply,
            MessageType::MsgTimeoutNow => Kind::TimeoutNow,
            other => panic!("the judge's schedules send no {other:?}"),
        };
        (kind, term)
    }
}

fn is_ballot(kind: MessageType) -> bool {
    matches!(
        kind,
        MessageType::MsgRequestVote
            | MessageType::MsgRequestPreVote
            | MessageType::MsgRequestVoteResponse
            | MessageType::MsgRequestPreVoteResponse
    )
}

fn node(config: &Config, store: MemStorage) -> RawNode<MemStorage> {
    let silent = slog::Logger::root(slog::Discard, slog::o!());
    let state = store.initial_state().expect("a state");
    assert!(!state.conf_state.voters.is_empty());
    RawNode::new(config, store, &silent).expect("a sound configuration")
}

fn entries(disk: &Disk) -> Vec<Entry> {
    let log = (1..).zip(&disk.log);
    log.map(|(index, (term, text))| Entry {
        index,
        term: *term,
        data: text.clone().into_bytes().into(),
        ..Entry::default()
    })
    .collect()
}
