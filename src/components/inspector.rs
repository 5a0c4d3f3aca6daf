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
    pub playing: bool,
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
            <p>{ "Choose a server, a link, a message or an event to see what it is, why, and what you can do to it." }</p>
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
