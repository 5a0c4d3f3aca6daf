//! Standing, counting votes and winning.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Told, Transcript};

use super::{assert_has, assert_none, headline, lines, play, told, told_last, transcript};

/// Half of four is no majority, whatever the broken rule has it for.
#[test]
fn what_is_no_majority_is_not_called_one() {
    let told = told(
        "cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1 / deliver all",
    );
    assert_none(&told, "2 of S1 S2 S3 S4 are a majority");
    assert_has(
        &told,
        "S1 leads term 1: it has the votes of S1 S2, and by the broken rule quorum-of-half, 2 of S1 S2 S3 S4 are enough.",
    );
    let told = self::told(
        "cluster 5 / break count-duplicate-votes / timeout S1 / deliver S1->S2 / \
         duplicate S2->S1 / deliver S2->S1 / deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 leads term 1: it counts 3 votes, which are from S1 S2 alone, and 3 of S1 S2 S3 S4 S5 are a majority.",
    );
}

/// Its own vote is not on disk, and never will be.
#[test]
fn a_candidate_that_does_not_record_its_vote_does_not_wait_for_it() {
    let told = told("cluster 3 / break forget-own-vote / timeout S1");
    assert_none(&told, "own vote counts once it is on disk");
}

/// Two candidates that know of different members need different majorities.
#[test]
fn a_candidate_says_of_whom_it_needs_votes() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / timeout S1 / deliver all / cut S1-S3 / \
         member add S4 at S1 / timeout S1 election / timeout S3 / timeout S1 check-quorum / timeout S2",
    );
    let needs = |who: &str| told.iter().any(|it| it.ends_with(who));
    assert!(
        needs("votes for itself and needs 2 votes of S1 S2 S3 to win."),
        "{told:#?}"
    );
}

#[test]
fn that_a_timer_has_run_out_is_told_once() {
    let told = told_last("cluster 3 / timeout S1");
    assert_eq!(told[0], "The election timer of S1 is made to run out.");
    assert_eq!(
        told[1],
        "S1 starts an election in term 1, votes for itself and needs 2 votes of S1 S2 S3 to win."
    );
    let told = told_last("cluster 3 / option pre-vote on / timeout S1");
    assert_eq!(
        told[1],
        "S1 starts a pre-vote to find out whether it would win term 1, \
         and needs 2 votes of S1 S2 S3 for that."
    );
    let again = transcript("cluster 3 / timeout S1 / timeout S1");
    assert_eq!(
        again[1..],
        [
            "S1's election in term 1 fails: it has 1 of the 2 votes that it needs (S1); \
             the request to S2 S3 is still on its way.",
            "S1's election timer has run out: it starts an election in term 2, votes for itself \
             and needs 2 votes of S1 S2 S3 to win.",
        ]
    );
}

#[test]
fn a_candidate_that_needs_too_few_votes_says_by_which_rule() {
    assert_has(
        &told_last("cluster 4 / break quorum-of-half / timeout S1"),
        "S1 starts an election in term 1, votes for itself and needs 2 votes of S1 S2 S3 S4 \
         (by the broken rule quorum-of-half) to win.",
    );
    assert_none(
        &told_last("cluster 3 / break quorum-of-half / timeout S1"),
        "by the broken rule",
    );
}

/// Where the reasons stand below, they say how an election ended.
#[test]
fn an_election_that_fails_says_once_why() {
    let lab = play("cluster 3 / timeout S1 / timeout S2 / timeout S2 / deliver S2->S1 nth=2");
    let (id, last) = lab.records().iter().next_back().expect("a record");
    let transcript = Transcript::of(&lab);
    let Some(Told::Record {
        failed: Some(tally),
        ..
    }) = transcript.about(id).map(|item| &item.told)
    else {
        panic!("no election failed");
    };
    let count =
        "it has 1 of the 2 votes that it needs (S1); the request to S2 S3 is still on its way.";
    assert_eq!(
        narrate::tally(tally, Lang::En),
        format!(
            "S1's election in term 1 fails because a message from S2 tells it of term 2: {count}"
        )
    );
    assert_eq!(
        narrate::tally_beside_reasons(tally, Lang::En),
        format!("S1's election in term 1 fails: {count}")
    );
    assert_eq!(
        lines(last, Lang::En)[1],
        "S1 is no longer candidate: it adopts term 2 from S2; its own was 1."
    );
}

/// Who leads by pre-votes alone has an election neither won nor under way.
#[test]
fn a_leader_by_pre_votes_leads_and_asks_nobody_any_more() {
    let script = "cluster 3 / option pre-vote on / break pre-votes-elect / timeout S1 / \
                  deliver S1->S2 / deliver S2->S1";
    assert_eq!(
        headline(script),
        "S1 leads term 1 without an election, by the broken rule pre-votes-elect. \
         In standard Raft, from the same state and without pre-votes-elect: S1 starts an election in term 1, \
         votes for itself and needs 2 votes of S1 S2 S3 to win."
    );
    let lab = play(script);
    assert_eq!(Transcript::of(&lab).undecided(&lab), []);
}

#[test]
fn a_vote_of_an_earlier_term_is_counted_as_such() {
    let told = told_last(
        "cluster 3 / break count-stale-votes / timeout S1 / deliver S1->S2 / timeout S1 / \
         deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 counts the vote that S2 gave in term 1, by the broken rule count-stale-votes: \
         2 of the 2 that S1 needs.",
    );
}

/// The answer to an earlier request has waited for a disk; nobody has forged it.
#[test]
fn a_refusal_that_comes_late_is_not_told_as_forged() {
    let ask_again = "timeout S1 / deliver S1->S2 / timeout S1 / drop all / run 120ms / timeout S1";
    let told = |start: &str| {
        transcript(&format!(
            "cluster 3 / disk S2 100..100ms / {start} / {ask_again}"
        ))
    };
    assert_has(
        &told("timeout S3 / deliver S3->S2"),
        "S1's election in term 2 fails: it has 1 of the 2 votes that it needs (S1); \
         the request did not reach S2 S3 (dropped by hand).",
    );
    assert_has(
        &told("timeout S2 / timeout S2"),
        "S1's election in term 2 fails: it has 1 of the 2 votes that it needs (S1); \
         S2 refused (already in term 2); the request did not reach S3 (dropped by hand).",
    );
}

/// A copy of a request may still be answered, a term that was won is not split after its leader's
/// crash, and of a rule by which votes are counted otherwise nothing is claimed.
#[test]
fn a_vote_is_called_split_only_when_nobody_can_win_by_what_is_under_way() {
    const SPLIT: &str = "is split";
    let two = "timeout S1 / timeout S2 / deliver S1->S2 / deliver S2->S1 / \
               deliver S2->S1 RequestVoteReply / deliver S1->S2 RequestVoteReply";
    assert_has(
        &transcript(&format!("cluster 3 / {two} / drop to S3 / deliver all")),
        "The vote of term 1 is split (S1 1 of 2, S2 1 of 2): what is still under way is enough for nobody.",
    );
    assert_none(&transcript(&format!("cluster 3 / {two}")), SPLIT);
    let copied = format!("cluster 3 / {two} / duplicate S1->S3 / drop S2->S3 / drop S1->S3");
    assert_none(&transcript(&copied), SPLIT);
    let won = "cluster 3 / timeout S1 / timeout S2 / deliver S1->S3 / deliver S3->S1 / crash S1 / \
               deliver S2->S3 / deliver S3->S2";
    assert_none(&transcript(won), SPLIT);
    let twice =
        format!("cluster 3 / break count-duplicate-votes / {two} / drop to S3 / deliver all");
    assert_none(&transcript(&twice), SPLIT);
}
