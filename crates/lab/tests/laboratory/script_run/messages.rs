//! Messages that are delivered, held, dropped, delayed and forged.

use hustings_lab::{Command, CommandError, Link, Run};
use hustings_raft::{LogIndex, Message, NodeId, Position, Term};

use super::{failures, passes};

#[test]
fn a_forged_message_with_impossible_entries_is_refused() {
    let [from, to] = [1, 2].map(|number| NodeId::new(number).expect("a server"));
    let link = Link { from, to };
    let mut lab = Run::default();
    let last = Position {
        index: LogIndex(1),
        term: Term::ZERO,
    };
    let message = Message::PreVote {
        term: Term(1),
        last,
    };
    let refused = lab.apply(Command::Send { link, message });
    assert_eq!(refused, Err(CommandError::NoSuchEntry));
}

#[test]
fn a_missing_message_is_an_error_without_if_any() {
    assert_eq!(
        failures("timeout S1\ndeliver S2->S1"),
        [
            "2: no message S2->S1 is in flight; these are: S1->S2 RequestVote, \
          S1->S3 RequestVote, S1->S4 RequestVote, S1->S5 RequestVote"
        ]
    );
    passes("timeout S1\ndeliver S2->S1 if any\nexpect in flight 4");
}

#[test]
fn a_held_message_stays_until_it_is_released() {
    passes(
        "cluster 3
timeout S1
hold S1->S2 RequestVote
drop S1->S3
run 100ms
expect S2 follower term=0
release S1->S2
step
expect S2 term=1 voted-for=S1",
    );
    let held = "cluster 3\ntimeout S1\nhold S1->S2\n";
    assert_eq!(
        failures(&format!("{held}deliver S1->S2")),
        ["4: the message S1->S2 is held; release it first"]
    );
    assert_eq!(
        failures(&format!("{held}deliver S1->S2 nth=2")),
        ["4: no message S1->S2 nth=2 is in flight; these are: S1->S3 RequestVote"]
    );
    assert_eq!(
        failures(&format!("{held}release S1->S3")),
        ["4: no message S1->S3 is held"]
    );
    passes(&format!(
        "{held}deliver all\nexpect in flight 1\ndrop all\nexpect in flight 0"
    ));
}

#[test]
fn a_held_message_can_be_dropped_after_those_that_are_not_held() {
    let held = "cluster 3
timeout S1
duplicate S1->S2
hold S1->S2
expect in flight 3
";
    passes(&format!(
        "{held}drop S1->S2\nrelease S1->S2\nexpect in flight 2"
    ));
    passes(&format!(
        "{held}drop S1->S2 nth=2\ndeliver S1->S2\nexpect S2 voted-for=S1"
    ));
    assert_eq!(
        failures(&format!("{held}drop S1->S2\ndrop S1->S2\ndrop S1->S2")),
        ["8: no message S1->S2 is in flight; these are: S1->S3 RequestVote"]
    );
}

#[test]
fn a_forged_message_is_handled_like_a_real_one() {
    passes(
        "cluster 3
send RequestVote S2->S1 term=3 last=1:1
deliver S2->S1
expect S1 follower term=3 voted-for=S2
expect S2 follower term=0
send AppendEntries S3->S1 term=4 prev=0:0 entries=1,4 commit=1
deliver S3->S1
expect S1 log=1,4 commit=1 leader=S3
expect committed 1 = 1:\"1.1\"",
    );
}

#[test]
fn messages_can_be_delayed() {
    passes(
        "cluster 2
option latency 10..10ms
timeout S1
delay S1->S2 RequestVote 100ms
run 109ms
expect in flight 1
run 1ms
expect S2 voted-for=S1
latency S2->S1 40..40ms
run 39ms
expect in flight 1",
    );
    assert_eq!(
        failures("delay S1->S2 20ms if any\ndelay S1->S2 20ms"),
        ["2: no message S1->S2 is in flight; nothing is"]
    );
}

#[test]
fn the_latency_of_a_link_can_be_set() {
    passes(
        "cluster 3
option latency 10..10ms
option no-op off
latency S1-S3 90..90ms
timeout S1
run 20ms
expect S1 leader
expect S3 follower term=0
run 70ms
expect S3 voted-for=S1
latency S1-S3 10..10ms
run until delivered AppendEntries S1->S3 within 50ms",
    );
}
