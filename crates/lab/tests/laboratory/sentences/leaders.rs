//! Leaders that lead on, step down and are followed.

use super::{assert_has, assert_none, headline, told, told_last, transcript, why_last};

/// A leader that nobody has answered for ten seconds does not hear from a majority.
#[test]
fn a_leader_alone_says_what_it_looks_at() {
    let alone = |option: &str| {
        told_last(&format!(
            "cluster 3 / option pre-vote on{option} / timeout S1 / deliver all / isolate S1 / \
             wait 10s / heal / timeout S2 / deliver S2->S1 PreVote"
        ))
    };
    assert_has(
        &alone(""),
        "S1 would not vote for S2: as far as S1 knows, it leads its term itself, and without check-quorum \
         it never checks whether a majority still answers.",
    );
    assert_has(
        &alone(" / option check-quorum on"),
        "S1 would not vote for S2: as far as S1 knows, it leads its term itself, \
         and it leads on until one of its checks finds no majority.",
    );
}

/// Who has just come has not answered, but counts.
#[test]
fn a_check_tells_whom_it_counts() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / option check-quorum on / timeout S1 / deliver all / \
         member add S4 at S1 / timeout S1 check-quorum / timeout S1 check-quorum",
    );
    assert_has(
        &told,
        "S1 leads on: at this check it counts S1 S2 S3 S4 as active, and 3 of S1 S2 S3 S4 are a majority.",
    );
    assert_has(
        &told,
        "S1 steps down: at this check it counts only S1 as active, and 3 of S1 S2 S3 S4 are a majority.",
    );
}

/// It stepped down because of the reply, so it did not ignore it.
#[test]
fn a_reply_that_deposes_is_not_told_as_ignored() {
    let told = told(
        "cluster 3 / state S2 term=5 / timeout S1 / deliver S1->S3 / deliver S3->S1 / \
         deliver S1->S2 AppendEntries / deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 is no longer leader: it adopts term 5 from S2; its own was 1.",
    );
    assert_none(&told, "S1 adopts term 5");
    assert_none(&told, "S1 ignores");
}

#[test]
fn that_a_leader_steps_down_is_told_once_and_why() {
    let checked = why_last(
        "cluster 3 / option check-quorum on / timeout S1 / deliver all / isolate S1 / \
         timeout S1 check-quorum / timeout S1 check-quorum",
    );
    assert_eq!(
        checked[0],
        "S1 steps down: at this check it counts only S1 as active, and 2 of S1 S2 S3 are a majority."
    );
    assert_none(&checked, "no longer leader");
    let deposed = "cluster 3 / timeout S1 / deliver all / timeout S2 / deliver S2->S1 RequestVote";
    assert_none(&why_last(deposed), "S1 adopts");
    assert_eq!(
        headline(deposed),
        "S1 is no longer leader: it adopts term 2 from S2; its own was 1."
    );
    let candidate = why_last(
        "cluster 3 / timeout S1 / timeout S2 / deliver S1->S3 / deliver S3->S1 / \
         deliver S1->S2 AppendEntries",
    );
    assert_eq!(
        candidate[0],
        "S2 is no longer candidate: it follows S1 as the leader of term 1."
    );
    assert_none(&candidate, "S2 follows");
}

/// What it deletes as a follower comes after.
#[test]
fn a_deposed_leader_that_deletes_entries_is_told_as_deposed_first() {
    let told = transcript(
        "cluster 5 / timeout S4 / deliver all / \
         partition S1 S4 | S2 S3 S5 / propose S4 \"x=9\" / run 1200ms / heal / run 1s",
    );
    let deposed = told
        .iter()
        .position(|it| it.starts_with("S4 is no longer leader: it adopts term "));
    let deleted = told
        .iter()
        .position(|it| it.starts_with("S4 is no longer leader") && it.contains("S4 deletes"));
    assert_eq!((deposed.is_some(), deposed), (true, deleted), "{told:#?}");
}

#[test]
fn a_leader_that_is_partly_cut_off_and_leads_on_says_so_once() {
    let leads_on = "S1 leads on: at this check it counts S1 S2 S3 as active, \
                    and 3 of S1 S2 S3 S4 S5 are a majority.";
    let count = |script: &str| {
        let told = transcript(&format!("cluster 5 / option check-quorum on / {script}"));
        told.iter().filter(|it| *it == leads_on).count()
    };
    let elect = "timeout S1 / deliver all / run 300ms";
    assert_eq!(count(&format!("{elect} / run 2s")), 0);
    assert_eq!(
        count(&format!("{elect} / partition S1 S2 S3 | S4 S5 / run 3s")),
        1
    );
    assert_eq!(count(&format!("{elect} / crash S4 / crash S5 / run 3s")), 1);
    let again = "partition S1 S2 S3 | S4 S5 / run 2s";
    assert_eq!(
        count(&format!(
            "{elect} / crash S4 / crash S5 / run 2s / restart S4 / restart S5 / run 1s / crash S4 / crash S5 / run 1s"
        )),
        2
    );
    assert_eq!(count(&format!("{elect} / cut S4-S5 / run 2s / {again}")), 1);
}

/// Its message is of an earlier term, which it may have led; this one it does not.
#[test]
fn a_late_leader_is_not_called_the_leader_of_the_later_term() {
    let told = told_last(
        "cluster 3 / break accept-stale-append / state S2 term=2 / \
         send AppendEntries S1->S2 term=1 prev=0:0 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 takes S1, whose message is of term 1, for the leader of term 2, \
         by the broken rule accept-stale-append.",
    );
    assert_none(&told, "follows");
}
