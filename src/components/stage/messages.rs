//! The messages in flight: requests are round, replies square, heartbeats small dots.

use hustings_lab::diagram::sign;
use hustings_lab::{Flight, Loss, narrate};
use hustings_raft::Message;
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, term_class};
use super::super::mount::mount;
use super::super::{Dispatch, MENU, Page, on_activate, on_click};
use super::point::{at, num};
use super::scene::Scene;
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::session::{Action, Selection};

/// The messages in flight.
pub(super) fn draw(page: &Page, scene: &Scene) -> Html {
    page.run
        .in_flight()
        .enumerate()
        .map(|(place, flight)| draw_message(page, scene, flight, place == 0))
        .collect()
}

fn draw_message(page: &Page, scene: &Scene, flight: &Flight, is_first: bool) -> Html {
    let (session, run) = (&page.session, &page.run);
    let this = Selection::Message(flight.id);
    let (start, end) = scene.lane(flight.link);
    let here = scene.flight(flight, session.clock());
    let trail = start.towards(end) * -TRAIL.min((here - start).length());
    let glyph = MessageGlyphProps {
        flight: flight.clone(),
        loss: run.would_be_lost(flight),
        held: run.is_held(flight.id),
        selected: session.selected() == this,
        hovered: session.hovered() == this,
        // A message that moves is no stop.
        is_stop: is_first && !session.is_playing(),
        dispatch: page.dispatch.clone(),
    };
    html! {
        <g transform={at(here)} key={flight.id.0}>
            <line class={class_of(&["trail", term_class(flight.message.term())])} x2={num(trail.x)} y2={num(trail.y)} />
            { mount::<MessageGlyph>(glyph) }
        </g>
    }
}

/// The length of a message's trail, in units of the drawing.
const TRAIL: f64 = 46.0;

#[derive(Properties, PartialEq)]
struct MessageGlyphProps {
    flight: Flight,
    loss: Option<Loss>,
    held: bool,
    selected: bool,
    hovered: bool,
    is_stop: bool,
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
    let shape = Shape::of(&flight.message);
    let class = class_of(&[
        "message",
        shape.class(),
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
    let (onclick, onkeydown) = on_activate(dispatch, Action::Select(this), Some(MENU));
    html! {
        <g
            {class}
            role="button"
            tabindex={if props.is_stop { "0" } else { "-1" }}
            aria-label={label}
            {onclick}
            {onkeydown}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
        >
            <circle class="hit" r="20" />
            { shape.draw() }
            if shape != Shape::Heartbeat {
                <text y="6">{ sign(&flight.message) }</text>
            }
            if loss.is_some() {
                <path class="strike" d="M-19 19 L19 -19" />
            }
            if held {
                <path class="bars" d="M-4 -33v11 M4 -33v11" />
            }
            if flight.forged {
                <path class="forged" d="M-20 -20l8 2 m-8 -2l2 8 M20 20l-8 -2 m8 2l-2 -8" />
            }
        </g>
    }
}

/// How a kind of message looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A request without entries: a small dot.
    Heartbeat,
    /// Any other request: round.
    Request,
    /// Square.
    Reply,
}

impl Shape {
    fn of(message: &Message) -> Self {
        match message {
            Message::AppendEntries { entries, .. } if entries.is_empty() => Self::Heartbeat,
            _ if message.kind().is_reply() => Self::Reply,
            _ => Self::Request,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Heartbeat => "heartbeat",
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }

    fn draw(self) -> Html {
        match self {
            Self::Heartbeat => html! { <circle class="shape" r="8" /> },
            Self::Request => html! { <circle class="shape" r="16" /> },
            Self::Reply => {
                html! { <rect class="shape" x="-13" y="-13" width="26" height="26" rx="4" /> }
            }
        }
    }
}

/// The outcome of a message unless something changes: lost, held, or when it arrives.
pub(in super::super) fn outcome(flight: &Flight, loss: Option<Loss>, held: bool) -> String {
    match loss {
        Some(loss) => texts().will_be_lost(narrate::loss(loss, flight, lang())),
        None if held => texts().held().to_owned(),
        None => texts().arrives_at(moment(flight.due_at)),
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
