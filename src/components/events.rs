//! What happened, newest first.

use hustings_lab::{Record, RecordId, narrate};
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::{Action, Selection, Story};

/// How many events are in view.
const EVENTS_SHOWN: usize = 40;

/// The properties of [`Events`].
#[derive(Properties, PartialEq)]
pub(crate) struct EventsProps {
    pub story: Story,
    pub selected: Selection,
    pub dispatch: Dispatch,
}

/// The events that matter, newest first. Routine, heartbeats above all, is left out.
#[component]
pub(crate) fn Events(props: &EventsProps) -> Html {
    let shown = props.story.news().take(EVENTS_SHOWN);
    html! {
        <section class="events" aria-label="Events">
            <h2>{ "Events" }</h2>
            <ol reversed=true>
                { for shown.map(|(id, record)| draw_event(props, id, record)) }
            </ol>
        </section>
    }
}

fn draw_event(props: &EventsProps, id: RecordId, record: &Record) -> Html {
    let selected = props.selected == Selection::Record(id);
    let turn = narrate::weight(record) == narrate::Weight::Turn;
    let class = classes!(turn.then_some("turn"), selected.then_some("selected"));
    html! {
        <li {class} key={id.0}>
            <button type="button" onclick={on_click(&props.dispatch, Action::Select(Selection::Record(id)))}>
                <time>{ record.at.0 }</time>
                <span>{ narrate::headline(record) }</span>
            </button>
        </li>
    }
}
