//! What cannot be done is refused with a reason, and changes nothing.

use hustings_lab::{Command, Goal, Header, HeaderError, InitialState, Lab, Link, Path, Pick};
use hustings_raft::{
    LogIndex, MessageKind, Millis, MillisRange, NodeId, NodeSet, Options, Term, Timer,
};

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn link(from: u8, to: u8) -> Link {
    Link {
        from: id(from),
        to: id(to),
    }
}

fn both(from: u8, to: u8) -> Path {
    Path {
        link: link(from, to),
        both_ways: true,
    }
}

#[test]
fn a_refused_command_says_why_and_changes_nothing() {
    let long: std::sync::Arc<str> = "x".repeat(Lab::TEXT_CHARS_MAX + 1).into();
    let pair = |a, b| [id(a), id(b)].into_iter().collect::<NodeSet>();
    let cases = [
        (
            Command::Crash(id(7)),
            "there is no S7 in this cluster of S1 S2 S3",
        ),
        (Command::Restart(id(1)), "S1 is running; crash it first"),
        (Command::Crash(id(3)), "S3 is down; restart it first"),
        (
            Command::Timeout {
                server: id(3),
                timer: None,
            },
            "S3 is down; restart it first",
        ),
        (
            Command::Timeout {
                server: id(1),
                timer: Some(Timer::Heartbeat),
            },
            "the heartbeat timer of S1 is not running: it is candidate",
        ),
        (
            Command::Deliver(Pick::oldest(link(2, 1))),
            "no message S2->S1 is in flight; these are: S1->S2 RequestVote, S1->S3 RequestVote",
        ),
        (
            Command::Drop(Pick {
                kind: Some(MessageKind::AppendEntries),
                ..Pick::oldest(link(1, 3))
            }),
            "no message S1->S3 AppendEntries is in flight; these are: S1->S3 RequestVote, S1->S2 RequestVote",
        ),
        (
            Command::Duplicate(Pick::oldest(link(1, 9))),
            "there is no S9 in this cluster of S1 S2 S3",
        ),
        (Command::Cut(both(2, 2)), "S2 has no link to itself"),
        (
            Command::Mend(both(2, 8)),
            "there is no S8 in this cluster of S1 S2 S3",
        ),
        (
            Command::Partition(vec![pair(1, 2), pair(2, 3)]),
            "S2 stands in two groups of the partition",
        ),
        (
            Command::Partition(vec![NodeSet::first(3)]),
            "a partition needs at least two groups; cut or isolate instead, or heal",
        ),
        (
            Command::Isolate(id(9)),
            "there is no S9 in this cluster of S1 S2 S3",
        ),
        (
            Command::Propose {
                server: id(3),
                command: "x=1".into(),
            },
            "S3 is down; restart it first",
        ),
        (
            Command::Propose {
                server: id(1),
                command: long.clone(),
            },
            "the text has more than 1000 characters",
        ),
        (
            Command::Note(long),
            "the text has more than 1000 characters",
        ),
        (
            Command::Run(Millis(u64::MAX)),
            "18446744073709551615ms is too long; at most 3600000ms at once",
        ),
        (
            Command::Run(Lab::DURATION_MAX),
            "a run has at most 200000 records, and this would be more; let less time pass, or start a new run",
        ),
        (
            Command::RunUntil {
                goal: Goal::Role {
                    server: id(5),
                    role: hustings_raft::RoleName::Leader,
                },
                within: Millis(10),
            },
            "there is no S5 in this cluster of S1 S2 S3",
        ),
    ];
    let mut lab = Lab::new(Header {
        cluster: 3,
        ..Header::default()
    })
    .expect("a valid header");
    lab.apply(Command::Timeout {
        server: id(1),
        timer: None,
    })
    .expect("valid");
    lab.apply(Command::Crash(id(3))).expect("valid");
    let before = format!("{lab:?}");
    for (command, error) in cases {
        let refusal = lab.apply(command.clone()).expect_err("a refusal");
        assert_eq!(refusal.to_string(), error, "{command:?}");
        assert!(format!("{lab:?}") == before, "{command:?} left a trace");
    }
}

#[test]
fn nothing_can_be_stepped_to_when_all_servers_are_down() {
    let mut lab = Lab::new(Header {
        cluster: 1,
        ..Header::default()
    })
    .expect("a valid header");
    lab.apply(Command::Crash(id(1))).expect("valid");
    let refusal = lab.apply(Command::Step).expect_err("a refusal");
    assert!(
        refusal
            .to_string()
            .starts_with("nothing is going to happen")
    );
}

#[test]
fn a_header_that_contradicts_itself_is_refused() {
    let with = |change: fn(&mut Header)| {
        let mut header = Header::default();
        change(&mut header);
        Lab::new(header)
            .map(|_| ())
            .expect_err("a refusal")
            .to_string()
    };
    let state = |state: InitialState| {
        let initial = [(id(2), state)].into_iter().collect();
        Lab::new(Header {
            initial,
            ..Header::default()
        })
        .map(|_| ())
    };
    assert_eq!(
        with(|h| h.cluster = 0),
        "a cluster has 1 to 9 servers, not 0"
    );
    assert_eq!(
        with(|h| h.cluster = 10),
        "a cluster has 1 to 9 servers, not 10"
    );
    assert_eq!(
        with(|h| h.latency = MillisRange::new(20, 10)),
        "the range 20..10ms of latency ends before it begins"
    );
    assert_eq!(
        with(|h| h.raft = Options {
            heartbeat: Millis(0),
            ..h.raft
        }),
        "heartbeat must be from 1ms to 600000ms"
    );
    assert_eq!(
        state(InitialState {
            log: vec![Term(2), Term(1)],
            ..InitialState::default()
        }),
        Err(HeaderError::LogTerms { id: id(2) })
    );
    assert_eq!(
        state(InitialState {
            log: vec![Term(2)],
            term: Some(Term(1)),
            ..InitialState::default()
        }),
        Err(HeaderError::TermBelowLog { id: id(2) })
    );
    assert_eq!(
        state(InitialState {
            commit: LogIndex(1),
            ..InitialState::default()
        }),
        Err(HeaderError::CommitBeyondLog { id: id(2) })
    );
    assert_eq!(
        state(InitialState {
            voted_for: Some(id(8)),
            ..InitialState::default()
        }),
        Err(HeaderError::UnknownServer {
            id: id(8),
            servers: NodeSet::first(5)
        })
    );
}
