//! The page's state: what the user and the scheduler can do to a run.

mod code;
mod commands;
mod finding;
mod history;
mod lessons;
mod playing;
mod recordings;
mod sampling;
mod script;
mod search;
mod stops;
mod stored;
mod story;
mod work;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use hustings::gallery::{self, Scenario};
use hustings::session::{
    Action, Breakpoint, Breakpoints, Direction, KeptRuns, Landmark, LoadedRun, Notice, Onboarding,
    RunView, Selection, Session, Source, Speed, StoredVisit, provoke,
};
use hustings_lab::script::{Line, Step};
use hustings_lab::{Command, Header, Item, RecordId, Script, Told};
use hustings_raft::{Millis, NodeId, NodeSet, RoleName};
use yew::Reducible;

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    actions.into_iter().fold(Rc::default(), then)
}

/// The session after an action, with all that it brings about.
fn then(session: Rc<Session>, action: Action) -> Rc<Session> {
    let mut session = session.reduce(action);
    work_out(&mut session);
    session
}

/// Does what is left to do; returns in how many parts.
fn work_out(session: &mut Rc<Session>) -> usize {
    let mut parts = 0;
    while session.is_busy() {
        *session = session.clone().reduce(Action::WorkOn);
        parts += 1;
    }
    parts
}

fn real_time() -> Action {
    Action::SetSpeed(Speed::from_index(9))
}

fn timeout(number: u8) -> Action {
    Action::Do(Command::Timeout {
        server: id(number),
        timer: None,
    })
}

/// The run of a script, playing from its start.
fn playing(script: &str) -> Rc<Session> {
    after([
        Action::Open(loaded(script)),
        real_time(),
        Action::TogglePlay,
    ])
}

fn command(line: &str) -> Command {
    let script = Script::parse(line).expect("a line");
    match &*script.steps {
        [
            Step {
                line: Line::Command(command),
                ..
            },
        ] => command.clone(),
        _ => panic!("{line} is no command"),
    }
}

fn loaded(script: &str) -> LoadedRun {
    LoadedRun::as_tour(Script::parse(script).expect("a script"), Source::Page)
}

const LESSON: &str = "title \"Two\"\ntimeout S2\ndeliver all\nnote \"One\"\ntimeout S1\n\
    deliver all\nnote \"Two\"\ncrash S1\nwait 30ms";

/// The number of the caption, whether its part is over, and whether the lesson is.
fn place(session: &Session) -> (usize, bool, bool) {
    let lesson = session.lesson().expect("a lesson");
    assert_eq!(lesson.count, 2);
    (lesson.number, lesson.is_part_over, lesson.is_over)
}

fn next_caption() -> Action {
    Action::Next(Landmark::Note)
}

fn previous_caption() -> Action {
    Action::Previous(Landmark::Note)
}

/// Plays until the session pauses; returns how long that takes, in milliseconds.
fn play_out(session: &mut Rc<Session>) -> f64 {
    let mut ticks = 0;
    while session.is_playing() {
        *session = session.clone().reduce(Action::Tick(16.0));
        ticks += 1;
        assert!(ticks < 10_000, "never pauses");
    }
    f64::from(ticks) * 16.0
}

/// The session of somebody who wants less motion, after some actions.
fn calm(actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    let new = Rc::new(Session::new(true));
    actions.into_iter().fold(new, then)
}

fn auto() -> Action {
    Action::SetSpeed(Speed::Auto)
}

/// How long it takes until something is so, in milliseconds.
fn length_until(session: &mut Rc<Session>, holds: impl Fn(&Session) -> bool) -> f64 {
    let mut ticks = 0;
    while !holds(session) {
        *session = session.clone().reduce(Action::Tick(16.0));
        ticks += 1;
        assert!(ticks < 10_000, "never so");
    }
    f64::from(ticks) * 16.0
}

/// A paused run at a time between two of its records.
fn between_two_records() -> Rc<Session> {
    let mut session = playing("cluster 3\nrun until leader\nrun 500ms").reduce(Action::Rewind);
    session = session.reduce(Action::TogglePlay);
    while session.run().records().len() < 8 {
        session = session.reduce(Action::Tick(1.0));
    }
    session = session.reduce(Action::Tick(2.0)).reduce(Action::TogglePlay);
    assert!(session.clock() > session.run().now().0 as f64);
    assert!(session.is_in_past() && !session.is_playing());
    session
}

fn info(session: &Session) -> &str {
    match session.notice() {
        Some(Notice::Info(told)) => told,
        other => panic!("{other:?}"),
    }
}

fn header_of(servers: u8) -> Header {
    Header {
        cluster: servers,
        ..Header::default()
    }
}

/// A run of five servers with two branches, at the end of the second.
fn two_branches() -> Rc<Session> {
    after([timeout(1), Action::Step, Action::StepBack, timeout(2)])
}

fn lines(session: &Session) -> Vec<String> {
    let commands = session.run().commands().iter();
    commands.map(Command::to_string).collect()
}

/// A run of a minute with S5 cut off, then back; paused at its end.
fn after_a_return() -> Rc<Session> {
    let line = |line: &str| {
        let parsed = Line::parse(line, NodeSet::first(5)).expect("a line");
        match parsed {
            Some(Line::Command(command)) => Action::Do(command),
            _ => panic!("{line}"),
        }
    };
    let lines = [
        "timeout S1",
        "run 60ms",
        "isolate S5",
        "propose S1 \"x\"",
        "run 60s",
        "heal",
        "run 1s",
    ];
    after(lines.map(line)).reduce(Action::ToEnd)
}

/// The search, once everything was looked at.
fn searched(session: Rc<Session>, text: &str) -> Rc<Session> {
    let mut session = session.reduce(Action::Search(text.into()));
    while session.is_searching() {
        session = session.reduce(Action::SearchOn);
    }
    session
}
