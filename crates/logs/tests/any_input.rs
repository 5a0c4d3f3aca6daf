//! Whatever the files hold, a story comes of them, and it can be shown and exported.

use hustings_lab::narrate::Lang;
use hustings_logs::{Given, Micros, Reader, Story, Text};
use proptest::prelude::*;

/// A piece of a log: real lines' words and numbers, and anything at all.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "2026-03-01T12:00:00.000Z [INFO]  raft: entering candidate state: term=5",
        "{\"ts\":\"2026-03-01T12:00:01Z\",\"msg\":\"a1b2c3d4e5f60718 became leader at term 2\"}",
        "{\"t\":5,\"node\":1,\"term\":18446744073709551615,\"role\":\"candidate\"}",
        "{\"t\":6,\"node\":2,\"term\":2,\"role\":\"leader\",\"lastLogTerm\":1,\"lastLogIndex\":9}",
        "[2020/01/01 00:00:00.000 +00:00] [INFO] [raft.rs:823] [\"became leader\"] [term=5]",
        "Feb 29 23:59:59 host etcd[1]: ",
        "Dec 31 23:59:59 ",
        "9999-12-31T23:59:59.999Z ",
        "{\"MESSAGE\":\"2026-03-01T12:00:00.000Z [INFO]  raft: entering leader state: leader=\\\"Node at a:1 [Leader]\\\"\",\"__REALTIME_TIMESTAMP\":\"9223372036854775807\"}",
        "{\"MESSAGE\":\"[INFO]  raft: entering candidate state: term=5\",\"__REALTIME_TIMESTAMP\":\"-9223372036854775808\"}",
        "{\"MESSAGE\":\"[INFO]  raft: entering candidate state: term=6\",\"__REALTIME_TIMESTAMP\":\"253402207200000000\"}",
        "{\"MESSAGE\":\"[INFO]  raft: entering follower state: follower=a leader=\",\"__REALTIME_TIMESTAMP\":\"-62135596800000000\"}",
        "term=",
        "{\"log\":\"",
        "[",
        "\"",
        "\r\n",
        "\n",
    ]);
    prop_oneof![
        4 => words.prop_map(|it| it.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..30).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: prop::test_runner::RngSeed::Fixed(1), ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_files_are_a_story(files in prop::collection::vec(file(), 1..=3)) {
        let texts = files.into_iter().filter_map(|it| Text::new("m1.log", it).ok());
        let story = Story::of(Reader::new(texts.collect()).finish(), &Given::default());
        let shown = story.shown(Lang::En);
        prop_assert_eq!(shown.events.len(), story.events.len());
        prop_assert!(shown.account.iter().all(|it| !it.sentences.is_empty()));
        let mut json = Vec::new();
        story.write_json(Lang::En, &mut json).expect("a vector takes all");
        let lines = json.split(|byte| *byte == b'\n').filter(|it| !it.is_empty());
        for line in lines {
            let read: Result<serde_json::Value, _> = serde_json::from_slice(line);
            prop_assert!(read.is_ok());
        }
        prop_assert!(shown.to_svg().len() < 1_000_000);
        let middle = shown.begins + Micros::ZERO.midpoint(shown.lasts);
        let mut csv = Vec::new();
        story.write_csv(Lang::En, &mut csv).expect("a vector takes all");
        prop_assert!(csv.starts_with(b"at,"));
        let part = story.between(Some(middle), None).shown(Lang::Zh);
        prop_assert!(part.events.len() <= shown.events.len());
    }
}
