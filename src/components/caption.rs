//! What just happened and by which rule, in one sentence.

use std::rc::Rc;

use hustings_lab::{Record, narrate};
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::{Action, Selection, Story};

/// The properties of the [`Caption`].
#[derive(Properties, PartialEq)]
pub(crate) struct CaptionProps {
    pub story: Story,
    pub selected: Selection,
    pub notice: Option<Rc<str>>,
    pub dispatch: Dispatch,
}

/// The caption: a notice if the last command was refused; otherwise the record
/// that is selected, or the last one that matters.
#[component]
pub(crate) fn Caption(props: &CaptionProps) -> Html {
    html! {
        <section class="caption" aria-label="Caption">
            if let Some(notice) = &props.notice {
                <p class="notice" role="alert">
                    { format!("Not done: {notice}.") }
                    <button type="button" onclick={on_click(&props.dispatch, Action::Dismiss)}>{ "OK" }</button>
                </p>
            } else {
                { draw_record(props) }
            }
            // Assistive technology hears the turns of the story; it could not
            // keep up with every message.
            <p class="visually-hidden" aria-live="polite">{ last_turn(&props.story) }</p>
        </section>
    }
}

fn draw_record(props: &CaptionProps) -> Html {
    let chosen = match props.selected {
        Selection::Record(id) => props.story.records().get(id).map(Rc::as_ref),
        _ => last_of(&props.story, narrate::Weight::News),
    };
    let Some(record) = chosen else {
        return html! { <p>{ "Nothing has happened yet." }</p> };
    };
    html! {
        <p>
            <time>{ record.at.to_string() }</time>
            <span class="sentence">{ narrate::headline(record) }</span>
            { draw_rule(record) }
        </p>
    }
}

fn draw_rule(record: &Record) -> Html {
    match narrate::main_reason(record) {
        Some(reason) => {
            let rule = reason.rule();
            html! { <span class="rule" title={rule.statement()}>{ rule.source() }</span> }
        }
        None => html! {},
    }
}

fn last_turn(story: &Story) -> String {
    last_of(story, narrate::Weight::Turn)
        .map(narrate::headline)
        .unwrap_or_default()
}

/// The latest record of at least that weight.
fn last_of(story: &Story, weight: narrate::Weight) -> Option<&Record> {
    story
        .news()
        .map(|(_, record)| record)
        .find(|record| narrate::weight(record) >= weight)
}
