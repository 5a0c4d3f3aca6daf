//! The same header and commands give the same records.

use hustings_lab::{Command, Header, Link, Path, Percent, Record, Run};
use hustings_raft::{Millis, NodeId};

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn lab() -> Run {
    let header = Header {
        loss: Percent::new(5).expect("a percentage"),
        duplicate: Percent::new(5).expect("a percentage"),
        ..Header::default()
    };
    Run::new(header).expect("a valid header")
}

fn records(lab: &Run) -> Vec<Record> {
    let records: Vec<_> = lab
        .records()
        .iter()
        .map(|(_, record)| (**record).clone())
        .collect();
    assert_eq!(records.len(), lab.records().len());
    records
}

fn run(lab: &mut Run, command: Command) {
    lab.apply(command).expect("a valid command");
}

#[test]
fn splitting_a_run_of_time_does_not_change_the_records() {
    let (mut whole, mut pieces) = (lab(), lab());
    run(&mut whole, Command::Run(Millis(3_000)));
    for _ in 0..1_000 {
        run(&mut pieces, Command::Run(Millis(3)));
    }
    assert_eq!(records(&whole), records(&pieces));
    assert_eq!(whole.commands(), pieces.commands());
}

#[test]
fn stepping_gives_the_same_records_as_running() {
    let (mut run_through, mut stepped) = (lab(), lab());
    run(&mut run_through, Command::Run(Millis(2_000)));
    while stepped.next_due().is_some_and(|due| due <= Millis(2_000)) {
        run(&mut stepped, Command::Step);
    }
    assert_eq!(records(&run_through), records(&stepped));
}

#[test]
fn replaying_the_commands_of_a_run_gives_its_records() {
    let mut original = lab();
    run(&mut original, Command::Run(Millis(700)));
    run(&mut original, Command::Crash(id(2)));
    run(&mut original, Command::Isolate(id(4)));
    run(&mut original, Command::Run(Millis(900)));
    run(&mut original, Command::Heal);
    run(&mut original, Command::Restart(id(2)));
    run(&mut original, Command::Run(Millis(900)));

    let mut replayed = Run::new(original.header().clone()).expect("a valid header");
    for command in original.commands().iter() {
        run(&mut replayed, command.clone());
    }
    assert_eq!(records(&original), records(&replayed));
}

/// The random draws of a link do not depend on other links.
#[test]
fn cutting_a_link_does_not_change_the_latency_of_other_messages() {
    let ring = |cut: bool| {
        let mut lab = lab();
        if cut {
            let link = Link {
                from: id(1),
                to: id(2),
            };
            run(
                &mut lab,
                Command::Cut(Path {
                    link,
                    both_ways: false,
                }),
            );
        }
        run(
            &mut lab,
            Command::Timeout {
                server: id(1),
                timer: None,
            },
        );
        run(&mut lab, Command::DeliverAll);
        let sent: Vec<_> = lab
            .records()
            .iter()
            .flat_map(|(_, record)| record.sent.clone())
            .filter(|flight| flight.link.from == id(1) && flight.link.to == id(3))
            .map(|flight| flight.due_at.since(flight.sent_at))
            .collect();
        assert!(sent.len() >= 2);
        sent
    };
    assert_eq!(ring(false), ring(true));
}

#[test]
fn clones_of_a_laboratory_are_independent() {
    let mut first = lab();
    run(&mut first, Command::Run(Millis(2_000)));
    let mut second = first.clone();
    run(&mut second, Command::Crash(id(1)));
    run(&mut second, Command::Run(Millis(2_000)));
    run(&mut first, Command::Run(Millis(2_000)));
    let (first, second) = (records(&first), records(&second));
    let common = first
        .iter()
        .zip(&second)
        .take_while(|(a, b)| a == b)
        .count();
    assert!(common > 100 && common < first.len() && common < second.len());
}
