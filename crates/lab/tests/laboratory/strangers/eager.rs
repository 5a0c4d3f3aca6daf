//! A server that leads from its start, whatever the others say.

use std::hash::{Hash as _, Hasher};

use hustings_lab::{Failure, Machine, Program, Start, View};
use hustings_raft::{
    Effect, Entries, Input, Message, Millis, MillisRange, NodeId, NodeSet, Output, RoleName, Timer,
    Write, WriteId,
};

/// Makes itself the leader of the next term when it starts, and sends heartbeats.
#[derive(Debug)]
pub struct Eager;

impl Program for Eager {
    fn name(&self) -> &str {
        "eager"
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(EagerServer {
            id: start.id,
            others: start.members.without(start.id),
            heartbeat: MillisRange::exactly(start.options.heartbeat.0),
            next_write: WriteId::FIRST,
            view: View::follower(&start),
        })
    }
}

#[derive(Clone, Debug)]
struct EagerServer {
    id: NodeId,
    others: NodeSet,
    heartbeat: MillisRange,
    next_write: WriteId,
    view: View,
}

impl EagerServer {
    fn lead(&mut self, out: &mut Output) {
        self.view.role = Some(RoleName::Leader);
        self.view.term = self.view.term.next();
        self.view.voted_for = Some(self.id);
        self.view.leader = Some(self.id);
        out.effects.push(Effect::Persist(Write {
            id: self.next_write,
            term: self.view.term,
            voted_for: self.view.voted_for,
            log: None,
        }));
        self.next_write = self.next_write.next();
    }

    fn send_heartbeats(&self, out: &mut Output) {
        let heartbeat = Message::AppendEntries {
            term: self.view.term,
            prev: self.view.log.last(),
            entries: Entries::default(),
            commit: self.view.commit,
        };
        let send = |to| Effect::Send {
            to,
            message: heartbeat.clone(),
            after: None,
        };
        out.effects.extend(self.others.iter().map(send));
        let (timer, duration) = (Timer::Heartbeat, self.heartbeat);
        out.effects.push(Effect::Arm { timer, duration });
    }
}

impl Machine for EagerServer {
    fn step(&mut self, _now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        match input {
            Input::Start | Input::Restart(_) => {
                self.lead(out);
                self.send_heartbeats(out);
            }
            Input::Timer(Timer::Heartbeat) => self.send_heartbeats(out),
            _ => {}
        }
        Ok(())
    }

    fn view(&self) -> View {
        self.view.clone()
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, mut state: &mut dyn Hasher) {
        (self.view.role, self.view.term).hash(&mut state);
    }
}
