//! A sample that a page asks for: what it is answered, and that it comes to the same as the runs
//! played one by one.

use std::rc::Rc;

use hustings_lab::{NoLibrary, Script};
use hustings_raft::Millis;
use hustings_search::Searching;
use hustings_search::sample::{Awaited, FirstStep, Plan, Sample, Sampler, csv};
use hustings_search::wire::sampling::{First, FormText, Outcome, Setting, Stage, Wanted};
use hustings_search::wire::{Answer, Ask};

fn searching() -> Searching {
    Searching::new(Rc::new(NoLibrary))
}

const LED: &str = "cluster 3\ntimeout S1\ndeliver all\n";

fn setting(name: &str, script: &str) -> Setting {
    Setting {
        name: name.to_owned(),
        script: script.to_owned(),
    }
}

/// Twenty runs of two seconds each, after the leader of three servers has crashed.
fn wanted() -> Wanted {
    Wanted {
        script: LED.to_owned(),
        settings: vec![
            setting("as it is", "cluster 3\n"),
            setting(
                "no spread",
                "cluster 3\noption election-timeout 150..150ms\n",
            ),
        ],
        first: First::LeaderCrashes,
        time: 2_000,
        runs: 20,
        ..Wanted::default()
    }
}

/// How a sample stands, as it was answered last.
fn last(answers: impl IntoIterator<Item = Answer>) -> Stage {
    match answers.into_iter().last() {
        Some(Answer::Sample(3, stage)) => *stage,
        other => panic!("{other:?}"),
    }
}

fn end(searching: &mut Searching, wanted: Wanted) -> Stage {
    let first = searching.answer(Ask::Sample(3, wanted));
    while searching.go_on() {}
    last(first.into_iter().chain(searching.report()))
}

fn over(stage: Stage) -> Outcome {
    match stage {
        Stage::Over(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

/// The cells of a row.
fn row(outcome: &Outcome, place: usize) -> Vec<&str> {
    let row = &outcome.numbers.rows[place];
    row.iter().map(String::as_str).collect()
}

#[test]
fn what_comes_of_settings_is_told_side_by_side() {
    let outcome = over(end(&mut searching(), wanted()));
    assert_eq!(
        outcome.heading,
        "Time to `stable leader` after the leader crashes; 20 runs of at most 2s, seeds from 1"
    );
    assert!(
        outcome.told.ends_with(" s: 40 of 40 runs"),
        "{}",
        outcome.told
    );
    assert_eq!(row(&outcome, 0)[..2], ["as it is", "0.0 %"]);
    // Two servers with equal timeouts split their votes again and again.
    assert_eq!(row(&outcome, 1)[..3], ["no spread", "100.0 %", "never"]);
    assert_eq!(outcome.shares.rows.len(), 2);
    let curves = &outcome.plot.curves;
    assert_eq!(curves.len(), 2);
    // One comes up to all of the runs, the other stays down.
    assert!(curves[0].path.contains("V0H1520"), "{}", curves[0].path);
    assert_eq!(curves[1].path, "M0 680H1520");
}

#[test]
fn its_runs_are_those_that_are_played_one_by_one() {
    let mut searching = searching();
    over(end(&mut searching, wanted()));
    let answers = searching.answer(Ask::Csv);
    let [Answer::Csv(table)] = &*answers else {
        panic!("{answers:?}");
    };
    let start = Script::parse(LED).expect("a script").run().expect("sound");
    let plan = Plan {
        awaited: Awaited::StableLeader,
        time: Millis(2_000),
        seed: 1,
        steps: vec![FirstStep::LeaderCrashes],
        after: None,
    };
    let sampler = Sampler::new(start.run, plan.clone());
    let runs = (1..=20).map(|number| sampler.sample(number).expect("played"));
    let alone = Sample {
        label: "as it is".to_owned(),
        plan,
        runs: runs.collect(),
    };
    let alone = csv::of(&[alone]);
    assert!(table.starts_with(&alone), "{table}\n{alone}");
    assert_eq!(table.lines().count(), 41);
}

#[test]
fn a_run_opens_where_it_goes_on_by_itself_and_comes_to_the_same() {
    let mut searching = searching();
    let asked = Wanted {
        script: format!("{LED}note \"led\"\n"),
        ..wanted()
    };
    let outcome = over(end(&mut searching, asked));
    let slowest = outcome.worth[0].iter().find(|it| it.told == "longest");
    let number = slowest.expect("a slowest run").number;
    let answers = searching.answer(Ask::OpenRun(0, number));
    let [Answer::OpenedRun(Ok(lesson))] = &*answers else {
        panic!("{answers:?}");
    };
    assert_eq!(lesson.caption, 2);
    let seed = format!("\nreseed {number}\n");
    assert!(lesson.script.contains(&seed), "{}", lesson.script);
    assert!(lesson.script.contains("\ncrash S1\n"), "{}", lesson.script);
    let played = Script::parse(&lesson.script).expect("a script").run();
    let run = played.expect("sound").run;
    assert!(run.servers().any(|it| it.is_up() && it.view().leads()));
}

#[test]
fn a_sample_stops_with_what_there_is_and_goes_on() {
    let mut searching = searching();
    searching.answer(Ask::Sample(3, wanted()));
    for _ in 0..7 {
        assert!(searching.go_on());
    }
    let Stage::Stopped(outcome) = last(searching.answer(Ask::StopSample)) else {
        panic!("it goes on");
    };
    // What comes before the runs of each of the settings, and then five runs in turn.
    assert!(outcome.told.ends_with(": 5 of 40 runs"), "{}", outcome.told);
    assert!(!searching.go_on());
    searching.answer(Ask::GoOnSampling);
    while searching.go_on() {}
    let outcome = over(last(searching.report()));
    let whole = over(end(&mut self::searching(), wanted()));
    assert_eq!(outcome.numbers, whole.numbers);
}

#[test]
fn what_cannot_be_sampled_is_said_and_the_rest_is_sampled() {
    let asked = Wanted {
        script: format!("{LED}crash S3\n"),
        settings: vec![
            setting("as it is", "cluster 3\n"),
            setting("two servers", "cluster 2\n"),
        ],
        ..wanted()
    };
    let outcome = over(end(&mut searching(), asked));
    assert_eq!(outcome.numbers.rows.len(), 1);
    assert!(
        outcome.missing[0].starts_with("two servers: "),
        "{outcome:?}"
    );
}

#[test]
fn a_sample_that_cannot_begin_is_refused_with_the_reason() {
    let alone = |wanted: Wanted| Wanted {
        settings: vec![setting("as it is", "cluster 3\n")],
        ..wanted
    };
    for (asked, why) in [
        (
            Wanted {
                standing_start: true,
                ..wanted()
            },
            "as it is: nobody leads at the moment",
        ),
        (
            Wanted {
                time: 300,
                ..wanted()
            },
            "runs of 300ms are too short to tell",
        ),
        (
            Wanted {
                awaited: Some("2 leders".to_owned()),
                ..wanted()
            },
            "did you mean `leaders`?",
        ),
        (
            Wanted {
                script: "cluster 3\ncrash S1\ncrash S1\n".to_owned(),
                ..wanted()
            },
            "does not get to its end",
        ),
    ] {
        match end(&mut searching(), alone(asked)) {
            Stage::Refused(told) => assert!(told.contains(why), "{told}"),
            other => panic!("{why}: {other:?}"),
        }
    }
}

#[test]
fn a_run_of_a_sample_that_is_gone_is_refused() {
    let answers = searching().answer(Ask::OpenRun(0, 1));
    assert!(
        matches!(&*answers, [Answer::OpenedRun(Err(why))] if why.contains("sample again")),
        "{answers:?}"
    );
    assert_eq!(searching().answer(Ask::Csv), []);
}

/// How often a leader comes soon, as it is told last.
fn soon(script: &str) -> String {
    let mut searching = searching();
    searching.answer(Ask::Next(5, script.to_owned()));
    while searching.go_on() {}
    match &*searching.report() {
        [Answer::Soon(5, told)] => told.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn how_often_a_leader_comes_soon_is_told_with_the_number_of_futures() {
    assert_eq!(
        soon("cluster 1\n"),
        "In 200 of 200 random futures, a leader that stays is there within 1s."
    );
    assert!(soon("cluster 3\ncrash S1\ncrash S2\n").starts_with("In 0 of 200 "));
    let contested = soon("cluster 5\noption election-timeout 150..160ms\n");
    let share: u32 = contested["In ".len()..]
        .split(' ')
        .next()
        .and_then(|it| it.parse().ok())
        .expect("a number");
    assert!((1..200).contains(&share), "{contested}");
}

#[test]
fn a_sample_speaks_chinese_when_it_is_told_to() {
    let mut searching = searching();
    over(end(&mut searching, wanted()));
    let answers = searching.answer(Ask::Speak(Some(String::new())));
    let [Answer::Bounds(_), Answer::SampleForm(form), sample] = &*answers else {
        panic!("{answers:?}");
    };
    let outcome = over(last([sample.clone()]));
    assert_eq!(form.text(FormText::Begin), "开始抽样");
    assert!(
        outcome
            .heading
            .starts_with("领导者崩溃之后到“稳定的领导者”"),
        "{}",
        outcome.heading
    );
}
