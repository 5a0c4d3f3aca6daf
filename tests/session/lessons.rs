//! Lessons, and what plays by itself.

use super::*;

#[test]
fn a_lesson_opens_with_its_first_caption_and_plays_its_part() {
    let mut session = after([Action::Open(loaded(LESSON))]);
    assert!(session.is_playing());
    assert_eq!(place(&session), (1, false, false));
    assert_eq!(&*session.lesson().expect("a lesson").text, "One");
    assert_eq!(session.run().server(id(1)).map(|it| it.term().0), Some(1));
    let length = play_out(&mut session);
    assert!((1_000.0..15_000.0).contains(&length), "{length}");
    assert_eq!(place(&session), (1, true, false));
    assert_eq!(session.leader(), Some(id(1)));
    let link = session.reduce(Action::Open(LoadedRun {
        caption: None,
        ..loaded(LESSON)
    }));
    assert!(!link.is_in_past() && !link.is_playing());
}

#[test]
fn the_next_caption_plays_its_part_and_once_more_jumps_to_its_end() {
    let mut session = after([Action::Open(loaded(LESSON)), next_caption()]);
    assert_eq!(place(&session), (1, true, false));
    assert!(!session.is_playing());
    session = session.reduce(next_caption());
    assert_eq!(place(&session), (2, false, false));
    assert!(session.is_playing() && session.leader().is_some());
    play_out(&mut session);
    assert_eq!(place(&session), (2, true, true));
    assert!(session.leader().is_none() && !session.is_in_past());
    assert_eq!(session.clock(), session.run().now().0 as f64);
    let over = session.reduce(next_caption());
    assert!(info(&over).starts_with("The lesson is over."));
    assert_eq!(place(&over), (2, true, true));
}

#[test]
fn the_previous_caption_is_shown_with_the_result_of_its_part() {
    let skip = || [next_caption(), next_caption()];
    let lesson = Action::Open(loaded(LESSON));
    let end = after([lesson].into_iter().chain(skip()).chain([next_caption()]));
    assert_eq!(place(&end), (2, true, true));
    let one = end.reduce(previous_caption());
    assert_eq!(place(&one), (1, true, false));
    assert_eq!(one.leader(), Some(id(1)));
    let again = one.reduce(previous_caption());
    assert_eq!(place(&again), (1, false, false));
    let start = again.reduce(previous_caption());
    assert_eq!(place(&start), (0, false, false));
    assert_eq!(&*start.lesson().expect("a lesson").text, "Two");
    // From before the first caption, what comes before it is left out.
    assert_eq!(place(&start.reduce(next_caption())), (1, false, false));
}

#[test]
fn playing_a_lesson_pauses_at_the_end_of_each_part() {
    let mut session = after([Action::Open(loaded(LESSON))]);
    play_out(&mut session);
    session = session.reduce(Action::TogglePlay);
    assert_eq!(place(&session), (2, false, false));
    session = session.reduce(Action::TogglePlay);
    assert!(!session.is_playing() && place(&session) == (2, false, false));
    session = session.reduce(Action::TogglePlay);
    play_out(&mut session);
    assert_eq!(place(&session), (2, true, true));
    // Past its end it is a run like any other.
    session = session
        .reduce(Action::TogglePlay)
        .reduce(Action::Tick(90.0));
    assert!(session.is_playing() && session.branches().0.len() == 1);
}

#[test]
fn with_reduced_motion_nothing_plays_by_itself() {
    assert!(!calm([]).is_playing());
    assert!(!calm([Action::Begin(header_of(3))]).is_playing());
    let mut session = calm([Action::Open(loaded(LESSON))]);
    assert_eq!(place(&session), (1, true, false));
    session = session.reduce(Action::TogglePlay);
    assert!(!session.is_playing());
    assert_eq!(place(&session), (2, true, true));
    session = session.reduce(previous_caption());
    assert_eq!(place(&session), (1, true, false));
    assert!(!session.reduce(next_caption()).is_playing());
    assert!(calm([Action::TogglePlay]).is_playing());
}

#[test]
fn every_part_of_every_lesson_can_be_watched() {
    let mut lengths = Vec::new();
    for scenario in Scenario::all() {
        let script = gallery::script(scenario.group, scenario.name).expect("a script");
        let end = script.run().expect("a run").run.records().len();
        let mut session = after([Action::Open(LoadedRun::as_tour(script, Source::Page))]);
        while let Some(lesson) = session.lesson() {
            let mut length = 0.0;
            while session.is_playing() {
                length += play_out(&mut session);
                // A violation pauses the run, too.
                let at = session.lesson().expect("a lesson");
                if !at.is_part_over {
                    session = session.reduce(Action::TogglePlay);
                }
            }
            lengths.push((length as u64, scenario.name, lesson.number));
            if lesson.number == lesson.count {
                break;
            }
            session = then(session, next_caption());
        }
        assert_eq!(session.run().records().len(), end, "{}", scenario.name);
    }
    lengths.sort_unstable();
    let longest = lengths.last().expect("a part");
    assert!(longest.0 < 30_000, "{longest:?}");
}
