//! What is known of members, and of how leadership went.

use hustings_lab::narrate::Lang;
use hustings_logs::shown::{MemberId, SectionKind};
use hustings_logs::{Given, Known, Reader, Story, Text};

/// The story of these files, in the form that anybody can print (`docs/logs.md`).
fn story(files: &[&str]) -> Story {
    let texts = files.iter().enumerate().map(|(number, file)| {
        let lines = file.lines().map(|line| format!("{}\n", line.trim()));
        let bytes = lines.collect::<String>().into_bytes();
        Text::new(&format!("{number}.log"), bytes).expect("a text")
    });
    Story::of(Reader::new(texts.collect()).finish(), &Given::default())
}

/// What is known at the end of the member with this name.
fn known_at_end(story: &Story, name: &str) -> Known {
    let named = |it: &MemberId| story.members.member(*it).is_some_and(|it| it.name == name);
    let member = story.members.ids().find(named).expect("a member");
    story.known(member, story.ends)
}

/// The first sentence of the verdict.
fn course(files: &[&str]) -> String {
    let shown = story(files).shown(Lang::En);
    let mut sections = shown.account.iter();
    let verdict = sections.find(|it| it.kind == SectionKind::Verdict);
    let verdict = verdict.expect("there is a verdict");
    verdict.sentences[0].says.to_string()
}

#[test]
fn the_term_of_a_silent_member_is_what_others_tell() {
    let silent = r#"{"t":1000,"node":"n1","term":2,"role":"leader"}
        {"t":6000,"node":"n1","event":"unreachable","peer":"n2"}"#;
    let others = r#"{"t":1100,"node":"n2","event":"leader","leader":"n1","term":2}
        {"t":5000,"node":"n2","event":"leader","leader":"n1","term":5}"#;
    let story = story(&[silent, others]);
    let known = known_at_end(&story, "n1");
    assert_eq!(known.term, Some(5));
    // It led, and whether it leads still no line tells.
    assert_eq!((known.role, known.vote, known.leader), (None, None, None));
}

#[test]
fn a_member_without_lines_stood_in_the_term_of_its_request() {
    let voter = r#"{"t":1000,"node":"n2","term":3,"role":"follower"}
        {"t":2000,"node":"n2","event":"vote","candidate":"n1","voteGranted":true,"term":4}"#;
    let story = story(&[voter]);
    assert_eq!(known_at_end(&story, "n1").term, Some(4));
    assert_eq!(known_at_end(&story, "n2").term, Some(4));
}

#[test]
fn what_others_tell_later_does_not_take_a_member_back() {
    let own = r#"{"t":1000,"node":"n1","term":2,"role":"leader"}
        {"t":3000,"node":"n1","term":3,"role":"follower"}"#;
    let late = r#"{"t":3500,"node":"n2","event":"leader","leader":"n1","term":2}"#;
    let known = known_at_end(&story(&[own, late]), "n1");
    assert_eq!(known.term, Some(3));
}

#[test]
fn who_is_elected_again_is_no_other_leader() {
    let first = r#"{"t":1000,"node":"n1","term":2,"role":"leader"}
        {"t":3000,"node":"n1","term":2,"role":"follower"}
        {"t":4000,"node":"n1","term":3,"role":"leader"}
        {"t":5000,"node":"n1","term":3,"role":"follower"}"#;
    let says = course(&[first]);
    assert!(
        says.contains("The same member was elected again once."),
        "{says}"
    );

    let second = r#"{"t":6000,"node":"n2","term":4,"role":"leader"}"#;
    let says = course(&[first, second]);
    let both = "The leader changed once; whoever led before was elected again once.";
    assert!(says.contains(both), "{says}");
}
