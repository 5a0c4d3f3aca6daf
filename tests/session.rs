//! The page's state: what the user and the scheduler can do to a run.

use std::rc::Rc;

use hustings::session::{Action, Selection, Session, Speed};
use hustings_lab::{Command, Header};
use hustings_raft::{Millis, NodeId};
use yew::Reducible;

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    actions
        .into_iter()
        .fold(Rc::new(Session::default()), Session::reduce)
}

fn real_time() -> Action {
    Action::SetSpeed(Speed::at(9))
}

#[test]
fn a_tick_lets_time_pass_at_the_chosen_speed() {
    assert_eq!(after([Action::Tick(50.0)]).clock(), 5.0);
    assert_eq!(after([real_time(), Action::Tick(50.0)]).clock(), 50.0);
}

#[test]
fn speeds_go_from_a_thousandth_to_a_hundred() {
    let factors: Vec<_> = (0..=Speed::LAST)
        .map(|place| Speed::at(place).factor())
        .collect();
    assert!(factors.is_sorted());
    assert_eq!((factors[0], factors[Speed::LAST]), (0.001, 100.0));
    assert_eq!(Speed::at(usize::MAX), Speed::at(Speed::LAST));
}

#[test]
fn the_run_does_not_depend_on_how_the_frames_fall() {
    let frames = |length: f64, count| {
        let ticks = (0..count).map(|_| Action::Tick(length));
        after([real_time()].into_iter().chain(ticks))
    };
    let (smooth, rough) = (frames(16.0, 250), frames(80.0, 50));
    assert_eq!(smooth.clock(), rough.clock());
    assert_eq!(smooth.lab().records().len(), rough.lab().records().len());
    assert!(smooth.leader().is_some());
}

#[test]
fn what_the_user_does_happens_at_the_time_on_the_clock() {
    let crash = Command::Crash(id(1));
    let session = after([real_time(), Action::Tick(37.5), Action::Do(crash.clone())]);
    assert_eq!(*session.lab().commands(), [Command::Run(Millis(37)), crash]);
}

#[test]
fn a_refused_command_says_why_and_leaves_the_run_alone() {
    let restart = || Action::Do(Command::Restart(id(1)));
    let session = after([restart()]);
    assert_eq!(
        session.notice().map(|it| &**it),
        Some("S1 is running; crash it first")
    );
    assert!(session.lab().commands().is_empty());
    assert!(session.reduce(Action::Dismiss).notice().is_none());
}

#[test]
fn a_notice_stays_while_time_passes_and_goes_with_the_next_action() {
    let restart = || Action::Do(Command::Restart(id(1)));
    assert!(after([restart(), Action::Tick(16.0)]).notice().is_some());
    assert!(after([restart(), Action::TogglePlay]).notice().is_none());
}

#[test]
fn a_step_stops_time_and_goes_to_the_next_event() {
    let session = after([Action::Step]);
    assert!(!session.is_playing());
    let last = session.lab().records().last().map(|record| record.at);
    assert_eq!(last, Some(session.lab().now()));
    assert_eq!(session.clock(), session.lab().now().0 as f64);
}

#[test]
fn a_new_run_starts_at_zero_with_nothing_selected() {
    let select = Action::Select(Selection::Server(id(2)));
    let header = Header {
        cluster: 3,
        ..Header::default()
    };
    let session = after([
        real_time(),
        Action::Tick(99.0),
        select,
        Action::Begin(header),
    ]);
    assert_eq!(
        (session.clock(), session.selected()),
        (0.0, Selection::Nothing)
    );
    assert_eq!(session.lab().ids().len(), 3);
}

#[test]
fn an_impossible_run_is_refused_and_the_old_one_goes_on() {
    let header = Header {
        cluster: 12,
        ..Header::default()
    };
    let session = after([Action::Begin(header)]);
    assert!(session.notice().is_some());
    assert_eq!(session.lab().ids().len(), 5);
}

#[test]
fn requests_are_numbered_so_that_their_entries_can_be_told_apart() {
    let session = after([Action::Request(id(1)), Action::Request(id(1))]);
    let asked: Vec<_> = session
        .lab()
        .commands()
        .iter()
        .filter_map(|command| match command {
            Command::Propose { command, .. } => Some(command.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["x=1", "x=2"]);
}
