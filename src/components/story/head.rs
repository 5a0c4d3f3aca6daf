//! What stands above the logs: which they are, and what can be done with them.

use yew::prelude::*;

use super::super::Page;
use super::super::controls::{ButtonStyle, button, sign_button};
use super::super::dialog::Open;
use super::super::toolbar::{draw_language, draw_projector};
use super::on;
use crate::i18n::texts;
use crate::reading;
use crate::session::{Story, StoryAction};

pub(super) fn draw(page: &Page, story: &Story) -> Html {
    let open = |what, label: &str, hint: &str| button(label, hint, page.opener.to(what));
    let close = {
        let dispatch = page.dispatch.clone();
        Callback::from(move |_: MouseEvent| reading::close(&dispatch))
    };
    html! {
        <header id="head" class="of-logs" tabindex="-1" data-region="">
            <h1>{ "Hustings" }</h1>
            <p class="title">{ title(story) }</p>
            { draw_play(page, story) }
            { open(Open::Logs, texts().logs_open_short(), texts().logs_open_hint()) }
            if story.shown().is_some() {
                { open(Open::Share, texts().logs_export(), texts().logs_export_hint()) }
            }
            { draw_projector(page.settings, &page.change) }
            { draw_language(page) }
            { open(Open::Help, "?", texts().help()) }
            { draw_ways_back(page, story) }
            { sign_button("✕", texts().logs_close(), close) }
        </header>
    }
}

/// Back to the lesson whose logs they are, and to the run, if that is another.
fn draw_ways_back(page: &Page, story: &Story) -> Html {
    let to_run = on(&page.dispatch, StoryAction::Show(false));
    let to_lesson = on(&page.dispatch, StoryAction::ToLesson);
    let lesson = story.lesson();
    html! {
        <>
            if lesson.is_some() {
                { button(texts().logs_to_lesson(), texts().logs_to_lesson_hint(), to_lesson) }
            }
            if lesson.is_none() || lesson != page.session.lesson_logs() {
                { button(texts().logs_to_run(), texts().logs_to_run_hint(), to_run) }
            }
        </>
    }
}

/// What the logs are called: by their files, as far as there are few.
fn title(story: &Story) -> String {
    let Some(shown) = story.shown() else {
        return texts().logs_title().to_owned();
    };
    let names: Vec<&str> = shown.files.iter().map(|it| &*it.name).collect();
    match names.as_slice() {
        [] => texts().logs_title().to_owned(),
        names if names.len() <= 5 => texts().of_which(texts().logs_title(), names.join(", ")),
        names => texts().logs_files(names.len()),
    }
}

/// Opens a run of the laboratory from the event on that the story is at.
fn draw_play(page: &Page, story: &Story) -> Html {
    let Some(event) = story.event() else {
        return html! {};
    };
    let (dispatch, at) = (page.dispatch.clone(), event.at);
    let play = Callback::from(move |_: MouseEvent| reading::play_from(at, &dispatch));
    let style = ButtonStyle {
        class: "primary",
        hint: texts().logs_play_hint(),
        ..ButtonStyle::default()
    };
    style.button(texts().logs_play(), play)
}
