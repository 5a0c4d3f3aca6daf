//! Moments of stories, opened in the laboratory.

use std::fs;
use std::path::Path;

use hustings_lab::narrate::Lang;
use hustings_lab::script::Script;
use hustings_logs::{Given, Moment, Reader, Story, Text};

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
