//! Runs in links.
#![cfg(not(target_family = "wasm"))]

use std::path::Path;

use hustings_lab::link::{self, LinkError};
use hustings_lab::script::Script;
use hustings_lab::{Command, CommandError, Header, History, NoLibrary, RecordId, Run};
use proptest::prelude::*;

fn scenarios() -> Vec<(String, Run)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut labs = Vec::new();
    for folder in std::fs::read_dir(root).expect("the scenarios") {
        let folder = folder.expect("a folder").path();
        // Programs need an interpreter.
        if folder.ends_with("servers") {
            continue;
        }
        for file in std::fs::read_dir(folder).expect("a folder") {
            let file = file.expect("a file").path();
            let text = std::fs::read_to_string(&file).expect("a text");
            let script = Script::parse(&text).expect("a script");
            let lab = script.run().expect("a sound header").run;
            labs.push((file.display().to_string(), lab));
        }
    }
    labs
}

fn example() -> Run {
    let source = "title \"Two <b>votes</b> & a “note”\"
cluster 3
seed 5
break many-votes-per-term
option loss 10%
members S1 S2 S3
state S3 term=1 log=1 commit=1
timeout S1
hold S1->S2 RequestVote
send RequestVote S3->S2 term=4 last=2:1
release S1->S2
member add S1 at S2
run 3s
crash S3
run until 2 leaders within 2s";
    let script = Script::parse(source).expect("a script");
    script.run().expect("sound").run
}

#[test]
fn following_a_link_gives_the_same_records() {
    for (name, lab) in scenarios()
        .into_iter()
        .chain([("example".to_owned(), example())])
    {
        let text = link::pack(&lab, &NoLibrary).expect("short");
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:;=+%".contains(&byte);
        assert!(text.bytes().all(safe), "{name}: {text}");
        let again = link::follow(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again.header(), lab.header(), "{name}");
        assert_eq!(again.commands(), lab.commands(), "{name}");
        assert!(again.records().iter().eq(lab.records().iter()), "{name}");
    }
}

#[test]
fn links_to_scenarios_are_shorter_than_4000_characters() {
    for (name, lab) in scenarios() {
        let length = link::pack(&lab, &NoLibrary).expect("short").len();
        assert!(length < 4_000, "{name}: {length}");
    }
}

/// Links from earlier versions must stay valid.
#[test]
fn a_link_can_be_read_and_written_by_hand() {
    let link =
        "https://example.org/h/?embed#cluster+3;seed+7;timeout+S1;cut+S1-%3ES2;run+100ms;end";
    let lab = link::follow(link).expect("a link");
    let script = "cluster 3\nseed 7\n\ntimeout S1\ncut S1->S2\nrun 100ms\n";
    assert_eq!(Script::of(&lab).to_string(), script);
    let packed = link::pack(&lab, &NoLibrary).expect("short");
    assert_eq!(Some(packed.as_str()), link.split('#').next_back());
}

#[test]
fn a_truncated_link_is_an_error() {
    let text = link::pack(&example(), &NoLibrary).expect("short");
    for end in 0..text.len() {
        let part = text.get(..end).expect("ASCII");
        assert_eq!(link::unpack(part), Err(LinkError::Damaged), "{part}");
    }
    let more = link::unpack(&format!("{text}%2E"));
    assert_eq!(more, Err(LinkError::Damaged));
}

#[test]
fn a_link_to_a_lesson_names_its_caption_and_carries_the_whole_run() {
    let run = example();
    let text = link::pack_lesson(&run, 2, &NoLibrary).expect("short");
    assert!(text.ends_with(";caption+2;end"), "{text}");
    assert_eq!(
        link::caption(&format!("https://example.org/#{text}")),
        Some(2)
    );
    let followed = link::follow(&text).expect("a link");
    assert!(run.records().iter().eq(followed.records().iter()));
    assert_eq!(
        link::caption(&link::pack(&run, &NoLibrary).expect("short")),
        None
    );
    for end in 0..text.len() {
        let part = text.get(..end).expect("ASCII");
        assert_eq!(link::unpack(part), Err(LinkError::Damaged), "{part}");
    }
    let wrong = text.replace("caption+2", "caption+two");
    assert!(matches!(
        link::unpack(&wrong),
        Err(LinkError::Unreadable(_))
    ));
}

#[test]
fn link_errors_name_the_line_and_a_fix() {
    let told = |link: &str| link::follow(link).expect_err("wrong").to_string();
    assert_eq!(
        told("#AQID"),
        "the link is damaged: it does not finish with `;end`; copy it again as a whole"
    );
    assert_eq!(
        told("#cluster+3;crahs+S1;end"),
        "line 2 of the link cannot be read: `crahs` cannot stand here; did you mean `crash`?"
    );
    assert_eq!(
        told("#cluster+3;crash+S1;crash+S1;end"),
        "line 3 of the link cannot be carried out: S1 is down; restart it first"
    );
    assert_eq!(
        told("#title+%22%FF%22;end"),
        "the link is damaged: it does not finish with `;end`; copy it again as a whole"
    );
    assert_eq!(
        told(&"A".repeat(link::CHARS_MAX + 1)),
        "the link has more than 100000 characters, the most that a link may have; \
         a script in a file may be longer"
    );
}

#[test]
fn a_run_that_is_too_long_for_a_link_is_not_packed() {
    let mut lab = Run::new(Header::default()).expect("sound");
    for _ in 0..110 {
        let note = Command::Note("x".repeat(Command::TEXT_CHARS_MAX).into());
        lab.apply(note).expect("a note");
    }
    assert_eq!(link::pack(&lab, &NoLibrary), Err(LinkError::TooLong));
    let script = Script::save(&lab).expect("a script may be longer");
    assert!(Script::parse(&script).is_ok());
}

/// Repeats a command until it is refused; returns the laboratory and the error.
fn as_long_as_possible(command: Command) -> (Run, CommandError) {
    let mut lab = Run::new(Header::default()).expect("sound");
    loop {
        if let Err(refusal) = lab.apply(command.clone()) {
            return (lab, refusal);
        }
    }
}

#[test]
fn a_run_never_exceeds_the_maximum_size_of_a_script() {
    let long = "\u{feff}".repeat(Command::TEXT_CHARS_MAX);
    for command in [Command::Heal, Command::Note(long.into())] {
        let (lab, refusal) = as_long_as_possible(command);
        assert_eq!(
            refusal.to_string(),
            "a run has at most 10000 lines and 1048576 bytes as a script, and this would be \
             more; undo something, or save it and start a new run"
        );
        let script = Script::save(&lab).expect("it fits");
        let again = Script::parse(&script).expect("it can be read").run();
        let again = again.expect("sound").run;
        assert!(again.records().iter().eq(lab.records().iter()));
    }
    let (lab, _) = as_long_as_possible(Command::Heal);
    let script = Script::save(&lab).expect("it fits");
    assert_eq!(script.lines().count(), Script::LINES_MAX);
}

/// In the middle of a `deliver all`, the commands are one line per message.
#[test]
fn a_position_that_exceeds_the_maximum_size_of_a_script_is_not_saved() {
    let source = "cluster 3\nseed 1\n\ntimeout S1\n".to_owned() + &"heal\n".repeat(9_990);
    let script = Script::parse(&(source + "deliver all\n")).expect("a script");
    let mut history = History::new(script.run().expect("sound").run);
    let records = history.run().records().len();
    assert!(Script::save(history.run()).is_ok());
    history.seek(RecordId(records - 1)).expect("a record");
    assert!(Script::save(history.run()).is_ok(), "the end is the end");
    history.seek(RecordId(records - 2)).expect("a record");
    let error = Script::save(history.run()).expect_err("too long");
    assert_eq!(
        link::pack(history.run(), &NoLibrary),
        Err(LinkError::LongRun(error))
    );
    assert_eq!(
        error.to_string(),
        "up to here the run has more than 10000 lines or 1048576 bytes as a script, which \
         could not be read again; go to the end of the branch, which can be saved"
    );
}

proptest! {
    #[test]
    fn any_link_is_followed_or_rejected(text in ".*", lines in "([a-zA-Z0-9+;%=.>-]|run|S1|crash|title|%22){0,60}") {
        let _ = link::follow(&text);
        let _ = link::follow(&format!("{lines};end"));
    }
}
