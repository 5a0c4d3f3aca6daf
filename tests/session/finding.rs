//! Searches for a run, as the page keeps what it knows of them.

use hustings::session::{Other, Sought, WhatIf};
use hustings_search::wire::{Answer, Over, Stage, Wanted};

use super::*;

fn answered(session: Rc<Session>, stage: Stage) -> Rc<Session> {
    then(session, Action::Answered(Rc::new(Answer::Search(1, stage))))
}

fn over() -> Stage {
    Stage::Over(Over {
        told: "Found a violation.".into(),
        effort: "1 s".into(),
        lesson: None,
    })
}

fn sought(session: Rc<Session>) -> Rc<Session> {
    then(session, Action::Seek(Rc::new(Wanted::default())))
}

#[test]
fn a_search_leaves_the_run_alone_and_says_when_it_is_over() {
    let before = after([timeout(1)]);
    let going = answered(sought(before.clone()), Stage::Going("1 s".into()));
    assert!(going.finding().is_going());
    assert_eq!(going.notice(), before.notice());
    let ended = answered(going, over());
    assert!(!ended.finding().is_going());
    assert!(matches!(ended.notice(), Some(Notice::Info(told)) if told.contains("over")));
    assert_eq!(ended.finding().sought(), Some(Sought::At(&over())));
    assert_eq!(ended.run().records().len(), before.run().records().len());
}

#[test]
fn a_search_that_fails_ends_with_the_reason_and_one_that_is_over_stays() {
    let failed = then(sought(after([])), Action::SearchFailed("no network".into()));
    assert_eq!(
        failed.finding().sought(),
        Some(Sought::Failed("no network"))
    );
    let ended = answered(sought(after([])), over());
    let failed = then(ended, Action::SearchFailed("no network".into()));
    assert_eq!(failed.finding().sought(), Some(Sought::At(&over())));
}

#[test]
fn beside_what_is_found_is_the_same_with_what_is_wrong_mended() {
    let plain = sought(after([]));
    assert_eq!(plain.finding().otherwise(), None);
    let mut header = Header::default();
    header
        .broken
        .insert(hustings_raft::BrokenRule::ManyVotesPerTerm);
    let broken = sought(after([Action::Begin(header)]));
    assert_eq!(broken.finding().otherwise(), Some(&WhatIf::Mended));
}

#[test]
fn what_is_found_opens_at_its_first_caption_and_mended_beside_it_where_the_two_part() {
    let text = "cluster 3\nbreak many-votes-per-term\nnote \"before\"\ntimeout S1\ntimeout S2\n\
                note \"two votes\"\ndeliver S1->S3\ndeliver S2->S3\nexpect violation vote-once\n";
    let script = Script::parse(text).expect("a script");
    let opened = after([
        timeout(1),
        Action::Open(LoadedRun {
            caption: Some(2),
            ..LoadedRun::as_tour(script, Source::Search(text.into()))
        }),
    ]);
    assert_eq!(opened.lesson().map(|it| it.number), Some(2));
    assert_eq!(&*opened.script().text, text);
    let mended = Action::PutBeside(Other::WhatIf(WhatIf::Mended));
    let parted = then(then(opened, mended), Action::GoToParting);
    assert!(parted.parted().is_some());
    // The run before is one step away.
    let back = then(then(parted, Action::CloseBeside), Action::Undo);
    assert_eq!(back.run().header().broken, Header::default().broken);
}
