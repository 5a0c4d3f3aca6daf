//! Checks of committed and applied entries.

use std::rc::Rc;

use hustings_raft::{LogIndex, NodeSet, Position, RoleName};

use super::{CheckContext, Committed, InvariantChecker, Recorded, ServerSnapshot, through};
use crate::invariant::{Evidence, Invariant};
use crate::server::Server;

impl InvariantChecker {
    pub(super) fn check_commit(
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

    pub(super) fn check_applied(&mut self, context: CheckContext<'_>, from: LogIndex) {
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
                Some((agrees, first, record)) if !agrees => {
                    let evidence = Evidence::AppliedDiffers {
                        server,
                        index,
                        first,
                    };
                    self.report(context, Some(record), evidence);
                }
                Some(_) => {}
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

    /// Checks that committed entries are still on the disks of a majority after one
    /// disk changed from an index on.
    pub(super) fn check_disks(&mut self, context: CheckContext<'_>, from: LogIndex) {
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
