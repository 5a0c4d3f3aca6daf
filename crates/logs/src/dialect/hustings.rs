//! Hustings' own records of a run: what `hustings run --json` prints.

mod reasons;

use hustings_lab::Change;
use hustings_raft::{Message, NodeId, Position, Reason, RoleName};
use serde::Deserialize;
use serde_json::Value;

use super::Told;
use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{Alarm, Ballot, LogEnd, Observation, Refusal, Role, State, VoteReply};

/// What a record tells of the server that took a step; `None` if none did.
pub(super) fn read(line: &Line<'_>, names: &mut Names) -> Option<Told> {
    let (Some(_), Some(_), Some(event)) = (
        line.value("record"),
        line.value("at_ms"),
        line.value("event"),
    ) else {
        return None;
    };
    let event = Event::new(event)?;
    let mut step = Step {
        reasons: all(line.value("reasons")),
        changes: all(line.value("changes")),
        sent: all(line.value("sent")),
        waiting: all(line.value("waiting")),
        requested: event
            .delivered
            .as_ref()
            .is_some_and(|it| request(&it.message).is_some()),
        names,
        what: Vec::new(),
    };
    let by = step.name(event.server);
    step.tell(&event);
    let what = step.what;
    Some(Told {
        by: Some(by),
        group: None,
        what,
    })
}

/// Those that can be read: a later version may have others, too.
fn all<'a, T: Deserialize<'a>>(values: Option<&'a Value>) -> Vec<T> {
    let values = values.and_then(Value::as_array).into_iter().flatten();
    values.filter_map(|it| T::deserialize(it).ok()).collect()
}

/// What happened to a server.
struct Event<'a> {
    kind: &'a str,
    server: NodeId,
    body: &'a Value,
    /// The message that arrived.
    delivered: Option<Sent>,
}

impl<'a> Event<'a> {
    /// `None` if it happened to no server.
    fn new(event: &'a Value) -> Option<Self> {
        let (kind, body) = event.as_object()?.iter().next()?;
        let delivered = match kind.as_str() {
            "Delivered" => Some(Sent::deserialize(body).ok()?),
            "Started" | "TimerFired" | "WriteDone" | "Proposed" | "TransferAsked" | "Paused"
            | "Resumed" | "Crashed" | "Installed" | "Restarted" => None,
            _ => return None,
        };
        let server = match &delivered {
            Some(sent) => sent.link.to,
            None => NodeId::deserialize(body.get("server").unwrap_or(body)).ok()?,
        };
        Some(Self {
            kind,
            server,
            body,
            delivered,
        })
    }
}

/// A message, and on which link.
#[derive(Deserialize)]
struct Sent {
    link: Link,
    message: Message,
}

#[derive(Deserialize)]
struct Link {
    from: NodeId,
    to: NodeId,
}

/// A step of a server, as it is being told.
struct Step<'n> {
    reasons: Vec<Reason>,
    changes: Vec<Change>,
    sent: Vec<Sent>,
    waiting: Vec<Sent>,
    /// Whether a request for a vote has arrived.
    requested: bool,
    names: &'n mut Names,
    what: Vec<Observation>,
}

impl Step<'_> {
    fn name(&mut self, server: NodeId) -> Name {
        self.names.name(&server.to_string())
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.event(event);
        if event.kind == "Crashed" {
            // What it lost, its restart tells.
            return;
        }
        for reason in std::mem::take(&mut self.reasons) {
            self.reason(&reason);
        }
        self.requests();
        if let Some(sent) = &event.delivered {
            self.answers(sent);
        }
        self.changes();
        if self.what.is_empty() {
            // At least, it was up.
            self.what.push(Observation::State(State::default()));
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        let failed = event.body.get("failure").is_some_and(|it| !it.is_null());
        let timer = event.body.get("timer").and_then(Value::as_str);
        let what = match (event.kind, timer) {
            ("Started" | "Restarted" | "Installed", _) => self.started(),
            ("Crashed", _) if failed => Observation::Alarm {
                kind: Alarm::Fatal,
                peer: None,
                took: None,
            },
            ("Crashed", _) => Observation::Stopping,
            ("TimerFired", Some("Election")) => Observation::TimedOut {
                last_leader: None,
                term: None,
            },
            _ => return,
        };
        self.what.push(what);
    }

    /// A server starts as a follower, with what is on its disk.
    fn started(&mut self) -> Observation {
        let stored = self.reasons.iter().find_map(|reason| match reason {
            Reason::Started {
                term,
                voted_for,
                last,
            } => Some((*term, *voted_for, *last)),
            _ => None,
        });
        let vote = stored.map(|(_, voted_for, _)| voted_for.map(|it| self.name(it)));
        Observation::Started(State {
            role: Some(Role::Follower),
            term: stored.map(|(term, ..)| term.0),
            vote,
            leader: Some(None),
            log: stored.map(|(.., last)| log_end(last)),
            commit: None,
        })
    }

    /// The requests for votes that it sent.
    fn requests(&mut self) {
        for sent in &self.sent {
            let Some((ballot, term, last)) = request(&sent.message) else {
                continue;
            };
            self.what.push(Observation::Asked {
                to: self.names.name(&sent.link.to.to_string()),
                ballot,
                term: Some(term),
                log: Some(last),
            });
        }
    }

    /// Its answer to a request that arrived, and the answer that arrived, if no reason has
    /// told them: programs give none.
    fn answers(&mut self, delivered: &Sent) {
        let is_told = |it: &Observation| {
            matches!(
                it,
                Observation::Answered(_)
                    | Observation::Heard { .. }
                    | Observation::OlderTerm { stands: true, .. }
            )
        };
        if self.what.iter().any(is_told) {
            return;
        }
        let from = self.name(delivered.link.from);
        if let Some((ballot, granted)) = answer(&delivered.message) {
            self.what.push(Observation::Heard {
                from,
                ballot,
                granted,
                term: Some(delivered.message.term().0),
            });
        }
        let Some((ballot, term, theirs)) = request(&delivered.message) else {
            return;
        };
        let answers = self.sent.iter().chain(&self.waiting);
        let mut answers = answers.filter(|it| it.link.to == delivered.link.from);
        let Some((_, granted)) = answers.find_map(|it| answer(&it.message)) else {
            return;
        };
        self.what.push(Observation::Answered(Box::new(VoteReply {
            candidate: from,
            ballot,
            term: Some(term),
            theirs: Some(theirs),
            own: None,
            refused: (!granted).then_some(Refusal::Unsaid),
        })));
    }

    /// What has changed in its state.
    fn changes(&mut self) {
        let mut state = State::default();
        let mut members = None;
        for change in std::mem::take(&mut self.changes) {
            match change {
                Change::Term { new, .. } => state.term = Some(new.0),
                Change::VotedFor { new, .. } => state.vote = Some(new.map(|it| self.name(it))),
                Change::Role { new, .. } => state.role = Some(role(new)),
                Change::Leader { new, .. } => state.leader = Some(new.map(|it| self.name(it))),
                Change::LogEnd { new, .. } => state.log = Some(log_end(new)),
                Change::Members { new, .. } => members = Some(new),
                Change::Commit { new, .. } => state.commit = Some(new.0),
            }
        }
        if let Some(role) = state.role.take() {
            // Whoever stands takes its role first, and asks and counts in it.
            let stands = |it: &Observation| matches!(it, Observation::Stands { .. });
            let after_stands = self.what.iter().rposition(stands).map(|it| it + 1);
            let became = Observation::Became {
                role,
                term: state.term.take(),
                leader: state.leader.flatten(),
            };
            self.what
                .insert(after_stands.unwrap_or(self.what.len()), became);
        }
        if state != State::default() {
            self.what.push(Observation::State(state));
        }
        if let Some(members) = members {
            let voters = members.iter().map(|it| self.name(it)).collect();
            let learners = Vec::new();
            self.what.push(Observation::Members { voters, learners });
        }
    }
}

/// The kind, the term and the end of the candidate's log, if this requests a vote.
fn request(message: &Message) -> Option<(Ballot, u64, LogEnd)> {
    match *message {
        Message::RequestVote { term, last, .. } => Some((Ballot::Vote, term.0, log_end(last))),
        Message::PreVote { term, last } => Some((Ballot::PreVote, term.0, log_end(last))),
        _ => None,
    }
}

/// The kind and whether it is a yes, if this answers such a request.
fn answer(message: &Message) -> Option<(Ballot, bool)> {
    match *message {
        Message::RequestVoteReply { granted, .. } => Some((Ballot::Vote, granted)),
        Message::PreVoteReply { granted, .. } => Some((Ballot::PreVote, granted)),
        _ => None,
    }
}

fn role(role: RoleName) -> Role {
    match role {
        RoleName::Follower => Role::Follower,
        RoleName::PreCandidate => Role::PreCandidate,
        RoleName::Candidate => Role::Candidate,
        RoleName::Leader => Role::Leader,
    }
}

fn log_end(position: Position) -> LogEnd {
    LogEnd {
        term: position.term.0,
        index: position.index.0,
    }
}
