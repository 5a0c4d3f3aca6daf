//! The messages in flight: requests are round, replies square.

use hustings_lab::{Flight, narrate};
use yew::prelude::*;

use super::super::glyphs::{message_sign, term_class};
use super::super::{Dispatch, on_activate};
use super::geometry::{Ring, at};
use crate::session::{Action, Selection, Session};

pub(super) fn draw(session: &Session, dispatch: &Dispatch, ring: &Ring) -> Html {
    session
        .lab()
        .in_flight()
        .map(|flight| draw_message(session, dispatch, ring, flight))
        .collect()
}

fn draw_message(session: &Session, dispatch: &Dispatch, ring: &Ring, flight: &Flight) -> Html {
    let place = ring.flight(flight, session.clock());
    let doom = session.lab().doom(flight);
    let selected = session.selected() == Selection::Message(flight.id);
    let class = classes!(
        "message",
        term_class(flight.message.term()),
        doom.map(|_| "doomed"),
        flight.copy_of.map(|_| "copy"),
        selected.then_some("selected")
    );
    let fate = match doom {
        Some(loss) => format!(", will be lost: {}", narrate::loss(loss, flight)),
        None => String::new(),
    };
    let label = format!(
        "{}: {}{fate}",
        narrate::flight_name(flight),
        narrate::message(&flight.message)
    );
    let (onclick, onkeydown) = on_activate(dispatch, Action::Select(Selection::Message(flight.id)));
    html! {
        <g
            {class}
            role="button"
            tabindex={if session.is_playing() { "-1" } else { "0" }}
            aria-label={label}
            transform={at(place)}
            key={flight.id.0}
            {onclick}
            {onkeydown}
        >
            if flight.message.kind().is_reply() {
                <rect class="shape" x="-12" y="-12" width="24" height="24" rx="3" />
            } else {
                <circle class="shape" r="13" />
            }
            <text y="5.5">{ message_sign(flight) }</text>
            if doom.is_some() {
                <path class="strike" d="M-16 16 L16 -16" />
            }
        </g>
    }
}
