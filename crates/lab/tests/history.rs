//! Going back in time, acting there, and losing nothing.

use hustings_lab::script::{Line, Script};
use hustings_lab::{Command, Event, Header, History, HistoryError, Lab, Place, RecordId};
use hustings_raft::{Millis, NodeId};

fn server(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn history() -> History {
    History::new(Lab::new(Header::default()).expect("a sound header"))
}

fn run(history: &mut History, millis: u64) {
    history
        .act(Command::Run(Millis(millis)))
        .expect("time can pass");
}

/// All that can be seen of a laboratory.
fn seen(lab: &Lab) -> String {
    let servers: Vec<_> = lab.servers().map(|server| format!("{server:?}")).collect();
    let flights: Vec<_> = lab.in_flight().collect();
    let cuts: Vec<_> = lab.cut_links().collect();
    format!("{} {servers:?} {flights:?} {cuts:?}", lab.now())
}

/// A history of everything at once: faults, requests, lost messages.
fn eventful() -> History {
    let source = "seed 9
option loss 5%
option duplicate 5%
option disk 0..8ms
timeout S1
drop all
run until leader
propose S1 \"a\"
propose S2 \"b\"
run 700ms
partition S1 S2 | S3 S4 S5
run 2s
wait 30ms
heal
crash S3
deliver all
run 1s
restart S3
step
run 900ms";
    let script = Script::parse(source).expect("a script");
    let mut history = History::new(Lab::new(script.header).expect("a sound header"));
    for step in script.steps {
        if let Line::Command(command) = step.line {
            history.act(command).expect("can be done");
        }
    }
    history
}

#[test]
fn a_run_with_a_history_makes_the_same_records_as_one_without() {
    let history = eventful();
    let mut lab = Lab::new(history.lab().header().clone()).expect("sound");
    for command in history.lab().commands().iter() {
        lab.apply(command.clone()).expect("can be done again");
    }
    assert!(lab.records().iter().eq(history.lab().records().iter()));
    assert_eq!(seen(&lab), seen(history.lab()));
}

/// After any record, the laboratory is as it was then, and its commands lead to
/// just that place.
#[test]
fn every_record_can_be_gone_back_to() {
    let mut history = eventful();
    let all: Vec<_> = history
        .lab()
        .records()
        .iter()
        .map(|(_, it)| it.clone())
        .collect();
    assert!(all.len() > 600, "{}", all.len());
    for number in (0..all.len()).rev().step_by(7) {
        history.seek(RecordId(number)).expect("a record");
        let lab = history.lab();
        assert_eq!(lab.records().len(), number + 1);
        assert_eq!(lab.now(), all[number].at);
        assert!(lab.records().iter().map(|(_, it)| it).eq(&all[..=number]));
        let again = Script::of(lab).run().expect("sound").lab;
        assert_eq!(seen(&again), seen(lab), "record {number}");
    }
    history.seek(RecordId(all.len() - 1)).expect("a record");
    let missing = history.seek(RecordId(all.len()));
    assert_eq!(missing, Err(HistoryError::NoRecord(all.len())));
}

#[test]
fn a_time_can_be_gone_to() {
    let mut history = history();
    run(&mut history, 1_000);
    let whole = seen(history.lab());
    history.seek_time(Millis(333));
    assert_eq!(history.lab().now(), Millis(333));
    let last = history.lab().records().last().expect("a record").at;
    assert!(last <= Millis(333));
    let mut straight = Lab::new(Header::default()).expect("sound");
    straight.apply(Command::Run(Millis(333))).expect("time");
    assert_eq!(seen(&straight), seen(history.lab()));
    history.seek_time(Millis(9_999));
    assert_eq!(seen(history.lab()), whole);
}

#[test]
fn what_was_done_is_undone_and_done_again() {
    let mut history = history();
    run(&mut history, 300);
    run(&mut history, 300);
    history.act(Command::Crash(server(1))).expect("up");
    history.act(Command::Crash(server(2))).expect("up");
    let end = seen(history.lab());
    assert!(history.undo() && history.undo());
    assert_eq!(history.lab().now(), Millis(600));
    assert!(history.lab().servers().all(hustings_lab::Server::is_up));
    assert!(history.undo());
    assert_eq!(history.lab().now(), Millis::ZERO);
    assert!(!history.undo());
    assert!(history.redo() && history.redo() && history.redo());
    assert!(!history.redo());
    assert_eq!(seen(history.lab()), end);
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_the_future() {
    let mut history = history();
    run(&mut history, 2_000);
    let future = seen(history.lab());
    history.seek_time(Millis(400));
    let at = Place::of(history.lab());
    history.act(Command::Isolate(server(1))).expect("a server");
    run(&mut history, 100);
    assert_eq!((history.branches().len(), history.current()), (2, 1));
    let parted = history.branches()[1].parted().expect("it parts");
    assert_eq!((parted.from, parted.at), (0, at));
    assert_eq!(history.branches()[1].name(), "branch 2");
    history.switch(0).expect("the first");
    assert_eq!(seen(history.lab()), future);
    run(&mut history, 10);
    assert_eq!(history.branches().len(), 2);
    assert_eq!(history.switch(7), Err(HistoryError::NoBranch(7)));
}

#[test]
fn what_is_refused_begins_no_branch() {
    let mut history = history();
    run(&mut history, 500);
    history.seek_time(Millis(100));
    let before = seen(history.lab());
    assert!(history.act(Command::Restart(server(1))).is_err());
    assert_eq!(seen(history.lab()), before);
    assert_eq!(history.branches().len(), 1);
    assert!(!history.is_at_tip());
}

#[test]
fn branches_have_names_of_their_own() {
    let mut history = history();
    run(&mut history, 100);
    history.undo();
    history.act(Command::Heal).expect("nothing to heal");
    history.rename(0, " The first ").expect("a name");
    assert_eq!(history.branches()[0].name(), "The first");
    for bad in ["", "  ", "The first", &"x".repeat(61)] {
        assert_eq!(history.rename(1, bad), Err(HistoryError::BadName), "{bad}");
    }
    assert_eq!(history.rename(2, "x"), Err(HistoryError::NoBranch(2)));
}

#[test]
fn two_branches_are_compared_where_they_part_and_in_what_they_differ() {
    let mut history = history();
    history.act(Command::Run(Millis(1_000))).expect("time");
    history.seek_time(Millis(600));
    let at = Place::of(history.lab());
    history.act(Command::Crash(server(2))).expect("up");
    let comparison = history.compare(0, 1).expect("two branches");
    assert_eq!(comparison.common, at.records);
    assert!(comparison.parted_at <= at.time);
    let told: Vec<_> = comparison
        .servers
        .iter()
        .map(|(id, one, other)| format!("{id}{one} /{other}"))
        .collect();
    assert!(
        told.iter()
            .any(|line| line.starts_with("S2") && line.contains(" down")),
        "{told:?}"
    );
    let same = history.compare(1, 1).expect("one branch");
    assert!(same.servers.is_empty());
}

#[test]
fn why_walks_from_a_vote_back_to_the_timeout() {
    let mut history = history();
    history
        .act(Command::Timeout {
            server: server(1),
            timer: None,
        })
        .expect("a timer");
    history.act(Command::DeliverAll).expect("messages");
    let lab = history.lab();
    let vote = lab.records().iter().rev().find(|(_, record)| {
        matches!(&record.event, Event::Delivered(flight)
            if flight.message.is_positive() == Some(true))
    });
    let (id, _) = vote.expect("a vote or an acknowledgement");
    let chain: Vec<_> = lab
        .why(id)
        .map(|(_, record)| record.event.clone())
        .collect();
    assert!(chain.len() >= 3, "{chain:?}");
    assert!(matches!(chain.last(), Some(Event::Started(_))), "{chain:?}");
    assert!(
        chain
            .iter()
            .any(|event| matches!(event, Event::TimerFired { .. }))
    );
}
