//! A cluster of one of the two cores: servers, and links that keep their order.

use std::collections::VecDeque;
use std::fmt::Debug;

/// A role, for both cores.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}

/// The state of a server, for both cores. Servers are numbered from 1; 0 is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    pub role: Role,
    pub term: u64,
    pub vote: u64,
    pub leader: u64,
    /// The term and the command of every entry; a leader's first entry has no command.
    pub log: Vec<(u64, String)>,
}

/// A message of elections, which both cores send equally.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ballot {
    Request {
        pre: bool,
        term: u64,
        last: (u64, u64),
    },
    Reply {
        pre: bool,
        term: u64,
        granted: bool,
    },
}

/// The part of a message that the network inspects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Ballot(Ballot),
    /// A leader's request, with or without entries.
    Append,
    /// The reply to it.
    AppendReply,
    TimeoutNow,
}

/// The options of the clusters.
#[derive(Clone, Copy, Default, Debug)]
pub struct Rules {
    pub pre_vote: bool,
    pub check_quorum: bool,
}

/// An event of one server other than a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Happening {
    ElectionTimeout,
    HeartbeatDue,
    QuorumCheckDue,
    Proposed(String),
    Transfer(u64),
    /// An election timeout passes without messages.
    LeaseOver,
    Restart,
}

/// The content of a disk: term, vote and log.
#[derive(Clone, Default, Debug)]
pub struct Disk {
    pub term: u64,
    pub vote: u64,
    pub log: Vec<(u64, String)>,
}

/// One server of either core.
pub trait Server {
    type Message: Clone + Debug;

    fn start(id: u64, size: u64, rules: Rules, disk: &Disk) -> Self;
    fn view(&self) -> View;
    fn commit(&self) -> u64;
    /// Whether it has heard from a leader within the minimum election timeout.
    fn hears_a_leader(&self) -> bool;
    /// For a leader: whether it knows that this follower has its whole log.
    fn knows_to_be_level(&self, follower: u64) -> bool;
    fn happen(&mut self, what: &Happening, sent: &mut Vec<(u64, Self::Message)>);
    fn receive(&mut self, from: u64, message: Self::Message, sent: &mut Vec<(u64, Self::Message)>);
    fn look(message: &Self::Message) -> (Kind, u64);
}

/// Servers and the messages between them.
pub struct Cluster<S: Server> {
    rules: Rules,
    servers: Vec<S>,
    links: Vec<Vec<VecDeque<S::Message>>>,
}

impl<S: Server> Cluster<S> {
    pub fn new(disks: &[Disk], rules: Rules) -> Self {
        let size = disks.len();
        let servers = (1..).zip(disks);
        Self {
            rules,
            servers: servers
                .map(|(id, disk)| S::start(id, size as u64, rules, disk))
                .collect(),
            links: vec![vec![VecDeque::new(); size]; size],
        }
    }

    pub fn server(&self, id: u64) -> &S {
        &self.servers[slot(id)]
    }

    pub fn views(&self) -> Vec<View> {
        self.servers.iter().map(S::view).collect()
    }

    pub fn happen(&mut self, id: u64, what: &Happening) {
        let mut sent = Vec::new();
        self.servers[slot(id)].happen(what, &mut sent);
        self.post(id, sent);
    }

    fn post(&mut self, from: u64, sent: Vec<(u64, S::Message)>) {
        for (to, message) in sent {
            self.links[slot(from)][slot(to)].push_back(message);
        }
    }

    fn link(&mut self, from: u64, to: u64) -> &mut VecDeque<S::Message> {
        &mut self.links[slot(from)][slot(to)]
    }

    /// The election messages on a link, in order.
    pub fn ballots(&self, from: u64, to: u64) -> Vec<Ballot> {
        let link = &self.links[slot(from)][slot(to)];
        let kinds = link.iter().map(|message| S::look(message).0);
        kinds
            .filter_map(|kind| match kind {
                Kind::Ballot(ballot) => Some(ballot),
                _ => None,
            })
            .collect()
    }

    /// Whether a link carries requests of a leader.
    pub fn carries_appends(&self, from: u64, to: u64) -> bool {
        let link = &self.links[slot(from)][slot(to)];
        link.iter()
            .any(|message| S::look(message).0 == Kind::Append)
    }

    /// The network loses messages.
    pub fn lose(&mut self, from: u64, to: u64, which: impl Fn(&Kind) -> bool) {
        self.link(from, to)
            .retain(|message| !which(&S::look(message).0));
    }

    /// The messages on a link, which stay in flight.
    pub fn copies(&self, from: u64, to: u64) -> Vec<S::Message> {
        let link = &self.links[slot(from)][slot(to)];
        link.iter().cloned().collect()
    }

    /// Delivers all messages on a link in order; returns their number.
    pub fn deliver(&mut self, from: u64, to: u64) -> usize {
        let messages: Vec<_> = self.link(from, to).drain(..).collect();
        let count = messages.len();
        for message in messages {
            self.arrive(from, to, message);
        }
        count
    }

    /// Delivers one election message, out of order.
    pub fn deliver_ballot(&mut self, from: u64, to: u64, nth: usize) {
        let link = self.link(from, to);
        let is_ballot = |message: &S::Message| matches!(S::look(message).0, Kind::Ballot(_));
        let place = (0..link.len()).filter(|at| is_ballot(&link[*at])).nth(nth);
        if let Some(message) = place.and_then(|at| link.remove(at)) {
            self.arrive(from, to, message);
        }
    }

    pub fn arrive(&mut self, from: u64, to: u64, message: S::Message) {
        if self.rules_differ(from, to, &message) {
            return;
        }
        self.arrive_whatever_the_rules(from, to, message);
    }

    pub fn arrive_whatever_the_rules(&mut self, from: u64, to: u64, message: S::Message) {
        let mut sent = Vec::new();
        self.servers[slot(to)].receive(from, message, &mut sent);
        self.post(to, sent);
    }

    /// Whether the rules of the cores differ about this message, so that the network must
    /// lose it. Each case has a test in `differences`.
    fn rules_differ(&self, from: u64, to: u64, message: &S::Message) -> bool {
        let receiver = &self.servers[slot(to)];
        let view = receiver.view();
        let (kind, term) = S::look(message);
        match kind {
            // In the paper, requests of an older term are refused. tikv refuses only
            // those of leaders, and only with pre-vote or check-quorum.
            Kind::Ballot(Ballot::Request { pre: false, .. }) if term < view.term => true,
            Kind::TimeoutNow if term < view.term => true,
            Kind::Append if term < view.term => !(self.rules.pre_vote || self.rules.check_quorum),
            // tikv does not vote in a term whose leader it knows; in the paper, only an
            // earlier vote prevents it. And our pre-candidate becomes a follower when it
            // votes in its own term; tikv's continues its pre-vote.
            Kind::Ballot(Ballot::Request { pre: false, .. }) => {
                let free = view.vote == 0 || view.vote == from;
                let unsure = view.leader != 0 || self.rules.pre_vote;
                term == view.term && free && unsure
            }
            // In the dissertation, a pre-vote is refused while a leader is heard from.
            // tikv has no such rule without check-quorum, and does not reply with it; and
            // it knows a leader for longer than it hears from it.
            Kind::Ballot(Ballot::Request { pre: true, .. }) => {
                let unsure = view.leader != 0 && view.vote == 0 && term == view.term;
                view.role == Role::Leader || receiver.hears_a_leader() || unsure
            }
            // A refused pre-vote carries the voter's own term. tikv drops it if that
            // is an older one; ours counts it.
            Kind::Ballot(Ballot::Reply {
                pre: true,
                granted: false,
                ..
            }) => term < view.term,
            _ => false,
        }
    }
}

fn slot(id: u64) -> usize {
    usize::try_from(id).expect("a small number") - 1
}
