//! The picture's axis, for stories of any length.

use std::collections::BTreeSet;

use hustings_lab::narrate::Lang;
use hustings_logs::{Given, Reader, Story, Text};

/// The labels of the axis of a story from one time to another.
fn labels(from: &str, to: &str) -> Vec<String> {
    let line = |at, role| format!(r#"{{"ts":"{at}","node":"n1","term":3,"role":"{role}"}}"#);
    let lines = [line(from, "candidate"), line(to, "leader")].join("\n");
    let text = Text::new("n1.log", lines.into_bytes()).expect("a text");
    let story = Story::of(Reader::new(vec![text]).finish(), &Given::default());
    let svg = story.shown(Lang::En).to_svg();
    let labels = svg
        .split("<text ")
        .filter(|it| it.contains(r#"class="time""#));
    let labels = labels.filter_map(|it| it.split_once('>')?.1.split_once("</text>"));
    labels.map(|(label, _)| label.trim().to_owned()).collect()
}

#[test]
fn an_axis_has_a_few_ticks_and_tells_them_apart() {
    let begin = "2026-01-01T10:00:00Z";
    for to in [
        "2026-01-01T10:00:00.004Z",
        "2026-01-01T10:00:07Z",
        "2026-01-01T11:30:00Z",
        "2026-01-05T10:00:00Z",
        "2026-10-02T10:00:00Z",
        "2031-10-02T10:00:00Z",
        "9999-10-02T10:00:00Z",
    ] {
        let labels = labels(begin, to);
        let kinds: BTreeSet<_> = labels.iter().collect();
        assert!((2..=15).contains(&labels.len()), "{to}: {labels:?}");
        let is_within_days = to < "2026-01-06";
        assert!(is_within_days || kinds.len() == labels.len(), "{labels:?}");
    }
}

#[test]
fn labels_are_times_of_day_and_of_a_longer_story_days() {
    let hours = labels("2026-01-01T10:00:00Z", "2026-01-01T22:00:00Z");
    assert_eq!(hours.first().map(String::as_str), Some("10:00"));
    assert_eq!(hours.last().map(String::as_str), Some("22:00"));
    let months = labels("2026-01-01T10:00:00Z", "2026-10-02T10:00:00Z");
    assert_eq!(months.first().map(String::as_str), Some("2026-01-07"));
    let night = labels("2026-01-01T20:00:00Z", "2026-01-02T04:00:00Z");
    assert!(night.contains(&"01-02".to_owned()), "{night:?}");
}
