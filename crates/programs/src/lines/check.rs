//! Walks a new server through its first messages.

use std::sync::Arc;

use hustings_lab::{Start, View};
use hustings_raft::{
    AppendResult, Entries, Entry, Log, LogIndex, Message, Millis, NodeId, NodeSet, Options,
    Payload, Position, RoleName, Stored, Term, Timer,
};

use super::body::Body;
use super::host::{Lines, State};
use crate::host::{Act, Host, Part, Told, Turn};

/// One thing that a server should do, and whether it does.
#[derive(Debug)]
pub struct Checked {
    /// What it should do, in a sentence.
    pub what: &'static str,
    /// What is wrong, if it does not.
    pub result: Result<(), Wrong>,
}

/// What was expected of a server, and what came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub came: String,
}

type Checks = Result<(), Wrong>;

type Check = fn(&Lines) -> Checks;

/// Checks a server, one thing after the other. If it does not even answer `init`, that is
/// all that can be said of it.
pub fn check(server: &Lines) -> impl Iterator<Item = Checked> {
    let mut starts = true;
    CHECKS.into_iter().map_while(move |(what, check)| {
        let result = starts.then(|| check(server))?;
        starts = !matches!(&result, Err(wrong) if wrong.expected == ANSWER_TO_INIT);
        Some(Checked { what, result })
    })
}

const ANSWER_TO_INIT: &str = "an answer to `init`";

const CHECKS: [(&str, Check); 19] = [
    ("it starts as a follower, with its election timer", starts),
    (
        "when its election timer runs out, it is a candidate of the next term and votes for itself",
        stands,
    ),
    (
        "its new term and its own vote are on its disk before it asks for others",
        persists_own_vote,
    ),
    ("it asks all others for their votes", asks_for_votes),
    ("it does not lead with one vote of three", waits_for_votes),
    (
        "it leads with two votes of three, and tells all others at once",
        leads,
    ),
    (
        "when its heartbeat timer runs out, it sends AppendEntries to all others",
        sends_heartbeats,
    ),
    (
        "it writes a client's command to its log and its disk, and sends it to all others",
        appends_command,
    ),
    (
        "it commits an entry that is on a majority of the disks",
        commits,
    ),
    ("it steps down when it hears of a newer term", steps_down),
    ("it gives its vote, once that is on its disk", grants_vote),
    (
        "it refuses a second candidate of the same term",
        refuses_second_candidate,
    ),
    (
        "it refuses a candidate of an older term, and tells it the newer one",
        refuses_old_candidate,
    ),
    (
        "it refuses a candidate whose log is not up to date",
        refuses_old_log,
    ),
    (
        "it follows a leader: entries are in its log, and on its disk before it confirms them",
        follows,
    ),
    (
        "it refuses entries that do not go on where its log agrees",
        refuses_gap,
    ),
    (
        "it replaces entries that differ from its leader's",
        replaces_entries,
    ),
    (
        "it restarts with the term, the vote and the log on its disk",
        restarts,
    ),
    (
        "it gives the same answers when the same inputs are repeated",
        repeats,
    ),
];

/// A server that is walked through messages.
struct Subject<'a> {
    server: &'a Lines,
    state: State,
    view: View,
    /// What is on its disk.
    disk: Stored,
    /// What it sent in the last turn, each with what was on its disk then.
    sent: Vec<(NodeId, Message, Stored)>,
    armed: Vec<Timer>,
    now: Millis,
}

const ME: u8 = 1;

fn id(number: u8) -> NodeId {
    // The numbers are between 1 and 3.
    NodeId::new(number).unwrap_or_else(|| unreachable!("{number} is no server"))
}

fn position(index: u64, term: u64) -> Position {
    Position {
        index: LogIndex(index),
        term: Term(term),
    }
}

fn entry(term: u64, command: &str) -> Entry {
    Entry {
        term: Term(term),
        payload: Payload::Command(command.into()),
    }
}

fn stored(term: u64, voted_for: Option<u8>, log: &[Entry]) -> Stored {
    Stored {
        term: Term(term),
        voted_for: voted_for.map(id),
        log: log.iter().cloned().collect(),
    }
}

fn request_vote(term: u64, last: Position) -> Message {
    Message::RequestVote {
        term: Term(term),
        last,
        transfer: false,
    }
}

fn append(term: u64, prev: Position, entries: &[Entry], commit: u64) -> Message {
    Message::AppendEntries {
        term: Term(term),
        prev,
        entries: Entries::from(entries),
        commit: LogIndex(commit),
    }
}

impl<'a> Subject<'a> {
    /// A server of three that starts with what is on its disk.
    fn start(server: &'a Lines, disk: Stored) -> Result<Self, Wrong> {
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

    fn new(server: &'a Lines) -> Result<Self, Wrong> {
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

    fn tell(&mut self, told: &Told) -> Checks {
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

    fn message(&mut self, from: u8, message: Message) -> Checks {
        self.tell(&Told::Message {
            from: id(from),
            message,
        })
    }

    /// Its election timer runs out; a pre-vote, if it asks for one, is granted.
    fn stand(&mut self) -> Checks {
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
    fn lead(&mut self) -> Checks {
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

    fn expect(&self, holds: bool, expected: &str) -> Checks {
        if holds {
            return Ok(());
        }
        let View {
            role,
            term,
            voted_for,
            leader,
            commit,
            ..
        } = &self.view;
        let server = |id: &Option<NodeId>| id.map_or("null".to_owned(), |id| id.to_string());
        let sent: Vec<_> = self
            .sent
            .iter()
            .map(|(to, message, disk)| {
                let body = serde_json::to_string(&Body::of(id(ME), message)).unwrap_or_default();
                format!(
                    "sent {to} {body} with current_term {}, voted_for {} and {} entries on its \
                     disk",
                    disk.term,
                    server(&disk.voted_for),
                    disk.log.len()
                )
            })
            .collect();
        let sent = if sent.is_empty() {
            "sent nothing".to_owned()
        } else {
            sent.join("; ")
        };
        let terms: Vec<_> = self.view.log.iter().map(|(_, it)| it.term.0).collect();
        Err(Wrong {
            expected: expected.to_owned(),
            came: format!(
                "it is a {} in term {term}, voted_for {}, leader {}, a log of terms {terms:?}, \
                 commit_index {commit}; it {sent}",
                role.unwrap_or(RoleName::Follower),
                server(voted_for),
                server(leader)
            ),
        })
    }

    /// The messages of a kind that go to each other server, with what was on the disk.
    fn to_each(&self, fits: impl Fn(&Message, &Stored) -> bool) -> bool {
        [2, 3].into_iter().all(|to| self.to_one(to, &fits))
    }

    fn to_one(&self, to: u8, fits: impl Fn(&Message, &Stored) -> bool) -> bool {
        let mut sent = self.sent.iter();
        sent.any(|(receiver, message, disk)| *receiver == id(to) && fits(message, disk))
    }

    /// Whether a vote went to a server, and was granted.
    fn votes(&self, to: u8, term: u64, granted: bool) -> bool {
        self.to_one(to, |message, _| {
            *message
                == Message::RequestVoteReply {
                    term: Term(term),
                    granted,
                }
        })
    }

    fn refuses_vote(&self, to: u8, term: u64) -> Checks {
        let expected =
            format!("`request_vote_res` to S{to} with term {term} and vote_granted false");
        self.expect(self.votes(to, term, false), &expected)
    }

    fn refuses_entries(&self, term: u64) -> Checks {
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

fn starts(server: &Lines) -> Checks {
    let it = Subject::new(server)?;
    it.expect(
        it.view.role == Some(RoleName::Follower),
        "`state` says that its role is follower",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election",
    )
}

fn stands(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    it.expect(
        it.view.role == Some(RoleName::Candidate)
            && it.view.term == Term(1)
            && it.view.voted_for == Some(id(ME)),
        "`state` with the role candidate, the term 1, and voted_for S1",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election, so that it tries again if nobody wins",
    )
}

fn persists_own_vote(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    let own = stored(1, Some(ME), &[]);
    it.expect(
        it.disk == own && it.sent.iter().all(|(_, _, disk)| *disk == own),
        "`persist` with current_term 1 and voted_for S1, and after it the messages",
    )
}

fn asks_for_votes(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    let wanted = request_vote(1, Position::START);
    it.expect(
        it.to_each(|message, _| *message == wanted),
        "`request_vote` to S2 and to S3, with term 1, last_log_index 0 and last_log_term 0",
    )
}

fn waits_for_votes(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    it.message(
        2,
        Message::RequestVoteReply {
            term: Term(1),
            granted: false,
        },
    )?;
    it.expect(
        it.view.role == Some(RoleName::Candidate),
        "`state` says that its role is candidate, as S2 has refused its vote",
    )
}

fn leads(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.expect(
        it.to_each(|message, _| matches!(message, Message::AppendEntries { term: Term(1), .. })),
        "`append_entries` to S2 and to S3, with term 1",
    )
}

fn sends_heartbeats(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Timer(Timer::Heartbeat))?;
    it.expect(
        it.to_each(|message, _| matches!(message, Message::AppendEntries { .. })),
        "`append_entries` to S2 and to S3",
    )?;
    it.expect(
        it.armed.contains(&Timer::Heartbeat),
        "`set_timer` with the name heartbeat, for the next one",
    )
}

/// A leader with a command that it has sent.
fn with_command(server: &Lines) -> Result<Subject<'_>, Wrong> {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Request(Arc::from("x")))?;
    let has_it = |log: &Log| log.iter().any(|(_, it)| *it == entry(1, "x"));
    it.expect(
        has_it(&it.view.log) && has_it(&it.disk.log),
        "`persist` with a log whose last entry is {\"term\":1,\"op\":\"x\"}",
    )?;
    let sends_it = |message: &Message, _: &Stored| match message {
        Message::AppendEntries { entries, .. } => entries.contains(&entry(1, "x")),
        _ => false,
    };
    if !it.to_each(sends_it) {
        it.tell(&Told::Timer(Timer::Heartbeat))?;
    }
    it.expect(
        it.to_each(sends_it),
        "`append_entries` with that entry to S2 and to S3, at once or with the next heartbeat",
    )?;
    Ok(it)
}

fn appends_command(server: &Lines) -> Checks {
    with_command(server).map(drop)
}

fn commits(server: &Lines) -> Checks {
    let mut it = with_command(server)?;
    let matched = it.view.log.last_index();
    let result = AppendResult::Accepted { matched };
    it.message(
        2,
        Message::AppendEntriesReply {
            term: Term(1),
            result,
        },
    )?;
    let expected =
        format!("`state` with commit_index {matched}, as S2 has confirmed entries up to {matched}");
    it.expect(it.view.commit == matched, &expected)
}

fn steps_down(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.message(
        2,
        Message::AppendEntriesReply {
            term: Term(9),
            result: AppendResult::Refused {
                hint: LogIndex::ZERO,
            },
        },
    )?;
    it.expect(
        it.view.role == Some(RoleName::Follower) && it.view.term == Term(9),
        "`state` with the role follower and the term 9",
    )
}

fn grants_vote(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, request_vote(5, Position::START))?;
    it.expect(
        it.votes(2, 5, true),
        "`request_vote_res` to S2 with term 5 and vote_granted true",
    )?;
    let voted = stored(5, Some(2), &[]);
    it.expect(
        it.sent.iter().all(|(_, _, disk)| *disk == voted),
        "`persist` with current_term 5 and voted_for S2, and after it the reply",
    )
}

fn refuses_second_candidate(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, request_vote(5, Position::START))?;
    it.message(3, request_vote(5, Position::START))?;
    it.refuses_vote(3, 5)
}

fn refuses_old_candidate(server: &Lines) -> Checks {
    let mut it = Subject::start(server, stored(5, None, &[]))?;
    it.message(3, request_vote(4, position(9, 3)))?;
    it.refuses_vote(3, 5)
}

fn refuses_old_log(server: &Lines) -> Checks {
    let log = [entry(1, "a"), entry(2, "b")];
    let mut it = Subject::start(server, stored(2, None, &log))?;
    it.message(2, request_vote(3, position(5, 1)))?;
    it.refuses_vote(2, 3)
}

fn follows(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    let log = [entry(1, "a"), entry(1, "b")];
    it.message(2, append(1, Position::START, &log, 1))?;
    let confirmed = Message::AppendEntriesReply {
        term: Term(1),
        result: AppendResult::Accepted {
            matched: LogIndex(2),
        },
    };
    it.expect(
        it.to_one(2, |message, _| *message == confirmed),
        "`append_entries_res` to S2 with term 1, success true and match_index 2",
    )?;
    let wanted: Log = log.into_iter().collect();
    it.expect(
        it.sent.iter().all(|(_, _, disk)| disk.log == wanted),
        "`persist` with both entries in the log, and after it the reply",
    )?;
    it.expect(
        it.view.leader == Some(id(2)) && it.view.commit == LogIndex(1),
        "`state` with the leader S2 and commit_index 1",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election, as it has heard from a leader",
    )
}

fn refuses_gap(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, append(1, position(5, 1), &[entry(1, "f")], 0))?;
    it.refuses_entries(1)?;
    it.expect(it.view.log.is_empty(), "no entries in its log")
}

fn replaces_entries(server: &Lines) -> Checks {
    let log = [entry(1, "a"), entry(1, "b"), entry(1, "c")];
    let mut it = Subject::start(server, stored(1, None, &log))?;
    it.message(2, append(2, position(1, 1), &[entry(2, "z")], 0))?;
    let wanted: Log = [entry(1, "a"), entry(2, "z")].into_iter().collect();
    it.expect(
        it.view.log == wanted && it.disk.log == wanted,
        "`persist` with a log of two entries, of the terms 1 and 2",
    )
}

fn restarts(server: &Lines) -> Checks {
    let log = [entry(1, "a")];
    let mut it = Subject::start(server, stored(3, Some(2), &log))?;
    it.expect(
        it.view.term == Term(3) && it.view.log.len() == 1 && it.view.voted_for == Some(id(2)),
        "`state` with the term 3, voted_for S2 and a log of one entry, as `stable` of `init` has \
         them",
    )?;
    it.message(3, request_vote(3, position(1, 1)))?;
    it.refuses_vote(3, 3)
}

fn repeats(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Timer(Timer::Heartbeat))?;
    it.tell(&Told::Request(Arc::from("x")))?;
    it.server.repeat_all(&it.state).map_err(|failure| Wrong {
        expected: "the same lines from a process that is started anew and told the same".to_owned(),
        came: failure.message,
    })
}
