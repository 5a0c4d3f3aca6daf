//! What is told is so, in every run: each test names the claim.

mod broken;
mod commits;
mod elections;
mod faults;
mod leaders;
mod logs;
mod once;
mod transfers;
mod votes;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;
use hustings_lab::{Record, Run, Transcript};

/// Plays a script whose lines stand between slashes.
fn play(script: &str) -> Run {
    let source = script.replace(" / ", "\n");
    let script = Script::parse(&source).expect("a script");
    script.run().expect("a sound header").run
}

/// All that is told of a record, line by line: what happened, why, and what was sent.
fn lines(record: &Record, lang: Lang) -> Vec<String> {
    let mut lines = vec![narrate::event(&record.event, lang)];
    let reasons = narrate::reasons(record, lang).into_iter();
    lines.extend(reasons.map(|(_, sentence)| sentence));
    lines.extend(record.sent.iter().map(|flight| {
        let name = narrate::flight_name(flight, lang);
        format!("{name}: {}", narrate::message(&flight.message, lang))
    }));
    lines
}

/// All that is told of a run.
fn told(script: &str) -> Vec<String> {
    told_in(script, Lang::En)
}

fn told_in(script: &str, lang: Lang) -> Vec<String> {
    let lab = play(script);
    let records = lab.records().iter();
    records
        .flat_map(|(_, record)| lines(record, lang))
        .collect()
}

/// What is told of the last thing that happened to somebody.
fn told_last(script: &str) -> Vec<String> {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    lines(last, Lang::En)
}

#[track_caller]
fn assert_has(told: &[String], sentence: &str) {
    let all = told.join("\n");
    assert!(
        told.iter().any(|it| it == sentence),
        "{sentence}\nis not in\n{all}"
    );
}

#[track_caller]
fn assert_none(told: &[String], words: &str) {
    let all = told.join("\n");
    assert!(!all.contains(words), "{words}\nis in\n{all}");
}

/// All that is told of a record's reasons, and of nothing else.
fn why_last(script: &str) -> Vec<String> {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    let reasons = narrate::reasons(last, Lang::En).into_iter();
    reasons.map(|(_, sentence)| sentence).collect()
}

/// The sentence for the last thing that happened.
fn headline(script: &str) -> String {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    narrate::headline(last, Lang::En)
}

/// What is told of a run as a whole.
fn transcript(script: &str) -> Vec<String> {
    let lab = play(script);
    let transcript = Transcript::of(&lab);
    let items = transcript.items();
    items
        .flat_map(|item| narrate::told(item, lab.records(), Lang::En))
        .collect()
}

/// The runs of the scenarios in a folder.
fn scenarios(folder: &str) -> impl Iterator<Item = Run> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let files = std::fs::read_dir(format!("{root}/{folder}")).expect("the scenarios");
    files.map(|file| {
        let source = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        let script = Script::parse(&source).expect("a script");
        script.run().expect("a sound header").run
    })
}
