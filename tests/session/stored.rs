//! What a reload keeps: all runs with their branches, and what was written.

use super::*;

/// The session of the next visit.
fn next_visit(session: &Session, bytes_max: usize) -> Rc<Session> {
    let text = session.stored(bytes_max).to_string();
    let new = Session::default().with_drafts(session.drafts());
    let visit = StoredVisit::read(&text);
    then(Rc::new(new), Action::Restore(Rc::new(visit)))
}

fn crash(server: u8) -> Action {
    Action::Do(Command::Crash(id(server)))
}

/// Three branches, of which the second is shown in its middle.
fn three_branches() -> Rc<Session> {
    after([
        Action::Do(command("run 900ms")),
        Action::GoTo(400.0),
        crash(1),
        Action::Do(command("run 2s")),
        Action::GoTo(100.0),
        crash(2),
        Action::Rename(1, "Without S1".into()),
        Action::Switch(1),
        Action::GoTo(700.0),
    ])
}

/// All that is told of a session's runs.
fn told(session: &Session) -> Vec<String> {
    let history = session.history();
    let branches = history.branches().iter().map(|branch| {
        let script = Script::save(branch.tip()).expect("a script");
        format!("{:?} {:?}\n{script}", branch.name(), branch.fork())
    });
    let kept = session.kept().iter();
    let kept = kept.map(|it| format!("{:?} {} {}", it.header(), it.branches(), it.clock()));
    let (records, now) = (session.run().records().len(), session.run().now());
    let place = format!("{} {records} {now} {}", history.current(), session.clock());
    branches.chain(kept).chain([place]).collect()
}

#[test]
fn all_branches_are_restored_and_the_same_moment_is_shown() {
    let session = three_branches();
    let restored = next_visit(&session, StoredVisit::BYTES_MAX);
    assert_eq!(told(&restored), told(&session));
    assert_eq!(session.history().branches().len(), 3);
    let same = |session: &Session| {
        let items = session.run_view();
        (0..items.events())
            .filter_map(|place| items.event(place).cloned())
            .collect::<Vec<_>>()
    };
    assert_eq!(same(&restored), same(&session));
    let on = [restored, session].map(|it| then(it, Action::Switch(2)));
    assert_eq!(told(&on[0]), told(&on[1]));
}

#[test]
fn the_runs_before_are_restored_with_their_branches_when_they_are_shown_again() {
    let session = [
        Action::Begin(Header {
            cluster: 3,
            ..Header::default()
        }),
        timeout(3),
        Action::Open(loaded(LESSON)),
    ]
    .into_iter()
    .fold(three_branches(), then);
    assert_eq!(session.kept().iter().count(), 2);
    let restored = next_visit(&session, StoredVisit::BYTES_MAX);
    assert_eq!(told(&restored), told(&session));
    let back = |session: Rc<Session>| {
        [Action::Undo, Action::Undo, Action::Undo]
            .into_iter()
            .fold(session, then)
    };
    let (one, other) = (back(restored.clone()), back(session.clone()));
    assert_eq!(told(&one), told(&other));
    assert_eq!(
        told(&then(one, Action::Redo)),
        told(&then(other, Action::Redo))
    );
    let [one, other] = [restored, session].map(|it| then(it, Action::BringBack(0)));
    assert_eq!(told(&one), told(&other));
    assert_eq!(one.history().branches().len(), 3);
}

#[test]
fn a_visit_is_stored_again_with_the_runs_that_were_not_shown_in_it() {
    let session = then(three_branches(), Action::Open(loaded(LESSON)));
    let text = session.stored(StoredVisit::BYTES_MAX).to_string();
    let restored = next_visit(&session, StoredVisit::BYTES_MAX);
    assert_eq!(restored.stored(StoredVisit::BYTES_MAX).to_string(), text);
}

#[test]
fn the_oldest_runs_go_first_and_then_the_oldest_branches_but_never_the_shown_one() {
    let session = then(three_branches(), Action::Open(loaded(LESSON)));
    let bytes = session.stored(StoredVisit::BYTES_MAX).to_string().len();
    let shorter = next_visit(&session, bytes / 2);
    assert_eq!(shorter.kept().iter().count(), 0);
    assert!(
        info(&shorter).ends_with("keeps for the page: 1."),
        "{}",
        info(&shorter)
    );
    let branches = three_branches();
    let least = next_visit(&branches, 1);
    assert_eq!(told(&least).len(), 2);
    assert_eq!(least.run().commands(), branches.run().commands());
    assert!(
        info(&least).ends_with("keeps for the page: 2."),
        "{}",
        info(&least)
    );
}

#[test]
fn what_was_written_is_restored() {
    let written = "cluster 3\n# S1 stands\ntimeout S1\n";
    let script = Script::parse(written).expect("a script");
    let played = Action::Open(LoadedRun::at_end(script, Source::Editor(written.into())));
    let session = after([played, Action::Write("crash S9".into())]);
    let restored = next_visit(&session, StoredVisit::BYTES_MAX);
    assert_eq!(&*restored.script().text, "crash S9");
    assert!(!restored.shows_script());
    let aside = restored.drafts().set_aside.expect("with its comments");
    assert_eq!(&*aside, written);
}

#[test]
fn a_stored_text_that_cannot_be_read_is_told_and_stays_stored() {
    let visit = StoredVisit::read("%run branch=7 records=900\n%branch number=1\nhop\n");
    let session = after([Action::Restore(Rc::new(visit))]);
    let Some(Notice::Refused(why)) = session.notice() else {
        panic!("nothing is told");
    };
    assert!(
        why.starts_with("The run of your last visit cannot be opened: line 1"),
        "{why}"
    );
    assert!(!session.may_be_stored());
}

#[test]
fn any_stored_text_gives_a_session() {
    let text = three_branches().stored(StoredVisit::BYTES_MAX).to_string();
    for cut in 0..text.len() {
        let visit = StoredVisit::read(&text[..cut]);
        then(Rc::default(), Action::Restore(Rc::new(visit)));
    }
    for (word, other) in [
        ("from=0", "from=8"),
        ("records=", "records=9"),
        ("shared=", "shared=99"),
        ("branch=1", "branch=9"),
    ] {
        let visit = StoredVisit::read(&text.replace(word, other));
        let session = then(Rc::default(), Action::Restore(Rc::new(visit)));
        assert_eq!(session.history().branches().len(), 3, "{other}");
    }
}

#[test]
fn a_run_in_which_nothing_has_happened_yet_plays_on_at_the_next_visit() {
    let new = next_visit(&Session::default(), StoredVisit::BYTES_MAX);
    assert!(new.is_playing());
    let begun = after([Action::Do(command("run 900ms"))]);
    assert!(!next_visit(&begun, StoredVisit::BYTES_MAX).is_playing());
}
