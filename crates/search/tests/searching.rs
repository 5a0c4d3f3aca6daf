//! A search that is asked: what it answers, in both languages.

use std::rc::Rc;

use hustings_lab::{NoLibrary, Script};
use hustings_search::wire::{Answer, Ask, Next, Over, Stage, Wanted};
use hustings_search::{Consequence, Searching};

fn searching() -> Searching {
    Searching::new(Rc::new(NoLibrary))
}

fn wanted(script: &str, goal: &str, bounds: &str) -> Wanted {
    Wanted {
        script: script.replace(" / ", "\n"),
        goal: goal.to_owned(),
        bounds: bounds.to_owned(),
        megabytes: 500,
        ..Wanted::default()
    }
}

/// What is answered once there is nothing left to do.
fn end(searching: &mut Searching, wanted: Wanted) -> Stage {
    let first = searching.answer(Ask::Search(7, wanted));
    while searching.go_on() {}
    match first.into_iter().chain(searching.report()).last() {
        Some(Answer::Search(7, stage)) => stage,
        other => panic!("{other:?}"),
    }
}

fn over(stage: Stage) -> Over {
    match stage {
        Stage::Over(over) => over,
        other => panic!("{other:?}"),
    }
}

fn next(script: &str) -> Next {
    let script = script.replace(" / ", "\n");
    let answers = searching().answer(Ask::Next(1, script));
    match answers.into_iter().next() {
        Some(Answer::Next(1, Ok(next))) => next,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_found_is_a_lesson_that_begins_where_the_run_was() {
    let script =
        "cluster 3 / break forget-vote-on-restart / timeout S2 / note \"first\" / deliver S2->S1";
    let found = over(end(&mut searching(), wanted(script, "violation", "")));
    assert!(
        found.told.starts_with("Found a violation, "),
        "{}",
        found.told
    );
    let lesson = found.lesson.expect("a lesson");
    assert_eq!(lesson.caption, 2);
    let read = Script::parse(&lesson.script).expect("a script");
    assert!(
        read.header.title.starts_with("Found: a violation, "),
        "{}",
        lesson.script
    );
    let outcome = read.run().expect("sound");
    assert!(outcome.passed() && !outcome.run.violations().is_empty());
}

#[test]
fn a_standing_start_leaves_the_steps_of_the_run_out() {
    let asked = Wanted {
        standing_start: true,
        ..wanted("cluster 3 / crash S1", "S1 leader", "crashes=0")
    };
    let found = over(end(&mut searching(), asked)).lesson.expect("a lesson");
    assert_eq!(found.caption, 1);
    assert!(!found.script.contains("crash S1"), "{}", found.script);
}

#[test]
fn without_a_run_the_bounds_are_told_and_all_that_was_looked_at() {
    let asked = Wanted {
        all: true,
        ..wanted("cluster 3", "2 leaders", "timeouts=1 crashes=0")
    };
    let nothing = over(end(&mut searching(), asked));
    assert_eq!(nothing.lesson, None);
    let within = "No state or step with `2 leaders` within timeouts=1 requests=1 disks=fast: all ";
    assert!(nothing.told.starts_with(within), "{}", nothing.told);
}

#[test]
fn what_holds_already_is_said_so() {
    let found = over(end(&mut searching(), wanted("cluster 3", "quiet", "")));
    assert!(
        found.told.starts_with("`quiet` holds at the start already"),
        "{}",
        found.told
    );
    assert_eq!(found.lesson, None);
}

#[test]
fn a_search_pauses_goes_on_and_stops_with_what_it_has_looked_at() {
    let mut searching = searching();
    let asked = wanted("cluster 5", "term 9", "");
    let began = searching.answer(Ask::Search(1, asked));
    assert!(
        matches!(&*began, [Answer::Search(1, Stage::Going(_))]),
        "{began:?}"
    );
    assert!(searching.go_on());
    let paused = searching.answer(Ask::Pause);
    assert!(
        matches!(&*paused, [Answer::Search(1, Stage::Paused(_))]),
        "{paused:?}"
    );
    assert!(!searching.go_on());
    searching.answer(Ask::GoOn);
    assert!(searching.go_on());
    searching.spent(2.0);
    let answers = searching.answer(Ask::Stop);
    let [Answer::Search(1, Stage::Over(over))] = &*answers else {
        panic!("it goes on");
    };
    assert!(
        over.told.ends_with("before the search was stopped."),
        "{}",
        over.told
    );
    assert!(over.effort.starts_with("2.0 s: "), "{}", over.effort);
    assert_eq!(searching.answer(Ask::GoOn), []);
}

#[test]
fn memory_that_runs_out_ends_a_search_with_what_it_knows() {
    let asked = Wanted {
        all: true,
        megabytes: 1,
        ..wanted("cluster 5", "violation", "")
    };
    let over = over(end(&mut searching(), asked));
    assert!(
        over.told.contains(
            "there was no memory for more. States that differ only in the names of servers"
        ),
        "{}",
        over.told
    );
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_sentence() {
    let crowded = format!(
        "cluster 9 / timeout S1 / {}",
        "duplicate S1->S2 / ".repeat(200)
    );
    for (script, goal, bounds, why) in [
        ("cluster 3", "2 leders", "", "did you mean `leaders`?"),
        ("cluster 3", "", "", "cannot stand here"),
        (
            "cluster 3",
            "violation",
            "timeouts=300",
            "needs a number from 0 to 255",
        ),
        (
            "cluster 3",
            "violation",
            "timeout=3",
            "there is no bound `timeout`",
        ),
        (
            "cluster 3 / crash S1 / crash S1",
            "violation",
            "",
            "does not get to its end",
        ),
        (
            "cluster 3 / run all message-dispatch",
            "violation",
            "",
            "`message-dispatch`",
        ),
        (
            crowded.as_str(),
            "violation",
            "",
            "deliver or drop some first",
        ),
    ] {
        match end(&mut searching(), wanted(script, goal, bounds)) {
            Stage::Refused(told) => assert!(told.contains(why), "{told}"),
            other => panic!("{script}, {goal}: {other:?}"),
        }
    }
}

#[test]
fn what_could_happen_next_says_who_would_lead_and_what_would_be_violated() {
    let elected = next("cluster 3 / timeout S1 / deliver S1->S2");
    let leads = elected
        .possible
        .iter()
        .find(|it| it.consequence == Consequence::Leader);
    let leads = leads.expect("a reply that elects");
    assert!(
        leads.told.starts_with("S1 would lead in term 1."),
        "{}",
        leads.told
    );
    assert_eq!(leads.lines, ["deliver S2->S1 RequestVoteReply"]);
    let broken = "cluster 3 / break many-votes-per-term / timeout S1 / timeout S2 / deliver S1->S3 / deliver S2->S3";
    let before = "cluster 3 / break many-votes-per-term / timeout S1 / timeout S2 / deliver S1->S3";
    assert!(
        next(broken)
            .possible
            .iter()
            .all(|it| it.consequence != Consequence::Violation)
    );
    let first = &next(before).possible[0];
    assert_eq!(first.consequence, Consequence::Violation);
    assert!(first.told.starts_with("Violation: "), "{}", first.told);
}

#[test]
fn what_could_happen_next_is_done_by_its_lines_as_told() {
    let script =
        "cluster 3\noption latency 5..5ms\ntimeout S1\ndeliver all\npropose S1 \"a\"\ncrash S2\n";
    let choices = next(script).possible;
    assert!(choices.len() > 5, "{choices:?}");
    for choice in choices {
        let text = format!("{script}{}\n", choice.lines.join("\n"));
        let outcome = Script::parse(&text)
            .expect("a script")
            .run()
            .expect("sound");
        assert!(!outcome.stopped, "{text}");
    }
}

#[test]
fn a_search_speaks_chinese_when_it_is_told_to() {
    let mut searching = searching();
    let answer = searching.answer(Ask::Speak(Some(String::new())));
    let [Answer::Bounds(bounds), Answer::SampleForm(_)] = &*answer else {
        panic!("{answer:?}");
    };
    assert!(
        bounds
            .iter()
            .any(|it| it.name == "crashes" && it.told.contains("崩溃"))
    );
    let over = over(end(&mut searching, wanted("cluster 3", "S2 leader", "")));
    assert!(over.told.starts_with("找到“S2 leader”"), "{}", over.told);
    assert!(
        over.lesson
            .is_some_and(|it| it.script.contains("title \"找到："))
    );
}
