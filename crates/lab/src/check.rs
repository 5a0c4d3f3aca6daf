//! Checks of expectations.

mod claim;

use hustings_raft::{LogIndex, Millis, NodeId, NodeSet, RoleName};

use crate::command::Goal;
use crate::expectation::Expectation;
use crate::invariant::{Invariant, Violation};
use crate::pattern::{LogEnd, ServerPattern};
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
    pub fn not_reached(goal: Goal, within: Millis, run: &Run) -> Self {
        let found = match goal {
            Goal::Quiet => Found::Traffic {
                messages: run.in_flight().count(),
                writes: run.servers().map(Server::pending_writes).sum(),
            },
            Goal::Violation => Found::Nothing,
            Goal::Committed(_) => Found::commits(run.servers()),
            Goal::Delivered { .. } => Found::NoneArrived,
            Goal::Leader | Goal::Leaders(_) | Goal::Term(_) | Goal::Role { .. } => {
                Found::roles_and_terms(run.servers())
            }
        };
        let expected = Wanted::Reached(goal, within);
        Self { expected, found }
    }
}

/// The result of a check. The error is boxed because it is large and rare.
type CheckResult<T = ()> = Result<T, Box<Mismatch>>;

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
    /// A goal is reached within a duration.
    Reached(Goal, Millis),
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
            let shown = observed(server).role_and_term();
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

impl Expectation {
    /// Checks the state of a run. `last` is the first record of the last command,
    /// to which expectations about sent messages refer.
    ///
    /// # Errors
    ///
    /// When the expectation is not met: what was expected and what was found.
    pub fn check(&self, run: &Run, last: RecordId) -> Result<(), Mismatch> {
        let checked = match self {
            Self::Server { server, is, is_not } => check_server(*server, is, is_not, run),
            Self::OneLeader => check_leaders(1, "one leader", run),
            Self::NoLeader => check_leaders(0, NO_LEADER, run),
            Self::SentNothing => check_sent_nothing(run, last),
            Self::NoViolation => check_no_violation(run),
            Self::InFlight(count) => check_in_flight(*count, run),
            Self::Asserted(claim) => claim.check(run, last),
            Self::Denied(claim) => claim.check_not(run, last),
        };
        checked.map_err(|mismatch| *mismatch)
    }
}

const NO_LEADER: &str = "no leader";
const NO_VIOLATION: &str = "no violation";

fn mismatch(expected: Wanted, found: Found) -> CheckResult {
    Err(Box::new(Mismatch { expected, found }))
}

fn find(server: NodeId, run: &Run) -> CheckResult<&Server> {
    run.server(server).ok_or_else(|| {
        let expected = Wanted::Written(server.to_string());
        let found = Found::Cluster(run.ids());
        Box::new(Mismatch { expected, found })
    })
}

/// The complete state of a server.
pub(crate) fn observed(server: &Server) -> ServerPattern {
    let log = server.log();
    ServerPattern {
        role: server.role(),
        term: Some(server.term()),
        voted_for: Some(server.voted_for()),
        log: Some(log.iter().map(|(_, entry)| entry.term).collect()),
        last: Some(LogEnd::Position(log.last())),
        commit: Some(server.commit()),
        leader: Some(server.leader()),
        members: server.view().members,
        up: Some(server.is_up()),
    }
}

fn check_server(
    server: NodeId,
    is: &ServerPattern,
    is_not: &ServerPattern,
    run: &Run,
) -> CheckResult {
    let found = observed(find(server, run)?);
    let term = found.term;
    let (unmet, in_common) = (is.unmet(found.clone()), is_not.in_common(found));
    if unmet.is_none() && in_common.is_none() {
        return Ok(());
    }
    let (wanted, mut so) = unmet.unwrap_or_default();
    let unwanted = in_common.unwrap_or_default();
    so.add(unwanted.clone());
    if unwanted.role.is_some() {
        so.term = term;
    }
    mismatch(
        Wanted::Written(script::write_properties(server, &wanted, &unwanted)),
        Found::Written(format!("{server}{so}")),
    )
}

fn check_leaders(wanted: usize, expected: &str, run: &Run) -> CheckResult {
    let leads = |server: &&Server| server.role() == Some(RoleName::Leader);
    let leaders = || run.servers().filter(leads);
    let found = match leaders().count() {
        count if count == wanted => return Ok(()),
        0 => Found::Written(NO_LEADER.to_owned()),
        _ => Found::roles_and_terms(leaders()),
    };
    mismatch(Wanted::Written(expected.to_owned()), found)
}

fn check_sent_nothing(run: &Run, last: RecordId) -> CheckResult {
    let sent: Vec<_> = claim::sent(run, last).map(claim::written).collect();
    if sent.is_empty() {
        return Ok(());
    }
    mismatch(Wanted::NothingSent, Found::Messages(sent))
}

fn check_no_violation(run: &Run) -> CheckResult {
    match run.violations() {
        [] => Ok(()),
        found => mismatch(
            Wanted::Written(NO_VIOLATION.to_owned()),
            Found::Violations(found.to_vec()),
        ),
    }
}

fn check_in_flight(count: usize, run: &Run) -> CheckResult {
    let messages: Vec<_> = run
        .in_flight()
        .map(|flight| format!("{} {}", flight.link, flight.message.kind()))
        .collect();
    let found = match messages.len() {
        found if found == count => return Ok(()),
        0 => Found::Nothing,
        _ => Found::InFlight(messages),
    };
    mismatch(Wanted::InFlight(count), found)
}
