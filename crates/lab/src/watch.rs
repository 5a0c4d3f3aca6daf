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

use crate::record::Flight;
use crate::server::{Node, Server};
use crate::shared_vec::SharedVec;
use crate::sorted::Sorted;
use crate::{Evidence, Invariant, RecordId, Violation};

/// What the watch remembers, and what it has found.
#[derive(Clone, Default, Debug)]
pub(crate) struct Watch {
    leaders: Rc<Sorted<Term, Since<NodeId>>>,
    votes: Rc<Sorted<(Term, NodeId), Since<NodeId>>>,
    /// What has been at each index, from 1.
    indexes: SharedVec<Slot>,
    violations: Rc<Vec<Violation>>,
}

/// What has been at one index.
#[derive(Clone, Default, Debug)]
struct Slot {
    /// Every entry that has stood there in a log.
    entries: Rc<[Since<Placed>]>,
    /// What a leader has committed.
    committed: Option<Since<Committed>>,
    /// What servers have applied, and the first that did.
    applied: Option<Since<(Entry, NodeId)>>,
}

/// Something with the record that made it so.
#[derive(Clone, Debug)]
struct Since<T> {
    what: T,
    record: RecordId,
}

/// An entry, and the term of the one before it.
#[derive(Clone, PartialEq, Debug)]
struct Placed {
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
pub(crate) struct Before {
    role: RoleName,
    term: Term,
    last: LogIndex,
    commit: LogIndex,
    matches: NodeMap<LogIndex>,
    stored_term: Term,
}

impl Before {
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
pub(crate) struct Deeds {
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
struct Case<'a> {
    record: RecordId,
    servers: &'a [Rc<Server>],
    server: &'a Server,
}

impl<'a> Case<'a> {
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

fn place(index: LogIndex) -> Option<usize> {
    usize::try_from(index.0.checked_sub(1)?).ok()
}

fn through(first: LogIndex, last: LogIndex) -> impl Iterator<Item = LogIndex> {
    (first.0..=last.0).map(LogIndex)
}

impl Watch {
    /// What has been violated so far, each invariant at most once, in order.
    pub(crate) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Looks at what the servers start with, before they do.
    pub(crate) fn start(&mut self, servers: &[Rc<Server>]) {
        for server in servers {
            let record = started(server);
            let case = Case {
                record,
                servers,
                server,
            };
            self.check_log(case, LogIndex(1));
            let stored = &server.disk.stored;
            if let Some(vote) = stored.voted_for {
                self.note_vote(case, stored.term, vote);
            }
            if server.commit() > LogIndex::ZERO {
                self.check_applied(case, LogIndex(1));
            }
        }
        for server in servers {
            self.start_committed(server, servers);
        }
    }

    /// Takes what a server starts with as committed for committed, if it is on
    /// the disks of a majority; what is not never was, whatever a script says.
    /// The leader that committed it had at most the term of any server that knows.
    fn start_committed(&mut self, server: &Server, servers: &[Rc<Server>]) {
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
        before: Option<&Before>,
        deeds: &Deeds,
    ) {
        let Some(case) = Case::of(record, servers, id) else {
            return;
        };
        self.check_own_vote(case);
        self.check_messages(case, &deeds.sent);
        self.check_terms(case, before, deeds.stored_term);
        if let Some((old, new)) = deeds.wrong_transition {
            let server = id;
            self.report(case, None, Evidence::WrongTransition { server, old, new });
        }
        if let Some(from) = deeds.log_from {
            self.check_append_only(case, before, from);
            self.check_log(case, from);
        }
        self.check_leader(case, before, deeds.log_from);
        self.check_commit(case, before, deeds.log_from);
        if let Some(from) = deeds.disk_from {
            self.check_disks(case, from);
        }
    }

    /// Judges what a server has in flight when it may have lost its term.
    pub(crate) fn check_flights<'a>(
        &mut self,
        record: RecordId,
        servers: &[Rc<Server>],
        id: NodeId,
        flights: impl Iterator<Item = &'a Rc<Flight>>,
    ) {
        let Some(case) = Case::of(record, servers, id) else {
            return;
        };
        for flight in flights.filter(|flight| flight.link.from == id) {
            self.check_message_term(case, flight);
        }
    }

    fn report(&mut self, case: Case<'_>, contradicts: Option<RecordId>, evidence: Evidence) {
        if !self.is_lost(evidence.invariant()) {
            Rc::make_mut(&mut self.violations).push(Violation {
                evidence,
                record: case.record,
                contradicts,
            });
        }
    }

    /// Whether an invariant is violated already, so that it need not be looked at.
    fn is_lost(&self, invariant: Invariant) -> bool {
        let known = |violation: &Violation| violation.invariant() == invariant;
        self.violations.iter().any(known)
    }
}

/// Terms, votes and messages.
impl Watch {
    /// A server's vote for itself is given once it is on its disk. One for another
    /// is given when the reply leaves that grants it, for the reply's term: that is
    /// the term in which it is counted, whatever the disk says.
    fn check_own_vote(&mut self, case: Case<'_>) {
        let (me, stored) = (case.server.id(), &case.server.disk.stored);
        if stored.voted_for == Some(me) {
            self.note_vote(case, stored.term, me);
        }
    }

    fn note_vote(&mut self, case: Case<'_>, term: Term, vote: NodeId) {
        let voter = case.server.id();
        match self.votes.get((term, voter)) {
            None => {
                let record = case.record;
                let vote = Since { what: vote, record };
                Rc::make_mut(&mut self.votes).insert((term, voter), vote);
            }
            Some(first) if first.what == vote => {}
            Some(&Since {
                what: first,
                record,
            }) => {
                let evidence = Evidence::TwoVotes {
                    voter,
                    term,
                    first,
                    second: vote,
                };
                self.report(case, Some(record), evidence);
            }
        }
    }

    fn check_messages(&mut self, case: Case<'_>, sent: &[Rc<Flight>]) {
        for flight in sent {
            self.check_message_term(case, flight);
            if let Message::RequestVoteReply {
                term,
                granted: true,
            } = *flight.message
            {
                self.note_vote(case, term, flight.link.to);
            }
        }
    }

    fn check_message_term(&mut self, case: Case<'_>, flight: &Flight) {
        let (kind, term, own) = (
            flight.message.kind(),
            flight.message.term(),
            case.server.term(),
        );
        // A pre-vote and the answer that grants it are about the next term.
        let about_next = kind == MessageKind::PreVote
            || (kind == MessageKind::PreVoteReply && flight.message.is_positive() == Some(true));
        if term > own && !about_next && !flight.forged {
            let sender = case.server.id();
            let evidence = Evidence::FromLaterTerm {
                sender,
                kind,
                term,
                own,
            };
            self.report(case, None, evidence);
        }
    }

    fn check_terms(
        &mut self,
        case: Case<'_>,
        before: Option<&Before>,
        before_restart: Option<Term>,
    ) {
        let (server, own) = (case.server.id(), case.server.term());
        let stored = case.server.disk.stored.term;
        let before = before.map(|before| before.stored_term);
        let stored_before = before_restart.or(before).unwrap_or(stored);
        let (old, new) = match own < stored {
            true => (stored, own),
            false => (stored_before, stored),
        };
        if new < old {
            self.report(case, None, Evidence::TermFell { server, old, new });
        }
    }
}

/// Logs.
impl Watch {
    fn check_append_only(&mut self, case: Case<'_>, before: Option<&Before>, from: LogIndex) {
        let led = |before: &&Before| before.role == RoleName::Leader;
        let Some(before) = before.filter(led) else {
            return;
        };
        let leads = case.server.role() == Some(RoleName::Leader);
        if leads && case.server.term() == before.term && from <= before.last {
            let (leader, index) = (case.server.id(), from);
            self.report(case, None, Evidence::LeaderRewrote { leader, index });
        }
    }

    /// An entry's index and term stand for all that is before it. So it is
    /// enough to compare each new entry, and the term before it, with what once
    /// stood there in the same term.
    fn check_log(&mut self, case: Case<'_>, from: LogIndex) {
        let (server, log) = (case.server.id(), case.server.log());
        for index in through(from.max(LogIndex(1)), log.last_index()) {
            let (Some(entry), Some(after)) = (log.get(index), log.term_at(index.previous())) else {
                continue;
            };
            let term = entry.term;
            let position = Position { index, term };
            if term < after || term > case.server.term() {
                self.report(case, None, Evidence::TermsDecrease { server, position });
            }
            let placed = Placed {
                entry: entry.clone(),
                after,
            };
            let known = self.slot(index).map_or(&[][..], |slot| &slot.entries);
            let same = known.iter().find(|known| known.what.entry.term == term);
            let same_entry = same.is_some_and(|known| known.what.entry == placed.entry);
            let first = same.map(|known| (known.what == placed, known.record));
            match first {
                None => self.note_entry(index, placed, case.record),
                Some((true, _)) => {}
                Some((false, record)) => {
                    let evidence = Evidence::EntriesDiffer {
                        server,
                        position,
                        same_entry,
                    };
                    self.report(case, Some(record), evidence);
                }
            }
        }
    }
}

impl Watch {
    fn note_entry(&mut self, index: LogIndex, what: Placed, record: RecordId) {
        if let Some(slot) = self.slot_mut(index) {
            let new = Since { what, record };
            slot.entries = slot.entries.iter().cloned().chain([new]).collect();
        }
    }

    fn slot(&self, index: LogIndex) -> Option<&Slot> {
        self.indexes.get(place(index)?)
    }

    fn slot_mut(&mut self, index: LogIndex) -> Option<&mut Slot> {
        self.indexes.at(place(index)?)
    }

    /// Takes an entry for committed; says whether it was not yet.
    fn commit(&mut self, index: LogIndex, what: Committed, record: RecordId) -> bool {
        let slot = self.slot_mut(index).map(|slot| &mut slot.committed);
        let Some(committed @ None) = slot else {
            return false;
        };
        *committed = Some(Since { what, record });
        true
    }

    /// The last index at which there has been anything.
    fn last_index(&self) -> LogIndex {
        LogIndex::ZERO.plus(self.indexes.len())
    }
}

/// Leaders.
impl Watch {
    fn check_leader(
        &mut self,
        case: Case<'_>,
        before: Option<&Before>,
        log_from: Option<LogIndex>,
    ) {
        let Some(node) = case.server.node() else {
            return;
        };
        let Role::Leader { progress, .. } = node.role() else {
            return;
        };
        let (leader, term) = (node.id(), node.term());
        let led = |before: &&Before| before.role == RoleName::Leader && before.term == term;
        let Some(before) = before.filter(led) else {
            self.note_leader(case, leader, term);
            self.check_completeness(case, LogIndex(1));
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
                self.report(case, None, evidence);
            }
        }
        if let Some(from) = log_from {
            self.check_completeness(case, from);
        }
    }

    fn note_leader(&mut self, case: Case<'_>, leader: NodeId, term: Term) {
        match self.leaders.get(term) {
            None => {
                let since = Since {
                    what: leader,
                    record: case.record,
                };
                Rc::make_mut(&mut self.leaders).insert(term, since);
            }
            Some(first) if first.what == leader => {}
            Some(&Since {
                what: first,
                record,
            }) => {
                let second = leader;
                let evidence = Evidence::TwoLeaders {
                    term,
                    first,
                    second,
                };
                self.report(case, Some(record), evidence);
            }
        }
    }

    /// Whether a leader holds what was committed from an index on, in its term
    /// or before.
    fn check_completeness(&mut self, case: Case<'_>, from: LogIndex) {
        if self.is_lost(Invariant::LeaderCompleteness) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_holds(case, case.server, index);
        }
    }

    fn check_holds(&mut self, case: Case<'_>, leader: &Server, index: LogIndex) {
        let slot = self.slot(index).and_then(|slot| slot.committed.as_ref());
        let Some(Since { what, record }) = slot else {
            return;
        };
        let (term, committed_in, record) = (leader.term(), what.in_term, *record);
        if term < committed_in || leader.log().get(index) == Some(&what.entry) {
            return;
        }
        let entry = Position {
            index,
            term: what.entry.term,
        };
        let leader = leader.id();
        let evidence = Evidence::LeaderLacks {
            leader,
            term,
            entry,
            committed_in,
        };
        self.report(case, Some(record), evidence);
    }
}

/// Commitment.
impl Watch {
    fn check_commit(
        &mut self,
        case: Case<'_>,
        before: Option<&Before>,
        log_from: Option<LogIndex>,
    ) {
        let (server, new) = (case.server.id(), case.server.commit());
        let last = case.server.log().last_index();
        if new > last {
            let commit = new;
            let evidence = Evidence::CommitBeyondLog {
                server,
                commit,
                last,
            };
            self.report(case, None, evidence);
        }
        let old = before.map_or(LogIndex::ZERO, |before| before.commit);
        if new < old {
            self.report(case, None, Evidence::CommitFell { server, old, new });
        }
        let from = log_from.map_or(old.next(), |from| from.min(old.next()));
        if from <= new {
            self.check_applied(case, from);
        }
        // A leader that commits its own removal steps down at once.
        let led =
            |before: &Before| before.role == RoleName::Leader && before.term == case.server.term();
        let leads = case.server.role() == Some(RoleName::Leader);
        if new > old && (leads || before.is_some_and(led)) {
            self.note_committed(case, old, new);
        }
    }

    fn check_applied(&mut self, case: Case<'_>, from: LogIndex) {
        let (server, log) = (case.server.id(), case.server.log());
        for index in through(from.max(LogIndex(1)), case.server.commit()) {
            let Some(entry) = log.get(index) else {
                return;
            };
            let applied = self.slot(index).and_then(|slot| slot.applied.as_ref());
            match applied.map(|first| (first.what.0 == *entry, first.what.1, first.record)) {
                None => {
                    let first = Since {
                        what: (entry.clone(), server),
                        record: case.record,
                    };
                    if let Some(slot) = self.slot_mut(index) {
                        slot.applied = Some(first);
                    }
                }
                Some((true, ..)) => {}
                Some((false, first, record)) => {
                    let evidence = Evidence::AppliedDiffers {
                        server,
                        index,
                        first,
                    };
                    self.report(case, Some(record), evidence);
                }
            }
        }
    }

    fn note_committed(&mut self, case: Case<'_>, old: LogIndex, new: LogIndex) {
        let Some(node) = case.server.node() else {
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
            self.report(case, None, evidence);
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
            if self.commit(index, committed, case.record) {
                self.check_majority(case, index);
            }
            for server in case.servers {
                if server.role() == Some(RoleName::Leader) {
                    self.check_holds(case, server, index);
                }
            }
        }
    }

    /// Whether what was committed is still on enough disks after one of them
    /// has changed from an index on.
    fn check_disks(&mut self, case: Case<'_>, from: LogIndex) {
        if self.is_lost(Invariant::QuorumLog) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_majority(case, index);
        }
    }

    fn check_majority(&mut self, case: Case<'_>, index: LogIndex) {
        let slot = self.slot(index).and_then(|slot| slot.committed.as_ref());
        let Some(Since { what, record }) = slot else {
            return;
        };
        let holds = |server: &&Rc<Server>| {
            let stored = server.disk.stored.log.get(index);
            what.members.contains(server.id()) && stored == Some(&what.entry)
        };
        let holding = case.servers.iter().filter(holds);
        let holders: NodeSet = holding.map(|server| server.id()).collect();
        if holders.len() >= what.members.majority() {
            return;
        }
        let (members, record) = (what.members, *record);
        let entry = Position {
            index,
            term: what.entry.term,
        };
        let evidence = Evidence::TooFewHold {
            entry,
            holders,
            members,
        };
        let contradicts = (record != case.record).then_some(record);
        self.report(case, contradicts, evidence);
    }
}
