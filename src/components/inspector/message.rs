//! A message in the inspector.

use std::rc::Rc;

use hustings_lab::{Command, Event, Flight, MessageId, Record, RecordId, narrate};
use yew::prelude::*;

use super::super::glyphs::term_chip;
use super::super::{CommandButton, Dispatch, on_click};
use super::draw_fields;
use crate::session::{Action, Selection, Story};

pub(super) fn draw(story: &Story, id: MessageId, dispatch: &Dispatch) -> Html {
    match story.in_flight().find(|flight| flight.id == id) {
        Some(flight) => draw_flight(story, flight, dispatch),
        None => draw_landed(story, id, dispatch),
    }
}

/// How many records are looked through for the end of a message.
const LOOK_BACK_MAX: usize = 1_000;

/// A message that has arrived or is lost: what it said, and what came of it.
fn draw_landed(story: &Story, id: MessageId, dispatch: &Dispatch) -> Html {
    let records = story.records().iter().rev().take(LOOK_BACK_MAX);
    let ended = |(record_id, record): (RecordId, &Rc<Record>)| match &record.event {
        Event::Delivered(flight) | Event::Lost { flight, .. } if flight.id == id => {
            Some((record_id, Rc::clone(record), Rc::clone(flight)))
        }
        _ => None,
    };
    let Some((record_id, record, flight)) = records.filter_map(ended).next() else {
        return html! { <p>{ "This message has arrived or was lost long ago." }</p> };
    };
    html! {
        <>
            <h2>{ flight.message.kind().name() }</h2>
            { draw_says(&flight) }
            <h3>{ "What came of it" }</h3>
            <button
                type="button"
                class="cause"
                onclick={on_click(dispatch, Action::Select(Selection::Record(record_id)))}
            >
                <time>{ record.at.to_string() }</time>{ " " }{ narrate::headline(&record) }
            </button>
            <p>{ "Pause to act on a message while it is in flight." }</p>
        </>
    }
}

fn draw_says(flight: &Flight) -> Html {
    draw_fields([
        ("Way", Html::from(flight.link.to_string())),
        ("Term", term_chip(flight.message.term())),
        ("Says", Html::from(narrate::message(&flight.message))),
        ("Sent at", Html::from(flight.sent_at.to_string())),
    ])
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
            { draw_says(flight) }
            <p>{ fate }</p>
        </>
    }
}
