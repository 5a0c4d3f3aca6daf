//! A server that runs a program, as a machine of the laboratory.

use std::collections::VecDeque;
use std::hash::{Hash as _, Hasher};
use std::rc::Rc;

use hustings_lab::{Failure, Machine, Start, View};
use hustings_raft::{
    Effect, Input, LogIndex, Message, Millis, NodeId, Output, Stored, Write, WriteId,
};

use crate::host::{Act, Host, Part, Told};

/// A server that runs a program.
///
/// The program blocks while it writes, as a call of `fsync` does: what it does after that
/// happens when the write is durable, and what it is told in the meantime waits.
#[derive(Debug)]
pub struct Guest<H: Host> {
    host: Rc<H>,
    start: Rc<Start>,
    /// The state after all parts; `None` before the first turn.
    state: Option<H::State>,
    /// The parts of the last turn that wait for the write.
    parts: VecDeque<Part>,
    writing: Option<WriteId>,
    /// What it has not been told yet, because it writes.
    untold: VecDeque<Told>,
    /// The message of the last turn, if nothing else was done in the step in which it began.
    message: Option<(NodeId, Message)>,
    /// Whether it dealt with that in the last step, and with nothing else.
    is_dealing: bool,
    view: View,
    printed: Vec<Rc<str>>,
    /// What the disk holds once all writes are durable.
    disk: Stored,
    next_write: WriteId,
}

impl<H: Host> Clone for Guest<H> {
    fn clone(&self) -> Self {
        Self {
            host: Rc::clone(&self.host),
            start: Rc::clone(&self.start),
            state: self.state.clone(),
            parts: self.parts.clone(),
            writing: self.writing,
            untold: self.untold.clone(),
            message: self.message.clone(),
            is_dealing: self.is_dealing,
            view: self.view.clone(),
            printed: self.printed.clone(),
            disk: self.disk.clone(),
            next_write: self.next_write,
        }
    }
}

impl<H: Host> Guest<H> {
    /// The maximum of what a server can be told while it waits for its disk.
    pub const UNTOLD_MAX: usize = 1000;

    /// A server that has not taken a turn.
    pub fn new(host: Rc<H>, start: Start) -> Self {
        Self {
            host,
            view: View::follower(&start),
            disk: start.stored.clone(),
            start: Rc::new(start),
            state: None,
            parts: VecDeque::new(),
            writing: None,
            untold: VecDeque::new(),
            message: None,
            is_dealing: false,
            printed: Vec::new(),
            next_write: WriteId::FIRST,
        }
    }

    fn begin(&mut self, now: Millis, out: &mut Output) -> Result<(), Box<Failure>> {
        let turn = self.host.start(&self.start, now)?;
        self.state = Some(turn.state);
        self.parts.extend(turn.parts);
        self.go_on(now, out)
    }

    /// Starts again, with what is on the disk and nothing else.
    fn begin_again(
        &mut self,
        stored: Stored,
        now: Millis,
        out: &mut Output,
    ) -> Result<(), Box<Failure>> {
        self.disk = stored.clone();
        self.start = Rc::new(Start {
            stored,
            commit: LogIndex::ZERO,
            ..(*self.start).clone()
        });
        self.parts.clear();
        self.untold.clear();
        self.writing = None;
        self.message = None;
        self.begin(now, out)
    }

    fn tell(&mut self, told: Told, now: Millis, out: &mut Output) -> Result<(), Box<Failure>> {
        if self.untold.len() >= Self::UNTOLD_MAX {
            return Err(Box::new(Failure::new(format!(
                "it writes, and more than {} messages, timers and requests wait",
                Self::UNTOLD_MAX
            ))));
        }
        if self.writing.is_none() {
            self.message = match &told {
                Told::Message { from, message } => Some((*from, message.clone())),
                Told::Timer(_) | Told::Request(_) => None,
            };
            self.is_dealing = true;
            self.take_turn(&told, now)?;
        } else {
            self.untold.push_back(told);
        }
        self.go_on(now, out)
    }

    fn take_turn(&mut self, told: &Told, now: Millis) -> Result<(), Box<Failure>> {
        if let Some(state) = &self.state {
            let turn = self.host.turn(state, now, told)?;
            self.state = Some(turn.state);
            self.parts.extend(turn.parts);
        }
        Ok(())
    }

    /// Goes on until a write is to be waited for, or there is nothing to do.
    fn go_on(&mut self, now: Millis, out: &mut Output) -> Result<(), Box<Failure>> {
        while self.writing.is_none() {
            if let Some(part) = self.parts.pop_front() {
                self.carry_out(part, out);
                continue;
            }
            let Some(told) = self.untold.pop_front() else {
                break;
            };
            self.message = None;
            self.take_turn(&told, now)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, part: Part, out: &mut Output) {
        out.effects.extend(part.acts.into_iter().map(effect));
        self.printed.extend(part.printed);
        self.view = part.view;
        if let Some(trace) = part.trace {
            self.host.executed(trace);
        }
        let Some(stored) = part.write else {
            return;
        };
        let id = self.next_write;
        self.next_write = id.next();
        let changed = self.disk.log.first_difference(&stored.log);
        out.effects.push(Effect::Persist(Write {
            id,
            term: stored.term,
            voted_for: stored.voted_for,
            log: changed.map(|from| (from, stored.log.copy(from, usize::MAX))),
        }));
        self.disk = stored;
        self.writing = Some(id);
    }
}

impl<H: Host> Machine for Guest<H> {
    fn step(&mut self, now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        self.printed.clear();
        self.is_dealing = false;
        let told = match input {
            Input::Start => return self.begin(now, out),
            Input::Restart(stored) => return self.begin_again(stored, now, out),
            Input::WriteDone(write) if self.writing == Some(write) => {
                self.writing = None;
                self.is_dealing = !self.parts.is_empty();
                return self.go_on(now, out);
            }
            Input::WriteDone(_) => return Ok(()),
            Input::Timer(timer) => Told::Timer(timer),
            Input::Message { from, message } => Told::Message { from, message },
            Input::Propose(command) => Told::Request(command),
            Input::Transfer(_) | Input::ChangeMembers(_) => return Ok(()),
        };
        self.tell(told, now, out)
    }

    fn knows(&self, input: &Input) -> bool {
        !matches!(input, Input::Transfer(_) | Input::ChangeMembers(_))
    }

    fn view(&self) -> View {
        self.view.clone()
    }

    fn printed(&self) -> &[Rc<str>] {
        &self.printed
    }

    fn dealt_with(&self) -> Option<(NodeId, &Message)> {
        let (from, message) = self.message.as_ref().filter(|_| self.is_dealing)?;
        Some((*from, message))
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, mut hasher: &mut dyn Hasher) {
        for part in &self.parts {
            (&part.acts, &part.write).hash(&mut hasher);
        }
        (self.writing.is_some(), &self.untold).hash(&mut hasher);
        if let Some(state) = &self.state {
            self.host.fingerprint(state, hasher);
        }
    }
}

fn effect(act: Act) -> Effect {
    match act {
        Act::Send { to, message } => Effect::Send {
            to,
            message,
            after: None,
        },
        Act::Arm(timer, duration) => Effect::Arm { timer, duration },
        Act::Disarm(timer) => Effect::Disarm(timer),
        Act::Reply(reply) => Effect::Reply(reply),
    }
}
