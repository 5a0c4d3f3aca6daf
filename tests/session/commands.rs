//! The user's commands, and what they change.

use super::*;

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
