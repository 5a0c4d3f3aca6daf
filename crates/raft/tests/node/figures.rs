//! Figures 6, 7 and 8 of the paper, in full.

use std::collections::VecDeque;

use crate::support::{Bench, at, entry, id};
use hustings_raft::{
    Effect, Input, LogIndex, Message, Millis, Node, NodeId, NodeSet, Options, Output, RoleName,
    Stored, Term, Timer,
};

/// The end of a log with entries of these terms.
fn end(log: &[u64]) -> hustings_raft::Position {
    at(log.len() as u64, log.last().copied().unwrap_or_default())
}

/// The servers with these logs that would vote for a candidate with log `candidate`, in
/// a term that is new to all.
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

/// Index 7 is committed: exactly the servers that hold it can win.
#[test]
fn figure_6_electable_servers() {
    let votes = FIGURE_6.map(|log| granted_by(&FIGURE_6, log).len());
    assert_eq!(votes, [5, 2, 5, 1, 3]);
    let can_win = votes.map(|votes| votes >= 3);
    assert_eq!(can_win, FIGURE_6.map(|log| log.len() >= 7));
}

const L: &[u64] = &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6];

/// The leader, then (a) to (f).
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
fn figure_7_votes() {
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

/// Servers whose messages arrive in order and whose disks are immediate.
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

    /// Delivers all messages among these servers until none is left; others are lost.
    fn deliver_among(&mut self, among: &[u8]) {
        for _ in 0..10_000 {
            let Some((from, to, message)) = self.flights.pop_front() else {
                return;
            };
            if among.contains(&from.number()) && among.contains(&to.number()) {
                self.step(to, Input::Message { from, message });
            }
        }
        panic!("the servers deliver_among for ever");
    }

    fn lose_all(&mut self) {
        self.flights.clear();
    }

    fn terms(&self, number: u8) -> Vec<u64> {
        let entries = self.node(number).log().iter();
        entries.map(|(_, entry)| entry.term.0).collect()
    }

    /// Whether a server would win an election in the next term. The cluster does not
    /// change.
    fn could_win(&self, number: u8) -> bool {
        let mut tried = Self {
            nodes: self.nodes.clone(),
            flights: VecDeque::new(),
        };
        let latest = tried.nodes.iter().map(|node| node.term()).max();
        let candidate = id(number);
        // First, leaders step down and the candidate reaches the latest term.
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
        tried.deliver_among(&everybody);
        tried.node(number).role().name() == RoleName::Leader
    }
}

/// Missing, surplus and conflicting entries of followers are replaced by those of the
/// leader (§5.3).
#[test]
fn figure_7_is_repaired() {
    let servers = FIGURE_7.map(|log| (8, log));
    let mut cluster = Cluster::new(&servers, true);
    cluster.time_out(1);
    let all: Vec<u8> = (1..=7).collect();
    cluster.deliver_among(&all);
    assert_eq!(cluster.node(1).role().name(), RoleName::Leader);
    cluster.propose(1);
    cluster.deliver_among(&all);
    cluster.time_out(1);
    cluster.deliver_among(&all);
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
    cluster.deliver_among(&[1, 2, 3, 4, 5]);
    cluster.propose(1);
    cluster.deliver_among(&[1, 2]);
    assert_eq!(cluster.terms(2), [1, 2]);
    assert_eq!(winners(&cluster), [1, 2, 3, 4, 5], "(a)");
    // S1 is cut off.
    cluster.time_out(5);
    cluster.deliver_among(&[3, 4, 5]);
    assert_eq!(cluster.node(5).role().name(), RoleName::Leader);
    cluster.propose(5);
    cluster.lose_all();
    assert_eq!(cluster.terms(5), [1, 3]);
    assert_eq!(winners(&cluster), [1, 2, 5], "(b)");
    // S1 is reachable again, S4 and S5 are cut off. S1 learns of term 3 and starts an
    // election in term 4.
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
    cluster.deliver_among(&[1, 2, 3]);
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

/// Row (c) of the table.
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
fn figure_8_electable_servers_at_each_step() {
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

/// (d): S5 wins with the votes of S2, S3 and S4, and overwrites their logs.
#[test]
fn figure_8_d_the_old_entry_is_overwritten() {
    let mut cluster = row_c();
    cluster.time_out(5);
    cluster.lose_all();
    cluster.time_out(5);
    cluster.deliver_among(&[2, 3, 4, 5]);
    assert_eq!(cluster.node(5).role().name(), RoleName::Leader);
    cluster.time_out(5);
    cluster.deliver_among(&[1, 2, 3, 4, 5]);
    for server in 1..=5 {
        assert_eq!(cluster.terms(server), [1, 3]);
    }
}

/// (e): an entry of term 4 on a majority is committed, with all before it.
#[test]
fn figure_8_e_the_old_entry_commits_with_a_new_one() {
    let mut cluster = figure_8_c();
    cluster.propose(1);
    cluster.deliver_among(&[1, 2, 3]);
    assert_eq!(cluster.node(1).commit(), LogIndex(3));
    assert_eq!(cluster.terms(3), [1, 2, 4]);
    assert!(!cluster.could_win(5));
}

#[test]
fn applying_the_writes_gives_the_state_on_disk() {
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
