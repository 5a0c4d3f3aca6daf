//! The event list, newest first.

use hustings_lab::{Item, RecordId, Records, Weight, narrate};
use yew::prelude::*;

use super::diagram::message_of;
use super::glyphs::{class_if, class_of};
use super::{Page, on_click};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::session::{Action, Selection};

/// The most events listed.
const EVENTS_SHOWN: usize = 40;

pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.session.selected() == other.session.selected()
        && one.session.hovered() == other.session.hovered()
        && one.run.has_same_items(&other.run)
}

/// The notable events, newest first; heartbeats and other routine are summed up.
pub(super) fn draw(page: &Page) -> Html {
    let shown = page.run.items().take(EVENTS_SHOWN);
    html! {
        <section class="events" aria-label={texts().events()}>
            <h2>{ texts().events() }</h2>
            <ol reversed=true>
                { for shown.map(|item| draw_event(page, &item)) }
            </ol>
        </section>
    }
}

fn draw_event(page: &Page, item: &Item) -> Html {
    let records = page.run.tip().records();
    let Some(record) = records.get(item.first) else {
        return html! {};
    };
    let this = Selection::Record(item.last);
    let is_about = |id: RecordId| item.first <= id && id <= item.last;
    let turn = item.weight == Weight::Turn;
    let violated = page.run.violations().iter().any(|it| is_about(it.record));
    let is_hovered = match page.session.hovered() {
        Selection::Message(message) => message_of(&record.event) == Some(message),
        Selection::Record(id) => is_about(id),
        _ => false,
    };
    let selected = matches!(page.session.selected(), Selection::Record(id) if is_about(id));
    let class = class_of(&[
        class_if(turn, "turn"),
        class_if(violated, "violated"),
        class_if(selected, "selected"),
        class_if(is_hovered, "hovered"),
    ]);
    let hover = |what| on_click::<PointerEvent>(&page.dispatch, Action::Hover(what));
    html! {
        <li {class} key={item.first.0}>
            <button
                type="button"
                title={texts().go_there()}
                onclick={on_click(&page.dispatch, Action::Visit(item.last))}
                onpointerenter={hover(this)}
                onpointerleave={hover(Selection::Nothing)}
            >
                <time>{ record.at.0 }</time>
                <span>{ draw_sentences(item, records) }</span>
            </button>
        </li>
    }
}

/// An item's sentences, one per line.
fn draw_sentences(item: &Item, records: &Records) -> Html {
    let sentences = narrate::told(item, records, lang())
        .into_iter()
        .map(translated);
    let lines = sentences.enumerate().map(|(line, sentence)| {
        html! { <>if line > 0 { <br /> }{ sentence }</> }
    });
    lines.collect()
}
