//! Figures 6, 7 and 8 of the paper, in full.

mod support;

use std::collections::VecDeque;

use hustings_raft::{
    Effect, Input, LogIndex, Message, Millis, Node, NodeId, NodeSet, Options, Output, RoleName,
    Stored, Term, Timer,
};
use support::{Bench, at, entry, id};

/// Where a log with entries of these terms ends.
fn end(log: &[u64]) -> hustings_raft::Position {
    at(log.len() as u64, log.last().copied().unwrap_or_default())
}

/// Which of the servers with these logs would vote for the one with `candidate`,
/// in a term that is new to all, each in a fresh cluster.
fn granted_by(logs: &[&[u64]], candidate: &[u64]) -> Vec<usize> {
    let votes = |log: &[u64]| {
        let mut voter = Bench::with(9, 8, None, log);
        let step = voter.vote_request(9, 9, end(candidate));
        step.reply().is_positive() == Some(true)
    };
    let places = logs.iter().enumerate();
    places
        .filter(|(_, log)| votes(log))
        .map(|(place, _)| place)
        .collect()
}

const FIGURE_6: [&[u64]; 5] = [
    &[1, 1, 1, 2, 3, 3, 3, 3],
    &[1, 1, 1, 2, 3],
    &[1, 1, 1, 2, 3, 3, 3, 3],
    &[1, 1],
    &[1, 1, 1, 2, 3, 3, 3],
];

/// Index 7 is committed: just the servers that hold it can win.
#[test]
fn figure_6_who_can_win() {
    let votes = FIGURE_6.map(|log| granted_by(&FIGURE_6, log).len());
    assert_eq!(votes, [5, 2, 5, 1, 3]);
    let can_win = votes.map(|votes| votes >= 3);
    assert_eq!(can_win, FIGURE_6.map(|log| log.len() >= 7));
}

const L: &[u64] = &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6];

/// L, a, b, c, d, e, f.
const FIGURE_7: [&[u64]; 7] = [
    L,
    &[1, 1, 1, 4, 4, 5, 5, 6, 6],
    &[1, 1, 1, 4],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    &[1, 1, 1, 4, 4, 4, 4],
    &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

#[test]
fn figure_7_who_votes_for_whom() {
    let granted = FIGURE_7.map(|log| {
        let voters = granted_by(&FIGURE_7, log);
        let names: String = voters
            .iter()
            .map(|place| b"Labcdef"[*place] as char)
            .collect();
        names
    });
    assert_eq!(
        granted,
        ["Labef", "abef", "bf", "Labcef", "Labcdef", "bef", "f"]
    );
    let can_win = granted.map(|voters| voters.len() >= 4);
    assert_eq!(can_win, [true, true, false, true, true, false, false]);
}

/// Servers in memory, whose messages arrive in order and whose disks are
/// immediate.
struct Cluster {
    nodes: Vec<Node>,
    flights: VecDeque<(NodeId, NodeId, Message)>,
}

impl Cluster {
    fn new(servers: &[(u64, &[u64])], no_op: bool) -> Self {
        let members = NodeSet::first(servers.len() as u8);
        let options = Options {
            no_op,
            ..Options::default()
        };
        let nodes = members.iter().zip(servers).map(|(id, (term, log))| {
            let stored = Stored {
                term: Term(*term),
                voted_for: None,
                log: log.iter().map(|term| entry(*term)).collect(),
            };
            Node::new(id, members, options, stored)
        });
        Self {
            nodes: nodes.collect(),
            flights: VecDeque::new(),
        }
    }

    fn node(&self, number: u8) -> &Node {
        &self.nodes[usize::from(number) - 1]
    }

    fn step(&mut self, server: NodeId, input: Input) {
        let node = &mut self.nodes[usize::from(server.number()) - 1];
        let mut out = Output::default();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            out.clear();
            node.step(Millis(0), input, &mut out);
            inputs.extend(out.last_write().map(Input::WriteDone));
            for effect in out.effects.drain(..) {
                if let Effect::Send { to, message, .. } = effect {
                    self.flights.push_back((server, to, message));
                }
            }
        }
    }

    fn time_out(&mut self, number: u8) {
        let timer = match self.node(number).role().name() {
            RoleName::Leader => Timer::Heartbeat,
            _ => Timer::Election,
        };
        self.step(id(number), Input::Timer(timer));
    }

    fn propose(&mut self, number: u8) {
        self.step(id(number), Input::Propose("x".into()));
    }

    /// Delivers everything among these servers until nothing moves; the rest is
    /// lost.
    fn talk(&mut self, among: &[u8]) {
        for _ in 0..10_000 {
            let Some((from, to, message)) = self.flights.pop_front() else {
                return;
            };
            if among.contains(&from.number()) && among.contains(&to.number()) {
                self.step(to, Input::Message { from, message });
            }
        }
        panic!("the servers talk for ever");
    }

    fn lose_all(&mut self) {
        self.flights.clear();
    }

    fn terms(&self, number: u8) -> Vec<u64> {
        let entries = self.node(number).log().iter();
        entries.map(|(_, entry)| entry.term.0).collect()
    }

    /// Whether a server that stands in the next term, when all of `voters` can
    /// be reached, gets to lead. The cluster stays as it is.
    fn could_win(&self, number: u8) -> bool {
        let mut tried = Self {
            nodes: self.nodes.clone(),
            flights: VecDeque::new(),
        };
        let latest = tried.nodes.iter().map(|node| node.term()).max();
        let candidate = id(number);
        // Whoever has led steps down first, and the candidate gets to the latest term.
        let rumour = Message::RequestVoteReply {
            term: latest.unwrap_or_default().next(),
            granted: false,
        };
        let from = id(number % 5 + 1);
        tried.step(
            candidate,
            Input::Message {
                from,
                message: rumour,
            },
        );
        tried.lose_all();
        tried.time_out(number);
        let everybody: Vec<u8> = (1..=5).collect();
        tried.talk(&everybody);
        tried.node(number).role().name() == RoleName::Leader
    }
}

/// Whatever a follower lacks, has too much or has otherwise, the leader's log
/// prevails (§5.3).
#[test]
fn figure_7_is_repaired() {
    let servers = FIGURE_7.map(|log| (8, log));
    let mut cluster = Cluster::new(&servers, true);
    cluster.time_out(1);
    let all: Vec<u8> = (1..=7).collect();
    cluster.talk(&all);
    assert_eq!(cluster.node(1).role().name(), RoleName::Leader);
    cluster.propose(1);
    cluster.talk(&all);
    cluster.time_out(1);
    cluster.talk(&all);
    for server in all {
        assert_eq!(cluster.terms(server), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 9, 9]);
        assert_eq!(cluster.node(server).commit(), LogIndex(12));
    }
    assert_eq!(cluster.node(1).term(), Term(9));
}

fn winners(cluster: &Cluster) -> Vec<u8> {
    (1..=5)
        .filter(|server| cluster.could_win(*server))
        .collect()
}

/// Figure 8 up to (c): S1 leads term 4, and its entry of term 2 is on S1, S2, S3.
fn figure_8_c() -> Cluster {
    let start: [(u64, &[u64]); 5] = [(1, &[1]); 5];
    let mut cluster = Cluster::new(&start, false);
    cluster.time_out(1);
    cluster.talk(&[1, 2, 3, 4, 5]);
    cluster.propose(1);
    cluster.talk(&[1, 2]);
    assert_eq!(cluster.terms(2), [1, 2]);
    assert_eq!(winners(&cluster), [1, 2, 3, 4, 5], "(a)");
    // S1 is cut off.
    cluster.time_out(5);
    cluster.talk(&[3, 4, 5]);
    assert_eq!(cluster.node(5).role().name(), RoleName::Leader);
    cluster.propose(5);
    cluster.lose_all();
    assert_eq!(cluster.terms(5), [1, 3]);
    assert_eq!(winners(&cluster), [1, 2, 5], "(b)");
    // S1 comes back, S4 and S5 are cut off. S1 learns of term 3 and stands in term 4.
    let rumour = Message::RequestVoteReply {
        term: Term(3),
        granted: false,
    };
    let from = id(3);
    cluster.step(
        id(1),
        Input::Message {
            from,
            message: rumour,
        },
    );
    cluster.time_out(1);
    cluster.talk(&[1, 2, 3]);
    assert_eq!(cluster.node(1).term(), Term(4));
    assert_eq!(cluster.terms(4), [1]);
    cluster
}

#[test]
fn figure_8_an_old_entry_on_a_majority_is_not_committed() {
    let mut cluster = figure_8_c();
    assert_eq!(cluster.terms(3), [1, 2]);
    cluster.propose(1);
    cluster.lose_all();
    assert_eq!(cluster.terms(1), [1, 2, 4]);
    assert_eq!(winners(&cluster), [1, 2, 3, 5], "(c)");
    assert!(cluster.node(1).commit() < LogIndex(2));
}

/// The table's row (c).
fn row_c() -> Cluster {
    let logs: [(u64, &[u64]); 5] = [
        (4, &[1, 2, 4]),
        (4, &[1, 2]),
        (4, &[1, 2]),
        (4, &[1]),
        (3, &[1, 3]),
    ];
    Cluster::new(&logs, false)
}

#[test]
fn figure_8_who_can_win_at_each_step() {
    assert_eq!(winners(&row_c()), [1, 2, 3, 5], "(c)");
    let d: [(u64, &[u64]); 5] = [(5, &[1, 3]); 5];
    assert_eq!(winners(&Cluster::new(&d, false)), [1, 2, 3, 4, 5], "(d)");
    let e: [(u64, &[u64]); 5] = [
        (4, &[1, 2, 4]),
        (4, &[1, 2, 4]),
        (4, &[1, 2, 4]),
        (4, &[1]),
        (3, &[1, 3]),
    ];
    assert_eq!(winners(&Cluster::new(&e, false)), [1, 2, 3], "(e)");
}

/// (d): S5 wins with S2, S3 and S4, and its log prevails.
#[test]
fn figure_8_d_the_old_entry_is_overwritten() {
    let mut cluster = row_c();
    cluster.time_out(5);
    cluster.lose_all();
    cluster.time_out(5);
    cluster.talk(&[2, 3, 4, 5]);
    assert_eq!(cluster.node(5).role().name(), RoleName::Leader);
    cluster.time_out(5);
    cluster.talk(&[1, 2, 3, 4, 5]);
    for server in 1..=5 {
        assert_eq!(cluster.terms(server), [1, 3]);
    }
}

/// (e): an entry of term 4 on a majority is committed, and with it all before.
#[test]
fn figure_8_e_the_old_entry_commits_with_a_new_one() {
    let mut cluster = figure_8_c();
    cluster.propose(1);
    cluster.talk(&[1, 2, 3]);
    assert_eq!(cluster.node(1).commit(), LogIndex(3));
    assert_eq!(cluster.terms(3), [1, 2, 4]);
    assert!(!cluster.could_win(5));
}

#[test]
fn the_disk_holds_what_the_writes_say() {
    let mut bench = Bench::with(3, 1, None, &[1, 1]);
    let mut stored = Stored {
        term: Term(1),
        voted_for: None,
        log: bench.node.log().clone(),
    };
    let step = bench.append(2, 3, at(1, 1), &[2, 3], 0);
    for effect in &step.effects {
        if let Effect::Persist(write) = effect {
            stored.apply(write);
        }
    }
    assert_eq!((stored.term, &stored.log), (Term(3), bench.node.log()));
    assert_eq!(bench.log(), [1, 2, 3]);
}
