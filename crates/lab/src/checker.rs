//! Checks the invariants after every record, at a cost proportional to what the record
//! changed.
//!
//! Most invariants refer to the whole history ("no two servers ever lead one term"), so
//! the checker records leaders, votes, entries, and which entries were committed or
//! applied. Each is stored with the record that caused it, so that a violation can
//! refer to it.

mod commits;
mod leaders;
mod logs;
mod votes;

use std::rc::Rc;

use hustings_raft::{Entry, LogIndex, NodeId, NodeMap, NodeSet, Role, RoleName, Term};

use crate::invariant::{Evidence, Invariant, Violation};
use crate::persistent_vec::PersistentVec;
use crate::record::{Flight, RecordId};
use crate::server::{Node, Server};
use crate::vec_map::VecMap;

/// The recorded history, and the violations found.
#[derive(Clone, Default, Debug)]
pub(crate) struct InvariantChecker {
    leaders: Rc<VecMap<Term, Recorded<NodeId>>>,
    votes: Rc<VecMap<(Term, NodeId), Recorded<NodeId>>>,
    /// The history of each index, from 1; shared, so that copying a leaf is cheap.
    indexes: PersistentVec<Rc<IndexHistory>>,
    violations: Rc<Vec<Violation>>,
}

/// The history of one index.
#[derive(Clone, Default, Debug)]
struct IndexHistory {
    /// Every entry that a log has held there.
    entries: Rc<[Recorded<LogEntryAt>]>,
    /// The entry that a leader committed.
    committed: Option<Recorded<Committed>>,
    /// The entry that servers applied, and the first server that did.
    applied: Option<Recorded<(Entry, NodeId)>>,
}

/// A value with the record that caused it.
#[derive(Clone, Debug)]
struct Recorded<T> {
    value: T,
    record: RecordId,
}

/// An entry, and the term of the one before it.
#[derive(Clone, PartialEq, Debug)]
struct LogEntryAt {
    entry: Entry,
    after: Term,
}

#[derive(Clone, Debug)]
struct Committed {
    entry: Entry,
    /// The term of the leader that committed it.
    in_term: Term,
    /// The members at that time.
    members: NodeSet,
}

/// The state of a server before a step, as far as checks compare it with the state
/// after.
#[derive(Clone, Debug)]
pub(crate) struct ServerSnapshot {
    role: RoleName,
    term: Term,
    last: LogIndex,
    commit: LogIndex,
    matches: NodeMap<LogIndex>,
    stored_term: Term,
}

impl ServerSnapshot {
    pub(crate) fn of(server: &Server) -> Option<Self> {
        let node = server.node()?;
        let matches = match node.role() {
            Role::Leader { progress, .. } => progress
                .iter()
                .map(|(id, known)| (id, known.match_index))
                .collect(),
            _ => NodeMap::default(),
        };
        Some(Self {
            role: node.role().name(),
            term: node.term(),
            last: node.log().last_index(),
            commit: node.commit(),
            matches,
            stored_term: server.disk.stored.term,
        })
    }
}

/// The changes of a step that the checks need.
#[derive(Default)]
pub(crate) struct StepDelta {
    /// The first index at which the log changed.
    pub(crate) log_from: Option<LogIndex>,
    /// The first index at which the disk's log changed.
    pub(crate) disk_from: Option<LogIndex>,
    /// For a restart, the term that was on the disk before.
    pub(crate) stored_term: Option<Term>,
    /// The messages sent.
    pub(crate) sent: Vec<Rc<Flight>>,
    /// A change of role that is not allowed.
    pub(crate) wrong_transition: Option<(RoleName, RoleName)>,
}

/// The record to be checked.
#[derive(Clone, Copy)]
struct CheckContext<'a> {
    record: RecordId,
    servers: &'a [Rc<Server>],
    server: &'a Server,
}

impl<'a> CheckContext<'a> {
    fn of(record: RecordId, servers: &'a [Rc<Server>], id: NodeId) -> Option<Self> {
        let server = servers.iter().find(|server| server.id() == id)?;
        Some(Self {
            record,
            servers,
            server,
        })
    }
}

/// Whether a server may change from role `old` to `new` in one step (Figure 4; diss.
/// §9.6); `stepped_down` if it was a follower in between.
pub(crate) fn may_become(old: RoleName, new: RoleName, stepped_down: bool) -> bool {
    use RoleName::{Candidate, Follower, Leader, PreCandidate};
    match (old, new) {
        (_, Follower) => true,
        (Leader, Leader) => true,
        (Leader, PreCandidate | Candidate) => stepped_down,
        (Follower | PreCandidate | Candidate, PreCandidate | Candidate) => true,
        (Candidate, Leader) => true,
        (Follower | PreCandidate, Leader) => false,
    }
}

/// The record in which a server starts.
fn started(server: &Server) -> RecordId {
    RecordId(usize::from(server.id().number()) - 1)
}

fn offset(index: LogIndex) -> Option<usize> {
    usize::try_from(index.0.checked_sub(1)?).ok()
}

fn through(first: LogIndex, last: LogIndex) -> impl Iterator<Item = LogIndex> {
    (first.0..=last.0).map(LogIndex)
}

impl InvariantChecker {
    /// The violations so far, at most one of each invariant, in order.
    pub(crate) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Checks the initial states of the servers.
    pub(crate) fn start(&mut self, servers: &[Rc<Server>]) {
        for server in servers {
            let record = started(server);
            let context = CheckContext {
                record,
                servers,
                server,
            };
            self.check_log(context, LogIndex(1));
            let stored = &server.disk.stored;
            if let Some(vote) = stored.voted_for {
                self.record_vote(context, stored.term, vote);
            }
            if server.commit() > LogIndex::ZERO {
                self.check_applied(context, LogIndex(1));
            }
        }
        for server in servers {
            self.adopt_initial_commit(server, servers);
        }
    }

    /// Records the initially committed entries that a majority holds on disk as
    /// committed; the others cannot have been, whatever the script says. The leader
    /// that committed them had at most the term of any server that knows of it.
    fn adopt_initial_commit(&mut self, server: &Server, servers: &[Rc<Server>]) {
        let members = server.node().map(Node::members).unwrap_or_default();
        for index in through(LogIndex(1), server.commit()) {
            let Some(entry) = server.log().get(index) else {
                return;
            };
            let has = |other: &&Rc<Server>| other.log().get(index) == Some(entry);
            let knows = |other: &&Rc<Server>| has(other) && other.commit() >= index;
            let holders: NodeSet = servers.iter().filter(has).map(|it| it.id()).collect();
            if holders.intersection(members).len() < members.majority() {
                continue;
            }
            let in_term = servers.iter().filter(knows).map(|it| it.term()).max();
            let committed = Committed {
                entry: entry.clone(),
                in_term: in_term.unwrap_or_default(),
                members,
            };
            self.commit(index, committed, started(server));
        }
    }

    /// Checks a record in which a server took a step; `before` is `None` if it was not
    /// running before.
    pub(crate) fn step(
        &mut self,
        record: RecordId,
        servers: &[Rc<Server>],
        id: NodeId,
        before: Option<&ServerSnapshot>,
        delta: &StepDelta,
    ) {
        let Some(context) = CheckContext::of(record, servers, id) else {
            return;
        };
        self.check_own_vote(context);
        self.check_messages(context, &delta.sent);
        self.check_terms(context, before, delta.stored_term);
        if let Some((old, new)) = delta.wrong_transition {
            let server = id;
            self.report(
                context,
                None,
                Evidence::WrongTransition { server, old, new },
            );
        }
        if let Some(from) = delta.log_from {
            self.check_append_only(context, before, from);
            self.check_log(context, from);
        }
        self.check_leader(context, before, delta.log_from);
        self.check_commit(context, before, delta.log_from);
        if let Some(from) = delta.disk_from {
            self.check_disks(context, from);
        }
    }

    /// Checks the messages that a server has in flight after it may have lost its term.
    pub(crate) fn check_in_flight<'a>(
        &mut self,
        record: RecordId,
        servers: &[Rc<Server>],
        id: NodeId,
        flights: impl Iterator<Item = &'a Rc<Flight>>,
    ) {
        let Some(context) = CheckContext::of(record, servers, id) else {
            return;
        };
        for flight in flights.filter(|flight| flight.link.from == id) {
            self.check_message_term(context, flight);
        }
    }

    fn report(
        &mut self,
        context: CheckContext<'_>,
        contradicts: Option<RecordId>,
        evidence: Evidence,
    ) {
        if !self.is_violated(evidence.invariant()) {
            Rc::make_mut(&mut self.violations).push(Violation {
                evidence,
                record: context.record,
                contradicts,
            });
        }
    }

    /// Whether an invariant is violated already and need not be checked.
    fn is_violated(&self, invariant: Invariant) -> bool {
        let known = |violation: &Violation| violation.invariant() == invariant;
        self.violations.iter().any(known)
    }

    fn record_entry(&mut self, index: LogIndex, value: LogEntryAt, record: RecordId) {
        if let Some(history) = self.history_mut(index) {
            let new = Recorded { value, record };
            history.entries = history.entries.iter().cloned().chain([new]).collect();
        }
    }

    fn history(&self, index: LogIndex) -> Option<&IndexHistory> {
        self.indexes.get(offset(index)?).map(|history| &**history)
    }

    fn history_mut(&mut self, index: LogIndex) -> Option<&mut IndexHistory> {
        let history = self.indexes.get_or_default_mut(offset(index)?)?;
        Some(Rc::make_mut(history))
    }

    /// Records an entry as committed; returns false if one was recorded before.
    fn commit(&mut self, index: LogIndex, value: Committed, record: RecordId) -> bool {
        let history = self
            .history_mut(index)
            .map(|history| &mut history.committed);
        let Some(committed @ None) = history else {
            return false;
        };
        *committed = Some(Recorded { value, record });
        true
    }

    /// The last index that any log has reached.
    fn last_index(&self) -> LogIndex {
        LogIndex::ZERO.plus(self.indexes.len())
    }
}
