//! Worlds that differ in one thing that a rule reads are different.

use hustings_lab::Header;
use hustings_raft::{
    AppendResult, LogIndex, Message, Millis, NodeSet, Options, Position, Term, Timer,
};

use super::description::Description;
use super::walk::{Choice, Luck, Walk};
use super::{append, id, link, plain, with_leases};

/// Claims that two worlds differ in these parts and no other, and so in their digests.
#[track_caller]
fn assert_differ(one: &Walk, other: &Walk, parts: &[&str]) {
    let differences = Description::of(one).differences(&Description::of(other));
    assert_eq!(differences, parts);
    assert_ne!(one.world.clone().digest(), other.world.clone().digest());
    assert_ne!(one.world, other.world);
}

fn start(header: &Header) -> Walk {
    Walk::new(header, Luck::NONE)
}

fn started() -> Walk {
    start(&plain(3))
}

fn after(walk: &Walk, choices: &[Choice]) -> Walk {
    let mut walk = walk.clone();
    for choice in choices {
        walk.take(*choice);
    }
    walk
}

/// S2 after messages of S1, whose replies are lost and whose writes are durable.
fn having_received(messages: &[Message]) -> Walk {
    let mut walk = started();
    for message in messages {
        walk.receive(id(1), id(2), message.clone());
        durable(&mut walk);
    }
    walk
}

/// Makes all writes durable, and loses all messages.
fn durable(walk: &mut Walk) {
    for server in walk.world.ids().iter() {
        while walk.world.server(server).expect("there").pending_writes() > 0 {
            walk.take(Choice::FinishWrite(server));
        }
    }
    walk.drop_all();
}

fn request_vote(term: u64) -> Message {
    Message::RequestVote {
        term: Term(term),
        last: Position::START,
        transfer: false,
    }
}

fn accepted(matched: u64) -> Message {
    let matched = LogIndex(matched);
    Message::AppendEntriesReply {
        term: Term(1),
        result: AppendResult::Accepted { matched },
    }
}

fn vote(granted: bool) -> Message {
    let term = Term(1);
    Message::RequestVoteReply { term, granted }
}

/// S1 of three stands in term 1, and its own vote is durable.
fn candidate(header: &Header) -> Walk {
    let mut walk = start(header);
    walk.take(Choice::Fire(id(1), Timer::Election));
    durable(&mut walk);
    walk
}

/// S1 leads term 1, and nobody knows.
fn leader() -> Walk {
    let mut walk = candidate(&plain(3));
    walk.receive(id(2), id(1), vote(true));
    durable(&mut walk);
    walk
}

#[test]
fn a_term_makes_a_difference() {
    let one = having_received(&[append(1, &[], 0)]);
    let other = having_received(&[append(2, &[], 0)]);
    assert_differ(&one, &other, &["stored", "term"]);
}

#[test]
fn a_vote_makes_a_difference() {
    let [one, other] = [1, 3].map(|candidate| {
        let mut walk = started();
        walk.receive(id(candidate), id(2), request_vote(1));
        durable(&mut walk);
        walk
    });
    assert_differ(&one, &other, &["stored", "vote", "votes remembered"]);
}

#[test]
fn a_role_makes_a_difference() {
    let follower = start(&with_leases(3));
    let mut pre_candidate = after(&follower, &[Choice::Fire(id(2), Timer::Election)]);
    pre_candidate.drop_all();
    assert_differ(&follower, &pre_candidate, &["role", "votes"]);
}

#[test]
fn a_vote_counted_makes_a_difference() {
    let mut refused = candidate(&plain(5));
    let mut granted = refused.clone();
    let standing = refused.clone();
    refused.receive(id(2), id(1), vote(false));
    granted.receive(id(2), id(1), vote(true));
    assert_differ(&standing, &refused, &["votes"]);
    assert_differ(&standing, &granted, &["votes"]);
    assert_differ(&refused, &granted, &["votes"]);
}

#[test]
fn an_entry_makes_a_difference_by_its_term_and_by_its_content() {
    let with = |entry| having_received(&[append(2, &[entry], 0)]);
    let parts = ["entries remembered", "log", "stored"];
    assert_differ(&with((1, "x")), &with((2, "x")), &parts);
    assert_differ(&with((1, "x")), &with((1, "y")), &parts);
}

#[test]
fn a_commit_index_makes_a_difference() {
    let with = |commit| {
        let entry = [(1, "x")];
        let mut walk = having_received(&[append(1, &entry, 1)]);
        walk.crash_and_restart(id(2));
        walk.receive(id(1), id(2), append(1, &entry, commit));
        durable(&mut walk);
        walk
    };
    assert_differ(&with(0), &with(1), &["commit"]);
}

#[test]
fn the_members_make_a_difference() {
    let fewer = Header {
        members: Some(NodeSet::first(2)),
        ..plain(3)
    };
    assert_differ(&started(), &start(&fewer), &["members"]);
}

#[test]
fn a_leader_s_progress_makes_a_difference() {
    let leader = leader();
    let mut answered = leader.clone();
    answered.receive(id(2), id(1), accepted(0));
    answered.drop_all();
    assert_differ(&leader, &answered, &["progress"]);
}

#[test]
fn the_target_of_a_transfer_makes_a_difference() {
    let [one, other] = [2, 3].map(|target| {
        let mut walk = leader();
        walk.take(Choice::Transfer(id(1), id(target)));
        walk.drop_all();
        walk
    });
    assert_differ(&one, &other, &["transfer"]);
}

#[test]
fn a_pending_write_makes_a_difference() {
    let [one, other] = ["x", "y"].map(|command| {
        let mut walk = started();
        walk.receive(id(1), id(2), append(1, &[(1, "x"), (1, command)], 0));
        walk
    });
    let parts = ["entries remembered", "log", "writes"];
    assert_differ(&one, &other, &parts);
    let mut written = after(&one, &[Choice::FinishWrite(id(2))]);
    written.drop_all();
    assert_differ(&one, &written, &["stored", "waiting", "writes"]);
}

#[test]
fn a_waiting_message_makes_a_difference() {
    let mut once = started();
    once.receive(id(1), id(2), request_vote(1));
    let mut twice = once.clone();
    twice.receive(id(1), id(2), request_vote(1));
    assert_differ(&once, &twice, &["waiting"]);
}

#[test]
fn the_write_that_a_message_waits_for_makes_a_difference() {
    let mut leader = candidate(&plain(3));
    leader.receive(id(2), id(1), vote(true));
    let ask = |walk: &mut Walk| walk.receive(id(2), id(1), request_vote(1));
    let (mut early, mut late) = (leader.clone(), leader);
    ask(&mut early);
    early.take(Choice::Propose(id(1)));
    late.take(Choice::Propose(id(1)));
    ask(&mut late);
    assert_differ(&early, &late, &["waiting"]);
}

#[test]
fn a_running_timer_makes_a_difference() {
    let fewer = Header {
        members: Some(NodeSet::first(2)),
        ..plain(3)
    };
    let running = start(&fewer);
    // Who is no member does not stand, and does not wait to stand.
    let fired = after(&running, &[Choice::Fire(id(3), Timer::Election)]);
    assert_differ(&running, &fired, &["timers"]);
}

#[test]
fn a_message_makes_a_difference_by_its_content_its_link_its_number_and_whether_it_is_held() {
    let with = |from, to, message: Message| {
        let mut walk = started();
        walk.forge(link(from, to), message);
        walk
    };
    let one = with(1, 2, request_vote(1));
    let held = after(&one, &[Choice::SetHeld(0, true)]);
    let others = [
        started(),
        with(1, 2, request_vote(2)),
        with(1, 3, request_vote(1)),
        with(2, 1, request_vote(1)),
        after(&one, &[Choice::Duplicate(0)]),
        after(&one, &[Choice::Duplicate(0), Choice::Duplicate(0)]),
        after(&held, &[Choice::Duplicate(0)]),
        held,
    ];
    for (place, other) in others.iter().enumerate() {
        assert_differ(&one, other, &["messages"]);
        for third in &others[place + 1..] {
            assert_differ(other, third, &["messages"]);
        }
    }
}

#[test]
fn a_cut_a_pause_and_a_crash_make_a_difference() {
    let whole = started();
    let with = |choice| after(&whole, &[choice]);
    assert_differ(&whole, &with(Choice::Cut(link(1, 2), true)), &["cuts"]);
    let one_way = with(Choice::Cut(link(1, 2), true));
    let other_way = with(Choice::Cut(link(2, 1), true));
    assert_differ(&one_way, &other_way, &["cuts"]);
    assert_differ(&whole, &with(Choice::Pause(id(2), true)), &["paused"]);
    let down = ["members", "role", "timers", "up"];
    assert_differ(&whole, &with(Choice::Crash(id(2))), &down);
}

#[test]
fn a_lease_makes_a_difference_while_it_is_fresh() {
    let mut fresh = start(&with_leases(3));
    fresh.receive(id(1), id(2), append(1, &[], 0));
    durable(&mut fresh);
    let at = |millis| after(&fresh, &[Choice::Pass(Millis(millis))]);
    let differences = |one: &Walk, other: &Walk| {
        let (one, other) = (Description::of(one), Description::of(other));
        one.differences(&other)
    };
    assert_eq!(differences(&fresh, &at(149)), [""; 0]);
    assert_eq!(fresh.world.clone().digest(), at(149).world.digest());
    assert_differ(&fresh, &at(150), &["lease"]);
    assert_eq!(at(150).world.digest(), at(10_000).world.digest());
}

#[test]
fn who_has_led_makes_a_difference() {
    let raft = Options {
        no_op: false,
        ..Options::default()
    };
    let mut stood = candidate(&Header { raft, ..plain(3) });
    let mut led = stood.clone();
    led.receive(id(2), id(1), vote(true));
    for walk in [&mut stood, &mut led] {
        walk.drop_all();
        walk.crash_and_restart(id(1));
    }
    assert_differ(&stood, &led, &["leaders remembered"]);
}

#[test]
fn whom_a_server_has_voted_for_in_an_earlier_term_makes_a_difference() {
    let one = having_received(&[append(2, &[], 0)]);
    let other = having_received(&[request_vote(1), append(2, &[], 0)]);
    assert_differ(&one, &other, &["votes remembered"]);
    let mut third = started();
    third.receive(id(3), id(2), request_vote(1));
    durable(&mut third);
    third.receive(id(1), id(2), append(2, &[], 0));
    durable(&mut third);
    assert_differ(&other, &third, &["votes remembered"]);
}

#[test]
fn an_entry_that_a_log_has_held_makes_a_difference() {
    let last = append(2, &[(2, "x")], 0);
    let one = having_received(std::slice::from_ref(&last));
    let after = |entry| having_received(&[append(1, &[entry], 0), last.clone()]);
    assert_differ(&one, &after((1, "x")), &["entries remembered"]);
    assert_differ(&after((1, "x")), &after((1, "y")), &["entries remembered"]);
}

#[test]
fn what_has_been_applied_makes_a_difference() {
    let [one, other] = [0, 1].map(|commit| {
        let mut walk = having_received(&[append(1, &[(1, "x")], commit)]);
        walk.crash_and_restart(id(2));
        walk
    });
    assert_differ(&one, &other, &["applied remembered"]);
}

#[test]
fn what_has_been_committed_makes_a_difference() {
    let mut one = candidate(&plain(3));
    one.receive(id(2), id(1), vote(true));
    one.take(Choice::FinishWrite(id(1)));
    one.take(one.only_on(link(1, 2)));
    one.take(Choice::FinishWrite(id(2)));
    let mut other = one.clone();
    other.take(other.only_on(link(2, 1)));
    for walk in [&mut one, &mut other] {
        walk.drop_all();
        walk.crash_and_restart(id(1));
    }
    let parts = ["applied remembered", "commits remembered"];
    assert_differ(&one, &other, &parts);
}

#[test]
fn that_an_invariant_is_violated_makes_a_difference() {
    let [one, other] = [0, 1].map(|commit| {
        let mut walk = having_received(&[append(1, &[(1, "x")], 1)]);
        walk.receive(id(1), id(3), append(2, &[(2, "y")], commit));
        durable(&mut walk);
        walk.crash_and_restart(id(3));
        walk
    });
    assert_differ(&one, &other, &["violated"]);
}
