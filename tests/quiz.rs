//! The quiz and captions of one's own, in the page's state.

use std::rc::Rc;

use hustings::session::{Action, Session, Speed};
use hustings_lab::{Command, Event};
use yew::Reducible;

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    then(Rc::new(Session::default()), actions)
}

fn then(session: Rc<Session>, actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    actions.into_iter().fold(session, Session::reduce)
}

/// Plays until a question is open.
fn asked(session: Rc<Session>) -> Rc<Session> {
    let mut session = session;
    for _ in 0..10_000 {
        if session.question().is_some() {
            return session;
        }
        session = session.reduce(Action::Tick(16.0));
    }
    panic!("no question");
}

fn quiz() -> Rc<Session> {
    let real_time = Action::SetSpeed(Speed::from_index(9));
    asked(after([real_time, Action::ToggleQuiz]))
}

#[test]
fn the_quiz_stops_before_what_it_asks_about() {
    let session = quiz();
    assert!(!session.is_playing());
    let question = session.question().expect("a question");
    assert!(session.run().records().len() <= question.shown_by.0);
}

#[test]
fn a_guess_shows_the_record_and_counts() {
    let mut session = quiz();
    for number in 1..=5 {
        let right = session.question().expect("a question").right;
        session = then(session, [Action::Guess(right)]);
        let (question, guess) = session.answered().expect("an answer");
        assert_eq!(guess, question.right);
        assert_eq!(session.run().records().len(), question.shown_by.0 + 1);
        let score = session.quiz().expect("a quiz").score();
        assert_eq!(score, (number, number));
        session = asked(session);
    }
}

#[test]
fn a_wrong_guess_counts_as_an_answer() {
    let session = quiz();
    let right = session.question().expect("a question").right;
    let wrong = usize::from(right == 0);
    let session = then(session, [Action::Guess(wrong)]);
    assert_eq!(session.quiz().expect("a quiz").score(), (0, 1));
}

#[test]
fn the_run_is_the_same_with_and_without_the_quiz() {
    let mut session = quiz();
    for _ in 0..6 {
        session = asked(then(session, [Action::Guess(0)]));
    }
    let mut plain = hustings_lab::Run::default();
    plain
        .apply(Command::Run(session.run().now()))
        .expect("time can pass");
    let quizzed = session.run().records().iter();
    assert!(quizzed.eq(plain.records().iter().take(session.run().records().len())));
}

#[test]
fn a_command_withdraws_the_question() {
    let session = then(quiz(), [Action::Do(Command::Heal)]);
    assert!(session.question().is_none());
    let session = then(session, [Action::Guess(0)]);
    assert_eq!(session.quiz().expect("a quiz").score(), (0, 0));
}

#[test]
fn an_answer_is_shown_for_a_while_and_then_the_run_plays_on() {
    let session = then(quiz(), [Action::Guess(0)]);
    let soon = then(Rc::clone(&session), [Action::Tick(1_000.0)]);
    assert!(soon.is_playing() && soon.answered().is_some());
    assert_eq!(soon.run().now(), session.run().now());
    asked(soon);
}

#[test]
fn a_caption_is_put_changed_and_deleted_at_the_position() {
    let session = after([Action::Step, Action::Step, Action::StepBack]);
    let records = session.run().records().len();
    let session = then(session, [Action::Caption("Here.".into())]);
    assert_eq!(session.caption_here(), Some("Here."));
    assert_eq!(session.branches().0.len(), 1);
    assert!(session.is_in_past());
    let session = then(session, [Action::Caption("There.".into())]);
    assert_eq!(session.caption_here(), Some("There."));
    let session = then(session, [Action::Caption("".into())]);
    assert_eq!(session.run().records().len(), records);
    let view = session.run_view();
    let mut all = view.tip().records().iter();
    assert!(all.all(|(_, it)| !matches!(it.event, Event::Noted(_))));
}

#[test]
fn an_empty_caption_where_there_is_none_changes_nothing() {
    let session = after([Action::Step]);
    let records = session.run().records().len();
    let session = then(session, [Action::Caption("  ".into())]);
    assert_eq!(session.run().records().len(), records);
}
