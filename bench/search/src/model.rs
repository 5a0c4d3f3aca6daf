//! Raft for stateright, of about the size of its own example: three servers, elections, logs
//! with an entry of each server, and crashes.

use std::borrow::Cow;

use stateright::actor::{Actor, ActorModel, Id, Network, Out, model_timeout};
use stateright::{Checker, Expectation, Model};

/// How many servers there are.
const SERVERS: usize = 3;

/// How many of them are a majority.
const MAJORITY: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Role {
    Follower,
    Candidate,
    Leader,
}

/// An entry: its term, and the server whose request it is.
type Entry = (u8, u8);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Server {
    term: u8,
    vote: Option<u8>,
    role: Role,
    /// The servers that voted for it, one bit each.
    votes: u8,
    log: Vec<Entry>,
    commit: usize,
    /// Of each other server, how much of the log is known to be in its log.
    matched: [usize; SERVERS],
    /// Whether its own request waits for it to lead.
    requests: bool,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Letter {
    Vote {
        term: u8,
        last: (u8, usize),
    },
    Voted {
        term: u8,
    },
    Append {
        term: u8,
        before: usize,
        before_term: u8,
        entries: Vec<Entry>,
        commit: usize,
    },
    Appended {
        term: u8,
        matched: Option<usize>,
    },
}

/// The timers of a server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Timer {
    Election,
    Heartbeat,
}

struct Raft;

/// What is on a server's disk: its term, its vote and its log.
type Stored = (u8, Option<u8>, Vec<Entry>);

impl Actor for Raft {
    type Msg = Letter;
    type State = Server;
    type Timer = Timer;
    type Random = ();
    type Storage = Stored;

    fn on_start(&self, _: Id, stored: &Option<Stored>, out: &mut Out<Self>) -> Server {
        let (term, vote, log) = stored.clone().unwrap_or_default();
        out.set_timer(Timer::Election, model_timeout());
        out.set_timer(Timer::Heartbeat, model_timeout());
        Server {
            term,
            vote,
            role: Role::Follower,
            votes: 0,
            requests: stored.is_none(),
            log,
            commit: 0,
            matched: [0; SERVERS],
        }
    }

    fn on_timeout(&self, id: Id, state: &mut Cow<Server>, timer: &Timer, out: &mut Out<Self>) {
        match (timer, state.role) {
            (Timer::Election, Role::Follower | Role::Candidate) => {
                let server = state.to_mut();
                server.term += 1;
                (server.vote, server.votes) = (Some(number(id)), bit(id));
                server.role = Role::Candidate;
                let (term, last) = (server.term, server.last());
                out.save(server.stored());
                out.broadcast(&others(id), &Letter::Vote { term, last });
            }
            (Timer::Heartbeat, Role::Leader) => state.replicate(id, out),
            _ => {}
        }
    }

    fn on_msg(
        &self,
        id: Id,
        state: &mut Cow<Server>,
        from: Id,
        letter: Letter,
        out: &mut Out<Self>,
    ) {
        let server = state.to_mut();
        let before_it = server.stored();
        let (Letter::Vote { term, .. }
        | Letter::Voted { term }
        | Letter::Append { term, .. }
        | Letter::Appended { term, .. }) = letter;
        if term > server.term {
            (server.term, server.vote, server.role) = (term, None, Role::Follower);
        }
        let of_now = term == server.term;
        match letter {
            Letter::Vote { last, .. } => {
                let free = server.vote.is_none_or(|vote| vote == number(from));
                if of_now && free && last >= server.last() {
                    server.vote = Some(number(from));
                    out.send(from, Letter::Voted { term });
                }
            }
            Letter::Voted { .. } if of_now && server.role == Role::Candidate => {
                server.votes |= bit(from);
                if server.votes.count_ones() as usize >= MAJORITY {
                    server.lead(id, out);
                }
            }
            Letter::Append {
                before,
                before_term,
                entries,
                commit,
                ..
            } => {
                let holds = of_now && server.term_at(before) == Some(before_term);
                let matched = holds.then(|| server.append(before, &entries, commit));
                let term = server.term;
                out.send(from, Letter::Appended { term, matched });
            }
            Letter::Appended { matched, .. } if of_now && server.role == Role::Leader => {
                server.acknowledge(id, from, matched, out);
            }
            Letter::Voted { .. } | Letter::Appended { .. } => {}
        }
        if server.stored() != before_it {
            out.save(server.stored());
        }
    }
}

impl Server {
    fn stored(&self) -> Stored {
        (self.term, self.vote, self.log.clone())
    }

    fn last(&self) -> (u8, usize) {
        (self.log.last().map_or(0, |(term, _)| *term), self.log.len())
    }

    fn term_at(&self, len: usize) -> Option<u8> {
        match len.checked_sub(1) {
            None => Some(0),
            Some(place) => self.log.get(place).map(|(term, _)| *term),
        }
    }

    fn lead(&mut self, id: Id, out: &mut Out<Raft>) {
        self.role = Role::Leader;
        self.matched = [0; SERVERS];
        if self.requests {
            self.requests = false;
            self.log.push((self.term, number(id)));
        }
        self.replicate(id, out);
    }

    fn replicate(&self, id: Id, out: &mut Out<Raft>) {
        for other in others(id) {
            self.send_entries(other, out);
        }
    }

    fn send_entries(&self, to: Id, out: &mut Out<Raft>) {
        let before = self.matched[usize::from(to)].min(self.log.len());
        out.send(
            to,
            Letter::Append {
                term: self.term,
                before,
                before_term: self.term_at(before).unwrap_or(0),
                entries: self.log[before..].to_vec(),
                commit: self.commit,
            },
        );
    }

    /// Takes a leader's entries; returns how much of the log is as the leader's then.
    fn append(&mut self, before: usize, entries: &[Entry], commit: usize) -> usize {
        self.role = Role::Follower;
        let mine = &self.log[before..];
        let differs = mine
            .iter()
            .zip(entries)
            .any(|(mine, theirs)| mine != theirs);
        if differs || mine.len() < entries.len() {
            self.log.truncate(before);
            self.log.extend_from_slice(entries);
        }
        let matched = before + entries.len();
        self.commit = self.commit.max(commit.min(matched));
        matched
    }

    fn acknowledge(&mut self, id: Id, from: Id, matched: Option<usize>, out: &mut Out<Raft>) {
        let Some(matched) = matched else {
            self.send_entries(from, out);
            return;
        };
        let known = &mut self.matched[usize::from(from)];
        *known = matched.max(*known);
        let holds = |len: usize| {
            let others = others(id);
            1 + others
                .iter()
                .filter(|it| self.matched[usize::from(**it)] >= len)
                .count()
        };
        let lens = self.commit + 1..=self.log.len();
        let mut committed = lens.rev().filter(|len| holds(*len) >= MAJORITY);
        if let Some(len) = committed
            .next()
            .filter(|len| self.term_at(*len) == Some(self.term))
        {
            self.commit = len;
        }
    }
}

fn number(id: Id) -> u8 {
    usize::from(id) as u8
}

fn bit(id: Id) -> u8 {
    1 << number(id)
}

fn others(id: Id) -> Vec<Id> {
    (0..SERVERS).map(Id::from).filter(|it| *it != id).collect()
}

/// Looks breadth first at all states that are at most so many steps away; returns how many were
/// generated, and how many of them were different.
pub fn search(depth: usize, threads: usize) -> (u64, u64) {
    let model = ActorModel::new((), ())
        .actors((0..SERVERS).map(|_| Raft))
        .max_crashes(1)
        .init_network(Network::new_unordered_nonduplicating([]))
        .property(Expectation::Always, "one leader a term", |_, state| {
            let leads = |server: &&std::sync::Arc<Server>| server.role == Role::Leader;
            let leaders: Vec<_> = state.actor_states.iter().filter(leads).collect();
            let mut pairs = leaders.iter().zip(leaders.iter().skip(1));
            pairs.all(|(one, other)| one.term != other.term)
        })
        .property(
            Expectation::Always,
            "committed entries agree",
            |_, state| {
                let servers = &state.actor_states;
                servers.iter().all(|one| {
                    servers.iter().all(|other| {
                        let common = one.commit.min(other.commit);
                        one.log[..common] == other.log[..common]
                    })
                })
            },
        );
    let checker = model.checker().threads(threads).target_max_depth(depth);
    let checker = checker.spawn_bfs().join();
    checker.assert_properties();
    let (generated, states) = (checker.state_count(), checker.unique_state_count());
    (generated as u64, states as u64)
}
