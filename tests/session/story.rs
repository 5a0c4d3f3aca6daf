//! The logs of real servers, as the page keeps what it knows of them.

use hustings::session::{EventFilter, LogReading, Story, StoryAction};
use hustings_logs::shown::{EventId, MemberId, SectionKind, Topic};
use hustings_logs::wire::{Answer, Ask, Progress};
use hustings_logs::{Desk, Micros};

use super::*;

const LOGS: [(&str, &str); 3] = [
    (
        "m1.log",
        include_str!("../../samples/logs/etcd-3.4-zap/m1.log"),
    ),
    (
        "m2.log",
        include_str!("../../samples/logs/etcd-3.4-zap/m2.log"),
    ),
    (
        "m3.log",
        include_str!("../../samples/logs/etcd-3.4-zap/m3.log"),
    ),
];

/// What the reader answers that is given these files.
fn read(files: &[(&str, &str)]) -> Answer {
    let mut desk = Desk::default();
    for (_, text) in files {
        desk.give(Some(text.as_bytes().to_vec()));
    }
    let names = files.iter().map(|(name, _)| (*name).into());
    desk.answer(Ask::Read(1, names.collect()));
    while desk.go_on() {}
    desk.report().expect("they are read")
}

fn tell(session: Rc<Session>, action: StoryAction) -> Rc<Session> {
    then(session, Action::Story(action))
}

/// The session with these files read.
fn with(files: &[(&str, &str)]) -> Rc<Session> {
    let begun = tell(after([timeout(1)]), StoryAction::Begin(None));
    tell(begun, StoryAction::Answered(Rc::new(read(files))))
}

fn story(session: &Session) -> &Story {
    session.story().expect("logs are open")
}

fn at(session: &Session) -> usize {
    story(session).at().expect("an event").0 as usize
}

#[test]
fn logs_take_the_place_of_the_run_which_is_unharmed() {
    let run = after([timeout(1)]);
    let begun = tell(run.clone(), StoryAction::Begin(None));
    assert!(begun.shows_story());
    let progress = Progress { read: 10, of: 20 };
    let going = StoryAction::Answered(Rc::new(Answer::Going(1, progress)));
    let going = tell(begun, going);
    assert!(matches!(story(&going).reading(), LogReading::Going(it) if *it == progress));
    let closed = tell(going, StoryAction::Close);
    assert!(!closed.shows_story() && closed.story().is_none());
    assert_eq!(closed.run().records().len(), run.run().records().len());
}

#[test]
fn a_story_begins_where_its_verdict_does() {
    let session = with(&LOGS);
    let shown = story(&session).shown().expect("they tell a story");
    let verdict = shown
        .account
        .iter()
        .find(|it| it.kind == SectionKind::Verdict);
    let sentences = &verdict.expect("a verdict").sentences;
    let first = sentences.iter().find_map(|it| it.events.first());
    assert_eq!(story(&session).at(), first.copied());
    assert_eq!(story(&session).listed().len(), shown.events.len());
}

#[test]
fn steps_go_through_the_events_that_are_listed_and_no_further() {
    let filter = EventFilter {
        member: Some(MemberId(1)),
        topic: Some(Topic::Role),
        ..EventFilter::default()
    };
    let mut session = tell(with(&LOGS), StoryAction::List(filter));
    let listed = Rc::clone(story(&session).listed());
    assert!(listed.len() > 2, "m2 leads twice");
    session = tell(session, StoryAction::First);
    for event in listed.iter() {
        assert_eq!(story(&session).at(), Some(*event));
        session = tell(session, StoryAction::Step(1));
    }
    assert_eq!(story(&session).at(), listed.last().copied());
    session = tell(session, StoryAction::Step(-1));
    assert_eq!(story(&session).row(), Some(listed.len() - 2));
}

#[test]
fn a_step_back_from_an_event_that_is_not_listed_is_to_the_one_before_it() {
    let session = tell(with(&LOGS), StoryAction::Last);
    let last = at(&session);
    let filter = EventFilter {
        words: "leads".into(),
        ..EventFilter::default()
    };
    let session = tell(session, StoryAction::List(filter));
    assert_eq!(at(&session), last, "the place stays");
    let listed = Rc::clone(story(&session).listed());
    let session = tell(session, StoryAction::Step(-1));
    assert_eq!(story(&session).at(), listed.last().copied());
}

#[test]
fn words_that_no_event_has_leave_nothing_to_step_to() {
    let filter = EventFilter {
        words: "no such words".into(),
        ..EventFilter::default()
    };
    let session = with(&LOGS);
    let before = at(&session);
    let session = tell(session, StoryAction::List(filter));
    assert!(story(&session).listed().is_empty() && story(&session).row().is_none());
    let moved = tell(session, StoryAction::Step(1));
    assert_eq!(at(&moved), before);
}

#[test]
fn what_was_known_of_a_member_is_that_of_the_event() {
    let session = with(&LOGS);
    let shown = Arc::clone(story(&session).shown().expect("a story"));
    let leads = shown
        .events
        .iter()
        .position(|it| it.says.contains("m3 leads in term 3"));
    let leads = EventId(leads.expect("it did") as u32);
    let session = tell(session, StoryAction::GoTo(leads));
    let known = shown.members.iter().map(|it| story(&session).state_of(it));
    let terms: Vec<_> = known.map(|it| it.and_then(|it| it.known.term)).collect();
    assert_eq!(terms.get(2), Some(&Some(3)), "m3 leads term 3");
    assert_eq!(terms.first(), Some(&Some(3)), "m1 has voted for it");
}

#[test]
fn a_sentence_leads_to_its_event_and_has_its_time_looked_at() {
    let session = with(&LOGS);
    let shown = Arc::clone(story(&session).shown().expect("a story"));
    let leaderless = shown
        .account
        .iter()
        .find(|it| it.kind == SectionKind::Leaderless);
    let sentence = leaderless.and_then(|it| it.sentences.last()).expect("one");
    let session = tell(session, StoryAction::Follow(Rc::new(sentence.clone())));
    assert_eq!(story(&session).looked_at(), (sentence.span, 1));
    assert_eq!(story(&session).at(), sentence.events.first().copied());
}

#[test]
fn a_time_is_that_of_the_last_event_up_to_it() {
    let session = with(&LOGS);
    let before_all = tell(session.clone(), StoryAction::GoToTime(Micros::new(-1)));
    assert_eq!(at(&before_all), 0);
    let shown = Arc::clone(story(&session).shown().expect("a story"));
    let after_all = tell(session, StoryAction::GoToTime(Micros::new(i64::MAX)));
    assert_eq!(at(&after_all), shown.events.len() - 1);
}

#[test]
fn a_run_that_is_opened_is_shown_and_the_logs_stay_behind_it() {
    let session = with(&LOGS);
    let place = at(&session);
    let script = Script::parse("cluster 3\ntimeout S1\n").expect("a script");
    let run = LoadedRun::at_end(script, Source::Logs("cluster 3\ntimeout S1\n".into()));
    let opened = then(session, Action::Open(run));
    assert!(!opened.shows_story() && opened.story().is_some());
    let back = tell(opened, StoryAction::Show(true));
    assert!(back.shows_story());
    assert_eq!(at(&back), place);
}

#[test]
fn events_are_listed_whose_lines_have_the_words_too() {
    let filter = EventFilter {
        words: "raft.go".into(),
        ..EventFilter::default()
    };
    let listed = tell(with(&LOGS), StoryAction::List(filter));
    assert!(story(&listed).listed().is_empty(), "no sentence has them");
    let found = |words: &str| {
        let found = vec![EventId(3), EventId(5)];
        StoryAction::Answered(Rc::new(Answer::Found(words.into(), found)))
    };
    let late = tell(listed.clone(), found("raft"));
    assert!(story(&late).listed().is_empty(), "others were asked for");
    let found = tell(listed, found("raft.go"));
    assert_eq!(**story(&found).listed(), [EventId(3), EventId(5)]);
}

#[test]
fn what_is_read_again_stays_in_view_and_the_place_stays_at_its_line() {
    let session = tell(with(&LOGS), StoryAction::GoTo(EventId(40)));
    let filter = EventFilter {
        member: Some(MemberId(2)),
        ..EventFilter::default()
    };
    let session = tell(session, StoryAction::List(filter));
    let line = story(&session).event().expect("an event").place;
    let going = Answer::Going(1, Progress { read: 1, of: 2 });
    let session = tell(session, StoryAction::Answered(Rc::new(going)));
    assert!(story(&session).shown().is_some());
    let again = tell(session.clone(), StoryAction::Answered(Rc::new(read(&LOGS))));
    assert_eq!(story(&again).filter().member, Some(MemberId(2)));
    let lines = "2026-01-01T00:00:01.000Z [INFO]  raft: election won: tally=2\n";
    let other = read(&[("n1.log", lines)]);
    let fewer = tell(session, StoryAction::Answered(Rc::new(other)));
    assert_eq!(story(&again).event().map(|it| it.place), Some(line));
    assert_eq!(
        story(&fewer).filter().member,
        None,
        "there is no third member"
    );
}

#[test]
fn a_lesson_is_found_again_from_its_logs_and_from_what_was_played_from_them() {
    let lesson = Scenario::all()
        .into_iter()
        .find(|it| it.group == "logs")
        .expect("a lesson about logs");
    let script = gallery::script("logs", lesson.name).expect("its script");
    let opened = Action::Open(LoadedRun::as_tour(script, Source::Page));
    let session = then(after([timeout(1)]), opened);
    let logs = session.lesson_logs().expect("it has logs");
    let session = tell(session, StoryAction::Begin(Some(logs)));
    let session = tell(session, StoryAction::Answered(Rc::new(read(&LOGS))));
    let back = tell(session.clone(), StoryAction::ToLesson);
    assert!(!back.shows_story() && back.lesson_logs() == Some(logs));
    let played = "cluster 3\ntimeout S1\n";
    let script = Script::parse(played).expect("a script");
    let run = LoadedRun::at_end(script, Source::Logs(played.into()));
    let played = then(session, Action::Open(run));
    assert_eq!(played.lesson_logs(), None);
    let again = tell(played, StoryAction::Show(true));
    let back = tell(again, StoryAction::ToLesson);
    assert!(!back.shows_story() && back.lesson_logs() == Some(logs));
}

#[test]
fn files_without_a_story_are_told_so() {
    let session = with(&[("notes.txt", "buy milk\n"), ("empty.log", "")]);
    assert!(story(&session).shown().is_none());
    let read = story(&session).read().expect("it is over");
    assert!(read.left_out.iter().any(|why| why.contains("empty.log")));
    let told = read.shown.account.iter().flat_map(|it| &it.sentences);
    assert!(told.into_iter().any(|it| it.says.contains("notes.txt")));
}

/// The session with a story of so many events, those of the logs over and over.
fn with_events(count: usize) -> Rc<Session> {
    let Answer::Read(number, mut read) = read(&LOGS) else {
        panic!("they are read");
    };
    let shown = Arc::make_mut(&mut read.shown);
    let events = shown.events.iter().cloned().cycle().take(count).collect();
    shown.events = events;
    let begun = tell(after([timeout(1)]), StoryAction::Begin(None));
    tell(
        begun,
        StoryAction::Answered(Rc::new(Answer::Read(number, read))),
    )
}

#[test]
fn words_are_looked_for_in_parts_and_listed_at_the_end() {
    let all = with_events(45_000);
    assert!(!story(&all).is_listing());
    assert_eq!(story(&all).listed().len(), 45_000);
    let filter = EventFilter {
        words: "M2 leader".into(),
        ..EventFilter::default()
    };
    let mut session = tell(all, StoryAction::List(filter));
    for _ in 0..2 {
        assert!(story(&session).is_listing());
        assert_eq!(story(&session).listed().len(), 45_000);
        session = tell(session, StoryAction::ListOn);
    }
    assert!(!story(&session).is_listing());
    let shown = story(&session).shown().expect("a story");
    let has_words = |id: &EventId| {
        let event = shown.event(*id).expect("it is listed");
        let name = &shown.member(event.member).expect("it is a member").name;
        let text = format!("{name} {}", event.says).to_ascii_lowercase();
        text.contains("m2") && text.contains("leader")
    };
    let expected: Vec<_> = (0..45_000).map(EventId).filter(has_words).collect();
    assert!(!expected.is_empty() && expected.len() < 45_000);
    assert_eq!(story(&session).listed().to_vec(), expected);
    let anew = tell(session, StoryAction::List(EventFilter::default()));
    assert_eq!(story(&anew).listed().len(), 45_000);
}
