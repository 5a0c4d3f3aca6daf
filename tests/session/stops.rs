//! Breakpoints, goals and landmarks.

use super::*;

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

#[test]
fn a_landmark_that_cannot_be_reached_changes_nothing() {
    let mut before = playing("cluster 3\nrun until leader").reduce(Action::Rewind);
    assert!(before.is_in_past());
    let many = Script::LINES_MAX;
    let source = "cluster 3\n\n".to_owned() + "heal\n".repeat(many - 2).as_str();
    before = playing(&source)
        .reduce(Action::Rewind)
        .reduce(Action::Dismiss);
    let after = before.clone().reduce(Action::Next(Landmark::Commit));
    assert!(after.is_in_past());
    assert_eq!(after.run().records().len(), before.run().records().len());
}
