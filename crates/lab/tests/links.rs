//! Runs in links: what is packed is unpacked, and people can read and write it.
#![cfg(not(target_family = "wasm"))]

use std::path::Path;

use hustings_lab::link::{self, LinkError};
use hustings_lab::script::Script;
use hustings_lab::{Command, Header, Lab};
use proptest::prelude::*;

fn scenarios() -> Vec<(String, Lab)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut labs = Vec::new();
    for folder in std::fs::read_dir(root).expect("the scenarios") {
        let folder = folder.expect("a folder").path();
        for file in std::fs::read_dir(folder).expect("a folder") {
            let file = file.expect("a file").path();
            let text = std::fs::read_to_string(&file).expect("a text");
            let script = Script::parse(&text).expect("a script");
            let lab = script.run().expect("a sound header").lab;
            labs.push((file.display().to_string(), lab));
        }
    }
    labs
}

fn example() -> Lab {
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
    script.run().expect("sound").lab
}

#[test]
fn a_link_leads_to_the_same_records() {
    for (name, lab) in scenarios()
        .into_iter()
        .chain([("example".to_owned(), example())])
    {
        let text = link::pack(&lab).expect("short");
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:;=+%".contains(&byte);
        assert!(text.bytes().all(safe), "{name}: {text}");
        let again = link::follow(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again.header(), lab.header(), "{name}");
        assert_eq!(again.commands(), lab.commands(), "{name}");
        assert!(again.records().iter().eq(lab.records().iter()), "{name}");
    }
}

#[test]
fn a_link_to_a_scenario_stays_below_four_thousand_characters() {
    for (name, lab) in scenarios() {
        let length = link::pack(&lab).expect("short").len();
        assert!(length < 4_000, "{name}: {length}");
    }
}

/// Links that people have sent around must stay readable.
#[test]
fn a_link_can_be_read_and_written_by_hand() {
    let link =
        "https://example.org/h/?embed#cluster+3;seed+7;timeout+S1;cut+S1-%3ES2;run+100ms;end";
    let lab = link::follow(link).expect("a link");
    let script = "cluster 3\nseed 7\n\ntimeout S1\ncut S1->S2\nrun 100ms\n";
    assert_eq!(Script::of(&lab).to_string(), script);
    let packed = link::pack(&lab).expect("short");
    assert_eq!(Some(packed.as_str()), link.split('#').next_back());
}

#[test]
fn a_link_that_was_cut_short_is_noticed() {
    let text = link::pack(&example()).expect("short");
    for end in 0..text.len() {
        let part = text.get(..end).expect("ASCII");
        assert_eq!(link::unpack(part), Err(LinkError::Damaged), "{part}");
    }
    let more = link::unpack(&format!("{text}%2E"));
    assert_eq!(more, Err(LinkError::Damaged));
}

#[test]
fn what_is_wrong_with_a_link_is_told_with_its_line_and_the_cure() {
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
        "the link has more than 100000 characters, the most that a link may have"
    );
}

#[test]
fn a_run_that_is_too_long_for_a_link_is_not_packed() {
    let mut lab = Lab::new(Header::default()).expect("sound");
    for _ in 0..10_000 {
        lab.apply(Command::Note("Ten more.".into()))
            .expect("a note");
    }
    assert_eq!(link::pack(&lab), Err(LinkError::TooLong));
}

proptest! {
    /// Whatever comes in, it is read or refused.
    #[test]
    fn no_link_can_do_harm(text in ".*", lines in "([a-zA-Z0-9+;%=.>-]|run|S1|crash|title|%22){0,60}") {
        let _ = link::follow(&text);
        let _ = link::follow(&format!("{lines};end"));
    }
}
