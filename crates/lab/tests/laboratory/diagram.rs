//! The layout of the space-time diagram.

use hustings_lab::diagram::{ArrowEnd, Diagram, MarkKind};
use hustings_lab::{Loss, RecordId, Run, Script};
use hustings_raft::{Millis, NodeId, RoleName, Term};

fn play(source: &str) -> Run {
    let script = Script::parse(source).expect("a script");
    script.run().expect("a sound header").run
}

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

const EVENTFUL: &str = "cluster 3
seed 4
run until leader
propose S1 \"x\"
run 200ms
crash S2
run 400ms
restart S2
pause S3
run 300ms
resume S3
cut S1-S2
run 1s";

#[test]
fn every_record_has_its_own_coordinate_in_order() {
    for source in [EVENTFUL, "cluster 3\ntimeout S1\ndeliver all"] {
        let lab = play(source);
        let diagram = Diagram::of(&lab);
        let places: Vec<_> = (0..lab.records().len())
            .map(|record| diagram.x_of(RecordId(record)))
            .collect();
        // The three servers start at the same coordinate; all later records differ.
        assert_eq!(places[..3], [0, 0, 0]);
        assert!(places[2..].windows(2).all(|pair| pair[0] < pair[1]));
        for (record, place) in places.iter().enumerate().skip(3) {
            assert_eq!(diagram.record_at(*place), Some(RecordId(record)));
            let at = lab.records().get(RecordId(record)).expect("there").at;
            assert_eq!(diagram.time_at(*place), at);
        }
    }
}

#[test]
fn a_millisecond_is_one_unit_unless_records_need_more() {
    let lab = play("cluster 1\noption election-timeout 200..200ms\nrun 300ms");
    let diagram = Diagram::of(&lab);
    assert_eq!(diagram.x_of(RecordId(1)), 200);
    assert_eq!(diagram.x_at_time(Millis(150)), 150);
    assert_eq!(diagram.time_at(150), Millis(150));
}

#[test]
fn an_extended_diagram_equals_one_laid_out_at_once() {
    let mut lab = play("cluster 3\nseed 4");
    let mut growing = Diagram::of(&lab);
    for command in play(EVENTFUL).commands().iter().cloned() {
        lab.apply(command).expect("as before");
        growing.extend(&lab);
    }
    let whole = Diagram::of(&lab);
    assert_eq!(format!("{growing:?}"), format!("{whole:?}"));
}

#[test]
fn lanes_show_role_and_term_at_every_time() {
    let lab = play(EVENTFUL);
    let diagram = Diagram::of(&lab);
    let view = diagram.view(0, diagram.width());
    for (server, spans) in view.lanes {
        let last = spans.last().expect("a span");
        let found = lab.server(server).expect("a server");
        assert_eq!((last.role, last.term), (found.role(), found.term()));
    }
}

#[test]
fn a_crash_before_a_write_is_durable_lowers_the_term_in_its_lane() {
    let lab = play(
        "cluster 3
option disk 50..50ms
timeout S1
crash S1
restart S1",
    );
    let diagram = Diagram::of(&lab);
    let view = diagram.view(0, diagram.width());
    let (_, spans) = view.lanes[0];
    let told: Vec<_> = spans.iter().map(|span| (span.role, span.term.0)).collect();
    let follower = Some(RoleName::Follower);
    assert_eq!(
        told,
        [
            (follower, 0),
            (Some(RoleName::Candidate), 1),
            (None, 0),
            (follower, 0)
        ]
    );
}

#[test]
fn arrows_arrive_are_lost_or_in_flight() {
    let lab = play("cluster 4\ntimeout S1\ndeliver S1->S2\ndrop S1->S3\nhold S1->S4");
    let diagram = Diagram::of(&lab);
    let view = diagram.view(0, diagram.width());
    let ends: Vec<_> = view.arrows.iter().map(|arrow| arrow.end).collect();
    assert_eq!(
        ends,
        [
            ArrowEnd::Arrived(RecordId(5)),
            ArrowEnd::Lost(RecordId(6), Loss::Dropped),
            ArrowEnd::UnderWay,
            // The vote of S2.
            ArrowEnd::UnderWay,
        ]
    );
    let first = view.arrows[0];
    assert_eq!(diagram.x_of(first.sent), diagram.x_of(RecordId(4)));
    assert_eq!(diagram.arrow_end(first), diagram.x_of(RecordId(5)));
}

#[test]
fn a_view_has_exactly_what_is_visible() {
    let lab = play(EVENTFUL);
    let diagram = Diagram::of(&lab);
    let (from, to) = (diagram.width() / 3, diagram.width() / 2);
    let view = diagram.view(from, to);
    let all = diagram.view(0, diagram.width());
    let seen = all
        .arrows
        .iter()
        .filter(|arrow| diagram.x_of(arrow.sent) <= to && diagram.arrow_end(arrow) >= from);
    assert_eq!(view.arrows.len(), seen.count());
    assert!(view.arrows.len() < all.arrows.len() / 2);
    for (server, spans) in view.lanes {
        let first = spans.first().expect("the span that it begins in");
        assert!(first.from <= from, "{server}");
    }
    for mark in view.marks {
        assert!((from..=to).contains(&diagram.x_of(mark.record)));
    }
}

#[test]
fn marks_are_at_their_records() {
    let lab = play(
        "cluster 3
break many-votes-per-term
note \"Two votes\"
timeout S1
timeout S3
deliver S1->S2
deliver S3->S2
crash S2",
    );
    let diagram = Diagram::of(&lab);
    let view = diagram.view(0, diagram.width());
    let marks: Vec<_> = view
        .marks
        .iter()
        .map(|mark| (mark.kind, mark.server))
        .collect();
    assert_eq!(
        marks,
        [
            (MarkKind::Note, None),
            (MarkKind::Timeout, Some(id(1))),
            (MarkKind::Timeout, Some(id(3))),
            (MarkKind::Violation, None),
            (MarkKind::Crash, Some(id(2))),
        ]
    );
    assert_eq!(view.lanes[1].1.last().expect("a span").term, Term(1));
}

#[test]
fn quiet_stretches_have_nothing_but_heartbeats() {
    let lab = play("cluster 3\ntimeout S1\nrun 900ms\npropose S1 \"x\"\nrun 900ms");
    let diagram = Diagram::of(&lab);
    let long = diagram.quiet().iter().filter(|it| it.heartbeats > 5);
    let [before, after] = *long.collect::<Vec<_>>() else {
        panic!("before the request and after it: {:?}", diagram.quiet());
    };
    assert!(before.last < after.first);
    for (id, record) in lab.records().iter() {
        if (before.first..=before.last).contains(&id) {
            assert!(record.changes.is_empty(), "{record:?}");
        }
    }
}

#[test]
fn the_outline_tells_who_led_when() {
    let lab = play(
        "cluster 3
timeout S1
run 100ms
crash S1
wait 100ms
timeout S2
run 100ms",
    );
    let diagram = Diagram::of(&lab);
    let spans = diagram.outline().term_spans.iter();
    let told: Vec<_> = spans.map(|span| (span.term.0, span.led)).collect();
    assert_eq!(
        told,
        [
            (0, false),
            (1, false),
            (1, true),
            (1, false),
            (2, false),
            (2, true)
        ]
    );
    assert_eq!(diagram.outline().elections.len(), 2);
}
