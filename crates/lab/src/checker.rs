//! Keeps an eye on the invariants: after every record, at a cost that follows
//! what the record changed.
//!
//! Most invariants speak of all that has ever been ("no two servers ever lead
//! one term"), so the watch remembers who led, who voted for whom, which
//! entries there were and which were committed or applied. Each is remembered
//! with the record that made it so, for a violation to point to.

use std::rc::Rc;

use hustings_raft::{
    Entry, LogIndex, Message, MessageKind, NodeId, NodeMap, NodeSet, Position, Role, RoleName, Term,
};

use crate::persistent_vec::PersistentVec;
use crate::record::Flight;
use crate::server::{Node, Server};
use crate::vec_map::VecMap;
use crate::{Evidence, Invariant, RecordId, Violation};

/// What the watch remembers, and what it has found.
#[derive(Clone, Default, Debug)]
pub(crate) struct InvariantChecker {
    leaders: Rc<VecMap<Term, Recorded<NodeId>>>,
    votes: Rc<VecMap<(Term, NodeId), Recorded<NodeId>>>,
    /// What has been at each index, from 1.
    indexes: PersistentVec<IndexHistory>,
    violations: Rc<Vec<Violation>>,
}

/// What has been at one index.
#[derive(Clone, Default, Debug)]
struct IndexHistory {
    /// Every entry that has stood there in a log.
    entries: Rc<[Recorded<LogEntryAt>]>,
    /// What a leader has committed.
    committed: Option<Recorded<Committed>>,
    /// What servers have applied, and the first that did.
    applied: Option<Recorded<(Entry, NodeId)>>,
}

/// Something with the record that made it so.
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
    /// Who voted then.
    members: NodeSet,
}

/// What of a server can only be judged by comparing before and after.
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

/// What a record did to a server, as far as the watch needs it.
#[derive(Default)]
pub(crate) struct StepDelta {
    /// The first index at which the log changed.
    pub(crate) log_from: Option<LogIndex>,
    /// The first index at which the disk's log changed.
    pub(crate) disk_from: Option<LogIndex>,
    /// For a restart, the term that was on the disk before.
    pub(crate) stored_term: Option<Term>,
    /// The messages that left.
    pub(crate) sent: Vec<Rc<Flight>>,
    /// A change of role that is not allowed.
    pub(crate) wrong_transition: Option<(RoleName, RoleName)>,
}

/// A record that is being judged.
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

/// Whether a server may take this role, coming from that one (Figure 4; diss.
/// §9.6), when it may have stepped down in between.
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
    /// What has been violated so far, each invariant at most once, in order.
    pub(crate) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Looks at what the servers start with, before they do.
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

    /// Takes what a server starts with as committed for committed, if it is on
    /// the disks of a majority; what is not never was, whatever a script says.
    /// The leader that committed it had at most the term of any server that knows.
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

    /// Judges a record in which a server took a step; `before` is `None` if it
    /// did not run before.
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

    /// Judges what a server has in flight when it may have lost its term.
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

    /// Whether an invariant is violated already, so that it need not be looked at.
    fn is_violated(&self, invariant: Invariant) -> bool {
        let known = |violation: &Violation| violation.invariant() == invariant;
        self.violations.iter().any(known)
    }
}

/// Terms, votes and messages.
impl InvariantChecker {
    /// A server's vote for itself is given once it is on its disk. One for another
    /// is given when the reply leaves that grants it, for the reply's term: that is
    /// the term in which it is counted, whatever the disk says.
    fn check_own_vote(&mut self, context: CheckContext<'_>) {
        let (me, stored) = (context.server.id(), &context.server.disk.stored);
        if stored.voted_for == Some(me) {
            self.record_vote(context, stored.term, me);
        }
    }

    fn record_vote(&mut self, context: CheckContext<'_>, term: Term, vote: NodeId) {
        let voter = context.server.id();
        match self.votes.get((term, voter)) {
            None => {
                let record = context.record;
                let vote = Recorded {
                    value: vote,
                    record,
                };
                Rc::make_mut(&mut self.votes).insert((term, voter), vote);
            }
            Some(first) if first.value == vote => {}
            Some(&Recorded {
                value: first,
                record,
            }) => {
                let evidence = Evidence::TwoVotes {
                    voter,
                    term,
                    first,
                    second: vote,
                };
                self.report(context, Some(record), evidence);
            }
        }
    }

    fn check_messages(&mut self, context: CheckContext<'_>, sent: &[Rc<Flight>]) {
        for flight in sent {
            self.check_message_term(context, flight);
            if let Message::RequestVoteReply {
                term,
                granted: true,
            } = *flight.message
            {
                self.record_vote(context, term, flight.link.to);
            }
        }
    }

    fn check_message_term(&mut self, context: CheckContext<'_>, flight: &Flight) {
        let (kind, term, own) = (
            flight.message.kind(),
            flight.message.term(),
            context.server.term(),
        );
        // A pre-vote and the answer that grants it are about the next term.
        let about_next = kind == MessageKind::PreVote
            || (kind == MessageKind::PreVoteReply && flight.message.is_positive() == Some(true));
        if term > own && !about_next && !flight.forged {
            let sender = context.server.id();
            let evidence = Evidence::FromLaterTerm {
                sender,
                kind,
                term,
                own,
            };
            self.report(context, None, evidence);
        }
    }

    fn check_terms(
        &mut self,
        context: CheckContext<'_>,
        before: Option<&ServerSnapshot>,
        before_restart: Option<Term>,
    ) {
        let (server, own) = (context.server.id(), context.server.term());
        let stored = context.server.disk.stored.term;
        let before = before.map(|before| before.stored_term);
        let stored_before = before_restart.or(before).unwrap_or(stored);
        let (old, new) = match own < stored {
            true => (stored, own),
            false => (stored_before, stored),
        };
        if new < old {
            self.report(context, None, Evidence::TermFell { server, old, new });
        }
    }
}

/// Logs.
impl InvariantChecker {
    fn check_append_only(
        &mut self,
        context: CheckContext<'_>,
        before: Option<&ServerSnapshot>,
        from: LogIndex,
    ) {
        let led = |before: &&ServerSnapshot| before.role == RoleName::Leader;
        let Some(before) = before.filter(led) else {
            return;
        };
        let leads = context.server.role() == Some(RoleName::Leader);
        if leads && context.server.term() == before.term && from <= before.last {
            let (leader, index) = (context.server.id(), from);
            self.report(context, None, Evidence::LeaderRewrote { leader, index });
        }
    }

    /// An entry's index and term stand for all that is before it. So it is
    /// enough to compare each new entry, and the term before it, with what once
    /// stood there in the same term.
    fn check_log(&mut self, context: CheckContext<'_>, from: LogIndex) {
        let (server, log) = (context.server.id(), context.server.log());
        for index in through(from.max(LogIndex(1)), log.last_index()) {
            let (Some(entry), Some(after)) = (log.get(index), log.term_at(index.previous())) else {
                continue;
            };
            let term = entry.term;
            let position = Position { index, term };
            if term < after || term > context.server.term() {
                self.report(context, None, Evidence::TermsDecrease { server, position });
            }
            let entry_at = LogEntryAt {
                entry: entry.clone(),
                after,
            };
            let known = self
                .history(index)
                .map_or(&[][..], |history| &history.entries);
            let same = known.iter().find(|known| known.value.entry.term == term);
            let first = same.map(|known| (known.value == entry_at, known.record));
            match first {
                None => self.record_entry(index, entry_at, context.record),
                Some((true, _)) => {}
                Some((false, record)) => {
                    let evidence = Evidence::EntriesDiffer { server, position };
                    self.report(context, Some(record), evidence);
                }
            }
        }
    }
}

impl InvariantChecker {
    fn record_entry(&mut self, index: LogIndex, value: LogEntryAt, record: RecordId) {
        if let Some(history) = self.history_mut(index) {
            let new = Recorded { value, record };
            history.entries = history.entries.iter().cloned().chain([new]).collect();
        }
    }

    fn history(&self, index: LogIndex) -> Option<&IndexHistory> {
        self.indexes.get(offset(index)?)
    }

    fn history_mut(&mut self, index: LogIndex) -> Option<&mut IndexHistory> {
        self.indexes.get_or_default_mut(offset(index)?)
    }

    /// Takes an entry for committed; says whether it was not yet.
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

    /// The last index at which there has been anything.
    fn last_index(&self) -> LogIndex {
        LogIndex::ZERO.plus(self.indexes.len())
    }
}

/// Leaders.
impl InvariantChecker {
    fn check_leader(
        &mut self,
        context: CheckContext<'_>,
        before: Option<&ServerSnapshot>,
        log_from: Option<LogIndex>,
    ) {
        let Some(node) = context.server.node() else {
            return;
        };
        let Role::Leader { progress, .. } = node.role() else {
            return;
        };
        let (leader, term) = (node.id(), node.term());
        let led = |before: &&ServerSnapshot| before.role == RoleName::Leader && before.term == term;
        let Some(before) = before.filter(led) else {
            self.record_leader(context, leader, term);
            self.check_completeness(context, LogIndex(1));
            return;
        };
        let last = node.log().last_index();
        for (follower, known) in progress.iter() {
            let new = known.match_index;
            let old = before.matches.get(follower).copied().unwrap_or(new);
            if new < old || new > last {
                let evidence = Evidence::MatchWrong {
                    leader,
                    follower,
                    old,
                    new,
                };
                self.report(context, None, evidence);
            }
        }
        if let Some(from) = log_from {
            self.check_completeness(context, from);
        }
    }

    fn record_leader(&mut self, context: CheckContext<'_>, leader: NodeId, term: Term) {
        match self.leaders.get(term) {
            None => {
                let since = Recorded {
                    value: leader,
                    record: context.record,
                };
                Rc::make_mut(&mut self.leaders).insert(term, since);
            }
            Some(first) if first.value == leader => {}
            Some(&Recorded {
                value: first,
                record,
            }) => {
                let second = leader;
                let evidence = Evidence::TwoLeaders {
                    term,
                    first,
                    second,
                };
                self.report(context, Some(record), evidence);
            }
        }
    }

    /// Whether a leader holds what was committed from an index on, in its term
    /// or before.
    fn check_completeness(&mut self, context: CheckContext<'_>, from: LogIndex) {
        if self.is_violated(Invariant::LeaderCompleteness) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_holds(context, context.server, index);
        }
    }

    fn check_holds(&mut self, context: CheckContext<'_>, leader: &Server, index: LogIndex) {
        let history = self
            .history(index)
            .and_then(|history| history.committed.as_ref());
        let Some(Recorded { value, record }) = history else {
            return;
        };
        let (term, committed_in, record) = (leader.term(), value.in_term, *record);
        if term < committed_in || leader.log().get(index) == Some(&value.entry) {
            return;
        }
        let entry = Position {
            index,
            term: value.entry.term,
        };
        let leader = leader.id();
        let evidence = Evidence::LeaderLacks {
            leader,
            term,
            entry,
            committed_in,
        };
        self.report(context, Some(record), evidence);
    }
}

/// Commitment.
impl InvariantChecker {
    fn check_commit(
        &mut self,
        context: CheckContext<'_>,
        before: Option<&ServerSnapshot>,
        log_from: Option<LogIndex>,
    ) {
        let (server, new) = (context.server.id(), context.server.commit());
        let last = context.server.log().last_index();
        if new > last {
            let commit = new;
            let evidence = Evidence::CommitBeyondLog {
                server,
                commit,
                last,
            };
            self.report(context, None, evidence);
        }
        let old = before.map_or(LogIndex::ZERO, |before| before.commit);
        if new < old {
            self.report(context, None, Evidence::CommitFell { server, old, new });
        }
        let from = log_from.map_or(old.next(), |from| from.min(old.next()));
        if from <= new {
            self.check_applied(context, from);
        }
        // A leader that commits its own removal steps down at once.
        let led = |before: &ServerSnapshot| {
            before.role == RoleName::Leader && before.term == context.server.term()
        };
        let leads = context.server.role() == Some(RoleName::Leader);
        if new > old && (leads || before.is_some_and(led)) {
            self.record_committed(context, old, new);
        }
    }

    fn check_applied(&mut self, context: CheckContext<'_>, from: LogIndex) {
        let (server, log) = (context.server.id(), context.server.log());
        for index in through(from.max(LogIndex(1)), context.server.commit()) {
            let Some(entry) = log.get(index) else {
                return;
            };
            let applied = self
                .history(index)
                .and_then(|history| history.applied.as_ref());
            match applied.map(|first| (first.value.0 == *entry, first.value.1, first.record)) {
                None => {
                    let first = Recorded {
                        value: (entry.clone(), server),
                        record: context.record,
                    };
                    if let Some(history) = self.history_mut(index) {
                        history.applied = Some(first);
                    }
                }
                Some((true, ..)) => {}
                Some((false, first, record)) => {
                    let evidence = Evidence::AppliedDiffers {
                        server,
                        index,
                        first,
                    };
                    self.report(context, Some(record), evidence);
                }
            }
        }
    }

    fn record_committed(&mut self, context: CheckContext<'_>, old: LogIndex, new: LogIndex) {
        let Some(node) = context.server.node() else {
            return;
        };
        let (leader, term) = (node.id(), node.term());
        if let Some(entry) = node.log().get(new).filter(|entry| entry.term != term) {
            let entry = Position {
                index: new,
                term: entry.term,
            };
            let evidence = Evidence::OldTermCommitted {
                leader,
                term,
                entry,
            };
            self.report(context, None, evidence);
        }
        for index in through(old.next(), new) {
            let Some(entry) = node.log().get(index) else {
                return;
            };
            let committed = Committed {
                entry: entry.clone(),
                in_term: term,
                members: node.members(),
            };
            if self.commit(index, committed, context.record) {
                self.check_majority(context, index);
            }
            for server in context.servers {
                if server.role() == Some(RoleName::Leader) {
                    self.check_holds(context, server, index);
                }
            }
        }
    }

    /// Whether what was committed is still on enough disks after one of them
    /// has changed from an index on.
    fn check_disks(&mut self, context: CheckContext<'_>, from: LogIndex) {
        if self.is_violated(Invariant::QuorumLog) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_majority(context, index);
        }
    }

    fn check_majority(&mut self, context: CheckContext<'_>, index: LogIndex) {
        let history = self
            .history(index)
            .and_then(|history| history.committed.as_ref());
        let Some(Recorded { value, record }) = history else {
            return;
        };
        let holds = |server: &&Rc<Server>| {
            let stored = server.disk.stored.log.get(index);
            value.members.contains(server.id()) && stored == Some(&value.entry)
        };
        let holding = context.servers.iter().filter(holds);
        let holders: NodeSet = holding.map(|server| server.id()).collect();
        if holders.len() >= value.members.majority() {
            return;
        }
        let (members, record) = (value.members, *record);
        let entry = Position {
            index,
            term: value.entry.term,
        };
        let evidence = Evidence::TooFewHold {
            entry,
            holders,
            members,
        };
        let contradicts = (record != context.record).then_some(record);
        self.report(context, contradicts, evidence);
    }
}
