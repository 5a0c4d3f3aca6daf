//! A reader that is asked by a page, and what it answers.

use hustings_logs::shown::{Place, Shown};
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
