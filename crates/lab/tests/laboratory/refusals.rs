//! Refused commands: each names a reason and changes nothing.

use hustings_lab::{
    Command, Condition, Header, HeaderError, InitialState, Link, MessageFilter, MessageSelector,
    Path, Run,
};
use hustings_raft::{
    Entry, LogIndex, Message, MessageKind, Millis, MillisRange, NodeId, NodeSet, Options, Payload,
    Position, Term, Timer,
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
    let long: std::sync::Arc<str> = "x".repeat(Command::TEXT_CHARS_MAX + 1).into();
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
            "the heartbeat timer of S1 is not running: S1 is candidate",
        ),
        (
            Command::Deliver(MessageSelector::oldest(link(2, 1))),
            "no message S2->S1 is in flight; these are: S1->S2 RequestVote, S1->S3 RequestVote",
        ),
        (
            Command::Drop(MessageSelector {
                kind: Some(MessageKind::AppendEntries),
                ..MessageSelector::oldest(link(1, 3))
            }),
            "no message S1->S3 AppendEntries is in flight; these are: S1->S3 RequestVote, S1->S2 RequestVote",
        ),
        (
            Command::Duplicate(MessageSelector::oldest(link(1, 9))),
            "there is no S9 in this cluster of S1 S2 S3",
        ),
        (Command::Cut(both(2, 2)), "S2 has no link to itself"),
        (
            Command::Mend(both(2, 8)),
            "there is no S8 in this cluster of S1 S2 S3",
        ),
        (
            Command::Partition(vec![pair(1, 2), pair(2, 3)]),
            "S2 is in two groups of the partition",
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
            Command::Run(Command::DURATION_MAX),
            "a run has at most 200000 records, and this would be more; let less time pass, or start a new run",
        ),
        (
            Command::RunUntil {
                goal: Box::new(Condition::Role {
                    server: id(5),
                    role: hustings_raft::RoleName::Leader,
                }),
                within: Millis(10),
            },
            "there is no S5 in this cluster of S1 S2 S3",
        ),
    ];
    let mut lab = Run::new(Header {
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
fn step_is_refused_when_all_servers_are_down() {
    let mut lab = Run::new(Header {
        cluster: 1,
        ..Header::default()
    })
    .expect("a valid header");
    lab.apply(Command::Crash(id(1))).expect("valid");
    let refusal = lab.apply(Command::Step).expect_err("a refusal");
    assert_eq!(
        refusal.to_string(),
        "nothing is going to happen: no timer runs, no message is in flight and no write is under way"
    );
}

#[test]
fn a_refused_step_names_paused_servers_and_held_messages() {
    let mut lab = lab(Header {
        cluster: 3,
        ..Header::default()
    });
    lab.apply(timeout(1)).expect("a timer");
    let vote = MessageSelector::oldest(link(1, 3));
    for command in [
        Command::Hold(vote),
        Command::Crash(id(3)),
        Command::Pause(id(1)),
        Command::Pause(id(2)),
    ] {
        lab.apply(command).expect("can be done");
    }
    let refusal = lab.apply(Command::Step).expect_err("a refusal");
    assert_eq!(
        refusal.to_string(),
        "nothing is going to happen: paused: S1 S2; resume what is to go on; \
         held: S1->S3 RequestVote; release what is to go on"
    );
}

#[test]
fn a_header_that_contradicts_itself_is_refused() {
    let with = |change: fn(&mut Header)| {
        let mut header = Header::default();
        change(&mut header);
        Run::new(header)
            .map(|_| ())
            .expect_err("a refusal")
            .to_string()
    };
    let state = |state: InitialState| {
        let initial = Box::new([(id(2), state)].into_iter().collect());
        Run::new(Header {
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

fn lab(header: Header) -> Run {
    Run::new(header).expect("a valid header")
}

fn timeout(server: u8) -> Command {
    Command::Timeout {
        server: id(server),
        timer: None,
    }
}

/// A leader that sends without pause, with replies that take long.
fn flood(latency: u64) -> Run {
    let slow = MillisRange::exactly(latency);
    let mut lab = lab(Header {
        cluster: 9,
        raft: Options {
            heartbeat: Millis(1),
            election_timeout: MillisRange::exactly(600_000),
            ..Options::default()
        },
        latency: slow,
        ..Header::default()
    });
    lab.apply(timeout(1)).expect("a timer");
    lab.apply(Command::DeliverAll).expect("votes");
    lab
}

#[test]
fn the_number_of_messages_in_flight_is_limited() {
    let mut lab = flood(600_000);
    let refusal = lab.apply(Command::Run(Millis(30_000))).expect_err("full");
    assert_eq!(
        refusal.to_string(),
        "at most 10000 messages can be in flight, and this would be more; \
         drop some, or deliver what waits"
    );
    assert_eq!(lab.now(), Millis(0), "nothing has changed");
    while lab.apply(Command::Run(Millis(1))).is_ok() {}
    let oldest = MessageSelector::oldest(link(1, 2));
    while lab.apply(Command::Duplicate(oldest)).is_ok() {}
    assert_eq!(lab.in_flight().count(), Run::IN_FLIGHT_MAX);
    for command in [timeout(1), Command::Run(Millis(10))] {
        assert_eq!(lab.apply(command), Err(refusal.clone()));
    }
    lab.apply(Command::Deliver(oldest)).expect("it is answered");
    lab.apply(Command::DropAll(MessageFilter::From(id(1))))
        .expect("they go");
    lab.apply(Command::Run(Millis(1))).expect("room");
}

#[test]
fn a_full_network_can_be_drained_by_deliver() {
    let mut lab = flood(600_000);
    while lab.apply(Command::Run(Millis(1))).is_ok() {}
    lab.apply(Command::DeliverAll).expect("they arrive");
    assert_eq!(lab.in_flight().count(), 0);
}

/// Each lost message adds a record.
#[test]
fn the_number_of_records_is_limited() {
    let mut lab = flood(400);
    lab.apply(Command::Run(Millis(11_000))).expect("room");
    let room = |lab: &Run| Run::RECORDS_MAX - lab.records().len();
    while room(&lab) > lab.in_flight().count() {
        lab.apply(Command::Run(Millis(20))).expect("room");
    }
    for command in [Command::DropAll(MessageFilter::All), Command::DeliverAll] {
        let before = lab.records().len();
        let refusal = lab.apply(command).expect_err("no room");
        assert!(refusal.to_string().starts_with("a run has at most 200000"));
        assert_eq!(lab.records().len(), before);
    }
}

#[test]
fn the_number_of_entries_of_a_forged_message_is_limited() {
    let mut lab = lab(Header::default());
    let forged = |count| Command::Send {
        link: link(1, 2),
        message: Message::AppendEntries {
            term: Term(1),
            prev: Position::START,
            entries: vec![entry(); count].into(),
            commit: LogIndex::ZERO,
        },
    };
    lab.apply(forged(Run::FORGED_ENTRIES_MAX)).expect("short");
    let refusal = lab.apply(forged(Run::FORGED_ENTRIES_MAX + 1));
    assert_eq!(
        refusal.expect_err("long").to_string(),
        "a forged message has at most 100 entries"
    );
}

fn entry() -> Entry {
    Entry {
        term: Term(1),
        payload: Payload::Noop,
    }
}
