//! Checks of leaders: one per term, with all committed entries and sound match indexes.

use hustings_raft::{LogIndex, NodeId, Position, Term};

use super::{Case, Fact, Judge, through};
use crate::invariant::{Evidence, Invariant};
use crate::machine::View;
use crate::server::Server;

impl Judge {
    pub(super) fn check_leader(
        &mut self,
        case: &mut Case<'_>,
        before: Option<&View>,
        log_from: Option<LogIndex>,
    ) {
        let view = case.server.view();
        if !view.leads() {
            return;
        }
        let (leader, term) = (case.server.id(), view.term);
        let led = |before: &&View| before.leads() && before.term == term;
        let Some(before) = before.filter(led) else {
            self.check_only_leader(case, leader, term);
            self.check_completeness(case, LogIndex(1));
            return;
        };
        self.check_progress(case, before);
        if let Some(from) = log_from {
            self.check_completeness(case, from);
        }
    }

    fn check_progress(&mut self, case: &mut Case<'_>, before: &View) {
        let (view, leader) = (case.server.view(), case.server.id());
        let Some(progress) = &view.progress else {
            return;
        };
        let last = view.log.last_index();
        for (follower, known) in progress.iter() {
            let new = known.match_index;
            let known_before = before.progress.as_ref().and_then(|it| it.get(follower));
            let old = known_before.map_or(new, |known| known.match_index);
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
    }

    fn check_only_leader(&mut self, case: &mut Case<'_>, leader: NodeId, term: Term) {
        match self.leader_of(term) {
            None => self.record_leader(case, term, leader),
            Some(first) if first == leader => {}
            Some(first) => {
                let second = leader;
                let evidence = Evidence::TwoLeaders {
                    term,
                    first,
                    second,
                };
                self.report(case, Some(Fact::Leader(term)), evidence);
            }
        }
    }

    /// Checks that a leader holds the entries from an index on that were committed in
    /// its term or before.
    fn check_completeness(&mut self, case: &mut Case<'_>, from: LogIndex) {
        if self.is_violated(Invariant::LeaderCompleteness) {
            return;
        }
        let leader = case.server;
        for index in through(from.max(LogIndex(1)), self.last_index()) {
            self.check_holds(case, leader, index);
        }
    }

    pub(super) fn check_holds(&mut self, case: &mut Case<'_>, leader: &Server, index: LogIndex) {
        let Some(committed) = self.committed(index) else {
            return;
        };
        let (term, committed_in) = (leader.term(), committed.in_term);
        if term < committed_in || leader.log().get(index) == Some(&committed.entry) {
            return;
        }
        let entry = Position {
            index,
            term: committed.entry.term,
        };
        let leader = leader.id();
        let evidence = Evidence::LeaderLacks {
            leader,
            term,
            entry,
            committed_in,
        };
        self.report(case, Some(Fact::Committed(index)), evidence);
    }
}
