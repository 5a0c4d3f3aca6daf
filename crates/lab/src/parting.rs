//! Where a server that runs a program first does otherwise than Raft.
//!
//! Each such server has a shadow that runs Raft's core and is told whatever the server is
//! told: the timers that run out, the messages that arrive, requests, restarts. So nothing
//! but what the servers decide makes a difference; how long timers run, for instance, is
//! drawn in one of them only. What is compared is what can be seen after each input: a few
//! fields, and the messages that were sent. A program that writes and waits for its disk is
//! looked at when the disk is done.

use std::rc::Rc;

use hustings_raft::{
    AppendResult, BrokenRules, Effect, Input, LogIndex, Message, MessageKind, Millis, Node, NodeId,
    NodeMap, Options, Output, Position, Reason, RoleName, Stored, Term,
};

use crate::header::Header;
use crate::machine::{Machine, Program, View};
use crate::path::Link;
use crate::record::{Change, Event, Flight, MessageId, Record, RecordId};
use crate::run::{Run, changes_between};
use crate::vec_map::VecSet;

/// What of a program is compared with Raft's core.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compared {
    /// Its role.
    pub role: bool,
    /// Its term.
    pub term: bool,
    /// Its vote.
    pub vote: bool,
    /// The leader that it follows.
    pub leader: bool,
    /// Where its log ends.
    pub log: bool,
    /// Its commit index.
    pub commit: bool,
    /// Whether it takes clients' requests. If it does not, the core is not given any.
    pub requests: bool,
    /// Whether its leaders append an entry without a command when they begin.
    pub no_op: bool,
}

/// The first input after which a server did otherwise than Raft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parting {
    /// The record of the input.
    pub record: RecordId,
    /// What Raft would have done: the record that there would be, with its reasons. Its
    /// messages have no numbers.
    pub raft: Record,
}

/// Where a run parts from Raft; `None` if no server has done otherwise so far. Servers
/// without a program are Raft's core, and not looked at.
pub fn parting_from_raft(
    run: &Run,
    compared: impl Fn(&dyn Program) -> Compared,
) -> Option<Parting> {
    let header = run.header();
    let mut shadows = NodeMap::default();
    for (id, program) in header.programs.iter() {
        let busy = times_of_writes(run, id);
        shadows.insert(id, Shadow::new(id, header, compared(&**program), busy));
    }
    run.records().iter().find_map(|(id, record)| {
        let shadow = shadows.get_mut(record.event.server()?)?;
        shadow.follow(id, record)
    })
}

/// From which record on a server waits for its disk, up to which, in order: what it had begun
/// is done in that, or lost.
fn times_of_writes(run: &Run, server: NodeId) -> Vec<(RecordId, RecordId)> {
    let mut times = Vec::new();
    let mut last_change = None;
    for (id, record) in run.records().iter() {
        if record.event.server() != Some(server) {
            continue;
        }
        match record.event {
            Event::WriteDone { .. } => times.extend(record.cause.map(|cause| (cause, id))),
            Event::Crashed { lost_writes, .. } if lost_writes > 0 => {
                times.extend(last_change.map(|begun| (begun, id)));
            }
            _ => {}
        }
        if record.changes.iter().any(is_written) {
            last_change = Some(id);
        }
    }
    let writes = run.server(server).is_some_and(|it| it.pending_writes() > 0);
    times.extend(last_change.filter(|_| writes).map(|begun| {
        let end = RecordId(run.records().len());
        (begun, end)
    }));
    times
}

fn is_written(change: &Change) -> bool {
    matches!(
        change,
        Change::Term { .. } | Change::VotedFor { .. } | Change::LogEnd { .. }
    )
}

/// What can be seen of a server, as the records tell it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    role: RoleName,
    term: Term,
    vote: Option<NodeId>,
    leader: Option<NodeId>,
    last: Position,
    commit: LogIndex,
}

impl Seen {
    fn of(view: &View) -> Self {
        Self {
            role: view.role.unwrap_or(RoleName::Follower),
            term: view.term,
            vote: view.voted_for,
            leader: view.leader,
            last: view.log.last(),
            commit: view.commit,
        }
    }

    fn follow(&mut self, record: &Record) {
        for change in &record.changes {
            match *change {
                Change::Term { new, .. } => self.term = new,
                Change::VotedFor { new, .. } => self.vote = new,
                Change::Role { new, .. } => self.role = new,
                Change::Leader { new, .. } => self.leader = new,
                Change::LogEnd { new, .. } => self.last = new,
                Change::Commit { new, .. } => self.commit = new,
                Change::Members { .. } => {}
            }
        }
    }

    /// Whether both are the same in what is compared.
    fn is_like(&self, other: &Self, compared: Compared) -> bool {
        let same = [
            (compared.role, self.role == other.role),
            (compared.term, self.term == other.term),
            (compared.vote, self.vote == other.vote),
            (compared.leader, self.leader == other.leader),
            (compared.log, self.last == other.last),
            (compared.commit, self.commit == other.commit),
        ];
        same.into_iter().all(|(counts, same)| same || !counts)
    }
}

/// What of a message must be the same. How much a refusal tells is left to each.
type Told = (NodeId, MessageKind, Term, Option<bool>, LogIndex);

fn told(to: NodeId, message: &Message) -> Told {
    let matched = match message {
        Message::AppendEntriesReply {
            result: AppendResult::Accepted { matched },
            ..
        } => *matched,
        _ => LogIndex::ZERO,
    };
    let positive = message.is_positive();
    (to, message.kind(), message.term(), positive, matched)
}

/// A server of Raft's core that is told what another is told.
struct Shadow {
    id: NodeId,
    compared: Compared,
    /// As [`times_of_writes`] has them.
    busy: Vec<(RecordId, RecordId)>,
    /// What could be seen of the server itself.
    seen: Seen,
    /// What it has sent since both were last compared.
    sent: Vec<Told>,
    core: Node<BrokenRules>,
    disk: Stored,
    out: Output,
    /// What the core has done since both were last compared.
    raft: Done,
    /// The latest input since then.
    input: Option<RecordId>,
    /// Whether that is a timer.
    is_by_timer: bool,
    /// Whether a crash has left what nobody can tell.
    is_lost: bool,
}

/// What the core has done.
#[derive(Default)]
struct Done {
    before: Option<View>,
    reasons: Vec<Reason>,
    sent: Vec<(NodeId, Message)>,
}

impl Shadow {
    fn new(
        id: NodeId,
        header: &Header,
        compared: Compared,
        busy: Vec<(RecordId, RecordId)>,
    ) -> Self {
        let start = header.start_of(id);
        let options = Options {
            no_op: compared.no_op,
            pre_vote: false,
            check_quorum: false,
            ..start.options
        };
        let seen = Seen::of(&View::follower(&start));
        let disk = start.stored.clone();
        let core = Node::with_rules(id, start.members, options, start.stored, BrokenRules::NONE);
        Self {
            id,
            compared,
            busy,
            seen,
            sent: Vec::new(),
            core: core.with_commit(start.commit),
            disk,
            out: Output::default(),
            raft: Done::default(),
            input: None,
            is_by_timer: false,
            is_lost: false,
        }
    }

    /// Goes on by a record of its server.
    fn follow(&mut self, id: RecordId, record: &Record) -> Option<Parting> {
        if self.is_lost {
            return None;
        }
        if matches!(record.event, Event::Installed { program: None, .. }) {
            // From here on it is Raft's core.
            self.is_lost = true;
            return None;
        }
        if let Event::Crashed { lost_writes, .. } = &record.event {
            return self.crash(id, *lost_writes, record);
        }
        if let Some(input) = self.input_of(&record.event) {
            self.input = Some(id);
            self.is_by_timer |= matches!(input, Input::Timer(_));
            self.step(record.at, input);
        }
        let own = record.sent.iter().filter(|it| it.copy_of.is_none());
        self.sent
            .extend(own.map(|it| told(it.link.to, &it.message)));
        self.seen.follow(record);
        self.compare(id, record)
    }

    /// A server that is down is a follower with what is on its disk.
    fn crash(&mut self, id: RecordId, lost_writes: usize, record: &Record) -> Option<Parting> {
        let failed = matches!(
            record.event,
            Event::Crashed {
                failure: Some(_),
                ..
            }
        );
        if failed {
            return self.parting(id, record);
        }
        self.seen.follow(record);
        self.seen.role = RoleName::Follower;
        self.is_lost = lost_writes > 0;
        self.forget();
        None
    }

    fn input_of(&self, event: &Event) -> Option<Input> {
        Some(match event {
            Event::Started(_) => Input::Start,
            Event::Restarted(_) | Event::Installed { .. } => Input::Restart(self.disk.clone()),
            Event::TimerFired { timer, .. } => Input::Timer(*timer),
            Event::Delivered(flight) => Input::Message {
                from: flight.link.from,
                message: Message::clone(&flight.message),
            },
            Event::Proposed { command, .. } if self.compared.requests => {
                Input::Propose(command.clone())
            }
            // Of other requests programs are not told, and the core's disk takes no time.
            _ => return None,
        })
    }

    fn step(&mut self, now: Millis, input: Input) {
        let before = Machine::view(&self.core);
        self.raft.before.get_or_insert(before);
        let mut next = Some(input);
        while let Some(input) = next.take() {
            self.out.clear();
            self.core.step(now, input, &mut self.out);
            self.raft.reasons.append(&mut self.out.reasons);
            for effect in self.out.effects.drain(..) {
                match effect {
                    Effect::Persist(write) => {
                        self.disk.apply(&write);
                        next = Some(Input::WriteDone(write.id));
                    }
                    Effect::Send { to, message, .. } => self.raft.sent.push((to, message)),
                    _ => {}
                }
            }
        }
    }

    fn compare(&mut self, id: RecordId, record: &Record) -> Option<Parting> {
        if self.waits(id) {
            return None;
        }
        let core = Machine::view(&self.core);
        let raft = self.raft.sent.iter().map(|(to, it)| told(*to, it));
        let sends_same = self.that_count(raft) == self.that_count(self.sent.iter().copied());
        if sends_same && self.seen.is_like(&Seen::of(&core), self.compared) {
            self.forget();
            return None;
        }
        self.parting(id, record)
    }

    /// Whether the server waits for its disk after a record.
    fn waits(&self, id: RecordId) -> bool {
        let next = self.busy.partition_point(|(_, done)| *done <= id);
        self.busy.get(next).is_some_and(|(begun, _)| *begun <= id)
    }

    /// The messages that must be the same. When a leader sends which entries is left to it,
    /// but for its first AppendEntries, and those that a timer asks for.
    fn that_count(&self, sent: impl Iterator<Item = Told>) -> VecSet<Told> {
        let led = self.raft.before.as_ref().is_some_and(View::leads);
        let is_asked_for =
            self.is_by_timer || (!led && self.core.role().name() == RoleName::Leader);
        sent.filter(|(_, kind, ..)| is_asked_for || *kind != MessageKind::AppendEntries)
            .collect()
    }

    fn parting(&self, id: RecordId, record: &Record) -> Option<Parting> {
        let sent = self.raft.sent.iter().filter_map(|(to, message)| {
            Some(Rc::new(Flight {
                id: MessageId(0),
                link: Link::between(self.id, *to)?,
                message: Rc::new(message.clone()),
                sent_at: record.at,
                due_at: record.at,
                lost: false,
                copy_of: None,
                forged: false,
            }))
        });
        let before = self.raft.before.as_ref();
        let after = Machine::view(&self.core);
        let changes = before.map(|before| changes_between(before, &after));
        Some(Parting {
            record: self.input.unwrap_or(id),
            raft: Record {
                reasons: self.raft.reasons.clone().into(),
                changes: changes.unwrap_or_default(),
                sent: sent.collect(),
                ..Record::plain(record.at, record.cause, record.event.clone())
            },
        })
    }

    fn forget(&mut self) {
        self.sent.clear();
        self.raft = Done::default();
        self.input = None;
        self.is_by_timer = false;
    }
}
