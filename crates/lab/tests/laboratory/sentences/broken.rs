//! What is told beside a broken rule that makes a difference.

use std::collections::BTreeSet;

use hustings_lab::narrate::Lang;
use hustings_raft::{BrokenRule, Reason};

use super::{assert_has, assert_none, headline, lines, scenarios, told, why_last};

#[test]
fn a_broken_rule_is_named_where_it_makes_a_difference() {
    let told =
        told("cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1");
    assert_has(
        &told,
        "Broken rule quorum-of-half made a difference here: \
         Half of the servers are enough in a cluster of an even number. \
         In standard Raft, from the same state and without quorum-of-half: S1 counts the vote of S2: 2 of the 3 that S1 needs.",
    );
}

/// Where a broken rule makes a difference, it is told what Raft does.
#[test]
fn every_difference_that_a_broken_rule_makes_is_told() {
    let mut rules = BTreeSet::new();
    for lab in scenarios("broken") {
        for (_, record) in lab.records().iter() {
            let broken = record.reasons.iter().filter_map(|reason| match reason {
                Reason::RuleBroken { broken } => Some(*broken),
                _ => None,
            });
            let broken: Vec<_> = broken.collect();
            assert_eq!(broken.is_empty(), record.standard.is_empty(), "{record:?}");
            let told = lines(record, Lang::En).join("\n");
            assert_eq!(
                broken.is_empty(),
                !told.contains("In standard Raft, from the same state and without"),
                "{told}"
            );
            rules.extend(broken);
        }
    }
    assert_eq!(rules.len(), BrokenRule::ALL.len());
}

#[test]
fn what_raft_does_instead_is_told_as_a_decision_or_as_what_it_leads_to() {
    for (script, standard) in [
        (
            "cluster 2 / break no-previous-entry-check / \
             send AppendEntries S1->S2 term=2 prev=2:2 entries=2 / deliver S1->S2",
            "In standard Raft, from the same state and without no-previous-entry-check: S2 refuses: it does not hold \
             index 2 (term 2), because its log ends before that. \
             The leader should send from index 1.",
        ),
        (
            "cluster 3 / break many-votes-per-term / timeout S1 / timeout S3 / deliver S1->S2 / \
             deliver S3->S2",
            "In standard Raft, from the same state and without many-votes-per-term: S2 refuses S3 its vote in term 1: \
             S2 has voted for S1.",
        ),
        (
            "cluster 3 / break commit-index-may-fall / state S2 term=1 log=1,1 commit=2 / \
             send AppendEntries S1->S2 term=1 prev=2:1 commit=1 / deliver S1->S2",
            "In standard Raft, from the same state and without commit-index-may-fall: S2's commit index is 2.",
        ),
        (
            "cluster 3 / break truncate-on-any-append / state S2 term=1 log=1,1 / \
             send AppendEntries S1->S2 term=1 prev=1:1 / deliver S1->S2",
            "In standard Raft, from the same state and without truncate-on-any-append: S2's log ends at index 2 (term 1).",
        ),
        (
            "cluster 3 / break forget-own-vote / timeout S1",
            "In standard Raft, from the same state and without forget-own-vote: S1's vote is for S1.",
        ),
        (
            "cluster 3 / break any-message-restarts-election-timer / state S2 term=2 / \
             send RequestVote S1->S2 term=1 last=0:0 / deliver S1->S2",
            "In standard Raft, from the same state and without any-message-restarts-election-timer: \
             S2's election timer is not restarted.",
        ),
        (
            "cluster 3 / option disk 50..50ms / break reply-before-persist / \
             send RequestVote S1->S2 term=1 last=0:0 / deliver S1->S2",
            "In standard Raft, from the same state and without reply-before-persist: \
             S2 sends this only when its write is done.",
        ),
    ] {
        let told = headline(script);
        assert!(told.ends_with(standard), "{told}");
        let why = why_last(script).join("\n");
        assert!(why.contains(standard), "{why}");
    }
}

/// The caption says what happened before it says by which rule.
#[test]
fn a_caption_about_a_broken_rule_says_what_was_done() {
    assert_eq!(
        headline("cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1"),
        "S1 leads term 1: it has the votes of S1 S2, and by the broken rule quorum-of-half, \
         2 of S1 S2 S3 S4 are enough. In standard Raft, from the same state and without quorum-of-half: \
         S1 counts the vote of S2: 2 of the 3 that S1 needs."
    );
}

/// The vote, the leadership and the commit are of one moment, as the disk is fast.
#[test]
fn a_broken_rule_is_named_once_for_several_steps_at_once() {
    let script = "cluster 2 / break quorum-of-half / timeout S1";
    let why = why_last(script);
    let named = "Broken rule quorum-of-half made a difference here:";
    assert_eq!(why.iter().filter(|it| it.starts_with(named)).count(), 1);
    assert_none(&why, "quorum-of-half, quorum-of-half");
    assert_none(&[headline(script)], "quorum-of-half, quorum-of-half");
}
