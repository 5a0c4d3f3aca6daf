//! What is selected: its fields, what can be done to it, and why it is as it is.

mod link;
mod message;
mod record;
mod server;

use yew::prelude::*;

use super::Dispatch;
use crate::session::{Selection, Story};

/// The properties of the [`Inspector`].
#[derive(Properties, PartialEq)]
pub(crate) struct InspectorProps {
    pub story: Story,
    pub selected: Selection,
    pub dispatch: Dispatch,
}

/// The inspector.
#[component]
pub(crate) fn Inspector(props: &InspectorProps) -> Html {
    let (story, dispatch) = (&props.story, &props.dispatch);
    let shown = match props.selected {
        Selection::Nothing => None,
        Selection::Server(id) => server::draw(story, id, dispatch),
        Selection::Link(link) => Some(link::draw(story, link, dispatch)),
        Selection::Message(id) => Some(message::draw(story, id, dispatch)),
        Selection::Record(id) => record::draw(story, id, dispatch),
    };
    html! {
        <section class="inspector" aria-label="Inspector">
            { shown.unwrap_or_else(draw_hint) }
        </section>
    }
}

fn draw_hint() -> Html {
    html! {
        <>
            <h2>{ "Inspector" }</h2>
            <p>{ "Choose a server, a link, a message or an event: here is what it is, why, and what you can do to it." }</p>
            <h3>{ "Try this" }</h3>
            <ul class="hints">
                <li>{ "Choose the leader and crash it. Who is next, and why?" }</li>
                <li>{ "Tick two servers, the leader among them, and partition them off. Send a request, then heal." }</li>
                <li>{ "Pause, and step through an election one event at a time." }</li>
            </ul>
        </>
    }
}

/// A list of fields.
fn draw_fields(fields: impl IntoIterator<Item = (&'static str, Html)>) -> Html {
    html! {
        <dl>
            { for fields.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}
