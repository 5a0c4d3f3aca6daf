//! Checks of committed and applied entries.

use std::rc::Rc;

use hustings_raft::{LogIndex, NodeId, NodeSet, Position, Term};

use super::memory::Committed;
use super::{Case, Fact, Judge, through};
use crate::invariant::{Evidence, Invariant};
use crate::machine::View;
use crate::server::Server;

impl Judge {
    pub(super) fn check_commit(
        &mut self,
        case: &mut Case<'_>,
        before: Option<&View>,
        log_from: Option<LogIndex>,
    ) {
        let (server, view) = (case.server.id(), case.server.view());
        let (new, last) = (view.commit, view.log.last_index());
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
        let led = |before: &View| before.leads() && before.term == view.term;
        if new > old && (view.leads() || before.is_some_and(led)) {
            self.check_committed(case, old, new);
        }
    }

    pub(super) fn check_applied(&mut self, case: &mut Case<'_>, from: LogIndex) {
        let (server, log) = (case.server.id(), case.server.log());
        for index in through(from.max(LogIndex(1)), case.server.commit()) {
            let Some(entry) = log.get(index) else {
                return;
            };
            let applied = self.past(index).and_then(|past| past.applied.as_ref());
            match applied.map(|first| (first.entry == *entry, first.by)) {
                None => self.record_applied(case, index, entry),
                Some((true, _)) => {}
                Some((false, first)) => {
                    let evidence = Evidence::AppliedDiffers {
                        server,
                        index,
                        first,
                    };
                    self.report(case, Some(Fact::Applied(index)), evidence);
                }
            }
        }
    }

    fn check_committed(&mut self, case: &mut Case<'_>, old: LogIndex, new: LogIndex) {
        let (leader, view) = (case.server.id(), case.server.view());
        self.check_own_term(case, leader, view.term, new);
        for index in through(old.next(), new) {
            let Some(entry) = view.log.get(index) else {
                return;
            };
            let committed = Committed {
                entry: entry.clone(),
                in_term: view.term,
                members: self.members_of(case.server),
            };
            if self.commit(case, index, committed) {
                self.check_majority(case, index);
            }
            for server in case.servers {
                if server.view().leads() {
                    self.check_holds(case, server, index);
                }
            }
        }
    }

    fn check_own_term(&mut self, case: &mut Case<'_>, leader: NodeId, term: Term, index: LogIndex) {
        let committed = case.server.log().get(index);
        if let Some(entry) = committed.filter(|entry| entry.term != term) {
            let entry = Position {
                index,
                term: entry.term,
            };
            let evidence = Evidence::OldTermCommitted {
                leader,
                term,
                entry,
            };
            self.report(case, None, evidence);
        }
    }

    /// Checks that committed entries are still on the disks of a majority after one
    /// disk changed from an index on.
    pub(super) fn check_disks(&mut self, case: &mut Case<'_>, from: LogIndex) {
        if self.is_violated(Invariant::QuorumLog) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_majority(case, index);
        }
    }

    fn check_majority(&mut self, case: &mut Case<'_>, index: LogIndex) {
        let Some(committed) = self.committed(index) else {
            return;
        };
        let members = committed.members;
        let holds = |server: &&Rc<Server>| {
            let stored = server.stored().log.get(index);
            members.contains(server.id()) && stored == Some(&committed.entry)
        };
        let holding = case.servers.iter().filter(holds);
        let holders: NodeSet = holding.map(|server| server.id()).collect();
        if holders.len() >= members.majority() {
            return;
        }
        let entry = Position {
            index,
            term: committed.entry.term,
        };
        let evidence = Evidence::TooFewHold {
            entry,
            holders,
            members,
        };
        // What is learned in this very step does not come before it.
        let fact = Fact::Committed(index);
        let contradicts = (!case.judgement.learned.contains(&fact)).then_some(fact);
        self.report(case, contradicts, evidence);
    }
}
