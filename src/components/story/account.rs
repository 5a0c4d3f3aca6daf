//! The account, in sentences: the verdict above the picture, the rest beside it. A sentence
//! leads to what it tells of.

use std::rc::Rc;

use hustings_logs::shown::{Section, SectionKind, Sentence};
use yew::prelude::*;

use super::super::controls::ButtonStyle;
use super::super::dialog::gallery;
use super::super::glyphs::{class_if, class_of};
use super::super::on_activate;
use super::{Told, draw_left_out, files};
use crate::i18n::texts;
use crate::session::{Action, StoryAction};

/// The id of the account.
pub(crate) const ID: &str = "account";

/// What it all comes to.
pub(super) fn draw_verdict(told: &Told) -> Html {
    let verdict = told.shown.account.iter();
    let verdict = verdict.filter(|section| section.kind == SectionKind::Verdict);
    let mut sentences = verdict.flat_map(|section| &section.sentences);
    let first = sentences.next();
    let rest: Vec<_> = sentences.collect();
    let broken = told.shown.account.iter().any(is_broken);
    html! {
        <section class={class_of(&["verdict", class_if(broken, "broken")])} id="verdict" tabindex="-1" data-region="" aria-label={texts().logs_verdict()}>
            if let Some(first) = first {
                <p>{ draw_sentence(told, first) }</p>
            }
            if !rest.is_empty() {
                <ul>{ for rest.into_iter().map(|it| draw_item(told, it)) }</ul>
            }
        </section>
    }
}

fn draw_item(told: &Told, sentence: &Sentence) -> Html {
    html! { <li>{ draw_sentence(told, sentence) }</li> }
}

fn is_broken(section: &Section) -> bool {
    section.sentences.iter().any(|sentence| sentence.is_fault)
}

/// All but the verdict, and which files were left out.
pub(super) fn draw(told: &Told) -> Html {
    let sections = told.shown.account.iter();
    let sections =
        sections.filter(|it| it.kind != SectionKind::Verdict && !it.sentences.is_empty());
    let left_out = told.story.read().map(|it| it.left_out.as_slice());
    html! {
        <section class="account" id={ID} tabindex="0" data-region="" aria-label={texts().logs_account()}>
            { draw_left_out(left_out.unwrap_or_default()) }
            { for sections.map(|section| draw_section(told, section)) }
            { files::draw(told) }
        </section>
    }
}

fn draw_section(told: &Told, section: &Section) -> Html {
    let class = class_of(&[
        "part",
        class_if(section.kind == SectionKind::Findings, "findings"),
    ]);
    html! {
        <section {class} key={section.kind as usize}>
            <h2>{ &section.title }</h2>
            <ul>
                { for section.sentences.iter().map(|it| draw_item(told, it)) }
            </ul>
        </section>
    }
}

/// A sentence, a button if it tells of a time, with its first line and the lesson that shows
/// the same.
fn draw_sentence(told: &Told, sentence: &Sentence) -> Html {
    let leads = !sentence.events.is_empty() || sentence.span.is_some();
    let is_here = told
        .story
        .at()
        .is_some_and(|at| sentence.events.contains(&at));
    let class = class_of(&[
        "sentence",
        class_if(sentence.is_fault, "fault"),
        class_if(is_here, "here"),
    ]);
    let follow = Action::Story(StoryAction::Follow(Rc::new(sentence.clone())));
    let (onclick, onkeydown) = on_activate(&told.page.dispatch, follow, None);
    let line = sentence.lines.first();
    let cited = line.and_then(|place| told.shown.cite(*place));
    let says = html! {
        <>
            { &sentence.says }
            if let Some(cited) = cited {
                { " " }<cite>{ cited }</cite>
            }
        </>
    };
    html! {
        <span {class}>
            if leads {
                // A button's words would not flow with the others.
                <span class="leads" role="button" tabindex="0" {onclick} {onkeydown} title={texts().logs_follow_hint()}>{ says }</span>
            } else {
                <span>{ says }</span>
            }
            { draw_lesson(told, sentence) }
        </span>
    }
}

fn draw_lesson(told: &Told, sentence: &Sentence) -> Html {
    let path = sentence
        .scenario
        .as_deref()
        .map(|path| path.trim_end_matches(".hust"));
    let Some((group, name)) = path.and_then(|path| path.split_once('/')) else {
        return html! {};
    };
    let style = ButtonStyle {
        class: "lesson",
        hint: texts().logs_lesson_hint(),
        ..ButtonStyle::default()
    };
    let show = gallery::show_found(group, name, told.page);
    html! { <>{ " " }{ style.button(texts().logs_lesson(), show) }</> }
}
