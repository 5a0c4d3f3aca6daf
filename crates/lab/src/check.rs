//! Checks of conditions: what does not hold, and what is found instead.

mod claim;

use hustings_raft::{LogIndex, Millis, NodeId, NodeSet};

use crate::condition::{Claim, Condition};
use crate::invariant::{Invariant, Violation};
use crate::machine::{Value, View};
use crate::pattern::{ServerPattern, Variable};
use crate::record::RecordId;
use crate::run::Run;
use crate::script;
use crate::server::Server;

/// An expectation that is not met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// What was expected; of a server, only the properties that differ.
    pub expected: Wanted,
    /// What was found instead.
    pub found: Found,
}

impl Mismatch {
    /// For a goal of `run until` that was not reached in time.
    pub fn not_reached(goal: &Condition, within: Millis, run: &Run) -> Self {
        let found = match goal {
            Condition::Quiet => Found::Traffic {
                messages: run.in_flight().count(),
                writes: run.servers().map(Server::pending_writes).sum(),
            },
            Condition::Leader
            | Condition::Leaders(_)
            | Condition::Term(_)
            | Condition::TermAbove(_)
            | Condition::Role { .. } => Found::roles_and_terms(run.servers()),
            Condition::Asserted(Claim::Committed(_)) => Found::commits(run.servers()),
            Condition::Asserted(Claim::Delivered(_)) => Found::NoneArrived,
            goal if goal.is_event() => Found::Nothing,
            goal => goal.mismatch(run, run.records().next_id()).found,
        };
        let expected = Wanted::Reached(Box::new(goal.clone()), within);
        Self { expected, found }
    }
}

/// What was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// What a line of a script says.
    Written(String),
    /// The last command sends a matching message.
    Sent(String),
    /// The last command sends no matching message.
    NotSent(String),
    /// The last command sends nothing.
    NothingSent,
    /// An invariant is violated.
    Violation(Invariant),
    /// An invariant holds.
    NotViolated(Invariant),
    /// A number of messages are in flight.
    InFlight(usize),
    /// A matching message is in flight.
    MessageInFlight(String),
    /// No matching message is in flight.
    NotInFlight(String),
    /// A server has committed up to an index.
    CommittedTo(LogIndex),
    /// No server has committed up to an index.
    NotCommittedTo(LogIndex),
    /// An entry is committed at an index.
    Committed(String, LogIndex),
    /// An entry is not committed at an index.
    NotCommitted(String, LogIndex),
    /// A condition holds.
    Condition(Box<Condition>),
    /// A condition holds within a duration.
    Reached(Box<Condition>, Millis),
}

/// What was found instead of what was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// What a line of a script would say.
    Written(String),
    /// The states of servers, each as in a script.
    Servers(Vec<String>),
    /// Messages that were sent or are in flight, each as in a script.
    Messages(Vec<String>),
    /// Entries, each as in a script with the server that holds it.
    Entries(Vec<(String, NodeId)>),
    /// The messages in flight.
    InFlight(Vec<String>),
    /// Violations.
    Violations(Vec<Violation>),
    /// A server that lacks a variable: what else is known of it, as in a script, and the
    /// variables of its program.
    Lacking {
        /// The server, with what differs.
        server: String,
        /// The names of the variables that it has.
        variables: Vec<String>,
    },
    /// The servers of the cluster, without the expected one.
    Cluster(NodeSet),
    /// The last command sent nothing.
    NothingSent,
    /// No server runs.
    NoneRuns,
    /// No matching message arrived.
    NoneArrived,
    /// None.
    Nothing,
    /// What is in flight or pending.
    Traffic {
        /// The number of messages in flight.
        messages: usize,
        /// The number of pending writes.
        writes: usize,
    },
}

impl Found {
    /// The roles and terms of servers.
    pub(crate) fn roles_and_terms<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let role_and_term = |server: &Server| {
            let shown = server.observed().role_and_term();
            format!("{}{shown}", server.id())
        };
        Self::Servers(servers.map(role_and_term).collect())
    }

    /// The commit indexes of servers.
    pub(crate) fn commits<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let commit = |server: &Server| {
            if server.is_up() {
                format!("{} commit={}", server.id(), server.commit())
            } else {
                format!("{} down", server.id())
            }
        };
        Self::Servers(servers.map(commit).collect())
    }
}

impl Condition {
    /// Checks the state of a run. `last` is the first record of the last command,
    /// to which conditions about what happens refer; what was violated stays so.
    ///
    /// # Errors
    ///
    /// When the condition does not hold: what was expected and what was found.
    pub fn check(&self, run: &Run, last: RecordId) -> Result<(), Mismatch> {
        let first = match self {
            Self::Violation
            | Self::Asserted(Claim::Violation(_))
            | Self::Denied(Claim::Violation(_)) => RecordId(0),
            _ => last,
        };
        if run.holds_since(self, first) {
            return Ok(());
        }
        Err(self.mismatch(run, last))
    }

    /// What was found instead, when the condition does not hold.
    fn mismatch(&self, run: &Run, last: RecordId) -> Mismatch {
        let written = |text: &str| Wanted::Written(text.to_owned());
        let (expected, found) = match self {
            Self::Server { server, is, is_not } => server_mismatch(*server, is, is_not, run),
            Self::OneLeader => (written("one leader"), found_leaders(run)),
            Self::NoLeader => (written(NO_LEADER), found_leaders(run)),
            Self::SentNothing => {
                let sent = run.sent_since(last).map(claim::written).collect();
                (Wanted::NothingSent, Found::Messages(sent))
            }
            Self::NoViolation => {
                let found = Found::Violations(run.violations().to_vec());
                (written(NO_VIOLATION), found)
            }
            Self::InFlight(count) => (Wanted::InFlight(*count), found_in_flight(run)),
            Self::Asserted(claim) => claim.mismatch(run, last),
            Self::Denied(claim) => claim.mismatch_of_denial(run, last),
            Self::Violation
            | Self::Leader
            | Self::Leaders(_)
            | Self::Quiet
            | Self::Role { .. }
            | Self::Term(_)
            | Self::TermAbove(_) => {
                let Mismatch { found, .. } = Mismatch::not_reached(self, Millis::ZERO, run);
                (Wanted::Condition(Box::new(self.clone())), found)
            }
        };
        Mismatch { expected, found }
    }
}

const NO_LEADER: &str = "no leader";
const NO_VIOLATION: &str = "no violation";

fn server_mismatch(
    id: NodeId,
    is: &ServerPattern,
    is_not: &ServerPattern,
    run: &Run,
) -> (Wanted, Found) {
    let Some(server) = run.server(id) else {
        return (Wanted::Written(id.to_string()), Found::Cluster(run.ids()));
    };
    let (found, view) = (server.observed(), server.view());
    let term = found.term;
    let (unmet, in_common) = (is.unmet(found.clone()), is_not.in_common(found));
    let (mut wanted, mut so) = unmet.unwrap_or_default();
    let mut unwanted = in_common.unwrap_or_default();
    let those = |all: &[Variable], shown: bool| -> Vec<_> {
        let those = all.iter().filter(|it| view.shows(it) == shown);
        those.cloned().collect()
    };
    unwanted.variables = those(&is_not.variables, true);
    so.add(unwanted.clone());
    if unwanted.role.is_some() {
        so.term = term;
    }
    wanted.variables = those(&is.variables, false);
    let mut lacks = false;
    for variable in &wanted.variables {
        match nearest(view, &variable.path) {
            Some(found) if so.variables.contains(&found) => {}
            Some(found) => so.variables.push(found),
            None if view.is_up() => lacks = true,
            None => so.up = Some(false),
        }
    }
    let written = format!("{id}{so}");
    let found = match lacks {
        false => Found::Written(written),
        true => Found::Lacking {
            server: written,
            variables: names(view),
        },
    };
    (
        Wanted::Written(script::write_properties(id, &wanted, &unwanted)),
        found,
    )
}

/// The maximum length of a value that is told, in characters.
const VALUE_CHARS_MAX: usize = 200;

/// What a program has at a path, or else at the longest part of it where it has something.
fn nearest(view: &View, path: &str) -> Option<Variable> {
    let mut path = path;
    loop {
        if let Some(found) = view.variable(path) {
            let mut value = found.to_string();
            if let Some((end, _)) = value.char_indices().nth(VALUE_CHARS_MAX) {
                value.truncate(end);
                value.push('…');
            }
            return Some(Variable {
                path: path.into(),
                value: value.into(),
            });
        }
        path = path.rsplit_once('.')?.0;
    }
}

/// The names of a program's variables.
fn names(view: &View) -> Vec<String> {
    match &view.variables {
        Some(Value::Map(variables)) => variables.iter().map(|(name, _)| name.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn found_leaders(run: &Run) -> Found {
    let leaders = || run.servers().filter(|server| server.view().leads());
    match leaders().next() {
        None => Found::Written(NO_LEADER.to_owned()),
        Some(_) => Found::roles_and_terms(leaders()),
    }
}

fn found_in_flight(run: &Run) -> Found {
    let messages: Vec<_> = run
        .in_flight()
        .map(|flight| format!("{} {}", flight.link, flight.message.kind()))
        .collect();
    match messages.len() {
        0 => Found::Nothing,
        _ => Found::InFlight(messages),
    }
}
