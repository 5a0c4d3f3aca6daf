//! Leadership transfer (diss. §3.10).

use crate::support::{Bench, S1, S2, S3, S4, Step, at, id};
use hustings_raft::{
    ClientReply, DropCause, Effect, ElectionCause, Input, Message, MessageKind, NodeSet, Reason,
    RoleName, Rule, Term, Timer, TransferRefusal,
};

fn transfer(bench: &mut Bench, target: u8) -> Step {
    bench.step(Input::Transfer(id(target)))
}

fn got_timeout_now(step: &Step, target: u8) -> bool {
    step.sent()
        .iter()
        .any(|(to, message)| *to == target && matches!(message, Message::TimeoutNow { .. }))
}

#[test]
fn an_up_to_date_target_gets_timeout_now_at_once() {
    let mut bench = Bench::leader(3, 2, &[1]);
    bench.accepted(S2, 2, 1);
    let step = transfer(&mut bench, S2);
    assert!(got_timeout_now(&step, S2) && step.armed(Timer::Transfer));
}

#[test]
fn a_target_that_lacks_entries_gets_them_before_timeout_now() {
    let mut bench = Bench::leader(3, 2, &[1, 1]);
    bench.refused(S2, 2, 0);
    let step = transfer(&mut bench, S2);
    assert!(!got_timeout_now(&step, S2));
    assert!(matches!(step.reply(), Message::AppendEntries { entries, .. } if entries.len() == 2));
    let step = bench.accepted(S2, 2, 2);
    assert!(got_timeout_now(&step, S2));
}

#[test]
fn requests_are_rejected_during_a_transfer() {
    let mut bench = Bench::leader(3, 2, &[1]);
    bench.accepted(S2, 2, 1);
    transfer(&mut bench, S2);
    let step = bench.step(Input::Propose("x=1".into()));
    let target = id(S2);
    assert_eq!(
        step.effects,
        [Effect::Reply(ClientReply::Transferring { target })]
    );
    let step = bench.time_out(Timer::Transfer);
    assert!(step.has_reason(Reason::TransferAborted { target }));
    bench.step(Input::Propose("x=1".into()));
    assert_eq!(bench.log(), [1, 2]);
}

#[test]
fn a_second_transfer_replaces_one_to_another_target_and_does_not_extend_the_same() {
    let mut bench = Bench::leader(3, 2, &[1]);
    transfer(&mut bench, S2);
    let again = transfer(&mut bench, S2);
    assert!(!again.armed(Timer::Transfer) && again.applied(Rule::Transfer));
    let other = transfer(&mut bench, S3);
    assert!(other.has_reason(Reason::TransferAborted { target: id(S2) }));
    assert!(other.armed(Timer::Transfer));
}

#[test]
fn a_transfer_to_the_leader_itself_aborts_the_current_one() {
    let mut bench = Bench::leader(3, 2, &[1]);
    transfer(&mut bench, S2);
    let step = transfer(&mut bench, S1);
    assert!(step.has_reason(Reason::TransferAborted { target: id(S2) }));
    assert!(step.disarmed(Timer::Transfer));
    let step = transfer(&mut bench, S1);
    let refusal = TransferRefusal::LeadsAlready;
    assert!(step.has_reason(Reason::TransferRefused {
        target: id(S1),
        refusal
    }));
}

#[test]
fn a_target_that_is_no_member_is_refused() {
    let mut bench = Bench::leader(3, 2, &[1]);
    let step = transfer(&mut bench, S4);
    let refusal = TransferRefusal::NoMember;
    assert!(step.has_reason(Reason::TransferRefused {
        target: id(S4),
        refusal
    }));
}

#[test]
fn timeout_now_skips_the_pre_vote_and_marks_the_requests_as_a_transfer() {
    let options = hustings_raft::Options {
        pre_vote: true,
        ..hustings_raft::Options::default()
    };
    let mut bench = Bench::with_options(3, 2, None, &[1], options);
    let step = bench.receive(S2, Message::TimeoutNow { term: Term(2) });
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    let ask = Message::RequestVote {
        term: Term(3),
        last: at(1, 1),
        transfer: true,
    };
    assert_eq!(step.sent(), [(S2, ask.clone()), (S3, ask)]);
    assert!(step.has_reason(Reason::ElectionStarted {
        cause: ElectionCause::ToldToStand,
        term: Term(3),
        last: at(1, 1),
        needed: 2,
        members: NodeSet::first(3),
    }));
    assert!(!step.applied(Rule::ElectionTimeout), "no timer has run out");
}

#[test]
fn timeout_now_of_an_older_term_is_dropped() {
    let mut bench = Bench::with(3, 5, None, &[1]);
    let step = bench.receive(S2, Message::TimeoutNow { term: Term(4) });
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    let (theirs, mine) = (Term(4), Term(5));
    let cause = DropCause::StaleTerm { theirs, mine };
    assert!(step.dropped(S2, MessageKind::TimeoutNow, cause));
    assert!(step.effects.is_empty() && step.applied(Rule::StaleRequest));
    assert!(!step.applied(Rule::StaleReply), "it answers nothing");
}

#[test]
fn a_higher_term_ends_leadership_and_transfer() {
    let mut bench = Bench::leader(3, 2, &[1]);
    transfer(&mut bench, S2);
    let step = bench.vote_request(S2, 3, at(1, 1));
    assert!(step.disarmed(Timer::Transfer));
    assert_eq!(bench.node.role().name(), RoleName::Follower);
}
