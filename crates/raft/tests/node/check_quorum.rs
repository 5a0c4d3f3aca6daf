//! Check-quorum and leases (diss. §4.2.3, §6.2).

use crate::support::{Bench, S1, S2, S3, at, id, vote};
use hustings_raft::{
    Contact, Message, NodeSet, Options, Reason, RoleName, Rule, StepDownCause, Term, Timer,
};

fn options() -> Options {
    Options {
        check_quorum: true,
        no_op: false,
        ..Options::default()
    }
}

fn leader() -> Bench {
    let mut bench = Bench::with_options(5, 1, None, &[1], options());
    bench.time_out(Timer::Election);
    bench.vote_reply(S2, 2, true);
    let step = bench.vote_reply(S3, 2, true);
    assert!(step.armed(Timer::CheckQuorum));
    bench
}

#[test]
fn a_leader_with_an_active_majority_keeps_leading() {
    let mut bench = leader();
    bench.accepted(S2, 2, 1);
    bench.refused(S3, 2, 0);
    let step = bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
    assert!(step.armed(Timer::CheckQuorum));
    assert!(step.has_reason(Reason::QuorumHeard {
        active: NodeSet::first(3),
        needed: 3,
        members: NodeSet::first(5),
    }));
}

#[test]
fn a_leader_without_an_active_majority_steps_down_in_its_term() {
    let mut bench = leader();
    bench.accepted(S2, 2, 1);
    let step = bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.term(), Term(2));
    assert!(step.disarmed(Timer::Heartbeat) && step.armed(Timer::Election));
    assert!(step.has_reason(Reason::QuorumLost {
        active: NodeSet::first(2),
        needed: 3,
        members: NodeSet::first(5),
    }));
    assert!(step.stepped_down(RoleName::Leader, StepDownCause::QuorumLost));
    assert!(!step.applied(Rule::HigherTerm), "the term is the same");
}

#[test]
fn a_reply_counts_for_one_check_only() {
    let mut bench = leader();
    for follower in [S2, S3] {
        bench.accepted(follower, 2, 1);
    }
    bench.time_out(Timer::CheckQuorum);
    bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
}

#[test]
fn candidates_are_ignored_for_the_minimum_election_timeout_after_hearing_from_a_leader() {
    let mut bench = Bench::with_options(3, 2, None, &[1], options());
    bench.append(S3, 2, at(1, 1), &[], 0);
    bench.now = 149;
    let step = bench.vote_request(S2, 9, at(5, 5));
    assert!(step.effects.is_empty() && step.applied(Rule::Lease));
    assert_eq!(bench.node.term(), Term(2));
    bench.now = 150;
    assert_eq!(bench.vote_request(S2, 9, at(5, 5)).reply(), vote(9, true));
}

#[test]
fn a_leader_ignores_candidates_while_it_leads() {
    let mut bench = leader();
    let step = bench.vote_request(S2, 9, at(5, 5));
    assert!(step.effects.is_empty());
    assert_eq!(bench.node.role().name(), RoleName::Leader);
    // This does not depend on time or on replies.
    let contact = Contact::Leads {
        checks_quorum: true,
    };
    assert!(step.has_reason(Reason::LeaseHeld {
        candidate: id(S2),
        term: Term(9),
        leader: id(S1),
        contact,
    }));
}

#[test]
fn a_candidate_of_a_leadership_transfer_is_not_ignored() {
    let mut bench = Bench::with_options(3, 2, None, &[1], options());
    bench.append(S3, 2, at(1, 1), &[], 0);
    let ask = Message::RequestVote {
        term: Term(3),
        last: at(1, 1),
        transfer: true,
    };
    let step = bench.receive(S2, ask);
    assert_eq!(step.reply(), vote(3, true));
    assert!(step.has_reason(Reason::LeasePassed {
        candidate: id(S2),
        term: Term(3),
        leader: id(S3),
    }));
}

#[test]
fn without_a_lease_none_is_reported_as_passed() {
    let mut bench = Bench::with(3, 2, None, &[1]);
    bench.append(S3, 2, at(1, 1), &[], 0);
    let ask = Message::RequestVote {
        term: Term(3),
        last: at(1, 1),
        transfer: true,
    };
    let step = bench.receive(S2, ask);
    assert_eq!(step.reply(), vote(3, true));
    assert!(!step.applied(Rule::Lease));
}

/// Rule Q5: so a server with a higher term gets a new leader to follow.
#[test]
fn a_leader_steps_down_for_a_reply_of_a_higher_term() {
    let mut bench = leader();
    bench.refused(S2, 7, 0);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.term(), Term(7));
}

#[test]
fn without_check_quorum_a_leader_does_not_check() {
    let mut bench = Bench::leader(3, 2, &[]);
    let step = bench.time_out(Timer::CheckQuorum);
    let (timer, role) = (Timer::CheckQuorum, RoleName::Leader);
    assert_eq!(step.reasons, [Reason::TimerIgnored { timer, role }]);
    assert!(step.effects.is_empty());
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}
