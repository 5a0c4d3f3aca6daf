//! A reader that is asked by a page, and what it answers.

use hustings_logs::shown::{EventId, MemberId, Place, Shown, Whose};
use hustings_logs::wire::{Answer, Ask, Format, RawLine};
use hustings_logs::{Desk, LineNumber, Micros, Reader};

const M1: &str = include_str!("../../../samples/logs/etcd-3.4-zap/m1.log");
const M2: &str = include_str!("../../../samples/logs/etcd-3.4-zap/m2.log");
const M3: &str = include_str!("../../../samples/logs/etcd-3.4-zap/m3.log");

/// A desk with these files, and what it says of them.
fn read(files: &[(&str, &[u8])]) -> (Desk, Answer) {
    let mut desk = Desk::default();
    for (_, bytes) in files {
        desk.give(Some(bytes.to_vec()));
    }
    let names = files.iter().map(|(name, _)| (*name).into());
    assert_eq!(desk.answer(Ask::Read(7, names.collect())), None);
    while desk.go_on() {}
    let answer = desk.report().expect("they are read");
    (desk, answer)
}

fn logs() -> (Desk, Answer) {
    read(&[
        ("m1.log", M1.as_bytes()),
        ("m2.log", M2.as_bytes()),
        ("m3.log", M3.as_bytes()),
    ])
}

fn shown(answer: &Answer) -> &Shown {
    match answer {
        Answer::Read(7, read) => &read.shown,
        other => panic!("not read: {other:?}"),
    }
}

#[test]
fn it_says_how_far_it_has_come_and_then_what_it_has_read() {
    let mut desk = Desk::default();
    desk.give(Some(M1.repeat(20).into_bytes()));
    desk.answer(Ask::Read(7, vec!["m1.log".into()]));
    assert!(desk.go_on(), "a part at a time");
    let Some(Answer::Going(7, progress)) = desk.report() else {
        panic!("it has just begun");
    };
    assert!(progress.read > 0 && progress.read < progress.of);
    while desk.go_on() {}
    assert!(matches!(desk.report(), Some(Answer::Read(7, _))));
}

#[test]
fn the_files_that_cannot_be_read_are_named_and_the_others_are_read() {
    let (_, answer) = read(&[("core.dump", b"\x7fELF\0\0\0"), ("m3.log", M3.as_bytes())]);
    let Answer::Read(_, read) = &answer else {
        panic!("they are read");
    };
    assert_eq!(read.left_out.len(), 1);
    assert!(read.left_out[0].contains("core.dump"));
    assert!(!read.shown.events.is_empty());
    let mut desk = Desk::default();
    desk.give(None);
    desk.answer(Ask::Read(7, vec!["folder".into()]));
    while desk.go_on() {}
    let Some(Answer::Read(_, read)) = desk.report() else {
        panic!("there is nothing to read");
    };
    assert!(read.left_out[0].contains("folder") && read.shown.events.is_empty());
}

#[test]
fn a_line_is_told_with_its_neighbours_and_leads_from_its_event() {
    let (mut desk, answer) = logs();
    let event = shown(&answer)
        .events
        .iter()
        .find(|it| it.says.contains("leads in term"));
    let place = event.expect("somebody led").place;
    let Some(Answer::Line(of, lines)) = desk.answer(Ask::Line(place)) else {
        panic!("it has that line");
    };
    assert_eq!(of, place);
    let own = lines.iter().find(|it| it.number == place.line);
    assert!(own.is_some_and(|it| it.says.contains("became leader")));
    assert_eq!(lines.len(), 7);
    let first = Place {
        file: 0,
        line: LineNumber(1),
    };
    let Some(Answer::Line(_, lines)) = desk.answer(Ask::Line(first)) else {
        panic!("a first line");
    };
    let numbers = lines.iter().map(|RawLine { number, .. }| number.0);
    assert!(numbers.eq(1..=4));
}

#[test]
fn words_are_found_in_the_lines_of_events_and_the_names_of_their_members() {
    let (mut desk, answer) = logs();
    let mut find = |words: &str| match desk.answer(Ask::Find(words.into())) {
        Some(Answer::Found(of, found)) if *of == *words => found,
        other => panic!("not found: {other:?}"),
    };
    let event = |id: &EventId| &shown(&answer).events[id.0 as usize];
    let found = find("M3 Became LEADER");
    let terms: Vec<_> = found.iter().map(|id| &*event(id).says).collect();
    assert!(terms.contains(&"m3 leads in term 3."), "{terms:?}");
    assert!(found.iter().all(|id| event(id).member == MemberId(2)));
    assert!(found.is_sorted(), "in order");
    assert_eq!(find("no such words"), []);
    assert_eq!(desk.report(), None, "the story has been told already");
}

/// Three lines of a follower in hclog, as text, none of which names it.
const NAMELESS: &str = "\
2026-01-01T00:00:01.000Z [INFO]  raft: entering follower state: leader=
2026-01-01T00:00:03.000Z [WARN]  raft: heartbeat timeout reached, starting election: last-leader=
2026-01-01T00:00:03.100Z [INFO]  raft: election won: tally=2
";

#[test]
fn a_file_whose_lines_name_nobody_is_given_to_a_member_and_back() {
    let files: [(&str, &[u8]); 2] = [("a.log", NAMELESS.as_bytes()), ("notes.txt", b"buy milk\n")];
    let (mut desk, answer) = read(&files);
    let whose = |answer: &Answer| -> Vec<_> {
        let files = shown(answer).files.iter();
        files.map(|it| it.whose).collect()
    };
    assert_eq!(whose(&answer), [Whose::Assumed(MemberId(0)), Whose::Nobody]);
    assert_eq!(&*shown(&answer).members[0].name, "a");
    let mut assign = |members: &[(u16, &str)]| {
        let members = members
            .iter()
            .map(|(file, name)| (*file, (*name).to_owned()));
        assert_eq!(desk.answer(Ask::Assign(members.collect())), None);
        while desk.go_on() {}
        desk.report().expect("they are read again")
    };
    let answer = assign(&[(0, "n1")]);
    assert_eq!(whose(&answer), [Whose::Given(MemberId(0)), Whose::Nobody]);
    assert_eq!(&*shown(&answer).members[0].name, "n1");
    assert!(shown(&answer).events[0].says.starts_with("n1 "));
    let answer = assign(&[]);
    assert_eq!(whose(&answer), [Whose::Assumed(MemberId(0)), Whose::Nobody]);
}

#[test]
fn it_is_told_whose_lines_a_file_holds() {
    let (_, answer) = logs();
    let told = (0..3).map(|number| Whose::Told(MemberId(number)));
    let files = shown(&answer).files.iter();
    assert!(files.map(|it| it.whose).eq(told));
    let both = [M1, M2].concat();
    let (_, answer) = read(&[("both.log", both.as_bytes()), ("m3.log", M3.as_bytes())]);
    assert_eq!(shown(&answer).files[0].whose, Whose::Several);
}

#[test]
fn what_was_read_goes_into_files_and_into_the_laboratory() {
    let (mut desk, answer) = logs();
    let mut file = |format| match desk.answer(Ask::Export(format)) {
        Some(Answer::Exported(of, text)) if of == format => text,
        other => panic!("no file: {other:?}"),
    };
    assert!(file(Format::Svg).starts_with("<svg"));
    assert!(file(Format::Csv).lines().count() > shown(&answer).events.len() / 2);
    assert!(file(Format::Json).starts_with('{'));
    let lasts = shown(&answer).lasts;
    let Some(Answer::Opened(Ok(opened))) = desk.answer(Ask::PlayFrom(lasts)) else {
        panic!("a moment that opens");
    };
    assert!(opened.script.contains("cluster 3"));
}

#[test]
fn nothing_is_told_of_nothing() {
    let mut desk = Desk::default();
    assert_eq!(desk.answer(Ask::Speak(None)), None);
    assert_eq!(desk.answer(Ask::PlayFrom(Micros::ZERO)), None);
    assert_eq!(desk.answer(Ask::Export(Format::Csv)), None);
    assert!(!desk.go_on());
    assert_eq!(desk.report(), None);
}

#[test]
fn files_beyond_the_most_are_counted_in_one_sentence() {
    let name = |number: usize| format!("{number}.log");
    let names: Vec<_> = (0..Reader::FILES_MAX + 2).map(name).collect();
    let files: Vec<_> = names.iter().map(|it| (it.as_str(), &b"{}"[..])).collect();
    let (_, answer) = read(&files);
    let Answer::Read(_, read) = &answer else {
        panic!("they are read");
    };
    assert_eq!(read.shown.files.len(), Reader::FILES_MAX);
    let told = "Only the first 1000 files are read; 2 more are left out. \
                Put them together, or give fewer.";
    assert_eq!(read.left_out, [told]);
}
