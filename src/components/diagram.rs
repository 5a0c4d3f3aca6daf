//! The space-time diagram: a lane for each server, an arrow for each message.

mod arrows;
mod lanes;
mod marks;
mod pointer;
mod present;
mod rows;
mod ruler;
mod scene;
mod shares;
mod traffic;

use std::rc::Rc;

use hustings_lab::{Event as LabEvent, RecordId};
use yew::prelude::*;

pub(super) use self::arrows::{head_to, line_to, sign_to};
pub(super) use self::lanes::{half_height, rank};
use self::pointer::{Place, Target};
pub(super) use self::rows::{Rows, TOP};
use self::scene::{Scene, SceneProps};
pub(super) use self::shares::draw as draw_shares;
use super::controls::{ButtonStyle, sign_button};
use super::glyphs::class_if;
use super::mount::mount;
use super::stage::{num, path};
use super::timeline::{
    Axis, DRAG, Shown, Wheel, Window, capture_pointer, pointer_position, use_wheel,
};
use crate::i18n::texts;
use crate::session::{Action, Selection};

/// The id of the drawing.
const ID: &str = "timeline";

/// What a pointer that is down does when it moves.
#[derive(Clone, Copy)]
enum Held {
    /// It moves the window that was there at first, from this position.
    Window(f64, Window),
    /// It takes the present along.
    Present,
}

/// The diagram.
#[hook]
pub(super) fn use_diagram(shown: &Shown) -> Html {
    let rows = shown.rows;
    let wheel = Wheel {
        id: ID,
        height: rows.height(),
        window: *shown.window,
        view: shown.view,
    };
    let window = shown.window.setter();
    use_wheel(
        &shown.node,
        wheel,
        Callback::from(move |next| window.set(next)),
    );
    let handlers = use_handlers(shown, rows);
    let drawn = SceneProps {
        layout: Rc::clone(&shown.layout),
        key_of: scene::Key::of(shown),
    };
    html! {
        <div class={classes!("diagram", class_if(shown.axis.by_event, "by-event"))}>
            <svg
                ref={shown.node.clone()}
                id={ID}
                class="lanes"
                role="img"
                aria-label={texts().timeline_label()}
                viewBox={path(&[("0 0 ", shown.view.width), (" ", rows.height())])}
                height={num(rows.height())}
                onpointermove={handlers.on_move}
                onpointerdown={handlers.on_down}
                onpointerup={handlers.on_up}
                onpointercancel={handlers.on_leave.clone()}
                onpointerleave={handlers.on_leave}
            >
                <g transform={scene::offset(shown.view)}>
                    { mount::<Scene>(drawn) }
                </g>
                { present::draw(shown, rows) }
            </svg>
            { draw_buttons(shown) }
        </div>
    }
}

struct Handlers {
    on_move: Callback<PointerEvent>,
    on_down: Callback<PointerEvent>,
    on_up: Callback<PointerEvent>,
    on_leave: Callback<PointerEvent>,
}

/// What the pointer does: it points, drags the window or the present, and goes to moments.
#[hook]
fn use_handlers(shown: &Shown, rows: Rows) -> Handlers {
    let held = use_mut_ref(|| None::<Held>);
    let (view, now, window) = (shown.view, shown.now, shown.window.clone());
    let dispatch = shown.page.dispatch.clone();
    let place = move |event: &PointerEvent| {
        let (x, y) = pointer_position(event, ID, rows.height())?;
        Some(Place { x, y, view, rows })
    };
    let target_of = {
        let (run, layout) = (shown.page.run.clone(), Rc::clone(&shown.layout));
        move |place: Place| place.target(&layout.borrow(), &run)
    };
    let go = {
        let (layout, dispatch) = (Rc::clone(&shown.layout), dispatch.clone());
        move |x: f64| {
            let time = layout.borrow().time_at(view.across(x));
            dispatch.dispatch(Action::GoTo(time));
        }
    };
    let on_down = {
        let (held, window, go) = (held.clone(), window.clone(), go.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(place) = place(&event) else {
                return;
            };
            capture_pointer(&event, ID);
            let takes_present = rows.is_ruler(place.y) || place.is_on(now);
            *held.borrow_mut() = Some(if takes_present {
                Held::Present
            } else {
                Held::Window(place.x, *window)
            });
            if rows.is_ruler(place.y) {
                go(place.x);
            }
        })
    };
    let on_move = {
        let (held, window, go) = (held.clone(), window.clone(), go.clone());
        let (target_of, dispatch) = (target_of.clone(), dispatch.clone());
        let hovered = shown.page.session.hovered();
        Callback::from(move |event: PointerEvent| {
            let Some(place) = place(&event) else {
                return;
            };
            match *held.borrow() {
                Some(Held::Present) => go(place.x),
                Some(Held::Window(from, at_first)) => {
                    if (place.x - from).abs() > DRAG {
                        window.set(at_first.moved(from - place.x, view));
                    }
                }
                None => {
                    let found = target_of(place).hover;
                    if found != hovered {
                        dispatch.dispatch(Action::Hover(found));
                    }
                }
            }
        })
    };
    let on_up = {
        let (held, dispatch, axis) = (held.clone(), dispatch.clone(), shown.axis.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(Held::Window(from, _)) = held.borrow_mut().take() else {
                return;
            };
            let Some(place) = place(&event).filter(|it| (it.x - from).abs() <= DRAG) else {
                return;
            };
            match target_of(place) {
                Target {
                    fold: Some(fold), ..
                } => axis.set(opened(&axis, fold)),
                Target {
                    visit: Some(record),
                    ..
                } => dispatch.dispatch(Action::Visit(record)),
                _ => go(place.x),
            }
        })
    };
    let on_leave = Callback::from(move |_: PointerEvent| {
        *held.borrow_mut() = None;
        dispatch.dispatch(Action::Hover(Selection::Nothing));
    });
    Handlers {
        on_move,
        on_down,
        on_up,
        on_leave,
    }
}

/// The axis with one more quiet stretch open.
fn opened(axis: &Axis, first: RecordId) -> Axis {
    let mut opened = (*axis.opened).clone();
    opened.push(first);
    Axis {
        opened: Rc::new(opened),
        ..axis.clone()
    }
}

fn draw_buttons(shown: &Shown) -> Html {
    let (window, view) = (&shown.window, shown.view);
    let set = |next: Window| {
        let window = window.clone();
        Callback::from(move |_: MouseEvent| window.set(next))
    };
    let middle = view.width / 2.0;
    let follow = ButtonStyle {
        name: texts().zoom_follow(),
        hint: texts().zoom_follow(),
        idle: window.follows(),
        ..ButtonStyle::default()
    };
    html! {
        <div class="zoom" role="group" aria-label={texts().zoom()}>
            { draw_axis_buttons(shown) }
            { sign_button("+", texts().zoom_in(), set(window.zoomed(1.6, middle, view))) }
            { sign_button("−", texts().zoom_out(), set(window.zoomed(1.0 / 1.6, middle, view))) }
            { sign_button("↔", texts().zoom_all(), set(Window::whole(shown.edge, view))) }
            { follow.button("⇥", set(window.following())) }
        </div>
    }
}

/// The choice of the axis; by event, quiet stretches can be unfolded.
fn draw_axis_buttons(shown: &Shown) -> Html {
    let axis = &shown.axis;
    let toggle = |on: bool, label: &str, hint: &'static str, next: Axis| {
        let (axis, window) = (axis.clone(), shown.window.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            axis.set(next.clone());
            // A place on one axis is another on the other.
            window.set(window.following());
        });
        html! {
            <button type="button" aria-pressed={if on { "true" } else { "false" }} title={hint} {onclick}>{ label.to_owned() }</button>
        }
    };
    let by_event = Axis {
        by_event: !axis.by_event,
        ..Axis::default()
    };
    let unfolded = Axis {
        by_event: true,
        unfolded: !axis.unfolded,
        ..Axis::default()
    };
    html! {
        <>
            if axis.by_event {
                { toggle(axis.unfolded, texts().unfold(), texts().unfold_hint(), unfolded) }
            }
            { toggle(axis.by_event, texts().by_event(), texts().by_event_hint(), by_event) }
        </>
    }
}

/// The message of an event, if it has one.
pub(super) fn message_of(event: &LabEvent) -> Option<hustings_lab::MessageId> {
    match event {
        LabEvent::Delivered(flight)
        | LabEvent::Lost { flight, .. }
        | LabEvent::Duplicated(flight)
        | LabEvent::Held(flight)
        | LabEvent::Released(flight)
        | LabEvent::Delayed { flight, .. } => Some(flight.id),
        _ => None,
    }
}
