//! Runs in links: what is packed is unpacked, and nothing else is.
#![cfg(all(feature = "link", not(target_family = "wasm")))]

use std::path::Path;

use base64::Engine as _;
use hustings_lab::link::{self, LinkError};
use hustings_lab::script::Script;
use hustings_lab::{Command, Goal, Header, Lab, Link, Pick};
use hustings_raft::{Entry, LogIndex, Message, Millis, NodeId, Payload, Position, Term};
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
    let link = "https://example.org/h/#AQAFAZYBrAIyAQAAChQAAAAAAAAAAgABABZksE-1Wg";
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
        let hour = Command::Wait(Lab::DURATION_MAX);
        lab.apply(hour).expect("time passes by hand");
    }
    assert!(link::pack(&lab).is_ok());
    let half = Millis(Lab::DURATION_MAX.0 / 2 + 1);
    let mut lab = Lab::new(Header {
        cluster: 1,
        raft: hustings_raft::Options {
            heartbeat: Millis(600_000),
            ..Default::default()
        },
        ..Header::default()
    })
    .expect("sound");
    for _ in 0..2 {
        lab.apply(Command::Run(half)).expect("time passes");
    }
    assert_eq!(link::pack(&lab), Err(LinkError::TooMuchTime));
}

/// A link that holds these commands, whether or not a laboratory takes them.
fn forged_link(commands: &[Command]) -> String {
    let digest = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
    let packed = postcard::to_allocvec_crc32(&(Header::default(), commands), digest.digest());
    let bytes = [vec![link::VERSION], packed.expect("plain data")].concat();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn a_link_says_only_what_a_script_can_say() {
    let way = Link {
        from: NodeId::new(1).expect("S1"),
        to: NodeId::new(2).expect("S2"),
    };
    let entry = Entry {
        term: Term(1),
        payload: Payload::Command("evil".into()),
    };
    let evil = Command::Send {
        link: way,
        message: Message::AppendEntries {
            term: Term(1),
            prev: Position::START,
            entries: vec![entry],
            commit: LogIndex::ZERO,
        },
    };
    let nobody = Command::RunUntil {
        goal: Goal::Leaders(0),
        within: Millis(10),
    };
    let skip = Pick {
        skip: u32::MAX,
        if_any: true,
        ..Pick::oldest(way)
    };
    let elsewhere = Command::Crash(NodeId::new(7).expect("S7"));
    for command in [evil, nobody, Command::Deliver(skip), elsewhere] {
        let link = forged_link(&[Command::Heal, command.clone()]);
        let error = link::unpack(&link).expect_err("no line says it");
        let command = Box::new(command);
        assert_eq!(error, LinkError::Unsayable { place: 2, command });
        assert!(error.to_string().starts_with("the link's command 2 "));
    }
    let asked = Command::Send {
        link: way,
        message: Message::RequestVote {
            term: Term(1),
            last: Position::START,
            transfer: true,
        },
    };
    let lab = link::follow(&forged_link(&[asked])).expect("a script can say that");
    let printed = Script::of(&lab).to_string();
    let line = "send RequestVote S1->S2 term=1 last=0:0 transfer=yes\n";
    assert!(printed.ends_with(line), "{printed}");
    let again = Script::parse(&printed).expect("printed");
    assert_eq!(again.run().expect("sound").lab.commands(), lab.commands());
}

#[test]
fn the_longest_link_makes_a_script_that_can_be_read() {
    let most = vec![Command::Heal; link::COMMANDS_MAX];
    let lab = link::follow(&forged_link(&most)).expect("not too many");
    let script = Script::of(&lab).to_string();
    assert!(Script::parse(&script).is_ok());
    let more = vec![Command::Heal; link::COMMANDS_MAX + 1];
    let error = link::unpack(&forged_link(&more));
    assert_eq!(error, Err(LinkError::TooManyCommands));

    let mut header: String = hustings_raft::BrokenRule::ALL
        .iter()
        .map(|rule| format!("break {}\n", rule.name()))
        .collect();
    for number in 1..=9 {
        header.push_str(&format!("state S{number} log=none\n"));
    }
    header.push_str(
        "title \"All\"\ncluster 9\nseed 9\nmembers S1\noption pre-vote on
option check-quorum on\noption no-op off\noption election-timeout 1..2ms
option heartbeat 1ms\noption latency 1..2ms\noption loss 1%\noption duplicate 1%
option disk 1..2ms",
    );
    let header = Script::parse(&header).expect("sound").header.to_string();
    let lines = header.lines().count() + 1;
    assert_eq!(link::COMMANDS_MAX + lines, Script::LINES_MAX);
}

proptest! {
    /// Whatever bytes come in, they are read or refused.
    #[test]
    fn no_link_can_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".*") {
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
