//! A server of the laboratory: the node, its disk and its timers.

use std::rc::Rc;

use hustings_raft::{
    BrokenRules, Input, Log, LogIndex, Millis, MillisRange, NodeId, NodeSet, Output, Position,
    RoleName, Stored, Term, Timer, Write, WriteId,
};

use crate::command::Rate;
use crate::event_queue::QueueKey;
use crate::header::Header;
use crate::record::{Change, RecordId, WaitingMessage};

/// A node of the laboratory, whose rules may be broken.
pub type Node = hustings_raft::Node<BrokenRules>;

/// A server: a node that is running or has crashed, a disk and timers.
#[derive(Clone, Debug)]
pub struct Server {
    process: Process,
    pub(crate) disk: Disk,
    pub(crate) timers: TimerMap<Option<RunningTimer>>,
    pub(crate) draws: Draws,
    pub(crate) clock: Clock,
}

/// A server's process. The node of a crashed one is kept only for its restart.
#[derive(Clone, Debug)]
enum Process {
    Running(Node),
    Crashed(Node),
}

impl Process {
    fn any(&self) -> &Node {
        match self {
            Self::Running(node) | Self::Crashed(node) => node,
        }
    }
}

/// A server's own clock, which may run fast or slow. It counts in hundredths of
/// milliseconds, so that no rate loses a fraction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    rate: Rate,
    /// When the rate was set, by true time.
    set_at: Millis,
    /// The local time then.
    local_at_set: LocalTime,
}

/// Local time of a server since the start, in hundredths of milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct LocalTime(u64);

impl Clock {
    const TRUE: Self = Self {
        rate: Rate::TRUE,
        set_at: Millis::ZERO,
        local_at_set: LocalTime(0),
    };

    pub(crate) fn rate(self) -> Rate {
        self.rate
    }

    fn percent(self) -> u64 {
        self.rate.get().into()
    }

    fn local_time(self, now: Millis) -> LocalTime {
        let passed = now.since(self.set_at).0.saturating_mul(self.percent());
        LocalTime(self.local_at_set.0.saturating_add(passed))
    }

    /// The local time, in whole milliseconds.
    pub(crate) fn local_millis(self, now: Millis) -> Millis {
        Millis(self.local_time(now).0 / 100)
    }

    /// The local time a duration from now.
    pub(crate) fn local_time_after(self, now: Millis, duration: Millis) -> LocalTime {
        let duration = duration.0.saturating_mul(100);
        LocalTime(self.local_time(now).0.saturating_add(duration))
    }

    /// The true time at which the clock reaches a local time.
    pub(crate) fn true_time_at(self, shown: LocalTime) -> Millis {
        let left = shown.0.saturating_sub(self.local_at_set.0);
        self.set_at.plus(Millis(left.div_ceil(self.percent())))
    }

    /// Changes the rate from now on; the local time does not jump.
    pub(crate) fn set(&mut self, now: Millis, rate: Rate) {
        self.local_at_set = self.local_time(now);
        self.set_at = now;
        self.rate = rate;
    }
}

/// A running timer.
#[derive(Clone, Copy, Debug)]
pub struct RunningTimer {
    /// When it was started.
    pub armed_at: Millis,
    /// When it fires, in true time.
    pub due_at: Millis,
    /// When it fires, in local time.
    pub(crate) due_local: LocalTime,
    pub(crate) queue_key: QueueKey,
    pub(crate) cause: RecordId,
}

/// A value for each timer.
#[derive(Clone, Default, Debug)]
pub(crate) struct TimerMap<T> {
    election: T,
    heartbeat: T,
    check_quorum: T,
    transfer: T,
}

impl<T> TimerMap<T> {
    pub(crate) fn get(&self, timer: Timer) -> &T {
        match timer {
            Timer::Election => &self.election,
            Timer::Heartbeat => &self.heartbeat,
            Timer::CheckQuorum => &self.check_quorum,
            Timer::Transfer => &self.transfer,
        }
    }

    pub(crate) fn get_mut(&mut self, timer: Timer) -> &mut T {
        match timer {
            Timer::Election => &mut self.election,
            Timer::Heartbeat => &mut self.heartbeat,
            Timer::CheckQuorum => &mut self.check_quorum,
            Timer::Transfer => &mut self.transfer,
        }
    }
}

/// The numbers of random draws of a server: one for each timer started and each write.
#[derive(Clone, Default, Debug)]
pub(crate) struct Draws {
    timers: TimerMap<u64>,
    writes: u64,
}

impl Draws {
    /// Counts a draw for this timer; returns the number before.
    pub(crate) fn timer(&mut self, timer: Timer) -> u64 {
        take_count(self.timers.get_mut(timer))
    }

    /// Counts a draw for a write; returns the number before.
    pub(crate) fn write(&mut self) -> u64 {
        take_count(&mut self.writes)
    }
}

fn take_count(count: &mut u64) -> u64 {
    let before = *count;
    *count += 1;
    before
}

/// A server's disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// Its content.
    pub(crate) stored: Stored,
    /// The range of write durations.
    pub(crate) delay: MillisRange,
    /// The pending writes, oldest first, with their completion times.
    pub(crate) writes: Vec<(Write, Millis)>,
    /// The messages that wait for a write to become durable, oldest first.
    pub(crate) waiting: Vec<Rc<WaitingMessage>>,
}

impl Disk {
    /// Makes the oldest write durable; returns the first index of the log that it
    /// changes.
    pub(crate) fn finish_write(&mut self) -> Option<LogIndex> {
        if self.writes.is_empty() {
            return None;
        }
        let (write, _) = self.writes.remove(0);
        self.stored.apply(&write);
        Some(write.log?.0)
    }

    /// Removes and returns the messages whose writes are durable.
    pub(crate) fn take_ready(&mut self) -> Vec<Rc<WaitingMessage>> {
        let waits = |message: &Rc<WaitingMessage>| self.is_pending(message.write);
        let first = self.waiting.iter().position(waits);
        let count = first.unwrap_or(self.waiting.len());
        self.waiting.drain(..count).collect()
    }

    /// Whether a write is not durable yet.
    pub(crate) fn is_pending(&self, write: WriteId) -> bool {
        self.writes.iter().any(|(pending, _)| pending.id == write)
    }
}

impl Server {
    /// A server with its initial state on disk, running but not started.
    pub(crate) fn new(id: NodeId, header: &Header) -> Self {
        let initial = header.initial.get(id);
        let stored = initial.map_or_else(Stored::default, |initial| Stored {
            term: initial.term(),
            voted_for: initial.voted_for,
            log: initial.entries().collect(),
        });
        let commit = initial.map_or(LogIndex::ZERO, |initial| initial.commit);
        let (members, options, rules) = (header.members(), header.raft, header.broken);
        let node = Node::with_rules(id, members, options, stored.clone(), rules);
        Self {
            process: Process::Running(node.with_commit(commit)),
            disk: Disk {
                stored,
                delay: header.disk,
                writes: Vec::new(),
                waiting: Vec::new(),
            },
            timers: TimerMap::default(),
            draws: Draws::default(),
            clock: Clock::TRUE,
        }
    }

    /// Stops the process, and drops pending writes and waiting messages.
    pub(crate) fn crash(&mut self) {
        self.process = Process::Crashed(self.process.any().clone());
        self.disk.writes.clear();
        self.disk.waiting.clear();
    }

    /// Runs a step of the process; a crashed one can only restart. The disk then holds
    /// what the node restored, which a broken rule may have reduced.
    pub(crate) fn step(&mut self, now: Millis, input: Input, out: &mut Output) {
        let restarts = matches!(input, Input::Restart(_));
        let shown = self.clock.local_millis(now);
        match &mut self.process {
            Process::Running(node) => node.step(shown, input, out),
            Process::Crashed(node) if restarts => {
                node.step(shown, input, out);
                self.disk.stored = Stored {
                    term: node.term(),
                    voted_for: node.voted_for(),
                    log: node.log().clone(),
                };
                self.process = Process::Running(node.clone());
            }
            Process::Crashed(_) => {}
        }
    }

    /// The server's name.
    pub fn id(&self) -> NodeId {
        self.process.any().id()
    }

    /// The node, unless the server has crashed.
    pub fn node(&self) -> Option<&Node> {
        match &self.process {
            Process::Running(node) => Some(node),
            Process::Crashed(_) => None,
        }
    }

    /// Whether the server is running.
    pub fn is_up(&self) -> bool {
        self.node().is_some()
    }

    /// The role, if the server runs.
    pub fn role(&self) -> Option<RoleName> {
        self.node().map(|node| node.role().name())
    }

    /// The term; of a crashed server the one on its disk.
    pub fn term(&self) -> Term {
        self.node().map_or(self.disk.stored.term, Node::term)
    }

    /// The vote in that term; of a crashed server the one on its disk.
    pub fn voted_for(&self) -> Option<NodeId> {
        self.node()
            .map_or(self.disk.stored.voted_for, Node::voted_for)
    }

    /// The log; of a crashed server the one on its disk.
    pub fn log(&self) -> &Log {
        self.node().map_or(&self.disk.stored.log, Node::log)
    }

    /// The commit index; 0 for a crashed server, which has forgotten it (§5.1).
    pub fn commit(&self) -> LogIndex {
        self.node().map_or(LogIndex::ZERO, Node::commit)
    }

    /// The leader that the server follows, if it runs.
    pub fn leader(&self) -> Option<NodeId> {
        self.node().and_then(Node::leader)
    }

    /// A timer, if it is running.
    pub fn timer(&self, timer: Timer) -> Option<&RunningTimer> {
        self.timers.get(timer).as_ref()
    }

    /// The rate of its clock.
    pub fn clock_rate(&self) -> Rate {
        self.clock.rate()
    }

    /// The range of its write durations.
    pub fn disk_delay(&self) -> MillisRange {
        self.disk.delay
    }

    /// The messages that are sent once a write is durable, oldest first.
    pub fn waiting(&self) -> &[Rc<WaitingMessage>] {
        &self.disk.waiting
    }

    /// The number of pending writes.
    pub fn pending_writes(&self) -> usize {
        self.disk.writes.len()
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary {
            term: self.term(),
            voted_for: self.voted_for(),
            role: self.role(),
            leader: self.leader(),
            last: self.log().last(),
            members: self.node().map(Node::members),
            commit: self.commit(),
        }
    }
}

/// The fields whose changes a record lists. A crashed server has no role, and no
/// members until it restarts.
#[derive(Clone, Copy)]
pub(crate) struct Summary {
    pub(crate) term: Term,
    voted_for: Option<NodeId>,
    role: Option<RoleName>,
    leader: Option<NodeId>,
    last: Position,
    members: Option<NodeSet>,
    commit: LogIndex,
}

impl Summary {
    /// What differs between this and a later summary.
    pub(crate) fn changes_to(self, new: Self) -> Box<[Change]> {
        let old = self;
        let roles = both_if_different(old.role, new.role);
        let members = both_if_different(old.members, new.members);
        let mut changes = Vec::new();
        if old.term != new.term {
            let (old, new) = (old.term, new.term);
            changes.push(Change::Term { old, new });
        }
        if old.voted_for != new.voted_for {
            let (old, new) = (old.voted_for, new.voted_for);
            changes.push(Change::VotedFor { old, new });
        }
        if let Some((old, new)) = roles {
            changes.push(Change::Role { old, new });
        }
        if old.leader != new.leader {
            let (old, new) = (old.leader, new.leader);
            changes.push(Change::Leader { old, new });
        }
        if old.last != new.last {
            let (old, new) = (old.last, new.last);
            changes.push(Change::LogEnd { old, new });
        }
        if let Some((old, new)) = members {
            changes.push(Change::Members { old, new });
        }
        if old.commit != new.commit {
            let (old, new) = (old.commit, new.commit);
            changes.push(Change::Commit { old, new });
        }
        changes.into()
    }
}

fn both_if_different<T: PartialEq>(old: Option<T>, new: Option<T>) -> Option<(T, T)> {
    old.zip(new).filter(|(old, new)| old != new)
}
