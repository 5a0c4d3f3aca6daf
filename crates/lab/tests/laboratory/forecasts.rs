//! What a message would do if it arrived now.

use hustings_lab::{Event, MessageId, Run, Script};

fn run(source: &str) -> Run {
    let script = Script::parse(source).expect("a script");
    script.run().expect("a run").run
}

/// The message whose arrival or loss is predicted when a message is delivered, and whether
/// it arrives.
fn arrives(run: &Run, message: MessageId) -> Option<(MessageId, bool)> {
    match &run.if_delivered(message)?.event {
        Event::Delivered(flight) => Some((flight.id, true)),
        Event::Lost { flight, .. } => Some((flight.id, false)),
        _ => None,
    }
}

fn ids(run: &Run) -> Vec<MessageId> {
    run.in_flight().map(|flight| flight.id).collect()
}

#[test]
fn the_forecast_of_a_message_is_about_itself_also_while_it_or_one_before_it_is_held() {
    // Two requests on each link; the older one to S2 and the newer one to S3 are held.
    let run = run("cluster 3
timeout S1
timeout S1
hold S1->S2
hold S1->S3 nth=2
");
    let all = ids(&run);
    assert_eq!(all.len(), 4);
    for id in all {
        assert_eq!(arrives(&run, id), Some((id, true)), "{id:?}");
    }
}

#[test]
fn the_forecast_of_a_message_to_a_cut_or_crashed_server_is_that_it_is_lost() {
    let run = run("cluster 3
timeout S1
cut S1-S2
crash S3
");
    for id in ids(&run) {
        assert_eq!(arrives(&run, id), Some((id, false)), "{id:?}");
    }
}

#[test]
fn a_forecast_changes_nothing_and_there_is_none_of_a_message_that_is_not_in_flight() {
    let run = run("cluster 3
timeout S1
");
    let (before, first) = (run.records().len(), ids(&run)[0]);
    let _ = run.if_delivered(first);
    assert_eq!((run.records().len(), ids(&run)[0]), (before, first));
    let later = MessageId(first.0 + 1_000);
    assert!(run.if_delivered(later).is_none());
}
