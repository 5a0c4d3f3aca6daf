//! Writes the logs of three nodes of tikv's raft, in three forms:
//! `raft-rs-logs FOLDER [--no-pre-vote]`.
//!
//! The nodes exchange messages within this process, in real time: a tick is 100 ms, a
//! message takes 2 ms. What is done to them is printed, with the time.

#![expect(clippy::disallowed_methods, reason = "these logs are of real time")]

mod forms;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use raft::prelude::{Config, Message, RawNode};
use raft::storage::MemStorage;
use raft::{Ready, StateRole};
use slog::Logger;

const NODES: [u64; 3] = [1, 2, 3];
const TICK: Duration = Duration::from_millis(100);
const DELAY: Duration = Duration::from_millis(2);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Three nodes, what is on their disks, and what is between them.
struct Cluster {
    disks: BTreeMap<u64, MemStorage>,
    loggers: BTreeMap<u64, Logger>,
    running: BTreeMap<u64, RawNode<MemStorage>>,
    /// Nodes that neither send nor receive.
    cut: BTreeSet<u64>,
    flying: Vec<(Instant, Message)>,
    pre_vote: bool,
}

impl Cluster {
    fn new(folder: &Path, pre_vote: bool) -> Result<Self> {
        let disk = |_| MemStorage::new_with_conf_state((NODES.to_vec(), vec![]));
        let logger = |id| Ok((id, forms::logger(folder, id)?));
        Ok(Self {
            disks: NODES.iter().map(|id| (*id, disk(id))).collect(),
            loggers: NODES.iter().copied().map(logger).collect::<Result<_>>()?,
            running: BTreeMap::new(),
            cut: BTreeSet::new(),
            flying: Vec::new(),
            pre_vote,
        })
    }

    /// Starts a node from what is on its disk.
    fn start(&mut self, id: u64) -> Result<()> {
        let config = Config {
            id,
            election_tick: 10,
            heartbeat_tick: 1,
            check_quorum: true,
            pre_vote: self.pre_vote,
            ..Config::default()
        };
        let node = RawNode::new(&config, self.disks[&id].clone(), &self.loggers[&id])?;
        self.running.insert(id, node);
        Ok(())
    }

    fn leader(&self) -> Option<u64> {
        let leads = |(_, node): &(&u64, &RawNode<_>)| node.raft.state == StateRole::Leader;
        self.running
            .iter()
            .filter(leads)
            .max_by_key(|(_, node)| node.raft.term)
            .map(|(id, _)| *id)
    }

    /// Lets `ticks` pass, with a proposal to the leader every tenth.
    fn run(&mut self, ticks: usize) -> Result<()> {
        for tick in 0..ticks {
            let end = Instant::now() + TICK;
            for node in self.running.values_mut() {
                node.tick();
            }
            if let (0, Some(leader)) = (tick % 10, self.leader()) {
                let node = self.running.get_mut(&leader).ok_or("it runs")?;
                // Refused while leadership is handed over.
                let _ = node.propose(vec![], b"entry".to_vec());
            }
            while Instant::now() < end {
                self.step()?;
                sleep(Duration::from_micros(500));
            }
        }
        Ok(())
    }

    /// Delivers what has arrived, and handles what the nodes want done.
    fn step(&mut self) -> Result<()> {
        let now = Instant::now();
        let flying = std::mem::take(&mut self.flying);
        let (arrived, rest) = flying.into_iter().partition(|(at, _)| *at <= now);
        self.flying = rest;
        let arrived: Vec<(Instant, Message)> = arrived;
        for (_, message) in arrived {
            if let (false, Some(node)) = (
                self.cut.contains(&message.to),
                self.running.get_mut(&message.to),
            ) {
                node.step(message)?;
            }
        }
        let ids: Vec<u64> = self.running.keys().copied().collect();
        ids.into_iter().try_for_each(|id| self.ready(id))
    }

    fn ready(&mut self, id: u64) -> Result<()> {
        let node = self.running.get_mut(&id).ok_or("it runs")?;
        if !node.has_ready() {
            return Ok(());
        }
        let mut ready: Ready = node.ready();
        let mut messages = ready.take_messages();
        let disk = &self.disks[&id];
        disk.wl().append(ready.entries())?;
        if let Some(state) = ready.hs() {
            disk.wl().set_hardstate(state.clone());
        }
        messages.extend(ready.take_persisted_messages());
        let mut light = node.advance(ready);
        if let Some(commit) = light.commit_index() {
            disk.wl().mut_hard_state().set_commit(commit);
        }
        messages.extend(light.take_messages());
        node.advance_apply();
        if !self.cut.contains(&id) {
            let at = Instant::now() + DELAY;
            self.flying
                .extend(messages.into_iter().map(|message| (at, message)));
        }
        Ok(())
    }
}

fn note(text: impl std::fmt::Display) {
    println!("| {} | {text} |", chrono::Utc::now().format("%H:%M:%S%.3f"));
}

/// Waits for a leader and some more, and names it and its followers.
fn settled(cluster: &mut Cluster) -> Result<(u64, Vec<u64>)> {
    cluster.run(20)?;
    while cluster.leader().is_none() {
        cluster.run(1)?;
    }
    let leader = cluster.leader().ok_or("it was there")?;
    note(format!(
        "(seen) n{leader} leads term {}",
        cluster.running[&leader].raft.term
    ));
    Ok((
        leader,
        NODES.into_iter().filter(|id| *id != leader).collect(),
    ))
}

/// Cuts a node off from the others for a while.
fn cut_off(cluster: &mut Cluster, id: u64) -> Result<()> {
    note(format!("n{id} cut off from all others, both ways"));
    cluster.cut.insert(id);
    cluster.run(45)?;
    note(format!("n{id} joined again"));
    cluster.cut.clear();
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, pre_vote) = match &arguments[..] {
        [folder] => (folder, true),
        [folder, option] if option == "--no-pre-vote" => (folder, false),
        _ => return Err("raft-rs-logs FOLDER [--no-pre-vote]".into()),
    };
    let mut cluster = Cluster::new(Path::new(folder), pre_vote)?;
    note("all started");
    NODES.into_iter().try_for_each(|id| cluster.start(id))?;

    let (leader, _) = settled(&mut cluster)?;
    note(format!("n{leader} crashed"));
    cluster.running.remove(&leader);
    settled(&mut cluster)?;
    note(format!("n{leader} started again"));
    cluster.start(leader)?;

    let (_, followers) = settled(&mut cluster)?;
    cut_off(&mut cluster, followers[0])?;
    let (leader, _) = settled(&mut cluster)?;
    cut_off(&mut cluster, leader)?;

    let (leader, followers) = settled(&mut cluster)?;
    note(format!("n{leader} told to hand over to n{}", followers[0]));
    cluster
        .running
        .get_mut(&leader)
        .ok_or("it runs")?
        .transfer_leader(followers[0]);
    let (_, followers) = settled(&mut cluster)?;
    note(format!("n{} and n{} crashed", followers[0], followers[1]));
    cluster.running.retain(|id, _| !followers.contains(id));
    cluster.run(45)?;
    note("all ended");
    Ok(())
}
