//! The quiz in the caption's band: the question with its answers, what was right and why,
//! the score.

use hustings_lab::{Question, narrate};
use yew::prelude::*;

use super::controls::{ButtonStyle, button};
use super::{Page, on_click};
use crate::i18n::{lang, texts};
use crate::session::{Action, Session};

/// Whether the same is shown.
pub(super) fn same(one: &Session, other: &Session) -> bool {
    let looks_alike = match (one.quiz(), other.quiz()) {
        (Some(one), Some(other)) => one.looks_like(other),
        (None, None) => true,
        _ => false,
    };
    looks_alike
        && one.question().is_some() == other.question().is_some()
        && one.answered().is_some() == other.answered().is_some()
        && (one.answered().is_none() || one.is_playing() == other.is_playing())
}

/// The open question, or how the last one was answered.
pub(super) fn draw(page: &Page) -> Option<Html> {
    let session = &page.session;
    if let Some(question) = session.question() {
        return Some(draw_question(page, question));
    }
    let (question, guess) = session.answered()?;
    Some(draw_answer(page, question, guess))
}

fn draw_question(page: &Page, question: &Question) -> Html {
    let asked = narrate::question(question.subject, lang());
    let answers = question.answers.iter().zip("ABCD".chars()).enumerate();
    html! {
        <p class="question">
            <span class="sentence" role="status">{ asked.clone() }</span>
            <span class="answers" role="group" aria-label={asked}>
                { for answers.map(|(number, (answer, key))| {
                    let label = format!("{key}  {}", narrate::answer_to(*answer, lang()));
                    button(&label, "", on_click(&page.dispatch, Action::Guess(number)))
                }) }
            </span>
        </p>
    }
}

fn draw_answer(page: &Page, question: &Question, guess: usize) -> Html {
    let told = |number: usize| {
        let answer = question.answers.get(number);
        answer.map_or_else(String::new, |answer| narrate::answer_to(*answer, lang()))
    };
    let (class, verdict) = match guess == question.right {
        true => ("answer right", texts().quiz_right(told(guess))),
        false => (
            "answer wrong",
            texts().quiz_wrong(told(guess), told(question.right)),
        ),
    };
    let record = page.run.records().get(question.shown_by);
    let why = record.map(|record| narrate::headline(record, lang()));
    let on = on_click(&page.dispatch, Action::TogglePlay);
    html! {
        <p {class}>
            <span class="sentence" role="status">
                <strong>{ verdict }</strong>{ " " }{ why.unwrap_or_default() }
            </span>
            if page.session.is_playing() {
                { button(texts().pause(), texts().key_space(), on) }
            } else {
                { button(texts().quiz_go_on(), texts().key_space(), on) }
            }
        </p>
    }
}

/// The score, which ends the quiz when it is pressed.
pub(super) fn draw_score(page: &Page) -> Html {
    let Some(quiz) = page.session.quiz() else {
        return html! {};
    };
    let (right, answered) = quiz.score();
    let score = texts().quiz_score(right, answered);
    let name = texts().of_which(texts().quiz(), &score);
    let style = ButtonStyle {
        class: "score",
        name: &name,
        hint: texts().quiz_end(),
        ..ButtonStyle::default()
    };
    style.button(&score, on_click(&page.dispatch, Action::ToggleQuiz))
}
