//! The view of a server's program: its lines, and breakpoints at them.

use super::*;

use hustings::programs::library;
use hustings::session::Traced;

const PROGRAM: &str = "cluster 3\nprogram p\n    | fn start(me) {\n    |     arm(\"election\");\n    | }\n    | fn timer(me, name) {\n    |     let n = 0;\n    |     for i in 0..3 {\n    |         n += i;\n    |     }\n    |     me.n = n;\n    |     me.term += 1;\n    |     persist();\n    |     me.written = true;\n    |     arm(\"election\");\n    | }\nrun S1 p\n";

/// S1 stands, and its disk is slow.
const SLOW: &str = "disk S1 40..40ms\ntimeout S1\n";

/// A run of a script, at its end, with the code shown.
fn reading(script: &str) -> Rc<Session> {
    let parsed = Script::parse_with(script, &*library()).expect("a script");
    after([
        Action::Open(LoadedRun::at_end(parsed, Source::Page)),
        Action::ToEnd,
        Action::ToggleCode,
    ])
}

fn traced(session: &Session) -> &Traced {
    session.shown_trace().expect("executed lines")
}

/// The line where the user is.
fn line(session: &Session) -> u32 {
    let traced = traced(session);
    let place = session.code().place().unwrap_or(traced.steps.len() - 1);
    traced.steps[place].line
}

#[test]
fn the_lines_of_the_latest_record_are_marked_with_what_they_changed() {
    let session = reading(&format!("{PROGRAM}{SLOW}"));
    let traced = traced(&session);
    let last = traced.steps.len() - 1;
    let marks = traced.marks(last);
    let told = |line: u32| {
        let mark = marks.get(line).unwrap();
        let changed = mark.changed.iter();
        let changed: Vec<_> = changed.map(|(name, it)| format!("{name}={it}")).collect();
        format!("×{} {}", mark.times, changed.join(" "))
    };
    assert_eq!(told(7), "×3 n=3");
    assert_eq!(told(9), "×1 me.n=3");
    assert!(marks.get(11).unwrap().is_last && marks.get(12).is_none());
    let known: Vec<_> = traced.variables(last).into_iter().collect();
    let known: Vec<_> = known.iter().map(|(it, to)| format!("{it}={to}")).collect();
    assert!(known.contains(&"name=election".to_owned()), "{known:?}");
    assert_eq!(traced.calls[0].function, "timer");
}

#[test]
fn a_caption_leaves_the_lines_of_what_it_is_about() {
    let plain = reading(&format!("{PROGRAM}{SLOW}"));
    let captioned = reading(&format!("{PROGRAM}{SLOW}note \"Look.\"\nnote \"Again.\"\n"));
    assert_eq!(line(&captioned), line(&plain));
    let back = |session: Rc<Session>| session.reduce(Action::StepLineBack);
    assert_eq!(line(&back(captioned.clone())), line(&back(plain.clone())));
    // From the first line of it, on to what was before.
    let first = |session: Rc<Session>| session.reduce(Action::GoToLine(0));
    let before = |session| line(&back(first(session)));
    assert_eq!(before(captioned), before(plain));
}

#[test]
fn lines_are_stepped_through_within_a_record_and_on_into_the_next() {
    let session = reading(&format!("{PROGRAM}{SLOW}"));
    let at_end = line(&session);
    assert_eq!(at_end, 11);
    let back = session.reduce(Action::StepLineBack);
    assert_eq!((line(&back), back.code().place().is_some()), (10, true));
    let (records, start) = (back.run().records().len(), back.reduce(Action::GoToLine(0)));
    assert_eq!(line(&start), 5);
    let mut on = start;
    for _ in 0..traced(&on).steps.len() - 1 {
        on = on.reduce(Action::StepLine);
    }
    assert_eq!((line(&on), on.run().records().len()), (11, records));
    // The call goes on when the write is done.
    let after = on.reduce(Action::StepLine);
    assert_eq!(
        (line(&after), after.run().records().len()),
        (12, records + 1)
    );
    assert_eq!(traced(&after).calls[0].writes, 1);
    let before = after.reduce(Action::StepLineBack);
    assert_eq!((line(&before), before.run().records().len()), (11, records));
}

#[test]
fn a_step_over_servers_of_the_core_comes_to_the_next_call() {
    let session = reading(&format!("{PROGRAM}timeout S2\n"));
    assert!(session.shown_trace().is_none());
    let on = session.reduce(Action::StepLine);
    assert_eq!(traced(&on).server, id(1));
    let lone = reading(&format!("{PROGRAM}crash S1\n"));
    let records = lone.run().records().len();
    let on = lone.reduce(Action::StepLine);
    assert_eq!(on.run().records().len(), records);
    assert!(matches!(on.notice(), Some(Notice::Info(_))));
}

#[test]
fn a_call_that_fails_has_its_lines() {
    let script = format!("{PROGRAM}timeout S1\n").replace("me.n = n;", "me.n = n / (n - n);");
    let session = reading(&script);
    assert_eq!((line(&session), traced(&session).server), (9, id(1)));
    // It is one step, back and on.
    let back = session.reduce(Action::StepBack);
    assert_eq!(back.run().records().len(), 3);
    let on = back.reduce(Action::Step);
    assert_eq!(on.run().records().len(), 5);
    let stopped = played(reading(&script.replace("timeout S1\n", "")).reduce(at_line(9)));
    assert!(stopped.run().server(id(1)).is_some_and(|it| !it.is_up()));
    assert!(!stopped.is_playing());
}

#[test]
fn nothing_is_looked_at_while_time_passes_fast() {
    let session = reading(PROGRAM).reduce(Action::TogglePlay);
    let mut session = session.reduce(real_time());
    for _ in 0..60 {
        session = session.reduce(Action::Tick(16.0));
    }
    assert!(session.is_playing() && session.traced().is_none());
    let paused = session.reduce(Action::TogglePlay);
    assert!(!paused.is_playing());
}

fn at_line(line: u32) -> Action {
    Action::BreakAtLine("p".into(), line)
}

fn played(mut session: Rc<Session>) -> Rc<Session> {
    session = session.reduce(real_time()).reduce(Action::TogglePlay);
    for _ in 0..600 {
        session = session.reduce(Action::Tick(16.0));
    }
    session
}

#[test]
fn a_line_breakpoint_stops_new_time_just_after_the_record_that_executes_it() {
    let stopped = played(reading(PROGRAM).reduce(at_line(9)));
    assert!(!stopped.is_playing());
    assert!(traced(&stopped).steps.iter().any(|it| it.line == 9));
    let told = format!("{:?}", stopped.notice());
    assert!(told.contains("line 9 of p"), "{told}");
    // What is recorded plays to the same moment without breakpoints.
    let script = Script::save(stopped.run()).expect("saved");
    let again = reading(&script);
    assert_eq!(
        again.run().records().len(),
        stopped.run().records().len(),
        "{script}"
    );
    // It goes on to the next time.
    let records = stopped.run().records().len();
    let next = played(stopped);
    assert!(!next.is_playing() && next.run().records().len() > records);
    let removed = next.reduce(at_line(9));
    assert!(played(removed).is_playing());
}

#[test]
fn a_line_after_a_write_stops_new_time_and_a_replay() {
    let slow = PROGRAM.replace("cluster 3\n", "cluster 3\noption disk 40..40ms\n");
    let stopped = played(reading(&slow).reduce(at_line(12)));
    assert!(!stopped.is_playing());
    assert!(traced(&stopped).steps.iter().any(|it| it.line == 12));
    let records = stopped.run().records().len();
    let again = played(stopped.reduce(Action::Rewind));
    assert!(!again.is_playing());
    assert_eq!(again.run().records().len(), records);
    // Also if the call had begun before it was watched.
    let script = slow + "timeout S1\n";
    let late = played(reading(&script).reduce(at_line(12)));
    assert_eq!(late.run().now().0, 40);
}

#[test]
fn a_changed_program_is_kept_until_it_is_given_up() {
    let session = reading(PROGRAM).reduce(Action::EditCode(true));
    let session = session.reduce(Action::WriteCode(Some("fn start(me) {}".into())));
    let session = session
        .reduce(Action::Select(Selection::Server(id(2))))
        .reduce(Action::ToggleScript)
        .reduce(Action::ToggleCode);
    let draft = |session: &Session| session.code().draft_of("p").cloned();
    assert_eq!(draft(&session).as_deref(), Some("fn start(me) {}"));
    assert_eq!(draft(&session.reduce(Action::WriteCode(None))), None);
}

#[test]
fn without_programs_there_is_no_code_to_show() {
    let session = after([Action::ToggleCode]);
    assert!(!session.shows_code());
    assert!(matches!(session.notice(), Some(Notice::Info(_))));
}

#[test]
fn a_script_whose_program_fails_stands_there_with_the_lines_of_both() {
    let text =
        "cluster 3\nprogram p\n| fn start(me) {\n|     me.n += 1;\n| }\nrun S2 p\n\nrun 1s\n";
    let script = Script::parse_with(text, &*library()).expect("a script");
    let opened = LoadedRun::at_end(script, Source::Editor(text.into()));
    let session = after([Action::Open(opened)]);
    assert!(session.is_in_past() && session.shows_script());
    let told = "Line 4 fails: S2's program fails, so S2 crashes: line 2, column 7: `me` has no \
                variable `n` yet.";
    assert_eq!(session.notice(), Some(&Notice::Failed(told.into())));
}
