//! Applies the same events to both clusters, and compares them after each.

use crate::cluster::{Ballot, Cluster, Disk, Happening, Kind, Role, Rules, Server, View};
use crate::ours::Ours;
use crate::theirs::Theirs;

/// An event in both clusters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A server's election timer fires.
    Timeout(u64),
    /// A leader's heartbeat timer fires.
    Beat(u64),
    /// A client sends a request to a server.
    Propose(u64),
    /// All messages on a link arrive in order.
    Deliver(u64, u64),
    /// One vote message arrives, out of order.
    Ballot(u64, u64, usize),
    /// All messages on a link arrive, and stay in flight.
    Repeat(u64, u64),
    /// All messages on a link are lost.
    Lose(u64, u64),
    /// All messages of a server arrive, then all replies.
    Round(u64),
    /// A leader and a follower exchange messages until none is left.
    Talk(u64, u64),
    /// A server crashes and restarts from its disk.
    Restart(u64),
    /// The network is cut between these servers (as bits) and the others.
    Cut(u64),
    /// The network is whole.
    Heal,
    /// An election timeout passes without messages. Leaders with check-quorum check.
    Wait,
    /// Vote messages arrive until there are none; then leaders exchange messages with all.
    Settle,
}

/// A cluster of each core.
pub struct Judge {
    ours: Cluster<Ours>,
    theirs: Cluster<Theirs>,
    size: u64,
    rules: Rules,
    cut: u64,
    /// The term in which each server led last.
    led: Vec<u64>,
    /// Whether all requests of a leader have reached a follower so far, by leader and
    /// follower. Only then do both cores send each entry once and immediately.
    flows: Vec<Vec<bool>>,
    commands: u64,
    committed: Vec<(u64, String)>,
}

impl Judge {
    /// Clusters of new servers.
    pub fn new(size: u64, rules: Rules) -> Self {
        let disks: Vec<Disk> = (0..size).map(|_| Disk::default()).collect();
        Self::with_disks(&disks, rules)
    }

    /// Clusters with initial states on disk.
    pub fn with_disks(disks: &[Disk], rules: Rules) -> Self {
        let judge = Self {
            ours: Cluster::new(disks, rules),
            theirs: Cluster::new(disks, rules),
            size: disks.len() as u64,
            rules,
            cut: 0,
            led: vec![0; disks.len()],
            flows: vec![vec![false; disks.len()]; disks.len()],
            commands: 0,
            committed: Vec::new(),
        };
        judge.compare_servers();
        judge
    }

    /// Applies events in turn.
    pub fn run(&mut self, events: &[Event]) {
        for event in events {
            self.apply(event);
        }
    }

    /// Applies an event to both clusters, and compares them.
    pub fn apply(&mut self, event: &Event) {
        match *event {
            Event::Timeout(id) => self.time_out(id),
            Event::Beat(id) => self.happen(id, &Happening::HeartbeatDue),
            Event::Propose(id) => {
                self.commands += 1;
                let command = format!("c{}", self.commands);
                self.happen(id, &Happening::Proposed(command));
            }
            Event::Deliver(from, to) => self.deliver(from, to),
            Event::Ballot(from, to, nth) if !self.is_cut(from, to) => {
                self.ours.deliver_ballot(from, to, nth);
                self.theirs.deliver_ballot(from, to, nth);
            }
            Event::Ballot(..) => {}
            Event::Repeat(from, to) => self.repeat(from, to),
            Event::Lose(from, to) => self.lose(from, to),
            Event::Round(id) => self.round(id),
            Event::Talk(leader, follower) => self.talk(leader, follower),
            Event::Restart(id) => self.happen(id, &Happening::Restart),
            Event::Cut(servers) => self.cut = servers,
            Event::Heal => self.cut = 0,
            Event::Wait => self.wait(),
            Event::Settle => self.settle(),
        }
        self.compare();
    }

    /// The role of a server, which is the same in both cores.
    pub fn view(&self, id: u64) -> View {
        self.ours.server(id).view()
    }

    /// The commit index of a server of our core.
    pub fn commit(&self, id: u64) -> u64 {
        self.ours.server(id).commit()
    }

    /// The servers that lead, each in its own term.
    pub fn leaders(&self) -> Vec<u64> {
        let leads = |id: &u64| self.view(*id).role == Role::Leader;
        self.ids().filter(leads).collect()
    }

    /// Requests a leader to transfer its leadership.
    pub fn transfer(&mut self, leader: u64, target: u64) {
        self.happen(leader, &Happening::Transfer(target));
        self.compare();
    }

    fn ids(&self) -> impl Iterator<Item = u64> + use<> {
        1..=self.size
    }

    fn others(&self, id: u64) -> impl Iterator<Item = u64> + use<> {
        self.ids().filter(move |other| *other != id)
    }

    fn is_cut(&self, from: u64, to: u64) -> bool {
        (self.cut >> from) & 1 != (self.cut >> to) & 1
    }

    fn happen(&mut self, id: u64, what: &Happening) {
        self.ours.happen(id, what);
        self.theirs.happen(id, what);
    }

    fn time_out(&mut self, id: u64) {
        // The reply to a pre-vote does not identify its request. tikv and our core count
        // replies of earlier rounds differently, so these are lost.
        if self.rules.pre_vote {
            let is_pre = |kind: &Kind| {
                matches!(
                    kind,
                    Kind::Ballot(
                        Ballot::Request { pre: true, .. } | Ballot::Reply { pre: true, .. }
                    )
                )
            };
            for other in self.others(id) {
                for (from, to) in [(id, other), (other, id)] {
                    self.ours.lose(from, to, is_pre);
                    self.theirs.lose(from, to, is_pre);
                }
            }
        }
        self.happen(id, &Happening::ElectionTimeout);
    }

    fn wait(&mut self) {
        for id in self.ids() {
            self.happen(id, &Happening::LeaseOver);
        }
        if self.rules.check_quorum {
            for id in self.leaders() {
                self.happen(id, &Happening::QuorumCheckDue);
            }
        }
    }

    fn round(&mut self, id: u64) {
        for other in self.others(id) {
            self.deliver(id, other);
            self.compare();
        }
        for other in self.others(id) {
            self.deliver(other, id);
            self.compare();
        }
    }

    fn deliver(&mut self, from: u64, to: u64) {
        if from == to {
            return;
        }
        if self.is_cut(from, to) {
            self.lose(from, to);
        } else if self.leads_by_probing(from, to) {
            self.talk(from, to);
        } else {
            self.lose_messages_of_only_one_core(from, to);
            self.ours.deliver(from, to);
            self.theirs.deliver(from, to);
        }
    }

    /// Whether a leader has messages for a follower whose match index it does not know yet.
    /// Then the two cores send different messages, and only the outcome of the exchange is
    /// the same.
    fn leads_by_probing(&self, from: u64, to: u64) -> bool {
        self.view(from).role == Role::Leader
            && !self.flows(from, to)
            && (self.ours.carries_appends(from, to) || self.theirs.carries_appends(from, to))
    }

    /// Outside of an exchange, a leader's requests arrive only if none was lost before, in
    /// the follower's own term, and if both cores have sent some: tikv sends more, to
    /// propagate a commit index, and these must not count as heartbeats.
    fn lose_messages_of_only_one_core(&mut self, from: u64, to: u64) {
        let current = self.view(to).term == self.led[slot(from)];
        if !current {
            self.flows[slot(from)][slot(to)] = false;
        }
        let flows = self.flows(from, to);
        let (we, they) = (
            self.ours.carries_appends(from, to),
            self.theirs.carries_appends(from, to),
        );
        assert!(
            they || !we || !flows,
            "only our S{from} has something for S{to}"
        );
        if !(flows && we) {
            self.ours.lose(from, to, |kind| *kind == Kind::Append);
            self.theirs.lose(from, to, |kind| *kind == Kind::Append);
        }
    }

    fn flows(&self, from: u64, to: u64) -> bool {
        self.flows[slot(from)][slot(to)]
    }

    fn repeat(&mut self, from: u64, to: u64) {
        if from == to || self.is_cut(from, to) || self.leads_by_probing(from, to) {
            return;
        }
        self.lose_messages_of_only_one_core(from, to);
        for message in self.ours.copies(from, to) {
            self.ours.arrive(from, to, message);
        }
        for message in self.theirs.copies(from, to) {
            self.theirs.arrive(from, to, message);
        }
    }

    fn lose(&mut self, from: u64, to: u64) {
        if from == to {
            return;
        }
        if self.ours.carries_appends(from, to) || self.theirs.carries_appends(from, to) {
            self.flows[slot(from)][slot(to)] = false;
        }
        self.ours.lose(from, to, |_| true);
        self.theirs.lose(from, to, |_| true);
    }

    fn talk(&mut self, leader: u64, follower: u64) {
        // The second heartbeat carries the commit index that the first reply advanced.
        for _ in 0..2 {
            let leads = self.view(leader).role == Role::Leader;
            if leader == follower || self.is_cut(leader, follower) || !leads {
                return;
            }
            self.lose_messages_of_only_one_core(follower, leader);
            self.happen(leader, &Happening::HeartbeatDue);
            converse(&mut self.ours, leader, follower);
            converse(&mut self.theirs, leader, follower);
            self.compare();
        }
        let (a, b) = (self.view(leader), self.view(follower));
        if a.role != Role::Leader || b.term != a.term {
            return;
        }
        assert_eq!(
            a.log, b.log,
            "S{leader} and S{follower} talked, and still differ"
        );
        let ours = self.ours.server(leader).knows_to_be_level(follower);
        let theirs = self.theirs.server(leader).knows_to_be_level(follower);
        assert!(ours && theirs, "S{leader} does not know S{follower}'s log");
        self.flows[slot(leader)][slot(follower)] = true;
    }

    fn settle(&mut self) {
        let mut rounds = 0;
        loop {
            for from in self.ids() {
                for to in self.others(from) {
                    self.deliver(from, to);
                    self.compare();
                }
            }
            let silent = |(from, to)| self.ours.ballots(from, to).is_empty();
            if self.pairs().all(silent) {
                break;
            }
            rounds += 1;
            assert!(rounds < 20, "the votes never end");
        }
        for _ in 0..2 {
            for leader in self.leaders() {
                for follower in self.others(leader) {
                    self.talk(leader, follower);
                }
            }
        }
        self.compare_commits();
    }

    fn pairs(&self) -> impl Iterator<Item = (u64, u64)> + use<> {
        let size = self.size;
        (1..=size).flat_map(move |from| (1..=size).map(move |to| (from, to)))
    }

    /// After an exchange with all reachable servers, a leader with a majority has committed
    /// its whole log, and its followers know it.
    fn compare_commits(&self) {
        for leader in self.leaders() {
            let term = self.view(leader).term;
            let reached: Vec<u64> = self
                .ids()
                .filter(|id| !self.is_cut(leader, *id) && self.view(*id).term == term)
                .collect();
            if reached.len() as u64 * 2 <= self.size {
                continue;
            }
            let last = self.view(leader).log.len() as u64;
            for id in reached {
                let commits = (
                    self.ours.server(id).commit(),
                    self.theirs.server(id).commit(),
                );
                assert_eq!(commits, (last, last), "commits of S{id} (ours, theirs)");
            }
        }
    }

    fn compare(&mut self) {
        self.compare_servers();
        self.compare_history();
        for leader in self.leaders() {
            let term = self.view(leader).term;
            if self.led[slot(leader)] != term {
                self.led[slot(leader)] = term;
                self.flows[slot(leader)].fill(false);
            }
        }
    }

    fn compare_servers(&self) {
        let theirs = self.theirs.views();
        for ((id, theirs), mut ours) in self.ids().zip(theirs).zip(self.ours.views()) {
            if self.ours.server(id).is_refused() {
                ours.role = Role::Follower;
            }
            assert_eq!(ours, theirs, "S{id}: ours (left) and theirs differ");
        }
        for (from, to) in self.pairs() {
            let (ours, theirs) = (self.ours.ballots(from, to), self.theirs.ballots(from, to));
            assert_eq!(ours, theirs, "vote messages from S{from} to S{to}");
        }
    }

    /// No two servers of either core ever commit different entries at an index.
    fn compare_history(&mut self) {
        for id in self.ids() {
            let log = self.view(id).log;
            let commits = [
                self.ours.server(id).commit(),
                self.theirs.server(id).commit(),
            ];
            for commit in commits {
                let commit = usize::try_from(commit).expect("a short log");
                let known = commit.min(self.committed.len());
                assert_eq!(log[..known], self.committed[..known], "S{id} committed");
                self.committed.extend_from_slice(&log[known..commit]);
            }
        }
    }
}

fn converse<S: Server>(cluster: &mut Cluster<S>, one: u64, other: u64) {
    for _ in 0..100 {
        if cluster.deliver(one, other) + cluster.deliver(other, one) == 0 {
            return;
        }
    }
    panic!("S{one} and S{other} never stop talking");
}

fn slot(id: u64) -> usize {
    usize::try_from(id).expect("a small number") - 1
}
