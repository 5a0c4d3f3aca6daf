//! What happened, newest first.

use hustings_lab::{Record, RecordId, narrate};
use yew::prelude::*;

use super::timeline::message_of;
use super::{Dispatch, on_click};
use crate::session::{Action, Selection, Story};
use crate::words::{lang, words};

/// How many events are in view.
const EVENTS_SHOWN: usize = 40;

/// The properties of [`Events`].
#[derive(Properties)]
pub(crate) struct EventsProps {
    pub story: Story,
    pub selected: Selection,
    pub hovered: Selection,
    pub dispatch: Dispatch,
}

impl PartialEq for EventsProps {
    fn eq(&self, other: &Self) -> bool {
        self.selected == other.selected
            && self.hovered == other.hovered
            && self.story.has_news_of(&other.story)
    }
}

/// The events that matter, newest first. Routine, heartbeats above all, is left out.
#[component]
pub(crate) fn Events(props: &EventsProps) -> Html {
    let shown = props.story.news().take(EVENTS_SHOWN);
    html! {
        <section class="events" aria-label={words().events()}>
            <h2>{ words().events() }</h2>
            <ol reversed=true>
                { for shown.map(|(id, record)| draw_event(props, id, record)) }
            </ol>
        </section>
    }
}

fn draw_event(props: &EventsProps, id: RecordId, record: &Record) -> Html {
    let this = Selection::Record(id);
    let turn = narrate::weight(record) == narrate::Weight::Turn;
    let violated = props.story.violations().iter().any(|it| it.record == id);
    let is_hovered = match props.hovered {
        Selection::Message(message) => message_of(&record.event) == Some(message),
        hovered => hovered == this,
    };
    let class = classes!(
        turn.then_some("turn"),
        violated.then_some("violated"),
        (props.selected == this).then_some("selected"),
        is_hovered.then_some("hovered")
    );
    let hover = |what| on_click::<PointerEvent>(&props.dispatch, Action::Hover(what));
    html! {
        <li {class} key={id.0}>
            <button
                type="button"
                title={words().go_there()}
                onclick={on_click(&props.dispatch, Action::Visit(id))}
                onpointerenter={hover(this)}
                onpointerleave={hover(Selection::Nothing)}
            >
                <time>{ record.at.0 }</time>
                <span>{ narrate::headline(record, lang()) }</span>
            </button>
        </li>
    }
}
