//! Names, and what rules and invariants say, in the reader's language.

use hustings_raft::{BrokenRule, RoleName, Rule, Timer};

use super::Lang;
use crate::history::BranchName;
use crate::invariant::Invariant;

/// A role by its name.
pub fn role(role: RoleName, lang: Lang) -> &'static str {
    let t = lang.texts();
    match role {
        RoleName::Follower => t.role_follower(),
        RoleName::PreCandidate => t.role_pre_candidate(),
        RoleName::Candidate => t.role_candidate(),
        RoleName::Leader => t.role_leader(),
    }
}

/// Where a rule or an invariant stands: [`Rule::source`], [`Invariant::source`].
pub fn source(source: &str, lang: Lang) -> String {
    let t = lang.texts();
    let source = source.replace("Figure", t.figure());
    source.replace("diss.", t.dissertation())
}

/// The name of a branch.
pub fn branch(name: &BranchName, lang: Lang) -> String {
    let t = lang.texts();
    match name {
        BranchName::Number(1) => t.first_branch().to_owned(),
        BranchName::Number(number) => t.numbered_branch(number),
        BranchName::Given(name) => name.clone(),
    }
}

/// The name that a text gives to a branch: what a number is called in some language is
/// that number.
pub fn branch_name(text: &str) -> BranchName {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = BranchName::Number(digits.parse().unwrap_or(1));
    if Lang::ALL.iter().any(|lang| branch(&number, *lang) == text) {
        number
    } else {
        BranchName::Given(text.to_owned())
    }
}

/// A timer by its name.
pub fn timer(timer: Timer, lang: Lang) -> &'static str {
    let t = lang.texts();
    match timer {
        Timer::Election => t.timer_election(),
        Timer::Heartbeat => t.timer_heartbeat(),
        Timer::CheckQuorum => t.timer_check_quorum(),
        Timer::Transfer => t.timer_transfer(),
    }
}

/// A rule in one sentence.
pub fn rule(rule: Rule, lang: Lang) -> &'static str {
    let t = lang.texts();
    match rule {
        Rule::StartAsFollower => t.rule_start_as_follower(),
        Rule::HigherTerm => t.rule_higher_term(),
        Rule::StaleRequest => t.rule_stale_request(),
        Rule::StaleReply => t.rule_stale_reply(),
        Rule::UnaskedReply => t.rule_unasked_reply(),
        Rule::OthersOnly => t.rule_others_only(),
        Rule::SpuriousTimer => t.rule_spurious_timer(),
        Rule::ElectionTimeout => t.rule_election_timeout(),
        Rule::DurableVote => t.rule_durable_vote(),
        Rule::DurableEntries => t.rule_durable_entries(),
        Rule::Majority => t.rule_majority(),
        Rule::FollowLeader => t.rule_follow_leader(),
        Rule::TimerReset => t.rule_timer_reset(),
        Rule::OneVote => t.rule_one_vote(),
        Rule::UpToDateLog => t.rule_up_to_date_log(),
        Rule::Heartbeat => t.rule_heartbeat(),
        Rule::ClientsAskLeader => t.rule_clients_ask_leader(),
        Rule::LeaderAppends => t.rule_leader_appends(),
        Rule::NoOp => t.rule_no_op(),
        Rule::LogMatching => t.rule_log_matching(),
        Rule::DeleteConflict => t.rule_delete_conflict(),
        Rule::Acknowledge => t.rule_acknowledge(),
        Rule::BackUp => t.rule_back_up(),
        Rule::CommitByMajority => t.rule_commit_by_majority(),
        Rule::CommitOwnTerm => t.rule_commit_own_term(),
        Rule::LearnCommit => t.rule_learn_commit(),
        Rule::PreVote => t.rule_pre_vote(),
        Rule::Lease => t.rule_lease(),
        Rule::CheckQuorum => t.rule_check_quorum(),
        Rule::Transfer => t.rule_transfer(),
        Rule::OneChange => t.rule_one_change(),
        Rule::LatestMembers => t.rule_latest_members(),
        Rule::CommitBeforeChange => t.rule_commit_before_change(),
        Rule::RemovedLeader => t.rule_removed_leader(),
    }
}

/// What servers do without a rule, in one sentence.
pub fn broken(broken: BrokenRule, lang: Lang) -> &'static str {
    let t = lang.texts();
    match broken {
        BrokenRule::ForgetVoteOnRestart => t.broken_forget_vote_on_restart(),
        BrokenRule::ForgetTermAndVoteOnRestart => t.broken_forget_term_and_vote_on_restart(),
        BrokenRule::ForgetLogOnRestart => t.broken_forget_log_on_restart(),
        BrokenRule::ReplyBeforePersist => t.broken_reply_before_persist(),
        BrokenRule::ConfirmBeforePersist => t.broken_confirm_before_persist(),
        BrokenRule::LeaderCountsUnsyncedEntry => t.broken_leader_counts_unsynced_entry(),
        BrokenRule::NoUpToDateCheck => t.broken_no_up_to_date_check(),
        BrokenRule::LongerLogWins => t.broken_longer_log_wins(),
        BrokenRule::CompareLastTermOnly => t.broken_compare_last_term_only(),
        BrokenRule::CommitOldTermByCounting => t.broken_commit_old_term_by_counting(),
        BrokenRule::TruncateOnAnyAppend => t.broken_truncate_on_any_append(),
        BrokenRule::KeepTailAfterConflict => t.broken_keep_tail_after_conflict(),
        BrokenRule::OverwriteUncommitted => t.broken_overwrite_uncommitted(),
        BrokenRule::CommitToLeaderCommit => t.broken_commit_to_leader_commit(),
        BrokenRule::NoPreviousEntryCheck => t.broken_no_previous_entry_check(),
        BrokenRule::CountStaleVotes => t.broken_count_stale_votes(),
        BrokenRule::CountDuplicateVotes => t.broken_count_duplicate_votes(),
        BrokenRule::QuorumOfHalf => t.broken_quorum_of_half(),
        BrokenRule::ManyVotesPerTerm => t.broken_many_votes_per_term(),
        BrokenRule::ClearVoteOnStepDown => t.broken_clear_vote_on_step_down(),
        BrokenRule::AcceptStaleAppend => t.broken_accept_stale_append(),
        BrokenRule::CountStaleAcknowledgements => t.broken_count_stale_acknowledgements(),
        BrokenRule::AcknowledgeLastIndex => t.broken_acknowledge_last_index(),
        BrokenRule::MatchFromRejection => t.broken_match_from_rejection(),
        BrokenRule::MatchIndexMayFall => t.broken_match_index_may_fall(),
        BrokenRule::ForgetOwnVote => t.broken_forget_own_vote(),
        BrokenRule::VoteWithoutAdoptingTerm => t.broken_vote_without_adopting_term(),
        BrokenRule::PreVotesElect => t.broken_pre_votes_elect(),
        BrokenRule::ReconfigureBeforeOwnCommit => t.broken_reconfigure_before_own_commit(),
        BrokenRule::CommitIndexMayFall => t.broken_commit_index_may_fall(),
        BrokenRule::RemovedLeaderCountsItself => t.broken_removed_leader_counts_itself(),
        BrokenRule::AnyMessageRestartsElectionTimer => {
            t.broken_any_message_restarts_election_timer()
        }
        BrokenRule::IgnoreHigherTermInReplies => t.broken_ignore_higher_term_in_replies(),
        BrokenRule::RefuseBeforeAdoptingTerm => t.broken_refuse_before_adopting_term(),
    }
}

/// An invariant in one sentence.
pub fn invariant(invariant: Invariant, lang: Lang) -> &'static str {
    let t = lang.texts();
    match invariant {
        Invariant::ElectionSafety => t.invariant_election_safety(),
        Invariant::VoteOnce => t.invariant_vote_once(),
        Invariant::MonotonicTerm => t.invariant_monotonic_term(),
        Invariant::LeaderAppendOnly => t.invariant_leader_append_only(),
        Invariant::LogMatching => t.invariant_log_matching(),
        Invariant::LeaderCompleteness => t.invariant_leader_completeness(),
        Invariant::StateMachineSafety => t.invariant_state_machine_safety(),
        Invariant::QuorumLog => t.invariant_quorum_log(),
        Invariant::CommitOwnTerm => t.invariant_commit_own_term(),
        Invariant::MonotonicCommit => t.invariant_monotonic_commit(),
        Invariant::MonotonicMatch => t.invariant_monotonic_match(),
        Invariant::MonotonicLog => t.invariant_monotonic_log(),
        Invariant::MessageTerm => t.invariant_message_term(),
        Invariant::Transitions => t.invariant_transitions(),
    }
}
