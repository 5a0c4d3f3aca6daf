//! The line of the event that the story is at, as it stands in its file, between its
//! neighbours, and what it tells.

use hustings_logs::shown::Place;
use hustings_logs::wire::RawLine;
use yew::prelude::*;

use super::super::on_activate;
use super::Told;
use crate::i18n::texts;
use crate::session::{Action, StoryAction};

/// The ids of the part of the page, and of the event's own line in it.
pub(super) const ID: &str = "raw-line";
pub(super) const HERE: &str = "raw-line-here";

pub(super) fn draw(told: &Told) -> Html {
    let event = told.story.event();
    let cited = event.and_then(|event| told.shown.cite(event.place));
    html! {
        <section class="raw" id={ID} tabindex="0" data-region="" aria-label={texts().logs_line()}>
            if let (Some(cited), Some(event)) = (cited, event) {
                <div class="of-event">
                    <p>{ &event.says }</p>
                    <h2>{ cited }</h2>
                </div>
            }
            if let Some((place, lines)) = told.story.lines() {
                <ol>{ for lines.iter().map(|line| draw_line(told, place, line)) }</ol>
            }
        </section>
    }
}

/// A line; a button, if it is another than that of the event and tells of one itself.
fn draw_line(told: &Told, here: Place, line: &RawLine) -> Html {
    let place = Place {
        line: line.number,
        ..here
    };
    let is_here = place == here;
    let other = told.story.event_of(place).filter(|_| !is_here);
    let (key, value) = (line.number.0, line.number.0.to_string());
    html! {
        <li class={is_here.then_some("here")} id={is_here.then_some(HERE)} {key} {value}>
            if let Some(event) = other {
                { draw_way(told, StoryAction::GoTo(event), &line.says) }
            } else {
                <code>{ &line.says }</code>
            }
        </li>
    }
}

fn draw_way(told: &Told, way: StoryAction, says: &str) -> Html {
    let (onclick, onkeydown) = on_activate(&told.page.dispatch, Action::Story(way), None);
    html! {
        <code class="leads" role="button" tabindex="0" title={texts().logs_line_hint()} {onclick} {onkeydown}>{ says }</code>
    }
}
