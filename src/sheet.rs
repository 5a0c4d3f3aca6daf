//! What stands on the sheet of rules, in the manner of the paper's Figure 2.

use hustings_lab::Invariant;
use hustings_raft::{BrokenRule, Rule};

use crate::i18n::texts;

/// A part of the sheet: its title and its rules.
pub struct Part {
    /// Its title, in the language of the page.
    pub title: fn() -> &'static str,
    /// Its lines.
    pub rules: &'static [Rule],
}

/// The sheet.
pub const SHEET: [Part; 8] = [
    Part {
        title: || texts().sheet_all(),
        rules: &[
            Rule::StartAsFollower,
            Rule::HigherTerm,
            Rule::StaleRequest,
            Rule::StaleReply,
            Rule::UnaskedReply,
            Rule::OthersOnly,
            Rule::SpuriousTimer,
        ],
    },
    Part {
        title: || texts().sheet_elections(),
        rules: &[
            Rule::ElectionTimeout,
            Rule::TimerReset,
            Rule::Majority,
            Rule::FollowLeader,
        ],
    },
    Part {
        title: || texts().sheet_votes(),
        rules: &[Rule::OneVote, Rule::UpToDateLog, Rule::DurableVote],
    },
    Part {
        title: || texts().sheet_leader(),
        rules: &[
            Rule::Heartbeat,
            Rule::ClientsAskLeader,
            Rule::LeaderAppends,
            Rule::NoOp,
            Rule::BackUp,
        ],
    },
    Part {
        title: || texts().sheet_appends(),
        rules: &[
            Rule::LogMatching,
            Rule::DeleteConflict,
            Rule::Acknowledge,
            Rule::DurableEntries,
            Rule::LearnCommit,
        ],
    },
    Part {
        title: || texts().sheet_commits(),
        rules: &[Rule::CommitByMajority, Rule::CommitOwnTerm],
    },
    Part {
        title: || texts().sheet_options(),
        rules: &[
            Rule::PreVote,
            Rule::Lease,
            Rule::CheckQuorum,
            Rule::Transfer,
        ],
    },
    Part {
        title: || texts().sheet_members(),
        rules: &[
            Rule::OneChange,
            Rule::LatestMembers,
            Rule::CommitBeforeChange,
            Rule::RemovedLeader,
        ],
    },
];

/// The scenario that shows a rule, by group and name: what comes of it when it is broken,
/// or is off, or else an application of it.
pub fn lesson(rule: Rule) -> Option<(&'static str, &'static str)> {
    let breaks = BrokenRule::ALL.into_iter().find(|it| it.rule() == rule);
    if let Some(broken) = breaks {
        return Some(("broken", broken.name()));
    }
    Some(match rule {
        Rule::ElectionTimeout | Rule::Heartbeat | Rule::FollowLeader => {
            ("first-steps", "clean-election")
        }
        Rule::ClientsAskLeader => ("first-steps", "client-request"),
        Rule::NoOp => ("liveness", "no-op"),
        Rule::Lease => ("liveness", "lease"),
        Rule::CheckQuorum => ("liveness", "check-quorum"),
        Rule::Transfer => ("transfer", "transfer"),
        Rule::OneChange => ("membership", "one-at-a-time"),
        Rule::LatestMembers => ("membership", "add-a-server"),
        _ => return None,
    })
}

/// The invariant that a rule protects, if it is one of those that the judge checks.
pub fn invariant(rule: Rule) -> Option<Invariant> {
    Some(match rule {
        Rule::StaleReply | Rule::Majority | Rule::PreVote | Rule::OneChange => {
            Invariant::ElectionSafety
        }
        Rule::StartAsFollower | Rule::OneVote | Rule::DurableVote => Invariant::VoteOnce,
        Rule::HigherTerm | Rule::UpToDateLog | Rule::CommitBeforeChange => {
            Invariant::LeaderCompleteness
        }
        Rule::LeaderAppends => Invariant::LeaderAppendOnly,
        Rule::LogMatching | Rule::DeleteConflict => Invariant::LogMatching,
        Rule::StaleRequest
        | Rule::Acknowledge
        | Rule::DurableEntries
        | Rule::BackUp
        | Rule::CommitByMajority
        | Rule::RemovedLeader => Invariant::QuorumLog,
        Rule::CommitOwnTerm => Invariant::CommitOwnTerm,
        Rule::LearnCommit => Invariant::StateMachineSafety,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;

    #[test]
    fn every_rule_has_one_line() {
        let mut lines: Vec<_> = SHEET.iter().flat_map(|part| part.rules).copied().collect();
        lines.sort();
        assert_eq!(lines, Rule::ALL);
    }

    #[test]
    fn a_rules_lesson_applies_or_breaks_it() {
        for rule in Rule::ALL {
            let Some((group, name)) = lesson(rule) else {
                continue;
            };
            let script = gallery::script(group, name).expect("a scenario");
            let run = script.run().expect("a run").run;
            let breaks = run.header().broken.iter().any(|it| it.rule() == rule);
            let reasons = run.records().iter();
            let mut reasons = reasons.flat_map(|(_, record)| record.reasons.iter());
            let applies = reasons.any(|reason| reason.rule() == rule);
            // What comes of an option is seen without it, too.
            let off = rule == Rule::NoOp && !run.header().raft.no_op;
            assert!(breaks || applies || off, "{rule:?}: {group}/{name}");
        }
    }

    #[test]
    fn a_rule_protects_what_falls_when_it_is_broken() {
        for rule in Rule::ALL {
            let breaks = BrokenRule::ALL.into_iter().filter(|it| it.rule() == rule);
            let fallen: Vec<_> = breaks
                .flat_map(|broken| {
                    let script = gallery::script("broken", broken.name()).expect("a scenario");
                    let run = script.run().expect("a run").run;
                    let violations = run.violations().iter();
                    violations.map(|it| it.invariant()).collect::<Vec<_>>()
                })
                .collect();
            let protects = invariant(rule);
            let is_right = match protects {
                Some(it) => fallen.contains(&it) || lesson(rule).is_some_and(|it| it.0 != "broken"),
                None => fallen.is_empty(),
            };
            assert!(is_right, "{rule:?}: {protects:?}, {fallen:?}");
        }
    }

    #[test]
    fn rules_without_a_lesson_are_few() {
        let without = Rule::ALL.into_iter().filter(|rule| lesson(*rule).is_none());
        let without: Vec<_> = without.collect();
        assert_eq!(
            without,
            [Rule::UnaskedReply, Rule::OthersOnly, Rule::SpuriousTimer]
        );
    }
}
