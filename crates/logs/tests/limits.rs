//! How much is read, and what is said of the rest.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use hustings_lab::narrate::Lang;
use hustings_logs::{Files, Given, Reader, Story, Text, TextError};

const LINES: &str = r#"
{"ts":"2026-03-01T12:00:00Z","node":"n1","term":3,"role":"candidate"}
{"ts":"2026-03-01T12:00:01Z","node":"n1","term":3,"role":"leader"}
{"ts":"2026-03-01T12:00:01Z","node":"n1","term":3,"role":"leader"}
{"ts":"2026-03-01T12:00:02Z","node":"n1","term":4,"role":"follower"}
"#;

fn packed(lines: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(lines.as_bytes()).expect("memory");
    packed.finish().expect("memory")
}

#[test]
fn files_share_the_room_that_there_is_unpacked() {
    let mut files = Files::within(LINES.len() * 2);
    let bomb = packed(&LINES.repeat(20));
    assert!(bomb.len() < files.room());
    assert_eq!(files.add("bomb.gz", bomb.clone()), Err(TextError::NoRoom));
    assert_eq!(files.add("n1.log", LINES.into()), Ok(()));
    assert_eq!(files.add("n2.log.gz", packed(LINES)), Ok(()));
    assert_eq!(files.room(), 0);
    let error = files.add("n3.log", LINES.into());
    let told = error.map_err(|it| it.tell("n3.log", Lang::En));
    let says = "n3.log is left out: with the files before it, it is larger than 1 GiB. \
                Give fewer files, or parts of them.";
    assert_eq!(told, Err(says.to_owned()));
    assert_eq!(files.all().len(), 2);
}

/// The account of these lines, with room for so many sightings.
fn account(room: usize) -> String {
    let text = Text::new("n1.log", LINES.into()).expect("a text");
    let reader = Reader::new(vec![text]).with_room(room);
    let shown = Story::of(reader.finish(), &Given::default()).shown(Lang::En);
    let said = shown.account.iter().flat_map(|it| &it.sentences);
    said.map(|it| format!("{}\n", it.says)).collect()
}

#[test]
fn what_there_is_no_room_for_is_said_to_be_missing_and_nothing_else_is() {
    let says = "Only the first 3 observations are told of.";
    assert!(
        account(3).contains(says),
        "one is left out as it is repeated"
    );
    for room in [4, 5, Reader::SIGHTINGS_MAX, usize::MAX] {
        assert!(!account(room).contains("Only the first"), "{room}");
    }
}
