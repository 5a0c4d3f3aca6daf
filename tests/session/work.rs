//! Commands and runs that take long are played a part at a time.

use super::*;

/// One link after the other carries nothing, so that leaders fall.
const STORM: &str =
    "cluster 5\ncut S1->S2\ncut S2->S1\ncut S2->S3\ncut S3->S1\ncut S4->S2\ncut S5->S1\n";

fn storm() -> Rc<Session> {
    let script = Script::parse(STORM).expect("a script");
    after([Action::Open(LoadedRun::at_end(script, Source::Page))])
}

#[test]
fn a_long_command_is_carried_out_in_parts_and_is_the_same_as_at_once() {
    for line in [
        "run 300s",
        "run until S1 log=1,1,1,1 within 300s",
        "run until violation within 1000s",
    ] {
        let mut session = storm().reduce(Action::Do(command(line)));
        let before = session.run().records().len();
        assert!(session.work().is_some() && !session.is_in_past());
        assert_eq!(session.run().now(), Millis(0));
        assert_eq!(session.run().commands().len(), 6);
        assert!(work_out(&mut session) > 3, "{line}");
        let mut run = storm().run().clone();
        run.apply(command(line)).expect("a run");
        assert_eq!(session.run().commands(), run.commands());
        assert!(session.run().records().iter().eq(run.records().iter()));
        assert!(session.run().records().len() > before);
        let undone = session.clone().reduce(Action::Undo);
        assert_eq!(undone.run().records().len(), before, "{line}");
    }
}

#[test]
fn what_is_done_meanwhile_waits_and_happens_in_order() {
    let mut session = storm();
    for action in [
        Action::Do(command("run 300s")),
        Action::Tick(90.0),
        Action::Do(command("crash S2")),
        Action::Do(command("run 100s")),
        Action::Do(command("restart S2")),
    ] {
        session = session.reduce(action);
        assert_eq!(session.run().now(), Millis(0));
    }
    work_out(&mut session);
    let commands = session.run().commands().iter().skip(6);
    let commands = commands.map(|it| Line::Command(it.clone()).to_string());
    let commands: Vec<_> = commands.collect();
    assert_eq!(commands, ["run 300s", "crash S2", "run 100s", "restart S2"]);
}

#[test]
fn stopping_a_command_leaves_everything_as_it_was_and_says_how_far_it_came() {
    let before = storm();
    let mut session = before.clone().reduce(Action::Do(command("run 300s")));
    session = session.reduce(Action::Do(command("crash S2")));
    let reached = session.work().expect("work").reached();
    assert!(reached > Millis(0) && reached < Millis(300_000));
    session = session.reduce(Action::StopWork);
    assert!(session.work().is_none());
    assert!(
        info(&session).starts_with("Stopped at "),
        "{}",
        info(&session)
    );
    assert_eq!(session.run().commands(), before.run().commands());
    assert_eq!(session.run().records().len(), before.run().records().len());
    assert_eq!(session.run().now(), Millis(0));
}

#[test]
fn a_command_that_exceeds_a_limit_on_its_way_is_refused_and_nothing_is_done() {
    let mut session = storm();
    for _ in 0..20 {
        let before = session.clone();
        session = session.reduce(Action::Do(command("run 3600s")));
        assert!(work_out(&mut session) > 1);
        if let Some(Notice::Refused(_)) = session.notice() {
            assert_eq!(session.run().commands(), before.run().commands());
            assert_eq!(session.run().records().len(), before.run().records().len());
            return;
        }
    }
    panic!("no limit");
}

#[test]
fn the_run_of_the_last_visit_stays_stored_until_it_is_open_or_something_is_done() {
    let visit = StoredVisit::read(&format!("{STORM}run 300s\n"));
    let mut session = after([]).reduce(Action::Restore(Rc::new(visit)));
    assert!(session.work().is_some() && !session.may_be_stored());
    let mut stopped = session.clone().reduce(Action::StopWork);
    assert!(!stopped.may_be_stored());
    stopped = stopped.reduce(timeout(1));
    assert!(stopped.may_be_stored());
    work_out(&mut session);
    assert!(session.may_be_stored());
    assert_eq!(session.run().now(), Millis(300_000));
}
