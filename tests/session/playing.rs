//! Playing, replaying and speed.

use super::*;

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
fn a_step_pauses_and_goes_to_the_next_event() {
    let session = after([Action::Step]);
    assert!(!session.is_playing());
    let last = session.run().records().last().map(|record| record.at);
    assert_eq!(last, Some(session.run().now()));
    assert_eq!(session.clock(), session.run().now().0 as f64);
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
