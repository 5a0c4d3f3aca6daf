//! What is selected: its fields, what can be done to it, and why it is as it is.

mod entry;
mod link;
mod message;
mod record;
mod server;

use hustings_lab::{RecordId, narrate};
use yew::prelude::*;

use super::controls::Look;
use super::{Dispatch, INSPECTOR, Page, on_click};
use crate::session::{Action, Selection, Story, Tried};
use crate::words::{lang, words};

/// Whether the inspector is the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.story == other.story
        && one.session.selected() == other.session.selected()
        && one.session.tried() == other.session.tried()
}

/// The inspector.
pub(super) fn draw(page: &Page) -> Html {
    let (story, dispatch) = (&page.story, &page.dispatch);
    let shown = match page.session.selected() {
        Selection::Nothing => None,
        Selection::Server(id) => server::draw(story, id, dispatch),
        Selection::Link(link) => Some(link::draw(story, link, dispatch)),
        Selection::Message(id) => Some(message::draw(story, id, dispatch)),
        Selection::Record(id) => record::draw(story, id, dispatch),
        Selection::Entry(server, index) => entry::draw(story, server, index, dispatch),
    };
    html! {
        <section id={INSPECTOR} class="inspector" tabindex="0" aria-label={words().inspector()}>
            { shown.unwrap_or_else(|| draw_hint(page.session.tried())) }
        </section>
    }
}

fn draw_hint(tried: Tried) -> Html {
    let hints = [
        (tried.crash, words().try_crash()),
        (tried.partition, words().try_partition()),
        (tried.step, words().try_step()),
    ];
    let left: Vec<_> = hints.into_iter().filter(|(done, _)| !done).collect();
    html! {
        <>
            <h2>{ words().inspector() }</h2>
            <p>{ words().inspector_hint() }</p>
            if !left.is_empty() {
                <h3>{ words().try_this() }</h3>
                <ul class="hints">
                    { for left.into_iter().map(|(_, hint)| html! { <li key={hint}>{ hint }</li> }) }
                </ul>
            }
        </>
    }
}

/// A list of fields.
fn draw_fields(fields: Vec<(&'static str, Html)>) -> Html {
    html! {
        <dl>
            { for fields.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// A record as a button that goes there.
fn draw_visit(story: &Story, id: RecordId, dispatch: &Dispatch) -> Html {
    let Some(record) = story.tip().records().get(id) else {
        return html! {};
    };
    let look = Look {
        class: "cause",
        hint: words().go_there(),
        ..Look::default()
    };
    let label = html! {
        <><time>{ record.at.to_string() }</time>{ " " }{ narrate::headline(record, lang()) }</>
    };
    look.around(label, on_click(dispatch, Action::Visit(id)))
}
