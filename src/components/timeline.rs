//! The space-time diagram: a lane for each server, an arrow for each message.

mod draw;
mod window;

use std::cell::RefMut;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use hustings_lab::diagram::{Arrow, Diagram};
use hustings_lab::{Event as LabEvent, RecordId};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use self::draw::Canvas;
use self::window::Window;
use super::Page;
use super::controls::{ButtonStyle, sign_button};
use super::stage::{num, path};
use crate::browser;
use crate::i18n::texts;
use crate::session::{Action, RunView, Selection};

#[derive(Properties)]
pub(crate) struct TimelineProps {
    pub page: Rc<Page>,
}

impl PartialEq for TimelineProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        self.page.run == other.page.run
            && now.clock() == before.clock()
            && now.selected() == before.selected()
            && now.hovered() == before.hovered()
    }
}

/// The layout of a branch, cached between renders.
#[derive(Default)]
struct Layout {
    of: Option<(u32, usize)>,
    diagram: Diagram,
}

impl Layout {
    fn follow(&mut self, run: &RunView) {
        let is_longer = self.diagram.records() > run.tip().records().len();
        if self.of != Some(run.branch()) || is_longer {
            *self = Self {
                of: Some(run.branch()),
                diagram: Diagram::default(),
            };
        }
        self.diagram.extend(run.tip());
    }
}

/// Distance in pixels within which the pointer selects an item.
const REACH: f64 = 7.0;
/// Distance in pixels from which a pointer movement is a drag.
const DRAG: f64 = 4.0;

/// The diagram, with its own zoom and scroll position.
#[component]
pub(crate) fn Timeline(props: &TimelineProps) -> Html {
    let page = &props.page;
    let layout = use_mut_ref(Layout::default);
    let node = use_node_ref();
    let height = draw::height(page.run.ids().len());
    let width = use_width(&node, height);
    let window = use_state(Window::default);
    let dragged = use_mut_ref(|| None::<(f64, Window)>);
    layout.borrow_mut().follow(&page.run);
    let shared = Rc::clone(&layout);
    let layout = RefMut::map(layout.borrow_mut(), |layout| &mut layout.diagram);
    let canvas = Canvas::new(&layout, page, *window, *width);
    use_wheel(&node, &window, canvas.view, height);

    let target_of = {
        let (run, view) = (page.run.clone(), canvas.view);
        let lanes = run.ids().len();
        move |event: &MouseEvent| {
            let (x, y) = pointer_position(event, height)?;
            let diagram = &shared.borrow().diagram;
            Some(draw::Pointer { x, y, view, lanes }.target(diagram, &run))
        }
    };
    let onpointermove = {
        let (target_of, dragged, window) = (target_of.clone(), dragged.clone(), window.clone());
        let (dispatch, view, hovered) =
            (page.dispatch.clone(), canvas.view, page.session.hovered());
        Callback::from(move |event: PointerEvent| {
            if let Some((from, at_first)) = *dragged.borrow() {
                let moved = pointer_position(&event, height).map_or(0.0, |(x, _)| x - from);
                if moved.abs() > DRAG {
                    window.set(at_first.moved(-moved, view));
                }
                return;
            }
            let found = target_of(&event).map_or(Selection::Nothing, |found| found.hover);
            if found != hovered {
                dispatch.dispatch(Action::Hover(found));
            }
        })
    };
    let onpointerdown = {
        let (dragged, window) = (dragged.clone(), window.clone());
        Callback::from(move |event: PointerEvent| {
            *dragged.borrow_mut() = pointer_position(&event, height).map(|(x, _)| (x, *window));
        })
    };
    let onpointerup = {
        let (dragged, dispatch) = (dragged.clone(), page.dispatch.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((from, _)) = dragged.borrow_mut().take() else {
                return;
            };
            let stayed =
                pointer_position(&event, height).is_some_and(|(x, _)| (x - from).abs() <= DRAG);
            let record = target_of(&event).and_then(|found| found.visit);
            if let Some(record) = record.filter(|_| stayed) {
                dispatch.dispatch(Action::Visit(record));
            }
        })
    };
    let onpointerleave = {
        let dispatch = page.dispatch.clone();
        Callback::from(move |_: PointerEvent| {
            *dragged.borrow_mut() = None;
            dispatch.dispatch(Action::Hover(Selection::Nothing));
        })
    };
    html! {
        <div id="diagram" class="timeline" tabindex="-1" data-region="">
            <svg
                ref={node}
                id="timeline"
                role="img"
                aria-label={texts().timeline_label()}
                viewBox={path(&[("0 0 ", *width), (" ", height)])}
                height={num(height)}
                {onpointermove}
                {onpointerdown}
                {onpointerup}
                {onpointerleave}
            >
                { canvas.draw() }
            </svg>
            { draw_buttons(&window, canvas.view, layout.width()) }
        </div>
    }
}

fn draw_buttons(
    window: &UseStateHandle<Window>,
    view: window::View,
    whole: hustings_lab::diagram::DiagramX,
) -> Html {
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
            { sign_button("+", texts().zoom_in(), set(window.zoomed(1.6, middle, view))) }
            { sign_button("−", texts().zoom_out(), set(window.zoomed(1.0 / 1.6, middle, view))) }
            { sign_button("↔", texts().zoom_all(), set(Window::whole(whole, view))) }
            { follow.button("⇥", set(window.following())) }
        </div>
    }
}

/// What the pointer is on.
struct Target {
    hover: Selection,
    visit: Option<RecordId>,
}

/// The record in which a message arrived or was lost; in flight, that of its sending.
fn record_of(arrow: &Arrow) -> RecordId {
    use hustings_lab::diagram::ArrowEnd;
    match arrow.end {
        ArrowEnd::Arrived(record) | ArrowEnd::Lost(record, _) => record,
        ArrowEnd::UnderWay => arrow.sent,
    }
}

/// The pointer's position in the drawing.
fn pointer_position(event: &MouseEvent, height: f64) -> Option<(f64, f64)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let drawing = target.closest("#timeline").ok()??;
    let shown = drawing.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - shown.left();
    let y = f64::from(event.client_y()) - shown.top();
    // The style sheet may scale the drawing.
    let scale = height / shown.height();
    Some((x * scale, y * scale))
}

/// The width of a drawing of this height; measured again when the window is resized.
#[hook]
fn use_width(node: &NodeRef, height: f64) -> UseStateHandle<f64> {
    let width = use_state_eq(|| 1_000.0);
    let (node, measured) = (node.clone(), width.clone());
    use_effect_with(height as u32, move |_| {
        let measure = move || {
            let shown = node
                .cast::<Element>()
                .map(|it| it.get_bounding_client_rect());
            // An element that is not displayed has no size.
            if let Some(shown) = shown.filter(|shown| shown.height() > 0.0) {
                measured.set(shown.width() * height / shown.height());
            }
        };
        measure();
        let listener = browser::window()
            .map(|window| EventListener::new(&window, "resize", move |_| measure()));
        move || drop(listener)
    });
    width
}

/// The wheel zooms around the pointer, or scrolls sideways.
#[hook]
fn use_wheel(node: &NodeRef, window: &UseStateHandle<Window>, view: window::View, height: f64) {
    let latest = use_mut_ref(|| (window.clone(), view, height));
    *latest.borrow_mut() = (window.clone(), view, height);
    let node = node.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = node.cast::<Element>().map(|element| {
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                let Some(wheel) = event.dyn_ref::<WheelEvent>() else {
                    return;
                };
                let (window, view, height) = latest.borrow().clone();
                let Some((x, _)) = pointer_position(wheel, height) else {
                    return;
                };
                wheel.prevent_default();
                let sideways = wheel.delta_x() != 0.0 || wheel.shift_key();
                let next = if sideways {
                    window.moved(wheel.delta_x() + wheel.delta_y(), view)
                } else {
                    let closer = if wheel.delta_y() < 0.0 { 1.25 } else { 0.8 };
                    window.zoomed(closer, x, view)
                };
                window.set(next);
            })
        });
        move || drop(listener)
    });
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
