//! The statistics of a run, and its states one by one.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Condition, History, Run, Script, Statistics, Walk};
use hustings_raft::{MessageKind, Millis, NodeId, Term};

fn played(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    script.run().expect("sound").run
}

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

#[test]
fn the_time_without_a_leader_and_the_elections_are_counted() {
    let run = played(
        "cluster 3 / timeout S1 / deliver all / run 50ms / crash S1 / wait 100ms \
         / timeout S2 / deliver all",
    );
    let numbers = Statistics::of(&run);
    assert_eq!((numbers.started(), numbers.won()), (2, 2));
    assert_eq!(numbers.elections.get(id(2)).map(|it| it.started), Some(1));
    assert_eq!(numbers.without_leader, Millis(100));
    assert_eq!(numbers.longest_without_leader, Millis(100));
    assert_eq!(numbers.highest_term.0, 2);
    let requests = numbers
        .messages
        .get(MessageKind::RequestVote)
        .expect("some");
    assert_eq!((requests.sent, requests.arrived, requests.lost), (4, 3, 1));
    let told = narrate::statistics(&numbers, Lang::En);
    let of = |what| {
        told.iter()
            .find(|(it, _)| *it == what)
            .map(|(_, much)| &**much)
    };
    assert_eq!(of("Started by"), Some("S1 1, S2 1"));
    assert_eq!(
        of("Without a leader"),
        Some("0.100 s (66%), 0.100 s at a time at most")
    );
}

#[test]
fn a_split_vote_is_a_term_with_several_candidates_and_no_leader() {
    let run = played("cluster 4 / timeout S1 / timeout S2 / timeout S3 / timeout S3 / deliver all");
    let numbers = Statistics::of(&run);
    assert_eq!(numbers.without_winner(), 1);
    assert_eq!(numbers.split_votes(), 1);
}

#[test]
fn a_term_with_a_candidate_that_still_stands_is_undecided_and_not_without_a_winner() {
    let numbers = Statistics::of(&played("cluster 3 / timeout S1 / deliver S1->S2"));
    assert_eq!(numbers.without_winner(), 0);
    assert_eq!(numbers.undecided().collect::<Vec<_>>(), [Term(1)]);
    let told = narrate::statistics(&numbers, Lang::En);
    let winners = told.iter().find(|(it, _)| *it == "Terms without a winner");
    let winners = winners.map(|(_, much)| &**much);
    assert_eq!(
        winners,
        Some("0, 0 of them a split vote; still undecided: term 1")
    );
    let numbers = Statistics::of(&played("cluster 3 / timeout S1 / crash S1"));
    assert_eq!(
        (numbers.without_winner(), numbers.undecided().count()),
        (1, 0)
    );
}

#[test]
fn a_rate_is_told_only_of_what_was_counted_for_a_minute() {
    let elections = |script: &str| {
        let told = narrate::statistics(&Statistics::of(&played(script)), Lang::En);
        let elections = told.into_iter().find(|(it, _)| *it == "Elections started");
        elections.map(|(_, much)| much)
    };
    let elect = "cluster 3 / timeout S1 / deliver all";
    assert_eq!(
        elections(&format!("{elect} / run 2s")).as_deref(),
        Some("1")
    );
    let long = elections(&format!("{elect} / run 61s")).unwrap_or_default();
    assert!(long.ends_with(" a minute"), "{long}");
}

#[test]
fn a_walk_meets_every_state_of_a_branch() {
    let script = "seed 3 / run 400ms / partition S1 S2 | S3 S4 S5 / run until quiet within 20ms \
         / duplicate S1->S2 if any / drop all / heal / deliver all / run 2s / wait 5ms / step";
    let history = History::new(played(script));
    let branch = &history.branches()[0];
    let mut walk = Walk::along(branch);
    let leads = Condition::parse("leader", branch.tip().ids()).expect("a condition");
    let mut steps = 0;
    let mut led = false;
    while walk.go_on(branch) {
        steps += 1;
        let last = walk.run().records().last();
        let place = walk.run().records().len() - 1;
        let same = branch.tip().records().get(hustings_lab::RecordId(place));
        assert_eq!(last, same);
        led |= walk
            .run()
            .holds_since(&leads, hustings_lab::RecordId(place));
    }
    assert!(led && steps > 100, "{steps}");
    assert_eq!(walk.run().records().len(), branch.tip().records().len());
}
