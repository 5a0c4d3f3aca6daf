//! What is committed, and what clients are told.

use hustings_lab::narrate::{self, Lang};

use super::{assert_has, assert_none, play, told};

/// What an earlier leader has committed, a new one does not know to be so.
#[test]
fn nobody_says_of_a_committed_entry_that_it_is_not() {
    let told = told("cluster 3 / timeout S1 / deliver all / timeout S2 / deliver all");
    assert_none(&told, "not committed");
    assert_has(
        &told,
        "S2 does not know yet whether index 2 is committed: \
         by its count only S2 holds it on disk, and 2 of S1 S2 S3 are a majority.",
    );
}

/// The same for an entry of an older term, which is committed already.
#[test]
fn a_majority_for_an_old_entry_says_nothing_of_an_earlier_commit() {
    let told = told(
        "cluster 3 / option no-op off / timeout S1 / deliver all / propose S1 \"x\" / deliver all / \
         timeout S2 / deliver all",
    );
    assert_has(
        &told,
        "S2 commits index 1 (term 1) only along with an entry of its own term 2, although \
         by its count S1 S2 hold it on disk, and 2 of S1 S2 S3 are a majority.",
    );
}

#[test]
fn one_server_is_a_majority_of_one() {
    let told = told("cluster 1 / timeout S1 / propose S1 \"x\" / timeout S1");
    assert_has(
        &told,
        "S1 commits up to index 1: by its count S1 holds it on disk, and S1 alone is a majority.",
    );
    assert_has(
        &told,
        "S1 leads term 1: it has the votes of S1, and S1 alone is a majority.",
    );
    assert_none(&told, "sends AppendEntries");
}

#[test]
fn five_of_nine_are_a_majority() {
    let told = told("cluster 9 / timeout S1 / deliver all");
    assert_has(
        &told,
        "S1 commits up to index 1: \
         by its count S1 S2 S3 S4 S5 hold it on disk, and 5 of S1 S2 S3 S4 S5 S6 S7 S8 S9 are a majority.",
    );
}

#[test]
fn a_commit_index_that_falls_is_not_told_as_learned() {
    let told = told(
        "cluster 3 / break commit-index-may-fall / state S2 term=1 log=1,1 commit=2 / \
         send AppendEntries S1->S2 term=1 prev=2:1 commit=1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 lowers its commit index from 2 to 1, as the message has it.",
    );
}

#[test]
fn a_follower_commits_as_far_as_the_message_reaches() {
    let told = told(
        "cluster 3 / state S2 term=1 log=1,1 / \
         send AppendEntries S1->S2 term=1 prev=1:1 commit=2 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 hears that the leader has committed up to index 2, and commits up to index 1, \
         which is as far as the message reaches.",
    );
}

#[test]
fn clients_are_told_and_so_is_the_reader() {
    let lab = play(
        "cluster 3 / propose S1 \"a\" / timeout S1 / deliver all / propose S2 \"b\" / propose S1 \"c\" / \
         deliver all / transfer S1 to S3 / propose S1 \"d\" / member add S3 at S1",
    );
    let records = lab.records().iter();
    let told: Vec<_> = records
        .flat_map(|(_, record)| narrate::answers(record, Lang::En))
        .collect();
    for sentence in [
        "S1 answers the client: not the leader, and none is known.",
        "S2 answers the client: not the leader; ask S1.",
        "S1 answers the client: accepted at index 2 (term 1), not committed yet.",
        "S1 answers the client: index 2 (term 1) is committed.",
        "S1 answers the client: try again later, leadership is being transferred to S3.",
    ] {
        assert_has(&told, sentence);
    }
}
