//! A server that shows and asks for anything.

use std::hash::{Hash as _, Hasher};

use hustings_lab::{Failure, Machine, Program, Start, View};
use std::rc::Rc;

use hustings_raft::{
    AppendResult, ClientReply, Effect, Entries, Entry, Input, LogIndex, Message, Millis,
    MillisRange, NodeId, NodeMap, NodeSet, Output, Payload, Position, Progress, ProgressState,
    RoleName, Term, Timer, Votes, Write, WriteId,
};

/// Does what numbers decide that look random.
#[derive(Debug)]
pub struct Noise(pub u64);

#[derive(Clone, Debug)]
struct NoisyServer {
    state: u64,
    view: View,
    write: WriteId,
}

impl Program for Noise {
    fn name(&self) -> &str {
        "noise"
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(NoisyServer {
            state: self.0 * 10 + u64::from(start.id.number()),
            view: View::follower(&start),
            write: WriteId::FIRST,
        })
    }
}

impl Machine for NoisyServer {
    fn step(&mut self, _now: Millis, _input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        if self.below(40) == 0 {
            return Err(Box::new(Failure::new("noise")));
        }
        self.change_view();
        for _ in 0..self.below(4) {
            let effect = self.effect();
            out.effects.push(effect);
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
        self.state.hash(&mut state);
    }
}

impl NoisyServer {
    /// The middle bits of a linear congruential generator.
    fn below(&mut self, end: u64) -> u64 {
        let next = self.state.wrapping_mul(6_364_136_223_846_793_005);
        self.state = next.wrapping_add(1);
        (self.state >> 33) % end
    }

    /// A small number, or now and then the largest.
    fn number(&mut self) -> u64 {
        match self.below(30) {
            0 => u64::MAX,
            _ => self.below(5),
        }
    }

    fn server(&mut self) -> NodeId {
        let number = self.below(9) as u8 + 1;
        NodeId::new(number).expect("1 to 9")
    }

    fn servers(&mut self) -> NodeSet {
        (0..self.below(6)).map(|_| self.server()).collect()
    }

    fn maybe(&mut self) -> Option<NodeId> {
        (self.below(2) == 0).then(|| self.server())
    }

    fn position(&mut self) -> Position {
        Position {
            index: LogIndex(self.number()),
            term: Term(self.number()),
        }
    }

    fn entry(&mut self) -> Entry {
        let term = Term(self.number());
        let payload = match self.below(3) {
            0 => Payload::Noop,
            1 => Payload::Command("x".into()),
            _ => Payload::Members(self.servers()),
        };
        Entry { term, payload }
    }

    fn change_view(&mut self) {
        match self.below(9) {
            0 => self.view.role = Some(RoleName::ALL[self.below(4) as usize]),
            1 => self.view.term = Term(self.number()),
            2 => self.view.voted_for = self.maybe(),
            3 => self.view.leader = self.maybe(),
            4 => self.view.members = (self.below(3) > 0).then(|| self.servers()),
            5 => self.view.commit = LogIndex(self.number()),
            6 => {
                let from = LogIndex(self.number());
                self.view.log.truncate_from(from);
                let entry = self.entry();
                self.view.log.append(entry);
            }
            7 => {
                let (granted, refused) = (self.servers(), self.servers());
                let votes = Votes { granted, refused };
                self.view.votes = (self.below(3) > 0).then_some(votes);
            }
            _ => {
                let known = Progress {
                    state: ProgressState::Probe,
                    next_index: LogIndex(self.number()),
                    match_index: LogIndex(self.number()),
                    active: self.below(2) == 0,
                };
                let all: NodeMap<_> = self.servers().iter().map(|id| (id, known)).collect();
                self.view.progress = (self.below(3) > 0).then(|| Rc::new(all));
            }
        }
    }

    fn effect(&mut self) -> Effect {
        let timer = Timer::ALL[self.below(4) as usize];
        match self.below(8) {
            0 => Effect::Persist(self.write()),
            1 => Effect::Disarm(timer),
            2 => Effect::Arm {
                timer,
                duration: MillisRange::exactly(self.below(50) + 1),
            },
            3 => Effect::Reply(match self.below(3) {
                0 => ClientReply::NotLeader {
                    leader: self.maybe(),
                },
                1 => ClientReply::Committed(self.position()),
                _ => ClientReply::Transferring {
                    target: self.server(),
                },
            }),
            _ => Effect::Send {
                to: self.server(),
                message: self.message(),
                after: (self.below(3) == 0).then_some(self.write),
            },
        }
    }

    fn write(&mut self) -> Write {
        // Now and then, an id is taken twice.
        if self.below(5) > 0 {
            self.write = self.write.next();
        }
        let entries = (0..self.below(3)).map(|_| self.entry());
        let entries = Entries::from_iter(entries.collect::<Vec<_>>());
        let from = LogIndex(self.number());
        Write {
            id: self.write,
            term: Term(self.number()),
            voted_for: self.maybe(),
            log: (self.below(2) == 0).then_some((from, entries)),
        }
    }

    fn message(&mut self) -> Message {
        let (term, last) = (Term(self.number()), self.position());
        let granted = self.below(2) == 0;
        match self.below(8) {
            0 => Message::RequestVote {
                term,
                last,
                transfer: granted,
            },
            1 => Message::RequestVoteReply { term, granted },
            2 => Message::PreVote { term, last },
            3 => Message::PreVoteReply { term, granted },
            4 => Message::TimeoutNow { term },
            5 => Message::AppendEntries {
                term,
                prev: last,
                entries: (0..self.below(3))
                    .map(|_| self.entry())
                    .collect::<Vec<_>>()
                    .into_iter()
                    .collect(),
                commit: LogIndex(self.number()),
            },
            6 => Message::AppendEntriesReply {
                term,
                result: AppendResult::Accepted {
                    matched: last.index,
                },
            },
            _ => Message::AppendEntriesReply {
                term,
                result: AppendResult::Refused { hint: last.index },
            },
        }
    }
}
