//! What leaders do: heartbeats, progress, commitment, check-quorum and transfers; and what
//! servers answer to clients.

use hustings_raft::{
    AppendResult, ClientReply, LogIndex, Message, NodeId, NodeMap, NodeSet, Progress, Reason,
    RoleName, StepDownCause, Timer, TransferRefusal,
};

use super::Step;
use crate::machine::View;
use crate::record::Event;

impl Step<'_> {
    /// What it did with a request of a client.
    pub(super) fn was_asked(&self, reasons: &mut Vec<Reason>) {
        reasons.extend(self.appended_request());
        let asked = matches!(
            self.event,
            Event::Proposed { .. } | Event::ChangeAsked { .. }
        );
        let led = self.before.leads();
        let told = self.replies.iter().find_map(|reply| match *reply {
            ClientReply::NotLeader { leader } if !led => Some(Reason::ProposalRefused { leader }),
            ClientReply::Transferring { target } if led => {
                Some(Reason::ProposalDeferred { target })
            }
            _ => None,
        });
        reasons.extend(told.filter(|_| asked));
        reasons.extend(self.refused_transfer());
    }

    fn refused_transfer(&self) -> Option<Reason> {
        let Event::TransferAsked { target, .. } = *self.event else {
            return None;
        };
        let idle = self.before == self.after && self.decided().next().is_none();
        let refusal = TransferRefusal::NotLeader;
        (idle && !self.before.leads()).then_some(Reason::TransferRefused { target, refusal })
    }

    /// What a leader did, and one that no longer leads.
    pub(super) fn led(&self, reasons: &mut Vec<Reason>) {
        reasons.extend(self.appended_no_op());
        reasons.extend(self.sent_heartbeats());
        reasons.extend(self.committed());
        reasons.extend(self.told_to_stand());
        self.checked_quorum(reasons);
        self.was_removed(reasons);
    }

    fn sent_heartbeats(&self) -> Option<Reason> {
        let term = self.after.term;
        let is_due = matches!(
            self.event,
            Event::TimerFired {
                timer: Timer::Heartbeat,
                ..
            }
        );
        let sends = self.begins_to_lead() || (is_due && self.leads_on());
        if !sends {
            return None;
        }
        let is_heartbeat =
            |it: &Message| matches!(it, Message::AppendEntries { .. }) && it.term() == term;
        let sent = self.sent.iter().filter(|it| is_heartbeat(&it.message));
        let receivers: NodeSet = sent.map(|it| it.link.to).collect();
        let others = self.after.members?.without(self.server);
        let all = !others.is_empty() && others.minus(receivers).is_empty();
        all.then_some(Reason::HeartbeatSent { term })
    }

    /// What an answer of a follower told a leader about the follower's log.
    pub(super) fn heard_of_entries(&self, reasons: &mut Vec<Reason>) {
        let Some((follower, Message::AppendEntriesReply { term, result })) = self.arrived() else {
            return;
        };
        let known = |view: &View| progress_of(view.progress.as_deref(), follower);
        let (Some(before), Some(after)) = (known(self.before), known(self.after)) else {
            return;
        };
        if !self.leads_on() || *term != self.after.term {
            return;
        }
        let (old, new) = (before.match_index, after.match_index);
        reasons.extend(match result {
            _ if new > old => Some(Reason::MatchAdvanced { follower, old, new }),
            _ if new < old => Some(Reason::MatchLowered { follower, old, new }),
            AppendResult::Accepted { .. } => Some(Reason::MatchConfirmed {
                follower,
                matched: new,
            }),
            AppendResult::Refused { .. } => {
                let (old, new) = (before.next_index, after.next_index);
                (new < old).then_some(Reason::NextLowered { follower, old, new })
            }
        });
    }

    /// A commit of an entry of its own term that a majority holds on disk, as far as the
    /// leader shows; its own disk can be seen.
    fn committed(&self) -> Option<Reason> {
        let (old, new) = (self.before.commit, self.after.commit);
        let by_count = match self.event {
            Event::WriteDone { .. } | Event::Proposed { .. } => true,
            _ => matches!(
                self.arrived(),
                Some((_, Message::AppendEntriesReply { .. }))
            ),
        };
        let own_term = self.after.log.term_at(new) == Some(self.after.term);
        if !by_count || !self.leads_on() || new <= old || !own_term {
            return None;
        }
        let (members, needed) = self.majority()?;
        let holders = self.holders_of(new)?.intersection(members);
        (holders.len() >= needed).then_some(Reason::CommitAdvanced {
            old,
            new,
            holders,
            needed,
            members,
        })
    }

    fn holders_of(&self, index: LogIndex) -> Option<NodeSet> {
        let progress = self.after.progress.as_ref()?.iter();
        let others = progress.filter(|(_, known)| known.match_index >= index);
        let mut holders: NodeSet = others.map(|(id, _)| id).collect();
        if self.stored.log.get(index) == self.after.log.get(index) {
            holders.insert(self.server);
        }
        Some(holders)
    }

    /// A transfer whose target is told to stand.
    fn told_to_stand(&self) -> Option<Reason> {
        let term = self.after.term;
        let tells = |it: &(NodeId, &Message)| *it.1 == Message::TimeoutNow { term };
        let (target, _) = self.decided().find(tells)?;
        let known = progress_of(self.after.progress.as_deref(), target)?;
        let holds_all = known.match_index == self.after.log.last_index();
        (self.leads_on() && holds_all).then(|| Reason::TimeoutNowSent {
            target,
            after_write: self.waiting.iter().any(|it| it.link.to == target),
        })
    }

    /// A check that began to count anew whom the leader takes to be active.
    fn checked_quorum(&self, reasons: &mut Vec<Reason>) {
        let Event::TimerFired {
            timer: Timer::CheckQuorum,
            ..
        } = self.event
        else {
            return;
        };
        let (Some((members, needed)), Some(progress)) = (self.majority(), &self.before.progress)
        else {
            return;
        };
        let answered = progress.iter().filter(|(_, known)| known.active);
        let active: NodeSet = answered.map(|(id, _)| id).chain([self.server]).collect();
        let active = active.intersection(members);
        let enough = active.len() >= needed;
        let mut counts = self.after.progress.iter().flat_map(|it| it.iter());
        let anew = counts.all(|(_, known)| !known.active);
        if self.leads_on() && enough && anew {
            reasons.push(Reason::QuorumHeard {
                active,
                needed,
                members,
            });
        } else if self.leaves_office() && !enough {
            reasons.push(Reason::QuorumLost {
                active,
                needed,
                members,
            });
            reasons.push(stepped_down(StepDownCause::QuorumLost));
        }
    }

    /// A leader that stops to lead as its own removal is committed.
    fn was_removed(&self, reasons: &mut Vec<Reason>) {
        let is_member = |members: NodeSet| members.contains(self.server);
        if !self.leaves_office() || self.after.members.is_none_or(is_member) {
            return;
        }
        let last = self.after.log.last_configuration(LogIndex(1));
        let Some((index, _)) = last else {
            return;
        };
        if index > self.before.commit && index <= self.after.commit {
            reasons.push(Reason::RemovalCommitted { index });
            reasons.push(stepped_down(StepDownCause::Removed));
        }
    }

    /// Whether it has led its term, and is a follower now.
    fn leaves_office(&self) -> bool {
        self.before.leads() && self.keeps_term() && self.becomes(RoleName::Follower)
    }
}

fn stepped_down(cause: StepDownCause) -> Reason {
    let role = RoleName::Leader;
    Reason::SteppedDown { role, cause }
}

fn progress_of(progress: Option<&NodeMap<Progress>>, follower: NodeId) -> Option<Progress> {
    progress?.get(follower).copied()
}
