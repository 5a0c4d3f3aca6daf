//! Counting votes (§5.2).

use crate::support::{self, Bench, S1, S2, S3, S4, S5, id};
use hustings_raft::{
    DropCause, Message, MessageKind, NodeSet, Reason, Role, RoleName, Rule, StepDownCause, Term,
    Timer,
};

fn candidate(cluster: u8) -> Bench {
    let mut bench = Bench::of(cluster);
    bench.time_out(Timer::Election);
    bench
}

#[test]
fn with_a_majority_a_candidate_leads_and_sends_append_entries_at_once() {
    let mut bench = candidate(5);
    bench.vote_reply(S2, 1, true);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    let step = bench.vote_reply(S3, 1, true);

    assert_eq!(bench.node.role().name(), RoleName::Leader);
    assert_eq!(bench.log(), [1], "its no-op");
    assert_eq!(step.sent().len(), 4);
    assert!(step.armed(Timer::Heartbeat) && step.disarmed(Timer::Election));
    assert!(step.has_reason(Reason::ElectionWon {
        term: Term(1),
        granted: [S1, S2, S3].into_iter().map(id).collect(),
        count: 3,
        needed: 3,
        members: NodeSet::first(5),
    }));
}

#[test]
fn a_new_leader_starts_with_match_index_0_for_all_others() {
    let mut bench = Bench::with(3, 1, None, &[1, 1]);
    bench.time_out(Timer::Election);
    bench.vote_reply(S2, 2, true);
    let Role::Leader { progress, .. } = bench.node.role() else {
        panic!("a leader");
    };
    assert_eq!(progress.iter().count(), 2);
    for (_, known) in progress.iter() {
        assert_eq!((known.match_index.0, known.next_index.0), (0, 3));
    }
}

#[test]
fn a_second_vote_of_the_same_server_does_not_count() {
    let mut bench = candidate(5);
    bench.vote_reply(S2, 1, true);
    let step = bench.vote_reply(S2, 1, true);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    let kind = MessageKind::RequestVoteReply;
    assert!(step.dropped(S2, kind, DropCause::NothingNew));
    assert!(step.applied(Rule::Majority));
    let step = bench.vote_reply(S2, 1, false);
    assert!(
        step.dropped(S2, kind, DropCause::NothingNew),
        "a vote once given is given"
    );
}

#[test]
fn a_vote_replaces_an_earlier_refusal() {
    let mut bench = candidate(5);
    bench.vote_reply(S2, 1, false);
    bench.vote_reply(S2, 1, true);
    bench.vote_reply(S3, 1, false);
    let step = bench.vote_reply(S4, 1, false);
    let (refused, hope) = (2, true);
    assert!(step.has_reason(Reason::VoteDenied {
        voter: id(S4),
        refused,
        hope
    }));
}

#[test]
fn a_vote_of_a_non_member_does_not_count() {
    let mut bench = candidate(3);
    for granted in [true, false] {
        let step = bench.vote_reply(S5, 1, granted);
        let kind = MessageKind::RequestVoteReply;
        assert!(step.dropped(S5, kind, DropCause::NoMember));
        assert!(step.applied(Rule::LatestMembers));
    }
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
}

/// Otherwise a forged message could replace the candidate's own vote before it is on
/// disk.
#[test]
fn a_message_from_the_server_itself_is_dropped() {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    bench.time_out(Timer::Election);
    let before = bench.node.clone();
    let forged = [
        (support::vote(1, true), MessageKind::RequestVoteReply),
        (support::accepted(9, 1), MessageKind::AppendEntriesReply),
        (
            Message::TimeoutNow { term: Term(9) },
            MessageKind::TimeoutNow,
        ),
    ];
    for (message, kind) in forged {
        let step = bench.receive(S1, message);
        assert!(step.dropped(S1, kind, DropCause::FromMyself));
        assert!(step.applied(Rule::OthersOnly) && step.effects.is_empty());
        assert_eq!(bench.node, before);
    }
}

#[test]
fn a_vote_of_an_older_term_does_not_count() {
    let mut bench = candidate(3);
    bench.time_out(Timer::Election);
    let step = bench.vote_reply(S2, 1, true);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    assert!(step.applied(Rule::StaleReply));
}

/// Rule E6: the sources differ; this is the paper's way.
#[test]
fn a_candidate_refused_by_a_majority_waits_for_its_election_timeout() {
    let mut bench = candidate(5);
    for voter in [S2, S3, S4] {
        bench.vote_reply(voter, 1, false);
    }
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    let step = bench.vote_reply(S5, 1, false);
    let (refused, hope) = (4, false);
    assert!(step.has_reason(Reason::VoteDenied {
        voter: id(S5),
        refused,
        hope
    }));
}

#[test]
fn a_refusal_of_a_higher_term_ends_the_candidacy() {
    let mut bench = candidate(3);
    let step = bench.vote_reply(S2, 7, false);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!((bench.node.term(), bench.node.voted_for()), (Term(7), None));
    assert!(step.stepped_down(RoleName::Candidate, StepDownCause::HigherTerm));
    assert!(step.applied(Rule::HigherTerm));
}

#[test]
fn a_vote_without_a_request_is_dropped() {
    for mut bench in [Bench::of(3), Bench::leader(3, 1, &[])] {
        let role = bench.node.role().name();
        let term = bench.node.term().0;
        let step = bench.vote_reply(S3, term, true);
        assert_eq!(bench.node.role().name(), role);
        assert!(step.applied(Rule::UnaskedReply) && step.effects.is_empty());
    }
}

#[test]
fn a_candidates_own_vote_counts_once_it_is_on_disk() {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    bench.time_out(Timer::Election);
    bench.vote_reply(S2, 1, true);
    assert_eq!(bench.node.role().name(), RoleName::Candidate);
    bench.write_done(1);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}

#[test]
fn the_first_entries_sent_follow_the_end_of_the_new_leaders_log() {
    let mut bench = Bench::with(3, 1, None, &[1]);
    bench.time_out(Timer::Election);
    let step = bench.vote_reply(S2, 2, true);
    assert_eq!(step.sent().len(), 2);
    for (_, message) in step.sent() {
        let Message::AppendEntries { prev, entries, .. } = message else {
            panic!("AppendEntries");
        };
        assert_eq!((prev, entries.len()), (support::at(1, 1), 1));
    }
}
