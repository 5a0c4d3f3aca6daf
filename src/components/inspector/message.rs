//! A message in the inspector.

use hustings_lab::{Command, Flight, MessageId, narrate};
use yew::prelude::*;

use super::super::glyphs::term_chip;
use super::super::{CommandButton, Dispatch};
use super::draw_fields;
use crate::session::Story;

pub(super) fn draw(story: &Story, id: MessageId, dispatch: &Dispatch) -> Html {
    match story.in_flight().find(|flight| flight.id == id) {
        Some(flight) => draw_flight(story, flight, dispatch),
        None => html! {
            <>
                <h2>{ "Message" }</h2>
                <p>{ "It is no longer in flight. Pause to act on a single message." }</p>
            </>
        },
    }
}

fn draw_flight(story: &Story, flight: &Flight, dispatch: &Dispatch) -> Html {
    let fate = match story.doom(flight) {
        Some(loss) => format!("It will be lost: {}.", narrate::loss(loss, flight)),
        None => format!("It arrives at {}.", flight.due_at),
    };
    let actions = story.pick_of(flight.id).map(|pick| {
        let buttons = [
            ("Deliver now", Command::Deliver(pick)),
            ("Drop", Command::Drop(pick)),
            ("Duplicate", Command::Duplicate(pick)),
        ];
        html! {
            <p class="actions">
                { for buttons.into_iter().map(|(label, command)| html! {
                    <CommandButton {command} {label} dispatch={dispatch.clone()} />
                }) }
            </p>
        }
    });
    html! {
        <>
            <h2>{ flight.message.kind().name() }</h2>
            { for actions }
            { draw_fields([
                ("Way", Html::from(flight.link.to_string())),
                ("Term", term_chip(flight.message.term())),
                ("Says", Html::from(narrate::message(&flight.message))),
                ("Sent at", Html::from(flight.sent_at.to_string())),
            ]) }
            <p>{ fate }</p>
        </>
    }
}
