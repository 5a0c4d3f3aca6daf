//! Votes and pre-votes that are given and refused.

use super::{assert_has, assert_none, told, told_last};

/// S4 is a member by a committed entry, which it lacks.
#[test]
fn a_server_judges_its_vote_by_its_own_log() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / timeout S1 / deliver all / cut S1-S4 / \
         member add S4 at S1 / deliver all / mend S1-S4 / \
         send TimeoutNow S1->S4 term=1 / deliver S1->S4 TimeoutNow / \
         member add S4 at S1 / transfer S2 to S4 / timeout S4 election",
    );
    assert_has(
        &told,
        "S4 ignores TimeoutNow from S1: by S4's log, S4 is no member.",
    );
    assert_has(
        &told,
        "S1 does not add S4: by S1's log, S4 is a member already.",
    );
    assert_has(
        &told,
        "S2 does not transfer leadership to S4: S2 does not lead.",
    );
    assert_has(
        &told,
        "S4 does not start an election: by S4's log, S4 is no member.",
    );
    assert_none(&told, "in this cluster");
}

#[test]
fn who_has_voted_for_itself_says_what_it_is() {
    let ask = "send RequestVote S3->S1 term=1 last=0:0 / deliver S3->S1";
    for (before, why) in [
        (
            "timeout S1",
            "S1 is a candidate itself, and has voted for itself",
        ),
        (
            "timeout S1 / deliver S1->S2 / deliver S2->S1",
            "S1 leads this term, and has voted for itself",
        ),
        (
            "timeout S1 / crash S1 / restart S1",
            "S1 has voted for itself",
        ),
    ] {
        assert_has(
            &told_last(&format!("cluster 3 / {before} / {ask}")),
            &format!("S1 refuses S3 its vote in term 1: {why}."),
        );
    }
}

/// A pre-vote for a term that is over is refused for that, not for the vote.
#[test]
fn a_pre_vote_is_refused_for_the_term_or_for_the_vote() {
    let told = told(
        "cluster 3 / option pre-vote on / state S1 term=5 / state S2 term=3 voted-for=S3 / \
         send PreVote S3->S1 term=4 last=0:0 / deliver S3->S1 / \
         send PreVote S1->S2 term=3 last=0:0 / deliver S1->S2",
    );
    assert_has(&told, "S1 would not vote for S3: S1 is in term 5 already.");
    assert_has(
        &told,
        "S2 would not vote for S1: S2 is in term 3 already, and its vote there is not free.",
    );
}

/// By Raft, the log is not behind; a broken rule has it so.
#[test]
fn a_log_that_is_not_behind_is_not_called_so() {
    let told = told(
        "cluster 3 / break longer-log-wins / state S1 term=2 log=1,2 / state S2 term=1 log=1,1,1 / \
         timeout S1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 refuses S1 its vote in term 3: by the request S1's log ends at index 2 (term 2), \
         S2's ends at index 3 (term 1), and by the broken rule longer-log-wins that is behind.",
    );
}

/// A refusal carries the voter's own term, not the one that was asked about.
#[test]
fn a_refused_pre_vote_tells_the_term_of_the_voter() {
    let told = told(
        "cluster 3 / option pre-vote on / state S2 term=1 log=1 / timeout S1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "PreVoteReply from S2 to S1: no pre-vote; the sender is in term 1",
    );
}

#[test]
fn a_vote_names_both_of_its_conditions() {
    let told = told(
        "cluster 3 / state S1 term=2 log=1,2 / state S2 term=1 log=1,1 / timeout S1 / \
         deliver S1->S2 / duplicate S2->S1 / send RequestVote S1->S2 term=3 last=2:2 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 votes for S1 in term 3: S2 has no vote recorded in that term, and by the request \
         S1's log ends at index 2 (term 2), at least as up to date as S2's, which ends at index 2 (term 1).",
    );
    assert_has(
        &told,
        "S2 votes for S1 in term 3: S2 has already voted for S1, and by the request \
         S1's log ends at index 2 (term 2), at least as up to date as S2's, which ends at index 2 (term 1).",
    );
}

#[test]
fn a_vote_that_a_broken_rule_gives_says_what_it_overlooks() {
    let twice = told(
        "cluster 3 / break many-votes-per-term / timeout S1 / timeout S3 / deliver S1->S2 / deliver S3->S2",
    );
    assert_has(
        &twice,
        "S2 votes for S3 in term 1: S2 has already voted for S1, which by the broken rule \
         many-votes-per-term does not matter, and by the request S3's log is empty, at least as up to date as S2's, which is empty.",
    );
    let behind = told(
        "cluster 3 / break no-up-to-date-check / state S2 term=1 log=1 / timeout S1 / timeout S1 / deliver S1->S2 nth=2",
    );
    assert_has(
        &behind,
        "S2 votes for S1 in term 2: S2 has no vote recorded in that term, and by the request \
         S1's log is empty and S2's ends at index 1 (term 1), which by the broken rule is enough.",
    );
}

#[test]
fn a_log_that_is_behind_says_in_what() {
    let behind = |theirs: &str| {
        told_last(&format!(
            "cluster 2 / state S2 term=3 log=1,1,2 / send RequestVote S1->S2 term=4 last={theirs} / deliver S1->S2"
        ))
    };
    assert_has(
        &behind("9:1"),
        "S2 refuses S1 its vote in term 4: by the request S1's log ends at index 9 (term 1), \
         but S2's ends at index 3 (term 2): S2's last term is later.",
    );
    assert_has(
        &behind("2:2"),
        "S2 refuses S1 its vote in term 4: by the request S1's log ends at index 2 (term 2), \
         but S2's ends at index 3 (term 2): the last terms are the same, and S2's log is longer.",
    );
}
