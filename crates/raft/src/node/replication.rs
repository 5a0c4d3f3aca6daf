//! Log replication and commitment (§5.3, §5.4.2).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::{
    Answer, AppendResult, DropCause, Effect, Entry, LogIndex, Message, MessageKind, Millis, Node,
    NodeId, NodeSet, Output, Payload, Position, Reason, Role, Term, Timer, TimerCause,
};

/// How many entries one AppendEntries carries at most.
const ENTRIES_PER_MESSAGE_MAX: usize = 100;

/// The leader's side.
impl Node {
    /// Sends AppendEntries to all others, with whatever they may still lack.
    pub(super) fn send_heartbeats(&mut self, out: &mut Output) {
        out.because(Reason::HeartbeatSent { term: self.term });
        self.send_entries_to_all(out);
        self.arm(Timer::Heartbeat, TimerCause::HeartbeatSent, out);
    }

    fn send_entries_to_all(&mut self, out: &mut Output) {
        for to in self.others() {
            self.send_entries(to, out);
        }
    }

    pub(super) fn send_entries(&mut self, to: NodeId, out: &mut Output) {
        let Role::Leader { progress, .. } = &mut self.role else {
            return;
        };
        let Some(known) = progress.get_mut(to) else {
            return;
        };
        let index = known.next_index.previous();
        let unsent = self.log.from(known.next_index);
        let batch = unsent.get(..ENTRIES_PER_MESSAGE_MAX).unwrap_or(unsent);
        if !known.probing {
            known.next_index = known.next_index.plus(batch.len());
        }
        let message = Message::AppendEntries {
            term: self.term,
            prev: Position {
                index,
                term: self.log.term_at(index).unwrap_or_default(),
            },
            entries: batch.to_vec(),
            commit: self.commit,
        };
        self.send(to, message, out);
    }

    pub(super) fn append_no_op(&mut self, out: &mut Output) {
        let position = self.append(Payload::Noop);
        let no_op = true;
        out.because(Reason::EntryAppended { position, no_op });
    }

    pub(super) fn client_asked(&mut self, command: Arc<str>, out: &mut Output) {
        if !matches!(self.role, Role::Leader { .. }) {
            let leader = self.leader();
            out.because(Reason::ProposalRefused { leader });
            out.effect(Effect::Answer(Answer::NotLeader { leader }));
            return;
        }
        if let Some(target) = self.transfer_target() {
            out.because(Reason::ProposalDeferred { target });
            out.effect(Effect::Answer(Answer::Transferring { target }));
            return;
        }
        let position = self.append(Payload::Command(command));
        let no_op = false;
        out.because(Reason::EntryAppended { position, no_op });
        out.effect(Effect::Answer(Answer::Accepted(position)));
        self.send_entries_to_all(out);
    }

    fn append(&mut self, payload: Payload) -> Position {
        let term = self.term;
        let position = self.log.append(Entry { term, payload });
        self.disk.log_changed(position.index);
        position
    }

    pub(super) fn entries_answered(
        &mut self,
        follower: NodeId,
        result: AppendResult,
        out: &mut Output,
    ) {
        let role = self.role.name();
        let Role::Leader { progress, .. } = &mut self.role else {
            self.drop_acknowledgement(follower, DropCause::Unasked { role }, out);
            return;
        };
        let Some(known) = progress.get_mut(follower) else {
            self.drop_acknowledgement(follower, DropCause::Unasked { role }, out);
            return;
        };
        known.active = true;
        match result {
            AppendResult::Accepted { matched } => {
                // No follower can confirm more of this log than there is of it.
                let new = matched.min(self.log.last_index());
                let old = known.match_index;
                known.match_index = new.max(old);
                known.probing &= new.next() < known.next_index;
                known.next_index = known.next_index.max(new.next());
                if new > old {
                    out.because(Reason::MatchAdvanced { follower, old, new });
                    self.advance_commit(out);
                } else {
                    let matched = old;
                    out.because(Reason::MatchConfirmed { follower, matched });
                }
                self.send_rest(follower, out);
                self.hand_over_if_ready(follower, out);
            }
            AppendResult::Refused { hint } => {
                // Below the match index the logs agree, so a refusal that points
                // there was overtaken by a later acknowledgement.
                let old = known.next_index;
                let lower = old.previous().min(hint.next());
                let new = lower.max(known.match_index.next());
                if new >= old {
                    self.drop_acknowledgement(follower, DropCause::NothingNew, out);
                    return;
                }
                known.next_index = new;
                known.probing = true;
                out.because(Reason::NextLowered { follower, old, new });
                self.send_entries(follower, out);
            }
        }
    }

    /// Sends what has not been sent yet, now that the follower has answered.
    fn send_rest(&mut self, follower: NodeId, out: &mut Output) {
        let Role::Leader { progress, .. } = &self.role else {
            return;
        };
        let last = self.log.last_index();
        if progress
            .get(follower)
            .is_some_and(|known| !known.probing && known.next_index <= last)
        {
            self.send_entries(follower, out);
        }
    }

    /// Commits what a majority holds on disk, if it is of the leader's own term
    /// (§5.4.2). Terms never decrease along a log, so it is enough to look at
    /// the last entry that a majority holds.
    pub(super) fn advance_commit(&mut self, out: &mut Output) {
        let index = self.majority_index();
        let needed = self.members.majority();
        if index <= self.commit {
            if self.commit < self.log.last_index() {
                let index = self.commit.next();
                out.because_of(|| Reason::CommitWaits {
                    index,
                    holders: self.holders(index),
                    needed,
                });
            }
            return;
        }
        let term = self.log.term_at(index).unwrap_or_default();
        if term != self.term {
            out.because_of(|| Reason::CommitWaitsForOwnTerm {
                entry: Position { index, term },
                term: self.term,
                holders: self.holders(index),
            });
            return;
        }
        let old = self.commit;
        out.because_of(|| Reason::CommitAdvanced {
            old,
            new: index,
            holders: self.holders(index),
            needed,
        });
        self.set_commit(index, out);
        self.answer_committed(old, out);
    }

    fn answer_committed(&self, old: LogIndex, out: &mut Output) {
        for (index, entry) in (old.next().0..=self.commit.0)
            .map(LogIndex)
            .filter_map(|index| Some((index, self.log.get(index)?)))
        {
            let asked_here = entry.term == self.term && entry.payload != Payload::Noop;
            if asked_here {
                let term = entry.term;
                out.effect(Effect::Answer(Answer::Committed(Position { index, term })));
            }
        }
    }

    /// The last entry that a member is known to hold on disk.
    fn held_by(&self, member: NodeId) -> LogIndex {
        match &self.role {
            _ if member == self.id => self.durable_index(),
            Role::Leader { progress, .. } => progress
                .get(member)
                .map_or(LogIndex::ZERO, |known| known.match_index),
            _ => LogIndex::ZERO,
        }
    }

    /// The last entry that a majority of the members hold on disk: of the
    /// members' indexes in falling order, the one that completes a majority.
    fn majority_index(&self) -> LogIndex {
        let mut held = [LogIndex::ZERO; NodeId::MAX as usize];
        for (index, member) in held.iter_mut().zip(self.members.iter()) {
            *index = self.held_by(member);
        }
        held.sort_unstable_by_key(|index| Reverse(*index));
        let last = usize::from(self.members.majority()) - 1;
        held.get(last).copied().unwrap_or_default()
    }

    fn holders(&self, index: LogIndex) -> NodeSet {
        self.members
            .iter()
            .filter(|member| self.held_by(*member) >= index)
            .collect()
    }

    fn drop_acknowledgement(&self, from: NodeId, cause: DropCause, out: &mut Output) {
        self.drop_message(from, MessageKind::AppendEntriesReply, cause, out);
    }
}

/// The follower's side.
impl Node {
    #[expect(
        clippy::too_many_arguments,
        reason = "the fields of AppendEntries, its sender and the time"
    )]
    pub(super) fn entries_arrived(
        &mut self,
        now: Millis,
        leader: NodeId,
        term: Term,
        prev: Position,
        entries: Vec<Entry>,
        commit: LogIndex,
        out: &mut Output,
    ) {
        if term < self.term {
            self.note_stale(leader, MessageKind::AppendEntries, term, out);
            let hint = self.log.last_index();
            self.answer_entries(leader, AppendResult::Refused { hint }, out);
            return;
        }
        if matches!(self.role, Role::Leader { .. }) {
            let kind = MessageKind::AppendEntries;
            self.drop_message(leader, kind, DropCause::LeadingMyself, out);
            return;
        }
        self.follow(leader, now, out);
        if !self.log.contains(prev) {
            self.refuse_entries(leader, prev, out);
            return;
        }
        let matched = prev.index.plus(entries.len());
        let new = self.take_entries(prev.index, entries, out);
        out.because(Reason::EntriesAccepted { prev, matched, new });
        self.learn_commit(commit, matched, out);
        self.answer_entries(leader, AppendResult::Accepted { matched }, out);
    }

    fn follow(&mut self, leader: NodeId, now: Millis, out: &mut Output) {
        let known = self.leader() == Some(leader);
        self.become_follower(Some((leader, now)), out);
        if !known {
            let term = self.term;
            out.because(Reason::LeaderFollowed { leader, term });
        }
        self.arm(Timer::Election, TimerCause::LeaderHeard, out);
    }

    fn refuse_entries(&mut self, leader: NodeId, prev: Position, out: &mut Output) {
        let mine = self.log.term_at(prev.index);
        // A whole term is skipped at a time (§5.3): entries of the term that
        // conflicts at `prev` cannot be the leader's.
        let hint = match mine {
            Some(_) => self.log.first_of_term_at(prev.index).previous(),
            None => self.log.last_index(),
        };
        out.because(Reason::EntriesRefused { prev, mine, hint });
        self.answer_entries(leader, AppendResult::Refused { hint }, out);
    }

    /// Takes the entries that follow `prev` and returns how many were new.
    /// What matches already stays, however long the log is: a short or late
    /// message must not cut it (§5.3).
    fn take_entries(&mut self, prev: LogIndex, entries: Vec<Entry>, out: &mut Output) -> u64 {
        let mut new = 0;
        let mut index = prev;
        for entry in entries {
            index = index.next();
            match self.log.term_at(index) {
                Some(mine) if mine == entry.term => continue,
                Some(mine) => self.delete_conflict(index, mine, entry.term, out),
                None => {}
            }
            self.log.append(entry);
            self.disk.log_changed(index);
            new += 1;
        }
        new
    }

    fn delete_conflict(&mut self, from: LogIndex, mine: Term, theirs: Term, out: &mut Output) {
        out.because(Reason::ConflictDeleted {
            from,
            through: self.log.last_index(),
            mine,
            theirs,
        });
        self.log.truncate_from(from);
        self.disk.log_changed(from);
    }

    fn learn_commit(&mut self, leader: LogIndex, matched: LogIndex, out: &mut Output) {
        let old = self.commit;
        let new = leader.min(matched);
        if new > old {
            out.because(Reason::CommitLearned {
                old,
                new,
                leader,
                matched,
            });
            self.set_commit(new, out);
        }
    }

    fn answer_entries(&mut self, leader: NodeId, result: AppendResult, out: &mut Output) {
        let term = self.term;
        self.send(leader, Message::AppendEntriesReply { term, result }, out);
    }

    /// Notes that a request's term has passed (§5.1); the refusal carries mine.
    pub(super) fn note_stale(
        &self,
        sender: NodeId,
        kind: MessageKind,
        theirs: Term,
        out: &mut Output,
    ) {
        out.because(Reason::RequestStale {
            sender,
            kind,
            theirs,
            mine: self.term,
        });
    }
}
