//! Entries that were just deleted from a log, which stay visible for a moment.

use hustings_raft::{Log, LogIndex, NodeId, Term};

use crate::session::RunView;

/// For how many records a deleted entry stays visible.
const RECORDS: usize = 12;
/// The most deleted entries that are remembered of one log.
const ENTRIES_MAX: u64 = 50;

/// A deleted entry.
struct Ghost {
    server: NodeId,
    index: LogIndex,
    term: Term,
    /// The number of records after its deletion.
    since: usize,
}

/// The logs as they were shown last, and what has been deleted from them since.
#[derive(Default)]
pub(super) struct Ghosts {
    of: Option<(u32, usize)>,
    records: usize,
    logs: Vec<(NodeId, Log)>,
    deleted: Vec<Ghost>,
}

impl Ghosts {
    /// Compares a run with how it was shown last. Going back, or to another branch,
    /// deletes nothing.
    pub(super) fn follow(&mut self, run: &RunView) {
        let records = run.records().len();
        let goes_on = self.of == Some(run.branch()) && records >= self.records;
        if !goes_on {
            self.deleted.clear();
            self.logs.clear();
        }
        self.deleted.retain(|ghost| ghost.since + RECORDS > records);
        for (server, before) in &self.logs {
            let after = run.server(*server).map(|server| server.log());
            if let Some(after) = after.filter(|after| *after != before) {
                self.deleted.extend(lost(*server, before, after, records));
            }
        }
        self.logs = run
            .servers()
            .map(|server| (server.id(), server.log().clone()))
            .collect();
        (self.of, self.records) = (Some(run.branch()), records);
    }

    /// The term of the entry that was deleted from a log at an index.
    pub(super) fn deleted(&self, server: NodeId, index: LogIndex) -> Option<Term> {
        let mut all = self.deleted.iter().rev();
        let found = all.find(|ghost| ghost.server == server && ghost.index == index);
        found.map(|ghost| ghost.term)
    }
}

/// The entries of a log that are not in what it became.
fn lost(server: NodeId, before: &Log, after: &Log, since: usize) -> impl Iterator<Item = Ghost> {
    let last = before.last_index().0;
    let from = last.saturating_sub(ENTRIES_MAX) + 1;
    let indexes = (from..=last).map(LogIndex);
    let gone = indexes.filter_map(|index| {
        let entry = before.get(index)?;
        let is_gone = after.get(index).is_none_or(|now| now.term != entry.term);
        is_gone.then_some((index, entry.term))
    });
    let gone: Vec<_> = gone.collect();
    gone.into_iter().map(move |(index, term)| Ghost {
        server,
        index,
        term,
        since,
    })
}
