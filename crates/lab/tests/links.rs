//! Runs in links: what is packed is unpacked, and nothing else is.
#![cfg(all(feature = "link", not(target_family = "wasm")))]

use std::path::Path;

use hustings_lab::link::{self, LinkError};
use hustings_lab::script::Script;
use hustings_lab::{Header, Lab};
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
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        let again = link::follow(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again.header(), lab.header(), "{name}");
        assert_eq!(again.commands(), lab.commands(), "{name}");
        assert!(again.records().iter().eq(lab.records().iter()), "{name}");
    }
}

#[test]
fn a_link_to_a_scenario_stays_below_two_thousand_characters() {
    for (name, lab) in scenarios() {
        let length = link::pack(&lab).expect("short").len();
        assert!(length < 2_000, "{name}: {length}");
    }
}

/// Links that people have sent around must stay readable.
#[test]
fn a_link_of_the_first_version_is_still_read() {
    let link = "https://example.org/h/#AQAFAZYBrAIyAQAAChQAAAAAAAAAAgABABlkTUXMvQ";
    let lab = link::follow(link).unwrap_or_else(|error| {
        let lab = Script::parse("timeout S1\nrun 100ms").expect("a script");
        let now = link::pack(&lab.run().expect("sound").lab);
        panic!("{error}: now it would be {now:?}")
    });
    assert_eq!(
        Script::of(&lab).to_string(),
        "cluster 5\nseed 1\n\ntimeout S1\nrun 100ms\n"
    );
}

#[test]
fn what_is_wrong_with_a_link_is_told() {
    let text = link::pack(&example()).expect("short");
    let part = text.get(..text.len() - 5).expect("ASCII");
    for damaged in ["", "#", "AQ", "?!", part, &format!("{text}AA")] {
        assert_eq!(link::unpack(damaged), Err(LinkError::Damaged), "{damaged}");
    }
    assert_eq!(link::unpack("#AgAA"), Err(LinkError::Newer(2)));
    let long = "A".repeat(link::CHARS_MAX + 1);
    assert_eq!(link::unpack(&long), Err(LinkError::TooLong));
}

#[test]
fn a_run_that_no_visitor_could_wait_for_is_not_packed() {
    let mut lab = Lab::new(Header {
        cluster: 1,
        ..Header::default()
    })
    .expect("sound");
    for _ in 0..2 {
        let hour = hustings_lab::Command::Wait(Lab::DURATION_MAX);
        lab.apply(hour).expect("time passes by hand");
    }
    assert!(link::pack(&lab).is_ok());
    let half = hustings_raft::Millis(Lab::DURATION_MAX.0 / 2 + 1);
    let mut lab = Lab::new(Header {
        cluster: 1,
        raft: hustings_raft::Options {
            heartbeat: hustings_raft::Millis(600_000),
            ..Default::default()
        },
        ..Header::default()
    })
    .expect("sound");
    for _ in 0..2 {
        lab.apply(hustings_lab::Command::Run(half))
            .expect("time passes");
    }
    assert_eq!(link::pack(&lab), Err(LinkError::TooMuchTime));
}

proptest! {
    /// Whatever bytes come in, they are read or refused.
    #[test]
    fn no_link_can_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".*") {
        use base64::Engine as _;
        let mut versioned = vec![link::VERSION];
        versioned.extend(&bytes);
        let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(versioned);
        prop_assert!(link::follow(&encoded).is_err());
        prop_assert!(link::follow(&text).is_err());
    }

    /// A link with one character changed is not taken for another run.
    #[test]
    fn a_changed_character_is_noticed(place in any::<prop::sample::Index>(), new in "[A-Za-z0-9_-]") {
        let text = link::pack(&example()).expect("short");
        let place = place.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(place..=place, &new);
        prop_assume!(changed != text);
        prop_assert!(link::unpack(&changed).is_err());
    }
}
