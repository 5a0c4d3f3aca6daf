//! Recordings of servers that are not here.

use super::*;
use hustings::session::{Other, WhatIf, script_of};

/// A run of three servers in Python: S1 is elected and crashes, and S2 follows.
const RECORDING: &str = include_str!("recording.ndjson");

fn opened() -> Rc<Session> {
    after([Action::Open(
        LoadedRun::of_recording(&RECORDING.into()).expect("a recording"),
    )])
}

/// What is refused, if the session is as it was otherwise.
fn refused(session: &Rc<Session>, action: Action) -> Option<String> {
    let next = then(Rc::clone(session), action);
    let is_same = next.run_view() == session.run_view() && next.beside().is_none();
    match next.notice() {
        Some(Notice::Refused(told)) if is_same => Some(told.to_string()),
        _ => None,
    }
}

#[test]
fn a_recording_opens_at_its_start_and_can_be_gone_through() {
    let session = opened();
    assert!(session.is_recording());
    assert!(session.is_in_past());
    assert!(
        info(&session).starts_with("A recording: "),
        "{}",
        info(&session)
    );
    let session = then(session, Action::Rewind);
    let session = then(session, Action::Next(Landmark::Election));
    let session = then(session, Action::GoTo(99.0));
    assert_eq!(session.leader(), Some(id(1)));
    let session = then(session, Action::ToEnd);
    assert!(
        session
            .run()
            .server(id(1))
            .is_some_and(|it| it.role().is_none())
    );
    let records = session.run().records().iter();
    let why = records.filter(|(_, record)| !record.reasons.is_empty());
    assert!(why.count() > 10);
    let session = then(session, Action::StepBack);
    let session = then(session, Action::Step);
    assert!(!session.is_in_past());
}

#[test]
fn nothing_happens_in_a_recording_that_is_not_in_it() {
    let start = opened();
    let end = then(Rc::clone(&start), Action::ToEnd);
    let (source, from) = ("x".into(), hustings::session::RunFrom::Start);
    let server = id(2);
    let actions = [
        Action::Do(Command::Crash(id(2))),
        Action::Do(command("run 1s")),
        Action::DoAll(vec![Command::Crash(id(2)), Command::Crash(id(3))]),
        Action::Request(id(2)),
        Action::Caption("mine".into()),
        Action::PutBeside(Other::WhatIf(WhatIf::LongTimeouts)),
        Action::PutBeside(Other::WhatIf(WhatIf::OtherSeed)),
        Action::TryProgram {
            server,
            source,
            from,
        },
    ];
    for action in actions {
        for session in [&start, &end] {
            let told = refused(session, action.clone());
            let told = told.unwrap_or_else(|| panic!("{action:?} is not refused"));
            assert!(told.starts_with("This is a recording: "), "{told}");
        }
    }
    let told = refused(&start, Action::ToggleCode).expect("there is no code");
    assert!(told.starts_with("A recording has no lines "), "{told}");
}

#[test]
fn time_ends_where_the_recording_ends() {
    let mut session = then(opened(), Action::ToEnd);
    let (records, end) = (session.run().records().len(), session.run().now());
    for action in [
        Action::Step,
        Action::TogglePlay,
        Action::Next(Landmark::Election),
    ] {
        session = then(session, action);
        assert!(!session.is_playing());
        assert_eq!(session.run().records().len(), records);
        assert_eq!(session.run().now(), end);
    }
    let mut session = after([
        Action::Open(LoadedRun::of_recording(&RECORDING.into()).expect("a recording")),
        real_time(),
    ]);
    for _ in 0..100 {
        session = then(session, Action::TogglePlay);
        for _ in 0..1000 {
            session = then(session, Action::Tick(16.0));
        }
    }
    assert_eq!(session.run().records().len(), records);
    assert!(!session.is_playing());
    assert!(
        info(&session).starts_with("The recording ends here"),
        "{}",
        info(&session)
    );
}

#[test]
fn its_commands_are_played_on_the_core_beside_it() {
    let session = then(opened(), Action::ToEnd);
    assert_eq!(WhatIf::offers(session.run().header()), [WhatIf::Raft]);
    let session = then(session, Action::PutBeside(Other::WhatIf(WhatIf::Raft)));
    let beside = session.beside().expect("Raft's core");
    assert_eq!(beside.skipped(), None);
    assert!(!beside.run().header().is_recording());
    assert_eq!(beside.run().now(), session.run().now());
    // The server in Python does what Raft does, its empty entries included.
    let session = then(session, Action::GoToParting);
    assert!(session.parted().is_none());
    assert!(session.notice().is_some());
    let session = then(session, Action::TakeBeside);
    assert!(!session.is_recording());
    let session = then(session, Action::Do(Command::Crash(id(2))));
    let is_refused = matches!(session.notice(), Some(Notice::Refused(_)));
    assert!(!is_refused, "{:?}", session.notice());
}

#[test]
fn its_script_names_no_servers_and_plays_on_the_core() {
    let session = then(opened(), Action::ToEnd);
    let saved = script_of(session.run()).expect("a short one");
    assert!(!saved.contains("server.py"), "{saved}");
    let script = session.script().text;
    assert!(script.contains("# as if it had not heard"), "{script}");
    let read = Script::parse(&script).expect("a script");
    let edited = LoadedRun::at_end(read, Source::Editor(script));
    let session = then(session, Action::Open(edited));
    assert!(!session.is_recording());
    assert!(info(&session).contains("those of the recording are not here"));
    // The recording is kept.
    let session = then(session, Action::Undo);
    assert!(session.is_recording());
}

#[test]
fn starting_over_is_on_the_core() {
    let session = opened();
    let header = session.run().header().clone();
    let session = then(session, Action::Begin(header));
    assert!(!session.is_recording());
    assert!(info(&session).contains("those of the recording are not here"));
}

#[test]
fn a_reload_keeps_a_recording_or_says_that_it_is_gone() {
    let session = then(opened(), Action::GoTo(50.0));
    let visit = |bytes_max: usize| {
        let stored = session.stored(bytes_max).to_string();
        let visit = Rc::new(StoredVisit::read(&stored));
        then(Rc::default(), Action::Restore(visit))
    };
    let kept = visit(StoredVisit::BYTES_MAX);
    assert!(kept.is_recording());
    assert_eq!(kept.run().records().len(), session.run().records().len());
    assert_eq!(
        kept.run_view().tip().records().len(),
        session.run_view().tip().records().len()
    );
    assert_eq!(
        kept.recording().map(|it| it.trim_end()),
        Some(RECORDING.trim_end())
    );
    let gone = visit(1_000);
    assert!(!gone.is_recording());
    assert!(info(&gone).starts_with("The recording of your last visit was too long"));
    assert!(gone.may_be_stored());
}

#[test]
fn a_recording_that_does_not_fit_is_not_shown() {
    let other = RECORDING.replace("\\\"vote_granted\\\":true", "");
    let other = other.replacen("\"vote_granted\":true}", "\"vote_granted\":false}", 1);
    let opened = LoadedRun::of_recording(&other.into()).expect("each line is sound");
    let session = after([Action::Open(opened)]);
    assert!(!session.is_recording());
    let Some(Notice::Refused(told)) = session.notice() else {
        panic!("{:?}", session.notice());
    };
    assert!(told.contains("was changed: line "), "{told}");
    let short: String = RECORDING.split_inclusive('\n').take(9).collect();
    let told = LoadedRun::of_recording(&short.as_str().into()).expect_err("it is not whole");
    assert!(
        told.starts_with("it ends at line 9 with 8 of its 28 turns"),
        "{told}"
    );
}
