//! Granting and refusing votes (§5.2, §5.4.1).

use crate::support::{Bench, S1, S2, S3, at, id, vote};
use hustings_raft::{Reason, RoleName, Rule, Term, Timer, VoteRefusal};

#[test]
fn the_first_candidate_of_a_term_gets_the_vote_and_the_second_does_not() {
    let mut bench = Bench::of(3);
    assert_eq!(bench.vote_request(S2, 1, at(0, 0)).reply(), vote(1, true));
    let second = bench.vote_request(S3, 1, at(0, 0));
    assert_eq!(second.reply(), vote(1, false));
    assert!(second.has_reason(Reason::VoteRefused {
        candidate: id(S3),
        term: Term(1),
        refusal: VoteRefusal::AlreadyVoted {
            voted_for: id(S2),
            role: RoleName::Follower,
        },
    }));
}

#[test]
fn a_repeated_request_gets_the_same_vote() {
    let mut bench = Bench::of(3);
    bench.vote_request(S2, 1, at(0, 0));
    let again = bench.vote_request(S2, 1, at(0, 0));
    assert_eq!(again.reply(), vote(1, true));
    assert!(!again.wrote(), "the vote is on disk already");
}

/// The rows of etcd's TestVoter: the later last term wins, then the longer log.
#[test]
fn only_a_candidate_with_an_up_to_date_log_gets_the_vote() {
    let cases = [
        (&[1][..], at(1, 1), true),
        (&[1], at(2, 1), true),
        (&[1, 1], at(1, 1), false),
        (&[1], at(1, 2), true),
        (&[1], at(2, 2), true),
        (&[1, 1], at(1, 2), true),
        (&[2], at(1, 1), false),
        (&[2], at(2, 1), false),
        (&[2, 2], at(1, 1), false),
        (&[1, 1], at(1, 1), false),
    ];
    for (log, last, granted) in cases {
        let mut bench = Bench::with(3, 2, None, log);
        let step = bench.vote_request(S2, 3, last);
        assert_eq!(step.reply(), vote(3, granted), "{log:?} asked by {last:?}");
        assert_eq!(
            step.armed(Timer::Election),
            granted,
            "{log:?} asked by {last:?}"
        );
        assert!(step.applied(Rule::UpToDateLog));
    }
}

#[test]
fn a_refused_vote_still_raises_the_term() {
    let mut bench = Bench::with(3, 2, Some(S3), &[2]);
    let step = bench.vote_request(S2, 5, at(0, 0));
    assert_eq!(step.reply(), vote(5, false));
    assert_eq!(bench.node.term(), Term(5));
    assert_eq!(bench.node.voted_for(), None);
}

#[test]
fn a_request_of_an_older_term_is_refused_with_the_current_term() {
    let mut bench = Bench::with(3, 4, None, &[]);
    let step = bench.vote_request(S2, 3, at(9, 3));
    assert_eq!(step.reply(), vote(4, false));
    assert!(step.applied(Rule::StaleRequest));
    assert!(!step.armed(Timer::Election) && !step.wrote());
}

#[test]
fn a_candidate_refuses_others_of_its_term() {
    let mut bench = Bench::of(3);
    bench.time_out(Timer::Election);
    let step = bench.vote_request(S2, 1, at(7, 1));
    assert_eq!(step.reply(), vote(1, false));
    assert!(step.has_reason(Reason::VoteRefused {
        candidate: id(S2),
        term: Term(1),
        refusal: VoteRefusal::AlreadyVoted {
            voted_for: id(S1),
            role: RoleName::Candidate,
        },
    }));
}

/// Only a forged message can cause this.
#[test]
fn a_refusal_after_a_vote_for_itself_names_the_voters_role() {
    let refused_by = |bench: &mut Bench| {
        let step = bench.vote_request(S3, 2, at(9, 1));
        let refused = |reason: &Reason| match reason {
            Reason::VoteRefused {
                refusal: VoteRefusal::AlreadyVoted { voted_for, role },
                ..
            } => Some((*voted_for, *role)),
            _ => None,
        };
        step.reasons.iter().find_map(refused)
    };
    let mut leader = Bench::leader(3, 2, &[1]);
    assert_eq!(refused_by(&mut leader), Some((id(S1), RoleName::Leader)));
    let mut restarted = Bench::with(3, 2, Some(S1), &[1]);
    let expected = Some((id(S1), RoleName::Follower));
    assert_eq!(refused_by(&mut restarted), expected);
}

#[test]
fn a_leader_steps_down_for_a_higher_term_even_if_it_refuses_the_vote() {
    let mut bench = Bench::leader(3, 2, &[1, 1]);
    let step = bench.vote_request(S2, 3, at(1, 1));
    assert_eq!(step.reply(), vote(3, false));
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert!(step.disarmed(Timer::Heartbeat) && step.armed(Timer::Election));
}

#[test]
fn stepping_down_as_candidate_does_not_reset_the_election_timer() {
    let mut bench = Bench::with(3, 0, None, &[1, 1]);
    bench.time_out(Timer::Election);
    let step = bench.vote_request(S2, 9, at(0, 0));
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert!(
        !step.armed(Timer::Election),
        "a new term alone resets no timer"
    );
}

#[test]
fn the_vote_reply_waits_until_the_vote_is_on_disk() {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    let step = bench.vote_request(S2, 1, at(0, 0));
    let gates: Vec<_> = step
        .effects
        .iter()
        .filter_map(|effect| match effect {
            hustings_raft::Effect::Send { after, .. } => Some(*after),
            _ => None,
        })
        .collect();
    assert_eq!(gates, [Some(bench.writes[0])]);
}
