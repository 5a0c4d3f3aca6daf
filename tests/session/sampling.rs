//! Samples of many runs, as the page keeps what it knows of them.

use hustings::session::WhatIf;
use hustings_raft::MillisRange;
use hustings_search::wire::Answer;
use hustings_search::wire::sampling::{Outcome, Stage, Wanted};

use super::*;

fn answered(session: Rc<Session>, stage: Stage) -> Rc<Session> {
    then(
        session,
        Action::Answered(Rc::new(Answer::Sample(1, Box::new(stage)))),
    )
}

fn outcome(told: &str) -> Outcome {
    Outcome {
        told: told.to_owned(),
        ..Outcome::default()
    }
}

fn asked() -> Rc<Session> {
    then(
        after([timeout(1)]),
        Action::Sample(Rc::new(Wanted::default())),
    )
}

#[test]
fn a_sample_leaves_the_run_alone_and_says_when_it_is_over() {
    let before = after([timeout(1)]);
    let going = answered(asked(), Stage::Going(outcome("5 runs")));
    assert!(going.sampling().is_going());
    assert_eq!(going.notice(), before.notice());
    let over = answered(going, Stage::Over(outcome("9 runs")));
    assert!(!over.sampling().is_going());
    assert!(matches!(over.notice(), Some(Notice::Info(told)) if told.contains("complete")));
    assert_eq!(over.run().records().len(), before.run().records().len());
    // Told once more, in another language.
    let again = then(over, Action::Dismiss);
    let again = answered(again, Stage::Over(outcome("9 次运行")));
    assert_eq!(again.notice(), None);
    assert_eq!(again.sampling().outcome(), Some(&outcome("9 次运行")));
}

#[test]
fn what_had_come_of_a_sample_stays_when_it_fails() {
    let going = answered(asked(), Stage::Going(outcome("5 runs")));
    let failed = then(going, Action::SampleFailed("no network".into()));
    assert!(!failed.sampling().is_going());
    assert_eq!(failed.sampling().failed(), Some("no network"));
    assert_eq!(failed.sampling().outcome(), Some(&outcome("5 runs")));
    let again = then(failed, Action::Sample(Rc::new(Wanted::default())));
    assert!(again.sampling().is_going() && again.sampling().failed().is_none());
}

#[test]
fn the_spreads_on_offer_are_those_of_figure_16_for_any_shortest_timeout() {
    let spreads = |min, max| {
        let mut header = Header::default();
        header.raft.election_timeout = MillisRange::between(min, max);
        let spreads = WhatIf::spreads(&header).into_iter();
        let ends = spreads.map(|it| match it {
            WhatIf::Timeouts(range) => (range.min().0, range.max().0),
            other => panic!("{other:?}"),
        });
        ends.collect::<Vec<_>>()
    };
    let figure = [(150, 150), (150, 151), (150, 155), (150, 175), (150, 200)];
    assert_eq!(spreads(150, 300), figure);
    assert_eq!(spreads(3, 3), [(3, 4), (3, 6)]);
}
