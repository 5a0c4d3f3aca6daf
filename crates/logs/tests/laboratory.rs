//! Moments of stories, opened in the laboratory.

use std::fs;
use std::path::Path;

use hustings_lab::narrate::Lang;
use hustings_lab::script::Script;
use hustings_logs::{Given, Micros, Moment, Reader, Story, Text};

fn story(folder: &str) -> Story {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples/logs")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("a folder of samples")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "log"))
        .collect();
    files.sort();
    let texts = files.iter().map(|file| {
        let name = file
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        Text::new(&name, fs::read(file).expect("a log")).expect("a text")
    });
    Story::of(Reader::new(texts.collect()).finish(), &Given::default())
}

/// Plays a script, which expects that whoever led at its moment leads.
fn play(script: &str) {
    let parsed = Script::parse(script);
    let parsed = parsed.unwrap_or_else(|errors| panic!("{script}\n{errors:?}"));
    let outcome = parsed.run().expect("a header that is valid");
    assert!(
        outcome.failures.is_empty(),
        "{script}\n{:?}",
        outcome.failures
    );
}

fn moment(text: &str) -> Moment {
    Moment::parse(text, Moment::default()).expect("a time")
}

#[test]
fn the_leader_of_a_moment_leads_in_its_term() {
    let opened = story("etcd-3.4-zap").open_at(moment("2026-11-28T02:27:37Z"), Lang::En);
    let opened = opened.expect("it opens");
    play(&opened.script);
    insta::assert_snapshot!(format!("{}\n{}", opened.script, opened.assumed.join("\n")));
}

/// A moment of a story opened, with what is tried from there.
fn tried(story: &Story, at: &str, steps: &str) -> Vec<String> {
    let opened = story.open_at(moment(at), Lang::En).expect("it opens");
    play(&format!("{}\n{steps}", opened.script));
    opened.assumed
}

fn assert_assumed(assumed: &[String], sentence: &str) {
    let told = assumed.iter().any(|it| it == sentence);
    assert!(told, "{sentence:?} is not in {assumed:#?}");
}

/// As the logs go on: `m2.log` refuses a millisecond later, and `m3.log` has the longer log.
#[test]
fn a_candidate_with_a_shorter_log_is_refused_as_the_logs_go_on() {
    let story = story("etcd-3.4-rejoin");
    let again = "timeout S1\ndeliver all\nexpect no leader\nexpect S1 log=2\n\
                 expect S2 log=2,2\nexpect S3 log=2,2";
    let assumed = tried(&story, "2026-11-29T11:10:14.192Z", again);
    assert_assumed(
        &assumed,
        "m1 begins with a log up to index 8 of term 2, as its line at 11:10:14.192 tells.",
    );
    assert_assumed(
        &assumed,
        "m2 begins with a log up to index 11 of term 2, as its line at 11:10:14.193 tells, \
         1 ms later; it may have had less.",
    );
    assert_assumed(
        &assumed,
        "m3 begins with a log up to index 11 of term 2, as its line at 11:10:14.192 tells.",
    );
}

/// While one that was cut off stands, the old leader and its follower keep what they have.
#[test]
fn a_leader_of_an_older_term_keeps_what_it_has_committed() {
    let story = story("etcd-3.4-rejoin");
    let stands = "timeout S1\ndeliver all\nexpect no leader";
    let assumed = tried(&story, "2026-11-29T11:10:10.000Z", stands);
    assert_assumed(
        &assumed,
        "m2 led term 2, while others were in newer terms; here it follows.",
    );
}

/// A story in the form that anybody can print, a file for each member.
fn printed(files: &[&str]) -> Story {
    let texts = files.iter().zip(1..).map(|(file, number)| {
        let lines = file.lines().map(|line| format!("{}\n", line.trim()));
        let bytes = lines.collect::<String>().into_bytes();
        Text::new(&format!("n{number}.log"), bytes).expect("a text")
    });
    Story::of(Reader::new(texts.collect()).finish(), &Given::default())
}

/// Why a story does not open at so many milliseconds.
fn refused(story: &Story, millis: i64) -> String {
    let opened = story.open_at(Moment::default() + Micros::from_millis(millis), Lang::En);
    opened.expect_err("it does not open").tell(story, Lang::En)
}

#[test]
fn a_log_that_shrank_at_an_unknown_moment_opens_no_run() {
    let one = r#"{"t":1000,"node":"n1","event":"state","term":2,"role":"leader","lastLogTerm":2,"lastLogIndex":9}
        {"t":1200,"node":"n1","event":"state","term":2,"role":"follower","lastLogTerm":2,"lastLogIndex":9}"#;
    let other = r#"{"t":1100,"node":"n2","event":"state","term":2,"role":"follower","lastLogTerm":2,"lastLogIndex":9}
        {"t":5000,"node":"n2","event":"state","term":2,"role":"follower","lastLogTerm":2,"lastLogIndex":7}"#;
    let why = refused(&printed(&[one, other]), 3_000);
    assert!(why.starts_with("n2's log became shorter between"), "{why}");
}

#[test]
fn a_refusal_for_logs_that_are_not_told_opens_no_run() {
    let one = r#"{"t":1000,"node":"n1","term":3,"role":"candidate"}"#;
    let other = r#"{"t":900,"node":"n2","term":2,"role":"follower"}
        {"t":1010,"node":"n2","event":"vote","candidate":"n1","voteGranted":false,"reason":"log","term":3}"#;
    let why = refused(&printed(&[one, other]), 1_005);
    assert!(
        why.contains("n2 refused its vote to n1 for its log"),
        "{why}"
    );
}

#[test]
fn every_moment_of_every_sample_opens_as_a_script_that_plays() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/logs");
    for folder in fs::read_dir(samples).expect("samples") {
        let folder = folder.expect("a folder");
        let name = folder.file_name().to_string_lossy().into_owned();
        if !folder.path().join("story.md").exists() {
            continue;
        }
        let story = story(&name);
        for event in story.events.iter().step_by(40) {
            if let Ok(opened) = story.open_at(event.at, Lang::En) {
                play(&opened.script);
            }
        }
    }
}

/// What is told of a log that may have grown since is a least.
#[test]
fn a_log_is_a_least_once_a_leader_may_have_appended() {
    let shown = story("etcd-3.4-rejoin").shown(Lang::En);
    let at = |time: &str| moment(time) - shown.begins;
    let log = |name: &str, time: &str| {
        let member = shown.members.iter().find(|it| &*it.name == name);
        let log = member.expect("a member").log_at(at(time)).expect("is told");
        let end = log.end.expect("an end");
        (end.index, log.may_have_grown(at(time)))
    };
    // All lines of a millisecond are known at it: the vote of `m3.log:62`.
    assert_eq!(log("m3", "2026-11-29T11:10:06.693Z"), (3, false));
    assert_eq!(log("m3", "2026-11-29T11:10:14.191Z"), (3, true));
    assert_eq!(log("m3", "2026-11-29T11:10:14.192Z"), (11, false));
    assert_eq!(log("m2", "2026-11-29T11:10:14.192Z"), (3, true));
    // Nobody leads a term that a candidate of term 6 would follow, up to 15.7.
    assert_eq!(log("m1", "2026-11-29T11:10:15.690Z"), (8, false));
    assert_eq!(log("m1", "2026-11-29T11:10:15.703Z"), (8, true));
}
