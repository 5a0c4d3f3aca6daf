//! A server whose program fails at every message.

use std::hash::Hasher;

use hustings_lab::{Failure, Machine, Program, Start, View};
use hustings_raft::{Effect, Input, Millis, Output, Write, WriteId};

/// Takes a higher term from each message, in memory and to the disk, and fails then.
#[derive(Debug)]
pub struct Failing;

impl Program for Failing {
    fn name(&self) -> &str {
        "failing"
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(FailingServer(View::follower(&start)))
    }
}

#[derive(Clone, Debug)]
struct FailingServer(View);

impl Machine for FailingServer {
    fn step(&mut self, _now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        let Input::Message { message, .. } = input else {
            return Ok(());
        };
        self.0.term = message.term();
        out.effects.push(Effect::Persist(Write {
            id: WriteId::FIRST,
            term: self.0.term,
            voted_for: None,
            log: None,
        }));
        Err(Box::new(Failure {
            message: "no variable `votes`".to_owned(),
            at: Some((12, 5)),
        }))
    }

    fn view(&self) -> View {
        self.0.clone()
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, _state: &mut dyn Hasher) {}
}
