//! The rule and the outcome of every reason.

use std::collections::BTreeSet;

use crate::support::{S2, S3, at, id};
use hustings_raft::{
    BrokenRule, ChangeRefusal, Contact, DropCause, ElectionCause, ElectionRefusal, LogIndex,
    MemberChange, MessageKind, NodeSet, Reason, RoleName, Rule, RuleOutcome, StepDownCause, Term,
    Timer, TimerCause, TransferRefusal, VoteRefusal,
};

/// The expected rule and outcome of a reason. The matches are exhaustive, so a new
/// reason or cause must be added here.
fn expected(reason: Reason) -> (Rule, RuleOutcome) {
    use RuleOutcome::{Broken, Done, Ignored, Refused, Waiting};
    match reason {
        Reason::Started { .. } => (Rule::StartAsFollower, Done),
        Reason::TermAdopted { .. } => (Rule::HigherTerm, Done),
        Reason::SteppedDown { cause, .. } => match cause {
            StepDownCause::HigherTerm => (Rule::HigherTerm, Done),
            StepDownCause::LeaderHeard => (Rule::FollowLeader, Done),
            StepDownCause::VoteGranted => (Rule::TimerReset, Done),
            StepDownCause::QuorumLost => (Rule::CheckQuorum, Done),
            StepDownCause::Removed => (Rule::RemovedLeader, Done),
        },
        Reason::ElectionStarted { cause, .. } => match cause {
            ElectionCause::TimedOut => (Rule::ElectionTimeout, Done),
            ElectionCause::PreVoteWon => (Rule::PreVote, Done),
            ElectionCause::ToldToStand => (Rule::Transfer, Done),
        },
        Reason::MayNotStand { refusal } => (may_not_start_election(refusal), Refused),
        Reason::PreVoteStarted { .. } => (Rule::PreVote, Done),
        Reason::PreVoteGranted { .. } => (Rule::PreVote, Done),
        Reason::PreVoteCounted { .. } => (Rule::PreVote, Done),
        Reason::PreVoteDenied { .. } => (Rule::PreVote, Refused),
        Reason::PreVoteWon { .. } => (Rule::PreVote, Done),
        Reason::LeaseHeld { .. } => (Rule::Lease, Ignored),
        Reason::LeasePassed { .. } => (Rule::Lease, Done),
        Reason::QuorumHeard { .. } => (Rule::CheckQuorum, Done),
        Reason::QuorumLost { .. } => (Rule::CheckQuorum, Done),
        Reason::TransferStarted { .. } => (Rule::Transfer, Done),
        Reason::TimeoutNowSent { .. } => (Rule::Transfer, Done),
        Reason::ToldToStand { .. } => (Rule::Transfer, Done),
        Reason::TransferAborted { .. } => (Rule::Transfer, Done),
        Reason::TransferRefused { .. } => (Rule::Transfer, Refused),
        Reason::ProposalDeferred { .. } => (Rule::Transfer, Refused),
        Reason::OwnVoteWaits => (Rule::DurableVote, Waiting),
        Reason::VoteGranted { .. } => (Rule::UpToDateLog, Done),
        Reason::VoteRefused { refusal, .. } | Reason::PreVoteRefused { refusal, .. } => {
            match refusal {
                VoteRefusal::AlreadyVoted { .. } => (Rule::OneVote, Refused),
                VoteRefusal::LogBehind { .. } => (Rule::UpToDateLog, Refused),
                VoteRefusal::TermTaken { .. } => (Rule::PreVote, Refused),
                VoteRefusal::LeaderAlive { .. } => (Rule::PreVote, Refused),
            }
        }
        Reason::VoteCounted { .. } => (Rule::Majority, Done),
        Reason::VoteDenied { .. } => (Rule::Majority, Refused),
        Reason::ElectionWon { .. } => (Rule::Majority, Done),
        Reason::ElectionSkipped { .. } => (Rule::PreVote, Done),
        Reason::LeaderFollowed { .. } => (Rule::FollowLeader, Done),
        Reason::TimerArmed { cause, .. } => match cause {
            TimerCause::Started => (Rule::StartAsFollower, Done),
            TimerCause::PreVoteStarted => (Rule::PreVote, Done),
            TimerCause::ElectionStarted => (Rule::TimerReset, Done),
            TimerCause::VoteGranted => (Rule::TimerReset, Done),
            TimerCause::LeaderHeard => (Rule::TimerReset, Done),
            TimerCause::MessageArrived => (Rule::TimerReset, Done),
            TimerCause::SteppedDown => (Rule::ElectionTimeout, Done),
            TimerCause::CheckingQuorum => (Rule::CheckQuorum, Done),
            TimerCause::TransferStarted => (Rule::Transfer, Done),
            TimerCause::HeartbeatSent => (Rule::Heartbeat, Done),
        },
        Reason::HeartbeatSent { .. } => (Rule::Heartbeat, Done),
        Reason::EntryAppended { no_op: true, .. } => (Rule::NoOp, Done),
        Reason::OwnEntriesDeleted { .. } => (Rule::LeaderAppends, Done),
        Reason::EntryAppended { no_op: false, .. } => (Rule::LeaderAppends, Done),
        Reason::ProposalRefused { .. } => (Rule::ClientsAskLeader, Refused),
        Reason::EntriesAccepted { .. } => (Rule::Acknowledge, Done),
        Reason::EntriesRefused { .. } => (Rule::LogMatching, Refused),
        Reason::ConflictDeleted { .. } => (Rule::DeleteConflict, Done),
        Reason::MatchAdvanced { .. } => (Rule::Acknowledge, Done),
        Reason::MatchConfirmed { .. } => (Rule::Acknowledge, Done),
        Reason::MatchLowered { .. } => (Rule::BackUp, Done),
        Reason::NextLowered { .. } => (Rule::BackUp, Done),
        Reason::CommitAdvanced { .. } => (Rule::CommitByMajority, Done),
        Reason::CommitWaits { .. } => (Rule::CommitByMajority, Waiting),
        Reason::CommitWaitsForOwnTerm { .. } => (Rule::CommitOwnTerm, Waiting),
        Reason::CommitLearned { .. } => (Rule::LearnCommit, Done),
        Reason::ChangeAppended { .. } => (Rule::OneChange, Done),
        Reason::ChangeRefused { refusal, .. } => match refusal {
            ChangeRefusal::NothingCommitted => (Rule::CommitBeforeChange, Refused),
            ChangeRefusal::AlreadyMember => (Rule::OneChange, Refused),
            ChangeRefusal::NoMember => (Rule::OneChange, Refused),
            ChangeRefusal::LastMember => (Rule::OneChange, Refused),
            ChangeRefusal::UnderWay { .. } => (Rule::OneChange, Refused),
        },
        Reason::MembersChanged { .. } => (Rule::LatestMembers, Done),
        Reason::RemovalCommitted { .. } => (Rule::RemovedLeader, Done),
        Reason::RuleBroken { broken } => (broken.rule(), Broken),
        Reason::RequestStale { .. } => (Rule::StaleRequest, Refused),
        Reason::Dropped { kind, cause, .. } => (dropped_by(kind, cause), Ignored),
        Reason::TimerIgnored { .. } => (Rule::SpuriousTimer, Ignored),
    }
}

fn may_not_start_election(refusal: ElectionRefusal) -> Rule {
    match refusal {
        ElectionRefusal::NoMember => Rule::LatestMembers,
        ElectionRefusal::LastTerm => Rule::ElectionTimeout,
    }
}

fn dropped_by(kind: MessageKind, cause: DropCause) -> Rule {
    match (cause, kind) {
        (DropCause::StaleTerm { .. }, MessageKind::TimeoutNow) => Rule::StaleRequest,
        (DropCause::StaleTerm { .. }, _) => Rule::StaleReply,
        (DropCause::OtherTerm { .. }, _) => Rule::PreVote,
        (DropCause::Unasked { .. }, MessageKind::PreVoteReply) => Rule::PreVote,
        (DropCause::Unasked { .. }, _) => Rule::UnaskedReply,
        (DropCause::NothingNew, MessageKind::PreVoteReply) => Rule::PreVote,
        (DropCause::NothingNew, _) => Rule::Majority,
        (DropCause::Confirmed { .. }, _) => Rule::BackUp,
        (DropCause::NoMember, _) => Rule::LatestMembers,
        (DropCause::FromMyself, _) => Rule::OthersOnly,
        (DropCause::LeadingMyself, _) => Rule::Majority,
        (DropCause::CannotStand { refusal }, _) => may_not_start_election(refusal),
    }
}

/// Reasons of elections.
fn of_elections() -> Vec<Reason> {
    let (candidate, voter, leader, sender) = (id(S2), id(S2), id(S2), id(S2));
    let (term, needed, granted, refused, hope) = (Term(1), 2, 1, 1, true);
    let (last, mine, theirs) = (at(1, 1), at(2, 1), at(1, 1));
    let (one, voted_for) = (NodeSet::first(1), id(S3));
    let role = RoleName::Leader;
    let contact = Contact::Leads {
        checks_quorum: true,
    };
    let (old, new) = (Term(1), Term(2));
    let log_behind = VoteRefusal::LogBehind { theirs, mine };
    let mut reasons = vec![
        Reason::Started {
            term,
            voted_for: None,
            last,
        },
        Reason::TermAdopted { old, new, sender },
        Reason::PreVoteStarted {
            term,
            last,
            needed,
            members: one,
        },
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        },
        Reason::PreVoteCounted {
            voter,
            granted,
            needed,
        },
        Reason::PreVoteDenied {
            voter,
            refused,
            hope,
        },
        Reason::PreVoteWon {
            term,
            granted: one,
            needed,
            members: one,
        },
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
            contact,
        },
        Reason::LeasePassed {
            candidate,
            term,
            leader,
        },
        Reason::OwnVoteWaits,
        Reason::VoteGranted {
            candidate,
            term,
            voted_for: None,
            theirs,
            mine,
        },
        Reason::VoteCounted {
            voter,
            granted,
            needed,
        },
        Reason::VoteDenied {
            voter,
            refused,
            hope,
        },
        Reason::ElectionWon {
            term,
            granted: one,
            count: 1,
            needed,
            members: one,
        },
        Reason::LeaderFollowed { leader, term },
        Reason::QuorumHeard {
            active: one,
            needed,
            members: one,
        },
        Reason::QuorumLost {
            active: one,
            needed,
            members: one,
        },
    ];
    for refusal in [VoteRefusal::AlreadyVoted { voted_for, role }, log_behind] {
        reasons.push(Reason::VoteRefused {
            candidate,
            term,
            refusal,
        });
    }
    for refusal in [
        VoteRefusal::TermTaken { mine: term },
        VoteRefusal::LeaderAlive { leader, contact },
        log_behind,
    ] {
        reasons.push(Reason::PreVoteRefused {
            candidate,
            term,
            refusal,
        });
    }
    for cause in [
        ElectionCause::TimedOut,
        ElectionCause::PreVoteWon,
        ElectionCause::ToldToStand,
    ] {
        reasons.push(Reason::ElectionStarted {
            cause,
            term,
            last,
            needed,
            members: one,
        });
    }
    let causes = [
        StepDownCause::HigherTerm,
        StepDownCause::LeaderHeard,
        StepDownCause::VoteGranted,
        StepDownCause::QuorumLost,
        StepDownCause::Removed,
    ];
    reasons.extend(causes.map(|cause| Reason::SteppedDown { role, cause }));
    let refusals = [ElectionRefusal::NoMember, ElectionRefusal::LastTerm];
    reasons.extend(refusals.map(|refusal| Reason::MayNotStand { refusal }));
    reasons
}

/// Reasons of replication, transfers and membership changes.
fn of_logs() -> Vec<Reason> {
    let (follower, target, leader) = (id(S2), id(S2), id(S2));
    let (index, term, needed) = (LogIndex(1), Term(1), 2);
    let (old, new, matched, hint, last) = (index, index.next(), index, index, index);
    let (position, prev, entry) = (at(1, 1), at(1, 1), at(1, 1));
    let (holders, change) = (NodeSet::first(1), MemberChange::Add(id(S3)));
    let refusal = TransferRefusal::UnderWay;
    let mut reasons = vec![
        Reason::TransferStarted {
            target,
            matched,
            last,
        },
        Reason::TimeoutNowSent {
            target,
            after_write: false,
        },
        Reason::ToldToStand { leader },
        Reason::TransferAborted { target },
        Reason::TransferRefused { target, refusal },
        Reason::ProposalDeferred { target },
        Reason::ProposalRefused { leader: None },
        Reason::HeartbeatSent { term },
        Reason::EntriesAccepted {
            prev,
            instead_of_prev: None,
            matched,
            new: 1,
            after_write: false,
        },
        Reason::EntriesRefused {
            prev,
            mine: None,
            hint,
        },
        Reason::ConflictDeleted {
            from: index,
            through: index,
            mine: term,
            theirs: None,
            committed: false,
        },
        Reason::MatchAdvanced { follower, old, new },
        Reason::MatchConfirmed { follower, matched },
        Reason::ElectionSkipped { term },
        Reason::OwnEntriesDeleted {
            from: index,
            through: last,
        },
        Reason::MatchLowered { follower, old, new },
        Reason::NextLowered { follower, old, new },
        Reason::CommitAdvanced {
            old,
            new,
            holders,
            needed,
            members: holders,
        },
        Reason::CommitWaits {
            index,
            holders,
            needed,
            members: holders,
        },
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
            needed,
            members: holders,
        },
        Reason::CommitLearned {
            old,
            new,
            leader: index,
            matched,
        },
        Reason::ChangeAppended { change, position },
        Reason::MembersChanged {
            index,
            old: holders,
            new: holders,
        },
        Reason::RemovalCommitted { index },
        Reason::RuleBroken {
            broken: BrokenRule::QuorumOfHalf,
        },
    ];
    reasons.extend([true, false].map(|no_op| Reason::EntryAppended { position, no_op }));
    let refusals = [
        ChangeRefusal::AlreadyMember,
        ChangeRefusal::NoMember,
        ChangeRefusal::LastMember,
        ChangeRefusal::UnderWay { index },
        ChangeRefusal::NothingCommitted,
    ];
    reasons.extend(refusals.map(|refusal| Reason::ChangeRefused { change, refusal }));
    reasons
}

/// Reasons about ignored messages and timers.
fn of_messages_and_timers() -> Vec<Reason> {
    let (sender, role) = (id(S2), RoleName::Leader);
    let (theirs, mine, asked) = (Term(1), Term(2), Term(2));
    let matched = LogIndex(1);
    let vote = MessageKind::RequestVoteReply;
    let pre_vote = MessageKind::PreVoteReply;
    let acknowledgement = MessageKind::AppendEntriesReply;
    let dropped = [
        (vote, DropCause::StaleTerm { theirs, mine }),
        (
            MessageKind::TimeoutNow,
            DropCause::StaleTerm { theirs, mine },
        ),
        (pre_vote, DropCause::OtherTerm { theirs, asked }),
        (vote, DropCause::Unasked { role }),
        (pre_vote, DropCause::Unasked { role }),
        (vote, DropCause::NothingNew),
        (pre_vote, DropCause::NothingNew),
        (acknowledgement, DropCause::Confirmed { matched }),
        (acknowledgement, DropCause::NoMember),
        (vote, DropCause::FromMyself),
        (MessageKind::AppendEntries, DropCause::LeadingMyself),
        (
            MessageKind::TimeoutNow,
            DropCause::CannotStand {
                refusal: ElectionRefusal::NoMember,
            },
        ),
    ]
    .map(|(kind, cause)| Reason::Dropped {
        sender,
        kind,
        cause,
    });
    let armed = [
        (Timer::Election, TimerCause::Started),
        (Timer::Election, TimerCause::PreVoteStarted),
        (Timer::Election, TimerCause::ElectionStarted),
        (Timer::Election, TimerCause::VoteGranted),
        (Timer::Election, TimerCause::LeaderHeard),
        (Timer::Election, TimerCause::MessageArrived),
        (Timer::Election, TimerCause::SteppedDown),
        (Timer::CheckQuorum, TimerCause::CheckingQuorum),
        (Timer::Transfer, TimerCause::TransferStarted),
        (Timer::Heartbeat, TimerCause::HeartbeatSent),
    ]
    .map(|(timer, cause)| Reason::TimerArmed { timer, cause });
    let kind = MessageKind::RequestVote;
    let stale = Reason::RequestStale {
        sender,
        kind,
        theirs,
        mine,
    };
    let timer = Timer::Election;
    let ignored = Reason::TimerIgnored { timer, role };
    dropped
        .into_iter()
        .chain(armed)
        .chain([stale, ignored])
        .collect()
}

#[test]
fn each_reason_has_its_rule_and_outcome() {
    let reasons = [of_elections(), of_logs(), of_messages_and_timers()].concat();
    for reason in &reasons {
        let found = (reason.rule(), reason.outcome());
        assert_eq!(found, expected(*reason), "{reason:?}");
    }
    let kinds: BTreeSet<_> = reasons.iter().map(name).collect();
    assert_eq!(kinds.len(), 53, "one of each: {kinds:?}");
}

/// The name of a reason.
fn name(reason: &Reason) -> String {
    let text = format!("{reason:?}");
    let letters = |c: &char| c.is_alphanumeric();
    text.chars().take_while(letters).collect()
}
