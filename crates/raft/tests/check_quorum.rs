//! Leaders that make sure of their majority, and leases (diss. §4.2.3, §6.2).

mod support;

use hustings_raft::{
    Contact, Message, NodeSet, Options, Reason, RoleName, Rule, StepDownCause, Term, Timer,
};
use support::{Bench, S1, S2, S3, at, id, vote};

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
fn a_leader_that_hears_from_a_majority_leads_on() {
    let mut bench = leader();
    bench.accepted(S2, 2, 1);
    bench.refused(S3, 2, 0);
    let step = bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
    assert!(step.armed(Timer::CheckQuorum));
    assert!(step.says(Reason::QuorumHeard {
        active: NodeSet::first(3),
        needed: 3,
        members: NodeSet::first(5),
    }));
}

#[test]
fn a_leader_that_hears_from_too_few_steps_down_in_its_term() {
    let mut bench = leader();
    bench.accepted(S2, 2, 1);
    let step = bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.term(), Term(2));
    assert!(step.disarmed(Timer::Heartbeat) && step.armed(Timer::Election));
    assert!(step.says(Reason::QuorumLost {
        active: NodeSet::first(2),
        needed: 3,
        members: NodeSet::first(5),
    }));
    assert!(step.stepped_down(RoleName::Leader, StepDownCause::QuorumLost));
    assert!(!step.names(Rule::HigherTerm), "the term is the same");
}

#[test]
fn an_answer_counts_for_one_check_only() {
    let mut bench = leader();
    for follower in [S2, S3] {
        bench.accepted(follower, 2, 1);
    }
    bench.time_out(Timer::CheckQuorum);
    bench.time_out(Timer::CheckQuorum);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
}

#[test]
fn who_hears_from_a_leader_ignores_candidates_until_the_shortest_timeout_has_passed() {
    let mut bench = Bench::with_options(3, 2, None, &[1], options());
    bench.append(S3, 2, at(1, 1), &[], 0);
    bench.now = 149;
    let step = bench.vote_request(S2, 9, at(5, 5));
    assert!(step.effects.is_empty() && step.names(Rule::Lease));
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
    // It asks no clock for that, nor when it last heard from anybody.
    let contact = Contact::Leads {
        checks_quorum: true,
    };
    assert!(step.says(Reason::LeaseHeld {
        candidate: id(S2),
        term: Term(9),
        leader: id(S1),
        contact,
    }));
}

#[test]
fn a_candidate_that_the_leader_sent_is_not_ignored() {
    let mut bench = Bench::with_options(3, 2, None, &[1], options());
    bench.append(S3, 2, at(1, 1), &[], 0);
    let ask = Message::RequestVote {
        term: Term(3),
        last: at(1, 1),
        transfer: true,
    };
    let step = bench.receive(S2, ask);
    assert_eq!(step.reply(), vote(3, true));
    assert!(step.says(Reason::LeasePassed {
        candidate: id(S2),
        term: Term(3),
        leader: id(S3),
    }));
}

#[test]
fn no_lease_is_passed_where_there_is_none() {
    let mut bench = Bench::with(3, 2, None, &[1]);
    bench.append(S3, 2, at(1, 1), &[], 0);
    let ask = Message::RequestVote {
        term: Term(3),
        last: at(1, 1),
        transfer: true,
    };
    let step = bench.receive(S2, ask);
    assert_eq!(step.reply(), vote(3, true));
    assert!(!step.names(Rule::Lease));
}

/// Rule Q5: a server stuck in a higher term is freed by its own answer.
#[test]
fn a_leader_steps_down_for_the_higher_term_of_an_answer() {
    let mut bench = leader();
    bench.refused(S2, 7, 0);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.term(), Term(7));
}

#[test]
fn a_leader_that_need_not_check_does_not() {
    let mut bench = Bench::leader(3, 2, &[]);
    let step = bench.time_out(Timer::CheckQuorum);
    let (timer, role) = (Timer::CheckQuorum, RoleName::Leader);
    assert_eq!(step.reasons, [Reason::TimerIgnored { timer, role }]);
    assert!(step.effects.is_empty());
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}
