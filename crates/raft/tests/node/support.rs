//! A single server under test.

use hustings_raft::{
    AppendResult, DropCause, Effect, Entry, Input, LogIndex, Message, MessageKind, Millis, Node,
    NodeId, NodeSet, Options, Output, Payload, Position, Reason, RoleName, Rule, StepDownCause,
    Stored, Term, Timer, Write, WriteId,
};

pub const S1: u8 = 1;
pub const S2: u8 = 2;
pub const S3: u8 = 3;
pub const S4: u8 = 4;
pub const S5: u8 = 5;

pub fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

pub fn at(index: u64, term: u64) -> Position {
    Position {
        index: LogIndex(index),
        term: Term(term),
    }
}

pub fn entry(term: u64) -> Entry {
    Entry {
        term: Term(term),
        payload: Payload::Command("x".into()),
    }
}

pub fn entries(terms: &[u64]) -> Vec<Entry> {
    terms.iter().copied().map(entry).collect()
}

/// A server under test, S1 of a cluster, whose disk is immediate unless told
/// otherwise.
pub struct Bench {
    pub node: Node,
    pub now: u64,
    pub slow_disk: bool,
    /// The writes that it has requested, in order.
    pub writes: Vec<WriteId>,
    out: Output,
}

/// The output of one step.
pub struct Step {
    pub effects: Vec<Effect>,
    pub reasons: Vec<Reason>,
}

impl Bench {
    /// S1 of `cluster` servers, started in term 0 with an empty log.
    pub fn of(cluster: u8) -> Self {
        Self::with(cluster, 0, None, &[])
    }

    /// S1 of `cluster` servers with this state on its disk.
    pub fn with(cluster: u8, term: u64, voted_for: Option<u8>, log: &[u64]) -> Self {
        Self::with_options(cluster, term, voted_for, log, Options::default())
    }

    pub fn with_options(
        cluster: u8,
        term: u64,
        voted_for: Option<u8>,
        log: &[u64],
        options: Options,
    ) -> Self {
        let stored = Stored {
            term: Term(term),
            voted_for: voted_for.map(id),
            log: entries(log).into_iter().collect(),
        };
        let node = Node::new(id(S1), NodeSet::first(cluster), options, stored);
        let mut bench = Self {
            node,
            now: 0,
            slow_disk: false,
            writes: Vec::new(),
            out: Output::default(),
        };
        bench.step(Input::Start);
        bench
    }

    /// A leader without a no-op in the given term, elected by S2 (and S3 of five).
    pub fn leader(cluster: u8, term: u64, log: &[u64]) -> Self {
        let options = Options {
            no_op: false,
            ..Options::default()
        };
        let mut bench = Self::with_options(cluster, term - 1, None, log, options);
        bench.time_out(Timer::Election);
        for voter in 2..=NodeSet::first(cluster).majority() {
            bench.vote_reply(voter, term, true);
        }
        bench
    }

    pub fn step(&mut self, input: Input) -> Step {
        self.out.clear();
        self.node.step(Millis(self.now), input, &mut self.out);
        if !self.slow_disk
            && let Some(write) = self.out.last_write()
        {
            let done = Input::WriteDone(write);
            self.node.step(Millis(self.now), done, &mut self.out);
        }
        let step = Step {
            effects: self.out.effects.clone(),
            reasons: self.out.reasons.clone(),
        };
        self.writes.extend(step.writes().map(|write| write.id));
        step
    }

    pub fn time_out(&mut self, timer: Timer) -> Step {
        self.step(Input::Timer(timer))
    }

    pub fn receive(&mut self, from: u8, message: Message) -> Step {
        let from = id(from);
        self.step(Input::Message { from, message })
    }

    pub fn vote_request(&mut self, from: u8, term: u64, last: Position) -> Step {
        let term = Term(term);
        let transfer = false;
        self.receive(
            from,
            Message::RequestVote {
                term,
                last,
                transfer,
            },
        )
    }

    pub fn pre_vote(&mut self, from: u8, term: u64, last: Position) -> Step {
        let term = Term(term);
        self.receive(from, Message::PreVote { term, last })
    }

    pub fn pre_vote_reply(&mut self, from: u8, term: u64, granted: bool) -> Step {
        let term = Term(term);
        self.receive(from, Message::PreVoteReply { term, granted })
    }

    pub fn vote_reply(&mut self, from: u8, term: u64, granted: bool) -> Step {
        let term = Term(term);
        self.receive(from, Message::RequestVoteReply { term, granted })
    }

    pub fn append(
        &mut self,
        from: u8,
        term: u64,
        prev: Position,
        new: &[u64],
        commit: u64,
    ) -> Step {
        let message = Message::AppendEntries {
            term: Term(term),
            prev,
            entries: entries(new).into(),
            commit: LogIndex(commit),
        };
        self.receive(from, message)
    }

    pub fn accepted(&mut self, from: u8, term: u64, matched: u64) -> Step {
        let result = AppendResult::Accepted {
            matched: LogIndex(matched),
        };
        let term = Term(term);
        self.receive(from, Message::AppendEntriesReply { term, result })
    }

    pub fn refused(&mut self, from: u8, term: u64, hint: u64) -> Step {
        let result = AppendResult::Refused {
            hint: LogIndex(hint),
        };
        let term = Term(term);
        self.receive(from, Message::AppendEntriesReply { term, result })
    }

    /// The n-th write, from 1, becomes durable.
    pub fn write_done(&mut self, nth: usize) -> Step {
        self.step(Input::WriteDone(self.writes[nth - 1]))
    }

    /// The terms in the log.
    pub fn log(&self) -> Vec<u64> {
        self.node
            .log()
            .iter()
            .map(|(_, entry)| entry.term.0)
            .collect()
    }
}

impl Step {
    /// The messages sent, with their receivers.
    pub fn sent(&self) -> Vec<(u8, Message)> {
        self.effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Send { to, message, .. } => Some((to.number(), message.clone())),
                _ => None,
            })
            .collect()
    }

    /// The one message sent.
    pub fn reply(&self) -> Message {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "one message: {sent:?}");
        sent.remove(0).1
    }

    /// Whether a timer was started or restarted.
    pub fn armed(&self, timer: Timer) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Arm { timer: armed, .. } if *armed == timer))
    }

    pub fn disarmed(&self, timer: Timer) -> bool {
        self.effects.contains(&Effect::Disarm(timer))
    }

    pub fn writes(&self) -> impl Iterator<Item = &Write> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Persist(write) => Some(write),
            _ => None,
        })
    }

    pub fn wrote(&self) -> bool {
        self.writes().next().is_some()
    }

    /// Whether a rule was applied.
    pub fn applied(&self, rule: Rule) -> bool {
        self.reasons.iter().any(|reason| reason.rule() == rule)
    }

    pub fn has_reason(&self, reason: Reason) -> bool {
        self.reasons.contains(&reason)
    }

    /// Whether the server gave up a role, and why.
    pub fn stepped_down(&self, role: RoleName, cause: StepDownCause) -> bool {
        self.has_reason(Reason::SteppedDown { role, cause })
    }

    /// Whether a message was dropped, and why.
    pub fn dropped(&self, sender: u8, kind: MessageKind, cause: DropCause) -> bool {
        self.has_reason(Reason::Dropped {
            sender: id(sender),
            kind,
            cause,
        })
    }
}

/// A vote reply of a term.
pub fn vote(term: u64, granted: bool) -> Message {
    let term = Term(term);
    Message::RequestVoteReply { term, granted }
}

/// A pre-vote reply of a term.
pub fn pre_vote(term: u64, granted: bool) -> Message {
    let term = Term(term);
    Message::PreVoteReply { term, granted }
}

/// An acknowledgement of a term.
pub fn accepted(term: u64, matched: u64) -> Message {
    Message::AppendEntriesReply {
        term: Term(term),
        result: AppendResult::Accepted {
            matched: LogIndex(matched),
        },
    }
}

/// A refusal of a term.
pub fn refused(term: u64, hint: u64) -> Message {
    Message::AppendEntriesReply {
        term: Term(term),
        result: AppendResult::Refused {
            hint: LogIndex(hint),
        },
    }
}
