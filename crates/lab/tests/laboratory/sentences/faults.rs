//! What a user does to servers, links, messages and timers.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;

use super::{assert_has, assert_none, headline, play, told, transcript};

/// What a crash leaves on the disk and what a restart finds there are two things
/// where a rule is broken.
#[test]
fn crash_and_restart_do_not_contradict_each_other() {
    for (rule, lost, found) in [
        (
            "forget-log-on-restart",
            "its log",
            "term 1, its vote given to S1 and a log that is empty",
        ),
        (
            "forget-vote-on-restart",
            "its vote",
            "term 1, no vote given and a log that ends at index 1 (term 1)",
        ),
        (
            "forget-term-and-vote-on-restart",
            "its term and its vote",
            "term 0, no vote given and a log that ends at index 1 (term 1)",
        ),
    ] {
        let script = format!(
            "cluster 3 / break {rule} / state S1 term=1 voted-for=S1 log=1 / crash S1 / restart S1"
        );
        let told = told(&script);
        assert_has(
            &told,
            "S1 crashes. It keeps what is on its disk, and forgets the rest.",
        );
        assert_has(&told, "S1 restarts.");
        assert_has(&told, &format!("S1 starts as a follower with {found}."));
        let lab = play(&script);
        let (_, last) = lab.records().iter().next_back().expect("the restart");
        assert_eq!(
            narrate::headline(last, Lang::En),
            format!("S1 restarts as a follower and has lost {lost}, by the broken rule {rule}.")
        );
    }
}

#[test]
fn a_write_that_a_crash_loses_is_not_among_what_is_kept() {
    let told =
        told("cluster 3 / option disk 50..50ms / timeout S1 / crash S1 / restart S1 / crash S1");
    assert_has(
        &told,
        "S1 crashes and forgets what is not on its disk; a write had not reached it. \
         It never sends its requests for votes to S2 S3.",
    );
    assert_has(
        &told,
        "S1 starts as a follower with term 0, no vote given and a log that is empty.",
    );
}

/// That it leads is no reason for a leader's own timers not to run.
#[test]
fn a_timer_that_does_not_run_is_not_put_down_to_a_role_that_has_it() {
    for (line, why) in [
        (
            "timeout S1 check-quorum",
            "the check-quorum timer of S1 is not running",
        ),
        (
            "timeout S1 transfer",
            "the transfer timer of S1 is not running",
        ),
        (
            "timeout S1 election",
            "the election timer of S1 is not running: S1 is leader",
        ),
        (
            "timeout S2 heartbeat",
            "the heartbeat timer of S2 is not running: S2 is follower",
        ),
    ] {
        let source = format!("cluster 3\ntimeout S1\ndeliver all\n{line}");
        let script = Script::parse(&source).expect("a script");
        let failures = script.run().expect("a sound header").failures;
        assert_eq!(failures[0].to_string(), why);
    }
}

#[test]
fn copies_and_forgeries_are_marked_wherever_they_go() {
    let told = told(
        "cluster 2 / timeout S1 / duplicate S1->S2 / deliver S1->S2 nth=2 / \
         send RequestVote S1->S2 term=9 last=0:0 / hold S1->S2 nth=2",
    );
    assert_has(&told, "RequestVote from S1 to S2 (a copy) arrives.");
    assert_has(
        &told,
        "RequestVote from S1 to S2 (forged) is held until it is released.",
    );
}

#[test]
fn a_crash_says_what_was_not_on_the_disk() {
    assert_eq!(
        headline(
            "cluster 3 / state S2 term=1 log=1 / option disk 50..50ms / timeout S1 / timeout S1 / \
             send RequestVote S3->S2 term=4 last=1:1 / deliver S3->S2 / \
             send AppendEntries S1->S2 term=4 prev=1:1 entries=4 / deliver S1->S2 AppendEntries / crash S2"
        ),
        "S2 crashes and forgets what is not on its disk; 2 writes had not reached it. \
         It never sends its vote to S3, its acknowledgement up to index 2 to S1. \
         Lost: term 4, as its disk has term 1; its vote for S3; \
         the entry at index 2, as its disk's log ends at index 1 (term 1)."
    );
    let replaced = headline(
        "cluster 2 / state S2 term=1 log=1,1 / option disk 50..50ms / \
         send AppendEntries S1->S2 term=2 prev=0:0 entries=2 / deliver S1->S2 / crash S2",
    );
    let lost =
        "the end of its log at index 1 (term 2), as its disk's log ends at index 2 (term 1).";
    assert!(replaced.ends_with(lost), "{replaced}");
    let several = headline(
        "cluster 2 / disk S2 50..50ms / \
         send AppendEntries S1->S2 term=2 prev=0:0 entries=2 / deliver S1->S2 / \
         send AppendEntries S1->S2 term=2 prev=1:2 entries=2,2 / deliver S1->S2 / crash S2",
    );
    let unsent = "It never sends its acknowledgement up to index 3 to S1. Lost: term 2, as its disk has term 0; \
                  the entries from index 1 to 3, as its disk's log is empty.";
    assert!(several.ends_with(unsent), "{several}");
    let kept = headline("cluster 3 / timeout S1 / deliver all / crash S1");
    assert!(!kept.contains("Lost"), "{kept}");
}

#[test]
fn a_timer_by_a_fast_or_slow_clock_says_so() {
    let told = transcript("cluster 3 / clock S3 1000% / run until S3 is candidate");
    assert_has(
        &told,
        "S3's timers go by its own clock, which runs at 1000% of true time.",
    );
    let told = transcript("cluster 3 / clock S3 1000% / timeout S3");
    assert_none(&told, "own clock");
    let told = transcript("cluster 3 / clock S3 1000% / clock S3 100% / run until leader");
    assert_none(&told, "own clock");
}

/// A loss after a partition is news, even one like those before it.
#[test]
fn a_partition_makes_losses_news_again() {
    let told = transcript(
        "cluster 3 / timeout S1 / deliver all / isolate S3 / run 500ms / partition S1 S2 | S3 / \
         run 200ms / partition S1 | S2 S3 / run 200ms",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2 is lost: the link is cut.",
    );
}

#[test]
fn a_restart_is_told_with_what_the_server_starts_from() {
    assert_eq!(
        headline("cluster 3 / state S1 term=1 voted-for=S1 log=1 / crash S1 / restart S1"),
        "S1 restarts as a follower with term 1, its vote given to S1 and a log that ends at index 1 (term 1)."
    );
}

#[test]
fn a_duration_without_a_choice_is_no_range() {
    assert_eq!(
        headline("cluster 3 / disk S1 50..50ms"),
        "From now on, writes of S1 take 50ms."
    );
    assert_eq!(
        headline("cluster 3 / latency S1->S2 5..9ms"),
        "From now on, messages on S1->S2 take 5ms to 9ms."
    );
}
