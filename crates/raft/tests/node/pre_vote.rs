//! Pre-vote (diss. §9.6).

use crate::support::{Bench, S1, S2, S3, S4, S5, at, id, pre_vote, vote};
use hustings_raft::{
    Contact, DropCause, ElectionCause, Message, MessageKind, Millis, NodeSet, Options, Reason,
    RoleName, Rule, StepDownCause, Term, Timer, TimerCause, TransferRefusal, VoteRefusal,
};

fn options() -> Options {
    Options {
        pre_vote: true,
        ..Options::default()
    }
}

fn follower(term: u64, log: &[u64]) -> Bench {
    Bench::with_options(3, term, None, log, options())
}

#[test]
fn a_follower_that_times_out_requests_pre_votes_for_the_next_term_and_keeps_its_own() {
    let mut bench = follower(4, &[4]);
    let step = bench.time_out(Timer::Election);
    assert_eq!(bench.node.role().name(), RoleName::PreCandidate);
    assert_eq!((bench.node.term(), bench.node.voted_for()), (Term(4), None));
    let last = at(1, 4);
    let ask = Message::PreVote {
        term: Term(5),
        last,
    };
    assert_eq!(step.sent(), [(S2, ask.clone()), (S3, ask)]);
    assert!(!step.wrote() && step.armed(Timer::Election));
    assert!(step.has_reason(Reason::TimerArmed {
        timer: Timer::Election,
        cause: TimerCause::PreVoteStarted,
    }));
}

fn counted(voter: u8, granted: u8) -> Reason {
    Reason::PreVoteCounted {
        voter: id(voter),
        granted,
        needed: 2,
    }
}

fn denied(voter: u8, refused: u8, hope: bool) -> Reason {
    Reason::PreVoteDenied {
        voter: id(voter),
        refused,
        hope,
    }
}

#[test]
fn pre_votes_do_not_count_as_votes() {
    let mut bench = follower(4, &[4]);
    let asked = bench.time_out(Timer::Election);
    assert!(asked.has_reason(counted(S1, 1)));
    let no = bench.pre_vote_reply(S2, 4, false);
    assert!(no.has_reason(denied(S2, 1, true)));
    let yes = bench.pre_vote_reply(S3, 5, true);
    assert!(yes.has_reason(counted(S3, 2)));
    for step in [asked, no] {
        assert!(!step.applied(Rule::Majority));
    }
}

/// S2 has a lower term than S1 but a more up-to-date log.
#[test]
fn a_refusal_of_a_lower_term_counts() {
    let mut bench = follower(3, &[2]);
    bench.time_out(Timer::Election);
    let step = bench.pre_vote_reply(S2, 2, false);
    assert_eq!(step.reasons, [denied(S2, 1, true)]);
    let step = bench.pre_vote_reply(S3, 2, false);
    assert_eq!(step.reasons, [denied(S3, 2, false)]);
    assert_eq!(bench.node.role().name(), RoleName::PreCandidate);
}

/// A refusal of the first round may arrive in the second, before or after the reply of
/// the second round.
#[test]
fn a_voter_counts_as_granting_or_refusing_but_not_both() {
    let mut bench = Bench::with_options(5, 4, None, &[4], options());
    bench.time_out(Timer::Election);
    bench.time_out(Timer::Election);
    bench.pre_vote_reply(S2, 4, false);
    bench.pre_vote_reply(S3, 4, false);
    let step = bench.pre_vote_reply(S2, 5, true);
    let (granted, needed) = (2, 3);
    let voter = id(S2);
    assert!(step.has_reason(Reason::PreVoteCounted {
        voter,
        granted,
        needed,
    }));
    let step = bench.pre_vote_reply(S2, 4, false);
    assert!(step.dropped(S2, MessageKind::PreVoteReply, DropCause::NothingNew));
    let step = bench.pre_vote_reply(S4, 4, false);
    assert!(
        step.has_reason(denied(S4, 2, true)),
        "only S3 and S4 are against"
    );
}

#[test]
fn a_pre_vote_of_a_non_member_does_not_count() {
    let mut bench = follower(4, &[4]);
    bench.time_out(Timer::Election);
    for (term, granted) in [(5, true), (4, false)] {
        let step = bench.pre_vote_reply(S5, term, granted);
        assert!(step.dropped(S5, MessageKind::PreVoteReply, DropCause::NoMember));
    }
    assert_eq!(bench.node.role().name(), RoleName::PreCandidate);
}

#[test]
fn a_majority_of_pre_votes_starts_an_election() {
    let mut bench = follower(4, &[4]);
    bench.time_out(Timer::Election);
    let step = bench.pre_vote_reply(S2, 5, true);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    assert_eq!(
        (bench.node.term(), bench.node.voted_for()),
        (Term(5), Some(id(S1)))
    );
    let (granted, needed) = ([S1, S2].into_iter().map(id).collect(), 2);
    let term = Term(5);
    assert!(step.has_reason(Reason::PreVoteWon {
        term,
        granted,
        needed,
        members: NodeSet::first(3),
    }));
    let started = Reason::ElectionStarted {
        cause: ElectionCause::PreVoteWon,
        term,
        last: at(1, 4),
        needed,
        members: NodeSet::first(3),
    };
    assert!(step.has_reason(started));
    assert_eq!(started.rule(), Rule::PreVote);
    assert!(!step.applied(Rule::ElectionTimeout), "no timer has run out");
}

#[test]
fn the_only_server_of_a_cluster_needs_no_other_pre_vote() {
    let mut bench = Bench::with_options(1, 0, None, &[], options());
    bench.time_out(Timer::Election);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}

#[test]
fn a_granted_pre_vote_changes_nothing_at_the_voter() {
    let mut bench = follower(4, &[4]);
    let before = bench.node.clone();
    let step = bench.pre_vote(S2, 5, at(1, 4));
    assert_eq!(step.reply(), pre_vote(5, true));
    assert_eq!(bench.node, before);
    assert!(!step.armed(Timer::Election) && !step.wrote());
}

#[test]
fn a_pre_vote_is_refused_with_the_voters_own_term() {
    let mut behind = follower(4, &[4, 4]);
    assert_eq!(behind.pre_vote(S2, 5, at(1, 4)).reply(), pre_vote(4, false));
    let mut ahead = follower(9, &[1]);
    let step = ahead.pre_vote(S2, 5, at(9, 9));
    assert_eq!(step.reply(), pre_vote(9, false));
    let refusal = VoteRefusal::TermTaken { mine: Term(9) };
    let (candidate, term) = (id(S2), Term(5));
    assert!(step.has_reason(Reason::PreVoteRefused {
        candidate,
        term,
        refusal
    }));
}

#[test]
fn pre_votes_are_refused_for_the_minimum_election_timeout_after_hearing_from_a_leader() {
    let mut bench = follower(4, &[4]);
    bench.append(S3, 4, at(1, 4), &[], 0);
    bench.now = 149;
    let step = bench.pre_vote(S2, 5, at(1, 4));
    assert_eq!(step.reply(), pre_vote(4, false));
    let (ago, lease) = (Millis(149), Millis(150));
    let contact = Contact::Heard { ago, lease };
    let leader = id(S3);
    let refusal = VoteRefusal::LeaderAlive { leader, contact };
    let (candidate, term) = (id(S2), Term(5));
    assert!(step.has_reason(Reason::PreVoteRefused {
        candidate,
        term,
        refusal
    }));
    bench.now = 150;
    assert_eq!(bench.pre_vote(S2, 5, at(1, 4)).reply(), pre_vote(5, true));
}

#[test]
fn a_leader_heard_at_a_later_time_counts_as_heard_just_now() {
    let mut bench = follower(4, &[4]);
    bench.now = 60_000;
    bench.append(S3, 4, at(1, 4), &[], 0);
    bench.now = 1_000;
    let step = bench.pre_vote(S2, 5, at(1, 4));
    assert_eq!(step.reply(), pre_vote(4, false));
    let (ago, lease) = (Millis(0), Millis(150));
    let refusal = VoteRefusal::LeaderAlive {
        leader: id(S3),
        contact: Contact::Heard { ago, lease },
    };
    assert!(step.has_reason(Reason::PreVoteRefused {
        candidate: id(S2),
        term: Term(5),
        refusal
    }));
}

/// Diss. §9.6 and LogCabin: a leader considers itself alive. Without check-quorum, only
/// a higher term ends that.
#[test]
fn a_leader_refuses_pre_votes_while_it_leads() {
    let mut bench = Bench::with_options(1, 0, None, &[], options());
    bench.time_out(Timer::Election);
    bench.now = 60_000;
    let step = bench.pre_vote(S2, 2, at(1, 1));
    assert_eq!(step.reply(), pre_vote(1, false));
    let contact = Contact::Leads {
        checks_quorum: false,
    };
    let leader = id(S1);
    assert!(step.has_reason(Reason::PreVoteRefused {
        candidate: id(S2),
        term: Term(2),
        refusal: VoteRefusal::LeaderAlive { leader, contact },
    }));
}

/// openraft#1796, etcd#8243: otherwise two groups of servers, one with the later
/// term and one with the longer log, keep each other from electing a leader.
#[test]
fn a_pre_candidate_adopts_the_higher_term_of_a_refusal() {
    let mut bench = follower(4, &[4]);
    bench.time_out(Timer::Election);
    bench.pre_vote_reply(S2, 7, false);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(bench.node.term(), Term(7));
}

#[test]
fn pre_votes_of_another_round_or_for_another_role_do_not_count() {
    let mut bench = follower(4, &[4]);
    let kind = MessageKind::PreVoteReply;
    let step = bench.pre_vote_reply(S2, 5, true);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    let role = RoleName::Follower;
    assert!(step.dropped(S2, kind, DropCause::Unasked { role }));
    bench.time_out(Timer::Election);
    for term in [4, 6, 99] {
        let step = bench.pre_vote_reply(S2, term, true);
        let (theirs, asked) = (Term(term), Term(5));
        assert!(step.dropped(S2, kind, DropCause::OtherTerm { theirs, asked }));
        assert_eq!(bench.node.role().name(), RoleName::PreCandidate, "{term}");
        assert_eq!(bench.node.term(), Term(4), "{term}");
    }
}

#[test]
fn a_pre_candidate_follows_a_leader_and_votes_for_a_candidate() {
    let mut bench = follower(4, &[4]);
    bench.time_out(Timer::Election);
    let step = bench.append(S2, 4, at(1, 4), &[], 0);
    assert_eq!(bench.node.leader(), Some(id(S2)));
    assert!(step.stepped_down(RoleName::PreCandidate, StepDownCause::LeaderHeard));
    let mut bench = follower(4, &[4]);
    bench.time_out(Timer::Election);
    let step = bench.vote_request(S2, 4, at(1, 4));
    assert_eq!(step.reply(), vote(4, true));
    assert!(step.stepped_down(RoleName::PreCandidate, StepDownCause::VoteGranted));
    assert!(!step.applied(Rule::HigherTerm), "the term is the same");
    assert_eq!(bench.node.role().name(), RoleName::Follower);
}

#[test]
fn a_follower_cannot_transfer_leadership() {
    let mut bench = follower(4, &[4]);
    let step = bench.step(hustings_raft::Input::Transfer(id(S2)));
    let refusal = TransferRefusal::NotLeader;
    assert!(step.has_reason(Reason::TransferRefused {
        target: id(S2),
        refusal
    }));
    assert!(step.effects.is_empty());
}
