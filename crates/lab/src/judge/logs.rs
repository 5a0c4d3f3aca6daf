//! Checks of logs: a leader only appends, and entries of the same index and term agree.

use hustings_raft::{LogIndex, Position};

use super::memory::EntryAt;
use super::{Case, Fact, Judge, through};
use crate::invariant::Evidence;
use crate::machine::View;

impl Judge {
    pub(super) fn check_append_only(
        &mut self,
        case: &mut Case<'_>,
        before: Option<&View>,
        from: LogIndex,
    ) {
        let Some(before) = before.filter(|before| before.leads()) else {
            return;
        };
        let view = case.server.view();
        if view.leads() && view.term == before.term && from <= before.log.last_index() {
            let (leader, index) = (case.server.id(), from);
            self.report(case, None, Evidence::LeaderRewrote { leader, index });
        }
    }

    /// An entry's index and term identify all entries before it. So it suffices to
    /// compare each new entry, and the term before it, with the one remembered of the
    /// same index and term.
    pub(super) fn check_log(&mut self, case: &mut Case<'_>, from: LogIndex) {
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
            let known = self.past(index).map_or(&[][..], |past| &past.entries);
            let same = known.iter().find(|known| known.entry.term == term);
            let Some(same) = same else {
                let entry = entry.clone();
                self.record_entry(case, index, EntryAt { entry, after });
                continue;
            };
            let same_entry = same.entry == *entry;
            if !same_entry || same.after != after {
                let evidence = Evidence::EntriesDiffer {
                    server,
                    position,
                    same_entry,
                };
                self.report(case, Some(Fact::Entry(index, term)), evidence);
            }
        }
    }
}
