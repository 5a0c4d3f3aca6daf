//! The messages in flight: requests are round, replies square.

use hustings_lab::diagram::sign;
use hustings_lab::{Flight, Loss, narrate};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, term_class};
use super::super::{Dispatch, on_activate, on_click};
use super::geometry::{Ring, at};
use crate::i18n::{lang, texts};
use crate::session::{Action, Selection, Session};

pub(super) fn draw(session: &Session, dispatch: &Dispatch, ring: &Ring) -> Html {
    session
        .run()
        .in_flight()
        .map(|flight| draw_message(session, dispatch, ring, flight))
        .collect()
}

fn draw_message(session: &Session, dispatch: &Dispatch, ring: &Ring, flight: &Flight) -> Html {
    let run = session.run();
    let this = Selection::Message(flight.id);
    html! {
        <g transform={at(ring.flight(flight, session.clock()))} key={flight.id.0}>
            <MessageGlyph
                flight={flight.clone()}
                loss={run.would_be_lost(flight)}
                held={run.is_held(flight.id)}
                selected={session.selected() == this}
                hovered={session.hovered() == this}
                playing={session.is_playing()}
                dispatch={dispatch.clone()}
            />
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct MessageGlyphProps {
    flight: Flight,
    loss: Option<Loss>,
    held: bool,
    selected: bool,
    hovered: bool,
    playing: bool,
    dispatch: Dispatch,
}

/// A message without its position, so that it is not rendered again at every frame.
#[component]
fn MessageGlyph(props: &MessageGlyphProps) -> Html {
    let MessageGlyphProps {
        flight,
        loss,
        held,
        dispatch,
        ..
    } = props;
    let (loss, held) = (*loss, *held);
    let this = Selection::Message(flight.id);
    let class = class_of(&[
        "message",
        term_class(flight.message.term()),
        class_if(loss.is_some(), "undeliverable"),
        class_if(held, "held"),
        class_if(flight.copy_of.is_some(), "copy"),
        class_if(flight.forged, "forged"),
        class_if(props.selected, "selected"),
        class_if(props.hovered, "hovered"),
    ]);
    let label = label(flight, loss, held);
    let hover = |what| on_click::<PointerEvent>(dispatch, Action::Hover(what));
    let (onclick, onkeydown) = on_activate(dispatch, Action::Select(this));
    html! {
        <g
            {class}
            role="button"
            tabindex={if props.playing { "-1" } else { "0" }}
            aria-label={label}
            {onclick}
            {onkeydown}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
        >
            if flight.message.kind().is_reply() {
                <rect class="shape" x="-12" y="-12" width="24" height="24" rx="3" />
            } else {
                <circle class="shape" r="13" />
            }
            <text y="5.5">{ sign(&flight.message) }</text>
            if loss.is_some() {
                <path class="strike" d="M-16 16 L16 -16" />
            }
            if held {
                <path class="bars" d="M-3.5 -27v9 M3.5 -27v9" />
            }
            if flight.forged {
                <path class="forged" d="M-17 -17l7 2 m-7 -2l2 7 M17 17l-7 -2 m7 2l-2 -7" />
            }
        </g>
    }
}

/// The outcome of a message unless something changes: lost, held, or when it arrives.
pub(in super::super) fn outcome(flight: &Flight, loss: Option<Loss>, held: bool) -> String {
    match loss {
        Some(loss) => texts().will_be_lost(narrate::loss(loss, flight, lang())),
        None if held => texts().held().to_owned(),
        None => texts().arrives_at(flight.due_at),
    }
}

/// The text alternative of the drawing.
fn label(flight: &Flight, loss: Option<Loss>, held: bool) -> String {
    let (name, content) = (
        narrate::flight_name(flight, lang()),
        narrate::message(&flight.message, lang()),
    );
    let outcome = outcome(flight, loss, held);
    let forged = if flight.forged { texts().forged() } else { "" };
    let copied = flight.copy_of.map_or("", |_| texts().copied());
    let mut label = texts().message_label(name, content);
    for more in [&*outcome, forged, copied] {
        if !more.is_empty() {
            label = texts().sentences(label, more);
        }
    }
    label
}
