//! Sentences for reasons, by subject.

mod commits;
mod counts;
mod ignored;
mod leaders;
mod leases;
mod logs;
mod members;
mod progress;
mod standing;
mod terms;
mod votes;

use hustings_raft::{BrokenRule, NodeId, NodeSet, Reason};

use super::lang::{Texts, servers};
use super::{Lang, broken};

pub(super) use self::ignored::drop_cause;
pub(super) use self::leases::contact_with;
pub(super) use self::logs::indexes;
pub(super) use self::members::change_refusal;
pub(super) use self::terms::vote;
pub(super) use self::votes::refusal_cause;

/// What is said already when a server stands, or does not.
#[derive(Clone, Copy)]
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// Why: its timer has run out, or it has enough pre-votes.
    Cause,
    /// Nothing, but it stands because this leader has told it to.
    Order(NodeId),
}

/// A reason in one sentence; `me` is the server that took the step.
pub fn explain(me: NodeId, reason: &Reason, lang: Lang) -> String {
    explain_after(Said::Nothing, me, *reason, lang)
}

/// As [`explain`], after what is said already.
pub(super) fn explain_after(said: Said, me: NodeId, reason: Reason, lang: Lang) -> String {
    let told = match reason {
        Reason::Started { .. }
        | Reason::TermAdopted { .. }
        | Reason::SteppedDown { .. }
        | Reason::LeaderFollowed { .. } => terms::tell(me, reason, lang),
        Reason::ElectionStarted { .. }
        | Reason::PreVoteStarted { .. }
        | Reason::MayNotStand { .. }
        | Reason::OwnVoteWaits => standing::tell(said, me, reason, lang),
        Reason::VoteCounted { .. }
        | Reason::VoteDenied { .. }
        | Reason::PreVoteCounted { .. }
        | Reason::PreVoteDenied { .. }
        | Reason::PreVoteWon { .. }
        | Reason::ElectionWon { .. }
        | Reason::ElectionSkipped { .. } => counts::tell(me, reason, lang),
        Reason::VoteGranted { .. }
        | Reason::VoteRefused { .. }
        | Reason::PreVoteGranted { .. }
        | Reason::PreVoteRefused { .. } => votes::tell(me, reason, lang),
        Reason::LeaseHeld { .. } | Reason::LeasePassed { .. } => leases::tell(me, reason, lang),
        Reason::HeartbeatSent { .. }
        | Reason::QuorumHeard { .. }
        | Reason::QuorumLost { .. }
        | Reason::ProposalRefused { .. }
        | Reason::ProposalDeferred { .. }
        | Reason::TransferStarted { .. }
        | Reason::TimeoutNowSent { .. }
        | Reason::ToldToStand { .. }
        | Reason::TransferAborted { .. }
        | Reason::TransferRefused { .. } => leaders::tell(me, reason, lang),
        Reason::EntryAppended { .. }
        | Reason::OwnEntriesDeleted { .. }
        | Reason::EntriesAccepted { .. }
        | Reason::EntriesRefused { .. }
        | Reason::ConflictDeleted { .. } => logs::tell(me, reason, lang),
        Reason::MatchAdvanced { .. }
        | Reason::MatchLowered { .. }
        | Reason::MatchConfirmed { .. }
        | Reason::NextLowered { .. } => progress::tell(me, reason, lang),
        Reason::CommitAdvanced { .. }
        | Reason::CommitWaits { .. }
        | Reason::CommitWaitsForOwnTerm { .. }
        | Reason::CommitLearned { .. } => commits::tell(me, reason, lang),
        Reason::ChangeAppended { .. }
        | Reason::ChangeRefused { .. }
        | Reason::MembersChanged { .. }
        | Reason::RemovalCommitted { .. } => members::tell(me, reason, lang),
        Reason::TimerArmed { .. }
        | Reason::TimerIgnored { .. }
        | Reason::RequestStale { .. }
        | Reason::Dropped { .. } => ignored::tell(me, reason, lang),
        Reason::RuleBroken { broken: which } => {
            Some(lang.texts().rule_broken(which.name(), broken(which, lang)))
        }
    };
    // Each subject tells the reasons that it gets.
    told.unwrap_or_default()
}

/// How many of how many are a majority; or what a broken rule takes for one.
fn majority(needed: u8, members: NodeSet, t: Texts) -> String {
    if needed != members.majority() {
        t.enough(needed, servers(members, t), BrokenRule::QuorumOfHalf.name())
    } else if members.len() == 1 {
        t.majority_of_one(servers(members, t))
    } else {
        t.majority(needed, servers(members, t))
    }
}
