//! The script of the run: as it was played, and as the user changes it.

use super::*;

/// Plays the text in the editor.
fn from_editor(text: &str) -> Action {
    let script = Script::parse(text).expect("a script");
    Action::Open(LoadedRun::at_end(script, Source::Editor(text.into())))
}

/// Opens a file with this text.
fn from_file(text: &str) -> Action {
    let script = Script::parse(text).expect("a script");
    Action::Open(LoadedRun::as_tour(script, Source::File(text.into())))
}

fn text(session: &Session) -> String {
    session.script().text.to_string()
}

const SCRIPT: &str =
    "cluster 3\n# S1 stands\ntimeout S1\ndeliver all\nexpect S1 leader\ncrash S1\n";

#[test]
fn a_played_script_keeps_its_comments_and_expectations_until_the_run_is_changed() {
    let session = after([from_editor(SCRIPT)]);
    assert_eq!(text(&session), SCRIPT);
    assert!(session.script().played.is_some() && !session.shows_script());
    let changed = session.reduce(Action::Do(command("restart S1")));
    assert_eq!(
        text(&changed),
        "cluster 3\nseed 1\n\ntimeout S1\ndeliver all\ncrash S1\nrestart S1\n"
    );
}

#[test]
fn the_line_of_the_shown_record_and_the_end_of_a_line_are_known() {
    let session = after([from_editor(SCRIPT)]);
    let script = session.script().played.expect("played");
    let records = session.run().records().len();
    let lines: Vec<_> = [2, 3, 4, records - 1]
        .map(|record| script.line_of(RecordId(record)))
        .into();
    assert_eq!(lines, [None, Some(3), Some(4), Some(6)]);
    assert_eq!(script.end_of(3, records), Some(RecordId(3)));
    assert_eq!(script.end_of(6, records), Some(RecordId(records - 1)));
    assert_eq!(script.end_of(5, records), None);
}

#[test]
fn a_script_with_a_refused_step_opens_up_to_it_and_tells_it() {
    let session = after([from_file("cluster 3\ntimeout S1\nrestart S2\ncrash S3\n")]);
    assert_eq!(session.run().commands().len(), 1);
    assert!(!session.is_in_past() && session.shows_script());
    let told = "Line 3 fails: S2 is running; crash it first";
    assert_eq!(session.notice(), Some(&Notice::Failed(told.into())));
}

#[test]
fn a_script_with_a_failed_expectation_stands_at_that_moment_with_all_of_its_run() {
    let session = after([from_file(
        "cluster 3\ntimeout S1\nexpect S2 leader\ndeliver all\n",
    )]);
    assert_eq!(session.run().records().len(), 4);
    assert!(session.is_in_past() && !session.is_playing());
    assert!(matches!(session.notice(), Some(Notice::Failed(_))));
}

#[test]
fn the_run_before_is_kept_with_its_script_and_undo_brings_back_both() {
    let other = "cluster 5\n# another\ntimeout S2\n";
    let session = after([from_editor(SCRIPT), from_editor(other)]);
    assert_eq!(text(&session), other);
    let session = session.reduce(Action::Undo);
    assert_eq!(text(&session), SCRIPT);
    assert_eq!(session.run().ids().len(), 3);
}

#[test]
fn a_changed_script_outlives_whatever_is_shown_until_it_is_played() {
    let changed = "cluster 3\ncrash S2\n";
    let session = after([
        from_editor(SCRIPT),
        Action::ToggleScript,
        Action::Write(changed.into()),
        Action::Select(Selection::Server(id(1))),
        Action::Select(Selection::Nothing),
        Action::Do(command("restart S1")),
        Action::ToggleScript,
        Action::Undo,
    ]);
    assert_eq!(text(&session), changed);
    assert!(session.script().played.is_none());
    let without = Rc::clone(&session).reduce(Action::SwapDraft);
    assert!(without.script().played.is_some() && without.has_set_aside());
    assert_eq!(text(&without.reduce(Action::SwapDraft)), changed);
    let played = session.reduce(from_editor(changed));
    assert_eq!(text(&played), changed);
    assert!(played.script().played.is_some() && !played.has_set_aside());
}

#[test]
fn a_script_that_is_changed_back_is_the_played_one_again() {
    let session = after([
        from_editor(SCRIPT),
        Action::Write("cluster 3\n".into()),
        Action::Write(SCRIPT.into()),
    ]);
    assert!(session.script().played.is_some());
}

#[test]
fn opening_a_text_with_errors_sets_the_changed_script_aside() {
    let session = after([
        Action::Write("heal\n".into()),
        Action::OpenDraft("crush S1\n".into()),
    ]);
    assert_eq!(text(&session), "crush S1\n");
    assert!(session.shows_script() && session.has_set_aside());
}

#[test]
fn an_expectation_is_checked_at_the_shown_moment() {
    let check = |line: &str| {
        let condition = hustings_lab::Condition::parse(line, NodeSet::first(3));
        Action::Check(condition.expect("a condition"))
    };
    let session = after([from_editor(SCRIPT), check("S1 down")]);
    assert_eq!(
        session.notice(),
        Some(&Notice::Info("“S1 down” holds now.".into()))
    );
    let session = session.reduce(check("S2 leader"));
    let told = "expected S2 leader, found S2 follower";
    assert_eq!(session.notice(), Some(&Notice::Failed(told.into())));
    assert!(!session.script().text.contains("expect S2"));
}
