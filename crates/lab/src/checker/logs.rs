//! Checks of logs: a leader only appends, and entries of the same index and term agree.

use hustings_raft::{LogIndex, Position, RoleName};

use super::{CheckContext, InvariantChecker, LogEntryAt, ServerSnapshot, through};
use crate::invariant::Evidence;

impl InvariantChecker {
    pub(super) fn check_append_only(
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

    /// An entry's index and term identify all entries before it. So it suffices to
    /// compare each new entry, and the term before it, with the recorded entry of the
    /// same index and term.
    pub(super) fn check_log(&mut self, context: CheckContext<'_>, from: LogIndex) {
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
            let same_entry = same.is_some_and(|known| known.value.entry == entry_at.entry);
            let first = same.map(|known| (known.value == entry_at, known.record));
            match first {
                None => self.record_entry(index, entry_at, context.record),
                Some((agrees, record)) if !agrees => {
                    let evidence = Evidence::EntriesDiffer {
                        server,
                        position,
                        same_entry,
                    };
                    self.report(context, Some(record), evidence);
                }
                Some(_) => {}
            }
        }
    }
}
