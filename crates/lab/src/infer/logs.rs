//! What a server does with its log when it is sent entries, or asked to append.

use hustings_raft::{
    AppendResult, Entry, LogIndex, MemberChange, Message, NodeId, Payload, Position, Reason,
};

use super::Step;
use crate::record::Event;

/// The entries of a leader.
#[derive(Clone, Copy)]
struct Sent<'a> {
    leader: NodeId,
    prev: Position,
    entries: &'a [Entry],
    commit: LogIndex,
}

impl Sent<'_> {
    /// The last index that the message covers.
    fn end(self) -> LogIndex {
        self.prev.index.plus(self.entries.len())
    }
}

/// Followers.
impl Step<'_> {
    /// What it did with a leader's entries.
    pub(super) fn took_entries(&self, reasons: &mut Vec<Reason>) {
        let Some((leader, message)) = self.arrived() else {
            return;
        };
        let Message::AppendEntries {
            term,
            prev,
            entries,
            commit,
        } = message
        else {
            return;
        };
        if *term != self.after.term || *term < self.before.term {
            return;
        }
        let sent = Sent {
            leader,
            prev: *prev,
            entries,
            commit: *commit,
        };
        if self.before.log.contains(sent.prev) {
            self.accepted(sent, reasons);
        } else {
            reasons.extend(self.refused(sent));
        }
    }

    fn refused(&self, sent: Sent<'_>) -> Option<Reason> {
        let hint = self.results_to(sent.leader).find_map(|it| match it {
            AppendResult::Refused { hint } => Some(hint),
            AppendResult::Accepted { .. } => None,
        })?;
        self.keeps_log().then(|| Reason::EntriesRefused {
            prev: sent.prev,
            mine: self.before.log.term_at(sent.prev.index),
            hint,
        })
    }

    /// Entries that were merged into the log as Raft does, and acknowledged as Raft does.
    fn accepted(&self, sent: Sent<'_>, reasons: &mut Vec<Reason>) {
        let matched = sent.end();
        let accepts = |it| it == AppendResult::Accepted { matched };
        let Some(new) = self
            .merged(sent)
            .filter(|_| self.results_to(sent.leader).any(accepts))
        else {
            return;
        };
        reasons.extend(self.deleted_conflict(sent, new));
        let is_acknowledgement = |it: &Message| matches!(it, Message::AppendEntriesReply { .. });
        reasons.push(Reason::EntriesAccepted {
            prev: sent.prev,
            instead_of_prev: None,
            matched,
            new: new as u64,
            after_write: self
                .waiting
                .iter()
                .any(|it| it.link.to == sent.leader && is_acknowledgement(&it.message)),
        });
        let (old, commit) = (self.before.commit, self.after.commit);
        if commit > old && commit == sent.commit.min(matched) {
            reasons.push(Reason::CommitLearned {
                old,
                new: commit,
                leader: sent.commit,
                matched,
            });
        }
    }

    /// How it answered, in its term.
    fn results_to(&self, leader: NodeId) -> impl Iterator<Item = AppendResult> {
        self.answers_to(leader).filter_map(|answer| match answer {
            Message::AppendEntriesReply { term, result } if *term == self.after.term => {
                Some(*result)
            }
            _ => None,
        })
    }

    /// How many of the entries were new to the log, if it is now what Raft makes of it.
    fn merged(&self, sent: Sent<'_>) -> Option<usize> {
        let (before, after) = (&self.before.log, &self.after.log);
        let start = sent.prev.index.next();
        let held = before.from(start).zip(sent.entries);
        let held = held.take_while(|(mine, theirs)| mine.term == theirs.term);
        let held = held.count();
        let new = sent.entries.len() - held;
        if new == 0 {
            return self.keeps_log().then_some(0);
        }
        let changed_from = sent.prev.index.plus(held).next();
        let same = after.from(changed_from).eq(&sent.entries[held..]);
        (same && before.first_difference(after) == Some(changed_from)).then_some(new)
    }

    fn deleted_conflict(&self, sent: Sent<'_>, new: usize) -> Option<Reason> {
        let from = sent.prev.index.plus(sent.entries.len() - new).next();
        let mine = self.before.log.get(from).filter(|_| new > 0)?.term;
        Some(Reason::ConflictDeleted {
            from,
            through: self.before.log.last_index(),
            mine,
            theirs: self.after.log.term_at(from),
            committed: from <= self.before.commit,
        })
    }
}

/// Leaders.
impl Step<'_> {
    /// The one entry that a leader has appended in this step, and changed nothing else.
    fn appended(&self) -> Option<(Position, &Payload)> {
        let (before, after) = (&self.before.log, &self.after.log);
        let position = after.last();
        let only = before.first_difference(after) == Some(position.index)
            && before.last_index() == position.index.previous();
        let entry = after.get(position.index).filter(|_| only)?;
        let own = self.after.leads() && entry.term == self.after.term;
        own.then_some((position, &entry.payload))
    }

    /// The empty entry of a new leader.
    pub(super) fn appended_no_op(&self) -> Option<Reason> {
        let (position, payload) = self.appended().filter(|_| self.begins_to_lead())?;
        let no_op = true;
        (*payload == Payload::Noop).then_some(Reason::EntryAppended { position, no_op })
    }

    /// The entry that a leader was asked to append.
    pub(super) fn appended_request(&self) -> Option<Reason> {
        let (position, payload) = self.appended().filter(|_| self.leads_on())?;
        match (self.event, payload) {
            (Event::Proposed { command: asked, .. }, Payload::Command(command)) => {
                let no_op = false;
                (asked == command).then_some(Reason::EntryAppended { position, no_op })
            }
            (Event::ChangeAsked { change, .. }, Payload::Members(members)) => {
                let change: MemberChange = *change;
                let asked = change.applied_to(self.before.members?);
                (asked == Ok(*members)).then_some(Reason::ChangeAppended { change, position })
            }
            _ => None,
        }
    }
}
