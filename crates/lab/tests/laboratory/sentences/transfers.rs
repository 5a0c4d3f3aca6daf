//! Leadership transfers, and the requests that they let pass leases.

use hustings_lab::diagram::sign;
use hustings_lab::narrate::Lang;

use super::{assert_has, assert_none, headline, play, told, told_in, transcript, why_last};

/// A leader whose last entry is not on its own disk can tell nobody to stand yet.
#[test]
fn a_transfer_waits_for_the_leaders_disk() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / disk S1 500..500ms / propose S1 \"x\" / \
         transfer S1 to S2 / deliver S1->S2 / deliver S2->S1",
    );
    assert_has(
        &told,
        "S2 is known to hold S1's whole log: once S1's disk is up to date, \
         S1 tells S2 to start an election.",
    );
    assert_none(&told, "TimeoutNow from S1");
}

#[test]
fn a_request_that_passes_leases_says_so_and_why() {
    let script = "cluster 3 / option check-quorum on / timeout S1 / deliver all / \
                  send RequestVote S3->S2 term=2 last=1:1 / deliver S3->S2 / \
                  send RequestVote S3->S2 term=2 last=1:1 transfer=yes / deliver S3->S2";
    let told = told(script);
    assert_has(
        &told,
        "RequestVote from S3 to S2: asks for a vote in term 2; its log ends at index 1 (term 1)",
    );
    assert_has(
        &told,
        "S2 ignores S3's request for a vote in term 2: S2 heard from S1, the leader that it knows, \
         0ms ago by its own clock, less than the shortest election timeout of 150ms.",
    );
    assert_has(
        &told,
        "RequestVote from S3 to S2: asks for a vote in term 2 with the transfer flag, \
         which overrides leases; its log ends at index 1 (term 1)",
    );
    assert_has(
        &told,
        "S2 would ignore S3 and stay with its leader, S1, but S3's request has the transfer flag, \
         which overrides leases.",
    );
    let chinese = told_in(script, Lang::Zh);
    assert!(
        chinese
            .iter()
            .any(|line| line.contains("不受租约阻挡；日志"))
    );
    let lab = play(script);
    let records = lab.records().iter().map(|(_, record)| record);
    let sent = records.flat_map(|record| record.sent.iter());
    let signs: Vec<_> = sent
        .map(|flight| sign(&flight.message).into_owned())
        .collect();
    assert!(signs.contains(&"V".to_owned()) && signs.contains(&"V!".to_owned()));
}

/// The leader itself is asked past its own lease.
#[test]
fn a_leader_lets_pass_whom_it_sent() {
    let told = told(
        "cluster 3 / option check-quorum on / timeout S1 / deliver all / transfer S1 to S2 / \
         deliver S1->S2 / deliver S2->S1 RequestVote",
    );
    assert_has(
        &told,
        "S1 would ignore S2 and lead on, but S2's request has the transfer flag, \
         which overrides leases.",
    );
}

/// The transfer was given up, and the order arrives all the same.
#[test]
fn a_late_timeout_now_is_told_as_what_it_is() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / transfer S1 to S2 / hold S1->S2 TimeoutNow / \
         timeout S1 transfer / release S1->S2 / deliver S1->S2 TimeoutNow",
    );
    assert_has(
        &told,
        "S2 starts an election in term 2 because TimeoutNow from S1 tells it to, \
         votes for itself and needs 2 votes of S1 S2 S3 to win.",
    );
    assert_none(&told, "S1 hands over to it");
}

#[test]
fn a_timeout_now_is_told_once() {
    let script = "cluster 3 / timeout S1 / deliver all / transfer S1 to S2 / deliver S1->S2";
    let why = why_last(script);
    let told = "S2 starts an election in term 2 because TimeoutNow from S1 tells it to, \
                votes for itself and needs 2 votes of S1 S2 S3 to win.";
    assert_eq!(why[0], told);
    let orders = why.iter().filter(|it| it.contains("TimeoutNow"));
    assert_eq!(orders.count(), 1);
    assert_eq!(headline(script), told);
}

#[test]
fn a_transfer_says_how_it_ends() {
    let start = "cluster 3 / timeout S1 / deliver all / transfer S1 to S2";
    let told = transcript(&format!("{start} / deliver all"));
    assert_has(&told, "S1's leadership transfer to S2 has succeeded.");
    let told = transcript(&format!(
        "{start} / timeout S3 / deliver S3->S1 RequestVote / deliver S1->S3 RequestVoteReply"
    ));
    assert_has(
        &told,
        "S1's leadership transfer to S2 has failed: S3 leads now.",
    );
    let timed_out = format!("{start} / timeout S1 transfer");
    assert_eq!(
        headline(&timed_out),
        "S1 gives up the leadership transfer to S2: its transfer timer has run out, and S1 still leads."
    );
    assert_has(
        &why_last(&timed_out),
        "S1 gives up the leadership transfer to S2, because S1 still leads.",
    );
    assert_has(
        &why_last(&format!("{start} / transfer S1 to S3")),
        "S1 gives up the leadership transfer to S2 for one to S3.",
    );
    assert_has(
        &why_last(&format!("{start} / transfer S1 to S1")),
        "S1 gives up the leadership transfer to S2, as it is asked to lead on itself.",
    );
}

/// A transfer that was given up has not succeeded, whoever leads next; nor has one
/// whose target stands by itself.
#[test]
fn a_transfer_that_was_given_up_or_overtaken_does_not_succeed() {
    let start = "cluster 3 / option check-quorum on / timeout S1 / deliver all / transfer S1 to S2";
    let told = transcript(&format!("{start} / timeout S1 transfer / deliver all"));
    assert_none(&told, "succeeded");
    let stand = "drop all / timeout S2 / wait 1s / deliver S2->S3";
    let told = transcript(&format!("{start} / wait 1s / {stand} / deliver S3->S2"));
    assert_has(
        &told,
        "S2 leads term 2: it has the votes of S2 S3, and 2 of S1 S2 S3 are a majority.",
    );
    assert_none(&told, "leadership transfer to S2 has");
    let lost = "drop all / timeout S1 check-quorum / timeout S1 check-quorum";
    let told = transcript(&format!("{start} / {lost} / {stand} / deliver S3->S2"));
    assert_has(&told, "S1's leadership transfer to S2 ends with that.");
    assert_none(&told, "leadership transfer to S2 has");
}
