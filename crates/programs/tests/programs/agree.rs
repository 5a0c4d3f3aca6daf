//! Each mended program does what Raft's core does, given the same inputs.
//!
//! A cluster runs the program. Each server has a shadow that runs the core, which is told
//! whatever the server is told: the timers that have run out, the messages that the
//! programs have sent, in any order, some lost and some twice, requests, crashes and
//! restarts. After each input, what the program says is defined must be equal.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use hustings_lab::{Library as _, Machine, Program, Start};
use hustings_programs::{Interpreter, Programs, SHIPPED, Shipped};
use hustings_raft::{
    BrokenRules, Effect, Input, LogIndex, Message, Millis, Node, NodeId, NodeSet, Options, Output,
    Stored, Timer,
};

/// Numbers that look random: the middle bits of a linear congruential generator.
struct Luck(u64);

impl Luck {
    fn below(&mut self, end: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// A server that runs the program, and its shadow.
struct Server {
    id: NodeId,
    program: Box<dyn Machine>,
    core: Node<BrokenRules>,
    program_disk: Stored,
    core_disk: Stored,
    timers: BTreeSet<Timer>,
    is_up: bool,
}

struct Cluster<'a> {
    about: &'a Shipped,
    servers: Vec<Server>,
    in_flight: Vec<(NodeId, NodeId, Message)>,
    luck: Luck,
    out: Output,
    requests: usize,
    events: usize,
    /// What happened, for the message of a failure.
    told: Vec<String>,
}

/// What the documents do not have.
fn options() -> Options {
    Options {
        no_op: false,
        ..Options::default()
    }
}

impl<'a> Cluster<'a> {
    fn new(about: &'a Shipped, program: &Rc<dyn Program>, size: u8, seed: u64) -> Self {
        let members = NodeSet::first(size);
        let servers = members.iter().map(|id| {
            let stored = Stored::default();
            let start = Start {
                id,
                members,
                options: options(),
                stored: stored.clone(),
                commit: LogIndex::ZERO,
            };
            Server {
                id,
                program: program.machine(start),
                core: Node::with_rules(id, members, options(), stored, BrokenRules::NONE),
                program_disk: Stored::default(),
                core_disk: Stored::default(),
                timers: BTreeSet::new(),
                is_up: true,
            }
        });
        let mut cluster = Self {
            about,
            servers: servers.collect(),
            in_flight: Vec::new(),
            luck: Luck(seed),
            out: Output::without_reasons(),
            requests: 0,
            events: 0,
            told: Vec::new(),
        };
        for server in 0..usize::from(size) {
            cluster.tell(server, Input::Start);
        }
        cluster
    }

    /// Has something happen.
    fn happen(&mut self) {
        let server = self.luck.below(self.servers.len());
        match self.luck.below(100) {
            0..=2 if self.servers[server].is_up => {
                self.told.push(format!("S{} crashes", server + 1));
                self.servers[server].is_up = false;
                self.servers[server].timers.clear();
            }
            0..=12 if !self.servers[server].is_up => {
                self.servers[server].is_up = true;
                let disk = self.servers[server].program_disk.clone();
                self.tell(server, Input::Restart(disk));
            }
            0..=17 => self.fire(server),
            18..=25 if self.about.requests => {
                self.requests += 1;
                let command = format!("x={}", self.requests);
                self.tell_if_up(server, Input::Propose(command.into()));
            }
            _ => self.deliver(),
        }
    }

    fn fire(&mut self, server: usize) {
        let running: Vec<_> = self.servers[server].timers.iter().copied().collect();
        if !running.is_empty() {
            let timer = running[self.luck.below(running.len())];
            self.servers[server].timers.remove(&timer);
            self.tell_if_up(server, Input::Timer(timer));
        }
    }

    fn deliver(&mut self) {
        if self.in_flight.is_empty() {
            return;
        }
        let chosen = self.luck.below(self.in_flight.len());
        let (from, to, message) = match self.luck.below(20) {
            // Delivered again later.
            0 => self.in_flight[chosen].clone(),
            1 => {
                self.in_flight.swap_remove(chosen);
                return;
            }
            _ => self.in_flight.swap_remove(chosen),
        };
        let server = usize::from(to.number()) - 1;
        self.tell_if_up(server, Input::Message { from, message });
    }

    fn tell_if_up(&mut self, server: usize, input: Input) {
        if self.servers[server].is_up {
            self.tell(server, input);
        }
    }

    fn tell(&mut self, server: usize, input: Input) {
        self.events += 1;
        self.told.push(format!("S{}: {input:?}", server + 1));
        let core_input = match &input {
            Input::Restart(_) => Input::Restart(self.servers[server].core_disk.clone()),
            input => input.clone(),
        };
        self.step_program(server, input);
        self.step_core(server, core_input);
        self.compare(server);
    }

    fn step_program(&mut self, server: usize, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next.take() {
            let at = &mut self.servers[server];
            self.out.clear();
            if let Err(failure) = at.program.step(Millis::ZERO, input, &mut self.out) {
                self.fail(&failure.to_string());
            }
            for effect in self.out.effects.drain(..) {
                match effect {
                    Effect::Persist(write) => {
                        at.program_disk.apply(&write);
                        next = Some(Input::WriteDone(write.id));
                    }
                    Effect::Send { to, message, .. } => self.in_flight.push((at.id, to, message)),
                    Effect::Arm { timer, .. } => {
                        at.timers.insert(timer);
                    }
                    Effect::Disarm(timer) => {
                        at.timers.remove(&timer);
                    }
                    Effect::Apply { .. } | Effect::Reply(_) => {}
                }
            }
        }
        // A network loses what it cannot hold.
        let surplus = self.in_flight.len().saturating_sub(60);
        self.in_flight.drain(..surplus);
    }

    fn step_core(&mut self, server: usize, input: Input) {
        let at = &mut self.servers[server];
        let mut next = Some(input);
        while let Some(input) = next.take() {
            self.out.clear();
            at.core.step(Millis::ZERO, input, &mut self.out);
            for effect in self.out.effects.drain(..) {
                if let Effect::Persist(write) = effect {
                    at.core_disk.apply(&write);
                    next = Some(Input::WriteDone(write.id));
                }
            }
        }
    }

    fn compare(&self, server: usize) {
        let at = &self.servers[server];
        let view = at.program.view();
        let core = &at.core;
        for what in &*self.about.compare {
            let (program, core) = match &**what {
                "role" => (
                    format!("{:?}", view.role),
                    format!("{:?}", Some(core.role().name())),
                ),
                "term" => (view.term.to_string(), core.term().to_string()),
                "vote" => (
                    format!("{:?}", view.voted_for),
                    format!("{:?}", core.voted_for()),
                ),
                "leader" => (format!("{:?}", view.leader), format!("{:?}", core.leader())),
                "log" => (format!("{:?}", view.log), format!("{:?}", core.log())),
                "commit" => (view.commit.to_string(), core.commit().to_string()),
                other => panic!("`{other}` cannot be compared"),
            };
            if program != core {
                self.fail(&format!(
                    "S{}'s {what}: the program {program}, the core {core}",
                    server + 1
                ));
            }
        }
        if at.program_disk != at.core_disk {
            self.fail(&format!(
                "S{}'s disk: the program {:?}, the core {:?}",
                server + 1,
                at.program_disk,
                at.core_disk
            ));
        }
    }

    fn fail(&self, what: &str) -> ! {
        let recent = self.told.len().saturating_sub(60);
        let told = self.told[recent..].join("\n");
        panic!("{}: {what}, after\n{told}", self.about.name);
    }
}

/// Runs a program until so many events have happened.
fn agrees(name: &str, events: usize) {
    let shipped = SHIPPED.iter().find(|it| it.name == name);
    let about = shipped.expect("it is shipped");
    let flaws: Vec<_> = about.flaws.iter().map(|it| Rc::from(&*it.name)).collect();
    let library = Programs::new(Rc::new(Interpreter::default()), Cow::Borrowed(SHIPPED));
    let program = library.program(name, None, &flaws).expect("it can be read");
    let (mut happened, mut led) = (0, 0);
    for seed in 1.. {
        let size = 1 + (seed % 5) as u8;
        let mut cluster = Cluster::new(about, &program, size, seed);
        for _ in 0..400 {
            cluster.happen();
        }
        happened += cluster.events;
        led += usize::from(cluster.servers.iter().any(|it| it.program.view().leads()));
        if happened >= events {
            break;
        }
    }
    assert!(led > 10, "there were leaders: {led}");
}

/// Events of each program: a million together.
const EVENTS: usize = 200_000;

#[test]
fn the_mended_server_of_a_loop_per_state_agrees_with_raft() {
    agrees("separate-states", EVENTS);
}

#[test]
fn the_mended_server_that_dispatches_on_the_type_agrees_with_raft() {
    agrees("message-dispatch", EVENTS);
}

#[test]
fn the_mended_server_of_tasks_agrees_with_raft() {
    agrees("async-tasks", EVENTS);
}

#[test]
fn the_solution_of_the_lab_sheet_agrees_with_raft() {
    agrees("lab-sheet-solution", EVENTS);
}

#[test]
fn the_mended_server_that_appends_entries_agrees_with_raft() {
    agrees("append-entry", EVENTS);
}
