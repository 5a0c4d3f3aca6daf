//! Captions put into a run: nothing else of it changes.

use std::sync::Arc;

use hustings_lab::{Command, Event, History, Record, RecordId, Run, Script};
use hustings_raft::Millis;

/// Runs with faults, lost and duplicated messages, goals, and much at the same time.
fn runs() -> impl Iterator<Item = History> {
    (1..=6).map(|seed| {
        let source = format!(
            "seed {seed}
option loss 5%
option duplicate 5%
option latency 5..8ms
option disk 0..8ms
timeout S1
timeout S2
drop all
run until leader
propose S1 \"a\"
propose S2 \"b\"
run 300ms
note \"as it was\"
partition S1 S2 | S3 S4 S5
run 400ms
wait 30ms
heal
crash S3
deliver all
run until committed 1
restart S3
step
run 200ms"
        );
        let script = Script::parse(&source).expect("a script");
        let run = script.run().expect("sound").run;
        History::new(run)
    })
}

fn note(text: &str) -> Arc<str> {
    Arc::from(text)
}

/// A record as it is with one more before the others from `place` on.
fn shifted(record: &Record, place: usize) -> Record {
    let mut record = record.clone();
    let cause = record.cause;
    record.cause = cause.map(|RecordId(id)| RecordId(id + usize::from(id >= place)));
    record
}

fn records(run: &Run) -> Vec<Record> {
    let records = run.records().iter();
    records.map(|(_, record)| Record::clone(record)).collect()
}

#[test]
fn a_caption_anywhere_changes_no_other_record() {
    for history in runs() {
        let before = records(history.run());
        let first = usize::from(history.run().ids().len());
        for place in (first..before.len()).step_by(7) {
            let mut with = history.clone();
            with.seek(RecordId(place - 1)).expect("a record");
            with.caption(note("here")).expect("it fits");
            assert_eq!(with.branches().len(), 1);
            assert_eq!(with.run().records().len(), place + 1);
            let after = records(with.branches()[0].tip());
            assert_eq!(after.len(), before.len() + 1);
            assert_eq!(after[place].event, Event::Noted(note("here")));
            let rest = after[..place].iter().chain(&after[place + 1..]);
            let all = before.iter().map(|record| shifted(record, place));
            assert!(all.eq(rest.cloned()), "at {place}");
        }
    }
}

#[test]
fn a_captioned_run_can_be_saved_and_played_again() {
    let mut history = runs().next().expect("a run");
    let middle = history.run().records().len() / 2;
    history.seek(RecordId(middle)).expect("a record");
    history.caption(note("here")).expect("it fits");
    let tip = history.branches()[0].tip().clone();
    let saved = Script::save(&tip).expect("it fits");
    let again = Script::parse(&saved).expect("a script").run();
    assert_eq!(records(&again.expect("sound").run), records(&tip));
}

#[test]
fn a_caption_can_be_changed_and_deleted() {
    for mut history in runs() {
        let before = records(history.run());
        let middle = RecordId(before.len() / 2);
        history.seek(middle).expect("a record");
        history.caption(note("here")).expect("it fits");
        let placed = RecordId(middle.0 + 1);
        history
            .recaption(placed, Some(note("there")))
            .expect("a note");
        let last = history.run().records().last().map(|it| it.event.clone());
        assert_eq!(last, Some(Event::Noted(note("there"))));
        assert!(history.recaption(middle, None).is_err(), "no note");
        history.recaption(placed, None).expect("a note");
        assert_eq!(history.run().records().len(), middle.0 + 1);
        assert_eq!(records(history.branches()[0].tip()), before);
    }
}

#[test]
fn branches_stay_as_they_are_when_their_parent_gets_a_caption() {
    let mut history = runs().next().expect("a run");
    let len = history.run().records().len();
    history.seek(RecordId(len / 2)).expect("a record");
    history
        .apply(Command::Run(Millis(200)))
        .expect("time can pass");
    let child = records(history.run());
    history.switch(0).expect("the first branch");
    history.seek(RecordId(len / 4)).expect("a record");
    history.caption(note("here")).expect("it fits");
    assert_eq!(records(history.branches()[1].tip()), child);
    let fork = history.branches()[1].fork().expect("a fork");
    assert_eq!(fork.at.records, len / 4 + 1);
    history.switch(1).expect("the child");
    history.seek(RecordId(len / 3)).expect("a record");
    assert_eq!(records(history.run()), child[..=len / 3]);
}
