//! How two futures differ at a time, and the sentence that matters most about it.

use hustings_lab::{Run, Server, narrate};
use hustings_raft::{LogIndex, NodeId, NodeSet};

use crate::i18n::{lang, texts};
use crate::session::leader;

/// In what a server differs between two runs.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ServerDifference {
    /// Its role, or whether it runs.
    pub role: bool,
    /// Its term.
    pub term: bool,
    /// Its vote.
    pub vote: bool,
    /// Its commit index.
    pub commit: bool,
    /// From which index on its log differs.
    pub log_from: Option<LogIndex>,
}

impl ServerDifference {
    fn between(one: &Server, other: &Server) -> Self {
        Self {
            role: one.role() != other.role(),
            term: one.term() != other.term(),
            vote: one.voted_for() != other.voted_for(),
            commit: one.commit() != other.commit(),
            log_from: parting(one, other),
        }
    }

    /// Whether there is none.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Whether the entry at an index differs.
    pub fn entry(self, index: LogIndex) -> bool {
        self.log_from.is_some_and(|from| from <= index)
    }
}

/// The first index at which the logs of two servers differ.
fn parting(one: &Server, other: &Server) -> Option<LogIndex> {
    let (one, other) = (one.log(), other.log());
    if one == other {
        return None;
    }
    let last = one.last_index().max(other.last_index());
    let mut indexes = (1..=last.0).map(LogIndex);
    indexes.find(|index| one.get(*index) != other.get(*index))
}

/// How two futures differ now.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Differences {
    servers: Vec<(NodeId, ServerDifference)>,
    /// What matters most, as it is in the one and in the other.
    told: Option<(String, String)>,
}

impl Differences {
    /// The differences between two runs of the same servers.
    pub fn between(one: &Run, other: &Run) -> Self {
        let pairs = one.servers().zip(other.servers());
        let servers: Vec<_> = pairs
            .map(|(one, other)| (one.id(), ServerDifference::between(one, other)))
            .filter(|(_, differs)| !differs.is_none())
            .collect();
        Self {
            told: told(one, other, &servers),
            servers,
        }
    }

    /// In what a server differs.
    pub fn of(&self, server: NodeId) -> ServerDifference {
        let found = self.servers.iter().find(|(id, _)| *id == server);
        found.map(|(_, differs)| *differs).unwrap_or_default()
    }

    /// The servers that differ.
    pub fn servers(&self) -> NodeSet {
        self.servers.iter().map(|(id, _)| *id).collect()
    }

    /// What differs most, as it is in the one and in the other; `None` if no server
    /// differs.
    pub fn told(&self) -> Option<(&str, &str)> {
        let told = self.told.as_ref();
        told.map(|(one, other)| (&**one, &**other))
    }
}

/// A thing to tell about a run.
type Fact = fn(&Run) -> String;

fn told(
    one: &Run,
    other: &Run,
    servers: &[(NodeId, ServerDifference)],
) -> Option<(String, String)> {
    let facts: [Fact; 4] = [broken_invariants, led, committed, highest_term];
    let mut pairs = facts.iter().map(|fact| (fact(one), fact(other)));
    let apart = pairs.find(|(one, other)| one != other);
    apart.or_else(|| {
        let (id, differs) = *servers.first()?;
        Some((fact_of(one, id, differs), fact_of(other, id, differs)))
    })
}

/// All invariants that are violated, in the order in which they were.
fn broken_invariants(run: &Run) -> String {
    let mut names: Vec<&str> = Vec::new();
    for violation in run.violations() {
        let name = violation.invariant().name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let Some((last, others)) = names.split_last() else {
        return texts().none_violated().to_owned();
    };
    let others = others.iter().map(|it| (*it).to_owned());
    match others.reduce(|all, it| texts().listed(all, it)) {
        Some(others) => texts().are_violated(others, last),
        None => texts().is_violated(last),
    }
}

fn led(run: &Run) -> String {
    let leader = leader(run).and_then(|id| run.server(id));
    match leader {
        Some(leader) => texts().leads_term(leader.id(), leader.term()),
        None => texts().nobody_leads().to_owned(),
    }
}

fn committed(run: &Run) -> String {
    let commits = run.servers().map(|server| server.commit().0);
    texts().are_committed(commits.max().unwrap_or_default())
}

fn highest_term(run: &Run) -> String {
    let terms = run.servers().map(|server| server.term().0);
    texts().highest_term(terms.max().unwrap_or_default())
}

/// The first thing about a server that differs.
fn fact_of(run: &Run, id: NodeId, differs: ServerDifference) -> String {
    let Some(server) = run.server(id) else {
        return String::new();
    };
    if differs.role {
        let role = server.role();
        let role = role.map_or(texts().down(), |role| narrate::role(role, lang()));
        texts().server_is(id, role)
    } else if differs.term {
        texts().server_in_term(id, server.term())
    } else if differs.vote {
        match server.voted_for() {
            Some(candidate) => texts().server_voted(id, candidate),
            None => texts().server_no_vote(id),
        }
    } else if differs.commit {
        texts().server_knows_committed(id, server.commit())
    } else {
        texts().server_has_entries(id, server.log().last_index())
    }
}
