//! What happened, newest first.

use hustings_lab::{Record, RecordId, narrate};
use yew::prelude::*;

use super::glyphs::{class_if, class_of};
use super::timeline::message_of;
use super::{Page, on_click};
use crate::session::{Action, Selection};
use crate::words::{lang, words};

/// How many events are in view.
const EVENTS_SHOWN: usize = 40;

/// Whether the events are the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.session.selected() == other.session.selected()
        && one.session.hovered() == other.session.hovered()
        && one.story.has_news_of(&other.story)
}

/// The events that matter, newest first. Routine, heartbeats above all, is left out.
pub(super) fn draw(page: &Page) -> Html {
    let shown = page.story.news().take(EVENTS_SHOWN);
    html! {
        <section class="events" aria-label={words().events()}>
            <h2>{ words().events() }</h2>
            <ol reversed=true>
                { for shown.map(|(id, record)| draw_event(page, id, record)) }
            </ol>
        </section>
    }
}

fn draw_event(page: &Page, id: RecordId, record: &Record) -> Html {
    let this = Selection::Record(id);
    let turn = narrate::weight(record) == narrate::Weight::Turn;
    let violated = page.story.violations().iter().any(|it| it.record == id);
    let is_hovered = match page.session.hovered() {
        Selection::Message(message) => message_of(&record.event) == Some(message),
        hovered => hovered == this,
    };
    let class = class_of(&[
        class_if(turn, "turn"),
        class_if(violated, "violated"),
        class_if(page.session.selected() == this, "selected"),
        class_if(is_hovered, "hovered"),
    ]);
    let hover = |what| on_click::<PointerEvent>(&page.dispatch, Action::Hover(what));
    html! {
        <li {class} key={id.0}>
            <button
                type="button"
                title={words().go_there()}
                onclick={on_click(&page.dispatch, Action::Visit(id))}
                onpointerenter={hover(this)}
                onpointerleave={hover(Selection::Nothing)}
            >
                <time>{ record.at.0 }</time>
                <span>{ narrate::headline(record, lang()) }</span>
            </button>
        </li>
    }
}
