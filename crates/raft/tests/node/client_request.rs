//! Client requests and replies (§5.3, §8).

use crate::support::{Bench, S2, Step, at, id};
use hustings_raft::{ClientReply, Effect, Input, Message, Rule, Timer};

fn answers(step: &Step) -> Vec<ClientReply> {
    step.effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reply(answer) => Some(*answer),
            _ => None,
        })
        .collect()
}

fn ask(bench: &mut Bench) -> Step {
    bench.step(Input::Propose("x=1".into()))
}

#[test]
fn a_leader_appends_the_command_and_sends_it_to_all() {
    let mut bench = Bench::leader(3, 2, &[1]);
    bench.accepted(S2, 2, 1);
    let step = ask(&mut bench);
    assert_eq!(bench.log(), [1, 2]);
    assert_eq!(answers(&step), [ClientReply::Accepted(at(2, 2))]);
    assert_eq!(step.sent().len(), 2);
    for (_, message) in step.sent() {
        let Message::AppendEntries { prev, entries, .. } = message else {
            panic!("AppendEntries");
        };
        assert_eq!((prev, entries.len()), (at(1, 1), 1));
    }
}

#[test]
fn the_client_gets_a_reply_when_its_command_is_committed() {
    let mut bench = Bench::leader(3, 2, &[]);
    ask(&mut bench);
    let step = bench.accepted(S2, 2, 1);
    assert_eq!(answers(&step), [ClientReply::Committed(at(1, 2))]);
}

#[test]
fn a_follower_names_the_leader_and_changes_nothing() {
    let mut bench = Bench::of(3);
    bench.append(S2, 1, at(0, 0), &[], 0);
    let step = ask(&mut bench);
    let leader = Some(id(S2));
    assert_eq!(answers(&step), [ClientReply::NotLeader { leader }]);
    assert!(bench.log().is_empty() && step.applied(Rule::ClientsAskLeader));
}

#[test]
fn a_candidate_names_no_leader() {
    let mut bench = Bench::of(3);
    bench.append(S2, 1, at(0, 0), &[], 0);
    bench.time_out(Timer::Election);
    let leader = None;
    assert_eq!(
        answers(&ask(&mut bench)),
        [ClientReply::NotLeader { leader }]
    );
}

#[test]
fn entries_are_sent_once_while_the_follower_accepts_them() {
    let mut bench = Bench::leader(3, 2, &[]);
    bench.accepted(S2, 2, 0);
    let sizes: Vec<usize> = (0..3)
        .flat_map(|_| ask(&mut bench).sent())
        .filter(|(to, _)| *to == S2)
        .map(|(_, message)| match message {
            Message::AppendEntries { entries, .. } => entries.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(sizes, [1, 1, 1]);
}
