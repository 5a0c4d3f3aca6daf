//! Our core in the tests' cluster.

use crate::cluster::{Ballot, Disk, Happening, Kind, Role, Rules, Server, View};
use hustings_raft::{
    Effect, Entry, Input, Message, Millis, Node, NodeId, NodeSet, Options, Output, Payload,
    Position, ProgressState, Stored, Term, Timer,
};

/// One server of our core, its immediate disk and its clock.
pub struct Ours {
    node: Node,
    now: Millis,
}

impl Ours {
    /// Whether a majority has refused it in the current election. Then tikv's candidate
    /// becomes a follower in the same term; ours waits for its timeout, as in the paper.
    /// There is no further difference, because it can no longer get a majority.
    pub fn is_refused(&self) -> bool {
        let members = self.node.members();
        match self.node.role() {
            hustings_raft::Role::Candidate { votes, .. }
            | hustings_raft::Role::PreCandidate { votes } => {
                members.len() - votes.refused.len() < members.majority()
            }
            _ => false,
        }
    }

    fn step(&mut self, input: Input, sent: &mut Vec<(u64, Message)>) {
        let mut out = Output::default();
        self.node.step(self.now, input, &mut out);
        let written = out.last_write();
        for effect in out.effects {
            if let Effect::Send { to, message, .. } = effect {
                sent.push((to.number().into(), message));
            }
        }
        if let Some(write) = written {
            self.step(Input::WriteDone(write), sent);
        }
    }

    fn restart(&mut self, sent: &mut Vec<(u64, Message)>) {
        let node = &self.node;
        let stored = Stored {
            term: node.term(),
            voted_for: node.voted_for(),
            log: node.log().clone(),
        };
        self.step(Input::Restart(stored), sent);
    }
}

impl Server for Ours {
    type Message = Message;

    fn start(id: u64, size: u64, rules: Rules, disk: &Disk) -> Self {
        let options = Options {
            pre_vote: rules.pre_vote,
            check_quorum: rules.check_quorum,
            ..Options::default()
        };
        let members: NodeSet = (1..=size).map(name).collect();
        let mut ours = Self {
            node: Node::new(name(id), members, options, stored(disk)),
            now: Millis::ZERO,
        };
        ours.step(Input::Start, &mut Vec::new());
        ours
    }

    fn view(&self) -> View {
        let node = &self.node;
        let entries = node.log().iter();
        View {
            role: match node.role() {
                hustings_raft::Role::Follower { .. } => Role::Follower,
                hustings_raft::Role::PreCandidate { .. } => Role::PreCandidate,
                hustings_raft::Role::Candidate { .. } => Role::Candidate,
                hustings_raft::Role::Leader { .. } => Role::Leader,
            },
            term: node.term().0,
            vote: number(node.voted_for()),
            leader: number(node.leader()),
            log: entries
                .map(|(_, entry)| (entry.term.0, command(&entry.payload)))
                .collect(),
        }
    }

    fn commit(&self) -> u64 {
        self.node.commit().0
    }

    fn hears_a_leader(&self) -> bool {
        match self.node.role() {
            hustings_raft::Role::Leader { .. } => true,
            hustings_raft::Role::Follower {
                leader: Some((_, heard_at)),
            } => self.now.since(*heard_at) < self.node.options().election_timeout.min(),
            _ => false,
        }
    }

    fn knows_to_be_level(&self, follower: u64) -> bool {
        match self.node.role() {
            hustings_raft::Role::Leader { progress, .. } => {
                let known = progress.get(name(follower)).expect("a member");
                known.match_index == self.node.log().last_index()
                    && known.state == ProgressState::Replicate
            }
            _ => false,
        }
    }

    fn happen(&mut self, what: &Happening, sent: &mut Vec<(u64, Message)>) {
        let input = match what {
            Happening::ElectionTimeout => Input::Timer(Timer::Election),
            Happening::HeartbeatDue => Input::Timer(Timer::Heartbeat),
            Happening::QuorumCheckDue => Input::Timer(Timer::CheckQuorum),
            Happening::Proposed(command) => Input::Propose(command.as_str().into()),
            Happening::Transfer(target) => Input::Transfer(name(*target)),
            Happening::LeaseOver => {
                self.now = self.now.plus(self.node.options().election_timeout.min());
                return;
            }
            Happening::Restart => return self.restart(sent),
        };
        self.step(input, sent);
    }

    fn receive(&mut self, from: u64, message: Message, sent: &mut Vec<(u64, Message)>) {
        let from = name(from);
        self.step(Input::Message { from, message }, sent);
    }

    fn look(message: &Message) -> (Kind, u64) {
        let term = message.term().0;
        let request = |pre, last: Position| {
            let last = (last.term.0, last.index.0);
            Kind::Ballot(Ballot::Request { pre, term, last })
        };
        let reply = |pre, granted| Kind::Ballot(Ballot::Reply { pre, term, granted });
        let kind = match message {
            Message::RequestVote { last, .. } => request(false, *last),
            Message::PreVote { last, .. } => request(true, *last),
            Message::RequestVoteReply { granted, .. } => reply(false, *granted),
            Message::PreVoteReply { granted, .. } => reply(true, *granted),
            Message::AppendEntries { .. } => Kind::Append,
            Message::AppendEntriesReply { .. } => Kind::AppendReply,
            Message::TimeoutNow { .. } => Kind::TimeoutNow,
        };
        (kind, term)
    }
}

fn name(id: u64) -> NodeId {
    let number = u8::try_from(id).expect("a small number");
    NodeId::new(number).expect("1 to 9")
}

fn number(id: Option<NodeId>) -> u64 {
    id.map_or(0, |id| id.number().into())
}

fn command(payload: &Payload) -> String {
    match payload {
        Payload::Command(text) => text.to_string(),
        _ => String::new(),
    }
}

fn stored(disk: &Disk) -> Stored {
    let entries = disk.log.iter().map(|(term, text)| Entry {
        term: Term(*term),
        payload: match text.as_str() {
            "" => Payload::Noop,
            text => Payload::Command(text.into()),
        },
    });
    Stored {
        term: Term(disk.term),
        voted_for: (disk.vote != 0).then(|| name(disk.vote)),
        log: entries.collect(),
    }
}
