//! Which rule a reason applies, and with which outcome.

use super::Reason;
use crate::{ChangeRefusal, Rule};

/// The outcome of applying a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RuleOutcome {
    /// The rule allowed or required what was done.
    Done,
    /// The rule forbade it.
    Refused,
    /// The rule's condition is not met yet.
    Waiting,
    /// The rule requires nothing to be done.
    Ignored,
    /// The rule is disabled, which made a difference.
    Broken,
}

impl Reason {
    /// The rule that was applied.
    pub fn rule(&self) -> Rule {
        match self {
            Self::Started { .. } => Rule::StartAsFollower,
            Self::TermAdopted { .. } => Rule::HigherTerm,
            Self::SteppedDown { cause, .. } => cause.rule(),
            Self::ElectionStarted { cause, .. } => cause.rule(),
            Self::MayNotStand { refusal } => refusal.rule(),
            Self::PreVoteStarted { .. }
            | Self::PreVoteGranted { .. }
            | Self::PreVoteCounted { .. }
            | Self::PreVoteDenied { .. }
            | Self::PreVoteWon { .. }
            | Self::ElectionSkipped { .. } => Rule::PreVote,
            Self::LeaseHeld { .. } | Self::LeasePassed { .. } => Rule::Lease,
            Self::QuorumHeard { .. } | Self::QuorumLost { .. } => Rule::CheckQuorum,
            Self::TransferStarted { .. }
            | Self::TimeoutNowSent { .. }
            | Self::ToldToStand { .. }
            | Self::TransferAborted { .. }
            | Self::TransferRefused { .. }
            | Self::ProposalDeferred { .. } => Rule::Transfer,
            Self::OwnVoteWaits => Rule::DurableVote,
            Self::VoteGranted { .. } => Rule::UpToDateLog,
            Self::VoteRefused { refusal, .. } | Self::PreVoteRefused { refusal, .. } => {
                refusal.rule()
            }
            Self::VoteCounted { .. } | Self::VoteDenied { .. } | Self::ElectionWon { .. } => {
                Rule::Majority
            }
            Self::LeaderFollowed { .. } => Rule::FollowLeader,
            Self::TimerArmed { cause, .. } => cause.rule(),
            Self::HeartbeatSent { .. } => Rule::Heartbeat,
            Self::EntryAppended { no_op: true, .. } => Rule::NoOp,
            Self::EntryAppended { no_op: false, .. } | Self::OwnEntriesDeleted { .. } => {
                Rule::LeaderAppends
            }
            Self::ProposalRefused { .. } => Rule::ClientsAskLeader,
            Self::EntriesAccepted { .. } => Rule::Acknowledge,
            Self::EntriesRefused { .. } => Rule::LogMatching,
            Self::ConflictDeleted { .. } => Rule::DeleteConflict,
            Self::MatchAdvanced { .. } | Self::MatchConfirmed { .. } => Rule::Acknowledge,
            Self::MatchLowered { .. } | Self::NextLowered { .. } => Rule::BackUp,
            Self::CommitAdvanced { .. } | Self::CommitWaits { .. } => Rule::CommitByMajority,
            Self::CommitWaitsForOwnTerm { .. } => Rule::CommitOwnTerm,
            Self::CommitLearned { .. } => Rule::LearnCommit,
            Self::ChangeAppended { .. } => Rule::OneChange,
            Self::ChangeRefused { refusal, .. } => match refusal {
                ChangeRefusal::NothingCommitted => Rule::CommitBeforeChange,
                ChangeRefusal::UnderWay { .. }
                | ChangeRefusal::AlreadyMember
                | ChangeRefusal::NoMember
                | ChangeRefusal::LastMember => Rule::OneChange,
            },
            Self::MembersChanged { .. } => Rule::LatestMembers,
            Self::RemovalCommitted { .. } => Rule::RemovedLeader,
            Self::RuleBroken { broken } => broken.rule(),
            Self::RequestStale { .. } => Rule::StaleRequest,
            Self::Dropped { kind, cause, .. } => cause.rule(*kind),
            Self::TimerIgnored { .. } => Rule::SpuriousTimer,
        }
    }

    /// How the rule came out.
    pub fn outcome(&self) -> RuleOutcome {
        match self {
            Self::VoteRefused { .. }
            | Self::VoteDenied { .. }
            | Self::ProposalRefused { .. }
            | Self::EntriesRefused { .. }
            | Self::PreVoteRefused { .. }
            | Self::PreVoteDenied { .. }
            | Self::TransferRefused { .. }
            | Self::ProposalDeferred { .. }
            | Self::ChangeRefused { .. }
            | Self::MayNotStand { .. }
            | Self::RequestStale { .. } => RuleOutcome::Refused,
            Self::RuleBroken { .. } => RuleOutcome::Broken,
            Self::OwnVoteWaits | Self::CommitWaits { .. } | Self::CommitWaitsForOwnTerm { .. } => {
                RuleOutcome::Waiting
            }
            Self::Dropped { .. } | Self::TimerIgnored { .. } | Self::LeaseHeld { .. } => {
                RuleOutcome::Ignored
            }
            Self::Started { .. }
            | Self::TermAdopted { .. }
            | Self::SteppedDown { .. }
            | Self::ElectionStarted { .. }
            | Self::PreVoteStarted { .. }
            | Self::PreVoteGranted { .. }
            | Self::PreVoteCounted { .. }
            | Self::PreVoteWon { .. }
            | Self::LeasePassed { .. }
            | Self::QuorumHeard { .. }
            | Self::QuorumLost { .. }
            | Self::TransferStarted { .. }
            | Self::TimeoutNowSent { .. }
            | Self::ToldToStand { .. }
            | Self::TransferAborted { .. }
            | Self::VoteGranted { .. }
            | Self::VoteCounted { .. }
            | Self::ElectionWon { .. }
            | Self::ElectionSkipped { .. }
            | Self::LeaderFollowed { .. }
            | Self::TimerArmed { .. }
            | Self::HeartbeatSent { .. }
            | Self::EntryAppended { .. }
            | Self::OwnEntriesDeleted { .. }
            | Self::EntriesAccepted { .. }
            | Self::ConflictDeleted { .. }
            | Self::MatchAdvanced { .. }
            | Self::MatchConfirmed { .. }
            | Self::MatchLowered { .. }
            | Self::NextLowered { .. }
            | Self::CommitAdvanced { .. }
            | Self::CommitLearned { .. }
            | Self::ChangeAppended { .. }
            | Self::MembersChanged { .. }
            | Self::RemovalCommitted { .. } => RuleOutcome::Done,
        }
    }
}
