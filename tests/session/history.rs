//! Branches, undo, and the runs that are kept.

use super::*;

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

#[test]
fn starting_over_and_opening_keep_the_run_before_which_undo_brings_back() {
    let before = two_branches();
    let lesson = Script::parse("cluster 3\ncrash S1").expect("a script");
    let lesson = LoadedRun::at_end(lesson, Source::Page);
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
        kept.map(|kept| usize::from(kept.header().cluster))
            .collect()
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
    let opened = Script::parse("crash S1").expect("a script");
    let opened = LoadedRun::at_end(opened, Source::Page);
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
