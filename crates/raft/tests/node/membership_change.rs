//! Single-server membership changes (diss. chapter 4).

use crate::support::{self, Bench, S1, S2, S3, S4, Step, at, entry, id};
use hustings_raft::{
    ChangeRefusal, ClientReply, DropCause, Effect, ElectionRefusal, Entry, Input, LogIndex,
    MemberChange, Message, MessageKind, NodeSet, Options, Payload, Reason, Role, RoleName, Rule,
    StepDownCause, Stored, Term, Timer, TransferRefusal,
};

/// A leader of term 2 in a cluster of three that has committed an entry of its
/// own term at index 1, and whose followers have it.
fn leader() -> Bench {
    let mut bench = Bench::leader(3, 2, &[]);
    bench.step(Input::Propose("x".into()));
    bench.accepted(S2, 2, 1);
    bench.accepted(S3, 2, 1);
    bench
}

fn change(bench: &mut Bench, change: MemberChange) -> Step {
    bench.step(Input::ChangeMembers(change))
}

fn add(bench: &mut Bench, server: u8) -> Step {
    change(bench, MemberChange::Add(id(server)))
}

fn remove(bench: &mut Bench, server: u8) -> Step {
    change(bench, MemberChange::Remove(id(server)))
}

fn set(servers: &[u8]) -> NodeSet {
    servers.iter().map(|server| id(*server)).collect()
}

fn members_entry(term: u64, servers: &[u8]) -> Entry {
    Entry {
        term: Term(term),
        payload: Payload::Members(set(servers)),
    }
}

fn answers(step: &Step) -> Vec<ClientReply> {
    let answer = |effect: &Effect| match effect {
        Effect::Reply(answer) => Some(*answer),
        _ => None,
    };
    step.effects.iter().filter_map(answer).collect()
}

/// Sends AppendEntries with any payloads.
fn append(bench: &mut Bench, from: u8, prev: (u64, u64), entries: Vec<Entry>, commit: u64) -> Step {
    let message = Message::AppendEntries {
        term: bench.node.term().max(Term(2)),
        prev: at(prev.0, prev.1),
        entries: entries.into(),
        commit: LogIndex(commit),
    };
    bench.receive(from, message)
}

#[test]
fn a_change_counts_as_soon_as_it_is_appended() {
    let mut bench = leader();
    let step = add(&mut bench, S4);
    assert_eq!(bench.node.members(), set(&[S1, S2, S3, S4]));
    assert_eq!(bench.node.configuration_index(), LogIndex(2));
    assert_eq!(answers(&step), [ClientReply::Accepted(at(2, 2))]);
    assert!(step.has_reason(Reason::ChangeAppended {
        change: MemberChange::Add(id(S4)),
        position: at(2, 2),
    }));
    assert!(step.has_reason(Reason::MembersChanged {
        index: LogIndex(2),
        old: set(&[S1, S2, S3]),
        new: set(&[S1, S2, S3, S4]),
    }));
    let waits = |reason: &&Reason| matches!(reason, Reason::CommitWaits { .. });
    assert_eq!(step.reasons.iter().filter(waits).count(), 1);
    let receivers: Vec<_> = step.sent().into_iter().map(|(to, _)| to).collect();
    assert_eq!(receivers, [S2, S3, S4]);
}

/// Three of four must hold the change: the majority is of the new members.
#[test]
fn the_new_majority_commits_the_change() {
    let mut bench = leader();
    add(&mut bench, S4);
    let step = bench.accepted(S2, 2, 2);
    assert_eq!(bench.node.commit(), LogIndex(1));
    assert!(step.has_reason(Reason::CommitWaits {
        index: LogIndex(2),
        holders: set(&[S1, S2]),
        needed: 3,
        members: set(&[S1, S2, S3, S4]),
    }));
    let step = bench.accepted(S3, 2, 2);
    assert_eq!(bench.node.commit(), LogIndex(2));
    assert_eq!(answers(&step), [ClientReply::Committed(at(2, 2))]);
}

#[test]
fn a_new_server_is_sent_the_whole_log() {
    let mut bench = leader();
    add(&mut bench, S4);
    let step = bench.refused(S4, 2, 0);
    let Message::AppendEntries { prev, entries, .. } = step.reply() else {
        panic!("AppendEntries");
    };
    assert_eq!((prev, entries.len()), (at(0, 0), 2));
    let step = bench.accepted(S4, 2, 2);
    assert!(step.applied(Rule::Acknowledge));
}

#[test]
fn a_second_change_is_refused_until_the_first_is_committed() {
    let mut bench = leader();
    add(&mut bench, S4);
    let step = remove(&mut bench, S2);
    let index = LogIndex(2);
    let refusal = ChangeRefusal::UnderWay { index };
    assert_eq!(answers(&step), [ClientReply::ChangeRefused(refusal)]);
    assert!(step.applied(Rule::OneChange) && !step.wrote());
    bench.accepted(S2, 2, 2);
    bench.accepted(S3, 2, 2);
    let step = remove(&mut bench, S2);
    assert_eq!(answers(&step), [ClientReply::Accepted(at(3, 2))]);
}

/// Ongaro, raft-dev, 2015: otherwise this change and one of an earlier leader might
/// have disjoint majorities.
#[test]
fn a_change_is_refused_until_the_leader_has_committed_an_entry_of_its_term() {
    let mut bench = Bench::leader(3, 2, &[1]);
    let step = add(&mut bench, S4);
    let refusal = ChangeRefusal::NothingCommitted;
    assert_eq!(answers(&step), [ClientReply::ChangeRefused(refusal)]);
    assert!(step.applied(Rule::CommitBeforeChange));
    assert_eq!(bench.node.members(), set(&[S1, S2, S3]));
}

#[test]
fn a_change_without_effect_or_without_remaining_members_is_refused() {
    let mut bench = leader();
    for (step, refusal) in [
        (add(&mut bench, S2), ChangeRefusal::AlreadyMember),
        (remove(&mut bench, S4), ChangeRefusal::NoMember),
    ] {
        assert_eq!(answers(&step), [ClientReply::ChangeRefused(refusal)]);
        assert!(step.applied(Rule::OneChange) && step.sent().is_empty());
    }
    let mut alone = Bench::of(1);
    alone.time_out(Timer::Election);
    let step = remove(&mut alone, S1);
    let refusal = ChangeRefusal::LastMember;
    assert_eq!(answers(&step), [ClientReply::ChangeRefused(refusal)]);
}

#[test]
fn only_a_leader_without_a_pending_transfer_changes_the_members() {
    let mut follower = Bench::of(3);
    let step = add(&mut follower, S4);
    assert_eq!(answers(&step), [ClientReply::NotLeader { leader: None }]);
    assert!(step.applied(Rule::ClientsAskLeader));
    let mut bench = leader();
    bench.step(Input::Transfer(id(S2)));
    let step = add(&mut bench, S4);
    let target = id(S2);
    assert_eq!(answers(&step), [ClientReply::Transferring { target }]);
}

#[test]
fn a_follower_uses_the_last_configuration_in_its_log() {
    let mut bench = Bench::of(3);
    let step = append(&mut bench, S2, (0, 0), vec![members_entry(2, &[S1, S2])], 0);
    assert_eq!(bench.node.members(), set(&[S1, S2]));
    assert!(step.applied(Rule::LatestMembers));
    let more = vec![entry(2), members_entry(2, &[S1, S2, S4]), entry(2)];
    append(&mut bench, S2, (1, 2), more, 0);
    assert_eq!(bench.node.members(), set(&[S1, S2, S4]));
    assert_eq!(bench.node.configuration_index(), LogIndex(3));
}

/// The configuration falls back to the previous entry, and then to the initial one.
#[test]
fn a_change_that_is_deleted_is_undone() {
    let mut bench = Bench::of(3);
    let two = vec![members_entry(2, &[S1, S2]), members_entry(2, &[S1, S2, S4])];
    append(&mut bench, S2, (0, 0), two, 0);
    let step = bench.append(S3, 3, at(1, 2), &[3], 0);
    assert_eq!(bench.node.members(), set(&[S1, S2]));
    assert!(step.has_reason(Reason::MembersChanged {
        index: LogIndex(1),
        old: set(&[S1, S2, S4]),
        new: set(&[S1, S2]),
    }));
    let step = bench.append(S3, 4, at(0, 0), &[4], 0);
    assert_eq!(bench.node.members(), set(&[S1, S2, S3]));
    assert_eq!(bench.node.configuration_index(), LogIndex::ZERO);
    assert!(step.applied(Rule::LatestMembers) && step.applied(Rule::DeleteConflict));
}

#[test]
fn a_restart_restores_the_members_from_the_log() {
    let stored = Stored {
        term: Term(2),
        voted_for: None,
        log: [entry(1), members_entry(2, &[S2, S3]), entry(2)]
            .into_iter()
            .collect(),
    };
    let node = hustings_raft::Node::new(id(S1), NodeSet::first(3), Options::default(), stored);
    assert_eq!(node.members(), set(&[S2, S3]));
    assert_eq!(node.configuration_index(), LogIndex(2));
}

/// Diss. §4.2.2.
#[test]
fn a_removed_leader_does_not_count_itself_and_steps_down_once_the_change_is_committed() {
    let mut bench = leader();
    remove(&mut bench, S1);
    assert_eq!(bench.node.members(), set(&[S2, S3]));
    let step = bench.accepted(S2, 2, 2);
    assert!(step.has_reason(Reason::CommitWaits {
        index: LogIndex(2),
        holders: set(&[S2]),
        needed: 2,
        members: set(&[S2, S3]),
    }));
    assert_eq!(bench.node.role().name(), RoleName::Leader);
    let step = bench.accepted(S3, 2, 2);
    assert_eq!(bench.node.role().name(), RoleName::Follower);
    assert_eq!(answers(&step), [ClientReply::Committed(at(2, 2))]);
    assert!(step.has_reason(Reason::RemovalCommitted { index: LogIndex(2) }));
    assert!(step.disarmed(Timer::Heartbeat) && step.armed(Timer::Election));
    assert!(step.stepped_down(RoleName::Leader, StepDownCause::Removed));
    let step = bench.time_out(Timer::Election);
    let refusal = ElectionRefusal::NoMember;
    assert_eq!(step.reasons, [Reason::MayNotStand { refusal }]);
    assert!(step.effects.is_empty());
}

/// Without it, no server might be able to commit the change.
#[test]
fn a_server_whose_removal_is_uncommitted_still_starts_elections() {
    let mut bench = Bench::of(3);
    append(&mut bench, S2, (0, 0), vec![members_entry(2, &[S2, S3])], 0);
    let step = bench.time_out(Timer::Election);
    assert!(step.applied(Rule::ElectionTimeout));
    let own_vote = |reason: &Reason| match reason {
        Reason::OwnVoteWaits => true,
        Reason::VoteCounted { voter, .. } => *voter == id(S1),
        _ => false,
    };
    assert!(!step.reasons.iter().any(own_vote), "it has no vote");
    let step = bench.vote_reply(S2, 3, true);
    assert!(step.has_reason(Reason::VoteCounted {
        voter: id(S2),
        granted: 1,
        needed: 2,
    }));
    bench.vote_reply(S3, 3, true);
    assert_eq!(bench.node.role().name(), RoleName::Leader);
}

#[test]
fn a_non_member_votes_but_starts_no_elections() {
    let mut bench = Bench::of(3);
    let gone = vec![members_entry(2, &[S2, S3])];
    append(&mut bench, S2, (0, 0), gone, 1);
    assert!(bench.time_out(Timer::Election).effects.is_empty());
    let step = bench.receive(S2, Message::TimeoutNow { term: Term(2) });
    let refusal = ElectionRefusal::NoMember;
    let cause = DropCause::CannotStand { refusal };
    assert!(step.dropped(S2, MessageKind::TimeoutNow, cause));
    assert!(step.applied(Rule::LatestMembers) && step.effects.is_empty());
    let reply = bench.vote_request(S3, 3, at(1, 2)).reply();
    assert_eq!(reply, support::vote(3, true));
}

/// The majority is two of two instead of two of three.
#[test]
fn removing_a_server_may_commit_pending_entries() {
    let mut bench = Bench::leader(4, 2, &[]);
    bench.step(Input::Propose("x".into()));
    bench.accepted(S2, 2, 1);
    bench.accepted(S3, 2, 1);
    bench.step(Input::Propose("y".into()));
    bench.accepted(S2, 2, 2);
    assert_eq!(bench.node.commit(), LogIndex(1));
    let step = remove(&mut bench, S4);
    assert_eq!(bench.node.commit(), LogIndex(2));
    assert!(step.has_reason(Reason::CommitAdvanced {
        old: LogIndex(1),
        new: LogIndex(2),
        holders: set(&[S1, S2]),
        needed: 2,
        members: set(&[S1, S2, S3]),
    }));
}

#[test]
fn a_removed_server_gets_no_messages_and_its_replies_are_ignored() {
    let mut bench = leader();
    let step = remove(&mut bench, S3);
    let receivers: Vec<_> = step.sent().into_iter().map(|(to, _)| to).collect();
    assert_eq!(receivers, [S2]);
    let step = bench.accepted(S3, 2, 2);
    let kind = MessageKind::AppendEntriesReply;
    assert!(step.dropped(S3, kind, DropCause::NoMember));
    assert!(step.applied(Rule::LatestMembers), "the leader did ask");
    assert_eq!(bench.node.commit(), LogIndex(1));
}

#[test]
fn leadership_is_not_transferred_to_a_non_member() {
    let mut bench = leader();
    remove(&mut bench, S3);
    bench.accepted(S2, 2, 2);
    let step = bench.step(Input::Transfer(id(S3)));
    assert!(step.has_reason(Reason::TransferRefused {
        target: id(S3),
        refusal: TransferRefusal::NoMember,
    }));
}

#[test]
fn a_new_server_counts_as_active_until_the_next_check() {
    let options = Options {
        no_op: true,
        check_quorum: true,
        ..Options::default()
    };
    let mut bench = Bench::with_options(1, 0, None, &[], options);
    bench.time_out(Timer::Election);
    bench.write_done(2);
    add(&mut bench, S2);
    let step = bench.time_out(Timer::CheckQuorum);
    assert!(step.has_reason(Reason::QuorumHeard {
        active: set(&[S1, S2]),
        needed: 2,
        members: set(&[S1, S2]),
    }));
    let Role::Leader { progress, .. } = bench.node.role() else {
        panic!("a leader");
    };
    assert!(progress.get(id(S2)).is_some_and(|known| !known.active));
    let step = bench.time_out(Timer::CheckQuorum);
    assert!(step.applied(Rule::CheckQuorum));
    assert_eq!(bench.node.role().name(), RoleName::Follower);
}

#[test]
fn a_server_whose_removal_is_uncommitted_does_not_count_its_own_pre_vote() {
    let options = Options {
        pre_vote: true,
        ..Options::default()
    };
    let mut bench = Bench::with_options(3, 0, None, &[], options);
    append(&mut bench, S2, (0, 0), vec![members_entry(2, &[S2, S3])], 0);
    let step = bench.time_out(Timer::Election);
    assert!(step.applied(Rule::PreVote));
    let counted = |reason: &Reason| matches!(reason, Reason::PreVoteCounted { .. });
    assert!(!step.reasons.iter().any(counted));
    let step = bench.pre_vote_reply(S2, 3, true);
    assert!(step.has_reason(Reason::PreVoteCounted {
        voter: id(S2),
        granted: 1,
        needed: 2,
    }));
    assert_eq!(bench.node.role().name(), RoleName::PreCandidate);
}

/// The leader is no longer a member.
#[test]
fn a_leader_that_is_being_removed_does_not_count_as_active() {
    let options = Options {
        no_op: true,
        check_quorum: true,
        ..Options::default()
    };
    let mut bench = Bench::with_options(3, 0, None, &[], options);
    bench.time_out(Timer::Election);
    bench.vote_reply(S2, 1, true);
    bench.accepted(S2, 1, 1);
    remove(&mut bench, S1);
    bench.accepted(S2, 1, 1);
    let step = bench.time_out(Timer::CheckQuorum);
    assert!(step.has_reason(Reason::QuorumLost {
        active: set(&[S2]),
        needed: 2,
        members: set(&[S2, S3]),
    }));
    assert!(step.stepped_down(RoleName::Leader, StepDownCause::QuorumLost));
}

/// S1 learns only with an entry of its own term that S2's change is committed.
#[test]
fn a_new_leader_does_not_know_whether_the_last_change_is_committed() {
    let stored = Stored {
        term: Term(2),
        voted_for: None,
        log: [members_entry(2, &[S1, S2, S3])].into_iter().collect(),
    };
    let mut bench = Bench::with(3, 2, None, &[]);
    bench.node = hustings_raft::Node::new(id(S1), NodeSet::first(2), Options::default(), stored);
    bench.time_out(Timer::Election);
    bench.vote_reply(S2, 3, true);
    let step = add(&mut bench, S4);
    let index = LogIndex(1);
    let refusal = ChangeRefusal::UnderWay { index };
    assert_eq!(answers(&step), [ClientReply::ChangeRefused(refusal)]);
    bench.accepted(S2, 3, 2);
    let step = add(&mut bench, S4);
    assert_eq!(answers(&step), [ClientReply::Accepted(at(3, 3))]);
}
