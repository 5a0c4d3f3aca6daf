//! Entries on their way, and what followers and leaders do with them.

use hustings_lab::narrate::{self, Lang};

use super::{assert_has, assert_none, headline, play, told, told_last, why_last};

#[test]
fn entries_are_told_with_their_own_terms() {
    let told = told("cluster 3 / state S1 term=2 log=1,1,2 / timeout S1 / deliver all");
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 1 entry of term 3 after index 3 (term 2), in term 3; commit 0",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 4 entries of terms 1 to 3 after the start of the log, in term 3; commit 0",
    );
    assert_none(&told, "4 entries of term 3");
}

/// Figure 8 (c): the entry that the leader of term 4 replicates is of term 2.
#[test]
fn an_old_entry_of_a_new_leader_keeps_its_term() {
    let told = told(
        "cluster 5 / option no-op off / state S1 term=3 log=1,2 / state S2 term=2 log=1,2 / \
         state S3 term=3 log=1 / timeout S1 / deliver all / timeout S1 / deliver all",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S3: 1 entry of term 2 after index 1 (term 1), in term 4; commit 0",
    );
}

#[test]
fn forged_entries_are_told_from_the_lowest_term_to_the_highest() {
    let told = told(
        "cluster 2 / send AppendEntries S1->S2 term=9 prev=0:0 entries=3,1,2 / \
         send AppendEntries S1->S2 term=9 prev=0:0 entries=4,4",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 3 entries of terms 1 to 3 after the start of the log, in term 9; commit 0",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 2 entries of term 4 after the start of the log, in term 9; commit 0",
    );
}

/// Nothing is confirmed before it is on disk, and nothing says so.
#[test]
fn what_has_not_left_is_not_told_as_confirmed() {
    let script = "cluster 3 / option disk 500..500ms / state S1 term=1 / \
                  send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2";
    assert_has(
        &told_last(script),
        "S2 takes 1 new entry after the start of the log and will acknowledge up to index 1 \
         once that is on its disk.",
    );
    let again =
        format!("{script} / send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2");
    assert_has(
        &told_last(&again),
        "S2 has nothing to append and will acknowledge up to index 1 once its disk is up to date.",
    );
    let later = format!(
        "{script} / run 600ms / send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2"
    );
    assert_none(&told_last(&later), "will acknowledge");
}

#[test]
fn entries_that_are_new_only_in_part_are_told_so() {
    let told = told(
        "cluster 2 / state S2 term=1 log=1 / \
         send AppendEntries S1->S2 term=1 prev=0:0 entries=1,1,1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 takes 2 new entries among those after the start of the log and will acknowledge up to index 3 \
         once that is on its disk.",
    );
}

#[test]
fn a_leader_says_why_it_does_not_send_again_what_was_confirmed() {
    let told = told(
        "cluster 3 / break forget-log-on-restart / timeout S1 / deliver all / propose S1 \"a\" / \
         deliver all / crash S2 / restart S2 / run 3s",
    );
    assert_has(
        &told,
        "S1 ignores AppendEntriesReply from S2: S2 has acknowledged up to index 2 before, \
         and that stays so; S1 takes the refusal for an old one that arrives late.",
    );
    assert_none(&told, "says nothing new");
}

/// Only the first of the deleted entries is compared; others may be of other terms.
#[test]
fn deleted_entries_are_told_with_the_term_that_was_compared() {
    let told = told(
        "cluster 3 / state S2 term=3 log=1,2,3 commit=2 / \
         send AppendEntries S1->S2 term=4 prev=1:1 entries=4 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 deletes the entries from index 2 to 3, some of which it took to be committed: \
         at index 2 its term is 2, and the leader's is 4.",
    );
}

/// Entries of two terms are of no term between.
#[test]
fn two_terms_are_no_range() {
    let told = told("cluster 2 / send AppendEntries S1->S2 term=11 prev=0:0 entries=2,11");
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 2 entries of terms 2 and 11 after the start of the log, in term 11; commit 0",
    );
}

/// What a refusal asks for concerns leaders of its term only.
#[test]
fn a_refusal_names_one_index_to_send_from() {
    let told = told("cluster 2 / state S1 term=1 log=1 / timeout S1 / deliver all");
    assert_has(
        &told,
        "S2 refuses: it does not hold index 1 (term 1), because its log ends before that. \
         The leader should send from index 1.",
    );
    assert_has(
        &told,
        "AppendEntriesReply from S2 to S1: no, in term 2; a leader of that term should send from index 1",
    );
    assert_has(&told, "S1 goes back: it will send to S2 from index 1.");
    assert_none(&told, "index 0");
}

/// Whom a log differs from is not known, but where it does is.
#[test]
fn a_log_that_differs_says_whether_there_or_before() {
    let differ = |second: &str| {
        let lab = play(&format!(
            "cluster 2 / state S1 term=2 log=1,2 / state S2 term=2 log={second}"
        ));
        let violations = lab.violations().iter();
        let told: Vec<_> = violations
            .map(|it| narrate::violation(it, Lang::En))
            .collect();
        told.join("; ")
    };
    assert_eq!(
        differ("2,2"),
        "S2 holds the same entry at index 2 of term 2 as a log before, but the two differ before it."
    );
}

/// Its log is empty, so nothing of it is after index 1.
#[test]
fn a_follower_without_the_entry_before_says_where_it_puts_the_others() {
    let last = |state: &str, entries: &str| {
        why_last(&format!(
            "cluster 2 / break no-previous-entry-check{state} / \
             send AppendEntries S1->S2 term=2 prev=2:2{entries} / deliver S1->S2"
        ))
    };
    assert_has(
        &last("", " entries=2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 1 new entry after the start of the log and will acknowledge up to index 3 \
         once that is on its disk.",
    );
    assert_has(
        &last(" / state S2 term=1 log=1,1", " entries=2,2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 2 new entries after index 2 (term 1) and will acknowledge up to index 4 \
         once that is on its disk.",
    );
    assert_has(
        &last("", ""),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 has nothing to append and will acknowledge up to index 2 once its disk is up to date.",
    );
    let held = last(" / state S2 term=2 log=1,2", " entries=2");
    assert_none(&held, "does not hold");
    assert_has(
        &last(" / break acknowledge-last-index", " entries=2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 1 new entry after the start of the log and will acknowledge up to index 1 \
         once that is on its disk.",
    );
}

#[test]
fn a_match_index_that_falls_or_is_guessed_is_told_as_such() {
    let falls = why_last(
        "cluster 3 / break match-index-may-fall / timeout S1 / deliver all / \
         send AppendEntriesReply S2->S1 term=1 success=yes match=0 / deliver S2->S1",
    );
    assert_has(
        &falls,
        "S1 now counts S2 as holding its log only up to index 0 (match index before: 1).",
    );
    let guessed = why_last(
        "cluster 3 / break match-from-rejection / timeout S1 / deliver S1->S2 / deliver S2->S1 / \
         propose S1 \"x\" / send AppendEntriesReply S2->S1 term=1 success=no hint=2 / \
         deliver S2->S1",
    );
    assert_has(
        &guessed,
        "S1 now counts S2 as holding its log up to index 2 (match index before: 0).",
    );
    assert_none(&guessed, "takes the refusal for an old one");
}

/// That it follows the leader is not what Raft would not do.
#[test]
fn a_caption_tells_of_the_entries_that_were_taken_without_the_one_before() {
    let told = headline(
        "cluster 2 / break no-previous-entry-check / \
         send AppendEntries S1->S2 term=2 prev=2:2 entries=2 / deliver S1->S2",
    );
    assert!(
        told.starts_with("S2 does not hold index 2 (term 2)"),
        "{told}"
    );
}

/// What a leader puts an entry in the place of is told, too.
#[test]
fn a_leader_that_overwrites_its_log_says_what_is_gone() {
    let told = why_last(
        "cluster 3 / break overwrite-uncommitted / state S1 term=1 log=1,1 / option no-op off / \
         timeout S1 / deliver S1->S2 / deliver S2->S1 / propose S1 \"x\"",
    );
    assert_eq!(
        told[..2],
        [
            "S1 deletes the entries from index 1 to 2 of its own log, \
             by the broken rule overwrite-uncommitted.",
            "S1 appends the client's command at index 1 (term 2).",
        ]
    );
}
