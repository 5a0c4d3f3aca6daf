//! The page's state: what the user and the scheduler can do to a run.

use std::collections::BTreeSet;
use std::rc::Rc;

use hustings::gallery::{self, Scenario};
use hustings::session::{
    Action, Breakpoint, Breakpoints, Direction, KeptRuns, Landmark, LoadedRun, Notice, Onboarding,
    RunView, Selection, Session, Speed, provoke,
};
use hustings_lab::script::{Line, Step};
use hustings_lab::{Command, Header, Item, RecordId, Script, Told};
use hustings_raft::{Millis, NodeId, NodeSet, RoleName};
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
    Action::SetSpeed(Speed::from_index(9))
}

#[test]
fn a_tick_advances_time_at_the_selected_speed() {
    assert_eq!(after([Action::Tick(50.0)]).clock(), 5.0);
    assert_eq!(after([real_time(), Action::Tick(50.0)]).clock(), 50.0);
}

#[test]
fn speeds_range_from_a_thousandth_to_a_hundred() {
    let factors: Vec<_> = (0..=Speed::LAST)
        .map(|place| Speed::from_index(place).factor())
        .collect();
    assert!(factors.is_sorted());
    assert_eq!((factors[0], factors[Speed::LAST]), (0.001, 100.0));
    assert_eq!(
        Speed::from_index(usize::MAX),
        Speed::from_index(Speed::LAST)
    );
}

#[test]
fn the_run_does_not_depend_on_the_frame_rate() {
    let frames = |length: f64, count| {
        let ticks = (0..count).map(|_| Action::Tick(length));
        after([real_time()].into_iter().chain(ticks))
    };
    let (smooth, rough) = (frames(16.0, 250), frames(80.0, 50));
    assert_eq!(smooth.clock(), rough.clock());
    assert_eq!(smooth.run().records().len(), rough.run().records().len());
    assert!(smooth.leader().is_some());
}

#[test]
fn commands_are_executed_at_the_time_on_the_clock() {
    let crash = Command::Crash(id(1));
    let session = after([real_time(), Action::Tick(37.5), Action::Do(crash.clone())]);
    assert_eq!(*session.run().commands(), [Command::Run(Millis(37)), crash]);
}

#[test]
fn a_refused_command_shows_the_reason_and_changes_nothing() {
    let restart = || Action::Do(Command::Restart(id(1)));
    let session = after([restart()]);
    let refused = Notice::Refused("S1 is running; crash it first".into());
    assert_eq!(session.notice(), Some(&refused));
    assert!(session.run().commands().is_empty());
    assert!(session.reduce(Action::Dismiss).notice().is_none());
}

#[test]
fn a_notice_stays_until_the_next_action_of_the_user() {
    let restart = || Action::Do(Command::Restart(id(1)));
    assert!(after([restart(), Action::Tick(16.0)]).notice().is_some());
    assert!(after([restart(), Action::TogglePlay]).notice().is_none());
}

#[test]
fn a_step_pauses_and_goes_to_the_next_event() {
    let session = after([Action::Step]);
    assert!(!session.is_playing());
    let last = session.run().records().last().map(|record| record.at);
    assert_eq!(last, Some(session.run().now()));
    assert_eq!(session.clock(), session.run().now().0 as f64);
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
    assert_eq!(session.run().ids().len(), 3);
}

#[test]
fn an_invalid_header_is_refused_and_the_run_stays() {
    let header = Header {
        cluster: 12,
        ..Header::default()
    };
    let session = after([Action::Begin(header)]);
    assert!(session.notice().is_some());
    assert_eq!(session.run().ids().len(), 5);
}

#[test]
fn requests_are_numbered() {
    let session = after([Action::Request(id(1)), Action::Request(id(1))]);
    let asked: Vec<_> = session
        .run()
        .commands()
        .iter()
        .filter_map(|command| match command {
            Command::Propose { command, .. } => Some(command.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["x=1", "x=2"]);
}

fn timeout(number: u8) -> Action {
    Action::Do(Command::Timeout {
        server: id(number),
        timer: None,
    })
}

#[test]
fn stepping_back_and_forward_returns_to_the_same_state() {
    let session = after([timeout(1), Action::Step, Action::Step, Action::Step]);
    let records = session.run().records().len();
    let back = session.reduce(Action::StepBack).reduce(Action::StepBack);
    assert!(back.is_in_past() && !back.is_playing());
    assert_eq!(back.run().records().len(), records - 2);
    let on = back.reduce(Action::Step).reduce(Action::Step);
    assert!(!on.is_in_past());
    assert_eq!(on.run().records().len(), records);
}

#[test]
fn a_command_in_the_past_forks_a_branch() {
    let session = after([timeout(1), Action::Step, Action::Step, Action::StepBack]);
    let session = session.reduce(Action::Do(Command::Crash(id(2))));
    assert_eq!(session.branches().0.len(), 2);
    assert!(matches!(session.notice(), Some(Notice::Info(_))));
    let old = session.reduce(Action::Switch(0));
    assert!(old.run().server(id(2)).is_some_and(|server| server.is_up()));
    let new = old.reduce(Action::Switch(1));
    assert!(!new.run().server(id(2)).is_some_and(|server| server.is_up()));
    let named = new.reduce(Action::Rename(1, "S2 crashes".into()));
    assert_eq!(named.branches().0[1], "S2 crashes");
}

#[test]
fn any_branch_but_the_current_one_can_be_removed() {
    let both = after([timeout(1), Action::Step, Action::StepBack, timeout(2)]);
    assert_eq!(both.branches().0.len(), 2);
    let same = both.clone().reduce(Action::Remove(1));
    assert!(matches!(same.notice(), Some(Notice::Refused(_))));
    let one = both.clone().reduce(Action::Remove(0));
    assert_eq!(one.branches(), (vec!["branch 2".into()], 0));
    assert_eq!(one.run().commands(), both.run().commands());
    assert!(one.run_view() != both.run_view());
}

#[test]
fn replay_continues_past_the_end_of_the_branch() {
    let run = [
        real_time(),
        Action::Tick(100.0),
        Action::Tick(100.0),
        Action::Tick(100.0),
    ];
    let session = after(run);
    let records = session.run().records().len();
    let mut session = session.reduce(Action::Rewind).reduce(Action::TogglePlay);
    assert!(session.is_in_past());
    for _ in 0..60 {
        session = session.reduce(Action::Tick(20.0));
    }
    assert!(!session.is_in_past());
    assert!(session.run().records().len() > records);
    assert_eq!(session.branches().0.len(), 1);
}

#[test]
fn landmarks_are_found_before_and_after_the_position() {
    let session = after([Action::Next(Landmark::Election)]);
    let roles = |session: &Session| -> Vec<_> {
        session
            .run()
            .servers()
            .filter_map(|server| server.role())
            .collect()
    };
    assert!(roles(&session).contains(&RoleName::Candidate));
    let on = session.reduce(Action::Next(Landmark::Commit));
    assert!(on.run().servers().any(|server| server.commit().0 > 0));
    let back = on.reduce(Action::Previous(Landmark::Election));
    assert!(back.is_in_past());
    let none = back.reduce(Action::Next(Landmark::Note));
    assert!(matches!(none.notice(), Some(Notice::Info(_))));
}

#[test]
fn a_breakpoint_pauses_just_after_its_condition_holds() {
    let stop = Breakpoint::Role(id(2), RoleName::Candidate);
    let start = [real_time(), Action::AddBreakpoint(stop)];
    let mut session = after(start);
    for _ in 0..600 {
        session = session.reduce(Action::Tick(16.0));
    }
    assert!(!session.is_playing());
    let stopped = session.run().server(id(2)).and_then(|server| server.role());
    assert_eq!(stopped, Some(RoleName::Candidate));
    let last = session
        .run()
        .records()
        .last()
        .map(|record| record.event.server());
    assert_eq!(last, Some(Some(id(2))));
    // A condition that holds already does not stop the run again.
    let on = session.reduce(Action::TogglePlay).reduce(Action::Tick(5.0));
    assert!(on.is_playing());
}

/// The run of a script, playing from its start.
fn playing(script: &str) -> Rc<Session> {
    let outcome = Script::parse(script).expect("a script").run();
    let opened = LoadedRun::as_tour(&outcome.expect("a run").run);
    after([Action::Open(opened), real_time(), Action::TogglePlay])
}

const TWO_VOTES: &str = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ndeliver S1->S2\n\
    timeout S3\ndeliver S3->S2\nrun 100ms\ntimeout S1\ndeliver S1->S2\ntimeout S3\ndeliver S3->S2";

#[test]
fn every_violation_pauses_a_replay() {
    let mut session = playing(TWO_VOTES);
    let mut stops = Vec::new();
    for _ in 0..1_000 {
        session = session.reduce(Action::Tick(16.0));
        if !session.is_playing() {
            stops.push(session.run().violations().len());
            session = session.reduce(Action::TogglePlay);
        }
    }
    let all = session.run().violations();
    let marked = all.iter().map(|violation| violation.record);
    assert!(stops.len() > 1, "{stops:?}");
    assert_eq!(stops.len(), marked.collect::<BTreeSet<_>>().len());
}

#[test]
fn a_violation_by_a_command_pauses_the_run() {
    let header = "cluster 3\nbreak many-votes-per-term\nwait 1ms";
    let mut session = playing(header).reduce(Action::ToEnd);
    session = session.reduce(Action::TogglePlay);
    for line in ["timeout S1", "deliver S1->S2", "timeout S3"] {
        session = session.reduce(Action::Do(command(line)));
    }
    assert!(session.is_playing());
    let stopped = session.reduce(Action::Do(command("deliver S3->S2")));
    assert_eq!(stopped.run().violations().len(), 1);
    assert!(!stopped.is_playing());
    assert!(matches!(stopped.notice(), Some(Notice::Info(_))));
    let violated = stopped.run().violations()[0].record;
    assert_eq!(stopped.selected(), Selection::Record(violated));
    let on = stopped.reduce(Action::TogglePlay);
    assert_eq!(on.selected(), Selection::Nothing);
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

#[test]
fn a_typed_condition_becomes_a_breakpoint_or_an_error() {
    let servers = NodeSet::first(3);
    assert!(Breakpoint::parse("S4 is leader", servers).is_err());
    assert!(Breakpoint::parse("S9 is leader", NodeSet::first(9)).is_ok());
    let written = Breakpoint::parse("S3 is leader", servers).expect("a condition");
    assert_eq!(written.describe(), "S3 is leader");
    let wrong = Breakpoint::parse("S3 is king", servers).expect_err("no such role");
    assert!(wrong.contains("candidate"), "{wrong}");
    assert!(Breakpoint::parse("leader within 5s\ncrash S1", servers).is_err());
}

#[test]
fn the_number_of_breakpoints_is_limited() {
    let many = (1..40).map(|number| {
        let goal = format!("term {number}");
        Action::AddBreakpoint(Breakpoint::parse(&goal, NodeSet::first(5)).expect("a condition"))
    });
    let session = after(many);
    assert_eq!(session.breakpoints().iter().count(), Breakpoints::MAX);
    assert!(matches!(session.notice(), Some(Notice::Refused(_))));
}

#[test]
fn split_votes_and_clean_elections_can_be_triggered() {
    let session = after([]);
    let split = after([Action::DoAll(provoke::split_vote(session.run()))]);
    let standing = |session: &Session| {
        let role = Some(RoleName::Candidate);
        session
            .run()
            .servers()
            .filter(|server| server.role() == role)
            .count()
    };
    assert_eq!(standing(&split), 5);
    let lone = after([Action::DoAll(provoke::lone_candidate(session.run()))]);
    assert_eq!(standing(&lone), 1);
}

fn loaded(script: &str) -> LoadedRun {
    let outcome = Script::parse(script).expect("a script").run();
    LoadedRun::as_tour(&outcome.expect("a run").run)
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

#[test]
fn a_lesson_opens_with_its_first_caption_and_plays_its_part() {
    let mut session = after([Action::Open(loaded(LESSON))]);
    assert!(session.is_playing());
    assert_eq!(place(&session), (1, false, false));
    assert_eq!(&*session.lesson().expect("a lesson").text, "One");
    assert_eq!(session.run().server(id(1)).map(|it| it.term().0), Some(1));
    let length = play_out(&mut session);
    assert!((1_000.0..15_000.0).contains(&length), "{length}");
    assert_eq!(place(&session), (1, true, false));
    assert_eq!(session.leader(), Some(id(1)));
    let link = session.reduce(Action::Open(LoadedRun {
        from_start: false,
        ..loaded(LESSON)
    }));
    assert!(!link.is_in_past() && !link.is_playing());
}

#[test]
fn the_next_caption_plays_its_part_and_once_more_jumps_to_its_end() {
    let mut session = after([Action::Open(loaded(LESSON)), next_caption()]);
    assert_eq!(place(&session), (1, true, false));
    assert!(!session.is_playing());
    session = session.reduce(next_caption());
    assert_eq!(place(&session), (2, false, false));
    assert!(session.is_playing() && session.leader().is_some());
    play_out(&mut session);
    assert_eq!(place(&session), (2, true, true));
    assert!(session.leader().is_none() && !session.is_in_past());
    assert_eq!(session.clock(), session.run().now().0 as f64);
    let over = session.reduce(next_caption());
    assert!(info(&over).starts_with("The lesson is over."));
    assert_eq!(place(&over), (2, true, true));
}

#[test]
fn the_previous_caption_is_shown_with_the_result_of_its_part() {
    let skip = || [next_caption(), next_caption()];
    let lesson = Action::Open(loaded(LESSON));
    let end = after([lesson].into_iter().chain(skip()).chain([next_caption()]));
    assert_eq!(place(&end), (2, true, true));
    let one = end.reduce(previous_caption());
    assert_eq!(place(&one), (1, true, false));
    assert_eq!(one.leader(), Some(id(1)));
    let again = one.reduce(previous_caption());
    assert_eq!(place(&again), (1, false, false));
    let start = again.reduce(previous_caption());
    assert_eq!(place(&start), (0, false, false));
    assert_eq!(&*start.lesson().expect("a lesson").text, "Two");
    // From before the first caption, what comes before it is left out.
    assert_eq!(place(&start.reduce(next_caption())), (1, false, false));
}

#[test]
fn playing_a_lesson_pauses_at_the_end_of_each_part() {
    let mut session = after([Action::Open(loaded(LESSON))]);
    play_out(&mut session);
    session = session.reduce(Action::TogglePlay);
    assert_eq!(place(&session), (2, false, false));
    session = session.reduce(Action::TogglePlay);
    assert!(!session.is_playing() && place(&session) == (2, false, false));
    session = session.reduce(Action::TogglePlay);
    play_out(&mut session);
    assert_eq!(place(&session), (2, true, true));
    // Past its end it is a run like any other.
    session = session
        .reduce(Action::TogglePlay)
        .reduce(Action::Tick(90.0));
    assert!(session.is_playing() && session.branches().0.len() == 1);
}

/// The session of somebody who wants less motion, after some actions.
fn calm(actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    let new = Rc::new(Session::new(true));
    actions.into_iter().fold(new, Session::reduce)
}

#[test]
fn with_reduced_motion_nothing_plays_by_itself() {
    assert!(!calm([]).is_playing());
    assert!(!calm([Action::Begin(header_of(3))]).is_playing());
    let mut session = calm([Action::Open(loaded(LESSON))]);
    assert_eq!(place(&session), (1, true, false));
    session = session.reduce(Action::TogglePlay);
    assert!(!session.is_playing());
    assert_eq!(place(&session), (2, true, true));
    session = session.reduce(previous_caption());
    assert_eq!(place(&session), (1, true, false));
    assert!(!session.reduce(next_caption()).is_playing());
    assert!(calm([Action::TogglePlay]).is_playing());
}

#[test]
fn every_part_of_every_lesson_can_be_watched() {
    let mut lengths = Vec::new();
    for scenario in Scenario::all() {
        let run = gallery::play(scenario.group, scenario.name).expect("a run");
        let end = run.records().len();
        let mut session = after([Action::Open(LoadedRun::as_tour(&run))]);
        while let Some(lesson) = session.lesson() {
            let mut length = 0.0;
            while session.is_playing() {
                length += play_out(&mut session);
                // A violation pauses the run, too.
                let at = session.lesson().expect("a lesson");
                if !at.is_part_over {
                    session = session.reduce(Action::TogglePlay);
                }
            }
            lengths.push((length as u64, scenario.name, lesson.number));
            if lesson.number == lesson.count {
                break;
            }
            session = session.reduce(next_caption());
        }
        assert_eq!(session.run().records().len(), end, "{}", scenario.name);
    }
    lengths.sort_unstable();
    let longest = lengths.last().expect("a part");
    assert!(longest.0 < 30_000, "{longest:?}");
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

#[test]
fn the_speed_can_follow_what_happens() {
    let mut session = after([auto()]);
    let waiting = length_until(&mut session, |it| it.run().in_flight().count() > 0);
    let stood = session.run().now().0 as f64;
    // Faster than a tenth of real time; but the election is not passed over.
    assert!(waiting < stood * 10.0 * 0.8, "{waiting} {stood}");
    let voting = length_until(&mut session, |it| it.leader().is_some());
    let took = session.run().now().0 as f64 - stood;
    assert!(voting > took * 10.0 * 0.7, "{voting} {took}");
    // Heartbeats alone are quiet: ten seconds of them are soon over.
    let quiet = length_until(&mut session, |it| it.clock() > 10_000.0);
    assert!(quiet < 6_000.0, "{quiet}");
    // What the user does is followed at once.
    let asked = session
        .clone()
        .reduce(Action::Request(session.leader().expect("a leader")));
    let next = asked.clone().reduce(Action::Tick(16.0));
    assert!(next.clock() - asked.clock() < 2.0);
    assert_eq!(session.speed().name(), "auto");
}

#[test]
fn a_run_at_automatic_speed_is_the_same_run() {
    let (mut auto, mut fixed) = (after([auto()]), after([real_time()]));
    for session in [&mut auto, &mut fixed] {
        length_until(session, |it| it.clock() > 5_000.0);
    }
    let both = auto
        .run()
        .records()
        .iter()
        .zip(fixed.run().records().iter());
    let same = both.take_while(|(one, other)| one == other).count();
    let shorter = auto.run().records().len().min(fixed.run().records().len());
    assert!(shorter > 100);
    assert_eq!(same, shorter);
}

/// After the last event of a branch, time may have passed before its end.
#[test]
fn playing_on_from_the_last_event_begins_no_branch() {
    let run = after([Action::Do(command("run 237ms")), Action::TogglePlay]);
    let last = run.run().records().len() - 1;
    let mut session = run
        .reduce(Action::Visit(RecordId(last)))
        .reduce(Action::TogglePlay);
    for _ in 0..300 {
        session = session.reduce(Action::Tick(16.0));
    }
    assert!(session.run().now() > Millis(237));
    assert_eq!(session.branches().0.len(), 1);
}

#[test]
fn a_record_is_visited_and_selected() {
    let session = after([timeout(1), Action::Step, Action::Step]);
    let session = session.reduce(Action::Visit(RecordId(5)));
    assert_eq!(session.selected(), Selection::Record(RecordId(5)));
    assert_eq!(session.run().records().len(), 6);
    let refused = session.reduce(Action::Visit(RecordId(9_999)));
    assert!(matches!(refused.notice(), Some(Notice::Refused(_))));
}

#[test]
fn followed_suggestions_are_remembered() {
    let session = after([]);
    assert_eq!(session.tried(), Onboarding::default());
    let session = after([Action::Do(Command::Crash(id(1))), Action::Step]);
    let tried = session.tried();
    assert!(tried.crash && tried.step && !tried.partition);
}

#[test]
fn the_latest_item_stays_however_much_time_passes() {
    let minute = || Action::Do(Command::Run(Millis(60_000)));
    let early = after([minute()]).run_view();
    let late = after([minute(), minute()]).run_view();
    let is_quiet = |item: &Item| matches!(item.told, Told::Quiet(_));
    let others = |story: &RunView| {
        let told = story.items().filter(|item| !is_quiet(item));
        told.map(|item| item.first).collect::<Vec<_>>()
    };
    assert!(late.records().len() > early.records().len() + 4_000);
    assert!(!others(&early).is_empty());
    assert_eq!(others(&early), others(&late));
    assert!(late.items().take_while(is_quiet).count() < 20);
}

#[test]
fn the_items_change_with_new_records_and_with_undo() {
    let quiet = || Action::Do(Command::Run(Millis(1_000)));
    let crash = || Action::Do(Command::Crash(id(1)));
    let stop = || Action::TogglePlay;
    let before = after([quiet(), stop()]).run_view();
    let then = after([quiet(), crash(), stop()]).run_view();
    let back = after([quiet(), crash(), quiet(), Action::Undo, Action::Undo]).run_view();
    let again = after([quiet(), crash(), quiet(), Action::Rewind, Action::ToEnd]).run_view();
    assert!(!then.has_same_items(&before) && back.has_same_items(&before));
    let whole = after([quiet(), crash(), quiet(), stop()]).run_view();
    assert!(again.has_same_items(&whole));
    assert!(before.items().eq(back.items()) && whole.items().eq(again.items()));
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

#[test]
fn a_refused_command_in_the_past_forks_no_branch() {
    let before = between_two_records();
    for actions in [
        Action::Do(command("restart S1")),
        Action::DoAll(vec![command("crash S1"), command("crash S1")]),
        Action::Do(command("deliver S1->S2 nth=99")),
    ] {
        let after = before.clone().reduce(actions);
        assert!(matches!(after.notice(), Some(Notice::Refused(_))));
        assert_eq!(after.branches(), before.branches());
        assert!(after.is_in_past());
        assert_eq!(after.clock(), before.clock());
        assert!(after.run_view() == before.run_view());
    }
    let after = before.clone().reduce(Action::Do(command("crash S1")));
    assert_eq!(after.branches().0.len(), 2);
    assert_eq!(after.run().now(), Millis(before.clock() as u64));
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

#[test]
fn starting_over_and_opening_keep_the_run_before_which_undo_brings_back() {
    let before = two_branches();
    let lesson = Script::parse("cluster 3\ncrash S1")
        .expect("a script")
        .run();
    let lesson = LoadedRun::at_end(&lesson.expect("a run").run);
    for action in [
        Action::Begin(header_of(5)),
        Action::Begin(header_of(3)),
        Action::Open(lesson),
    ] {
        let new = before.clone().reduce(action).reduce(Action::Tick(50.0));
        assert_eq!(info(&new), "The run before is kept: U brings it back.");
        assert_eq!(new.kept().iter().count(), 1);
        let back = new.clone().reduce(Action::Undo);
        assert_eq!(back.branches(), before.branches());
        assert_eq!(back.clock(), before.clock());
        assert!(
            back.run()
                .records()
                .iter()
                .eq(before.run().records().iter())
        );
        assert!(!back.is_playing() && back.run_view() != before.run_view());
        let forward = back.reduce(Action::Redo);
        assert_eq!(forward.clock(), new.clock());
        assert_eq!(forward.run().ids(), new.run().ids());
    }
}

#[test]
fn undo_goes_to_the_run_before_when_nothing_is_left_to_undo() {
    let before = two_branches().reduce(Action::Begin(header_of(3)));
    let mut session = before.reduce(Action::Do(command("crash S1")));
    session = session.reduce(Action::Undo);
    assert_eq!(session.run().ids().len(), 3);
    session = session.reduce(Action::Undo);
    assert_eq!(session.run().ids().len(), 5);
    session = session.reduce(Action::Redo).reduce(Action::Redo);
    assert_eq!(lines(&session), ["crash S1"]);
    let nothing = after([Action::Undo]);
    assert_eq!(info(&nothing), "There is nothing to undo.");
}

#[test]
fn a_kept_run_is_chosen_from_the_list_and_the_others_stay() {
    let mut session = two_branches();
    for servers in [3, 4] {
        session = session
            .reduce(Action::Begin(header_of(servers)))
            .reduce(Action::Do(command("crash S1")));
    }
    let sizes = |session: &Session| -> Vec<_> {
        let kept = session.kept().iter();
        kept.map(|kept| kept.run().ids().len()).collect()
    };
    assert_eq!(sizes(&session), [5, 3]);
    let first = session.reduce(Action::BringBack(0));
    assert_eq!((first.run().ids().len(), sizes(&first)), (5, vec![3, 4]));
    assert_eq!(first.branches().0.len(), 2);
}

#[test]
fn a_run_in_which_only_time_has_passed_is_not_kept() {
    let session = after([real_time(), Action::Tick(90.0), Action::Begin(header_of(3))]);
    assert_eq!(session.kept().iter().count(), 0);
    assert!(session.notice().is_none());
}

#[test]
fn of_too_many_runs_those_go_that_were_only_opened() {
    let opened = Script::parse("crash S1").expect("a script").run();
    let opened = LoadedRun::at_end(&opened.expect("a run").run);
    let mut session = two_branches();
    for _ in 0..30 {
        session = session.reduce(Action::Open(opened.clone()));
    }
    assert_eq!(session.kept().iter().count(), KeptRuns::MAX);
    let first = session.kept().iter().next().expect("a run");
    assert_eq!(first.branches(), 2);
}

#[test]
fn a_run_that_is_refused_leaves_everything_as_it_is() {
    let session = two_branches().reduce(Action::Begin(header_of(12)));
    assert_eq!(session.kept().iter().count(), 0);
    assert_eq!(session.branches().0.len(), 2);
}

fn lines(session: &Session) -> Vec<String> {
    let commands = session.run().commands().iter();
    commands.map(Command::to_string).collect()
}

#[test]
fn typed_commands_are_saved_as_typed() {
    let session = after([Action::Do(command("run until leader"))]);
    assert_eq!(lines(&session), ["run until leader"]);
    let session = session.reduce(Action::Do(command("run until 1 leaders within 3s")));
    assert!(session.notice().is_none());
    assert_eq!(
        lines(&session),
        ["run until leader", "run until 1 leaders within 3s"]
    );
    assert!(Script::save(session.run()).is_ok());
}

#[test]
fn a_goal_that_is_not_reached_is_reported() {
    let session = after([Action::Do(command("run until 3 leaders within 100ms"))]);
    let Some(Notice::Info(told)) = session.notice() else {
        panic!("{:?}", session.notice());
    };
    assert!(
        told.starts_with("Not reached: waited for 3 leaders within 100ms, but found S1 "),
        "{told}"
    );
    assert_eq!(lines(&session), ["run 100ms"]);
}

#[test]
fn a_goal_that_is_not_reached_is_reported_beside_what_else_is_told() {
    let start = after([timeout(1), Action::Step, Action::Step, Action::StepBack]);
    let session = start.reduce(Action::Do(command("run until S5 is candidate within 1s")));
    let told = format!("{:?}", session.notice());
    assert!(told.contains("begins here"), "{told}");
    assert!(told.contains("waited for S5 to be candidate"), "{told}");
    // A tick that tells something replaces it; one that does not leaves it.
    let later = session.clone().reduce(Action::Tick(1.0));
    assert_eq!(later.notice(), session.notice());
}

#[test]
fn a_breakpoint_that_holds_already_says_so() {
    let goal = Breakpoint::parse("leader", NodeSet::first(5)).expect("a condition");
    let leads = after([Action::Do(command("run until leader"))]);
    let told = format!(
        "{:?}",
        leads.reduce(Action::AddBreakpoint(goal.clone())).notice()
    );
    assert!(told.contains("It is so already: leader."), "{told}");
    assert!(after([Action::AddBreakpoint(goal)]).notice().is_none());
}

#[test]
fn a_landmark_that_does_not_come_says_until_when_it_was_looked_for() {
    let lonely = Header {
        cluster: 1,
        ..Header::default()
    };
    let session = after([Action::Begin(lonely), Action::Next(Landmark::Commit)]);
    let none = session.reduce(Action::Next(Landmark::Violation));
    let told = format!("{:?}", none.notice());
    assert!(told.contains("No violation comes before"), "{told}");
}

/// As a goal, the position is reached with another seed, too.
#[test]
fn a_stop_at_a_breakpoint_is_saved_as_its_goal() {
    let stop = Breakpoint::Role(id(2), RoleName::Candidate);
    let mut session = after([real_time(), Action::AddBreakpoint(stop)]);
    while session.is_playing() {
        session = session.reduce(Action::Tick(16.0));
    }
    let last = lines(&session).pop();
    assert_eq!(last.as_deref(), Some("run until S2 is candidate"));
}

/// Records caused by commands of the user are shown longer than those caused by time.
#[test]
fn replay_shows_each_command_of_the_user() {
    let ticks = |script: &str| {
        let mut session = playing(script)
            .reduce(Action::Rewind)
            .reduce(Action::TogglePlay);
        let mut ticks = 0;
        while session.is_in_past() {
            session = session.reduce(Action::Tick(10.0));
            ticks += 1;
        }
        ticks
    };
    let by_hand = ticks("cluster 3\ncrash S1\nrestart S1\ncrash S2");
    let by_time = ticks("cluster 3\noption latency 1..1ms\ntimeout S1\nrun 3ms");
    assert!(by_hand > by_time + 3, "{by_hand} {by_time}");
}

#[test]
fn a_landmark_that_cannot_be_reached_changes_nothing() {
    let mut before = playing("cluster 3\nrun until leader").reduce(Action::Rewind);
    assert!(before.is_in_past());
    let many = Script::LINES_MAX;
    let source = "cluster 3\n\n".to_owned() + &"heal\n".repeat(many - 2);
    before = playing(&source)
        .reduce(Action::Rewind)
        .reduce(Action::Dismiss);
    let after = before.clone().reduce(Action::Next(Landmark::Commit));
    assert!(after.is_in_past());
    assert_eq!(after.run().records().len(), before.run().records().len());
}

#[test]
fn ongoing_heartbeats_are_shown_when_paused_or_over() {
    let quiet = || Action::Do(Command::Run(Millis(2_000)));
    let crash = || Action::Do(Command::Crash(id(1)));
    let latest = |session: Rc<Session>| session.run_view().items().next().expect("news");
    let is_quiet = |item: &Item| matches!(item.told, Told::Quiet(_));
    assert!(!is_quiet(&latest(after([quiet()]))));
    assert!(is_quiet(&latest(after([quiet(), Action::TogglePlay]))));
    let then: Vec<_> = after([quiet(), crash()])
        .run_view()
        .items()
        .take(2)
        .collect();
    assert!(!is_quiet(&then[0]) && is_quiet(&then[1]));
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

#[test]
fn a_search_finds_the_first_state_that_meets_a_condition() {
    let session = searched(after_a_return(), "term > 40");
    let search = session.search().expect("a search");
    assert_eq!(search.hits().len(), 1);
    let there = session.reduce(Action::Find(Direction::Forward));
    let highest = |session: &Session| session.run().servers().map(|it| it.term().0).max();
    assert_eq!(highest(&there), Some(41));
    assert!(!there.is_playing() && there.is_in_past());
}

#[test]
fn a_search_finds_what_happens_each_time_and_goes_around() {
    let session = searched(after_a_return(), "S5 is refused");
    let hits = session.search().expect("a search").hits().to_vec();
    assert!(hits.len() > 1, "{hits:?}");
    let at = |session: &Session| RecordId(session.run().records().len() - 1);
    let first = session.reduce(Action::Find(Direction::Forward));
    assert_eq!(at(&first), hits[0]);
    let second = Rc::clone(&first).reduce(Action::Find(Direction::Forward));
    assert_eq!(at(&second), hits[1]);
    let last = first.reduce(Action::Find(Direction::Back));
    assert_eq!(at(&last), hits[hits.len() - 1]);
}

#[test]
fn a_search_that_is_no_condition_is_for_words_of_the_sentences() {
    let session = searched(after_a_return(), "s5 VOTE refuses");
    let words = session.search().expect("a search").hits().len();
    assert!(words > 0);
    let none = searched(session, "no such words");
    assert!(none.search().expect("a search").hits().is_empty());
    assert!(none.reduce(Action::Search("".into())).search().is_none());
}

#[test]
fn a_hit_that_is_waited_for_is_gone_to_once_it_is_found() {
    let session = after_a_return().reduce(Action::Search("term > 40".into()));
    let mut session = session.reduce(Action::Find(Direction::Forward));
    assert!(!session.is_in_past());
    while session.is_searching() {
        session = session.reduce(Action::SearchOn);
    }
    assert!(session.is_in_past());
}
