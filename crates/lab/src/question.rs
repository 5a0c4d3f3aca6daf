//! Questions about what a run does next, with the answer that the run itself gives.

use hustings_raft::{LogIndex, Message, NodeId, NodeSet, Reason, Term, Timer, VoteRefusal};

use crate::command::Command;
use crate::record::{Event, Record, RecordId};
use crate::run::Run;
use crate::vec_map::VecSet;

/// What a question is about. It is about the first record after a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A server's election timer runs out: in which term does it stand?
    Term {
        /// The server.
        server: NodeId,
        /// Its term before.
        term: Term,
    },
    /// A request for a vote arrives: does the voter vote for the candidate?
    Vote {
        /// The server that is asked.
        voter: NodeId,
        /// The server that asks.
        candidate: NodeId,
        /// The term of the election.
        term: Term,
    },
    /// The first votes of an election come in: who wins it, before a later one begins?
    Winner {
        /// The term of the election.
        term: Term,
    },
    /// An acknowledgement arrives: does the leader commit the entry?
    Commit {
        /// The leader.
        leader: NodeId,
        /// The server that acknowledges.
        follower: NodeId,
        /// The last entry that it acknowledges.
        index: LogIndex,
    },
}

/// An answer that can be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// No, because of this.
    NoBecause(Objecting),
    /// This server.
    Server(NodeId),
    /// No server.
    Nobody,
    /// This term.
    Term(Term),
}

/// Why a voter might not vote for a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Objecting {
    /// It has given its vote of the term to another.
    VoteGiven,
    /// Its log is more up to date.
    LogAhead,
    /// Its term is later.
    LaterTerm,
    /// It hears from a leader.
    LeaderAlive,
}

/// A question about the next record of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// What it is about.
    pub subject: Subject,
    /// The answers to choose from, 2 to 4.
    pub answers: Vec<Answer>,
    /// The index of the right one.
    pub right: usize,
    /// The record that shows it.
    pub shown_by: RecordId,
}

/// The most events that are simulated to find out who wins an election.
const ELECTION_EVENTS_MAX: usize = 5_000;

impl Subject {
    /// What can be asked before a record.
    pub fn of(record: &Record) -> Option<Self> {
        match &record.event {
            Event::TimerFired {
                server,
                timer: Timer::Election,
                ..
            } => Self::of_timer(*server, record),
            Event::Delivered(flight) => {
                let (me, sender) = (flight.link.to, flight.link.from);
                match *flight.message {
                    Message::RequestVote { term, .. } => Some(Self::Vote {
                        voter: me,
                        candidate: sender,
                        term,
                    }),
                    Message::RequestVoteReply { term, .. } => {
                        counts(record).then_some(Self::Winner { term })
                    }
                    Message::AppendEntriesReply { .. } => Self::of_acknowledgement(record),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn of_timer(server: NodeId, record: &Record) -> Option<Self> {
        let stands = record.reasons.iter().find_map(stands_in)?;
        let term = Term(stands.0.checked_sub(1)?);
        Some(Self::Term { server, term })
    }

    fn of_acknowledgement(record: &Record) -> Option<Self> {
        let leader = record.event.server()?;
        record.reasons.iter().find_map(|reason| match *reason {
            Reason::MatchAdvanced { follower, new, .. } => Some(Self::Commit {
                leader,
                follower,
                index: new,
            }),
            _ => None,
        })
    }
}

impl Question {
    /// The question about a subject of the next record: `before` is the run just before it,
    /// `after` the same run at least up to that record. `None` if the run does not give the
    /// answer.
    pub fn about(subject: Subject, before: &Run, after: &Run) -> Option<Self> {
        let next = RecordId(before.records().len());
        let record = after.records().get(next)?;
        let (answers, right, shown_by) = match subject {
            Subject::Term { server, term } => {
                let right = record.reasons.iter().find_map(stands_in)?;
                (terms(before, server, term), Answer::Term(right), next)
            }
            Subject::Vote { .. } => {
                let right = vote(record)?;
                (votes(right), right, next)
            }
            Subject::Winner { term } => {
                if is_decided(before, term) {
                    return None;
                }
                let (winner, shown_by) = winner(term, next, after)?;
                let right = winner.map_or(Answer::Nobody, Answer::Server);
                (candidates(before, term, right), right, shown_by)
            }
            Subject::Commit { index, leader, .. } => {
                let old = before.server(leader)?.commit();
                if old >= index {
                    return None;
                }
                let commits = |reason: &Reason| matches!(reason, Reason::CommitAdvanced { new, .. } if *new >= index);
                let right = match record.reasons.iter().any(commits) {
                    true => Answer::Yes,
                    false => Answer::No,
                };
                (vec![Answer::Yes, Answer::No], right, next)
            }
        };
        let right = answers.iter().position(|answer| *answer == right)?;
        (answers.len() > 1).then_some(Self {
            subject,
            answers,
            right,
            shown_by,
        })
    }
}

fn stands_in(reason: &Reason) -> Option<Term> {
    match *reason {
        Reason::ElectionStarted { term, .. } => Some(term),
        _ => None,
    }
}

/// Whether an answer to a request for a vote is counted, either way.
fn counts(record: &Record) -> bool {
    let counts = |reason: &Reason| {
        matches!(
            reason,
            Reason::VoteCounted { .. } | Reason::VoteDenied { .. }
        )
    };
    record.reasons.iter().any(counts)
}

/// What the voter does.
fn vote(record: &Record) -> Option<Answer> {
    record.reasons.iter().find_map(|reason| {
        let why = match reason {
            Reason::VoteGranted { .. } => return Some(Answer::Yes),
            Reason::VoteRefused { refusal, .. } => match refusal {
                VoteRefusal::AlreadyVoted { .. } | VoteRefusal::TermTaken { .. } => {
                    Objecting::VoteGiven
                }
                VoteRefusal::LogBehind { .. } => Objecting::LogAhead,
                VoteRefusal::LeaderAlive { .. } => Objecting::LeaderAlive,
            },
            Reason::RequestStale { .. } => Objecting::LaterTerm,
            Reason::LeaseHeld { .. } => Objecting::LeaderAlive,
            _ => return None,
        };
        Some(Answer::NoBecause(why))
    })
}

/// Yes, the two usual objections, and the right one if it is another.
fn votes(right: Answer) -> Vec<Answer> {
    let mut answers = vec![
        Answer::Yes,
        Answer::NoBecause(Objecting::VoteGiven),
        Answer::NoBecause(Objecting::LogAhead),
    ];
    if !answers.contains(&right) {
        answers.push(right);
    }
    answers
}

/// The server's own term, the next, the one after, and the highest of all servers.
fn terms(run: &Run, server: NodeId, term: Term) -> Vec<Answer> {
    let others = run.servers().filter(|other| other.id() != server);
    let highest = others.map(|other| other.term()).max();
    let beyond = highest.map(|highest| Term(highest.0.saturating_add(1)));
    let next = Term(term.0.saturating_add(1));
    let terms = [term, next, Term(next.0.saturating_add(1))];
    let terms: VecSet<_> = terms.into_iter().chain(beyond).collect();
    terms.items().map(Answer::Term).collect()
}

/// Those who stand in a term, at most three, another server if there is only one, and
/// nobody.
fn candidates(run: &Run, term: Term, right: Answer) -> Vec<Answer> {
    let stands = |id: &NodeId| {
        run.server(*id)
            .is_some_and(|it| it.term() == term && it.voted_for() == Some(*id))
    };
    let mut servers: Vec<_> = run.ids().iter().filter(stands).collect();
    if servers.len() < 2 {
        servers.extend(run.ids().iter().find(|id| !servers.contains(id)));
    }
    servers.truncate(3);
    if let Answer::Server(winner) = right
        && !servers.contains(&winner)
    {
        servers.truncate(2);
        servers.push(winner);
    }
    let servers: NodeSet = servers.into_iter().collect();
    let servers = servers.iter().map(Answer::Server);
    servers.chain([Answer::Nobody]).collect()
}

/// Who wins the election of a term, from a record on, and by which record; nobody if an
/// election of a later term begins first. The run is played on until that is known.
fn winner(term: Term, from: RecordId, run: &Run) -> Option<(Option<NodeId>, RecordId)> {
    let mut from = from;
    let mut trial = run.clone();
    for _ in 0..ELECTION_EVENTS_MAX {
        let decided = trial.records().since(from).find_map(|(id, record)| {
            let winner = decides(record, term)?;
            Some((winner, id))
        });
        if decided.is_some() {
            return decided;
        }
        from = trial.records().next_id();
        trial.apply(Command::Step).ok()?;
    }
    None
}

/// How far back an election may have begun whose votes come in, in records.
const ELECTION_RECORDS_MAX: usize = 5_000;

fn is_decided(run: &Run, term: Term) -> bool {
    let mut recent = run.records().iter().rev().take(ELECTION_RECORDS_MAX);
    recent.any(|(_, record)| decides(record, term).is_some())
}

/// Whether a record decides the election of a term, and who has won it.
fn decides(record: &Record, term: Term) -> Option<Option<NodeId>> {
    record.reasons.iter().find_map(|reason| match *reason {
        Reason::ElectionWon { term: won, .. } if won == term => Some(record.event.server()),
        Reason::ElectionStarted { term: next, .. } if next > term => Some(None),
        _ => None,
    })
}
