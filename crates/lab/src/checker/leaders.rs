//! Checks of leaders: one per term, with all committed entries and sound match indexes.

use std::rc::Rc;

use hustings_raft::{LogIndex, NodeId, Position, Role, RoleName, Term};

use super::{CheckContext, InvariantChecker, Recorded, ServerSnapshot, through};
use crate::invariant::{Evidence, Invariant};
use crate::server::Server;

impl InvariantChecker {
    pub(super) fn check_leader(
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

    /// Checks that a leader holds the entries from an index on that were committed in
    /// its term or before.
    fn check_completeness(&mut self, context: CheckContext<'_>, from: LogIndex) {
        if self.is_violated(Invariant::LeaderCompleteness) {
            return;
        }
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_holds(context, context.server, index);
        }
    }

    pub(super) fn check_holds(
        &mut self,
        context: CheckContext<'_>,
        leader: &Server,
        index: LogIndex,
    ) {
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
