//! Timeouts (§5.2).

use crate::support::{Bench, S1, S2, S3, at, id};
use hustings_raft::{
    DropCause, Effect, ElectionCause, ElectionRefusal, Message, MessageKind, NodeSet, Reason,
    RoleName, Rule, Term, Timer,
};

#[test]
fn a_follower_that_times_out_requests_votes_in_the_next_term() {
    let mut bench = Bench::with(3, 4, Some(S2), &[1, 4]);
    let step = bench.time_out(Timer::Election);

    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    assert_eq!(bench.node.term(), Term(5));
    assert_eq!(bench.node.voted_for(), Some(id(S1)));
    let last = at(2, 4);
    let ask = Message::RequestVote {
        term: Term(5),
        last,
        transfer: false,
    };
    assert_eq!(step.sent(), [(S2, ask.clone()), (S3, ask)]);
    assert!(
        step.armed(Timer::Election),
        "a split vote needs another try"
    );
    let needed = 2;
    let term = Term(5);
    let started = Reason::ElectionStarted {
        cause: ElectionCause::TimedOut,
        term,
        last,
        needed,
        members: NodeSet::first(3),
    };
    assert!(step.has_reason(started));
    assert_eq!(started.rule(), Rule::ElectionTimeout);
}

#[test]
fn a_candidate_that_times_out_starts_another_election_in_the_next_term() {
    let mut bench = Bench::of(3);
    bench.time_out(Timer::Election);
    bench.time_out(Timer::Election);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    assert_eq!(bench.node.term(), Term(2));
}

#[test]
fn vote_requests_wait_until_term_and_own_vote_are_on_disk() {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    let step = bench.time_out(Timer::Election);

    let Some(Effect::Persist(write)) = step
        .effects
        .iter()
        .find(|effect| matches!(effect, Effect::Persist(_)))
    else {
        panic!("nothing was written: {:?}", step.effects);
    };
    assert_eq!((write.term, write.voted_for), (Term(1), Some(id(S1))));
    let gate = |effect: &Effect| match effect {
        Effect::Send { after, .. } => Some(*after),
        _ => None,
    };
    let gates: Vec<_> = step.effects.iter().filter_map(gate).collect();
    assert_eq!(gates, [Some(write.id); 2]);
}

#[test]
fn the_only_server_of_a_cluster_wins_at_once() {
    let mut bench = Bench::of(1);
    bench.time_out(Timer::Election);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}

#[test]
fn a_heartbeat_timeout_sends_append_entries_to_all() {
    let mut bench = Bench::leader(3, 2, &[1]);
    let step = bench.time_out(Timer::Heartbeat);
    assert_eq!(step.sent().len(), 2);
    assert!(step.armed(Timer::Heartbeat));
    assert!(step.has_reason(Reason::HeartbeatSent { term: Term(2) }));
}

#[test]
fn a_timer_that_the_role_does_not_use_is_ignored() {
    let mut leader = Bench::leader(3, 2, &[]);
    let mut follower = Bench::of(3);
    let (leads, follows) = (RoleName::Leader, RoleName::Follower);
    for (step, timer, role) in [
        (leader.time_out(Timer::Election), Timer::Election, leads),
        (leader.time_out(Timer::Transfer), Timer::Transfer, leads),
        (
            follower.time_out(Timer::Heartbeat),
            Timer::Heartbeat,
            follows,
        ),
    ] {
        assert_eq!(step.effects, []);
        assert_eq!(step.reasons, [Reason::TimerIgnored { timer, role }]);
    }
}

#[test]
fn no_election_starts_after_the_last_term() {
    let mut bench = Bench::with(3, u64::MAX, None, &[]);
    let step = bench.time_out(Timer::Election);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    let refusal = ElectionRefusal::LastTerm;
    assert_eq!(step.reasons, [Reason::MayNotStand { refusal }]);
    assert!(step.effects.is_empty());
    let step = bench.receive(S2, Message::TimeoutNow { term: Term::LAST });
    let cause = DropCause::CannotStand { refusal };
    assert!(step.dropped(S2, MessageKind::TimeoutNow, cause));
}

#[test]
fn the_only_server_of_a_cluster_sends_heartbeats_to_nobody() {
    let mut bench = Bench::of(1);
    bench.time_out(Timer::Election);
    let step = bench.time_out(Timer::Heartbeat);
    let sent = |reason: &Reason| matches!(reason, Reason::HeartbeatSent { .. });
    assert!(!step.reasons.iter().any(sent));
    assert!(step.armed(Timer::Heartbeat));
}
