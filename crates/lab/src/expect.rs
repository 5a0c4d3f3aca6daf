//! What a script expects to be so, and whether it is.

mod claim;
mod facts;

use hustings_raft::{LogIndex, Millis, NodeId, NodeSet, RoleName};

pub use self::claim::Claim;
pub use self::facts::{LogEnd, MessageFacts, ServerFacts};
use crate::script::Not;
use crate::{Goal, Invariant, Lab, RecordId, Server, Violation};

/// A statement about a laboratory as it is now. Its `Display` is its line in a
/// script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// `expect S1 leader term=2 not voted-for=S3`: what a server is and holds, and
    /// what it does not. A crashed server has no role and no members, so that it does
    /// not have a certain one is so.
    Server {
        /// Which server.
        server: NodeId,
        /// What is so.
        is: ServerFacts,
        /// What is not, each by itself. Whether it runs is never among it.
        is_not: ServerFacts,
    },
    /// `expect one leader`: exactly one running server leads, in whatever term.
    OneLeader,
    /// `expect no leader`: no running server leads.
    NoLeader,
    /// `expect sent nothing`: the last line that did something, notes aside, put out
    /// no message.
    SentNothing,
    /// `expect no violation`: all invariants have held so far.
    NoViolation,
    /// `expect in flight 4`: so many messages are on their way.
    InFlight(usize),
    /// `expect sent RequestVote S1->S2`: this is so.
    So(Claim),
    /// `expect not sent RequestVote S1->S2`: this is not so.
    NotSo(Claim),
}

/// An expectation that is not met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// What was expected, of an expectation with several parts the wrong ones.
    pub expected: Wanted,
    /// What is so instead.
    pub found: Found,
}

impl Mismatch {
    /// A goal of `run until` that was not reached in that time.
    pub fn not_reached(goal: Goal, within: Millis, lab: &Lab) -> Self {
        let found = match goal {
            Goal::Quiet => Found::Traffic {
                messages: lab.in_flight().count(),
                writes: lab.servers().map(Server::pending_writes).sum(),
            },
            Goal::Violation => Found::Nothing,
            Goal::Committed(_) => Found::commits(lab.servers()),
            Goal::Delivered { .. } => Found::NoneArrived,
            Goal::Leader | Goal::Leaders(_) | Goal::Term(_) | Goal::Role { .. } => {
                Found::roles_and_terms(lab.servers())
            }
        };
        let expected = Wanted::Reached(goal, within);
        Self { expected, found }
    }
}

/// What a check gives. A mismatch is large and rare, so it stands behind a pointer.
type CheckResult<T = ()> = Result<T, Box<Mismatch>>;

/// What was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// As a script says it.
    Written(String),
    /// That the last step put out such a message.
    Sent(String),
    /// That it put out no such message.
    NotSent(String),
    /// That it put out nothing.
    NothingSent,
    /// That an invariant is violated.
    Violation(Invariant),
    /// That an invariant holds.
    NotViolated(Invariant),
    /// That so many messages are in flight.
    InFlight(usize),
    /// That such a message is in flight.
    MessageInFlight(String),
    /// That no such message is in flight.
    NotInFlight(String),
    /// That something is committed there.
    CommittedTo(LogIndex),
    /// That nothing is committed there.
    NotCommittedTo(LogIndex),
    /// That such an entry is committed there.
    Committed(String, LogIndex),
    /// That such an entry is not committed there.
    NotCommitted(String, LogIndex),
    /// That time gets somewhere before so much of it has passed.
    Reached(Goal, Millis),
}

/// What is so instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// As a script says it.
    Written(String),
    /// What servers are, each as a script says it.
    Servers(Vec<String>),
    /// Messages that were put out or are in flight, each as a script says it.
    Messages(Vec<String>),
    /// Entries, each as a script says it, and who holds it.
    Entries(Vec<(String, NodeId)>),
    /// The messages in flight.
    InFlight(Vec<String>),
    /// What is violated.
    Violations(Vec<Violation>),
    /// A cluster of other servers.
    Cluster(NodeSet),
    /// The last step put out nothing.
    NothingSent,
    /// No server runs.
    NoneRuns,
    /// No such message arrived.
    NoneArrived,
    /// Nothing of the kind.
    Nothing,
    /// What is under way.
    Traffic {
        /// How many messages.
        messages: usize,
        /// How many writes.
        writes: usize,
    },
}

impl Found {
    /// What these servers are.
    pub(crate) fn roles_and_terms<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let role_and_term = |server| {
            format!(
                "{}{}",
                Server::id(server),
                ServerFacts::role_and_term(server)
            )
        };
        Self::Servers(servers.map(role_and_term).collect())
    }

    /// How far these servers have committed.
    pub(crate) fn commits<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let commit = |server: &Server| match server.is_up() {
            true => format!("{} commit={}", server.id(), server.commit()),
            false => format!("{} down", server.id()),
        };
        Self::Servers(servers.map(commit).collect())
    }
}

impl Expectation {
    /// Whether the laboratory is as expected. `last` is the first record of what
    /// was done last, for expectations about what that put out.
    ///
    /// # Errors
    ///
    /// What was expected and what is so instead, if it is not.
    pub fn check(&self, lab: &Lab, last: RecordId) -> Result<(), Mismatch> {
        let checked = match self {
            Self::Server { server, is, is_not } => check_server(*server, is, is_not, lab),
            Self::OneLeader => check_leaders(1, "one leader", lab),
            Self::NoLeader => check_leaders(0, NO_LEADER, lab),
            Self::SentNothing => check_sent_nothing(lab, last),
            Self::NoViolation => check_no_violation(lab),
            Self::InFlight(count) => check_in_flight(*count, lab),
            Self::So(claim) => claim.check(lab, last),
            Self::NotSo(claim) => claim.check_not(lab, last),
        };
        checked.map_err(|mismatch| *mismatch)
    }
}

const NO_LEADER: &str = "no leader";
const NO_VIOLATION: &str = "no violation";

fn mismatch(expected: Wanted, found: Found) -> CheckResult {
    Err(Box::new(Mismatch { expected, found }))
}

fn find(server: NodeId, lab: &Lab) -> CheckResult<&Server> {
    lab.server(server).ok_or_else(|| {
        let expected = Wanted::Written(server.to_string());
        let found = Found::Cluster(lab.ids());
        Box::new(Mismatch { expected, found })
    })
}

fn check_server(server: NodeId, is: &ServerFacts, is_not: &ServerFacts, lab: &Lab) -> CheckResult {
    let found = find(server, lab)?;
    let differences = is.differences(ServerFacts::of(found));
    let in_common = is_not.in_common(found);
    if differences.is_none() && in_common.is_none() {
        return Ok(());
    }
    let (wanted, mut so) = differences.unwrap_or_default();
    let unwanted = in_common.unwrap_or_default();
    so.add(unwanted.clone());
    if unwanted.role.is_some() {
        so.term = Some(found.term());
    }
    mismatch(
        Wanted::Written(format!("{server}{wanted}{}", Not(&unwanted))),
        Found::Written(format!("{server}{so}")),
    )
}

fn check_leaders(wanted: usize, expected: &str, lab: &Lab) -> CheckResult {
    let leads = |server: &&Server| server.role() == Some(RoleName::Leader);
    let leaders = || lab.servers().filter(leads);
    let found = match leaders().count() {
        count if count == wanted => return Ok(()),
        0 => Found::Written(NO_LEADER.to_owned()),
        _ => Found::roles_and_terms(leaders()),
    };
    mismatch(Wanted::Written(expected.to_owned()), found)
}

fn check_sent_nothing(lab: &Lab, last: RecordId) -> CheckResult {
    let sent = claim::sent(lab, last);
    if sent.is_empty() {
        return Ok(());
    }
    let found = sent.iter().map(MessageFacts::to_string).collect();
    mismatch(Wanted::NothingSent, Found::Messages(found))
}

fn check_no_violation(lab: &Lab) -> CheckResult {
    match lab.violations() {
        [] => Ok(()),
        found => mismatch(
            Wanted::Written(NO_VIOLATION.to_owned()),
            Found::Violations(found.to_vec()),
        ),
    }
}

fn check_in_flight(count: usize, lab: &Lab) -> CheckResult {
    let messages: Vec<_> = lab
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
