//! Sentences for single reasons.

use hustings_lab::narrate::{self, Lang};
use hustings_raft::{
    BrokenRule, ChangeRefusal, DropCause, ElectionCause, ElectionRefusal, LogIndex, MemberChange,
    MessageKind, NodeId, NodeSet, Position, Reason, RoleName, StepDownCause, Term, Timer,
    VoteRefusal,
};

fn s(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn told(reason: Reason) -> String {
    narrate::explain(s(1), &reason, Lang::En)
}

fn dropped(kind: MessageKind, cause: DropCause) -> String {
    told(Reason::Dropped {
        sender: s(2),
        kind,
        cause,
    })
}

#[test]
fn what_a_server_ignores_is_told_by_what_it_is() {
    let (theirs, mine, asked) = (Term(1), Term(2), Term(3));
    let stale = DropCause::StaleTerm { theirs, mine };
    let role = RoleName::Leader;
    for (kind, cause, sentence) in [
        (
            MessageKind::TimeoutNow,
            stale,
            "S1 ignores TimeoutNow from S2: the message is of term 1, and S1 is in term 2 already.",
        ),
        (
            MessageKind::AppendEntriesReply,
            stale,
            "S1 ignores AppendEntriesReply from S2: the message is of term 1, and S1 is in term 2 already.",
        ),
        (
            MessageKind::PreVoteReply,
            DropCause::OtherTerm { theirs, asked },
            "S1 ignores PreVoteReply from S2: the message is about term 1, and S1 asks about term 3.",
        ),
        (
            MessageKind::RequestVoteReply,
            DropCause::Unasked { role },
            "S1 ignores RequestVoteReply from S2: S1 leads already, and its election is over.",
        ),
        (
            MessageKind::AppendEntriesReply,
            DropCause::NoMember,
            "S1 ignores AppendEntriesReply from S2: by S1's log, S2 is no member.",
        ),
    ] {
        assert_eq!(dropped(kind, cause), sentence);
    }
    let role = RoleName::Follower;
    assert_eq!(
        dropped(MessageKind::AppendEntriesReply, DropCause::Unasked { role }),
        "S1 ignores AppendEntriesReply from S2: S1 is a follower now, and only leaders count acknowledgements."
    );
}

#[test]
fn only_a_server_that_timed_out_is_told_to_have_timed_out() {
    let stands = |cause| {
        told(Reason::ElectionStarted {
            cause,
            term: Term(2),
            last: Position::START,
            needed: 2,
            members: NodeSet::first(3),
        })
    };
    let timed_out = "S1's election timer has run out";
    assert!(stands(ElectionCause::TimedOut).starts_with(timed_out));
    for cause in [ElectionCause::PreVoteWon, ElectionCause::ToldToStand] {
        assert!(!stands(cause).contains("timer"), "{}", stands(cause));
    }
    let refusal = ElectionRefusal::NoMember;
    assert_eq!(
        told(Reason::MayNotStand { refusal }),
        "S1's election timer has run out, but S1 does not start an election: by S1's log, S1 is no member."
    );
}

#[test]
fn the_lost_quorum_is_told_in_numbers() {
    for (active, who) in [
        (NodeSet::first(2), "only S1 S2"),
        (NodeSet::first(1), "only S1"),
        (NodeSet::EMPTY, "nobody"),
    ] {
        assert_eq!(
            told(Reason::QuorumLost {
                active,
                needed: 3,
                members: NodeSet::first(5),
            }),
            format!(
                "S1 steps down: at this check it counts {who} as active, and 3 of S1 S2 S3 S4 S5 are a majority."
            )
        );
    }
}

#[test]
fn what_was_committed_and_is_deleted_is_told_so() {
    let deleted = |committed| {
        told(Reason::ConflictDeleted {
            from: LogIndex(2),
            through: LogIndex(2),
            mine: Term(1),
            theirs: Some(Term(2)),
            committed,
        })
    };
    let what = "S1 deletes the entry at index 2";
    let why = "at index 2 its term is 1, and the leader's is 2.";
    assert_eq!(deleted(false), format!("{what}: {why}"));
    let loss = "which it took to be committed";
    assert_eq!(deleted(true), format!("{what}, {loss}: {why}"));
}

#[test]
fn a_timer_that_a_role_does_not_use_is_told_with_the_role() {
    assert_eq!(
        told(Reason::TimerIgnored {
            timer: Timer::Heartbeat,
            role: RoleName::Follower,
        }),
        "S1 is follower, and that has no use for the heartbeat timer."
    );
}

#[test]
fn a_change_under_way_may_be_committed_elsewhere() {
    let (index, change) = (LogIndex(3), MemberChange::Remove(s(2)));
    let refusal = ChangeRefusal::UnderWay { index };
    assert_eq!(
        told(Reason::ChangeRefused { change, refusal }),
        "S1 does not remove S2: S1 does not know yet whether the change at index 3 is committed."
    );
}

#[test]
fn chinese_has_its_own_order_of_words() {
    let told = |reason| narrate::explain(s(1), &reason, Lang::Zh);
    let (term, needed) = (Term(2), 2);
    let mine = Position {
        index: LogIndex(3),
        term: Term(1),
    };
    for (reason, sentence) in [
        (
            Reason::ElectionStarted {
                cause: ElectionCause::TimedOut,
                term,
                last: mine,
                needed,
                members: NodeSet::first(3),
            },
            "S1 的选举定时器到期：它在任期 2 参选，投票给自己，需要 S1、S2、S3 中的 2 票才能胜出。",
        ),
        (
            Reason::VoteRefused {
                candidate: s(2),
                term,
                refusal: VoteRefusal::LogBehind {
                    theirs: Position::START,
                    mine,
                },
            },
            "S1 在任期 2 拒绝投票给 S2：据请求，S2 的日志为空，而 S1 的日志止于索引 3（任期 1）：S1 的最后任期更大。",
        ),
        (
            Reason::SteppedDown {
                role: RoleName::Leader,
                cause: StepDownCause::HigherTerm,
            },
            "S1 不再是领导者：它采用了更高的任期。",
        ),
        (
            Reason::CommitAdvanced {
                old: LogIndex(2),
                new: LogIndex(3),
                holders: NodeSet::first(2),
                needed,
                members: NodeSet::first(3),
            },
            "S1 提交到索引 3：据它统计，S1、S2 已将其落盘，S1、S2、S3 中的 2 台就是多数派。",
        ),
        (
            Reason::RuleBroken {
                broken: BrokenRule::QuorumOfHalf,
            },
            "被破坏的规则 quorum-of-half 在这里造成了差别：在偶数台服务器的集群中，半数就够。",
        ),
    ] {
        assert_eq!(told(reason), sentence);
    }
}
