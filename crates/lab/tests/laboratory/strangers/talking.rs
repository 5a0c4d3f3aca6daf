//! A server with variables of its own, which says what it does.

use std::hash::{Hash as _, Hasher};
use std::rc::Rc;

use hustings_lab::{Failure, Machine, Program, Start, Value, View};
use hustings_raft::{Input, Millis, Output};

/// Counts its steps, and prints the commands that clients ask for. It fails at `fail`.
#[derive(Debug)]
pub struct Talking;

impl Program for Talking {
    fn name(&self) -> &str {
        "talking"
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(TalkingServer {
            steps: 0,
            printed: Vec::new(),
            view: View::follower(&start),
        })
    }
}

#[derive(Clone, Debug)]
struct TalkingServer {
    steps: i64,
    printed: Vec<Rc<str>>,
    view: View,
}

impl Machine for TalkingServer {
    fn step(&mut self, _now: Millis, input: Input, _out: &mut Output) -> Result<(), Box<Failure>> {
        self.printed.clear();
        self.steps += 1;
        if let Input::Propose(command) = &input {
            self.printed.push(command.as_ref().into());
            if &**command == "fail" {
                return Err(Box::new(Failure::new("it was told to")));
            }
            if &**command == "much" {
                self.printed
                    .extend((0..100).map(|_| "x".repeat(1_000).into()));
            }
        }
        Ok(())
    }

    fn view(&self) -> View {
        let map = |entries: &[(&str, Value)]| {
            let entries = entries.iter().cloned();
            Value::Map(entries.map(|(name, value)| (name.into(), value)).collect())
        };
        let votes = map(&[("S1", Value::Bool(true)), ("S3", Value::Bool(false))]);
        let pile = [Value::Int(7), Value::Text("two words".into())];
        View {
            variables: Some(map(&[
                ("nobody", Value::Nothing),
                ("pile", Value::List(pile.into())),
                ("steps", Value::Int(self.steps)),
                ("votes", votes),
            ])),
            ..self.view.clone()
        }
    }

    fn printed(&self) -> &[Rc<str>] {
        &self.printed
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, mut state: &mut dyn Hasher) {
        self.steps.hash(&mut state);
    }
}
