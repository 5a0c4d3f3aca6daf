//! Log replication and commitment (§5.3, §5.4.2).

use alloc::sync::Arc;
use core::cmp::Reverse;

use crate::{
    AppendResult, ClientReply, Deleted, DropCause, Effect, Entries, Entry, LearnedCommit, LogIndex,
    Message, MessageKind, Millis, Node, NodeId, NodeSet, Output, Payload, Position, ProgressState,
    Reason, Role, Rules, StepDownCause, Term, Timer, TimerCause,
};

/// Checks of leaders.
impl<R: Rules> Node<R> {
    /// Sends AppendEntries to all others, with the entries from their next indexes on.
    pub(super) fn send_heartbeats(&mut self, out: &mut Output) {
        if !self.others().is_empty() {
            out.reason(Reason::HeartbeatSent { term: self.term });
            self.send_entries_to_all(out);
        }
        self.arm(Timer::Heartbeat, TimerCause::HeartbeatSent, out);
    }

    pub(super) fn send_entries_to_all(&mut self, out: &mut Output) {
        self.send_entries(self.others(), out);
    }

    /// Sends AppendEntries to these followers, each with the entries from its next index
    /// on. Followers with the same next index share them.
    pub(super) fn send_entries(&mut self, followers: NodeSet, out: &mut Output) {
        let appended = self.disk.appended();
        let few = |(_, entries): &(_, Entries)| entries.len() <= Message::ENTRIES_MAX;
        let mut latest = appended.filter(few).unwrap_or_default();
        for to in followers.iter() {
            let Role::Leader { progress, .. } = &mut self.role else {
                return;
            };
            let Some(known) = progress.get_mut(to) else {
                continue;
            };
            let (first, index) = (known.next_index, known.next_index.previous());
            let entries = if first > self.log.last_index() {
                Entries::default()
            } else {
                if latest.0 != first {
                    latest = (first, self.log.copy(first, Message::ENTRIES_MAX));
                }
                latest.1.clone()
            };
            if known.state == ProgressState::Replicate {
                known.next_index = first.plus(entries.len());
            }
            let term = self.log.term_at(index).unwrap_or_default();
            let message = Message::AppendEntries {
                term: self.term,
                prev: Position { index, term },
                entries,
                commit: self.commit,
            };
            let after = self.required_write(&message, out);
            out.effect(Effect::Send { to, message, after });
        }
    }

    pub(super) fn append_no_op(&mut self, out: &mut Output) {
        let position = self.append(Payload::Noop, out);
        let no_op = true;
        out.reason(Reason::EntryAppended { position, no_op });
    }

    pub(super) fn handle_propose(&mut self, command: Arc<str>, out: &mut Output) {
        if self.rejects_proposals(out) {
            return;
        }
        let position = self.append(Payload::Command(command), out);
        let no_op = false;
        out.reason(Reason::EntryAppended { position, no_op });
        out.effect(Effect::Reply(ClientReply::Accepted(position)));
        self.send_entries_to_all(out);
    }

    /// Whether this server rejects requests now; the client gets a reply then.
    pub(super) fn rejects_proposals(&self, out: &mut Output) -> bool {
        if !matches!(self.role, Role::Leader { .. }) {
            let leader = self.leader();
            out.reason(Reason::ProposalRefused { leader });
            out.effect(Effect::Reply(ClientReply::NotLeader { leader }));
            return true;
        }
        if let Some(target) = self.transfer_target() {
            out.reason(Reason::ProposalDeferred { target });
            out.effect(Effect::Reply(ClientReply::Transferring { target }));
            return true;
        }
        false
    }

    pub(super) fn append(&mut self, payload: Payload, out: &mut Output) -> Position {
        let (term, last) = (self.term, self.log.last_index());
        let kept = self.rules.appends_after(self.commit, last);
        if kept < last {
            let (from, through) = (kept.next(), last);
            out.reason(Reason::OwnEntriesDeleted { from, through });
            self.log.truncate_from(from);
        }
        let entry = Entry { term, payload };
        let position = self.log.append(entry.clone());
        self.disk.log_extended(position.index, entry.into());
        if kept < last {
            let old = self.members();
            self.update_configuration(position.index, out);
            self.update_progress(old);
        }
        position
    }

    pub(super) fn handle_append_entries_reply(
        &mut self,
        follower: NodeId,
        result: AppendResult,
        out: &mut Output,
    ) {
        let role = self.role.name();
        let Role::Leader { progress, .. } = &mut self.role else {
            self.ignore_append_reply(follower, DropCause::Unasked { role }, out);
            return;
        };
        let Some(known) = progress.get_mut(follower) else {
            self.ignore_append_reply(follower, DropCause::NoMember, out);
            return;
        };
        known.active = true;
        // A follower's indexes are limited to the end of this log.
        let last = self.log.last_index();
        match result {
            AppendResult::Accepted { matched } => {
                let (old, confirmed) = (known.match_index, matched.min(last));
                let new = self.rules.match_after_confirmation(old, confirmed);
                known.advance(confirmed, new);
                self.handle_accepted(follower, old, new, out);
            }
            AppendResult::Refused { hint } => {
                let (hint, old) = (hint.min(last), known.match_index);
                let new = self.rules.match_after_refusal(old, hint);
                known.match_index = new;
                let back = known.lower_next_index(hint);
                if new > old {
                    out.reason(Reason::MatchAdvanced { follower, old, new });
                }
                if new == old || back.is_some() {
                    self.handle_rejected(follower, back, new, out);
                }
                if new > old {
                    self.advance_commit(Some(new), out);
                }
            }
        }
    }

    /// Handles an acknowledgement that changed the match index from `old` to `new`.
    #[inline]
    fn handle_accepted(
        &mut self,
        follower: NodeId,
        old: LogIndex,
        new: LogIndex,
        out: &mut Output,
    ) {
        if new > old {
            out.reason(Reason::MatchAdvanced { follower, old, new });
            self.advance_commit(Some(new), out);
        } else if new < old {
            out.reason(Reason::MatchLowered { follower, old, new });
        } else {
            let matched = new;
            out.reason(Reason::MatchConfirmed { follower, matched });
        }
        if new < self.log.last_index() {
            self.send_remaining_entries(follower, out);
        }
        if self.transfer_target().is_some() {
            self.send_timeout_now_if_ready(follower, out);
        }
    }

    /// Handles a refusal. `back` holds the next index before and after; it is `None` if
    /// the follower had already acknowledged everything before the entries, up to
    /// `matched`.
    fn handle_rejected(
        &mut self,
        follower: NodeId,
        back: Option<(LogIndex, LogIndex)>,
        matched: LogIndex,
        out: &mut Output,
    ) {
        if let Some((old, new)) = back {
            out.reason(Reason::NextLowered { follower, old, new });
            self.send_entries(follower.into(), out);
        } else {
            self.ignore_append_reply(follower, DropCause::Confirmed { matched }, out);
        }
    }

    fn send_remaining_entries(&mut self, follower: NodeId, out: &mut Output) {
        let Role::Leader { progress, .. } = &self.role else {
            return;
        };
        let last = self.log.last_index();
        if progress.get(follower).is_some_and(|known| {
            known.state == ProgressState::Replicate && known.next_index <= last
        }) {
            self.send_entries(follower.into(), out);
        }
    }

    /// Commits what a majority holds on disk, if it is of the leader's own term
    /// (§5.4.2). Terms never decrease along a log, so it is enough to check the last
    /// entry that a majority holds. `confirmed` is the index that a follower, or this
    /// leader's own disk, has just acknowledged.
    pub(super) fn advance_commit(&mut self, confirmed: Option<LogIndex>, out: &mut Output) {
        let (needed, members) = (self.majority(), self.members());
        // Most acknowledgements advance nothing, which is cheap to see.
        let beyond = self.match_indexes().filter(|(_, held)| *held > self.commit);
        let index = if beyond.count() >= needed.into() {
            // Match indexes may still cover entries that a broken rule made this leader
            // delete.
            self.quorum_index(needed).min(self.log.last_index())
        } else {
            self.commit
        };
        let waits = |index| Reason::CommitWaits {
            index,
            holders: self.holders_of(index),
            needed,
            members,
        };
        // An index beyond the majority's has too few holders.
        let lacks_holders = confirmed.filter(|confirmed| *confirmed > index.max(self.commit));
        if index <= self.commit {
            if let Some(index) = lacks_holders {
                out.reason_with(|| waits(index));
            }
            return;
        }
        let term = self.log.term_at(index).unwrap_or_default();
        if !self.rules.may_commit(term, self.term) {
            let for_own_term = || Reason::CommitWaitsForOwnTerm {
                entry: Position { index, term },
                term: self.term,
                holders: self.holders_of(index),
                needed,
                members,
            };
            out.reason_with(|| lacks_holders.map_or_else(for_own_term, waits));
            return;
        }
        let old = self.commit;
        out.reason_with(|| Reason::CommitAdvanced {
            old,
            new: index,
            holders: self.holders_of(index),
            needed,
            members,
        });
        self.set_commit(index, out);
        self.reply_to_committed(old, out);
        self.step_down_if_removed(out);
    }

    fn reply_to_committed(&self, old: LogIndex, out: &mut Output) {
        for (index, entry) in (old.next().0..=self.commit.0)
            .map(LogIndex)
            .filter_map(|index| Some((index, self.log.get(index)?)))
        {
            let asked_here = entry.term == self.term && entry.payload != Payload::Noop;
            if asked_here {
                let term = entry.term;
                out.effect(Effect::Reply(ClientReply::Committed(Position {
                    index,
                    term,
                })));
            }
        }
    }

    /// The servers that count towards a commit, with their match indexes.
    fn match_indexes(&self) -> impl Iterator<Item = (NodeId, LogIndex)> {
        let own = self
            .rules
            .leader_match_index(self.disk.durable_index(), self.log.last_index());
        let progress = match &self.role {
            Role::Leader { progress, .. } => Some(progress),
            _ => None,
        };
        let held_by = move |server| match progress?.get(server) {
            Some(known) => Some((server, known.match_index)),
            None if server == self.id => Some((server, own)),
            None => Some((server, LogIndex::ZERO)),
        };
        let counted = self.rules.commit_voters(self.members(), self.id);
        counted.iter().filter_map(held_by)
    }

    /// The servers that count and are known to hold the entry at `index` on disk.
    fn holders_of(&self, index: LogIndex) -> NodeSet {
        let holders = self.match_indexes().filter(|(_, held)| *held >= index);
        holders.map(|(id, _)| id).collect()
    }

    /// The last entry that `count` servers hold: the `count`-th largest match index.
    fn quorum_index(&self, count: u8) -> LogIndex {
        let mut held = [LogIndex::ZERO; NodeId::MAX as usize];
        for (held, (_, index)) in held.iter_mut().zip(self.match_indexes()) {
            *held = index;
        }
        held.sort_unstable_by_key(|index| Reverse(*index));
        let last = usize::from(count.max(1)) - 1;
        held.get(last).copied().unwrap_or_default()
    }

    fn ignore_append_reply(&self, from: NodeId, cause: DropCause, out: &mut Output) {
        self.ignore_message(from, MessageKind::AppendEntriesReply, cause, out);
    }
}

/// Followers.
impl<R: Rules> Node<R> {
    /// Follows the sender of an AppendEntries if it is the leader of this server's
    /// term; returns whether it is.
    pub(super) fn accept_leader(
        &mut self,
        now: Millis,
        leader: NodeId,
        term: Term,
        out: &mut Output,
    ) -> bool {
        let kind = MessageKind::AppendEntries;
        if term < self.term && self.rules.is_stale(kind) {
            self.report_stale_request(leader, kind, term, out);
            let hint = self.log.last_index();
            self.send_append_rejection(leader, hint, out);
            return false;
        }
        match &mut self.role {
            Role::Leader { .. } => {
                self.ignore_message(leader, kind, DropCause::LeadingMyself, out);
                return false;
            }
            Role::Follower {
                leader: Some((known, heard_at)),
            } if *known == leader => *heard_at = now,
            _ => {
                self.become_follower(Some((leader, now)), StepDownCause::LeaderHeard, out);
                let term = self.term;
                out.reason(Reason::LeaderFollowed { leader, term });
            }
        }
        self.arm(Timer::Election, TimerCause::LeaderHeard, out);
        true
    }

    pub(super) fn handle_append_entries(
        &mut self,
        leader: NodeId,
        prev: Position,
        entries: Entries,
        commit: LogIndex,
        out: &mut Output,
    ) {
        let held = self.log.contains(prev);
        if !self.rules.may_append_after(held) {
            self.reject_entries(leader, prev, out);
            return;
        }
        let brought = prev.index.plus(entries.len());
        let instead_of_prev = (!held).then(|| self.instead_of(prev));
        let new = self.merge_entries(prev.index, entries, out);
        let matched = self.rules.acknowledged(brought, self.log.last_index());
        let (to, term) = (leader, self.term);
        let result = AppendResult::Accepted { matched };
        let reply = || Message::AppendEntriesReply { term, result };
        let after = self.required_write(&reply(), out);
        out.reason(Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            after_write: after.is_some(),
        });
        self.update_follower_commit(commit, brought, out);
        out.effect_with(|| Effect::Send {
            to,
            message: reply(),
            after,
        });
    }

    /// The entry of this server that those after `prev`, which it does not hold, follow.
    fn instead_of(&self, prev: Position) -> Position {
        let index = prev.index.min(self.log.last_index());
        let term = self.log.term_at(index).unwrap_or_default();
        Position { index, term }
    }

    fn reject_entries(&mut self, leader: NodeId, prev: Position, out: &mut Output) {
        let mine = self.log.term_at(prev.index);
        // Skips a whole term at a time to save round trips (§5.3), but no committed
        // entries, which the leader has.
        let hint = match mine {
            Some(_) => self.log.first_of_term_at(prev.index).previous(),
            None => self.log.last_index(),
        };
        let hint = hint.max(self.commit);
        out.reason(Reason::EntriesRefused { prev, mine, hint });
        self.send_append_rejection(leader, hint, out);
    }

    /// Merges the entries that follow `prev` into the log and returns how many were
    /// new.
    fn merge_entries(&mut self, prev: LogIndex, entries: Entries, out: &mut Output) -> u64 {
        let merged = self.rules.merge(&mut self.log, prev, &entries);
        if let Some(Deleted { from, through }) = merged.deleted {
            out.reason(Reason::ConflictDeleted {
                from: from.index,
                through,
                mine: from.term,
                theirs: self.log.term_at(from.index),
                committed: from.index <= self.commit,
            });
        }
        if let Some(from) = merged.changed_from {
            let last = self.log.last_index();
            if merged.new == entries.len() as u64 && last == from.previous().plus(entries.len()) {
                self.disk.log_extended(from, entries);
            } else {
                self.disk.log_changed(from);
            }
            self.update_configuration(from, out);
        }
        merged.new
    }

    fn update_follower_commit(&mut self, leader: LogIndex, matched: LogIndex, out: &mut Output) {
        let old = self.commit;
        let new = self.rules.learned_commit(LearnedCommit {
            mine: old,
            leader,
            matched,
            last: self.log.last_index(),
        });
        if new != old {
            out.reason(Reason::CommitLearned {
                old,
                new,
                leader,
                matched,
            });
            self.set_commit(new, out);
        }
    }

    fn set_commit(&mut self, commit: LogIndex, out: &mut Output) {
        self.commit = commit;
        out.effect(Effect::Apply { through: commit });
    }

    /// Refuses a leader's entries, with the index after which to retry.
    fn send_append_rejection(&mut self, leader: NodeId, hint: LogIndex, out: &mut Output) {
        let (term, result) = (self.term, AppendResult::Refused { hint });
        self.send(leader, Message::AppendEntriesReply { term, result }, out);
    }
}
