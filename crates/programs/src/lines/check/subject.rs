//! A server that is walked through messages, and what is seen of it after each.

use hustings_lab::{Start, View};
use hustings_raft::{
    Entries, Entry, LogIndex, Message, Millis, NodeId, NodeSet, Options, Payload, Position, Stored,
    Term, Timer,
};

use super::super::host::{Lines, State};
use super::{ANSWER_TO_INIT, Checks, Wrong, told};
use crate::host::{Act, Host as _, Part, Told, Turn};

/// A server that is walked through messages.
pub(super) struct Subject<'a> {
    pub(super) server: &'a Lines,
    pub(super) state: State,
    pub(super) view: View,
    /// What is on its disk.
    pub(super) disk: Stored,
    /// What it sent in the last turn.
    pub(super) sent: Vec<Sent>,
    pub(super) armed: Vec<Timer>,
    now: Millis,
}

/// A message, to whom it went, and what was on the sender's disk then.
pub(super) type Sent = (NodeId, Message, Stored);

pub(super) const ME: u8 = 1;

pub(super) fn id(number: u8) -> NodeId {
    // The numbers are between 1 and 3.
    NodeId::new(number).unwrap_or_else(|| unreachable!("{number} is no server"))
}

pub(super) fn position(index: u64, term: u64) -> Position {
    Position {
        index: LogIndex(index),
        term: Term(term),
    }
}

pub(super) fn entry(term: u64, command: &str) -> Entry {
    Entry {
        term: Term(term),
        payload: Payload::Command(command.into()),
    }
}

pub(super) fn stored(term: u64, voted_for: Option<u8>, log: &[Entry]) -> Stored {
    Stored {
        term: Term(term),
        voted_for: voted_for.map(id),
        log: log.iter().cloned().collect(),
    }
}

pub(super) fn request_vote(term: u64, last: Position) -> Message {
    Message::RequestVote {
        term: Term(term),
        last,
        transfer: false,
    }
}

pub(super) fn append(term: u64, prev: Position, entries: &[Entry], commit: u64) -> Message {
    Message::AppendEntries {
        term: Term(term),
        prev,
        entries: Entries::from(entries),
        commit: LogIndex(commit),
    }
}

impl<'a> Subject<'a> {
    /// A server of three that starts with what is on its disk.
    pub(super) fn start(server: &'a Lines, disk: Stored) -> Result<Self, Wrong> {
        let start = Start {
            id: id(ME),
            members: NodeSet::first(3),
            options: Options::default(),
            stored: disk.clone(),
            commit: LogIndex::ZERO,
        };
        let turn = server
            .start(&start, Millis::ZERO)
            .map_err(|failure| Wrong {
                expected: ANSWER_TO_INIT.to_owned(),
                came: failure.message,
            })?;
        let mut subject = Self {
            server,
            state: turn.state.clone(),
            view: View::follower(&start),
            disk,
            sent: Vec::new(),
            armed: Vec::new(),
            now: Millis::ZERO,
        };
        subject.take(turn);
        Ok(subject)
    }

    pub(super) fn new(server: &'a Lines) -> Result<Self, Wrong> {
        Self::start(server, Stored::default())
    }

    fn take(&mut self, turn: Turn<State>) {
        self.sent.clear();
        self.armed.clear();
        for Part {
            acts, view, write, ..
        } in turn.parts
        {
            for act in acts {
                match act {
                    Act::Send { to, message } => self.sent.push((to, message, self.disk.clone())),
                    Act::Arm(timer, _) => self.armed.push(timer),
                    Act::Disarm(_) | Act::Reply(_) => {}
                }
            }
            self.view = view;
            self.disk = write.unwrap_or_else(|| self.disk.clone());
        }
        self.state = turn.state;
    }

    pub(super) fn tell(&mut self, told: &Told) -> Checks {
        self.now = self.now.plus(Millis(10));
        match self.server.turn(&self.state, self.now, told) {
            Ok(turn) => {
                self.take(turn);
                Ok(())
            }
            Err(failure) => Err(Wrong {
                expected: "an answer".to_owned(),
                came: failure.message,
            }),
        }
    }

    pub(super) fn message(&mut self, from: u8, message: Message) -> Checks {
        self.tell(&Told::Message {
            from: id(from),
            message,
        })
    }

    /// Its election timer runs out; a pre-vote, if it asks for one, is granted.
    pub(super) fn stand(&mut self) -> Checks {
        self.tell(&Told::Timer(Timer::Election))?;
        let asked = self.sent.iter().find_map(|(_, message, _)| match message {
            Message::PreVote { term, .. } => Some(*term),
            _ => None,
        });
        match asked {
            Some(term) => self.message(
                2,
                Message::PreVoteReply {
                    term,
                    granted: true,
                },
            ),
            None => Ok(()),
        }
    }

    /// It stands, and S2 votes for it.
    pub(super) fn lead(&mut self) -> Checks {
        self.stand()?;
        let term = self.view.term;
        self.message(
            2,
            Message::RequestVoteReply {
                term,
                granted: true,
            },
        )?;
        self.expect(self.view.leads(), "`state` says that its role is leader")
    }

    pub(super) fn expect(&self, holds: bool, expected: &str) -> Checks {
        if holds {
            return Ok(());
        }
        Err(Wrong {
            expected: expected.to_owned(),
            came: told::of(&self.view, &self.sent),
        })
    }

    /// The messages of a kind that go to each other server, with what was on the disk.
    pub(super) fn to_each(&self, fits: impl Fn(&Message, &Stored) -> bool) -> bool {
        [2, 3].into_iter().all(|to| self.to_one(to, &fits))
    }

    pub(super) fn to_one(&self, to: u8, fits: impl Fn(&Message, &Stored) -> bool) -> bool {
        let mut sent = self.sent.iter();
        sent.any(|(receiver, message, disk)| *receiver == id(to) && fits(message, disk))
    }

    /// Whether a vote went to a server, and was granted.
    pub(super) fn votes(&self, to: u8, term: u64, granted: bool) -> bool {
        self.to_one(to, |message, _| {
            *message
                == Message::RequestVoteReply {
                    term: Term(term),
                    granted,
                }
        })
    }

    pub(super) fn refuses_vote(&self, to: u8, term: u64) -> Checks {
        let expected =
            format!("`request_vote_res` to S{to} with term {term} and vote_granted false");
        self.expect(self.votes(to, term, false), &expected)
    }

    pub(super) fn refuses_entries(&self, term: u64) -> Checks {
        let expected = format!("`append_entries_res` to S2 with term {term} and success false");
        let refused = self.to_one(2, |message, _| {
            let negative = message.is_positive() == Some(false);
            negative
                && matches!(message, Message::AppendEntriesReply { .. })
                && message.term() == Term(term)
        });
        self.expect(refused, &expected)
    }
}
