//! How much a record matters, and which of its reasons says most.

use hustings_raft::{Reason, RoleName};

use crate::record::{Change, Event, Record};

/// How much a record matters to somebody who watches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Routine: heartbeats and their answers, timers, starts.
    Routine,
    /// One message's worth of news: a vote, an entry, a refusal.
    News,
    /// A turn in the story: an election, a leader, a fault, a commit.
    Turn,
}

/// The reason that says most about a record.
pub fn main_reason(record: &Record) -> Option<&Reason> {
    // Crashes and restarts are told as such, not by what the server finds.
    if record.event.is_restart() {
        return None;
    }
    weightiest(record, |_| true)
}

/// The weightiest of some reasons.
pub(crate) fn weightiest(record: &Record, counts: impl Fn(&Reason) -> bool) -> Option<&Reason> {
    let rank = |reason: &&Reason| (weight_of(reason), story_rank(reason));
    // Of equal reasons the first was applied first and led to the others.
    let reasons = record.reasons.iter().rev();
    reasons.filter(|reason| counts(reason)).max_by_key(rank)
}

/// How much a record matters.
pub fn weight(record: &Record) -> Weight {
    let weight = weight_of_event(record);
    if record.printed.is_empty() {
        weight
    } else {
        // Who has a program print something wants to see it.
        weight.max(Weight::News)
    }
}

fn weight_of_event(record: &Record) -> Weight {
    match &record.event {
        Event::Crashed { .. }
        | Event::Restarted(_)
        | Event::Installed { .. }
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::Cut(_)
        | Event::Mended(_)
        | Event::Partitioned { .. }
        | Event::Noted(_) => Weight::Turn,
        Event::Delayed { .. }
        | Event::LatencySet { .. }
        | Event::DiskSet { .. }
        | Event::ClockSet { .. }
        | Event::Reseeded(_) => Weight::News,
        Event::Held(_) | Event::Released(_) | Event::Forged(_) => Weight::News,
        Event::Proposed { .. } | Event::Duplicated(_) => reasons_weight(record).max(Weight::News),
        Event::Lost { .. } => Weight::News,
        Event::WriteDone { .. } if !record.sent.is_empty() => {
            reasons_weight(record).max(Weight::News)
        }
        _ => reasons_weight(record),
    }
}

fn reasons_weight(record: &Record) -> Weight {
    let reasons = record.reasons.iter().map(weight_of).max();
    match reasons.unwrap_or(Weight::Routine) {
        Weight::Routine => unexplained_weight(record),
        told => told,
    }
}

/// How much the changes matter of which no reason tells: those of a server that gives none.
fn unexplained_weight(record: &Record) -> Weight {
    let is_role = |change: &Change| matches!(change, Change::Role { .. });
    if record.changes.iter().any(is_role) {
        Weight::Turn
    } else if record.changes.is_empty() {
        Weight::Routine
    } else {
        Weight::News
    }
}

pub(crate) fn weight_of(reason: &Reason) -> Weight {
    match reason {
        Reason::ElectionStarted { .. }
        | Reason::ElectionWon { .. }
        | Reason::ElectionSkipped { .. }
        | Reason::PreVoteStarted { .. }
        | Reason::QuorumLost { .. }
        | Reason::TransferStarted { .. }
        | Reason::TimeoutNowSent { .. }
        | Reason::ToldToStand { .. }
        | Reason::TransferAborted { .. }
        | Reason::TransferRefused { .. }
        | Reason::ProposalDeferred { .. }
        | Reason::ConflictDeleted { .. }
        | Reason::OwnEntriesDeleted { .. }
        | Reason::CommitAdvanced { .. }
        | Reason::SteppedDown {
            role: RoleName::Leader,
            ..
        }
        | Reason::ProposalRefused { .. }
        | Reason::ChangeAppended { .. }
        | Reason::ChangeRefused { .. }
        | Reason::RemovalCommitted { .. }
        | Reason::RuleBroken { .. }
        | Reason::CommitWaitsForOwnTerm { .. }
        | Reason::EntryAppended { no_op: false, .. } => Weight::Turn,
        Reason::VoteGranted { .. }
        | Reason::VoteRefused { .. }
        | Reason::PreVoteGranted { .. }
        | Reason::PreVoteRefused { .. }
        | Reason::PreVoteCounted { .. }
        | Reason::PreVoteDenied { .. }
        | Reason::PreVoteWon { .. }
        | Reason::LeaseHeld { .. }
        | Reason::LeasePassed { .. }
        | Reason::MayNotStand { .. }
        | Reason::VoteCounted { .. }
        | Reason::VoteDenied { .. }
        | Reason::LeaderFollowed { .. }
        | Reason::EntriesRefused { .. }
        | Reason::MatchLowered { .. }
        | Reason::NextLowered { .. }
        | Reason::RequestStale { .. }
        | Reason::TermAdopted { .. }
        | Reason::SteppedDown { .. }
        | Reason::MembersChanged { .. }
        | Reason::CommitLearned { .. } => Weight::News,
        Reason::EntriesAccepted {
            instead_of_prev: Some(_),
            ..
        } => Weight::Turn,
        Reason::EntriesAccepted { new, .. } if *new > 0 => Weight::News,
        Reason::Dropped { .. } => Weight::News,
        _ => Weight::Routine,
    }
}

/// Among reasons of one weight, which tells the story.
fn story_rank(reason: &Reason) -> u8 {
    match reason {
        Reason::ElectionWon { .. }
        | Reason::ElectionSkipped { .. }
        | Reason::RemovalCommitted { .. } => 9,
        Reason::ElectionStarted { .. } | Reason::QuorumLost { .. } => 8,
        // Whoever deletes its entries or votes for another has stopped leading first.
        Reason::SteppedDown {
            role: RoleName::Leader,
            ..
        } => 8,
        Reason::ConflictDeleted { .. } => 7,
        Reason::CommitAdvanced { .. } => 6,
        Reason::VoteGranted { .. } | Reason::VoteRefused { .. } => 5,
        Reason::EntriesRefused { .. } | Reason::LeaderFollowed { .. } => 4,
        Reason::CommitLearned { .. } => 3,
        Reason::EntriesAccepted { .. } | Reason::HeartbeatSent { .. } => 2,
        Reason::TimerArmed { .. } | Reason::OwnVoteWaits => 0,
        _ => 1,
    }
}
