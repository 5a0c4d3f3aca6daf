//! Each broken rule has a scenario that violates an invariant, and the same
//! schedule is harmless where the rule holds.
#![cfg(not(target_family = "wasm"))]

use std::path::Path;

use hustings_lab::script::{Line, Script};
use hustings_lab::{Invariant, Lab};
use hustings_raft::{BrokenRule, BrokenRules, Reason};

/// What fails without a rule.
fn invariant(rule: BrokenRule) -> Invariant {
    use BrokenRule as B;
    match rule {
        B::ForgetVoteOnRestart
        | B::ForgetTermAndVoteOnRestart
        | B::ReplyBeforePersist
        | B::CountStaleVotes
        | B::CountDuplicateVotes
        | B::QuorumOfHalf
        | B::ManyVotesPerTerm
        | B::ClearVoteOnStepDown
        | B::ForgetOwnVote => Invariant::ElectionSafety,
        B::ForgetLogOnRestart
        | B::LeaderCountsUnsyncedEntry
        | B::NoUpToDateCheck
        | B::LongerLogWins
        | B::CompareLastTermOnly
        | B::CommitOldTermByCounting
        | B::TruncateOnAnyAppend
        | B::KeepTailAfterConflict
        | B::AcceptStaleAppend
        | B::CountStaleAcknowledgements
        | B::AcknowledgeLastIndex
        | B::VoteWithoutAdoptingTerm
        | B::ReconfigureBeforeOwnCommit => Invariant::LeaderCompleteness,
        B::CommitToLeaderCommit => Invariant::StateMachineSafety,
        B::NoPreviousEntryCheck => Invariant::LogMatching,
        B::MatchFromRejection | B::RemovedLeaderCountsItself => Invariant::QuorumLog,
        B::CommitIndexMayFall => Invariant::MonotonicCommit,
    }
}

fn scenario(rule: BrokenRule) -> Script {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/broken");
    let file = folder.join(format!("{}.hust", rule.name()));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    Script::parse(&text).unwrap_or_else(|errors| panic!("{file:?}: {}", errors[0]))
}

/// What a script does, without what it expects.
fn play(script: &Script) -> Lab {
    let mut lab = Lab::new(script.header.clone()).expect("a sound header");
    for step in &script.steps {
        if let Line::Command(command) = &step.line {
            lab.apply(command.clone())
                .unwrap_or_else(|error| panic!("{}: {}: {error}", script.header.title, step.line));
        }
    }
    lab
}

fn broken_in(lab: &Lab) -> Vec<BrokenRule> {
    let reasons = lab
        .records()
        .iter()
        .flat_map(|(_, record)| record.reasons.to_vec());
    let broken = reasons.filter_map(|reason| match reason {
        Reason::RuleBroken { broken } => Some(broken),
        _ => None,
    });
    broken.collect()
}

#[test]
fn without_a_rule_its_invariant_fails() {
    for rule in BrokenRule::ALL {
        let script = scenario(rule);
        assert_eq!(script.header.broken, BrokenRules::from_iter([rule]));
        let lab = play(&script);
        let found: Vec<_> = lab.violations().iter().map(|it| it.invariant()).collect();
        assert!(
            found.contains(&invariant(rule)),
            "{}: {found:?}",
            rule.name()
        );
    }
}

#[test]
fn with_the_rule_the_same_schedule_violates_nothing() {
    for rule in BrokenRule::ALL {
        let mut script = scenario(rule);
        script.header.broken = BrokenRules::NONE;
        let lab = play(&script);
        assert_eq!(lab.violations(), [], "{}", rule.name());
        assert_eq!(broken_in(&lab), [], "{}", rule.name());
    }
}

#[test]
fn the_step_in_which_a_broken_rule_matters_says_so() {
    for rule in BrokenRule::ALL {
        let broken = broken_in(&play(&scenario(rule)));
        assert!(!broken.is_empty(), "{} is never named", rule.name());
        assert!(broken.iter().all(|it| *it == rule), "{broken:?}");
    }
}

/// Figure 8 with (2, term 2) committed along with an entry of term 4 while S5,
/// the leader of term 3, is only cut off: a leader of an earlier term than the
/// one in which an entry was committed need not hold it. Some specifications
/// compare with the entry's own term instead, and raise an alarm.
#[test]
fn a_correct_run_of_figure_8_raises_no_false_alarm() {
    let source = "cluster 5
option no-op off
state S1 term=2 log=1,2
state S2 term=2 log=1,2
state S3 term=2 log=1
state S4 term=2 log=1
state S5 term=2 log=1
timeout S5
deliver S5->S3
deliver S5->S4
deliver S3->S5
deliver S4->S5
expect S5 leader term=3
propose S5 \"b\"
isolate S5
drop all
timeout S1
drop all
timeout S1
deliver all
expect S1 leader term=4
propose S1 \"c\"
deliver all
expect S1 commit=3 log=1,2,4
timeout S1
deliver all
expect S4 commit=3
expect S5 leader term=3 log=1,3
expect no violation
heal
timeout S5
deliver all
timeout S1
deliver all
expect S5 follower term=4 log=1,2,4
expect no violation
";
    let script = Script::parse(source).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let outcome = script.run().expect("a sound header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

/// The log is gone when the servers start without it, not only when they have
/// written another.
#[test]
fn a_forgotten_log_is_on_no_disk() {
    let source = "cluster 3
break forget-log-on-restart
timeout S1
deliver all
propose S1 \"a\"
deliver all
crash S1
restart S1
expect no violation
crash S2
restart S2
expect violation quorum-log
crash S2
expect S2 log=none";
    let script = Script::parse(source).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let outcome = script.run().expect("a sound header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn a_forgotten_term_has_fallen() {
    let source = "cluster 3
break forget-term-and-vote-on-restart
timeout S1
drop all
crash S1
restart S1
expect violation monotonic-term";
    let script = Script::parse(source).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let outcome = script.run().expect("a sound header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn what_is_committed_at_the_start_may_not_be_lost() {
    let source = "cluster 3
option no-op off
break no-up-to-date-check
state S1 term=1 log=1 commit=1
state S2 term=1 log=1 commit=1
state S3 term=1
timeout S3
deliver S3->S1
deliver S1->S3
expect S3 leader log=none
expect violation leader-completeness";
    let script = Script::parse(source).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let outcome = script.run().expect("a sound header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let told = outcome.lab.violations();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].contradicts, Some(hustings_lab::RecordId(0)));
}

/// A `state` line may say that what one server alone holds is committed; the
/// others cannot be blamed for that.
#[test]
fn what_no_majority_holds_at_the_start_was_never_committed() {
    let source = "cluster 5
state S1 term=1 log=1 commit=1
timeout S2
deliver all
run 1s
expect no violation";
    let script = Script::parse(source).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let outcome = script.run().expect("a sound header");
    let lost =
        outcome.lab.violations().iter().find(|it| {
            [Invariant::LeaderCompleteness, Invariant::QuorumLog].contains(&it.invariant())
        });
    assert_eq!(lost, None);
}
