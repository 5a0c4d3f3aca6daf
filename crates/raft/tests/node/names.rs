//! Names, numbers and sources as text.

use crate::support::{S1, S2, S3, accepted, id, pre_vote, refused, vote};
use hustings_raft::{
    LogIndex, MemberChange, Message, MessageKind, Millis, NodeId, NodeMap, NodeSet, Position,
    RoleName, Rule, Term, Timer,
};

#[test]
fn every_rule_has_a_source() {
    for rule in Rule::ALL {
        assert!(!rule.source().is_empty(), "{rule:?}");
        assert_eq!(Rule::ALL.iter().filter(|it| **it == rule).count(), 1);
    }
}

#[test]
fn names_are_those_of_the_paper() {
    let kinds = MessageKind::ALL.map(MessageKind::name);
    assert_eq!(
        kinds,
        [
            "RequestVote",
            "RequestVoteReply",
            "PreVote",
            "PreVoteReply",
            "TimeoutNow",
            "AppendEntries",
            "AppendEntriesReply"
        ]
    );
    let roles = RoleName::ALL.map(RoleName::name);
    assert_eq!(roles, ["follower", "pre-candidate", "candidate", "leader"]);
    let timers = Timer::ALL.map(Timer::name);
    assert_eq!(
        timers,
        ["election", "heartbeat", "check-quorum", "transfer"]
    );
    assert_eq!(
        format!("{:>20}|{:<9}", MessageKind::PreVote, RoleName::Leader),
        "             PreVote|leader   "
    );
}

#[test]
fn numbers_print_with_their_units() {
    let set = NodeSet::from_iter([id(S3), id(S1)]);
    assert_eq!(
        format!("{} {} {}", Term(3), LogIndex(4), Millis(5)),
        "3 4 5ms"
    );
    assert_eq!(format!("{set} {set:?} {:?}", id(S2)), "S1 S3 {S1, S3} S2");
}

#[test]
fn replies_are_positive_or_negative_and_requests_neither() {
    let yes = [vote(1, true), pre_vote(1, true), accepted(1, 0)];
    let no = [vote(1, false), pre_vote(1, false), refused(1, 0)];
    let last = Position::START;
    let term = Term(1);
    let neither = [
        Message::TimeoutNow { term },
        Message::PreVote { term, last },
        Message::RequestVote {
            term,
            last,
            transfer: false,
        },
    ];
    for (messages, positive) in [(&yes, Some(true)), (&no, Some(false)), (&neither, None)] {
        for message in messages {
            assert_eq!(message.is_positive(), positive, "{message:?}");
            assert_eq!(message.kind().is_reply(), positive.is_some(), "{message:?}");
        }
    }
}

#[test]
fn terms_indexes_and_times_do_not_overflow() {
    assert_eq!(Term::LAST.next(), Term::LAST);
    assert_eq!(LogIndex(u64::MAX).next(), LogIndex(u64::MAX));
    assert_eq!(LogIndex::ZERO.previous(), LogIndex::ZERO);
    assert_eq!(Millis(u64::MAX).plus(Millis(1)), Millis(u64::MAX));
    assert_eq!(Millis(1).since(Millis(2)), Millis::ZERO);
}

#[test]
fn a_map_holds_a_value_for_each_server() {
    let mut map: NodeMap<u8> = [(id(S1), 1), (id(S3), 3)].into_iter().collect();
    assert_eq!(map.insert(id(S3), 4), Some(3));
    assert_eq!(map.remove(id(S1)), Some(1));
    assert_eq!(map.get_mut(id(S1)), None);
    assert!(map.iter().eq([(id(S3), &4)]));
}

#[test]
fn a_membership_change_has_its_server() {
    assert_eq!(MemberChange::Add(id(S1)).server(), id(S1));
    assert_eq!(MemberChange::Remove(id(S2)).server(), id(S2));
}

#[test]
fn servers_are_numbered_1_to_9() {
    assert!(NodeId::new(0).is_none() && NodeId::new(10).is_none());
    assert!((1..=9).all(|number| NodeId::new(number).is_some()));
}
